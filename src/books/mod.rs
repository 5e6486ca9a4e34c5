//! Who was promised, issued, redeemed, released, rewarded? The books: entries that are only ever added, and the
//! counters beside them.
//!
//! The core holds no rows. [`plan`] turns an operation into statements as data, a store runs them in one transaction,
//! and [`finish`] reads what came back. Every store runs the same plans, so every store decides the same;
//! [`Memory`] is the store of `settle` and of the tests. `docs/books.md` is the contract for stores.
//!
//! ```
//! use zugabe::books::{BooksOperation, Memory};
//! let mut books = Memory::default();
//! let mut ask = |action: &str| {
//!     let text = format!(r#"{{"v":1,"tenant":"t","now":"2026-11-23T10:00:00Z","action":{action}}}"#);
//!     let operation: BooksOperation = zugabe::reject::parse_json(&text)?;
//!     books.apply(operation).map(|finished| finished.answer)
//! };
//! ask(r#"{"type":"campaign","campaign":"spring"}"#)?;
//! ask(r#"{"type":"issue","code":"DANKE","campaign":"spring","uses":1}"#)?;
//! let redeem = |order: &str| format!(r#"{{"type":"redeem","code":"DANKE","order":"{order}","holder":{{}}}}"#);
//! assert!(ask(&redeem("1001"))?.refusal.is_none());
//! assert_eq!(ask(&redeem("1002"))?.refusal.map(|refusal| refusal.as_str()), Some("limit_reached"));
//! # Ok::<(), zugabe::reject::Error>(())
//! ```

mod audit;
mod finish;
mod holds;
mod memory;
mod mirror;
mod operation;
mod orders;
mod person;
mod plan;
mod referral;
mod rewards;
mod shape;
mod step;
mod tables;
mod words;

pub use audit::{Audit, BooksAudit, Finding};
pub use finish::finish;
pub use memory::Memory;
pub use mirror::{BooksOrderCode, BooksOrderEvent, OrderEventKind, order_event};
pub use operation::{Action, BooksOperation, Holder, Issue, Scope, UNLIMITED};
pub use person::{BooksPerson, find, forget, found, known};
pub use plan::plan;
pub use referral::{Count, Link, Recommendation, RewardGrant};
pub use shape::{ShapedPlan, Shapes};
pub use step::{
    Assignment, BooksAnswer, BooksFinished, BooksPlan, BooksResults, Cell, Comparison, Condition, Effect, Name,
    OnEmpty, Row, Step, Topic, Value, Verb, When,
};
pub use tables::{BooksTables, Column, ColumnKind, TableColumns, tables};
pub use words::{Outcome, Refusal, Table, Told};

use crate::reject::{Result, parse_json};

/// [`plan`] with the [`BooksOperation`] as text.
///
/// # Errors
/// Those of [`parse_json`] and [`plan`].
pub fn plan_text(operation: &str) -> Result<BooksPlan> {
    plan(parse_json(operation)?)
}

/// [`finish`] with the [`BooksOperation`] and the [`BooksResults`] as text: the plan is made again, which costs less than
/// carrying it back, and nobody can have changed it.
///
/// # Errors
/// Those of [`parse_json`], [`plan`] and [`finish`].
pub fn finish_text(operation: &str, results: &str) -> Result<BooksFinished> {
    let plan = plan_text(operation).map_err(|error| error.under("operation"))?;
    let results: BooksResults = parse_json(results).map_err(|error| error.under("results"))?;
    finish(&plan, &results)
}

/// [`order_event`] with the [`BooksOrderEvent`] as text.
///
/// # Errors
/// Those of [`parse_json`] and [`order_event`].
pub fn order_event_text(event: &str) -> Result<Vec<BooksOperation>> {
    order_event(&parse_json(event)?)
}
