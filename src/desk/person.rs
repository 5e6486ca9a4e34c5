//! Who is that, without keeping who it is? Addresses, numbers and devices become keyed hashes here, at the edge.

use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;

use crate::email;
use crate::referral::Person;
use crate::reject::{Code, Error, Result};

/// Somebody, as a shop knows her. Never stored, never logged.
#[derive(Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RawPerson {
    /// The customer's id, or a keyed reference to it: taken as it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer: Option<String>,
    /// E-mail address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Postal address in one text: case, spaces and punctuation do not count.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// Telephone number: digits count.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// Whatever names a means of payment: the fingerprint of a card, the id of an account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payment: Option<String>,
    /// Whatever names a device, where the customer has consented to that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device: Option<String>,
    /// Network address: the first 24 bits of an IPv4 address, the first 48 of an IPv6 address count.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ip: Option<String>,
    /// Further e-mail domains that are thrown away.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub throwaway_domains: Vec<String>,
}

impl core::fmt::Debug for RawPerson {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("RawPerson(..)")
    }
}

/// The person in keyed hashes, under the key that e-mail addresses in orders are hashed with
/// (`KeySet::email_key`): the hash of an address is the one that stands in its orders.
///
/// # Errors
/// `invalid_value` with the path when something is not what it should be.
pub fn hash_person(key: &[u8; 32], raw: &RawPerson) -> Result<Person> {
    let said =
        |text: &Option<String>| text.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned);
    let of = |kind: &str, text: Option<String>| text.map(|text| hash(key, &format!("{kind}\n{text}")));
    let (mut email, mut alias, mut throwaway) = (None, None, false);
    if let Some(address) = said(&raw.email) {
        let (Some((local, domain)), Some(mailbox)) = (email::parts(&address), email::mailbox(&address)) else {
            return Err(Error::at(Code::InvalidValue, "email", "This is no e-mail address."));
        };
        let plain = format!("{local}@{domain}");
        email = Some(hash(key, &plain));
        alias = (mailbox != plain).then(|| hash(key, &mailbox));
        throwaway = email::is_throwaway(&address, &raw.throwaway_domains);
    }
    let letters = |text: String| -> String { text.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect() };
    let digits = |text: String| -> String {
        text.chars().filter(char::is_ascii_digit).collect::<String>().trim_start_matches('0').to_owned()
    };
    let filled = |text: Option<String>| text.filter(|text| !text.is_empty());
    let person = Person {
        customer: said(&raw.customer),
        email,
        alias,
        address: of("address", filled(said(&raw.address).map(letters))),
        phone: of("phone", filled(said(&raw.phone).map(digits))),
        payment: of("payment", said(&raw.payment)),
        device: of("device", said(&raw.device)),
        ip: of("ip", said(&raw.ip).map(|ip| network(&ip)).transpose()?),
        throwaway,
    };
    person.check()?;
    Ok(person)
}

/// The beginning of a network address, by which neighbours are alike.
fn network(ip: &str) -> Result<String> {
    use std::net::IpAddr;
    let invalid =
        |_| Error::at(Code::InvalidValue, "ip", "This is no network address such as 192.0.2.1 or 2001:db8::1.");
    Ok(match ip.parse::<IpAddr>().map_err(invalid)?.to_canonical() {
        IpAddr::V4(address) => {
            let [a, b, c, _] = address.octets();
            format!("{a}.{b}.{c}")
        }
        IpAddr::V6(address) => {
            let [a, b, c, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}")
        }
    })
}

/// HMAC-SHA256 in hexadecimal digits.
fn hash(key: &[u8; 32], text: &str) -> String {
    // HMAC fills short keys with zeros up to its block of 64 bytes, so this is HMAC under the 32 bytes.
    let mut block = [0; 64];
    block[..32].copy_from_slice(key);
    let mut mac = Hmac::<Sha256>::new(&block.into());
    zeroize::Zeroize::zeroize(&mut block);
    mac.update(text.as_bytes());
    let bytes = mac.finalize().into_bytes();
    bytes
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .map(|nibble| char::from(b"0123456789abcdef"[usize::from(nibble)]))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hashed(raw: serde_json::Value) -> Person {
        hash_person(&[7; 32], &serde_json::from_value(raw).unwrap()).unwrap()
    }

    #[test]
    fn the_hash_of_an_address_is_the_one_that_stands_in_its_orders() {
        let person = hashed(serde_json::json!({ "email": "  Jo@Example.TEST " }));
        // As in `order::import::person`.
        let expected = "321cff7342ffd7c291e9a2a1e94733ddecd9ff2dcc741283e2242ee173174918";
        assert_eq!((person.email.as_deref(), person.alias), (Some(expected), None));
    }

    #[test]
    fn spellings_are_one_where_they_reach_one() {
        let one = hashed(serde_json::json!({ "email": "a.b+x@gmail.com", "phone": "+49 (0)451 123", "ip": "192.0.2.7",
            "address": "Markt 3, 23552 Lübeck" }));
        let two =
            hashed(serde_json::json!({ "email": "ab@googlemail.com", "phone": "0049 0451-123", "ip": "192.0.2.200",
            "address": "MARKT 3\n23552 lübeck" }));
        assert_ne!(one.email, two.email);
        assert_eq!(one.mailbox(), two.mailbox());
        assert_eq!((&one.phone, &one.ip, &one.address), (&two.phone, &two.ip, &two.address));
        assert_eq!(
            hashed(serde_json::json!({ "ip": "2001:db8:1:2::3" })).ip,
            hashed(serde_json::json!({ "ip": "2001:db8:1:ffff::1" })).ip
        );
        assert!(hashed(serde_json::json!({ "email": "x@yopmail.com" })).throwaway);
    }

    #[test]
    fn no_address_gets_through_and_none_is_printed() {
        let refused =
            |raw: serde_json::Value| hash_person(&[7; 32], &serde_json::from_value(raw).unwrap()).unwrap_err().path;
        assert_eq!(refused(serde_json::json!({ "email": "jo" })), "email");
        assert_eq!(refused(serde_json::json!({ "customer": "jo@example.test" })), "customer");
        assert_eq!(refused(serde_json::json!({ "ip": "home" })), "ip");
        let raw = RawPerson { email: Some("jo@example.test".to_owned()), ..RawPerson::default() };
        assert!(!format!("{raw:?}").contains("jo"));
    }
}
