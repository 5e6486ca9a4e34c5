//! What may a new customer cost, and when is it paid back? Ceiling and payback time.

use super::exact::{WHOLE, rate, rounded, times};
use crate::money::{Minor, basis_points};
use crate::reject::Result;

/// The most a customer may cost when a share of the lifetime value is to be kept: CLV (1 - share).
///
/// # Errors
/// `invalid_value` for a share that is none.
pub fn ceiling(lifetime: Minor, keep_bp: i64) -> Result<Minor> {
    rate("keepBp", keep_bp, 0, 10_000)?;
    Ok(basis_points(lifetime, 10_000 - keep_bp))
}

/// The most a customer may cost when the lifetime value is to be a multiple of it: CLV / ratio; 30,000 means three
/// times.
///
/// # Errors
/// `invalid_value` for a ratio below one basis point.
pub fn ceiling_by_ratio(lifetime: Minor, ratio_bp: i64) -> Result<Minor> {
    let ratio = rate("ratioBp", ratio_bp, 1, 10_000_000)?;
    rounded(times(lifetime, WHOLE), ratio)
}

/// Hundredths of a month until a cost is earned back: cost / (margin of an order x orders of a month). `None` when it
/// never is. `orders_bp` are orders of a customer and month; 5,000 means one every two months.
///
/// # Errors
/// `out_of_range` for amounts that are too large.
pub fn payback(cost: Minor, margin: Minor, orders_bp: i64) -> Result<Option<i64>> {
    if margin <= 0 || orders_bp <= 0 {
        return Ok(None);
    }
    rounded(times(cost, WHOLE * 100), i128::from(margin) * i128::from(orders_bp)).map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fixture_4_2_ceilings_and_payback() {
        assert_eq!(ceiling(4400, 2000).unwrap(), 3520);
        assert_eq!(ceiling_by_ratio(4400, 30_000).unwrap(), 1467);
        assert_eq!(payback(3000, 2000, 5000).unwrap(), Some(300));
    }

    #[test]
    fn what_earns_nothing_never_pays_back() {
        assert_eq!(payback(3000, 0, 5000).unwrap(), None);
        assert_eq!(payback(3000, 2000, 0).unwrap(), None);
        assert_eq!(ceiling_by_ratio(4400, 0).unwrap_err().path, "ratioBp");
        assert_eq!(ceiling(4400, 10_001).unwrap_err().path, "keepBp");
    }
}
