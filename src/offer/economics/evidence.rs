//! What do we expect before a shop has counted for itself? Published figures, shrunk, and how own counts replace them.

use super::exact::rounded;
use crate::money::div_round;
use crate::offer::words::Channel;

/// How many issues of one's own outweigh a published rate: a Beta prior of this weight.
pub const WEIGHT: u32 = 200;

/// How many customers' reorders outweigh the shop's own rate over all order numbers.
pub const REORDER_WEIGHT: u32 = 20;

/// Of 10,000 who get a voucher, how many redeem it: checkout page 7 %, parcel insert 5 %, e-mail and others 3 %.
/// Judgement, bracketed by published ranges: electronic hand-out at checkout 7.4 to 8.5 % (NCH, H1 2012), hand-outs
/// 4.0 to 4.2 % and direct mail 4.8 to 6.8 % (Supermarket News 1994), mailings with voucher to existing online
/// customers up to 5.4 % (CMC Print-Mailing-Studie 2024). No published rate of parcel inserts was found.
#[must_use]
pub const fn redemption_bp(channel: Channel) -> u32 {
    match channel {
        Channel::Page => 700,
        Channel::Parcel => 500,
        _ => 300,
    }
}

/// By how much a gift raises the share who buy, relative to it, in basis points: half of what Falk, *Gift Exchange in
/// the Field*, Econometrica 75(5), 2007, found for a small gift (17 %) and a large one (75 %) with donors.
pub const SMALL_GIFT_BP: i64 = 850;
/// See [`SMALL_GIFT_BP`].
pub const LARGE_GIFT_BP: i64 = 3750;
/// Something to read is taken for half of a small gift. No published figure was found.
pub const CONTENT_BP: i64 = 425;

/// Of those who redeem and would not have come by themselves, how many we believe in: half, as with gifts.
pub const SHRINK_BP: i64 = 5000;

/// What nobody has counted: of 100 buyers, 20 order again.
pub const REORDER_BP: i64 = 2000;
/// What nobody has counted: of 100 who have not bought yet, 3 do.
pub const FIRST_ORDER_BP: i64 = 300;

/// A rate from own counts and a prior: (weight x prior + hits) / (weight + trials), in basis points.
#[must_use]
pub fn shrunk_bp(prior_bp: i64, weight: u32, hits: u32, trials: u32) -> i64 {
    let trials_all = i128::from(weight) + i128::from(trials);
    let sum = i128::from(weight) * i128::from(prior_bp) + i128::from(hits.min(trials)) * 10_000;
    i64::try_from(div_round(sum, trials_all)).unwrap_or(prior_bp)
}

/// A difference of two rates from own counts, drawn towards the prior by the smaller group's size.
#[must_use]
pub fn shrunk_uplift_bp(prior_bp: i64, with: (u32, u32), without: (u32, u32)) -> i64 {
    let trials = with.1.min(without.1);
    if trials == 0 {
        return prior_bp;
    }
    let rate = |(hits, trials): (u32, u32)| div_round(i128::from(hits.min(trials)) * 10_000, i128::from(trials));
    let seen = rate(with) - rate(without);
    let sum = i128::from(WEIGHT) * i128::from(prior_bp) + i128::from(trials) * seen;
    i64::try_from(div_round(sum, i128::from(WEIGHT) + i128::from(trials))).unwrap_or(prior_bp)
}

/// (z for 5 % two-sided + z for power 80 %)^2 times 10^9.
const CERTAINTY: i128 = 7_848_879_734;

/// Customers each of two equal groups needs before a difference of two rates shows, at 5 % two-sided and a power of
/// 80 % (unpooled normal approximation; Fleiss, *Statistical Methods for Rates and Proportions*). `None` when there is
/// no difference to show.
#[must_use]
pub fn customers_per_group(one_bp: i64, other_bp: i64) -> Option<i64> {
    needed(one_bp, other_bp, 5000).map(|all| (all + 1) / 2)
}

/// Customers in both groups together when one of them is the holdout of `holdout_bp`. `None` when there is no
/// difference to show, or no group.
#[must_use]
pub fn customers_for_holdout(with_bp: i64, without_bp: i64, holdout_bp: u32) -> Option<i64> {
    needed(with_bp, without_bp, i64::from(holdout_bp))
}

fn needed(with_bp: i64, without_bp: i64, holdout_bp: i64) -> Option<i64> {
    let spread = |bp: i64| i128::from(bp.clamp(0, 10_000)) * i128::from(10_000 - bp.clamp(0, 10_000));
    let (held, rest) = (i128::from(holdout_bp), i128::from(10_000 - holdout_bp));
    let difference = i128::from(with_bp.clamp(0, 10_000) - without_bp.clamp(0, 10_000));
    if held <= 0 || rest <= 0 || difference == 0 {
        return None;
    }
    // z^2 (p1 q1 / rest + p2 q2 / held) / difference^2, rounded up.
    let numerator = CERTAINTY * 10_000 * (spread(with_bp) * held + spread(without_bp) * rest);
    let divisor = held * rest * difference * difference * 1_000_000_000;
    rounded(Some((numerator + divisor - 1) / divisor), 1).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn fixture_4_8_customers_per_group() {
        for (one, other, each) in [(500, 600, 8155), (200, 300, 3823), (2000, 2340, 2304), (2000, 2500, 1091)] {
            assert_eq!(customers_per_group(one, other), Some(each));
        }
        assert_eq!(customers_per_group(2000, 2000), None);
    }

    #[test]
    fn a_small_holdout_needs_more_customers_than_halves() {
        let halves = customers_for_holdout(2500, 2000, 5000).unwrap();
        assert!((2180..=2182).contains(&halves));
        assert!(customers_for_holdout(2500, 2000, 1000).unwrap() > 2 * halves);
        assert_eq!(customers_for_holdout(2500, 2000, 0), None);
        assert_eq!(customers_for_holdout(2500, 2000, 10_000), None);
    }

    #[test]
    fn own_counts_replace_the_prior_after_a_few_hundred_issues() {
        assert_eq!(shrunk_bp(500, WEIGHT, 0, 0), 500);
        assert_eq!(shrunk_bp(500, WEIGHT, 30, 200), 1000);
        assert_eq!(shrunk_bp(500, WEIGHT, 3000, 20_000), 1490);
        assert_eq!(shrunk_uplift_bp(100, (0, 0), (10, 50)), 100);
        assert_eq!(shrunk_uplift_bp(100, (60, 200), (40, 200)), 550);
        // Contact can do harm, and counts may say so.
        assert_eq!(shrunk_uplift_bp(100, (20, 200), (60, 200)), -950);
    }

    proptest! {
        #[test]
        fn a_shrunk_rate_lies_between_prior_and_counts(prior in 0_i64..=10_000, hits in 0_u32..500, more in 0_u32..500) {
            let trials = hits + more;
            let seen = if trials == 0 { prior } else { i64::from(hits) * 10_000 / i64::from(trials) };
            let shrunk = shrunk_bp(prior, WEIGHT, hits, trials);
            prop_assert!(shrunk >= prior.min(seen) - 1 && shrunk <= prior.max(seen + 1) + 1);
        }
    }
}
