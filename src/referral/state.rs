//! How far has a recommendation come?

use serde::{Deserialize, Serialize};

use super::event::OrderFacts;
use super::fraud::{Signal, SignalKind};
use super::machine::Grant;
use super::person::Person;
use super::terms::{Period, Terms};
use crate::time::Instant;
use crate::time::zone::DayCut;
use crate::word::words;

words! {
    /// How far a recommendation has come.
    State as "RecommendationState" {
        /// The code was passed on.
        Shared = "shared",
        /// A friend came with it.
        Claimed = "claimed",
        /// The friend's order is paid; the return window is open.
        Pending = "pending",
        /// It waits for somebody to look at it.
        Flagged = "flagged",
        /// The order was kept. What is owed waits for a budget, or nothing is.
        Qualified = "qualified",
        /// What is owed was granted.
        Rewarded = "rewarded",
        /// Nothing is owed, and nothing will be.
        Rejected = "rejected",
        /// What was granted was taken back.
        Reversed = "reversed",
    }
}

impl State {
    /// Whether nothing changes it any more.
    #[must_use]
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Rejected | Self::Reversed)
    }
}

words! {
    /// Why a recommendation is where it is.
    Reason as "RecommendationReason" {
        /// Whoever recommends is the friend.
        SelfReferral = "self_referral",
        /// The friend, or who brought the friend, brought the one who recommends.
        Loop = "loop",
        /// The friend has ordered before.
        NotNew = "not_new",
        /// The friend did not order in time.
        ClaimExpired = "claim_expired",
        /// The order comes to too little.
        BelowMinimum = "below_minimum",
        /// The order has a further code.
        OtherCode = "other_code",
        /// The order is in another currency.
        CurrencyMismatch = "currency_mismatch",
        /// The order was cancelled.
        Cancelled = "cancelled",
        /// Too much of the order was paid back.
        Refunded = "refunded",
        /// The one who recommends has had every reward of this period.
        CapReached = "cap_reached",
        /// The budget does not cover it yet.
        BudgetExhausted = "budget_exhausted",
        /// Signals of fraud weigh too much.
        Suspicious = "suspicious",
        /// Somebody looked at it and said no.
        Voided = "voided",
    }
}

impl Reason {
    /// In words, for a merchant.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::SelfReferral => "Whoever recommends is the friend.",
            Self::Loop => "The friend brought the one who recommends, directly or by others.",
            Self::NotNew => "The friend has ordered before.",
            Self::ClaimExpired => "The friend did not order in time.",
            Self::BelowMinimum => "The order comes to less than the minimum.",
            Self::OtherCode => "The order has a further code, and the terms ask for none.",
            Self::CurrencyMismatch => "The order is in another currency.",
            Self::Cancelled => "The order was cancelled.",
            Self::Refunded => "Too much of the order was paid back.",
            Self::CapReached => "The one who recommends has had every reward of this period.",
            Self::BudgetExhausted => "The reward is owed and waits: the budget does not cover it.",
            Self::Suspicious => "Somebody has to look at it before it goes on.",
            Self::Voided => "Somebody looked at it and said no.",
        }
    }
}

words! {
    /// What becomes of the friend's discount.
    Discount as "RecommendationDiscount" {
        /// It is the friend's.
        Kept = "kept",
        /// It is refused.
        Refused = "refused",
    }
}

/// One recommendation: a code that was passed on, and once somebody came with it, that friend.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "Recommendation"))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Referral {
    /// Version of this document: 1.
    pub v: u32,
    /// Its id.
    pub id: String,
    /// The code, canonical.
    pub code: String,
    /// Who recommends.
    pub referrer: Person,
    /// Since when the code is out.
    pub shared_at: Instant,
    /// How far it has come.
    pub state: State,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Reason>,
    /// Who was recommended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub friend: Option<Person>,
    /// When the friend came.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claimed_at: Option<Instant>,
    /// The friend's order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order: Option<OrderFacts>,
    /// Whether the friend is new, as far as the shop has said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub new_friend: Option<bool>,
    /// What becomes of the friend's discount.
    pub discount: Discount,
    /// What speaks against it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub signals: Vec<Signal>,
    /// Signals that somebody looked at and passed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cleared: Vec<SignalKind>,
    /// What was granted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub granted: Vec<Grant>,
    /// The period in which its reward counts for the one who recommends; absent where none was granted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub period: Option<String>,
}

impl Referral {
    /// A code that somebody passes on.
    #[must_use]
    pub fn shared(id: String, code: String, referrer: Person, now: Instant) -> Self {
        Self {
            v: 1,
            id,
            code,
            referrer,
            shared_at: now,
            state: State::Shared,
            reason: None,
            friend: None,
            claimed_at: None,
            order: None,
            new_friend: None,
            discount: Discount::Kept,
            signals: Vec::new(),
            cleared: Vec::new(),
            granted: Vec::new(),
            period: None,
        }
    }

    /// Whether an order may still say whose recommendation it is: a friend came, and has paid nothing yet.
    #[must_use]
    pub fn is_open(&self) -> bool {
        !self.state.is_final() && self.order.as_ref().is_none_or(|order| order.paid_at.is_none())
    }

    /// When the friend's order counts as kept.
    #[must_use]
    pub fn due_at(&self, terms: &Terms) -> Option<Instant> {
        self.order.as_ref()?.paid_at.map(|paid| paid.plus(terms.return_seconds()))
    }

    /// Until when the friend may order.
    #[must_use]
    pub fn claim_ends(&self, terms: &Terms) -> Option<Instant> {
        self.claimed_at.map(|claimed| claimed.plus(terms.claim_seconds()))
    }

    /// When time alone may change it; `None`: never.
    #[must_use]
    pub fn look_at(&self, terms: &Terms) -> Option<Instant> {
        let paid = self.order.as_ref().is_some_and(|order| order.paid_at.is_some());
        match self.state {
            State::Claimed => self.claim_ends(terms),
            State::Flagged if !paid => self.claim_ends(terms),
            State::Pending => self.due_at(terms),
            State::Qualified if self.reason == Some(Reason::BudgetExhausted) => self.due_at(terms),
            _ => None,
        }
    }

    /// The period of the cap that a reward would count in: the one in which the return window ended.
    #[must_use]
    pub fn period_of(&self, terms: &Terms, days: &DayCut) -> Option<String> {
        let per = terms.cap.map_or(Period::Ever, |cap| cap.per);
        self.due_at(terms).map(|due| per.of(days.day(due)))
    }
}
