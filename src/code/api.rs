//! How do the shells mint and verify? The keyed half, as documents in and out.

use serde::{Deserialize, Serialize};

use super::batch::Minter;
use super::c12::Verifier;
use super::check::{CodeVerdict, Format, parse};
use super::keys::{KeySet, hex};
use super::security::check_live_codes;
use crate::reject::{Code, Error, Result, parse_json};

/// The answer of the check with the key set. Everything that is well formed and not ours reads `unknown`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Verified {
    /// The verdict.
    pub verdict: CodeVerdict,
    /// The batch, when the verdict is `ok`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub batch: Option<u32>,
    /// The serial in the batch, when the verdict is `ok`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub serial: Option<u32>,
    /// The key slot, when the verdict is `ok`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kid: Option<u8>,
}

impl Verified {
    pub(super) const fn not(verdict: CodeVerdict) -> Self {
        Self { verdict, batch: None, serial: None, kid: None }
    }
}

/// What to mint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MintRequest {
    /// `c12` (default) or `c10`.
    #[serde(default)]
    pub format: Format,
    /// The key slot; absent, the active one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kid: Option<u8>,
    /// The batch: 0 to 4,095 (C12) or 63 (C10).
    pub batch: u32,
    /// The first serial: 0 to 1,048,575.
    #[serde(default)]
    pub start: u32,
    /// How many codes.
    pub count: u32,
}

/// One minted code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Minted {
    /// The canonical code.
    pub code: String,
    /// The code as it is shown.
    pub shown_code: String,
    /// Its batch.
    pub batch: u32,
    /// Its serial.
    pub serial: u32,
}

impl Verifier {
    /// Checks what a person typed. For many codes, keep the verifier: it derives the keys once.
    #[must_use]
    pub fn verify(&self, text: &str) -> Verified {
        match parse(text) {
            Err(verdict) => Verified::not(verdict),
            Ok(code) => self.open(code).map_or(Verified::not(CodeVerdict::Unknown), |opened| Verified {
                verdict: CodeVerdict::Ok,
                batch: Some(opened.batch),
                serial: Some(opened.serial),
                kid: Some(opened.kid),
            }),
        }
    }
}

/// Checks one code with the key set.
///
/// ```
/// use zugabe::code::{CodeVerdict, KeySet, verify};
/// let keys = KeySet::new(std::array::from_fn(|i| i as u8));
/// let verified = verify(&keys, "03vc 1s2q 4hx0");
/// assert_eq!((verified.verdict, verified.batch, verified.serial), (CodeVerdict::Ok, Some(7), Some(123_456)));
/// ```
#[must_use]
pub fn verify(keys: &KeySet, text: &str) -> Verified {
    Verifier::new(keys).verify(text)
}

/// The codes of a request, all at once. For many, take [`Minter`]: it streams.
///
/// # Errors
/// `key_unavailable` when no slot may mint; `out_of_range` when batch, start or count do not fit the format, or so many
/// codes of it would be too easy to guess ([`check_live_codes`]).
pub fn mint(keys: &KeySet, request: &MintRequest) -> Result<Vec<Minted>> {
    let minter = Minter::new(keys, request.format, request.kid, request.batch, request.start)?;
    check_live_codes(request.format, u64::from(request.count))?;
    let left = request.format.serials() - request.start;
    let count = request.count as usize;
    let codes: Vec<Minted> = if request.count > left { Vec::new() } else { minter.take(count).collect() };
    if codes.len() < count {
        return Err(Error::at(
            Code::OutOfRange,
            "count",
            format!("From serial {} on the batch has fewer than {count} codes left: begin a new batch.", request.start),
        ));
    }
    Ok(codes)
}

/// The key under which a key set hashes e-mail addresses, as 64 hexadecimal digits: `hashKey` of an import's options, so that
/// orders that are read with it name people as whatever else has these keys does.
///
/// # Errors
/// Those of [`KeySet::parse`].
pub fn email_key_text(keys: &str) -> Result<String> {
    let keys = KeySet::parse(keys).map_err(|error| error.under("keys"))?;
    Ok(hex(&keys.email_key()))
}

