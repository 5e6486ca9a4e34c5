//! Did the shop really send this? HMAC-SHA256 over the bytes as they came, compared in constant time.

use core::fmt;

use base64ct::{Base64, Encoding};
use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use subtle::{Choice, ConstantTimeEq};
use zeroize::Zeroize;

use crate::reject::{Code, Error};
use crate::word::words;

words! {
    /// How a signature is written.
    SignatureText {
        /// Base64 with padding: Shopify and WooCommerce.
        Base64 = "base64",
        /// Hexadecimal digits in lower case: Shopware.
        Hex = "hex",
    }
}

/// A secret that a platform signs with. Wiped when dropped, shown nowhere.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "PlatformSecret"))]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    /// The secret of this text.
    #[must_use]
    pub const fn new(text: String) -> Self {
        Self(text)
    }

    /// Its bytes.
    pub(super) const fn bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl Drop for Secret {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

fn mac(secret: &[u8], message: &[u8]) -> [u8; 32] {
    // A key of any length is a key; where there could be none, the block of zeros is what HMAC makes of it.
    let mut mac = Hmac::<Sha256>::new_from_slice(secret).unwrap_or_else(|_| Hmac::new(&[0; 64].into()));
    mac.update(message);
    mac.finalize().into_bytes().into()
}

/// The signature of a message, as the platform writes it.
///
/// ```
/// use zugabe::plug::{SignatureText, sign};
/// let signed = sign(b"key", b"The quick brown fox jumps over the lazy dog", SignatureText::Hex);
/// assert_eq!(signed, "f7bc83f430538424b13298e6aa6fb143ef4d59a14946175997479dbc2d1a3cd8");
/// ```
#[must_use]
pub fn sign(secret: &[u8], message: &[u8], text: SignatureText) -> String {
    let mac = mac(secret, message);
    match text {
        SignatureText::Base64 => Base64::encode_string(&mac),
        SignatureText::Hex => crate::order::import::hex(&mac),
    }
}

/// Whether one of the secrets signed the message: two of them while they are exchanged. The time it takes depends on how
/// many secrets there are and how long the message is, not on what they are; an empty secret signs nothing.
#[must_use]
pub fn verify(secrets: &[Secret], message: &[u8], given: &str, text: SignatureText) -> bool {
    let given = decode(given, text);
    // Without a secret the same work is done, so that an unknown shop takes no less time than a known one.
    let none = [Secret::new(String::new())];
    let secrets = if secrets.is_empty() { &none[..] } else { secrets };
    let found = secrets.iter().fold(Choice::from(0), |found, secret| {
        let equal = mac(secret.bytes(), message).ct_eq(&given.unwrap_or([0; 32]));
        found | (equal & Choice::from(u8::from(!secret.bytes().is_empty())))
    });
    bool::from(found & Choice::from(u8::from(given.is_some())))
}

/// The 32 bytes of a signature; `None` for anything else, spaces and line ends included.
fn decode(text: &str, kind: SignatureText) -> Option<[u8; 32]> {
    let mut bytes = [0; 32];
    match kind {
        SignatureText::Base64 => {
            let mut room = [0; 33];
            let read = Base64::decode(text.as_bytes(), &mut room).ok()?;
            bytes.copy_from_slice((read.len() == 32).then_some(read)?);
        }
        SignatureText::Hex => {
            let digits = text.as_bytes();
            let digit = |byte: u8| match byte {
                b'0'..=b'9' => Some(byte - b'0'),
                b'a'..=b'f' => Some(byte - b'a' + 10),
                _ => None,
            };
            if digits.len() != 64 {
                return None;
            }
            for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
                *byte = digit(pair[0])? << 4 | digit(pair[1])?;
            }
        }
    }
    Some(bytes)
}

/// What everybody is told whose signature does not hold, whatever the reason: an unknown shop, no signature, a wrong one,
/// one that is too old.
pub(super) fn refused() -> Error {
    Error::new(Code::BadSignature, "The signature of this request does not hold.")
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: &[u8] = br#"{"id":820982911946154508,"total_price":"403.00"}"#;

    fn secrets(texts: &[&str]) -> Vec<Secret> {
        texts.iter().map(|text| Secret::new((*text).to_owned())).collect()
    }

    #[test]
    fn a_signature_holds_for_its_bytes_alone_in_both_spellings() {
        for text in [SignatureText::Base64, SignatureText::Hex] {
            let signed = sign(b"shpss_1", BODY, text);
            let ours = secrets(&["shpss_1"]);
            assert!(verify(&ours, BODY, &signed, text));
            let mut other = BODY.to_vec();
            other[20] ^= 1;
            assert!(!verify(&ours, &other, &signed, text), "tampered body");
            assert!(!verify(&secrets(&["shpss_2"]), BODY, &signed, text), "another secret");
            assert!(!verify(&ours, BODY, &signed[..signed.len() - 1], text), "cut off");
            assert!(!verify(&ours, BODY, &format!("{signed} "), text), "with a space");
            assert!(!verify(&ours, BODY, "", text));
            let last = if signed.ends_with('=') { signed.len() - 2 } else { signed.len() - 1 };
            let mut tampered = signed.clone().into_bytes();
            tampered[last] = if tampered[last] == b'0' { b'4' } else { b'0' };
            assert!(!verify(&ours, BODY, core::str::from_utf8(&tampered).unwrap(), text), "another signature");
        }
    }

    #[test]
    fn while_secrets_are_exchanged_both_hold_and_no_third() {
        let signed = |secret: &[u8]| sign(secret, BODY, SignatureText::Hex);
        let both = secrets(&["new", "old"]);
        assert!(verify(&both, BODY, &signed(b"new"), SignatureText::Hex));
        assert!(verify(&both, BODY, &signed(b"old"), SignatureText::Hex));
        assert!(!verify(&both, BODY, &signed(b"older"), SignatureText::Hex));
    }

    #[test]
    fn an_empty_secret_and_no_secret_sign_nothing() {
        let signed = sign(b"", BODY, SignatureText::Base64);
        assert!(!verify(&secrets(&[""]), BODY, &signed, SignatureText::Base64));
        assert!(!verify(&[], BODY, &signed, SignatureText::Base64));
    }

    #[test]
    fn no_debug_text_shows_a_secret() {
        assert_eq!(format!("{:?}", secrets(&["shpss_1"])), "[Secret(…)]");
    }
}
