//! Which arm does chance give this customer? Reproducible bucketing, equal to GrowthBook's: hash version 2 for arms and
//! groups that are left alone, version 1 for namespaces only (its tests are correlated with one another).

/// Buckets run from 0 to 9,999: one is one basis point.
pub const BUCKETS: u32 = 10_000;

/// The bucket of `value` under `seed`: FNV-1a (32 bit) over the UTF-16 code units of `seed + value`, written in
/// decimal and hashed again, modulo 10,000. This is hash version 2 of the GrowthBook SDK specification.
///
/// ```
/// assert_eq!(zugabe::bucket::bucket("dankeschoen", "Müller"), 8457);
/// ```
#[must_use]
pub fn bucket(seed: &str, value: &str) -> u32 {
    let first = fnv1a(seed.encode_utf16().chain(value.encode_utf16()));
    fnv1a(first.to_string().encode_utf16()) % BUCKETS
}

/// Equal shares of 10,000; they sum to it.
#[must_use]
pub fn equal_weights(arms: u32) -> Vec<u32> {
    let end = |arm: u32| u64::from(arm) * u64::from(BUCKETS) / u64::from(arms.max(1));
    (0..arms).map(|arm| u32::try_from(end(arm + 1) - end(arm)).unwrap_or(0)).collect()
}

/// The half-open range of buckets of each arm: its weight, of which only `coverage_bp` is used. Weights that are not one
/// for each arm, or do not sum to 10,000 within 100, are taken as equal.
#[must_use]
pub fn ranges(arms: u32, coverage_bp: i64, weights: Option<&[u32]>) -> Vec<(u32, u32)> {
    let fits = |weights: &&[u32]| {
        let sum: u64 = weights.iter().map(|weight| u64::from(*weight)).sum();
        weights.len() == arms as usize && (9_900..=10_100).contains(&sum)
    };
    let weights = weights.filter(fits).map_or_else(|| equal_weights(arms), <[u32]>::to_vec);
    let coverage = u64::try_from(coverage_bp.clamp(0, i64::from(BUCKETS))).unwrap_or(0);
    let mut start = 0;
    weights
        .into_iter()
        .map(|weight| {
            let from = start;
            start += weight;
            (from, from + u32::try_from(u64::from(weight) * coverage / u64::from(BUCKETS)).unwrap_or(0))
        })
        .collect()
}

/// The arm whose range holds a bucket, if any does.
#[must_use]
pub fn arm(n: u32, ranges: &[(u32, u32)]) -> Option<usize> {
    ranges.iter().position(|(from, to)| (*from..*to).contains(&n))
}

/// Whether a value falls into a part of a namespace, both ends in basis points, the upper one not included: experiments
/// that share no customer. Hash version 1, in thousandths.
#[must_use]
pub fn in_namespace(namespace: &str, value: &str, from: u32, to: u32) -> bool {
    (from..to).contains(&(thousandth(&format!("__{namespace}"), value) * 10))
}

/// Hash version 1: 0 to 999. For namespaces and for reading what GrowthBook wrote; arms use [`bucket`].
#[must_use]
pub fn thousandth(seed: &str, value: &str) -> u32 {
    fnv1a(value.encode_utf16().chain(seed.encode_utf16())) % 1000
}

fn fnv1a(units: impl Iterator<Item = u16>) -> u32 {
    units.fold(0x811c_9dc5, |hash, unit| (hash ^ u32::from(unit)).wrapping_mul(0x0100_0193))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_outside_ascii_are_hashed_as_utf16_code_units() {
        for (value, expected) in
            [("Müller", 8457), ("kundin-ß-42", 3834), ("straße", 9938), ("Ana Núñez", 826), ("😀-1", 5286)]
        {
            assert_eq!(bucket("dankeschoen", value), expected, "{value}");
        }
    }

    #[test]
    fn arms_hold_what_their_weights_say() {
        let ranges = ranges(3, 10_000, Some(&[2000, 3000, 5000]));
        let mut counts = [0_u32; 3];
        for customer in 0..10_000 {
            counts[arm(bucket("arms", &format!("c_{customer}")), &ranges).unwrap()] += 1;
        }
        for (count, expected) in counts.into_iter().zip([2000, 3000, 5000]) {
            assert!(count.abs_diff(expected) < 150, "{counts:?}");
        }
        assert_eq!(equal_weights(3).iter().sum::<u32>(), BUCKETS);
        assert_eq!(arm(9_999, &super::ranges(2, 5000, None)), None);
    }
}
