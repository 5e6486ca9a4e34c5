//! Did the symbols arrive as they left? A Damm check digit of order 32: no key, catches typing errors, stops no one
//! who means harm.

/// The check digit of the digits (each 0 to 31). Run over a whole code, check digit included, the result is 0.
///
/// The table of Damm's scheme is the quasigroup `2 * (c + x)` in GF(32) with `x^5 + x^2 + 1`; it catches every single
/// wrong symbol, every swap of neighbours or of symbols one apart, and every twin error (`aa` for `bb`).
pub(super) fn check_digit(digits: impl IntoIterator<Item = u8>) -> u8 {
    digits.into_iter().fold(0, |state, digit| {
        let doubled = (state ^ (digit & 31)) << 1;
        if doubled & 0b10_0000 == 0 { doubled } else { doubled ^ 0b10_0101 }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::code::crockford::{symbol, value};

    #[test]
    fn published_check_digits_hold() {
        for (payload, expected) in [("0123456789A", 'M'), ("ZZZZZZZZZZZ", 'K')] {
            assert_eq!(symbol(check_digit(payload.chars().map(|c| value(c).unwrap()))), expected, "{payload}");
        }
    }

    #[test]
    fn a_whole_code_runs_to_zero() {
        let payload = [5, 31, 0, 17, 4];
        let digit = check_digit(payload);
        assert_eq!(check_digit(payload.into_iter().chain([digit])), 0);
        assert!((0..32).filter(|d| check_digit(payload.into_iter().chain([*d])) == 0).eq([digit]));
    }
}
