//! How is a key set written down? A JSON file, or one master secret alone; and no refusal repeats a word of either.

use core::fmt;

use base64ct::{Base64UrlUnpadded, Encoding};
use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, Zeroizing};

use super::keys::{KeySet, SLOTS, Slot, SlotState, TokenKind};
use crate::reject::{Code, Error, Result, parse_json};

/// The key set as a file: JSON, kept secret.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct KeyDocument {
    /// The version: 1.
    pub v: u32,
    /// One to four slots.
    pub slots: Vec<SlotDocument>,
}

/// One slot in the file.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SlotDocument {
    /// The slot: 0 to 3.
    pub kid: u8,
    /// What it may be used for.
    pub state: SlotState,
    /// How its link tokens are signed: `hmac` (default) or `ed25519`.
    #[serde(default, skip_serializing_if = "is_hmac")]
    pub token: TokenKind,
    /// 32 random bytes: base64url without padding (43 characters) or hexadecimal (64 characters).
    pub secret: String,
}

impl Drop for SlotDocument {
    fn drop(&mut self) {
        self.secret.zeroize();
    }
}

impl fmt::Debug for KeyDocument {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(&self.slots).finish()
    }
}

impl fmt::Debug for SlotDocument {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Slot(kid {}, {:?})", self.kid, self.state)
    }
}

fn is_hmac(kind: &TokenKind) -> bool {
    *kind == TokenKind::Hmac
}

impl KeySet {
    /// Reads a key file.
    ///
    /// # Errors
    /// Those of [`parse_json`], `unsupported_version`, and `invalid_keys` or `contradiction` with the path of the
    /// slot. No message repeats anything of the file.
    pub fn parse(text: &str) -> Result<Self> {
        let document: KeyDocument = parse_json(text).map_err(without_content)?;
        Self::read(&document)
    }

    fn read(document: &KeyDocument) -> Result<Self> {
        if document.v != 1 {
            return Err(Error::at(
                Code::UnsupportedVersion,
                "v",
                "This key file has another version than 1: update Zugabe, or use the file it was made with.",
            ));
        }
        if document.slots.is_empty() {
            return Err(Error::at(Code::InvalidKeys, "slots", "The key file has no slot: make one with `keys new`."));
        }
        let mut slots = [const { None }; SLOTS];
        for (index, slot) in document.slots.iter().enumerate() {
            let at = |field: &str, code, message: &str| Err(Error::at(code, format!("slots[{index}]{field}"), message));
            let Some(place) = slots.get_mut(usize::from(slot.kid)) else {
                return at(".kid", Code::InvalidKeys, "A slot is numbered 0, 1, 2 or 3.");
            };
            if place.is_some() {
                return at(".kid", Code::Contradiction, "Two slots have the same number.");
            }
            let Some(secret) = decode(&slot.secret) else {
                return at(
                    ".secret",
                    Code::InvalidKeys,
                    "A secret is 32 bytes: 43 characters of base64url without padding, or 64 hexadecimal digits.",
                );
            };
            *place = Some(Slot::new(slot.state, slot.token, *secret));
        }
        let set = Self::from_slots(slots);
        if set.kids(SlotState::Active).count() > 1 {
            return Err(Error::at(
                Code::Contradiction,
                "slots",
                "Only one slot may be active: set the older one to verify_only.",
            ));
        }
        Ok(set)
    }

    /// Reads what a file or an environment variable holds: a key file, or one master secret alone, which is then the
    /// active slot 0.
    ///
    /// # Errors
    /// As [`KeySet::parse`]; `invalid_keys` when it is neither.
    pub fn parse_or_secret(text: &str) -> Result<Self> {
        let text = text.trim();
        if text.starts_with('{') {
            return Self::parse(text);
        }
        decode(text).map(|secret| Self::new(*secret)).ok_or_else(|| {
            Error::new(
                Code::InvalidKeys,
                "This is neither a key file nor a master secret: a secret is 32 bytes, 43 characters of base64url without \
                 padding or 64 hexadecimal digits.",
            )
        })
    }

