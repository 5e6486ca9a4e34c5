//! What does a code take off this cart? Promotions, stacking, allocation to lines, refunds: exact to the minor unit.
//!
//! One pure function, [`price`], from a request to a result in which every sum holds: the shares of the lines are the
//! discount, the totals of the lines and the shipping are the total. Nothing is ever discounted below zero, or below
//! a line's floor. Where a platform computes the price, its number is the truth and this one is called an estimate.

mod allocate;
mod effect;
pub(crate) mod platform;

mod refund;
mod request;
mod result;
mod rounding;
mod stack;
mod validate;
mod validity;

pub use allocate::allocate;

pub use platform::{Limits, Platform, PlatformFile, platform_file};
pub use refund::{RefundRequest, RefundResult, RefundedLine, ReturnedLine, refund, refund_text};
pub use request::{
    CartLine, Conditions, Effect, Group, PriceRequest, Promotion, Stacking, StackingMode, TierBasis, TierStep,
};
pub use result::{Applied, Entered, Gift, NotApplied, PriceResult, PricedLine, Rejected};
pub use rounding::{Remainder, Rounding, RoundingLevel, RoundingMode};
pub use stack::{price, price_text};
pub use validate::normalised_code;
pub use validity::Boundary;
