//! How is an amount divided among lines so that the parts are the whole?

use core::cmp::Reverse;

use super::rounding::Remainder;
use crate::money::Minor;

/// Divides `total` in proportion to `weights`, no part above its limit. The parts sum to `total` exactly, provided
/// that the limits together hold it (otherwise they sum to the limits).
///
/// `rank` breaks ties of [`Remainder::Largest`] (lower first); give lines the rank of their id, and the order of lines
/// has no influence. Negative numbers are taken as zero.
///
/// ```
/// use zugabe::price::{Remainder, allocate};
/// let parts = allocate(1000, &[1, 1, 1], &[1000; 3], &[0, 1, 2], Remainder::Largest);
/// assert_eq!(parts, [334, 333, 333]);
/// ```
#[must_use]
pub fn allocate(total: Minor, weights: &[u128], limits: &[Minor], rank: &[u32], remainder: Remainder) -> Vec<Minor> {
    let sum: u128 = weights.iter().sum();
    let mut parts = vec![0; weights.len()];
    if sum == 0 || total <= 0 {
        return parts;
    }
    let whole = u128::from(total.unsigned_abs());
    let mut cut = vec![0; weights.len()];
    let mut left = total;
    // Most carts fit into 64 bits, where a division costs a tenth.
    let largest = weights.iter().max().copied().unwrap_or(0);
    let narrow =
        u64::try_from(sum).ok().filter(|_| whole.checked_mul(largest).is_some_and(|p| u64::try_from(p).is_ok()));
    let divide = |weight: u128| match narrow {
        Some(sum) => {
            let product = whole as u64 * weight as u64;
            (u128::from(product / sum), u128::from(product % sum))
        }
        None => (whole * weight / sum, whole * weight % sum),
    };
    for (index, weight) in weights.iter().enumerate() {
        let (quotient, rest) = divide(*weight);
        cut[index] = rest;
        parts[index] = Minor::try_from(quotient).unwrap_or(Minor::MAX).min(limits[index].max(0));
        left -= parts[index];
    }
    match remainder {
        Remainder::Largest => {
            let open = (0..parts.len()).filter(|i| parts[*i] < limits[*i] && cut[*i] > 0);
            let count = usize::try_from(left).unwrap_or(usize::MAX);
            let chosen = if narrow.is_some() {
                first(open.map(|i| (Reverse((cut[i] as u64, weights[i] as u64)), rank[i], i)).collect(), count)
            } else {
                first(open.map(|i| (Reverse((cut[i], weights[i])), rank[i], i)).collect(), count)
            };
            for index in chosen {
                parts[index] += 1;
                left -= 1;
            }
            // Only limits that cut into the shares leave anything here.
            let mut by_rank: Vec<usize> = if left > 0 { (0..parts.len()).collect() } else { Vec::new() };
            by_rank.sort_by_key(|i| rank[*i]);
            fill(&mut parts, limits, by_rank.into_iter(), left);
        }
        Remainder::First => fill(&mut parts, limits, 0..weights.len(), left),
        Remainder::Last => fill(&mut parts, limits, (0..weights.len()).rev(), left),
    }
    parts
}

/// The indices of the `count` first keys, in any order.
fn first<K: Ord>(mut keys: Vec<(K, u32, usize)>, count: usize) -> Vec<usize> {
    let count = count.min(keys.len());
    if count > 0 && count < keys.len() {
        keys.select_nth_unstable(count - 1);
    }
    keys.into_iter().take(count).map(|(_, _, index)| index).collect()
}

fn fill(parts: &mut [Minor], limits: &[Minor], order: impl Iterator<Item = usize>, mut left: Minor) {
    for index in order {
        if left <= 0 {
            break;
        }
        let more = left.min(limits[index] - parts[index]).max(0);
        parts[index] += more;
        left -= more;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_is_left_goes_where_the_method_says() {
        let parts = |remainder| allocate(1000, &[1, 1, 1], &[1000; 3], &[0, 1, 2], remainder);
        assert_eq!(parts(Remainder::Largest), [334, 333, 333]);
        assert_eq!(parts(Remainder::First), [334, 333, 333]);
        assert_eq!(parts(Remainder::Last), [333, 333, 334]);
        let uneven = |remainder| allocate(100, &[10, 25, 30], &[1000; 3], &[0, 1, 2], remainder);
        // Exactly 15.38, 38.46, 46.15.
        assert_eq!(uneven(Remainder::Largest), [15, 39, 46]);
        assert_eq!(uneven(Remainder::First), [16, 38, 46]);
        assert_eq!(uneven(Remainder::Last), [15, 38, 47]);
    }

    #[test]
    fn a_full_line_passes_what_is_left_on() {
        assert_eq!(allocate(10, &[1, 1, 1], &[3, 3, 9], &[0, 1, 2], Remainder::First), [3, 3, 4]);
        assert_eq!(allocate(12, &[5, 1], &[4, 20], &[0, 1], Remainder::Largest), [4, 8]);
        assert_eq!(allocate(12, &[1, 1], &[4, 5], &[0, 1], Remainder::Last), [4, 5], "the limits hold only nine");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn the_parts_are_the_whole_and_no_part_is_more_than_its_weight(
            weights in proptest::collection::vec(0_i64..1 << 53, 1..20),
            share in 0_i128..=1000,
            remainder in prop::sample::select(vec![Remainder::Largest, Remainder::First, Remainder::Last]),
        ) {
            let sum: i128 = weights.iter().map(|w| i128::from(*w)).sum();
            let total = (sum * share / 1000).min(1 << 53) as i64;
            let rank: Vec<u32> = (0..weights.len() as u32).collect();
            let wide: Vec<u128> = weights.iter().map(|w| *w as u128).collect();
            let parts = allocate(total, &wide, &weights, &rank, remainder);
            prop_assert_eq!(parts.iter().sum::<i64>(), total);
            for (part, weight) in parts.iter().zip(&weights) {
                prop_assert!((0..=*weight).contains(part));
            }
            if remainder == Remainder::Largest {
                for (part, weight) in parts.iter().zip(&weights) {
                    let exact = i128::from(total) * i128::from(*weight);
                    prop_assert!((i128::from(*part) * sum - exact).abs() < sum.max(1), "off by one or more");
                }
            }
        }
    }
}
