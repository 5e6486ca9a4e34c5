//! What may be asked of the books?

use serde::{Deserialize, Serialize};

use super::referral::Recommendation;
use crate::money::{MAX_MINOR, Minor};
use crate::reject::{Code, Error, Result};
use crate::time::Instant;
use crate::word::words;

/// So many uses that nobody counts them: 2^53 - 1.
pub const UNLIMITED: i64 = MAX_MINOR;

/// The longest text that may be an id or a key.
const MAX_TEXT: usize = 255;

/// One operation on the books.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct BooksOperation {
    /// Version of this document: 1.
    pub v: u32,
    /// Whose books: first in every key.
    pub tenant: String,
    /// The idempotency key, at most 255 characters: the same request under the same key is answered once. Scoped by
    /// tenant and kind of operation. Without it only the uniqueness of what is recorded protects.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// Now.
    pub now: Instant,
    /// What is to be done.
    pub action: Action,
}

/// What is to be done. Customers are keyed hashes or ids of the shop, never addresses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "BooksAction"))]
#[serde(tag = "type", rename_all = "snake_case", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum Action {
    /// Defines a campaign. The same definition again changes nothing.
    Campaign {
        /// Its id.
        campaign: String,
        /// How many uses all its codes have together; absent, as many as the codes have.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        uses: Option<i64>,
        /// How many codes it may give out.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        codes: Option<i64>,
    },
    /// Defines a budget. The same definition again changes nothing.
    Budget {
        /// Its id.
        budget: String,
        /// What may be spent, in minor units.
        granted: Minor,
    },
    /// Adds to a budget or takes from it what is not spent or held.
    Grant {
        /// Which budget.
        budget: String,
        /// How much, in minor units; negative to take away.
        by: Minor,
    },
    /// Hands out serials of a batch of codes; the answer's `start` is the first one.
    Lease {
        /// The batch, such as `c12/0/7` (format, key slot, number).
        batch: String,
        /// How many.
        count: i64,
        /// How many serials the batch has.
        size: i64,
    },
    /// Puts a code into the books.
    Issue(Issue),
    /// Revokes a code: its uses that are neither taken nor held become void, and one that comes back is of no use.
    Void {
        /// The code, canonical.
        code: String,
    },
    /// Holds a use for a while. The same holder has one hold on a code: asking again renews it.
    Reserve {
        /// The code, canonical.
        code: String,
        /// Who holds it.
        holder: Holder,
        /// For how many seconds. A hold of 0 seconds holds nothing, and the limits are the same.
        ttl: i64,
        /// What it will take off, in minor units: held in the code's budget.
        #[serde(default)]
        amount: Minor,
    },
    /// Takes a use for an order, out of the holder's hold where there is one.
    Redeem {
        /// The code, canonical.
        code: String,
        /// The order. One use for each code and order.
        order: String,
        /// Who orders.
        holder: Holder,
        /// What it took off, in minor units. With 0 no use is taken; absent, what was held, or nothing that is known.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        amount: Option<Minor>,
        /// The platform has redeemed already: recorded whatever our limits say. `available` below 0 then says by how
        /// many its limits differed from ours.
        #[serde(default, skip_serializing_if = "core::ops::Not::not")]
        mirror: bool,
    },
    /// Ends a hold.
    Release {
        /// The code, canonical.
        code: String,
        /// Who holds it.
        holder: Holder,
    },
    /// The order is cancelled: its use is given back.
    Cancel {
        /// The code, canonical.
        code: String,
        /// The order.
        order: String,
        /// The use stays consumed: it becomes void.
        #[serde(default, skip_serializing_if = "core::ops::Not::not")]
        keep: bool,
        /// The platform says so, perhaps before it says that the order was paid.
        #[serde(default, skip_serializing_if = "core::ops::Not::not")]
        mirror: bool,
    },
    /// The order is paid back: what the code took off goes back to its budget, the use stays consumed.
    Reverse {
        /// The code, canonical.
        code: String,
        /// The order.
        order: String,
        /// The refund: one reversal for each.
        reference: String,
        /// How much of what the code took off, in minor units; absent, all that is left, and the use becomes void.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        amount: Option<Minor>,
    },
    /// Grants a reward, once.
    Reward {
        /// Its id, such as the referral and whose side it is.
        reward: String,
        /// The referral.
        referral: String,
        /// The friend's order.
        order: String,
        /// Who gets it.
        customer: String,
        /// What it costs, in minor units.
        #[serde(default)]
        amount: Minor,
        /// Out of which budget.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        budget: Option<String>,
    },
    /// Takes rewards back. The grant stays in the books: a claw-back is an entry.
    ClawBack {
        /// The friend's order: every reward for it.
        order: String,
        /// Why.
        reason: String,
    },
    /// Writes down how far a recommendation has come, with everything that follows from it, if nobody has changed it
    /// since it was read. `referralNext` makes it.
    Referral(Box<Recommendation>),
    /// Ends the holds whose time is over. Operations on a code do that for the code themselves; this is for statistics.
    Expire {
        /// Only of this code.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        code: Option<String>,
    },
}