/// [`verify()`] with the key file as text.
///
/// # Errors
/// Those of [`KeySet::parse`].
pub fn verify_text(keys: &str, code: &str) -> Result<Verified> {
    Ok(verify(&KeySet::parse(keys).map_err(|error| error.under("keys"))?, code))
}

/// [`mint()`] with the key file and the [`MintRequest`] as text.
///
/// # Errors
/// Those of [`KeySet::parse`], [`parse_json`] and [`mint()`].
pub fn mint_text(keys: &str, request: &str) -> Result<Vec<Minted>> {
    mint(&KeySet::parse(keys).map_err(|error| error.under("keys"))?, &parse_json(request)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::code::check;

    const KEYS: &str = r#"{"v":1,"slots":[{"kid":0,"state":"active","secret":"000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"}]}"#;

    fn refused(request: &str) -> (Code, String) {
        let error = mint_text(KEYS, request).unwrap_err();
        (error.code, error.path)
    }

    #[test]
    fn the_answer_has_the_documented_shape() {
        let minted = mint_text(KEYS, r#"{"batch":7,"start":123456,"count":1}"#).unwrap();
        assert_eq!(
            crate::canonical::text(&minted).unwrap(),
            r#"[{"batch":7,"code":"03VC1S2Q4HX0","serial":123456,"shownCode":"03VC-1S2Q-4HX0"}]"#
        );
        let verified = verify_text(KEYS, "03VC-1S2Q-4HX0").unwrap();
        assert_eq!(crate::canonical::text(&verified).unwrap(), r#"{"batch":7,"kid":0,"serial":123456,"verdict":"ok"}"#);
        assert_eq!(crate::canonical::text(&check("03VC-1S2Q-4HX1")).unwrap(), r#"{"verdict":"typo"}"#);
    }

    #[test]
    fn what_cannot_be_minted_is_refused_at_its_path() {
        for (request, code, path) in [
            (r#"{"batch":4096,"count":1}"#, Code::OutOfRange, "batch"),
            (r#"{"format":"c10","batch":64,"count":1}"#, Code::OutOfRange, "batch"),
            (r#"{"batch":0,"start":1048576,"count":1}"#, Code::OutOfRange, "start"),
            (r#"{"batch":0,"start":1048570,"count":7}"#, Code::OutOfRange, "count"),
            (r#"{"batch":0,"count":4294967295}"#, Code::OutOfRange, "count"),
            (r#"{"format":"c10","batch":0,"count":10001}"#, Code::OutOfRange, "count"),
            (r#"{"kid":1,"batch":0,"count":1}"#, Code::KeyUnavailable, "kid"),
            (r#"{"batch":0,"count":1,"prefix":"X"}"#, Code::UnknownField, "prefix"),
            (r#"{"batch":-1,"count":1}"#, Code::InvalidValue, "batch"),
            (r#"{"batch":0}"#, Code::MissingField, "count"),
        ] {
            assert_eq!(refused(request), (code, path.to_owned()), "{request}");
        }
        assert_eq!(mint_text("{}", "{}").unwrap_err().path, "keys.v");
    }

    #[test]
    fn a_code_of_another_shop_is_unknown_and_says_nothing_more() {
        let other = KeySet::new([1; 32]);
        assert_eq!(verify(&other, "03VC1S2Q4HX0"), Verified::not(CodeVerdict::Unknown));
        assert_eq!(verify(&other, "03VC1S2Q4HX1"), Verified::not(CodeVerdict::Typo));
    }

    /// Case 22 of the attack list: a withdrawn slot's codes are refused, no other key is tried.
    #[test]
    fn attack_22_a_withdrawn_slot_opens_nothing() {
        let withdrawn = KEYS.replace("active", "withdrawn");
        assert_eq!(verify_text(&withdrawn, "03VC1S2Q4HX0").unwrap(), Verified::not(CodeVerdict::Unknown));
        let verify_only = KEYS.replace("active", "verify_only");
        assert_eq!(verify_text(&verify_only, "03VC1S2Q4HX0").unwrap().serial, Some(123_456));
    }
}
