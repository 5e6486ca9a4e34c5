//! May a code carry the shop's own word in front? Vanity prefixes: shown and read, never part of the code.

use super::check::{Code, CodeVerdict, MAX_INPUT, parse};
use super::crockford::is_separator;
use crate::reject;

/// A word shown before codes, as in `DANKE-03VC-1S2Q-4HX0`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Prefix(String);

impl Prefix {
    /// Reads a prefix: 1 to 12 letters A to Z or digits, in either case.
    ///
    /// # Errors
    /// `invalid_value` for anything else.
    pub fn parse(text: &str) -> reject::Result<Self> {
        let fits = (1..=12).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if fits {
            Ok(Self(text.to_ascii_uppercase()))
        } else {
            Err(reject::Error::at(
                reject::Code::InvalidValue,
                "prefix",
                "A prefix is 1 to 12 letters A to Z or digits, without spaces or accents.",
            ))
        }
    }

    /// The prefix in capitals.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The code as it is shown behind this prefix.
    ///
    /// ```
    /// use zugabe::code::{Prefix, parse};
    /// let code = parse("03VC1S2Q4HX0").map_err(|_| "not a code")?;
    /// assert_eq!(Prefix::parse("danke")?.before(code), "DANKE-03VC-1S2Q-4HX0");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn before(&self, code: Code) -> String {
        format!("{}-{}", self.0, code.shown())
    }

    /// What follows the prefix in what a person typed, if it begins with it.
    fn strip<'a>(&self, text: &'a str) -> Option<&'a str> {
        // The digits that O, I and L are read as are read in a prefix too.
        let alike = |c: char| match c.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        };
        let mut wanted = self.0.chars();
        let mut rest = text;
        for c in text.chars() {
            if !is_separator(c) {
                match wanted.next() {
                    Some(expected) if alike(expected) == alike(c) => {}
                    Some(_) => return None,
                    None => break,
                }
            }
            rest = &rest[c.len_utf8()..];
        }
        wanted.next().is_none().then_some(rest)
    }
}

/// Reads what a person typed, with or without one of the shop's prefixes.
///
/// # Errors
/// As [`parse`]; where the text begins with a prefix, the verdict is about what follows it.
pub fn parse_with_prefixes(text: &str, prefixes: &[Prefix]) -> Result<Code, CodeVerdict> {
    if text.chars().nth(MAX_INPUT).is_some() {
        return Err(CodeVerdict::Length);
    }
    // A prefix may look like the beginning of a code, so the whole text counts too.
    let behind = prefixes.iter().filter_map(|prefix| prefix.strip(text)).map(parse);
    let mut verdict = None;
    for read in behind.chain([parse(text)]) {
        match read {
            Ok(code) => return Ok(code),
            // A typo is nearer to a code than a wrong length: it is the verdict that helps.
            Err(CodeVerdict::Typo) => verdict = Some(CodeVerdict::Typo),
            Err(other) => verdict = verdict.or(Some(other)),
        }
    }
    Err(verdict.unwrap_or(CodeVerdict::Length))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, prefixes: &[&str]) -> Result<String, CodeVerdict> {
        let prefixes: Vec<Prefix> = prefixes.iter().map(|p| Prefix::parse(p).unwrap()).collect();
        parse_with_prefixes(text, &prefixes).map(Code::canonical)
    }

    #[test]
    fn a_prefix_is_read_away_however_it_is_typed() {
        for text in [
            "DANKE-03VC-1S2Q-4HX0",
            "danke 03vc1s2q4hx0",
            "DANKE03VC1S2Q4HX0",
            "03VC-1S2Q-4HX0",
            " D-ANKE—03VC1S2Q4HX0",
        ] {
            assert_eq!(read(text, &["DANKE", "OSTERN"]).as_deref(), Ok("03VC1S2Q4HX0"), "{text}");
        }
        assert_eq!(read("0stern 03vc1s2q4hx0", &["OSTERN"]).as_deref(), Ok("03VC1S2Q4HX0"));
        assert_eq!(read("GRUSS-03VC1S2Q4HX0", &["GRUSS"]).as_deref(), Ok("03VC1S2Q4HX0"), "a prefix may hold a U");
    }

    #[test]
    fn a_slip_behind_a_prefix_is_a_typo_and_an_unknown_prefix_is_not_a_code() {
        assert_eq!(read("DANKE-03VC-1S2Q-4HX1", &["DANKE"]), Err(CodeVerdict::Typo));
        assert_eq!(read("MERCY-03VC-1S2Q-4HX0", &["DANKE"]), Err(CodeVerdict::Length));
        assert_eq!(read("DANKE", &["DANKE"]), Err(CodeVerdict::Length));
        assert_eq!(read(&"DANKE-".repeat(20), &["DANKE"]), Err(CodeVerdict::Length));
    }

    #[test]
    fn a_prefix_that_looks_like_the_code_does_not_hide_it() {
        assert_eq!(read("03VC-1S2Q-4HX0", &["03VC", "03"]).as_deref(), Ok("03VC1S2Q4HX0"));
    }

    #[test]
    fn what_is_no_word_is_no_prefix() {
        for text in ["", "THIRTEENCHARS", "DANK-E", "GRÜSSE", "A B"] {
            assert_eq!(Prefix::parse(text).unwrap_err().path, "prefix", "{text}");
        }
    }
}