/// A code and its terms. They never change once issued.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "BooksIssue"))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Issue {
    /// The code, canonical; for an offer without a code any text of its own, such as `offer:spring`.
    pub code: String,
    /// Its campaign, defined before.
    pub campaign: String,
    /// How many uses it has; absent, without limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uses: Option<i64>,
    /// How many uses each customer has; absent, without limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub per_customer: Option<i64>,
    /// What the limit per customer counts. It must be said where there is such a limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<Scope>,
    /// From when it holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub starts_at: Option<Instant>,
    /// The last instant at which it holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Instant>,
    /// The only customer who may use it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// Whose recommendation it is: whoever it is, cannot use it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub referrer: Option<String>,
    /// Keyed hash of that person's e-mail address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub referrer_email: Option<String>,
    /// The budget that pays for what it takes off, defined before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub budget: Option<String>,
    /// What it is given out for, such as campaign and customer: one code for each. Asked again with another code, the
    /// answer's `code` is the first one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claim: Option<String>,
}

words! {
    /// What a limit per customer counts.
    Scope as "BooksScope" {
        /// Uses of this code.
        Code = "code",
        /// Uses of all codes of the campaign.
        Campaign = "campaign",
    }
}

/// Who holds or takes a use. A limit per customer holds for the id and for the address: either match refuses.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "BooksHolder"))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Holder {
    /// The customer's id or keyed reference.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer: Option<String>,
    /// Keyed hash of the normalised e-mail address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// The checkout, where a hold was taken before it was known who orders.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub checkout: Option<String>,
}

impl Holder {
    /// The name under which a hold is kept: the customer, else the address, else the checkout.
    pub(super) fn name(&self) -> Option<String> {
        let named = |prefix: &str, text: &Option<String>| text.as_ref().map(|text| format!("{prefix}:{text}"));
        named("c", &self.customer).or_else(|| named("e", &self.email)).or_else(|| named("o", &self.checkout))
    }

    /// Whether it says who it is.
    pub(super) const fn is_known(&self) -> bool {
        self.customer.is_some() || self.email.is_some()
    }
}

impl Action {
    /// The word of its kind, which scopes idempotency keys.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Campaign { .. } => "campaign",
            Self::Budget { .. } => "budget",
            Self::Grant { .. } => "grant",
            Self::Lease { .. } => "lease",
            Self::Issue(_) => "issue",
            Self::Void { .. } => "void",
            Self::Reserve { .. } => "reserve",
            Self::Redeem { .. } => "redeem",
            Self::Release { .. } => "release",
            Self::Cancel { .. } => "cancel",
            Self::Reverse { .. } => "reverse",
            Self::Reward { .. } => "reward",
            Self::ClawBack { .. } => "claw_back",
            Self::Referral(_) => "referral",
            Self::Expire { .. } => "expire",
        }
    }
}

impl BooksOperation {
    /// Checks what types cannot say.
    ///
    /// # Errors
    /// `unsupported_version`, `missing_field`, `invalid_value`, `invalid_amount`, with the path.
    pub fn check(&self) -> Result<()> {
        if self.v != 1 {
            let message = format!("This operation has version {}, this release reads version 1.", self.v);
            return Err(Error::at(Code::UnsupportedVersion, "v", message));
        }
        id("tenant", &self.tenant)?;
        match (&self.key, &self.action) {
            (Some(key), _) => id("key", key)?,
            (None, Action::Reserve { .. } | Action::Grant { .. }) => {
                let message = "This may be asked for more than once: a key tells a new request from a repeated one.";
                return Err(Error::at(Code::MissingField, "key", message));
            }
            (None, _) => {}
        }
        self.action.check().map_err(|error| error.under("action"))
    }
}

