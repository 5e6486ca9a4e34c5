//! Does an offer earn more than it costs? Expected incremental profit with issue and redemption cost apart.
//!
//! With p0 buyers without and p0 + u with the offer, margin m, issue cost c_i, redemption cost c_r and the share rho of
//! buyers who redeem: EIP = (p0 + u)(m - rho c_r) - p0 m - c_i = u m - (p0 + u) rho c_r - c_i. It is zero at
//! u* = (p0 rho c_r + c_i) / (m - rho c_r). The two kinds of cost are those of Zhao & Harinen, *Uplift Modeling for
//! Multiple Treatments with Cost Optimization*, 2019 (arXiv 1908.05372).

use super::exact::{WHOLE, rounded};
use crate::money::Minor;
use crate::reject::Result;

/// One offer to one customer. Rates in basis points, amounts in minor units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Offer {
    /// Of 10,000, how many buy without it: p0.
    pub base_bp: i64,
    /// How many more buy with it: u. May be negative: some customers are better left alone.
    pub uplift_bp: i64,
    /// Of those who buy, how many redeem it: rho.
    pub redeem_bp: i64,
    /// What an order leaves over: m.
    pub margin: Minor,
    /// What one costs, whether it is used or not: c_i.
    pub issue_cost: Minor,
    /// What one costs when it is redeemed: c_r.
    pub redemption_cost: Minor,
}

/// How much more has to be bought for an offer to pay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BreakEven {
    /// This many more of 10,000, rounded half away from zero.
    At(i64),
    /// Never: redeeming costs all that an order leaves over.
    Never,
}

impl Offer {
    /// Buyers with the offer, of 10,000: never less than none or more than all.
    #[must_use]
    pub fn buyers_bp(&self) -> i64 {
        (self.base_bp.saturating_add(self.uplift_bp)).clamp(0, 10_000)
    }

    /// Expected incremental profit.
    ///
    /// # Errors
    /// `out_of_range` for amounts that are too large.
    pub fn profit(&self) -> Result<Minor> {
        let earned = product(&[self.uplift_bp, self.margin, 10_000]);
        let redeemed = product(&[self.buyers_bp(), self.redeem_bp, self.redemption_cost]);
        let issued = product(&[self.issue_cost, 10_000, 10_000]);
        rounded(earned.zip(redeemed).zip(issued).map(|((e, r), i)| e - r - i), WHOLE * WHOLE)
    }

    /// What the additional buyers bring before any cost: u m.
    ///
    /// # Errors
    /// As [`Offer::profit`].
    pub fn gross(&self) -> Result<Minor> {
        rounded(product(&[self.uplift_bp, self.margin]), WHOLE)
    }

    /// What it is expected to cost: c_i + (p0 + u) rho c_r.
    ///
    /// # Errors
    /// As [`Offer::profit`].
    pub fn cost(&self) -> Result<Minor> {
        let redeemed = product(&[self.buyers_bp(), self.redeem_bp, self.redemption_cost]);
        rounded(redeemed.and_then(|r| Some(r + product(&[self.issue_cost, 10_000, 10_000])?)), WHOLE * WHOLE)
    }

    /// The part of it that goes to those who would have bought anyway: p0 rho c_r.
    ///
    /// # Errors
    /// As [`Offer::profit`].
    pub fn cannibalised(&self) -> Result<Minor> {
        rounded(product(&[self.base_bp, self.redeem_bp, self.redemption_cost]), WHOLE * WHOLE)
    }

    /// The uplift from which on it pays.
    ///
    /// # Errors
    /// As [`Offer::profit`].
    pub fn break_even(&self) -> Result<BreakEven> {
        let left = product(&[self.margin, 10_000])
            .zip(product(&[self.redeem_bp, self.redemption_cost]))
            .map(|(margin, redeemed)| margin - redeemed);
        if left.is_some_and(|left| left <= 0) {
            return Ok(BreakEven::Never);
        }
        let needed = product(&[self.base_bp, self.redeem_bp, self.redemption_cost])
            .and_then(|lost| Some(lost + product(&[self.issue_cost, 10_000, 10_000])?));
        rounded(needed.filter(|_| left.is_some()), left.unwrap_or(0)).map(BreakEven::At)
    }

    /// The largest issue cost that still pays: u m - (p0 + u) rho c_r, never below zero.
    ///
    /// # Errors
    /// As [`Offer::profit`].
    pub fn affordable_gift(&self) -> Result<Minor> {
        Self { issue_cost: 0, ..*self }.profit().map(|most| most.max(0))
    }

    /// The largest redemption cost that still pays: (u m - c_i) / ((p0 + u) rho), never below zero; `None` when nobody
    /// redeems.
    ///
    /// # Errors
    /// As [`Offer::profit`].
    pub fn affordable_voucher(&self) -> Result<Option<Minor>> {
        let redeemed = i128::from(self.buyers_bp()) * i128::from(self.redeem_bp);
        if redeemed <= 0 {
            return Ok(None);
        }
        let spare = product(&[self.uplift_bp, self.margin, 10_000])
            .and_then(|earned| Some(earned - product(&[self.issue_cost, 10_000, 10_000])?));
        rounded(spare, redeemed).map(|most| Some(most.max(0)))
    }
}

