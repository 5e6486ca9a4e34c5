//! Did we write this text ourselves? A text in clear with a tag: for what a page carries back to us.

use base64ct::{Base64UrlUnpadded, Encoding};
use hmac::Mac;
use subtle::{Choice, ConstantTimeEq};

use super::c12::{derive, keyed};
use super::keys::{KeySet, Slot, SlotState, hex};

impl KeySet {
    /// The text and its tag as base64url, separated by a dot. `None` without an active slot. Sealed for one purpose, it
    /// opens for no other.
    #[must_use]
    pub fn seal(&self, purpose: &str, text: &str) -> Option<String> {
        let slot = self.slot(self.kids(SlotState::Active).next()?)?;
        let encoded = |bytes: &[u8]| Base64UrlUnpadded::encode_string(bytes);
        Some(format!("{}.{}", encoded(text.as_bytes()), encoded(&tag(slot, purpose, text))))
    }

    /// The keyed hash of an e-mail address in lower case, as orders that are read under these keys have it; `None` when
    /// it is no address.
    #[must_use]
    pub fn email_ref(&self, email: &str) -> Option<String> {
        let (local, domain) = email.trim().rsplit_once('@')?;
        if local.is_empty() || domain.is_empty() {
            return None;
        }
        let mut mac = keyed(&self.email_key());
        mac.update(email.trim().to_lowercase().as_bytes());
        Some(hex(&mac.finalize().into_bytes()))
    }

    /// The text of a sealed one; `None` for everything that no usable slot has sealed.
    #[must_use]
    pub fn unseal(&self, purpose: &str, sealed: &str) -> Option<String> {
        let (text, given) = sealed.split_once('.')?;
        let text = String::from_utf8(Base64UrlUnpadded::decode_vec(text).ok()?).ok()?;
        let given = Base64UrlUnpadded::decode_vec(given).ok()?;
        let usable = self.kids(SlotState::Active).chain(self.kids(SlotState::VerifyOnly));
        let good = usable
            .filter_map(|kid| self.slot(kid))
            .fold(Choice::from(0), |good, slot| good | tag(slot, purpose, &text)[..].ct_eq(&given));
        bool::from(good).then_some(text)
    }
}

fn tag(slot: &Slot, purpose: &str, text: &str) -> [u8; 32] {
    let mut mac = keyed(&derive(slot.secret(), &[b"seal/", purpose.as_bytes()]));
    mac.update(text.as_bytes());
    mac.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sealed_text_opens_unless_anything_of_it_is_changed() {
        let keys = KeySet::new([7; 32]);
        let sealed = keys.seal("page", "c_4711").unwrap();
        assert_eq!(keys.unseal("page", &sealed).as_deref(), Some("c_4711"));
        assert_eq!(keys.unseal("mail", &sealed), None, "another purpose");
        assert_eq!(KeySet::new([8; 32]).unseal("page", &sealed), None, "another shop");
        for place in 0..sealed.len() {
            let mut changed = sealed.clone().into_bytes();
            changed[place] = if changed[place] == b'A' { b'Q' } else { b'A' };
            let changed = String::from_utf8(changed).unwrap();
            assert_eq!(keys.unseal("page", &changed), None, "{place}");
        }
        for text in ["", ".", "a", "a.b", &sealed[..sealed.len() - 1]] {
            assert_eq!(keys.unseal("page", text), None, "{text}");
        }
    }
}
