//! How much goes back for returned units? Exactly their share of what was paid, frozen when the order was priced.
//!
//! The rule: a return is settled from the priced order alone. Each unit returns its part of its own line, discount
//! included; the other lines keep their shares, and no promotion is tried again, even where the units left over would
//! no longer reach its minimum. Units returned one by one return together exactly what the line cost.

use serde::{Deserialize, Serialize};

use super::result::PriceResult;
use crate::money::{MAX_MINOR, Minor};
use crate::reject::{Code, Error, Result, parse_json};

/// What comes back, of which priced order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RefundRequest {
    /// The version: 1.
    pub v: u32,
    /// The order as it was priced.
    pub priced: PriceResult,
    /// The units that come back, each line at most once.
    pub returns: Vec<ReturnedLine>,
}

/// Units of one line that come back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReturnedLine {
    /// The line.
    pub line: String,
    /// How many units come back now: at least one.
    pub quantity: u32,
    /// How many came back before.
    #[serde(default)]
    pub already: u32,
}

/// What goes back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RefundResult {
    /// The version: 1.
    pub v: u32,
    /// What goes back in all. Shipping is not part of it.
    pub amount: Minor,
    /// The tax in it.
    pub tax: Minor,
    /// Line by line.
    pub lines: Vec<RefundedLine>,
}

/// What goes back for one line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RefundedLine {
    /// The line.
    pub line: String,
    /// The units.
    pub quantity: u32,
    /// What goes back.
    pub amount: Minor,
    /// The tax in it.
    pub tax: Minor,
    /// The returned units' part of each promotion, in the order of the order's `applied`.
    pub shares: Vec<Minor>,
}

/// Computes a refund.
///
/// # Errors
/// `not_found` for a line the order does not have, `out_of_range` for more units than it had, `contradiction` for a
/// line named twice or an order whose sums do not hold, with the path.
pub fn refund(request: &RefundRequest) -> Result<RefundResult> {
    if request.v != 1 || request.priced.v != 1 {
        return Err(Error::at(Code::UnsupportedVersion, "v", "This refund has another version than 1."));
    }
    check(&request.priced)?;
    let mut lines: Vec<RefundedLine> = Vec::with_capacity(request.returns.len());
    for (index, returned) in request.returns.iter().enumerate() {
        let at = |field: &str, code, message: &str| Err(Error::at(code, format!("returns[{index}].{field}"), message));
        let Some(line) = request.priced.lines.iter().find(|line| line.id == returned.line) else {
            return at("line", Code::NotFound, "The order has no such line.");
        };
        if lines.iter().any(|other| other.line == returned.line) {
            return at("line", Code::Contradiction, "This line comes back twice: add its units up.");
        }
        let after = returned.already.checked_add(returned.quantity).filter(|after| *after <= line.quantity);
        let (Some(after), 1..) = (after, returned.quantity) else {
            return at("quantity", Code::OutOfRange, "More units come back than the line had, or none.");
        };
        // What the first n units cost together: the difference of two such sums is exact however often one returns.
        let first = |amount: Minor, units: u32| {
            Minor::try_from(i128::from(amount) * i128::from(units) / i128::from(line.quantity)).unwrap_or(amount)
        };
        let part = |amount: Minor| first(amount, after) - first(amount, returned.already);
        lines.push(RefundedLine {
            line: line.id.clone(),
            quantity: returned.quantity,
            amount: part(line.total),
            tax: part(line.tax),
            shares: line.shares.iter().map(|share| part(*share)).collect(),
        });
    }
    let sum = |of: fn(&RefundedLine) -> Minor| lines.iter().map(of).sum();
    Ok(RefundResult { v: 1, amount: sum(|line| line.amount), tax: sum(|line| line.tax), lines })
}

/// [`refund`] of a request as text.
///
/// # Errors
/// Those of [`parse_json`] and [`refund`].
pub fn refund_text(request: &str) -> Result<RefundResult> {
    refund(&parse_json(request)?)
}

/// Whether the order is one that [`price`](super::price()) made: every sum must hold.
fn check(priced: &PriceResult) -> Result<()> {
    let mut sum = 0;
    for (index, line) in priced.lines.iter().enumerate() {
        let shares: i128 = line.shares.iter().map(|share| i128::from(*share)).sum();
        let tax = if priced.tax_included { 0 } else { line.tax };
        sum += i128::from(line.gross.max(0)) + i128::from(line.total.max(0));
        let holds = line.quantity > 0
            && sum <= 2 * i128::from(MAX_MINOR)
            && line.shares.len() == priced.applied.len()
            && line.shares.iter().all(|share| *share >= 0)
            && shares == i128::from(line.discount)
            && line.discount <= line.gross
            && line.gross - line.discount == line.net
            && (0..=line.total).contains(&line.tax)
            && i128::from(line.net) + i128::from(tax) == i128::from(line.total);
        if !holds {
            return Err(Error::at(
                Code::Contradiction,
                format!("priced.lines[{index}]"),
                "The sums of this line do not hold: give the order exactly as it was priced.",
            ));
        }
    }
    Ok(())
}
