//! What does a thank-you cost the shop, and what does it bring? Formulas, each with its source, and the merchant's numbers
//! put into them.
//!
//! At the surface everything is whole minor units and basis points, rounded once, half away from zero. Amounts that are
//! too large are errors. Rates are shares of 10,000.

pub mod acquisition;
pub mod budget;
pub mod evidence;
mod exact;
pub mod figures;
pub mod knapsack;
pub mod lifetime;
pub mod missing;
pub mod profit;
pub mod referral;
pub mod settings;
pub mod verdict;
pub mod volume;
pub mod words;

#[cfg(test)]
mod tests;
