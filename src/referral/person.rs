//! Who is somebody, without saying who? Keyed hashes, made where the address was.

use serde::{Deserialize, Serialize};

use crate::reject::{Code, Error, Result};

/// Somebody, as far as is known: ids of the shop and keyed hashes, never an address. `hashPerson` makes it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "RecommendationPerson"))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Person {
    /// The customer's id or keyed reference.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer: Option<String>,
    /// Keyed hash of the e-mail address in lower case: whom it is sent to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Keyed hash of the address as its provider reads it (without dots and tags where it ignores them): who receives it.
    /// Absent, the same as `email`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alias: Option<String>,
    /// Keyed hash of the postal address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// Keyed hash of the telephone number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// Keyed hash of the means of payment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payment: Option<String>,
    /// Keyed hash of the device.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device: Option<String>,
    /// Keyed hash of the beginning of the network address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ip: Option<String>,
    /// Its e-mail domain is one of those that are thrown away.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub throwaway: bool,
}

impl Person {
    fn fields(&self) -> [(&'static str, &Option<String>); 8] {
        [
            ("customer", &self.customer),
            ("email", &self.email),
            ("alias", &self.alias),
            ("address", &self.address),
            ("phone", &self.phone),
            ("payment", &self.payment),
            ("device", &self.device),
            ("ip", &self.ip),
        ]
    }

    /// Checks that no address is among the hashes.
    ///
    /// # Errors
    /// `invalid_value` with the path.
    pub fn check(&self) -> Result<()> {
        for (path, text) in self.fields() {
            let Some(text) = text else { continue };
            if text.is_empty() || text.len() > 200 || text.chars().any(char::is_control) {
                return Err(Error::at(Code::InvalidValue, path, "This is 1 to 200 bytes of text."));
            }
            if text.contains('@') {
                return Err(Error::at(Code::InvalidValue, path, "This is a keyed hash, never an address."));
            }
        }
        Ok(())
    }

    /// The names under which somebody is one and the same: by id and by address.
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        let customer = self.customer.as_ref().map(|id| format!("c:{id}"));
        customer.into_iter().chain(self.email.as_ref().map(|hash| format!("e:{hash}"))).collect()
    }

    /// The first of them, under which somebody is written down.
    #[must_use]
    pub fn name(&self) -> Option<String> {
        self.names().into_iter().next()
    }

    /// Whether it is known who it is.
    #[must_use]
    pub const fn is_known(&self) -> bool {
        self.customer.is_some() || self.email.is_some()
    }

    /// Who receives the address.
    #[must_use]
    pub fn mailbox(&self) -> Option<&str> {
        self.alias.as_deref().or(self.email.as_deref())
    }

    /// Whether the two are one by id or by address.
    #[must_use]
    pub fn is(&self, other: &Self) -> bool {
        let same = |a: &Option<String>, b: &Option<String>| a.is_some() && a == b;
        same(&self.customer, &other.customer) || same(&self.email, &other.email)
    }

    /// Adds what the other one knows and this one does not.
    pub fn learn(&mut self, other: &Self) {
        let fill = |mine: &mut Option<String>, theirs: &Option<String>| {
            if mine.is_none() {
                mine.clone_from(theirs);
            }
        };
        // An alias belongs to its address.
        if self.email.is_none() {
            self.email.clone_from(&other.email);
            self.alias.clone_from(&other.alias);
        }
        fill(&mut self.customer, &other.customer);
        fill(&mut self.address, &other.address);
        fill(&mut self.phone, &other.phone);
        fill(&mut self.payment, &other.payment);
        fill(&mut self.device, &other.device);
        fill(&mut self.ip, &other.ip);
        self.throwaway |= other.throwaway;
    }
}