    /// The file: JSON, secrets in base64url. Wiped from memory when dropped.
    #[must_use]
    pub fn to_text(&self) -> Zeroizing<String> {
        let mut text = String::with_capacity(512);
        text.push_str("{\n  \"v\": 1,\n  \"slots\": [");
        let slots = (0..SLOTS as u8).filter_map(|kid| Some((kid, self.slot(kid)?)));
        for (index, (kid, slot)) in slots.enumerate() {
            let state = match slot.state() {
                SlotState::Active => "active",
                SlotState::VerifyOnly => "verify_only",
                SlotState::Withdrawn => "withdrawn",
            };
            let secret = Zeroizing::new(Base64UrlUnpadded::encode_string(slot.secret()));
            text.push_str(if index == 0 { "\n" } else { ",\n" });
            text.push_str(&format!("    {{ \"kid\": {kid}, \"state\": \"{state}\", "));
            if slot.token() == TokenKind::Ed25519 {
                text.push_str("\"token\": \"ed25519\", ");
            }
            text.push_str("\"secret\": \"");
            text.push_str(&secret);
            text.push_str("\" }");
        }
        text.push_str("\n  ]\n}\n");
        Zeroizing::new(text)
    }
}

/// A new key file with one active slot. `entropy` must come from the operating system's random source: it is the
/// slot's master secret.
///
/// ```
/// let text = zugabe::code::new_key_set([7; 32]);
/// assert!(zugabe::code::KeySet::parse(&text).is_ok());
/// ```
#[must_use]
pub fn new_key_set(entropy: [u8; 32]) -> String {
    KeySet::new(entropy).to_text().to_string()
}

fn decode(text: &str) -> Option<Zeroizing<[u8; 32]>> {
    let mut secret = Zeroizing::new([0; 32]);
    if text.len() == 64 {
        for (byte, pair) in secret.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
            let digit = |b: u8| char::from(b).to_digit(16);
            *byte = (digit(pair[0])? << 4 | digit(pair[1])?) as u8;
        }
        return Some(secret);
    }
    let complete = Base64UrlUnpadded::decode(text, &mut secret[..]).is_ok_and(|bytes| bytes.len() == 32);
    complete.then_some(secret)
}

