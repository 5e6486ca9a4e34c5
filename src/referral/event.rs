//! What may happen to a recommendation? Facts about it, and somebody's word.

use serde::{Deserialize, Serialize};

use super::person::Person;
use crate::money::{Currency, Minor};
use crate::time::Instant;

/// What is known of the friend's order. Facts are only ever added: the earliest time, the largest amount.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "RecommendationOrder"))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OrderFacts {
    /// The order.
    pub id: String,
    /// When it was paid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paid_at: Option<Instant>,
    /// When it was cancelled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cancelled_at: Option<Instant>,
    /// What it came to after discounts, in minor units.
    #[serde(default)]
    pub total: Minor,
    /// What of it was paid back so far, in minor units.
    #[serde(default)]
    pub refunded: Minor,
    /// Its currency.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<Currency>,
    /// It has a further code.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub other_code: bool,
}

impl OrderFacts {
    /// Nothing but its id.
    #[must_use]
    pub const fn new(id: String) -> Self {
        Self { id, paid_at: None, cancelled_at: None, total: 0, refunded: 0, currency: None, other_code: false }
    }

    /// What both know: the order in which facts come makes no difference.
    pub fn learn(&mut self, other: &Self) {
        let earlier = |a: Option<Instant>, b: Option<Instant>| match (a, b) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
        self.paid_at = earlier(self.paid_at, other.paid_at);
        self.cancelled_at = earlier(self.cancelled_at, other.cancelled_at);
        self.total = self.total.max(other.total);
        self.refunded = self.refunded.max(other.refunded);
        self.currency = self.currency.min(other.currency).or(self.currency).or(other.currency);
        self.other_code |= other.other_code;
    }
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "RecommendationStep"))]
#[serde(tag = "type", rename_all = "snake_case", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum Event {
    /// A friend came with the code.
    Claim {
        /// The id of the recommendation that begins.
        id: String,
        /// The friend.
        friend: Person,
        /// Whether the friend is new, if the shop knows.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        new_friend: Option<bool>,
    },
    /// The friend came with another code: that one counts from now on.
    Follow {
        /// The other code.
        code: String,
        /// Whose it is.
        referrer: Person,
    },
    /// Something is known of the friend's order.
    Order {
        /// What.
        facts: OrderFacts,
        /// The friend, as the order says.
        friend: Person,
        /// Whether it is the friend's first order, if the shop knows.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        new_friend: Option<bool>,
    },
    /// Time has passed.
    Tick,
    /// Somebody looked at a flagged one and passed it.
    Approve,
    /// Somebody looked at a flagged one and rejected it.
    Void,
}

impl Event {
    /// The word of its kind.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Claim { .. } => "claim",
            Self::Follow { .. } => "follow",
            Self::Order { .. } => "order",
            Self::Tick => "tick",
            Self::Approve => "approve",
            Self::Void => "void",
        }
    }
}
