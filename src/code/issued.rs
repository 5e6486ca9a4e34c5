//! Was this code ever issued, and is it still good? A short public list instead of a row per code.
//!
//! Serials are given out in order, so one number per batch, its high-water mark, tells an issued serial from one that
//! never was. The list holds no code and no key: it may be published.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::api::Verified;
use super::c12::{Opened, Verifier};
use super::check::{CodeVerdict, Format, parse};
use crate::reject::{Code, Error, Result, parse_json};
use crate::time::Instant;

/// What was issued: one entry per batch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct IssuedList {
    /// The version: 1.
    pub v: u32,
    /// The batches.
    pub batches: Vec<IssuedBatch>,
}

/// One batch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct IssuedBatch {
    /// `c12` (default) or `c10`.
    #[serde(default)]
    pub format: Format,
    /// The key slot it was minted with.
    pub kid: u8,
    /// Its number.
    pub batch: u32,
    /// The promotion that its codes stand for: exactly one.
    pub promotion: String,
    /// Serials below this number were issued.
    pub issued: u32,
    /// The version of the profanity list it was minted with.
    #[serde(default = "first_list")]
    pub list: u32,
    /// The last instant at which its codes are good; absent, they do not expire.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Instant>,
    /// Whether the whole batch is revoked.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub revoked: bool,
    /// Serials revoked one by one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub revoked_serials: Vec<u32>,
}

const fn first_list() -> u32 {
    1
}

/// Why a code is not good: for the merchant's own eyes and books. To the outside all of these read `unknown`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Refusal {
    /// Its slot is empty or withdrawn.
    Key,
    /// The redundancy does not fit: nobody with the key made it.
    Forged,
    /// Genuine in form, but the serial or batch was never issued.
    NotIssued,
    /// The batch or the serial is revoked.
    Revoked,
    /// The batch has expired.
    Expired,
}

/// What a code is, seen from inside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Inspected<'a> {
    /// Good: what it says, and its batch with the promotion it stands for.
    Good(Opened, &'a IssuedBatch),
    /// Not a code: `typo`, `length` or `symbol`. This may be told to anyone.
    Mistyped(CodeVerdict),
    /// A code, but not one to redeem. Why stays inside.
    Refused(Refusal),
}

impl Inspected<'_> {
    /// What the outside is told: the same answer for every refusal.
    #[must_use]
    pub const fn told(&self) -> Verified {
        match self {
            Self::Good(opened, _) => Verified {
                verdict: CodeVerdict::Ok,
                batch: Some(opened.batch),
                serial: Some(opened.serial),
                kid: Some(opened.kid),
            },
            Self::Mistyped(verdict) => Verified::not(*verdict),
            Self::Refused(_) => Verified::not(CodeVerdict::Unknown),
        }
    }
}

/// The list, ready for look-ups.
#[derive(Debug, Clone)]
pub struct Issued {
    batches: BTreeMap<(Format, u8, u32), IssuedBatch>,
}

impl Issued {
    /// Reads a list.
    ///
    /// # Errors
    /// Those of [`parse_json`]; `unsupported_version`; `contradiction` when a batch stands in it twice, `out_of_range`
    /// when one is outside its format, with the path.
    pub fn parse(text: &str) -> Result<Self> {
        Self::new(parse_json(text)?)
    }

    /// Prepares a list.
    ///
    /// # Errors
    /// As [`Issued::parse`].
    pub fn new(list: IssuedList) -> Result<Self> {
        if list.v != 1 {
            return Err(Error::at(Code::UnsupportedVersion, "v", "This list of batches has another version than 1."));
        }
        let mut batches = BTreeMap::new();
        for (index, mut batch) in list.batches.into_iter().enumerate() {
            let at = |field, code, message: &str| Err(Error::at(code, format!("batches[{index}].{field}"), message));
            if batch.kid > 3 {
                return at("kid", Code::OutOfRange, "A slot is numbered 0, 1, 2 or 3.");
            }
            if batch.batch >= batch.format.batches() {
                return at("batch", Code::OutOfRange, "The format has no batch of that number.");
            }
            if batch.issued > batch.format.serials() {
                return at("issued", Code::OutOfRange, "A batch has at most 1,048,576 serials.");
            }
            batch.revoked_serials.sort_unstable();
            if batches.insert((batch.format, batch.kid, batch.batch), batch).is_some() {
                return at("batch", Code::Contradiction, "This batch stands in the list twice.");
            }
        }
        Ok(Self { batches })
    }