/// The same refusal without a word from the file: what was written in the wrong place may be a secret.
fn without_content(error: Error) -> Error {
    let message = match error.code {
        Code::InvalidJson => "The key file is not valid JSON.",
        Code::UnknownField => "The key file has a field that does not belong there.",
        Code::MissingField => "A field is missing here: a key file has v and slots, a slot has kid, state and secret.",
        Code::InvalidType => "This field of the key file has the wrong type.",
        _ => "This value of the key file is not one it can have.",
    };
    // The path of an unknown field ends in its name, and that name may be what somebody pasted.
    let path = if error.code == Code::UnknownField {
        error.path.rsplit_once('.').map_or("", |(parent, _)| parent).to_owned()
    } else {
        error.path
    };
    Error { code: error.code, message: message.to_owned(), path }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEX: &str = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
    const BASE64: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";

    fn file(slots: &str) -> String {
        format!(r#"{{"v":1,"slots":[{slots}]}}"#)
    }

    fn slot(kid: u8, state: &str, secret: &str) -> String {
        format!(r#"{{"kid":{kid},"state":"{state}","secret":"{secret}"}}"#)
    }

    fn refused(text: &str) -> (Code, String) {
        let error = KeySet::parse(text).unwrap_err();
        (error.code, error.path)
    }

    #[test]
    fn both_spellings_of_a_secret_are_the_same_key() {
        for secret in [HEX, &HEX.to_uppercase(), BASE64] {
            let set = KeySet::parse(&file(&slot(0, "active", secret))).unwrap();
            assert_eq!(set.slot(0).unwrap().secret(), &core::array::from_fn::<u8, 32, _>(|i| i as u8));
        }
    }

    #[test]
    fn a_written_key_set_reads_back_the_same() {
        let text = file(&[slot(0, "verify_only", HEX), slot(1, "withdrawn", BASE64), slot(3, "active", HEX)].join(","));
        let set = KeySet::parse(&text).unwrap();
        let again = KeySet::parse(&set.to_text()).unwrap();
        for kid in 0..4 {
            let parts = |set: &KeySet| set.slot(kid).map(|slot| (slot.state(), *slot.secret()));
            assert_eq!(parts(&set), parts(&again), "{kid}");
        }
        assert_eq!(set.minting(None).unwrap().0, 3);
    }

    #[test]
    fn a_broken_key_file_is_refused_at_its_path() {
        let long = "A".repeat(43);
        for (text, code, path) in [
            ("", Code::InvalidJson, ""),
            (r#"{"v":2,"slots":[]}"#, Code::UnsupportedVersion, "v"),
            (r#"{"v":1,"slots":[]}"#, Code::InvalidKeys, "slots"),
            (&file(&slot(4, "active", HEX)), Code::InvalidKeys, "slots[0].kid"),
            (&file(&slot(0, "retired", HEX)), Code::InvalidValue, "slots[0].state"),
            (&file(&slot(0, "active", &HEX[..62])), Code::InvalidKeys, "slots[0].secret"),
            (&file(&slot(0, "active", &HEX.replace('0', "g"))), Code::InvalidKeys, "slots[0].secret"),
            (&file(&slot(0, "active", &format!("{}=", &BASE64[..42]))), Code::InvalidKeys, "slots[0].secret"),
            (&file(r#"{"kid":0,"state":"active"}"#), Code::MissingField, "slots[0].secret"),
            (
                &file(&[slot(2, "active", HEX), slot(2, "verify_only", &long)].join(",")),
                Code::Contradiction,
                "slots[1].kid",
            ),
            (&file(&[slot(0, "active", HEX), slot(1, "active", &long)].join(",")), Code::Contradiction, "slots"),
        ] {
            assert_eq!(refused(text), (code, path.to_owned()), "{text}");
        }
    }

    #[test]
    fn no_error_and_no_debug_text_holds_a_secret() {
        let marked = "c2VjcmV0LW1hcmtlci1zZWNyZXQtbWFya2VyLXNlY3I";
        for text in [
            file(&slot(0, marked, HEX)),
            format!(r#"{{"v":"{marked}","slots":[]}}"#),
            format!(r#"{{"v":1,"slots":"{marked}"}}"#),
            file(&format!(r#"{{"kid":"{marked}","state":"active","secret":"x"}}"#)),
            file(&format!(r#"{{"{marked}":1}}"#)),
            format!(r#"{{"{marked}":1}}"#),
            file(&slot(0, "active", &format!("{marked}{marked}"))),
            marked.to_owned(),
        ] {
            let error = KeySet::parse(&text).unwrap_err();
            assert!(!format!("{error} {error:?}").contains("c2Vjcm"), "{error:?}");
        }
        let set = KeySet::parse(&file(&slot(0, "active", marked))).unwrap();
        let document: KeyDocument = parse_json(&set.to_text()).unwrap();
        let debug = format!("{set:?} {document:?} {:?}", set.slot(0));
        assert!(!debug.contains("c2Vjcm") && !debug.contains("115, 101"), "{debug}");
    }

    #[test]
    fn the_kind_of_token_survives_writing_and_reading() {
        let mut set = KeySet::new([1; 32]);
        set.rotate([2; 32], TokenKind::Ed25519).unwrap();
        let again = KeySet::parse(&set.to_text()).unwrap();
        assert_eq!(again.slot(0).unwrap().token(), TokenKind::Hmac);
        assert_eq!(again.slot(1).unwrap().token(), TokenKind::Ed25519);
    }

    #[test]
    fn a_master_secret_alone_is_the_active_slot_0_and_anything_else_is_refused_without_a_word_of_it() {
        let whole = KeySet::parse(&file(&slot(0, "active", HEX))).unwrap();
        for text in [HEX, BASE64, &format!(" {BASE64}\n"), &file(&slot(0, "active", HEX))] {
            assert_eq!(KeySet::parse_or_secret(text).unwrap().overview(), whole.overview());
        }
        for text in ["", "{", &HEX[..63], &format!("{HEX}0"), &format!("\"{BASE64}\""), "correct horse battery staple"]
        {
            let error = KeySet::parse_or_secret(text).unwrap_err();
            assert!(matches!(error.code, Code::InvalidKeys | Code::InvalidJson), "{error:?}");
            assert!(text.len() < 3 || !error.message.contains(text), "{error:?}");
        }
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig::with_cases(64))]

        #[test]
        fn arbitrary_bytes_as_a_key_file_never_panic(bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..300)) {
            let text = String::from_utf8_lossy(&bytes);
            let _ = KeySet::parse_or_secret(&text);
            // Most bytes are no JSON at all: a file that is one, with such a text in each place.
            let quoted = serde_json::to_string(&text).unwrap();
            for (state, secret) in [(&*quoted, "\"\""), ("\"active\"", &*quoted)] {
                let whole = format!(r#"{{"v":1,"slots":[{{"kid":0,"state":{state},"secret":{secret}}}]}}"#);
                proptest::prop_assert!(KeySet::parse(&whole).is_err());
            }
        }
    }
}
