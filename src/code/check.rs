//! Is this text a code at all, and was it typed without error? Needs no key and may run in a page.

use core::fmt;

use serde::{Deserialize, Serialize};

use super::crockford::{is_separator, symbol, value};
use super::damm::check_digit;
use crate::word::words;

/// Longer input is refused before anything else is looked at: characters, not bytes.
pub const MAX_INPUT: usize = 64;

/// How long a code is, and with that how its bits are divided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "CodeFormat"))]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// 12 symbols, shown `XXXX-XXXX-XXXX`: 4,096 batches of 1,048,576 serials in each of four key slots, and 21 bits of
    /// redundancy. For anything of value.
    #[default]
    C12,
    /// 10 symbols, shown `XXXXX-XXXXX`: 64 batches of 1,048,576 serials in each of four key slots, and 17 bits of
    /// redundancy. Only for few live codes behind a limit of failed tries.
    C10,
}

impl Format {
    /// Symbols in a code, check symbol included.
    #[must_use]
    pub const fn symbols(self) -> usize {
        match self {
            Self::C12 => 12,
            Self::C10 => 10,
        }
    }

    /// Symbols in a shown group.
    const fn group(self) -> usize {
        match self {
            Self::C12 => 4,
            Self::C10 => 5,
        }
    }

    /// Bits of the encrypted part.
    pub(super) const fn body_bits(self) -> u32 {
        match self {
            Self::C12 => 53,
            Self::C10 => 43,
        }
    }

    /// Bits of redundancy in the encrypted part: zero in every genuine code.
    pub(super) const fn zero_bits(self) -> u32 {
        match self {
            Self::C12 => 21,
            Self::C10 => 17,
        }
    }

    /// How many batches a key slot has.
    #[must_use]
    pub const fn batches(self) -> u32 {
        match self {
            Self::C12 => 1 << 12,
            Self::C10 => 1 << 6,
        }
    }

    /// How many serials a batch has, in either format.
    #[must_use]
    pub const fn serials(self) -> u32 {
        1 << 20
    }
}

/// A code with a right check symbol. Whether a shop ever issued it, only [`verify`](super::verify()) knows.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code {
    /// All digits, five bits each, the check digit lowest.
    bits: u64,
    /// Whether it is a C10: the format as something that can be ordered.
    short: bool,
}

impl Code {
    /// The code of a key id and an encrypted body: the check digit is added.
    pub(super) fn from_parts(format: Format, kid: u8, body: u64) -> Self {
        let payload = u64::from(kid & 3) << format.body_bits() | body & ((1 << format.body_bits()) - 1);
        let digits = (0..format.symbols() - 1).rev().map(|i| (payload >> (5 * i)) as u8 & 31);
        Self { bits: payload << 5 | u64::from(check_digit(digits)), short: format == Format::C10 }
    }

    /// Its format.
    #[must_use]
    pub const fn format(self) -> Format {
        if self.short { Format::C10 } else { Format::C12 }
    }

    /// The key slot it says it belongs to: 0 to 3.
    #[must_use]
    pub const fn kid(self) -> u8 {
        (self.bits >> (self.format().body_bits() + 5)) as u8 & 3
    }

    /// The encrypted part.
    pub(super) const fn body(self) -> u64 {
        (self.bits >> 5) & ((1 << self.format().body_bits()) - 1)
    }

    /// Its digits, highest first, each 0 to 31.
    pub(super) fn digits(self) -> impl DoubleEndedIterator<Item = u8> {
        (0..self.format().symbols()).rev().map(move |i| (self.bits >> (5 * i)) as u8 & 31)
    }

    /// The canonical text: 12 or 10 symbols without separators. This is what is stored and compared.
    #[must_use]
    pub fn canonical(self) -> String {
        self.digits().map(symbol).collect()
    }

    /// The text for people: groups of four (C12) or five (C10) symbols with dashes.
    #[must_use]
    pub fn shown(self) -> String {
        let mut out = String::with_capacity(self.format().symbols() + 2);
        for (index, digit) in self.digits().enumerate() {
            if index > 0 && index % self.format().group() == 0 {
                out.push('-');
            }
            out.push(symbol(digit));
        }
        out
    }
}

impl fmt::Display for Code {
    /// The shown text.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown())
    }
}

