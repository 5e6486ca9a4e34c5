//! Which arm does chance give this customer? Reproducible bucketing, equal to GrowthBook's hash version 2.

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
}
