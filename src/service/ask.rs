//! What may be asked of a shop's server? The bodies of its requests. Who a person is, is said by the shop in its own
//! words and never leaves this module as such: the books get keyed hashes. `now` is never among them.

use serde::{Deserialize, Serialize};

use crate::books::OrderEventKind;
use crate::money::{Currency, Minor};
use crate::offer::Request;
use crate::time::Instant;

/// What was offered is taken: a code is made for it. The same request gets the same code.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ClaimAsk {
    /// The option that was offered.
    pub option: String,
    /// The request it was offered for. With a publishable key the customer's token replaces who she is, her order and
    /// what is known of her. Its `now` is the server's.
    pub request: Request,
    /// Her own e-mail address, where the shop knows it: only its keyed hash is kept. Without it nobody can tell that a
    /// guest who comes with her code is she herself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// What tells whether a friend is she herself, where the shop wants that to be looked at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signals: Option<BuyerSignals>,
}

/// A friend has come with a code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LookUpAsk {
    /// The code as it was typed or came with the link.
    pub code: String,
    /// The friend's language as a BCP 47 tag.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub locale: String,
}

/// Who orders. The shop says what it knows; nothing of it is kept but keyed hashes.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Buyer {
    /// The shop's id of the customer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer: Option<String>,
    /// The e-mail address she orders with. A guest has nothing else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// The checkout, where it is not known yet who orders.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub checkout: Option<String>,
    /// What tells whether two customers are one, where the shop wants that to be looked at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signals: Option<BuyerSignals>,
}

/// What tells whether two customers are one: their own data, of which nothing is kept but keyed hashes.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct BuyerSignals {
    /// Where it is delivered, in one text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// Telephone number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// Whatever names the means of payment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payment: Option<String>,
    /// Whatever names the device, where she has consented to that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device: Option<String>,
    /// The network address the order came from: its beginning counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ip: Option<String>,
}

/// A use is to be held during a checkout. The header `Idempotency-Key` is needed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReserveAsk {
    /// The code.
    pub code: String,
    /// Who holds it.
    pub buyer: Buyer,
    /// For how many seconds (default 900).
    #[serde(default = "quarter_of_an_hour")]
    pub ttl: i64,
    /// What it will take off, in minor units.
    #[serde(default)]
    pub amount: Minor,
}

const fn quarter_of_an_hour() -> i64 {
    900
}

/// An order takes a use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RedeemAsk {
    /// The code.
    pub code: String,
    /// The order. One use for each code and order, however often it is asked for.
    pub order: String,
    /// Who orders.
    #[serde(default)]
    pub buyer: Buyer,
    /// What it took off, in minor units. With 0 no use is taken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<Minor>,
}

/// A hold ends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReleaseAsk {
    /// The code.
    pub code: String,
    /// Who holds it.
    pub buyer: Buyer,
}

/// What the platform says of an order, in any order and any number of times.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OrderAsk {
    /// What happened.
    pub event: OrderEventKind,
    /// The order.
    pub order: String,
    /// When it was paid or cancelled; absent, now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Instant>,
    /// Who ordered.
    #[serde(default)]
    pub buyer: Buyer,
    /// Whether it is her first order, if the shop knows. A friend who was recommended has to be new.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub new_friend: Option<bool>,
    /// The codes in it; those that are not ours are passed over. Where a later event names none, the order's are meant.
    #[serde(default)]
    pub codes: Vec<OrderAskCode>,
    /// What the order came to, in minor units.
    #[serde(default)]
    pub total: Minor,
    /// What of it has been paid back so far, in minor units.
    #[serde(default)]
    pub refunded: Minor,
    /// The currency of these amounts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<Currency>,
    /// Whether a cancelled order's use stays consumed.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub keep: bool,
}

/// A code of an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OrderAskCode {
    /// The code.
    pub code: String,
    /// What it took off, in minor units.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<Minor>,
}

/// A customer asks what is known of her, or to be forgotten.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PersonAsk {
    /// The shop's id of the customer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer: Option<String>,
    /// Her e-mail address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
}

/// A token is wanted with which a page may claim for this customer. Give it to her page alone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TokenAsk {
    /// The shop's id of the customer; a guest's may be her order's.
    pub customer: String,
    /// Her own e-mail address: only its keyed hash is put into the token. Without it nobody can tell that a guest who
    /// comes with her code is she herself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// What tells whether a friend is she herself, likewise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signals: Option<BuyerSignals>,
    /// Her order, as it stands in a decision's request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order: Option<crate::offer::request::RequestOrder>,
    /// What is known of her, as it stands in a decision's request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub facts: Option<crate::offer::request::Facts>,
    /// For how many seconds it is good (default one hour, at most 30 days).
    #[serde(default = "an_hour")]
    pub ttl: i64,
}

const fn an_hour() -> i64 {
    3_600
}

/// Which recommendations are asked for: by one of these.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReferralAsk {
    /// Those in which this customer recommends or is the friend: her id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer: Option<String>,
    /// The same by her e-mail address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// The one that an order belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order: Option<String>,
    /// Those that a code led to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// The one of this id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub referral: Option<String>,
}