impl fmt::Debug for Code {
    /// The shown text without what makes it redeemable: a log must not give codes away.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Code({:?}, kid {})", self.format(), self.kid())
    }
}

words! {
    /// What can be said about a code.
    CodeVerdict {
        /// As far as the check reaches, all is well.
        Ok = "ok",
        /// The check symbol does not fit: a symbol was mistyped.
        Typo = "typo",
        /// Neither 12 nor 10 symbols.
        Length = "length",
        /// A character that is in no code.
        Symbol = "symbol",
        /// Well formed, but nothing we would redeem: forged, revoked, expired or another shop's read all alike.
        Unknown = "unknown",
    }
}

/// The answer of the check without a key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Checked {
    /// `ok`, `typo`, `length` or `symbol`; never `unknown`, which takes a key.
    pub verdict: CodeVerdict,
    /// The canonical code, when the verdict is `ok`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// The code as it is shown, when the verdict is `ok`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shown_code: Option<String>,
}

/// Checks what a person typed, without any key.
///
/// ```
/// let checked = zugabe::code::check(" o3vc–1s2q 4hxo ");
/// assert_eq!(checked.code.as_deref(), Some("03VC1S2Q4HX0"));
/// assert_eq!(checked.shown_code.as_deref(), Some("03VC-1S2Q-4HX0"));
/// ```
#[must_use]
pub fn check(text: &str) -> Checked {
    match parse(text) {
        Ok(code) => Checked { verdict: CodeVerdict::Ok, code: Some(code.canonical()), shown_code: Some(code.shown()) },
        Err(verdict) => Checked { verdict, code: None, shown_code: None },
    }
}

