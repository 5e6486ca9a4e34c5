//! What is a customer worth over time? Customer lifetime value in its simple forms.
//!
//! `m` is the contribution margin of a period, `r` the share that stays from period to period, `d` the discount rate of
//! a period. The form without an end is the margin multiple r / (1 + d - r) of Gupta & Lehmann, *Customers as Assets*,
//! Journal of Interactive Marketing 17(1), 2003; Blattberg & Deighton, *Manage Marketing by the Customer Equity Test*,
//! Harvard Business Review 74(4), 1996, count the first margin, too.

use super::exact::{WHOLE, rate, rounded, rounded_float, times};
use crate::money::Minor;
use crate::reject::Result;

/// What a lifetime comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lifetime {
    /// In minor units.
    Worth(Minor),
    /// It grows without end: everybody stays and nothing is discounted.
    Diverges,
}

/// Without an end, the first margin counted: m (1 + d) / (1 + d - r).
///
/// # Errors
/// `invalid_value` for a rate that is none, `out_of_range` for amounts that are too large.
pub fn with_first(margin: Minor, retention_bp: i64, discount_bp: i64) -> Result<Lifetime> {
    without_end(margin, retention_bp, discount_bp, |_, grown| grown)
}

/// Without an end, from the next period on: m r / (1 + d - r).
///
/// # Errors
/// As [`with_first`].
pub fn from_next(margin: Minor, retention_bp: i64, discount_bp: i64) -> Result<Lifetime> {
    without_end(margin, retention_bp, discount_bp, |stays, _| stays)
}

fn without_end(margin: Minor, retention_bp: i64, discount_bp: i64, share: fn(i128, i128) -> i128) -> Result<Lifetime> {
    let stays = rate("retentionBp", retention_bp, 0, 10_000)?;
    let grown = WHOLE + rate("discountBp", discount_bp, 0, 100_000)?;
    if grown == stays {
        return Ok(Lifetime::Diverges);
    }
    rounded(times(margin, share(stays, grown)), grown - stays).map(Lifetime::Worth)
}

/// Over a number of periods, the first margin counted: the sum of m (r / (1 + d))^t for t below `periods`.
///
/// # Errors
/// As [`with_first`].
pub fn over(margin: Minor, retention_bp: i64, discount_bp: i64, periods: u32) -> Result<Minor> {
    let stays = rate("retentionBp", retention_bp, 0, 10_000)? as f64;
    let grown = (WHOLE + rate("discountBp", discount_bp, 0, 100_000)?) as f64;
    let step = stays / grown;
    let times =
        if stays >= grown { f64::from(periods) } else { (1.0 - libm::pow(step, f64::from(periods))) / (1.0 - step) };
    rounded_float(margin as f64 * times)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Ten-thousandths of a euro, so that all four decimals of the table are compared.
    #[test]
    fn fixture_4_1_the_lifetime_values_of_the_table() {
        for (m, r, d, first, next, three) in [
            (20, 6000, 1000, 440_000, 240_000, 368_595),
            (15, 8000, 1000, 550_000, 400_000, 338_430),
            (40, 3000, 800, 553_846, 153_846, 541_975),
            (20, 0, 1000, 200_000, 0, 200_000),
        ] {
            let m = m * 10_000;
            assert_eq!(with_first(m, r, d).unwrap(), Lifetime::Worth(first));
            assert_eq!(from_next(m, r, d).unwrap(), Lifetime::Worth(next));
            assert_eq!(over(m, r, d, 3).unwrap(), three);
        }
    }

    #[test]
    fn a_lifetime_without_loss_and_discount_has_no_value_but_diverges() {
        assert_eq!(with_first(2000, 10_000, 0).unwrap(), Lifetime::Diverges);
        assert_eq!(from_next(2000, 10_000, 0).unwrap(), Lifetime::Diverges);
        assert_eq!(over(2000, 10_000, 0, 12).unwrap(), 24_000);
    }

    #[test]
    fn half_the_loss_doubles_the_lifetime() {
        // Of 10 % yearly loss 10 years remain, of 5 % 20: one divided by the loss.
        assert_eq!(with_first(1, 9000, 0).unwrap(), Lifetime::Worth(10));
        assert_eq!(with_first(1, 9500, 0).unwrap(), Lifetime::Worth(20));
    }

    #[test]
    fn what_is_no_rate_or_too_large_is_refused() {
        assert_eq!(with_first(1, 10_001, 0).unwrap_err().path, "retentionBp");
        assert_eq!(over(1, 0, -1, 1).unwrap_err().path, "discountBp");
        assert!(with_first(Minor::MAX, 9999, 0).is_err());
        assert!(over(Minor::MAX, 9999, 0, 3).is_err());
    }

    proptest! {
        #[test]
        fn more_periods_come_to_more_and_never_to_more_than_all(
            m in 0_i64..1_000_000, r in 0_i64..9_999, d in 0_i64..3_000, n in 1_u32..400,
        ) {
            let Lifetime::Worth(all) = with_first(m, r, d).unwrap() else { panic!() };
            let (some, more) = (over(m, r, d, n).unwrap(), over(m, r, d, n + 1).unwrap());
            prop_assert!(some <= more && more <= all + 1);
        }
    }
}
