//! How much more has to be sold for a discount to pay? Break-even volume.

use super::exact::{WHOLE, rate, rounded};
use crate::reject::Result;

/// The extra volume a discount needs, in basis points: discount / (margin - discount), both as shares of the price.
/// `None` when no volume is enough.
///
/// # Errors
/// `invalid_value` for a rate that is none.
pub fn extra_volume(margin_bp: i64, discount_bp: i64) -> Result<Option<i64>> {
    let margin = rate("marginBp", margin_bp, 0, 10_000)?;
    let discount = rate("discountBp", discount_bp, 0, 10_000)?;
    if discount == 0 {
        return Ok(Some(0));
    }
    if margin <= discount {
        return Ok(None);
    }
    rounded(Some(discount * WHOLE), margin - discount).map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fixture_4_4_break_even_volumes() {
        for (margin, discount, volume) in [
            (3000, 1000, Some(5000)),
            (4000, 1000, Some(3333)),
            (5000, 2000, Some(6667)),
            (2500, 500, Some(2500)),
            (3000, 3000, None),
        ] {
            assert_eq!(extra_volume(margin, discount).unwrap(), volume);
        }
        assert_eq!(extra_volume(0, 0).unwrap(), Some(0));
        assert_eq!(extra_volume(3000, -1).unwrap_err().path, "discountBp");
    }
}
