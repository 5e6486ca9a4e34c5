//! How much money is that? Integer minor units and ISO 4217 exponents; no amount ever passes through a float.

use core::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::reject::{Code, Error, Result};

/// An amount in minor units of its currency (cents for EUR, yen for JPY). Always exact.
pub type Minor = i64;

/// The largest amount that every runtime can carry exactly: 2^53 - 1.
pub const MAX_MINOR: Minor = (1 << 53) - 1;

/// ISO 4217 codes in use, each with its exponent (digits after the decimal point).
/// Source: ISO 4217 list one, funds codes and metals left out.
const CURRENCIES: &str = "AED2AFN2ALL2AMD2ANG2AOA2ARS2AUD2AWG2AZN2BAM2BBD2BDT2BGN2BHD3BIF0BMD2BND2BOB2BRL2BSD2BTN2BWP2\
BYN2BZD2CAD2CDF2CHF2CLP0CNY2COP2CRC2CUP2CVE2CZK2DJF0DKK2DOP2DZD2EGP2ERN2ETB2EUR2FJD2FKP2GBP2GEL2GHS2GIP2GMD2GNF0GTQ2\
GYD2HKD2HNL2HTG2HUF2IDR2ILS2INR2IQD3IRR2ISK0JMD2JOD3JPY0KES2KGS2KHR2KMF0KPW2KRW0KWD3KYD2KZT2LAK2LBP2LKR2LRD2LSL2LYD3\
MAD2MDL2MGA2MKD2MMK2MNT2MOP2MRU2MUR2MVR2MWK2MXN2MYR2MZN2NAD2NGN2NIO2NOK2NPR2NZD2OMR3PAB2PEN2PGK2PHP2PKR2PLN2PYG0QAR2\
RON2RSD2RUB2RWF0SAR2SBD2SCR2SDG2SEK2SGD2SHP2SLE2SOS2SRD2SSP2STN2SVC2SYP2SZL2THB2TJS2TMT2TND3TOP2TRY2TTD2TWD2TZS2UAH2\
UGX0USD2UYU2UZS2VED2VES2VND0VUV0WST2XAF0XCD2XCG2XOF0XPF0YER2ZAR2ZMW2ZWG2";

/// An ISO 4217 currency.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Currency {
    letters: [u8; 3],
    exponent: u8,
}

impl Currency {
    /// `XXX`: ISO 4217's code where no currency is involved. Never read from a document.
    pub const NONE: Self = Self { letters: *b"XXX", exponent: 0 };

    /// Reads a code of three letters, in either case.
    ///
    /// # Errors
    /// `unknown_currency` when the code is not on the ISO 4217 list.
    ///
    /// ```
    /// use zugabe::money::Currency;
    /// assert_eq!(Currency::parse("jpy").map(|c| c.exponent()), Ok(0));
    /// assert!(Currency::parse("EURO").is_err());
    /// ```
    pub fn parse(text: &str) -> Result<Self> {
        let upper = text.trim().to_ascii_uppercase();
        let wanted = upper.as_bytes();
        CURRENCIES
            .as_bytes()
            .chunks_exact(4)
            .find(|entry| wanted == &entry[..3])
            .map(|entry| Self { letters: [entry[0], entry[1], entry[2]], exponent: entry[3] - b'0' })
            .ok_or_else(|| {
                Error::new(
                    Code::UnknownCurrency,
                    format!("\"{}\" is not an ISO 4217 currency code such as EUR, GBP or JPY.", shortened(text)),
                )
            })
    }