fn product(factors: &[i64]) -> Option<i128> {
    factors.iter().try_fold(1_i128, |product, factor| product.checked_mul(i128::from(*factor)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// p0 0.20, m 20 euro.
    fn offer(uplift_bp: i64, issue_cost: Minor, redemption_cost: Minor, redeem_bp: i64) -> Offer {
        Offer { base_bp: 2000, uplift_bp, redeem_bp, margin: 2000, issue_cost, redemption_cost }
    }

    #[test]
    fn fixture_4_3_expected_incremental_profit_and_break_even() {
        for (offer, profit, break_even) in [
            (offer(500, 8, 500, 10_000), -33, 720),
            (offer(900, 8, 500, 6000), 85, 400),
            (offer(340, 120, 0, 0), -52, 600),
            (offer(1500, 250, 0, 0), 50, 1250),
            (offer(100, 2, 0, 0), 18, 10),
            (offer(-100, 2, 0, 0), -22, 10),
        ] {
            assert_eq!(offer.profit().unwrap(), profit, "{offer:?}");
            assert_eq!(offer.break_even().unwrap(), BreakEven::At(break_even), "{offer:?}");
        }
    }

    #[test]
    fn fixture_4_3_the_first_row_split_and_what_could_be_afforded() {
        let voucher = offer(500, 8, 500, 10_000);
        assert_eq!(voucher.cannibalised().unwrap(), 100);
        // Additional buyers, each with the margin that the voucher leaves: 0.05 x 15.
        assert_eq!(voucher.gross().unwrap() - 500 * 500 / 10_000, 75);
        assert_eq!(voucher.cost().unwrap(), 8 + 125);
        assert_eq!(offer(340, 0, 0, 0).affordable_gift().unwrap(), 68);
        assert_eq!(offer(900, 8, 500, 6000).affordable_voucher().unwrap(), Some(989));
        assert_eq!(offer(900, 8, 0, 0).affordable_voucher().unwrap(), None);
    }

    #[test]
    fn both_naive_readings_are_wrong_where_ours_is_right() {
        for (uplift, redeem, naive_a, naive_b, profit) in [(500, 10_000, -408, 92, -33), (900, 6000, -328, 172, 85)] {
            let voucher = offer(uplift, 8, 500, redeem);
            let gross = voucher.gross().unwrap();
            assert_eq!((gross - 508, gross - 8, voucher.profit().unwrap()), (naive_a, naive_b, profit));
        }
    }

    #[test]
    fn a_voucher_worth_all_of_the_margin_never_pays() {
        assert_eq!(offer(500, 8, 2000, 10_000).break_even().unwrap(), BreakEven::Never);
        assert_eq!(offer(500, 8, 4000, 5000).break_even().unwrap(), BreakEven::Never);
    }

    #[test]
    fn amounts_that_are_too_large_are_refused() {
        let huge = Offer {
            margin: Minor::MAX,
            uplift_bp: 10_000,
            redemption_cost: Minor::MAX,
            redeem_bp: 10_000,
            ..Offer::default()
        };
        assert!(huge.gross().is_err() && huge.cost().is_err());
        assert!(Offer { redemption_cost: 0, ..huge }.profit().is_err());
    }

    proptest! {
        #[test]
        fn at_break_even_the_profit_is_nothing_but_rounding(
            base_bp in 0_i64..9000, redeem_bp in 0_i64..=10_000, margin in 100_i64..20_000,
            issue_cost in 0_i64..500, redemption_cost in 0_i64..2000,
        ) {
            let offer = Offer { base_bp, uplift_bp: 0, redeem_bp, margin, issue_cost, redemption_cost };
            if let BreakEven::At(uplift_bp) = offer.break_even().unwrap()
                && uplift_bp + base_bp <= 10_000
            {
                // Half a basis point of uplift is worth at most this much.
                let tolerance = margin / 10_000 + 1;
                let at = Offer { uplift_bp, ..offer };
                prop_assert!(at.profit().unwrap().abs() <= tolerance);
            }
        }

        #[test]
        fn profit_is_what_is_earned_less_what_it_costs(
            base_bp in 0_i64..=9000, uplift_bp in -1000_i64..1000, redeem_bp in 0_i64..=10_000,
            margin in 0_i64..20_000, issue_cost in 0_i64..500, redemption_cost in 0_i64..2000,
        ) {
            let offer = Offer { base_bp, uplift_bp, redeem_bp, margin, issue_cost, redemption_cost };
            let split = offer.gross().unwrap() - offer.cost().unwrap();
            prop_assert!((offer.profit().unwrap() - split).abs() <= 1);
        }
    }
}
