//! What do the platform's order events mean for the books? Any event in any order and any number of times.

use serde::{Deserialize, Serialize};

use super::operation::{Action, BooksOperation, Holder};
use crate::money::Minor;
use crate::reject::{Code, Error, Result};
use crate::time::Instant;
use crate::word::words;

/// An event of an order on the platform, which has redeemed its codes itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct BooksOrderEvent {
    /// Version of this document: 1.
    pub v: u32,
    /// Whose books.
    pub tenant: String,
    /// Now.
    pub now: Instant,
    /// What happened.
    pub event: OrderEventKind,
    /// The order.
    pub order: String,
    /// Who ordered.
    #[serde(default)]
    pub holder: Holder,
    /// Our codes in it, canonical. An event that names none (some refunds) is completed from the table `redemption` by
    /// its order.
    pub codes: Vec<BooksOrderCode>,
    /// What the order came to, in minor units. Needed where a refund names an amount.
    #[serde(default)]
    pub total: Minor,
    /// What of it has been paid back so far, in minor units.
    #[serde(default)]
    pub refunded: Minor,
    /// A cancelled order's use stays consumed.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub keep: bool,
}

/// A code of an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct BooksOrderCode {
    /// The code, canonical.
    pub code: String,
    /// What it took off, in minor units; absent where the platform does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<Minor>,
}

words! {
    /// What happened to an order.
    OrderEventKind as "BooksOrderEventKind" {
        /// It was paid.
        Paid = "paid",
        /// It was cancelled.
        Cancelled = "cancelled",
        /// All or a part of it was paid back.
        Refunded = "refunded",
    }
}

/// The operations of an event, to be run one after the other.
///
/// A refund says that the order was paid, also when that event is still on its way. A part paid back leaves the use
/// where it is; all of it paid back reverses it. A cancellation gives the use back, whatever came before it.
///
/// # Errors
/// `unsupported_version`, `invalid_amount`, `missing_field` for a refund without the order's total, and what the operations are refused for.
pub fn order_event(event: &BooksOrderEvent) -> Result<Vec<BooksOperation>> {
    if event.v != 1 {
        let message = format!("This event has version {}, this release reads version 1.", event.v);
        return Err(Error::at(Code::UnsupportedVersion, "v", message));
    }
    if event.total < 0 || event.refunded < 0 {
        return Err(Error::at(Code::InvalidAmount, "refunded", "An amount is never negative."));
    }
    if event.event == OrderEventKind::Refunded && event.total == 0 && event.refunded > 0 {
        let message = "Say what the order came to: without it nobody can tell whether all of it was paid back.";
        return Err(Error::at(Code::MissingField, "total", message));
    }
    let mut actions = Vec::new();
    for OrderCode { code, amount } in unique(&event.codes) {
        let redeem = || Action::Redeem {
            code: code.clone(),
            order: event.order.clone(),
            holder: event.holder.clone(),
            amount: *amount,
            mirror: true,
        };
        match event.event {
            OrderEventKind::Paid => actions.push(redeem()),
            OrderEventKind::Cancelled => actions.push(Action::Cancel {
                code: code.clone(),
                order: event.order.clone(),
                keep: event.keep,
                mirror: true,
            }),
            OrderEventKind::Refunded => {
                actions.push(redeem());
                if event.refunded >= event.total {
                    actions.push(Action::Reverse {
                        code: code.clone(),
                        order: event.order.clone(),
                        reference: "all".to_owned(),
                        amount: None,
                    });
                }
            }
        }
    }
    let operations: Vec<BooksOperation> = actions
        .into_iter()
        .map(|action| BooksOperation { v: 1, tenant: event.tenant.clone(), key: None, now: event.now, action })
        .collect();
    operations.iter().try_for_each(BooksOperation::check)?;
    Ok(operations)
}

use BooksOrderCode as OrderCode;

/// A code is named once, however often the platform writes it.
fn unique(codes: &[OrderCode]) -> impl Iterator<Item = &OrderCode> {
    codes.iter().enumerate().filter(|(place, code)| codes[..*place].iter().all(|c| c.code != code.code)).map(|(_, c)| c)
}
