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
    let divide = divider(total.unsigned_abs(), sum, weights.iter().max().copied().unwrap_or(0));
    let mut cut = vec![0; weights.len()];
    let mut left = total;
    for (index, weight) in weights.iter().enumerate() {
        let (quotient, rest) = divide(*weight);
        let limit = limits[index].max(0);
        parts[index] = Minor::try_from(quotient).unwrap_or(Minor::MAX).min(limit);
        left -= parts[index];
        // What was cut off a line that can take one more.
        cut[index] = if parts[index] < limit { rest } else { 0 };
    }
    match remainder {
        Remainder::Largest => {
            left -= one_more(&mut parts, &cut, left, |index| (Reverse(weights[index]), rank[index]));
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

/// Divides `whole * weight` by `sum`, for weights up to `largest`: quotient and rest.
fn divider(whole: u64, sum: u128, largest: u128) -> impl Fn(u128) -> (u128, u128) {
    // Most carts fit into 64 bits, where a division costs a tenth.
    let fits = u128::from(whole).checked_mul(largest).is_some_and(|product| u64::try_from(product).is_ok());
    let narrow = u64::try_from(sum).ok().filter(|_| fits);
    move |weight| match narrow {
        Some(sum) => {
            let product = whole * weight as u64;
            (u128::from(product / sum), u128::from(product % sum))
        }
        None => {
            let product = u128::from(whole) * weight;
            (product / sum, product % sum)
        }
    }
}

/// Gives one more to the lines that were cut the most, `left` of them at most; among equal ones the lowest `tie` comes
/// first. Gives how many got one.
fn one_more<K: Ord>(parts: &mut [Minor], cut: &[u128], left: Minor, tie: impl Fn(usize) -> K) -> Minor {
    let count = usize::try_from(left).unwrap_or(0);
    // The first cut that may get nothing: who was cut more gets one, so that nothing has to be sorted but ties.
    let mut sorted = cut.to_vec();
    let bar = if count < cut.len() { *sorted.select_nth_unstable_by(count, |a, b| b.cmp(a)).1 } else { 0 };
    let mut given = 0;
    let mut ties = Vec::new();
    for (index, cut) in cut.iter().enumerate() {
        if *cut > bar {
            parts[index] += 1;
            given += 1;
        } else if *cut == bar && bar > 0 {
            ties.push(index);
        }
    }
    ties.sort_unstable_by_key(|index| tie(*index));
    for index in ties.into_iter().take(count - given) {
        parts[index] += 1;
        given += 1;
    }
    given as Minor
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
