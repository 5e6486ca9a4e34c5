//! Who ordered, without keeping an address? Keyed hashes of e-mail addresses, and customers made from them.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::options::ImportOptions;
use crate::email::{is_throwaway, mailbox};
use crate::order::Customer;

/// Makes customers; e-mail addresses end here.
pub(crate) struct Persons {
    mac: Hmac<Sha256>,
    keep_names: bool,
    keyed: bool,
    hashed: bool,
}

/// What an export says about who ordered.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Said<'a> {
    pub id: &'a str,
    pub email: &'a str,
    pub name: &'a str,
    /// Whether it was a guest, where the export says so.
    pub guest: Option<bool>,
    /// Whether the export has ids for customers with an account, so that a missing one means a guest.
    pub has_ids: bool,
}

impl Persons {
    pub fn new(options: &ImportOptions) -> Self {
        // HMAC fills short keys with zeros up to its block of 64 bytes, so this is HMAC under the 32 bytes.
        let mut block = [0; 64];
        if let Some(key) = &options.hash_key {
            block[..32].copy_from_slice(key.bytes());
        }
        let mac = Hmac::new(&block.into());
        zeroize::Zeroize::zeroize(&mut block);
        Self { mac, keep_names: options.keep_names, keyed: options.hash_key.is_some(), hashed: false }
    }

    /// Whether addresses were hashed under no key of this shop.
    pub const fn hashed_without_key(&self) -> bool {
        self.hashed && !self.keyed
    }

    /// The hash of an address in lower case without surrounding space; `None` when the text is no address.
    pub fn email_hash(&mut self, email: &str) -> Option<String> {
        let (local, domain) = email.trim().rsplit_once('@')?;
        if local.is_empty() || domain.is_empty() {
            return None;
        }
        self.hashed = true;
        let mut mac = self.mac.clone();
        mac.update(email.trim().to_lowercase().as_bytes());
        Some(hex(&mac.finalize().into_bytes()))
    }

    /// The hash of the address as its provider reads it, where that is another text.
    fn alias_hash(&self, email: &str) -> Option<String> {
        let mailbox = mailbox(email)?;
        (mailbox != email.trim().to_lowercase()).then(|| {
            let mut mac = self.mac.clone();
            mac.update(mailbox.as_bytes());
            hex(&mac.finalize().into_bytes())
        })
    }

    /// The customer, if the export says who it is.
    pub fn customer(&mut self, said: Said<'_>) -> Option<Customer> {
        let (mut id, mut email) = (id_of(said.id), said.email);
        // Some exports number their customers by address.
        if id.contains('@') {
            (id, email) = ("", if email.is_empty() { id } else { email });
        }
        let email_hash = self.email_hash(email);
        let (id, guest) = if id.is_empty() {
            let hash = email_hash.as_deref()?;
            (format!("e_{}", hash.get(..32)?), said.guest.unwrap_or(said.has_ids))
        } else {
            (id.to_owned(), said.guest.unwrap_or(false))
        };
        let name = said.name.trim();
        let named = self.keep_names && !name.is_empty() && !name.contains('@');
        Some(Customer {
            id,
            alias_hash: self.alias_hash(email).filter(|_| email_hash.is_some()),
            throwaway: is_throwaway(email, &[]),
            email_hash,
            guest,
            name: named.then(|| name.chars().take(80).collect()),
        })
    }
}

/// The id without what spreadsheets and data frames make of it: `17850.0` is 17850, `0`, `nan` and `guest` are nobody.
pub(super) fn id_of(text: &str) -> &str {
    let text = text.trim();
    let text = match text.strip_suffix(".0") {
        Some(digits) if !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) => digits,
        _ => text,
    };
    let nobody = ["0", "-", "nan", "null", "none", "n/a", "na", "guest", "gast", "invité", "invitado"];
    if nobody.iter().any(|word| text.eq_ignore_ascii_case(word)) { "" } else { text }
}

/// Lower-case hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .map(|nibble| char::from(b"0123456789abcdef"[usize::from(nibble)]))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::options::HashKey;
    use super::*;
    use crate::time::Instant;

    fn persons(key: Option<[u8; 32]>) -> Persons {
        let options =
            ImportOptions { hash_key: key.map(HashKey::new), ..ImportOptions::at(Instant::from_unix(1_800_000_000)) };
        Persons::new(&options)
    }

    #[test]
    fn the_hash_is_hmac_sha256_of_the_normalised_address() {
        // hmac.new(b"\x07" * 32, b"jo@example.test", "sha256").hexdigest() in Python.
        let expected = "321cff7342ffd7c291e9a2a1e94733ddecd9ff2dcc741283e2242ee173174918";
        assert_eq!(persons(Some([7; 32])).email_hash("  Jo@Example.TEST ").unwrap(), expected);
        assert_ne!(persons(None).email_hash("jo@example.test").unwrap(), expected);
        assert_eq!(persons(None).email_hash("jo"), None);
    }

    #[test]
    fn an_address_never_becomes_an_id_or_a_name() {
        let mut persons = persons(None);
        persons.keep_names = true;
        let said = Said { id: "jo@example.test", name: "jo@example.test", ..Said::default() };
        let customer = persons.customer(said).unwrap();
        assert!(customer.id.starts_with("e_") && customer.id.len() == 34);
        assert_eq!(customer.name, None);
        assert!(persons.hashed_without_key());
    }

    #[test]
    fn nobody_is_not_a_customer() {
        for id in ["", " ", "0", "nan", "NULL", "Guest", "0.0"] {
            assert_eq!(persons(None).customer(Said { id, ..Said::default() }), None, "{id:?}");
        }
        let customer = persons(None).customer(Said { id: "17850.0", ..Said::default() }).unwrap();
        assert_eq!(customer.id, "17850");
    }

    #[test]
    fn an_order_without_an_id_is_a_guest_where_accounts_have_ids() {
        let said = Said { email: "a@b.test", has_ids: true, ..Said::default() };
        assert!(persons(None).customer(said).unwrap().guest);
        assert!(!persons(None).customer(Said { has_ids: false, ..said }).unwrap().guest);
    }
}
