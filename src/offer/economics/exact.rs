//! How is a fraction turned into whole minor units? Once, at the end, half away from zero; too large is an error.

use crate::money::{MAX_MINOR, Minor, div_round};
use crate::reject::{Code, Error, Result};

/// The whole of a rate in basis points.
pub(super) const WHOLE: i128 = 10_000;

/// `numerator` / `divisor`, rounded half away from zero.
///
/// # Errors
/// `out_of_range` when there is no such number: beyond 2^53 - 1, or divided by nothing.
pub(super) fn rounded(numerator: Option<i128>, divisor: i128) -> Result<Minor> {
    let value = numerator.filter(|_| divisor != 0).map(|numerator| div_round(numerator, divisor));
    value
        .and_then(|value| Minor::try_from(value).ok())
        .filter(|value| value.unsigned_abs() <= MAX_MINOR.unsigned_abs())
        .ok_or_else(too_large)
}

/// A result of floating-point steps, rounded half away from zero. Nothing that is no number gets out.
///
/// # Errors
/// `out_of_range` beyond 2^53 - 1.
pub(super) fn rounded_float(value: f64) -> Result<Minor> {
    let value = libm::round(value);
    // Written so that NaN, which compares with nothing, falls out too.
    if libm::fabs(value) <= MAX_MINOR as f64 { Ok(value as Minor) } else { Err(too_large()) }
}

/// `a` times `b`, unless it is too large.
pub(super) fn times(a: impl Into<i128>, b: impl Into<i128>) -> Option<i128> {
    a.into().checked_mul(b.into())
}

/// Refuses a rate outside `least..=most` basis points.
///
/// # Errors
/// `invalid_value` at `path`.
pub(super) fn rate(path: &str, bp: i64, least: i64, most: i64) -> Result<i128> {
    if (least..=most).contains(&bp) {
        return Ok(i128::from(bp));
    }
    Err(Error::at(Code::InvalidValue, path, format!("A rate here is {least} to {most} basis points: 100 means 1 %.")))
}

fn too_large() -> Error {
    Error::new(Code::OutOfRange, "The amounts are too large to reckon with exactly.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_number_that_is_none_gets_out() {
        for value in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 1e16] {
            assert_eq!(rounded_float(value).unwrap_err().code, Code::OutOfRange);
        }
        assert_eq!((rounded_float(-2.5).unwrap(), rounded_float(2.5).unwrap()), (-3, 3));
        assert_eq!(rounded(Some(-5), 2).unwrap(), -3);
        assert!(rounded(Some(1), 0).is_err() && rounded(times(i128::MAX, 2), 1).is_err());
    }
}
