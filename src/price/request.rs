//! What is in the cart, and which promotions are there? The request of [`price`](super::price()).

use serde::{Deserialize, Serialize};

use super::rounding::Rounding;
use super::validity::Boundary;
use crate::money::{Currency, Minor};
use crate::time::Instant;

/// A cart, the codes entered, and the promotions that exist.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PriceRequest {
    /// The version: 1.
    pub v: u32,
    /// The moment of the purchase.
    pub now: Instant,
    /// The shop's time zone, in which dates are meant. Default UTC.
    #[serde(default = "utc")]
    pub time_zone: String,
    /// The currency of every amount in the cart.
    pub currency: Currency,
    /// Whether unit prices contain the tax (default) or the tax comes on top.
    #[serde(default = "yes")]
    pub tax_included: bool,
    /// Whether a platform computes the price in the end: the result then calls itself an estimate.
    #[serde(default)]
    pub estimate: bool,
    /// How discounts are rounded.
    #[serde(default)]
    pub rounding: Rounding,
    /// The lines of the cart.
    pub lines: Vec<CartLine>,
    /// What shipping costs before any discount.
    #[serde(default)]
    pub shipping: Minor,
    /// Whether this is the customer's first order; absent, it is not taken for one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_order: Option<bool>,
    /// The codes the customer entered, as typed.
    #[serde(default)]
    pub codes: Vec<String>,
    /// The promotions. Those without a code apply by themselves.
    #[serde(default)]
    pub promotions: Vec<Promotion>,
    /// How promotions combine.
    #[serde(default)]
    pub stacking: Stacking,
}

fn utc() -> String {
    "UTC".to_owned()
}

const fn yes() -> bool {
    true
}

const fn is_zero(amount: &Minor) -> bool {
    *amount == 0
}

/// One line of the cart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CartLine {
    /// The line's id, unique in the cart.
    pub id: String,
    /// The price of one unit.
    pub unit: Minor,
    /// How many units: at least one.
    pub quantity: u32,
    /// The tax rate in basis points.
    #[serde(default)]
    pub tax_rate_bp: u32,
    /// The product's tags.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// The lowest price of one unit that discounts may lead to.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub floor: Minor,
}

/// A promotion: what it takes off, when, and with which others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "CartPromotion"))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Promotion {
    /// Its id, unique.
    pub id: String,
    /// The code that calls for it; absent, it applies by itself. Case, spaces and dashes do not matter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// The currency of its amounts. Must be there when it has any; never converted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<Currency>,
    /// Whether its amounts contain the tax; absent, as the cart's prices.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tax_included: Option<bool>,
    /// What it takes off.
    pub effect: Effect,
    /// For which carts and lines.
    #[serde(default)]
    pub conditions: Conditions,
    /// At most so many units are discounted, the dearest first. For `percent` and `fixed_per_item`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_units: Option<u32>,
    /// At most this much is taken off an order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cap: Option<Minor>,
    /// Higher comes first; equal ones in the order of the request.
    #[serde(default)]
    pub priority: i32,
    /// Whether it never combines with another one.
    #[serde(default)]
    pub exclusive: bool,
    /// Its stacking group.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// The first day or instant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_from: Option<Boundary>,
    /// The last day or instant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<Boundary>,
}

/// What a promotion takes off the lines that match.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "type", rename_all = "snake_case", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum Effect {
    /// A part of the price.
    Percent {
        /// 1 to 10,000 basis points.
        bp: u32,
    },
    /// An amount off all matching lines together.
    Fixed {
        /// At least one minor unit.
        amount: Minor,
    },
    /// An amount off every matching unit.
    FixedPerItem {
        /// At least one minor unit.
        amount: Minor,
    },
    /// The shipping.
    FreeShipping {},
    /// Of every `buy` + `get` matching units, the cheapest `get` are reduced.
    BuyGet {
        /// Units to be paid.
        buy: u32,
        /// Units reduced.
        get: u32,
        /// By how much: basis points, 10,000 makes them free.
        #[serde(default = "all")]
        bp: u32,
    },
    /// The more, the more: the highest step that is reached counts.
    Tiers {
        /// What is compared with `from`.
        by: TierBasis,
        /// In rising order.
        steps: Vec<TierStep>,
    },
    /// A gift that the shop adds as a line of price zero.
    Gift {
        /// The product.
        product: String,
        /// How many: at least one.
        #[serde(default = "one")]
        quantity: u32,
    },
}

const fn all() -> u32 {
    10_000
}

const fn one() -> u32 {
    1
}

/// What tiers count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum TierBasis {
    /// The price of the matching lines before any discount.
    Subtotal,
    /// Their units.
    Quantity,
}

/// One step of tiers: `bp` or `amount`, not both.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TierStep {
    /// From this subtotal or quantity on.
    pub from: Minor,
    /// Basis points off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bp: Option<u32>,
    /// Amount off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<Minor>,
}

/// For which carts and lines. Subtotals and quantities are those of the matching lines, before any discount.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "CartConditions"))]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Conditions {
    /// At least this subtotal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_subtotal: Option<Minor>,
    /// At most this subtotal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_subtotal: Option<Minor>,
    /// At least so many units.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_quantity: Option<u32>,
    /// At most so many units.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_quantity: Option<u32>,
    /// Only lines with one of these tags; empty, all lines.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// No lines with one of these tags.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub without_tags: Vec<String>,
    /// Only for a customer's first order.
    #[serde(skip_serializing_if = "core::ops::Not::not")]
    pub first_order_only: bool,
}

/// How promotions combine.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Stacking {
    /// One after the other, or the best for the customer.
    pub mode: StackingMode,
    /// All discounts on lines together take off at most this much.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cap: Option<Minor>,
    /// All discounts on lines together take off at most this part of the subtotal, in basis points.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cap_bp: Option<u32>,
    /// Rules for groups. A group without an entry has none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<Group>,
}

/// One after the other, or the best for the customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum StackingMode {
    /// By priority; each is taken off what the earlier ones left.
    #[default]
    InOrder,
    /// The allowed combination that takes off the most.
    Best,
}

/// Rules for a group of promotions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Group {
    /// The group.
    pub id: String,
    /// Only one of its promotions applies.
    #[serde(default)]
    pub one_of: bool,
    /// Its promotions together take off at most this much of the lines.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cap: Option<Minor>,
    /// Its promotions together take off at most this part of the subtotal, in basis points.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cap_bp: Option<u32>,
}
