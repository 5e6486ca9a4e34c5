//! Which link is that? LT1 tokens for links and QR codes: signed, expiring, never typed by hand.
//!
//! 18 bytes in clear (nothing in them is secret) and a tag over `LT1\0` and these bytes, as base64url. Whoever holds
//! the key can verify it offline and the tag is proof; that it was used before, only the books know.

use base64ct::{Base64UrlUnpadded, Encoding};
use hmac::Mac;
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq;

use super::c12::{derive, keyed};
use super::check::CodeVerdict;
use super::keys::{KeySet, Slot, SlotState, TokenKind};
use crate::reject::{Code, Error, Result};
use crate::time::Instant;

const HEAD: usize = 18;
const HMAC_TAG: usize = 16;
const SIGNATURE: usize = 64;
/// Version 1 in the upper half of the first byte.
const VERSION: u8 = 0x10;

/// What a link token is to say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TokenRequest {
    /// The key slot; absent, the active one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kid: Option<u8>,
    /// The campaign.
    pub campaign: u32,
    /// The serial: below 2^48.
    pub serial: u64,
    /// The token is good through the minute of this instant.
    pub expires_at: Instant,
    /// 16 bits for the host: what they mean is the host's affair.
    #[serde(default)]
    pub flags: u16,
}

/// The answer to a token. Everything that is not good reads `unknown` and says no more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct VerifiedToken {
    /// `ok` or `unknown`.
    pub verdict: CodeVerdict,
    /// The key slot, when the verdict is `ok`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kid: Option<u8>,
    /// The campaign, when the verdict is `ok`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub campaign: Option<u32>,
    /// The serial, when the verdict is `ok`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub serial: Option<u64>,
    /// The last minute in which it is good, when the verdict is `ok`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Instant>,
    /// The host's 16 bits, when the verdict is `ok`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub flags: Option<u16>,
}

/// The token of a request.
///
/// # Errors
/// `key_unavailable` when the slot may not mint or its kind is not built in; `out_of_range` for a serial of more than
/// 48 bits or an expiry that four bytes of minutes cannot hold.
pub fn mint_token(keys: &KeySet, request: &TokenRequest) -> Result<String> {
    let (kid, slot) = keys.minting(request.kid)?;
    if request.serial >> 48 != 0 {
        return Err(Error::at(Code::OutOfRange, "serial", "A serial must be below 2^48."));
    }
    let minute = u32::try_from(request.expires_at.unix().div_euclid(60)).map_err(|_| {
        Error::at(Code::OutOfRange, "expiresAt", "A token can expire between the years 1970 and 9999 only.")
    })?;
    let mut bytes = Vec::with_capacity(HEAD + SIGNATURE);
    bytes.push(VERSION | algorithm(slot.token()));
    bytes.push(kid);
    bytes.extend(request.campaign.to_be_bytes());
    bytes.extend(&request.serial.to_be_bytes()[2..]);
    bytes.extend(minute.to_be_bytes());
    bytes.extend(request.flags.to_be_bytes());
    match slot.token() {
        TokenKind::Hmac => {
            let tag = hmac_tag(slot, kid, &bytes);
            bytes.extend(tag);
        }
        TokenKind::Ed25519 => {
            let signature = ed25519::sign(slot, kid, &signed(&bytes))?;
            bytes.extend(signature);
        }
    }
    Ok(Base64UrlUnpadded::encode_string(&bytes))
}

/// Checks a token with the key set.
#[must_use]
pub fn verify_token(keys: &KeySet, token: &str, now: Instant) -> VerifiedToken {
    let opened = decode(token).and_then(|bytes| {
        let (head, tag) = bytes.split_at(HEAD);
        let slot = keys.slot(head[1]).filter(|slot| slot.state() != SlotState::Withdrawn)?;
        // The slot says how its tokens are signed; a token that claims otherwise is refused, whatever its tag.
        let kind = slot.token();
        let genuine = head[0] == VERSION | algorithm(kind)
            && match kind {
                TokenKind::Hmac => bool::from(hmac_tag(slot, head[1], head).ct_eq(tag)),
                TokenKind::Ed25519 => ed25519::verify_with_slot(slot, head[1], &signed(head), tag),
            };
        read(head, now).filter(|_| genuine)
    });
    opened.unwrap_or(UNKNOWN)
}

