//! What was decided, and why? The decision with its trace.

use std::borrow::Cow;

use serde::{Serialize, Serializer};

use crate::insert::Locale;
use crate::map::Map;
use crate::offer::words::{Basis, Channel, Kind, Moment, Purpose, Reason, Rejection};
use crate::time::Instant;

/// The answer for one customer at one moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Decision {
    /// Version of this document: 1.
    pub v: u32,
    /// Hash of the policy that decided.
    pub policy: String,
    /// Why, as a class.
    pub reason: Reason,
    /// The moment it answers.
    pub moment: Moment,
    /// The channel it is for.
    pub channel: Channel,
    /// The language of its texts.
    pub locale: Locale,
    /// What we do. Absent: nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub main: Option<Chosen>,
    /// One more thing that costs nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub beside: Option<Chosen>,
    /// How it came about: data, segment, economics, message.
    pub steps: Vec<Step>,
    /// Every option that was not possible, and what would have to be different.
    pub rejected: Vec<Rejected>,
    /// The part chance had in it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bucket: Option<Bucket>,
    /// Frequency caps as they stand.
    pub caps: Vec<Cap>,
    /// On what ground, by channel.
    pub basis: Map<Basis>,
    /// Wording for buttons and notices.
    pub labels: Map<String>,
}

/// An option that was chosen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Chosen {
    /// Its id.
    pub option: String,
    /// What it is.
    pub kind: Kind,
    /// What it is for.
    pub purpose: Purpose,
    /// Whether something is asked for it.
    pub condition: Condition,
    /// The last second at which it holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Instant>,
    /// Its code, twelve symbols without dashes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// The code in groups of four.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shown_code: Option<String>,
    /// The address that carries the code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
    /// Where it leads.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// What the customer reads.
    pub text: Text,
}

/// Whether something is asked for an option.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Condition {
    /// Nothing is asked.
    None,
    /// Another purchase.
    Purchase,
    /// A friend's first order.
    FriendOrder,
}

/// What the customer reads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Text {
    /// Headline.
    pub headline: String,
    /// Text.
    pub body: String,
    /// Conditions in full.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub conditions: Option<String>,
    /// What else the law wants said: that a price was made for this customer alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notice: Option<String>,
    /// Why this customer sees this; true for this very decision.
    pub why: String,
}

/// One step of the way to the decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", tag = "step")]
pub enum Step {
    /// The fields of the request that were looked at.
    Data {
        /// Their paths.
        read: Vec<Cow<'static, str>>,
    },
    /// The cell the customer falls into.
    Segment {
        /// Its opaque id; absent when no cell fits.
        #[serde(skip_serializing_if = "Option::is_none")]
        cell: Option<String>,
    },
    /// The place of the chosen option in the cell's ranking, from 1.
    Economics {
        /// Absent when the option is not ranked (plain thanks).
        #[serde(skip_serializing_if = "Option::is_none")]
        rank: Option<u32>,
    },
    /// The language of the texts.
    Message {
        /// Its subtag.
        locale: Locale,
    },
}

/// An option that was not possible. With `field` at `required`, this line is gone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Rejected {
    /// Its id.
    pub option: String,
    /// Why.
    pub code: Rejection,
    /// The field it hangs on.
    pub field: Cow<'static, str>,
    /// What the field says; absent when the field is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provided: Option<Plain>,
    /// What it would have to say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub required: Option<Plain>,
}

/// A plain JSON value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Plain {
    /// Text.
    Text(Cow<'static, str>),
    /// A whole number.
    Number(i64),
    /// Yes or no.
    Flag(bool),
}

impl Serialize for Plain {
    fn serialize<S: Serializer>(&self, serializer: S) -> core::result::Result<S::Ok, S::Error> {
        match self {
            Self::Text(text) => serializer.serialize_str(text),
            Self::Number(number) => serializer.serialize_i64(*number),
            Self::Flag(flag) => serializer.serialize_bool(*flag),
        }
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Plain {
    fn schema_name() -> Cow<'static, str> {
        "Plain".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": ["string", "integer", "boolean"] })
    }
}

impl From<&'static str> for Plain {
    fn from(text: &'static str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }
}

impl From<String> for Plain {
    fn from(text: String) -> Self {
        Self::Text(Cow::Owned(text))
    }
}

impl From<i64> for Plain {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

impl From<u32> for Plain {
    fn from(number: u32) -> Self {
        Self::Number(i64::from(number))
    }
}

impl From<bool> for Plain {
    fn from(flag: bool) -> Self {
        Self::Flag(flag)
    }
}

/// The part chance had: recomputable from the policy's seed and the subject's id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Bucket {
    /// The customer's bucket, 0 to 9,999.
    pub n: u32,
    /// The probability with which the chosen option was chosen, in basis points.
    pub propensity_bp: u32,
}

/// A frequency cap as it stands before this decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Cap {
    /// Which, such as `page.week`.
    pub counter: String,
    /// How much of it is used; absent when the host did not say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub used: Option<u32>,
    /// Its limit.
    pub limit: u32,
    /// By how much it rises when this decision is shown; absent when by nothing. Whoever keeps the counter adds it.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub adds: u32,
}

const fn is_zero(number: &u32) -> bool {
    *number == 0
}
