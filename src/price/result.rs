//! What was taken off, where, and why not more? The result of [`price`](super::price()).

use serde::{Deserialize, Serialize};

use super::rounding::Rounding;
use crate::money::{Currency, Minor};

/// A priced cart. `total` is the sum of the lines' totals and the shipping left to pay.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PriceResult {
    /// The version: 1.
    pub v: u32,
    /// The currency of every amount.
    pub currency: Currency,
    /// Digits after the decimal point of the currency: 0, 2 or 3.
    pub exponent: u8,
    /// Whether prices contain the tax.
    pub tax_included: bool,
    /// Whether a platform's number is the truth and this one an estimate.
    pub estimate: bool,
    /// How it was rounded.
    pub rounding: Rounding,
    /// The lines before any discount.
    pub subtotal: Minor,
    /// What was taken off the lines.
    pub discount: Minor,
    /// The shipping before any discount.
    pub shipping: Minor,
    /// What was taken off the shipping.
    pub shipping_discount: Minor,
    /// The tax on the discounted lines.
    pub tax: Minor,
    /// What is to be paid.
    pub total: Minor,
    /// The lines, in the order of the request.
    pub lines: Vec<PricedLine>,
    /// The promotions that took something off or gave a gift, in the order they were applied.
    pub applied: Vec<Applied>,
    /// The others, each with its reason, in the order of the request.
    pub rejected: Vec<Rejected>,
    /// The codes entered. This, and no reason, may be told to whoever entered them.
    pub entered: Vec<Entered>,
    /// Gifts to add as lines of price zero.
    pub gifts: Vec<Gift>,
}

/// One line of a priced cart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PricedLine {
    /// The line's id.
    pub id: String,
    /// Its units.
    pub quantity: u32,
    /// Its price before any discount.
    pub gross: Minor,
    /// Its part of each promotion, in the order of `applied`. Their sum is `discount`.
    pub shares: Vec<Minor>,
    /// What was taken off it.
    pub discount: Minor,
    /// `gross` less `discount`.
    pub net: Minor,
    /// The tax on it.
    pub tax: Minor,
    /// What is to be paid for it: `net`, and the tax where it comes on top.
    pub total: Minor,
}

/// A promotion that was applied.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Applied {
    /// The promotion.
    pub promotion: String,
    /// What it took off the lines: the sum of their shares.
    pub discount: Minor,
    /// What it took off the shipping.
    pub shipping_discount: Minor,
}

/// A promotion that was not applied.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "CartRejected"))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Rejected {
    /// The promotion.
    pub promotion: String,
    /// Why.
    pub reason: NotApplied,
    /// The number the cart has, where the reason is about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provided: Option<Minor>,
    /// The number it would need.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub required: Option<Minor>,
}

/// Why a promotion was not applied. It consumes no use then.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum NotApplied {
    /// Its code was not entered.
    CodeNotEntered,
    /// Its amounts are in another currency.
    CurrencyMismatch,
    /// It begins later.
    NotStarted,
    /// It is over.
    Expired,
    /// It is for first orders only.
    NotFirstOrder,
    /// No line has the right tags.
    NoMatchingLine,
    /// The matching lines cost too little.
    MinimumSubtotal,
    /// The matching lines cost too much.
    MaximumSubtotal,
    /// Too few matching units.
    MinimumQuantity,
    /// Too many matching units.
    MaximumQuantity,
    /// It, or one already applied, does not combine.
    Exclusive,
    /// Another promotion of its group is applied.
    GroupTaken,
    /// A cap of its group or of the order is used up.
    CapReached,
    /// Another combination takes off more.
    NotBest,
    /// It would take off nothing.
    NoEffect,
}

/// A code the customer entered, and whether it did anything. Why not stays inside: unknown, expired and unfit codes
/// read alike.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Entered {
    /// The code, normalised.
    pub code: String,
    /// Whether its promotion was applied.
    pub applied: bool,
}

/// A gift.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Gift {
    /// The promotion that gives it.
    pub promotion: String,
    /// The product.
    pub product: String,
    /// How many.
    pub quantity: u32,
}