const UNKNOWN: VerifiedToken = VerifiedToken {
    verdict: CodeVerdict::Unknown,
    kid: None,
    campaign: None,
    serial: None,
    expires_at: None,
    flags: None,
};

const fn algorithm(kind: TokenKind) -> u8 {
    match kind {
        TokenKind::Hmac => 1,
        TokenKind::Ed25519 => 2,
    }
}

/// Whether a text has the length and the letters of a link token: nothing is said about its tag.
///
/// ```
/// use zugabe::code::looks_like_token;
/// assert!(looks_like_token("EQMAAAAqAAAHW80VAbqBQAABKdHNAB_yBGPygcBdLrs4gQ"));
/// assert!(!looks_like_token("03VC-1S2Q-4HX0"));
/// ```
#[must_use]
pub fn looks_like_token(text: &str) -> bool {
    let known = [HMAC_TAG, SIGNATURE].map(|tag| (HEAD + tag).div_ceil(3) * 4 - (3 - (HEAD + tag) % 3) % 3);
    known.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

/// The bytes of a token of a known length, if this is their one spelling.
fn decode(token: &str) -> Option<Vec<u8>> {
    if !looks_like_token(token) {
        return None;
    }
    let bytes = Base64UrlUnpadded::decode_vec(token).ok()?;
    // The last character has bits to spare: only one of its spellings may be good, or a token could be used twice.
    (Base64UrlUnpadded::encode_string(&bytes) == token).then_some(bytes)
}

/// What the clear part says, if the token has not expired.
fn read(head: &[u8], now: Instant) -> Option<VerifiedToken> {
    let number = |range: core::ops::Range<usize>| head[range].iter().fold(0_u64, |n, byte| n << 8 | u64::from(*byte));
    let minute = number(12..16) as i64;
    (now.unix().div_euclid(60) <= minute).then(|| VerifiedToken {
        verdict: CodeVerdict::Ok,
        kid: Some(head[1]),
        campaign: Some(number(2..6) as u32),
        serial: Some(number(6..12)),
        expires_at: Some(Instant::from_unix(minute * 60)),
        flags: Some(number(16..18) as u16),
    })
}

/// What the tag stands over: the name of the format keeps it apart from every other use of the key.
fn signed(head: &[u8]) -> Vec<u8> {
    [b"LT1\0", head].concat()
}

fn token_key(slot: &Slot, kid: u8) -> zeroize::Zeroizing<[u8; 32]> {
    derive(slot.secret(), &[b"code/LT1/kid", &[b'0' + (kid & 3)]])
}

fn hmac_tag(slot: &Slot, kid: u8, head: &[u8]) -> [u8; HMAC_TAG] {
    let mut mac = keyed(&token_key(slot, kid));
    mac.update(&signed(head));
    let whole: [u8; 32] = mac.finalize().into_bytes().into();
    core::array::from_fn(|i| whole[i])
}

/// Signatures, when they are built in: the feature `ed25519`.
#[cfg(feature = "ed25519")]
mod ed25519 {
    use ed25519_dalek::{Signature, Signer, SigningKey};

    use super::{Slot, token_key};
    use crate::reject::Result;

    pub(super) fn key(slot: &Slot, kid: u8) -> SigningKey {
        SigningKey::from_bytes(&token_key(slot, kid))
    }

    pub(super) fn sign(slot: &Slot, kid: u8, message: &[u8]) -> Result<[u8; 64]> {
        Ok(key(slot, kid).sign(message).to_bytes())
    }

    pub(super) fn verify_with_slot(slot: &Slot, kid: u8, message: &[u8], tag: &[u8]) -> bool {
        verify(&key(slot, kid).verifying_key(), message, tag)
    }

    /// Strict: a signature has one spelling, and weak public keys are refused.
    pub(super) fn verify(key: &ed25519_dalek::VerifyingKey, message: &[u8], tag: &[u8]) -> bool {
        Signature::from_slice(tag).is_ok_and(|signature| key.verify_strict(message, &signature).is_ok())
    }
}

#[cfg(not(feature = "ed25519"))]
mod ed25519 {
    use super::Slot;
    use crate::reject::{Code, Error, Result};

    pub(super) fn sign(_: &Slot, kid: u8, _: &[u8]) -> Result<[u8; 64]> {
        Err(Error::at(
            Code::KeyUnavailable,
            "kid",
            format!("Slot {kid} signs with Ed25519, and this build of Zugabe has no Ed25519."),
        ))
    }

    pub(super) const fn verify_with_slot(_: &Slot, _: u8, _: &[u8], _: &[u8]) -> bool {
        false
    }
}

#[cfg(feature = "ed25519")]
pub use public::{PublicKey, PublicKeys, public_keys, verify_token_public};

/// Verification by who cannot mint: a till, a partner, a page.
#[cfg(feature = "ed25519")]
mod public {
    use base64ct::{Base64UrlUnpadded, Encoding};
    use serde::{Deserialize, Serialize};

    use super::{HEAD, UNKNOWN, VERSION, VerifiedToken, algorithm, decode, ed25519, read, signed};
    use crate::code::keys::{KeySet, SlotState, TokenKind};
    use crate::reject::{Code, Error, Result};
    use crate::time::Instant;

    /// The public keys of a key set: may be given to anyone.
    #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
    #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
    #[serde(rename_all = "camelCase", deny_unknown_fields)]
    pub struct PublicKeys {
        /// The version: 1.
        pub v: u32,
        /// One key per slot that signs with Ed25519 and is not withdrawn.
        pub keys: Vec<PublicKey>,
    }

    /// The public key of a slot.
    #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
    #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
    #[serde(rename_all = "camelCase", deny_unknown_fields)]
    pub struct PublicKey {
        /// The slot: 0 to 3.
        pub kid: u8,
        /// 32 bytes in base64url without padding.
        pub key: String,
    }

    /// The public keys of a key set.
    #[must_use]
    pub fn public_keys(keys: &KeySet) -> PublicKeys {
        let of = |kid: u8| {
            let slot = keys.slot(kid).filter(|slot| slot.state() != SlotState::Withdrawn)?;
            let public = || Base64UrlUnpadded::encode_string(ed25519::key(slot, kid).verifying_key().as_bytes());
            (slot.token() == TokenKind::Ed25519).then(|| PublicKey { kid, key: public() })
        };
        PublicKeys { v: 1, keys: (0..4).filter_map(of).collect() }
    }

    /// Checks a token with public keys alone.
    ///
    /// # Errors
    /// `unsupported_version`, or `invalid_keys` with the path of a key that is none.
    pub fn verify_token_public(keys: &PublicKeys, token: &str, now: Instant) -> Result<VerifiedToken> {
        if keys.v != 1 {
            return Err(Error::at(Code::UnsupportedVersion, "v", "These public keys have another version than 1."));
        }
        let Some(bytes) = decode(token) else { return Ok(UNKNOWN) };
        let (head, tag) = bytes.split_at(HEAD);
        let Some(index) = keys.keys.iter().position(|key| key.kid == head[1]) else { return Ok(UNKNOWN) };
        let mut public = [0; 32];
        let whole = Base64UrlUnpadded::decode(&keys.keys[index].key, &mut public).is_ok_and(|bytes| bytes.len() == 32);
        let key = whole.then(|| ed25519_dalek::VerifyingKey::from_bytes(&public).ok()).flatten().ok_or_else(|| {
            Error::at(Code::InvalidKeys, format!("keys[{index}].key"), "This is no Ed25519 public key.")
        })?;
        let genuine = head[0] == VERSION | algorithm(TokenKind::Ed25519) && ed25519::verify(&key, &signed(head), tag);
        Ok(read(head, now).filter(|_| genuine).unwrap_or(UNKNOWN))
    }
}

/// [`mint_token`] with the key file and the [`TokenRequest`] as text.
///
/// # Errors
/// Those of [`KeySet::parse`], [`parse_json`](crate::reject::parse_json) and [`mint_token`].
pub fn mint_token_text(keys: &str, request: &str) -> Result<String> {
    let keys = KeySet::parse(keys).map_err(|error| error.under("keys"))?;
    mint_token(&keys, &crate::reject::parse_json(request)?)
}

/// [`verify_token`] with the key file and the instant as text.
///
/// # Errors
/// Those of [`KeySet::parse`], and `invalid_date` for an instant that is none.
pub fn verify_token_text(keys: &str, token: &str, now: &str) -> Result<VerifiedToken> {
    let keys = KeySet::parse(keys).map_err(|error| error.under("keys"))?;
    Ok(verify_token(&keys, token, Instant::parse(now).map_err(|error| error.under("now"))?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const EXAMPLE: &str = "EQMAAAAqAAAHW80VAbqBQAABKdHNAB_yBGPygcBdLrs4gQ";

    fn keys(kid: u8, token: &str) -> KeySet {
        let secret = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";
        KeySet::parse(&format!(
            r#"{{"v":1,"slots":[{{"kid":{kid},"state":"active","token":"{token}","secret":"{secret}"}}]}}"#
        ))
        .unwrap()
    }

    fn request() -> TokenRequest {
        let expires_at = Instant::from_unix(29_000_000 * 60);
        TokenRequest { kid: None, campaign: 42, serial: 123_456_789, expires_at, flags: 1 }
    }

    fn before() -> Instant {
        Instant::from_unix(28_000_000 * 60)
    }

    #[test]
    fn the_worked_example_holds() {
        let keys = keys(3, "hmac");
        let slot = keys.slot(3).unwrap();
        assert_eq!(
            crate::code::keys::hex(&token_key(slot, 3)[..]),
            "1b3f6814b90dacebe6ebcd8a7f9c703cfff4fc29f31d2895f11db3170e411385"
        );
        assert_eq!(mint_token(&keys, &request()).unwrap(), EXAMPLE);
        let verified = verify_token(&keys, EXAMPLE, before());
        assert_eq!(verified.verdict, CodeVerdict::Ok);
        assert_eq!((verified.kid, verified.campaign, verified.serial), (Some(3), Some(42), Some(123_456_789)));
        assert_eq!((verified.expires_at, verified.flags), (Some(request().expires_at), Some(1)));
    }

    #[test]
    fn a_token_is_good_through_its_last_minute_and_not_a_second_longer() {
        let keys = keys(3, "hmac");
        let last = request().expires_at;
        for (now, verdict) in [(59, CodeVerdict::Ok), (60, CodeVerdict::Unknown)] {
            assert_eq!(verify_token(&keys, EXAMPLE, last.plus(now)).verdict, verdict, "{now}");
        }
    }

    #[test]
    fn every_changed_bit_is_refused() {
        let keys = keys(3, "hmac");
        let bytes = Base64UrlUnpadded::decode_vec(EXAMPLE).unwrap();
        for bit in 0..bytes.len() * 8 {
            let mut other = bytes.clone();
            other[bit / 8] ^= 1 << (bit % 8);
            let text = Base64UrlUnpadded::encode_string(&other);
            assert_eq!(verify_token(&keys, &text, before()), UNKNOWN, "bit {bit}");
        }
    }

    #[test]
    fn a_token_has_one_spelling() {
        let keys = keys(3, "hmac");
        let changed = [
            format!("{}h", &EXAMPLE[..45]),
            format!("{EXAMPLE}="),
            format!(" {EXAMPLE}"),
            EXAMPLE.replace('_', "/"),
            EXAMPLE.to_lowercase(),
            String::new(),
            "A".repeat(1_000_000),
        ];
        for text in changed {
            assert_eq!(verify_token(&keys, &text, before()), UNKNOWN);
        }
    }

    #[test]
    fn what_does_not_fit_into_a_token_is_refused() {
        let keys = keys(3, "hmac");
        let refused = |change: &dyn Fn(&mut TokenRequest)| {
            let mut request = request();
            change(&mut request);
            mint_token(&keys, &request).unwrap_err().path
        };
        assert_eq!(refused(&|r| r.serial = 1 << 48), "serial");
        assert_eq!(refused(&|r| r.expires_at = Instant::from_unix(-1)), "expiresAt");
        assert_eq!(refused(&|r| r.kid = Some(0)), "kid");
    }

    #[test]
    fn a_withdrawn_slot_verifies_no_token() {
        let mut keys = keys(3, "hmac");
        keys.withdraw(3).unwrap();
        assert_eq!(verify_token(&keys, EXAMPLE, before()), UNKNOWN);
    }

    #[cfg(not(feature = "ed25519"))]
    #[test]
    fn without_ed25519_its_slots_neither_mint_nor_verify() {
        let keys = keys(3, "ed25519");
        assert_eq!(mint_token(&keys, &request()).unwrap_err().code, Code::KeyUnavailable);
        assert_eq!(verify_token(&keys, EXAMPLE, before()), UNKNOWN);
    }

    #[cfg(feature = "ed25519")]
    #[test]
    fn who_has_the_public_key_can_verify_and_a_changed_bit_is_refused() {
        let keys = keys(2, "ed25519");
        let token = mint_token(&keys, &request()).unwrap();
        assert_eq!(token.len(), 110);
        let public = public_keys(&keys);
        let verified = verify_token_public(&public, &token, before()).unwrap();
        assert_eq!(verified, verify_token(&keys, &token, before()));
        assert_eq!((verified.verdict, verified.kid), (CodeVerdict::Ok, Some(2)));
        let bytes = Base64UrlUnpadded::decode_vec(&token).unwrap();
        for bit in (0..bytes.len() * 8).step_by(5) {
            let mut other = bytes.clone();
            other[bit / 8] ^= 1 << (bit % 8);
            let text = Base64UrlUnpadded::encode_string(&other);
            assert_eq!(verify_token_public(&public, &text, before()).unwrap(), UNKNOWN, "bit {bit}");
        }
        let broken = PublicKeys { v: 1, keys: vec![PublicKey { kid: 2, key: "AAAA".to_owned() }] };
        assert_eq!(verify_token_public(&broken, &token, before()).unwrap_err().path, "keys[0].key");
    }

    /// Case 21 of the attack list: the algorithm byte says HMAC, the tag is made with the public key.
    #[cfg(feature = "ed25519")]
    #[test]
    fn attack_21_a_public_key_used_as_hmac_key_is_refused() {
        let keys = keys(2, "ed25519");
        let token = mint_token(&keys, &request()).unwrap();
        let mut head = Base64UrlUnpadded::decode_vec(&token).unwrap()[..HEAD].to_vec();
        head[0] = VERSION | 1;
        let mut public = [0; 32];
        Base64UrlUnpadded::decode(&public_keys(&keys).keys[0].key, &mut public).unwrap();
        let mut mac = keyed(&public);
        mac.update(&signed(&head));
        head.extend(&mac.finalize().into_bytes()[..HMAC_TAG]);
        let forged = Base64UrlUnpadded::encode_string(&head);
        assert_eq!(verify_token(&keys, &forged, before()), UNKNOWN);
        assert_eq!(verify_token_public(&public_keys(&keys), &forged, before()).unwrap(), UNKNOWN);
    }

    /// Case 21 again, without Ed25519: the right HMAC under the wrong algorithm byte.
    #[test]
    fn attack_21_a_token_that_claims_another_algorithm_than_its_slot_is_refused() {
        let keys = keys(3, "hmac");
        let mut bytes = Base64UrlUnpadded::decode_vec(EXAMPLE).unwrap()[..HEAD].to_vec();
        bytes[0] = VERSION | 2;
        let tag = hmac_tag(keys.slot(3).unwrap(), 3, &bytes);
        bytes.extend(tag);
        assert_eq!(verify_token(&keys, &Base64UrlUnpadded::encode_string(&bytes), before()), UNKNOWN);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]

        #[test]
        fn arbitrary_bytes_never_panic_and_are_no_token(
            bytes in proptest::collection::vec(any::<u8>(), 0..140),
            letters in "[A-Za-z0-9_-]{46}|[A-Za-z0-9_-]{110}",
        ) {
            for text in [&*String::from_utf8_lossy(&bytes), &letters] {
                prop_assert_eq!(verify_token(&keys(3, "hmac"), text, before()), UNKNOWN);
                prop_assert_eq!(verify_token(&keys(3, "ed25519"), text, before()), UNKNOWN);
            }
        }

        #[test]
        fn a_token_says_what_was_asked(campaign in any::<u32>(), serial in 0_u64..1 << 48, minute in 0_u32..4_223_371_680, flags in any::<u16>()) {
            let expires_at = Instant::from_unix(i64::from(minute) * 60);
            let request = TokenRequest { kid: None, campaign, serial, expires_at, flags };
            let token = mint_token(&keys(1, "hmac"), &request).unwrap();
            let verified = verify_token(&keys(1, "hmac"), &token, expires_at);
            prop_assert_eq!((verified.campaign, verified.serial, verified.flags), (Some(campaign), Some(serial), Some(flags)));
            prop_assert_eq!(verified.expires_at, Some(expires_at));
        }
    }
}
