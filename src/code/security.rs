//! How hard is it to guess a code? The numbers, and the refusal when they are too small.

use serde::{Deserialize, Serialize};

use super::check::Format;
use crate::reject::{Code, Error, Result};

/// The most C10 codes that may be live at once. C12 has room for as many as its key slot holds.
pub const C10_LIVE_MAX: u64 = 10_000;

/// What a guesser faces who knows the format and the key slot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Security {
    /// The format.
    pub format: Format,
    /// Codes that can be redeemed right now.
    pub live_codes: u64,
    /// Bits of the encrypted part: the space a guesser searches is two to this power.
    pub bits: u32,
    /// Tries until the first hit on a live code, on average.
    pub tries_to_hit: u64,
    /// Days until then at one try per second.
    pub days_at_1_per_second: u64,
    /// Days until then at ten tries per second.
    pub days_at_10_per_second: u64,
    /// Days until then at a thousand tries per second, from many machines.
    pub days_at_1000_per_second: u64,
}

/// The numbers for so many live codes (at least one).
///
/// ```
/// use zugabe::code::{Format, security};
/// let numbers = security(Format::C12, 1_000_000);
/// assert_eq!((numbers.bits, numbers.days_at_1000_per_second), (53, 104));
/// ```
#[must_use]
pub fn security(format: Format, live_codes: u64) -> Security {
    let tries = (1_u64 << format.body_bits()) / live_codes.max(1);
    let days = |per_second: u64| tries / (per_second * 86_400);
    Security {
        format,
        live_codes,
        bits: format.body_bits(),
        tries_to_hit: tries,
        days_at_1_per_second: days(1),
        days_at_10_per_second: days(10),
        days_at_1000_per_second: days(1000),
    }
}

/// Refuses more live codes than the format can protect: call it with all that can be redeemed at once, before minting.
///
/// # Errors
/// `out_of_range` at `count`, with the format that would do.
pub fn check_live_codes(format: Format, live_codes: u64) -> Result<Security> {
    let numbers = security(format, live_codes);
    let limit = match format {
        Format::C10 => C10_LIVE_MAX,
        Format::C12 => u64::from(format.batches()) * u64::from(format.serials()),
    };
    if live_codes <= limit {
        return Ok(numbers);
    }
    Err(Error::at(
        Code::OutOfRange,
        "count",
        format!(
            "With {live_codes} live codes of {} symbols, {} tries would find one: at most {limit} may be live at once. \
             Mint 12 symbols, or let older codes expire first.",
            format.symbols(),
            numbers.tries_to_hit,
        ),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Case 54 of the list of other systems' bugs: words as codes leave 314,432 possibilities.
    #[test]
    fn case_54_the_security_is_reported_and_too_small_a_space_is_refused() {
        let numbers = check_live_codes(Format::C10, 10_000).unwrap();
        assert_eq!((numbers.bits, numbers.tries_to_hit), (43, 879_609_302));
        assert_eq!(numbers.days_at_1000_per_second, 10);
        let refused = check_live_codes(Format::C10, 10_001).unwrap_err();
        assert_eq!((refused.code, refused.path.as_str()), (Code::OutOfRange, "count"));
        assert!(refused.message.contains("12 symbols"), "{}", refused.message);
        assert!(check_live_codes(Format::C12, 20_000_000).is_ok());
    }

    #[test]
    fn the_published_times_hold() {
        let years = |format, live, per_second: u64| security(format, live).tries_to_hit / per_second / 31_557_600;
        assert_eq!(years(Format::C12, 1_000_000, 1), 285);
        assert_eq!(years(Format::C12, 1_000_000, 10), 28);
        assert_eq!(years(Format::C12, 10_000, 1), 28_542);
        assert_eq!(security(Format::C10, 1_000_000).days_at_1_per_second, 101);
        assert_eq!(security(Format::C10, 0).tries_to_hit, 1 << 43, "no live code is counted as one");
    }
}