    /// The code: three upper-case letters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        core::str::from_utf8(&self.letters).unwrap_or_default()
    }

    /// Digits after the decimal point: 0, 2 or 3.
    #[must_use]
    pub const fn exponent(self) -> u8 {
        self.exponent
    }

    /// Minor units in one major unit: 1, 100 or 1,000.
    #[must_use]
    pub const fn scale(self) -> Minor {
        match self.exponent {
            0 => 1,
            3 => 1000,
            _ => 100,
        }
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for Currency {
    fn serialize<S: Serializer>(&self, serializer: S) -> core::result::Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Currency {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> core::result::Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(|error| de::Error::custom(error.message))
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Currency {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Currency".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "pattern": "^[A-Z]{3}$", "description": "ISO 4217 code" })
    }
}

/// Reads a decimal text exactly and multiplies it by ten to the `exponent`, rounding half away from zero.
/// Takes an optional sign, digits, and one decimal point; grouping must have been removed.
///
/// # Errors
/// `invalid_amount` when it is no decimal number or larger than [`MAX_MINOR`].
///
/// ```
/// use zugabe::money::decimal;
/// assert_eq!(decimal("-12.345", 2), Ok(-1235));
/// assert_eq!(decimal("275", 0), Ok(275));
/// assert!(decimal("1,000", 2).is_err());
/// ```
pub fn decimal(text: &str, exponent: u8) -> Result<Minor> {
    let (coefficient, digits) = coefficient(text)?;
    rescale(coefficient, digits, exponent).ok_or_else(|| too_large(text))
}

/// `quantity` times the decimal `price`, rounded once, half away from zero, to minor units. A line total is rounded,
/// not the unit price: 0.553 x 1,000 is 553.00, not 550.00.
///
/// # Errors
/// As [`decimal`].
///
/// ```
/// assert_eq!(zugabe::money::line_total("0.0125", 1_000, 2), Ok(1250));
/// ```
pub fn line_total(price: &str, quantity: i64, exponent: u8) -> Result<Minor> {
    let (coefficient, digits) = coefficient(price)?;
    coefficient
        .checked_mul(i128::from(quantity))
        .and_then(|product| rescale(product, digits, exponent))
        .ok_or_else(|| too_large(price))
}

/// Divides and rounds half away from zero. A zero divisor gives zero.
#[must_use]
pub const fn div_round(numerator: i128, divisor: i128) -> i128 {
    if divisor == 0 {
        return 0;
    }
    let (quotient, remainder) = (numerator / divisor, numerator % divisor);
    let up = remainder.unsigned_abs() * 2 >= divisor.unsigned_abs();
    if !up {
        quotient
    } else if (numerator < 0) == (divisor < 0) {
        quotient + 1
    } else {
        quotient - 1
    }
}

/// `amount` times `basis_points` / 10,000, rounded half away from zero.
#[must_use]
pub fn basis_points(amount: Minor, basis_points: i64) -> Minor {
    clamp(div_round(i128::from(amount) * i128::from(basis_points), 10_000))
}

/// `part` / `whole` in basis points, rounded half away from zero; zero when there is no whole.
#[must_use]
pub fn share_bp(part: Minor, whole: Minor) -> i64 {
    clamp(div_round(i128::from(part) * 10_000, i128::from(whole)))
}

fn clamp(value: i128) -> Minor {
    i64::try_from(value).unwrap_or(if value < 0 { -MAX_MINOR } else { MAX_MINOR })
}

/// The digits as an integer and how many of them stand after the point.
fn coefficient(text: &str) -> Result<(i128, u32)> {
    let trimmed = text.trim();
    let (negative, digits) = match trimmed.as_bytes().first() {
        Some(b'-') => (true, &trimmed[1..]),
        Some(b'+') => (false, &trimmed[1..]),
        _ => (false, trimmed),
    };
    let invalid =
        || Error::new(Code::InvalidAmount, format!("\"{}\" is not an amount such as 12.50 or -3.", shortened(text)));
    let (mut value, mut after, mut seen_point, mut seen_digit) = (0_i128, 0_u32, false, false);
    for byte in digits.bytes() {
        match byte {
            b'0'..=b'9' => {
                value = value
                    .checked_mul(10)
                    .and_then(|v| v.checked_add(i128::from(byte - b'0')))
                    .filter(|v| *v < 10_i128.pow(30))
                    .ok_or_else(|| too_large(text))?;
                after += u32::from(seen_point);
                seen_digit = true;
            }
            b'.' if !seen_point => seen_point = true,
            _ => return Err(invalid()),
        }
    }
    if !seen_digit {
        return Err(invalid());
    }
    Ok((if negative { -value } else { value }, after))
}

fn rescale(coefficient: i128, digits: u32, exponent: u8) -> Option<Minor> {
    let exponent = u32::from(exponent);
    let scaled = if digits > exponent {
        div_round(coefficient, 10_i128.checked_pow(digits - exponent)?)
    } else {
        coefficient.checked_mul(10_i128.checked_pow(exponent - digits)?)?
    };
    i64::try_from(scaled).ok().filter(|minor| minor.abs() <= MAX_MINOR)
}

fn too_large(text: &str) -> Error {
    Error::new(Code::InvalidAmount, format!("\"{}\" is too large to be an exact amount.", shortened(text)))
}

fn shortened(text: &str) -> String {
    text.chars().take(40).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_currency_table_is_sorted_and_whole() {
        let codes: Vec<&[u8]> = CURRENCIES.as_bytes().chunks_exact(4).collect();
        assert_eq!(CURRENCIES.len() % 4, 0);
        assert!(codes.windows(2).all(|pair| pair[0] < pair[1]));
        assert!(codes.iter().all(|code| matches!(code[3], b'0' | b'2' | b'3')));
    }

    #[test]
    fn amounts_are_exact_in_every_exponent() {
        assert_eq!(decimal("0.1", 2), Ok(10));
        assert_eq!(decimal("1.005", 3), Ok(1005));
        assert_eq!(decimal("2.675", 2), Ok(268));
        assert_eq!(decimal("-2.675", 2), Ok(-268));
        assert_eq!(decimal(".5", 0), Ok(1));
        assert_eq!(decimal("90071992547409.91", 2), Ok(MAX_MINOR));
        assert_eq!(decimal("90071992547409.92", 2).map_err(|e| e.code), Err(Code::InvalidAmount));
    }

    #[test]
    fn text_that_is_no_amount_is_refused() {
        for text in ["", "-", ".", "1e5", "12,5", "1.2.3", "NaN", "٣", "0x10", "1 000"] {
            assert_eq!(decimal(text, 2).map_err(|e| e.code), Err(Code::InvalidAmount), "{text}");
        }
    }

    proptest! {
        #[test]
        fn every_amount_is_read_back_as_it_was_written(minor in -MAX_MINOR..=MAX_MINOR) {
            let text = format!("{}{}.{:02}", if minor < 0 { "-" } else { "" }, minor.abs() / 100, minor.abs() % 100);
            prop_assert_eq!(decimal(&text, 2), Ok(minor));
        }

        #[test]
        fn arbitrary_text_never_panics(text in ".*", quantity in any::<i64>()) {
            let _ = decimal(&text, 2);
            let _ = line_total(&text, quantity, 3);
        }

        #[test]
        fn division_rounds_half_away_from_zero(numerator in -1_000_000_i128..1_000_000, divisor in 1_i128..1000) {
            let rounded = div_round(numerator, divisor);
            prop_assert!((rounded * divisor - numerator).abs() * 2 <= divisor);
            prop_assert_eq!(div_round(-numerator, divisor), -rounded);
        }
    }
}
