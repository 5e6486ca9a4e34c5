//! What may be told or asked about recommendations, and what comes back?

use serde::{Deserialize, Serialize};

use crate::books::{BooksOperation, Step};
use crate::money::{Currency, MAX_MINOR, Minor};
use crate::referral::{Effect, Illegal, Person, Referral, Terms};
use crate::reject::{Code, Error, Result};
use crate::time::Instant;
use crate::word::words;

/// Something happened, or somebody asks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReferralCall {
    /// Version of this document: 1.
    pub v: u32,
    /// Whose books.
    pub tenant: String,
    /// Now.
    pub now: Instant,
    /// The terms: `referralTerms` of the program.
    #[serde(default)]
    pub terms: Terms,
    /// What.
    pub event: ReferralEvent,
}

/// What happened, or what is asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "type", rename_all = "snake_case", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum ReferralEvent {
    /// A code goes to somebody who may pass it on. From here on it is known whose recommendation it is.
    Share {
        /// The code, canonical.
        code: String,
        /// Whose.
        referrer: Person,
    },
    /// A friend came with a code.
    Claim {
        /// The code, canonical.
        code: String,
        /// The friend, by id or address.
        friend: Person,
        /// Whether the friend has never ordered here, if the shop knows.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        new_friend: Option<bool>,
    },
    /// An order was paid.
    Paid {
        /// The order.
        order: String,
        /// When; absent, now.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        at: Option<Instant>,
        /// Who ordered.
        #[serde(default)]
        friend: Person,
        /// The codes in it, canonical.
        #[serde(default)]
        codes: Vec<String>,
        /// What it came to, in minor units.
        total: Minor,
        /// Its currency.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        currency: Option<Currency>,
        /// Whether it is the first order of whoever ordered, if the shop knows. Where nobody says, somebody has to look.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        new_friend: Option<bool>,
    },
    /// An order was cancelled.
    Cancelled {
        /// The order.
        order: String,
        /// When; absent, now.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        at: Option<Instant>,
        /// Who ordered: needed where this may come before `paid`.
        #[serde(default)]
        friend: Person,
        /// The codes in it, likewise.
        #[serde(default)]
        codes: Vec<String>,
    },
    /// All or a part of an order was paid back.
    Refunded {
        /// The order.
        order: String,
        /// Who ordered: needed where this may come before `paid`.
        #[serde(default)]
        friend: Person,
        /// The codes in it, likewise.
        #[serde(default)]
        codes: Vec<String>,
        /// What was paid back so far, all together, in minor units.
        refunded: Minor,
    },
    /// Time has passed for one that is due.
    Tick {
        /// Its id.
        referral: String,
    },
    /// Somebody looked at a flagged one and passed it.
    Approve {
        /// Its id.
        referral: String,
    },
    /// Somebody looked at a flagged one and rejected it.
    Void {
        /// Its id.
        referral: String,
    },
    /// Which are due for a tick now? What is due first comes first.
    Due,
    /// Which wait for somebody to look at them?
    Queue,
    /// One of them.
    Get {
        /// Its id.
        referral: String,
    },
    /// The one that an order belongs to.
    OfOrder {
        /// The order.
        order: String,
    },
    /// Those that a code led to.
    OfCode {
        /// The code, canonical.
        code: String,
    },
    /// Those in which somebody is the friend or recommends.
    OfPerson {
        /// Who, by id or address.
        person: Person,
    },
}

/// What is to be done next: read, or write and answer, or answer.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReferralNext {
    /// Version of this document: 1.
    pub v: u32,
    /// Statements to be run; their rows, by name, are to be added to those that were read before.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub read: Vec<Step>,
    /// The operation that writes it down. Refused as `stale`, all is to be read anew.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub write: Option<BooksOperation>,
    /// What came of it, once it is written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<ReferralAnswer>,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReferralAnswer {
    /// Version of this document: 1.
    pub v: u32,
    /// In a word.
    pub outcome: ReferralOutcome,
    /// Why it does not fit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub illegal: Option<Illegal>,
    /// The recommendation as it is now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub referral: Option<Referral>,
    /// What follows. It is in the outbox, too.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub effects: Vec<Effect>,
    /// Those that were asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub referrals: Option<Vec<Referral>>,
}

words! {
    /// What came of it, in a word.
    ReferralOutcome {
        /// It was written down, or found.
        Done = "done",
        /// Nothing new.
        Unchanged = "unchanged",
        /// It does not fit.
        Illegal = "illegal",
        /// There is no such recommendation, code or order.
        NotFound = "not_found",
        /// It is not known who the friend is. The code stays with the visit, and counts with the order.
        Anonymous = "anonymous",
    }
}

impl ReferralCall {
    pub(super) fn check(&self) -> Result<()> {
        if self.v != 1 {
            let message = format!("This call has version {}, this release reads version 1.", self.v);
            return Err(Error::at(Code::UnsupportedVersion, "v", message));
        }
        text("tenant", &self.tenant)?;
        self.terms.check().map_err(|error| error.under("terms"))?;
        self.event.check().map_err(|error| error.under("event"))
    }
}

impl ReferralEvent {
    fn check(&self) -> Result<()> {
        match self {
            Self::Share { code, referrer } => {
                text("code", code)?;
                person("referrer", referrer)?;
                if referrer.is_known() {
                    return Ok(());
                }
                let message = "Whose code is it? Say \"customer\" or \"email\".";
                Err(Error::at(Code::MissingField, "referrer.customer", message))
            }
            Self::Claim { code, friend, .. } => text("code", code).and_then(|()| person("friend", friend)),
            Self::Paid { order, friend, codes, total, .. } => {
                text("order", order)?;
                amount("total", *total)?;
                about(friend, codes)
            }
            Self::Cancelled { order, friend, codes, .. } => text("order", order).and_then(|()| about(friend, codes)),
            Self::Refunded { order, friend, codes, refunded } => {
                text("order", order)?;
                amount("refunded", *refunded)?;
                about(friend, codes)
            }
            Self::Tick { referral } | Self::Approve { referral } | Self::Void { referral } | Self::Get { referral } => {
                text("referral", referral)
            }
            Self::Due | Self::Queue => Ok(()),
            Self::OfOrder { order } => text("order", order),
            Self::OfCode { code } => text("code", code),
            Self::OfPerson { person: who } => person("person", who),
        }
    }
}

fn about(friend: &Person, codes: &[String]) -> Result<()> {
    person("friend", friend)?;
    codes.iter().enumerate().try_for_each(|(index, code)| text(&format!("codes[{index}]"), code))
}

fn person(path: &str, person: &Person) -> Result<()> {
    person.check().map_err(|error| error.under(path))
}

fn text(path: &str, text: &str) -> Result<()> {
    if text.is_empty() || text.len() > 200 || text.chars().any(char::is_control) {
        return Err(Error::at(Code::InvalidValue, path, "This is 1 to 200 bytes of text without control characters."));
    }
    Ok(())
}

fn amount(path: &str, amount: Minor) -> Result<()> {
    if (0..=MAX_MINOR).contains(&amount) {
        return Ok(());
    }
    Err(Error::at(Code::InvalidAmount, path, "An amount is never negative, and at most 2^53 - 1 minor units."))
}
