//! What does a shop's server answer? The bodies of its answers.

use serde::{Deserialize, Serialize};

use crate::books::{BooksAnswer, Outcome, Row, Told};
use crate::map::Map;
use crate::offer::request::{Facts, RequestOrder};
use crate::referral::Person;
use crate::time::Instant;

/// The code of a claim.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ClaimAnswer {
    /// The option it is for.
    pub option: String,
    /// The code, canonical.
    pub code: String,
    /// The code as people read and type it.
    pub shown_code: String,
    /// The link that leads a friend to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
    /// The last instant at which it holds; absent, without end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Instant>,
}

/// A token for a customer's page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TokenAnswer {
    /// The token: the page sends it in the header `Zugabe-Customer`.
    pub token: String,
    /// Until when it is good.
    pub expires_at: Instant,
}

/// What came of an operation on a code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CodeAnswer {
    /// What came of it.
    pub outcome: Outcome,
    /// The code, canonical.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// The order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order: Option<String>,
    /// Until when a use is held.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held_until: Option<Instant>,
}

/// What came of an order's event, code by code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OrderAnswer {
    /// The order.
    pub order: String,
    /// What was done in the books; nothing for an order without a code of ours.
    pub codes: Vec<CodeAnswer>,
}

/// What is known of a customer: the rows in which she stands, by table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ExportAnswer {
    /// The names under which the books know her.
    pub names: Vec<String>,
    /// The rows.
    pub tables: Map<Vec<Row>>,
}

/// That a customer is forgotten.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ErasedAnswer {
    /// In how many rows she stood: 0 when there was nothing left to forget.
    pub rows: u32,
}

/// How the server is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct HealthAnswer {
    /// Whether it answers.
    pub ok: bool,
}

/// What a customer's token says. It is sealed, not secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CustomerToken {
    /// The shop's id of the customer.
    pub customer: String,
    /// Keyed hashes of her e-mail address and of what else tells who she is.
    #[serde(default)]
    pub person: Person,
    /// Her order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order: Option<RequestOrder>,
    /// What is known of her.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub facts: Option<Facts>,
    /// Until when it is good.
    pub expires_at: Instant,
}

/// A refusal as the outside is told it: an [`crate::reject::Error`] and its status.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Refused {
    /// What is told.
    pub told: Told,
    /// In words.
    pub message: String,
    /// The HTTP status.
    pub status: u16,
}

impl CodeAnswer {
    /// The answer without what is for logs and the owner; `None` for a refusal.
    #[must_use]
    pub fn of(answer: &BooksAnswer) -> Option<Self> {
        Some(Self {
            outcome: answer.outcome?,
            code: answer.code.clone(),
            order: answer.order.clone(),
            held_until: answer.held_until,
        })
    }
}