/// Reads what a person typed: case, spaces, dots, underscores and dashes do not matter, O reads as 0, I and L as 1.
///
/// # Errors
/// `length` above [`MAX_INPUT`] characters or when there are neither 12 nor 10 symbols, `symbol` for a character that
/// is in no code (U among them), `typo` when the check symbol does not fit.
pub fn parse(text: &str) -> Result<Code, CodeVerdict> {
    if text.chars().nth(MAX_INPUT).is_some() {
        return Err(CodeVerdict::Length);
    }
    let (mut bits, mut count) = (0_u64, 0_usize);
    for c in text.chars().filter(|c| !is_separator(*c)) {
        let digit = value(c).ok_or(CodeVerdict::Symbol)?;
        // 64 symbols shift the first ones out of the word: the count refuses them below.
        bits = bits << 5 | u64::from(digit);
        count += 1;
    }
    let short = match count {
        12 => false,
        10 => true,
        _ => return Err(CodeVerdict::Length),
    };
    let code = Code { bits, short };
    if check_digit(code.digits()) == 0 { Ok(code) } else { Err(CodeVerdict::Typo) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const EXAMPLE: &str = "03VC1S2Q4HX0";

    fn verdict(text: &str) -> CodeVerdict {
        check(text).verdict
    }

    #[test]
    fn a_code_is_read_however_it_is_written_down() {
        for text in [
            "03VC-1S2Q-4HX0",
            "03vc1s2q4hx0",
            "O3VC-IS2Q-4HXO",
            "o3vc l s2q 4hxo",
            "03VC–1S2Q—4HX0",
            "03VC\u{2011}1S2Q\u{2212}4HX0\r\n",
            "  03.VC_1S\u{a0}2Q\u{3000}4H\u{200b}X0\t",
        ] {
            assert_eq!(check(text).code.as_deref(), Some(EXAMPLE), "{text}");
        }
    }

    #[test]
    fn more_than_64_characters_are_refused_before_anything_else() {
        let padded = format!("{}{EXAMPLE}", " ".repeat(52));
        assert_eq!(verdict(&padded), CodeVerdict::Ok);
        assert_eq!(verdict(&format!(" {padded}")), CodeVerdict::Length);
        assert_eq!(verdict(&"*".repeat(65)), CodeVerdict::Length);
        assert_eq!(verdict(&"*".repeat(64)), CodeVerdict::Symbol);
        // Counted in characters: a dash of three bytes is one.
        assert_eq!(verdict(&format!("{}{EXAMPLE}", "—".repeat(52))), CodeVerdict::Ok);
    }

    #[test]
    fn what_is_no_code_says_why() {
        for text in ["", "   ", "---", "03VC1S2Q4HX", "03VC1S2Q4HX00", "03VC1S2Q4"] {
            assert_eq!(verdict(text), CodeVerdict::Length, "{text}");
        }
        for text in ["U3VC1S2Q4HX0", "03VC1S2Q4HX*", "03VC+1S2Q", "٠3VC1S2Q4HX0", "<b>"] {
            assert_eq!(verdict(text), CodeVerdict::Symbol, "{text}");
        }
        assert_eq!(verdict("03VC1S2Q4HX1"), CodeVerdict::Typo);
        assert_eq!(check("03VC1S2Q4HX1").code, None);
    }

    #[test]
    fn a_log_does_not_show_a_code() {
        let code = parse(EXAMPLE).unwrap();
        assert_eq!(format!("{code:?}"), "Code(C12, kid 0)");
        assert_eq!(code.to_string(), "03VC-1S2Q-4HX0");
    }

    #[test]
    fn a_short_code_is_shown_in_two_groups() {
        let code = Code::from_parts(Format::C10, 2, 0x155_5555_5555);
        assert_eq!((code.kid(), code.body(), code.format()), (2, 0x155_5555_5555, Format::C10));
        assert_eq!(code.canonical().len(), 10);
        assert_eq!(code.shown().find('-'), Some(5));
        assert_eq!(parse(&code.shown()), Ok(code));
    }

    /// All codes that differ from this one by one mistake of a kind that the check symbol promises to catch.
    fn mistakes(code: &str) -> Vec<String> {
        let symbols: Vec<char> = code.chars().collect();
        let mut out = Vec::new();
        let mut push = |edit: &dyn Fn(&mut Vec<char>)| {
            let mut other = symbols.clone();
            edit(&mut other);
            if other != symbols {
                out.push(other.iter().collect());
            }
        };
        for at in 0..symbols.len() {
            for v in 0..32 {
                push(&|s| s[at] = symbol(v));
                if at + 1 < symbols.len() && symbols[at] == symbols[at + 1] {
                    push(&|s| (s[at], s[at + 1]) = (symbol(v), symbol(v)));
                }
                if at + 2 < symbols.len() && symbols[at] == symbols[at + 2] {
                    push(&|s| (s[at], s[at + 2]) = (symbol(v), symbol(v)));
                }
            }
            for distance in [1, 2] {
                if at + distance < symbols.len() {
                    push(&|s| s.swap(at, at + distance));
                }
            }
        }
        out
    }

    #[test]
    fn every_single_slip_in_a_thousand_codes_is_caught() {
        let mut caught = 0;
        for n in 0..1000_u64 {
            let format = if n % 2 == 0 { Format::C12 } else { Format::C10 };
            // Spread over the space; every fourth body has long runs of equal symbols, which twin errors need.
            let body = if n % 4 < 2 { n.wrapping_mul(0x9e37_79b9_7f4a_7c15) } else { n * 0x0842_1084_2108 };
            let code = Code::from_parts(format, n as u8, body).canonical();
            assert_eq!(verdict(&code), CodeVerdict::Ok, "{code}");
            for slip in mistakes(&code) {
                assert_eq!(verdict(&slip), CodeVerdict::Typo, "{code} typed as {slip}");
                caught += 1;
            }
        }
        assert!(caught > 350_000, "{caught}");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn arbitrary_bytes_never_panic_and_ok_means_a_code(bytes in proptest::collection::vec(any::<u8>(), 0..120)) {
            let checked = check(&String::from_utf8_lossy(&bytes));
            prop_assert_eq!(checked.verdict == CodeVerdict::Ok, checked.code.is_some());
            prop_assert_ne!(checked.verdict, CodeVerdict::Unknown);
        }

        #[test]
        fn canonical_and_shown_read_back_to_the_same_code(kid in 0_u8..4, body in any::<u64>(), short in any::<bool>()) {
            let code = Code::from_parts(if short { Format::C10 } else { Format::C12 }, kid, body);
            prop_assert_eq!(parse(&code.canonical()), Ok(code));
            prop_assert_eq!(parse(&code.shown().to_lowercase()), Ok(code));
        }
    }
}