impl Action {
    fn check(&self) -> Result<()> {
        match self {
            Self::Campaign { campaign, uses, codes } => {
                id("campaign", campaign)?;
                count("uses", uses.unwrap_or(1))?;
                count("codes", codes.unwrap_or(1))
            }
            Self::Budget { budget, granted } => id("budget", budget).and_then(|()| amount("granted", *granted)),
            Self::Grant { budget, by } => id("budget", budget).and_then(|()| amount("by", by.saturating_abs())),
            Self::Lease { batch, count: wanted, size } => {
                id("batch", batch)?;
                count("count", *wanted)?;
                count("size", *size)?;
                if wanted <= size {
                    Ok(())
                } else {
                    Err(Error::at(Code::OutOfRange, "count", "The batch has fewer serials than that."))
                }
            }
            Self::Issue(issue) => issue.check(),
            Self::Void { code } => id("code", code),
            Self::Reserve { code, holder, ttl, amount: held } => {
                id("code", code)?;
                holder.check(true)?;
                amount("amount", *held)?;
                if (0..=366 * 86_400).contains(ttl) {
                    Ok(())
                } else {
                    Err(Error::at(Code::InvalidValue, "ttl", "A hold lasts 0 seconds to 366 days."))
                }
            }
            Self::Redeem { code, order, holder, amount: taken, .. } => {
                id("code", code)?;
                id("order", order)?;
                holder.check(false)?;
                amount("amount", taken.unwrap_or(0))
            }
            Self::Release { code, holder } => id("code", code).and_then(|()| holder.check(true)),
            Self::Cancel { code, order, .. } => id("code", code).and_then(|()| id("order", order)),
            Self::Reverse { code, order, reference, amount: back } => {
                id("code", code)?;
                id("order", order)?;
                id("reference", reference)?;
                amount("amount", back.unwrap_or(0))
            }
            Self::Reward { reward, referral, order, customer, amount: cost, budget } => {
                id("reward", reward)?;
                id("referral", referral)?;
                id("order", order)?;
                id("customer", customer)?;
                amount("amount", *cost)?;
                budget.as_deref().map_or(Ok(()), |budget| id("budget", budget))
            }
            Self::ClawBack { order, reason } => id("order", order).and_then(|()| id("reason", reason)),
            Self::Referral(recommendation) => recommendation.check(),
            Self::Expire { code } => code.as_deref().map_or(Ok(()), |code| id("code", code)),
        }
    }
}

impl Issue {
    fn check(&self) -> Result<()> {
        id("code", &self.code)?;
        id("campaign", &self.campaign)?;
        count("uses", self.uses.unwrap_or(1))?;
        count("perCustomer", self.per_customer.unwrap_or(1))?;
        for (path, text) in [
            ("owner", &self.owner),
            ("referrer", &self.referrer),
            ("referrerEmail", &self.referrer_email),
            ("budget", &self.budget),
            ("claim", &self.claim),
        ] {
            text.as_deref().map_or(Ok(()), |text| id(path, text))?;
        }
        if self.per_customer.is_some() && self.scope.is_none() {
            let message = "Say what the limit per customer counts: \"code\" or \"campaign\".";
            return Err(Error::at(Code::MissingField, "scope", message));
        }
        Ok(())
    }
}

impl Holder {
    fn check(&self, needed: bool) -> Result<()> {
        for (path, text) in [("customer", &self.customer), ("email", &self.email), ("checkout", &self.checkout)] {
            text.as_deref().map_or(Ok(()), |text| id(path, text)).map_err(|error| error.under("holder"))?;
        }
        if self.email.as_deref().is_some_and(|email| email.contains('@')) {
            let message = "The books take a keyed hash, never an address.";
            return Err(Error::at(Code::InvalidValue, "holder.email", message));
        }
        if needed && self.name().is_none() {
            let message = "Say who holds it: \"customer\", \"email\" or \"checkout\".";
            return Err(Error::at(Code::MissingField, "holder", message));
        }
        Ok(())
    }
}

pub(super) fn id(path: &str, text: &str) -> Result<()> {
    if text.is_empty() || text.len() > MAX_TEXT || text.chars().any(char::is_control) {
        return Err(Error::at(Code::InvalidValue, path, "This is 1 to 255 bytes of text without control characters."));
    }
    Ok(())
}

pub(super) fn count(path: &str, number: i64) -> Result<()> {
    if (1..=UNLIMITED).contains(&number) {
        return Ok(());
    }
    Err(Error::at(Code::InvalidValue, path, "This is 1 or more: leave it out where there is no limit."))
}

pub(super) fn amount(path: &str, amount: Minor) -> Result<()> {
    if (0..=MAX_MINOR).contains(&amount) {
        return Ok(());
    }
    Err(Error::at(Code::InvalidAmount, path, "An amount is never negative, and at most 2^53 - 1 minor units."))
}