    /// What a code is, seen from inside: for the merchant, the books, and a signed-in owner's own codes.
    #[must_use]
    pub fn inspect(&self, verifier: &Verifier, text: &str, now: Instant) -> Inspected<'_> {
        let code = match parse(text) {
            Ok(code) => code,
            Err(verdict) => return Inspected::Mistyped(verdict),
        };
        let Some(opened) = verifier.open(code) else {
            return Inspected::Refused(if verifier.knows(code.kid()) { Refusal::Forged } else { Refusal::Key });
        };
        match self.batches.get(&(code.format(), opened.kid, opened.batch)) {
            Some(batch) if opened.serial < batch.issued => {
                if batch.revoked || batch.revoked_serials.binary_search(&opened.serial).is_ok() {
                    Inspected::Refused(Refusal::Revoked)
                } else if batch.expires_at.is_some_and(|end| now > end) {
                    Inspected::Refused(Refusal::Expired)
                } else {
                    Inspected::Good(opened, batch)
                }
            }
            _ => Inspected::Refused(Refusal::NotIssued),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::check::Code as TypedCode;
    use super::super::{CodeKey, KeySet};
    use super::*;

    const LIST: &str = r#"{"v":1,"batches":[
        {"kid":0,"batch":1,"promotion":"thanks-5","issued":100,"expiresAt":"2026-12-31T22:59:59Z","revokedSerials":[9,7]},
        {"kid":0,"batch":2,"promotion":"old","issued":100,"revoked":true},
        {"format":"c10","kid":0,"batch":1,"promotion":"short","issued":5}]}"#;

    fn key() -> CodeKey {
        CodeKey::derive(&[3; 32], 0)
    }

    fn code(format: Format, batch: u32, serial: u32) -> String {
        key().mint(format, batch, serial).unwrap().canonical()
    }

    fn refusal(text: &str, now: &str) -> Option<Refusal> {
        let issued = Issued::parse(LIST).unwrap();
        match issued.inspect(&Verifier::new(&KeySet::new([3; 32])), text, Instant::parse(now).unwrap()) {
            Inspected::Refused(refusal) => Some(refusal),
            _ => None,
        }
    }

    const NOW: &str = "2026-11-23T10:00:00Z";

    #[test]
    fn serials_up_to_the_high_water_mark_are_good_and_beyond_are_not() {
        assert_eq!(refusal(&code(Format::C12, 1, 99), NOW), None);
        assert_eq!(refusal(&code(Format::C12, 1, 100), NOW), Some(Refusal::NotIssued));
        assert_eq!(refusal(&code(Format::C12, 3, 0), NOW), Some(Refusal::NotIssued));
        assert_eq!(refusal(&code(Format::C10, 1, 4), NOW), None);
        assert_eq!(refusal(&code(Format::C10, 1, 5), NOW), Some(Refusal::NotIssued));
    }

    #[test]
    fn revoked_and_expired_codes_are_refused() {
        for serial in [7, 9] {
            assert_eq!(refusal(&code(Format::C12, 1, serial), NOW), Some(Refusal::Revoked));
        }
        assert_eq!(refusal(&code(Format::C12, 1, 8), NOW), None);
        assert_eq!(refusal(&code(Format::C12, 2, 8), NOW), Some(Refusal::Revoked));
        assert_eq!(refusal(&code(Format::C12, 1, 8), "2026-12-31T22:59:59Z"), None);
        assert_eq!(refusal(&code(Format::C12, 1, 8), "2026-12-31T23:00:00Z"), Some(Refusal::Expired));
    }

    #[test]
    fn a_good_code_names_the_one_promotion_it_stands_for() {
        let issued = Issued::parse(LIST).unwrap();
        let verifier = Verifier::new(&KeySet::new([3; 32]));
        let now = Instant::parse(NOW).unwrap();
        match issued.inspect(&verifier, &code(Format::C12, 1, 3), now) {
            Inspected::Good(opened, batch) => {
                assert_eq!((opened.serial, batch.promotion.as_str()), (3, "thanks-5"));
            }
            other => panic!("{other:?}"),
        }
    }

    /// Case 13 of the attack list, as far as codes go: no two refusals can be told apart.
    #[test]
    fn attack_13_unknown_expired_and_revoked_codes_give_the_same_bytes() {
        let issued = Issued::parse(LIST).unwrap();
        let verifier = Verifier::new(&KeySet::new([3; 32]));
        let late = Instant::parse("2027-06-01T00:00:00Z").unwrap();
        let genuine = parse(&code(Format::C12, 1, 8)).unwrap();
        let forged = TypedCode::from_parts(Format::C12, 0, genuine.body() ^ 1).canonical();
        let withdrawn = CodeKey::derive(&[3; 32], 2).mint(Format::C12, 1, 8).unwrap().canonical();
        let answers: Vec<(Inspected<'_>, String)> =
            [&forged, &withdrawn, &code(Format::C12, 1, 100), &code(Format::C12, 2, 8), &code(Format::C12, 1, 8)]
                .into_iter()
                .map(|text| issued.inspect(&verifier, text, late))
                .map(|inspected| (inspected, serde_json::to_string(&inspected.told()).unwrap()))
                .collect();
        let reasons = [Refusal::Forged, Refusal::Key, Refusal::NotIssued, Refusal::Revoked, Refusal::Expired];
        for ((inspected, told), reason) in answers.iter().zip(reasons) {
            assert_eq!(*inspected, Inspected::Refused(reason));
            assert_eq!(told, r#"{"verdict":"unknown"}"#);
        }
    }

    #[test]
    fn a_broken_list_is_refused_at_its_path() {
        let entry = |fields: &str| format!(r#"{{"v":1,"batches":[{{"promotion":"p",{fields}}}]}}"#);
        for (text, path) in [
            (r#"{"v":2,"batches":[]}"#.to_owned(), "v"),
            (entry(r#""kid":4,"batch":0,"issued":1"#), "batches[0].kid"),
            (entry(r#""kid":0,"batch":4096,"issued":1"#), "batches[0].batch"),
            (entry(r#""kid":0,"batch":0,"issued":1048577"#), "batches[0].issued"),
            (
                r#"{"v":1,"batches":[{"promotion":"a","kid":0,"batch":0,"issued":1},{"promotion":"b","kid":0,"batch":0,"issued":1}]}"#.to_owned(),
                "batches[1].batch",
            ),
        ] {
            assert_eq!(Issued::parse(&text).unwrap_err().path, path, "{text}");
        }
    }
}
