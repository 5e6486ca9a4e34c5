//! Who is that, to the books? Ids and addresses become keyed hashes here, and go no further.

use super::{Buyer, PersonAsk, ReferralAsk, Service};
use crate::books::{BooksPerson, Holder};
use crate::desk::{RawPerson, ReferralEvent, hash_person};
use crate::referral::Person;
use crate::reject::{Code, Error, Result, parse_json};

/// The longest id or address.
const LONGEST: usize = 320;

impl Service {
    /// The name under which a customer stands in new rows.
    pub(super) fn customer(&self, path: &str, id: &str) -> Result<String> {
        readable(path, id)?;
        self.keys.customer_refs(id).into_iter().next().ok_or_else(|| {
            Error::at(Code::KeyUnavailable, "keys", "No slot of the key set is active, so nobody can be named.")
        })
    }

    /// The name under which an e-mail address stands: the same keyed hash as in orders that were read from an export
    /// under this key set.
    pub(super) fn email(&self, path: &str, email: &str) -> Result<String> {
        readable(path, email)?;
        self.keys.email_ref(email).ok_or_else(|| Error::at(Code::InvalidValue, path, "This is no e-mail address."))
    }

    pub(super) fn holder(&self, buyer: &Buyer) -> Result<Holder> {
        Ok(Holder {
            customer: buyer.customer.as_deref().map(|id| self.customer("buyer.customer", id)).transpose()?,
            email: buyer.email.as_deref().map(|email| self.email("buyer.email", email)).transpose()?,
            checkout: buyer.checkout.clone(),
        })
    }

    /// Somebody as recommendations know people.
    pub(super) fn known(&self, path: &str, buyer: &Buyer) -> Result<Person> {
        let signals = buyer.signals.clone().unwrap_or_default();
        let raw = RawPerson {
            customer: buyer.customer.as_deref().map(|id| self.customer(&format!("{path}.customer"), id)).transpose()?,
            email: buyer.email.clone(),
            address: signals.address,
            phone: signals.phone,
            payment: signals.payment,
            device: signals.device,
            ip: signals.ip,
            throwaway_domains: Vec::new(),
        };
        hash_person(&self.keys.email_key(), &raw).map_err(|error| match error.path.as_str() {
            "email" => error.under(path),
            _ => error.under(&format!("{path}.signals")),
        })
    }

    /// The same where the body itself says who it is.
    pub(super) fn says(&self, buyer: Buyer) -> Result<Person> {
        self.known("", &buyer).map_err(|error| match error.path.strip_prefix('.') {
            Some(path) => Error::at(error.code, path, error.message),
            None => error,
        })
    }

    /// The question for recommendations.
    ///
    /// # Errors
    /// What the body is refused for; `missing_field` when it asks for none.
    pub fn referrals(&self, body: &str) -> Result<ReferralEvent> {
        let ask: ReferralAsk = parse_json(body)?;
        if let Some(referral) = ask.referral {
            return Ok(ReferralEvent::Get { referral });
        }
        if let Some(order) = ask.order {
            return Ok(ReferralEvent::OfOrder { order });
        }
        if let Some(code) = ask.code {
            return Ok(ReferralEvent::OfCode { code: self.code(&code)? });
        }
        let mut person = self.says(Buyer { customer: ask.customer, email: ask.email, ..Buyer::default() })?;
        if !person.is_known() {
            let message = "Which ones? Say \"customer\", \"email\", \"order\", \"code\" or \"referral\".";
            return Err(Error::at(Code::MissingField, "customer", message));
        }
        person.alias = None;
        Ok(ReferralEvent::OfPerson { person })
    }

    /// All names under which the books may know a person.
    ///
    /// # Errors
    /// What the body is refused for; `missing_field` when it names nobody.
    pub fn person(&self, body: &str) -> Result<BooksPerson> {
        let ask: PersonAsk = parse_json(body)?;
        let customers = match &ask.customer {
            Some(id) => {
                readable("customer", id)?;
                self.keys.customer_refs(id)
            }
            None => Vec::new(),
        };
        let emails: Vec<String> =
            ask.email.as_deref().map(|email| self.email("email", email)).transpose()?.into_iter().collect();
        if customers.is_empty() && emails.is_empty() {
            return Err(Error::at(Code::MissingField, "customer", "Say who it is: \"customer\", \"email\" or both."));
        }
        Ok(BooksPerson { v: 1, tenant: self.tenant.clone(), customers, emails })
    }
}

fn readable(path: &str, text: &str) -> Result<()> {
    if text.trim().is_empty() || text.len() > LONGEST || text.chars().any(char::is_control) {
        return Err(Error::at(Code::InvalidValue, path, "This is 1 to 320 bytes of text without control characters."));
    }
    Ok(())
}
