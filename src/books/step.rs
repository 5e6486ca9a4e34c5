//! How is a transaction written down? Statements as data: which row, on which condition, with what effect.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::operation::BooksOperation;
use super::words::{Outcome, Refusal, Table, Told};
use crate::canonical;
use crate::reject::Result;
use crate::time::Instant;
use crate::word::words;

/// The name of a step or a column. Nearly all of them stand in this code: a plan has hundreds, and borrows them.
pub type Name = Cow<'static, str>;

/// Names that stand in this code, as a list that is borrowed, too.
macro_rules! names {
    ($($name:literal),* $(,)?) => {
        const { &[$($crate::books::Name::Borrowed($name)),*] as &'static [$crate::books::Name] }
    };
}
pub(super) use names;

/// What a store has to do for one operation, in this order, in one transaction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct BooksPlan {
    /// Version of this document: 1.
    pub v: u32,
    /// What was asked.
    pub operation: BooksOperation,
    /// Hash of what was asked, without key and time.
    pub request_hash: String,
    /// The statements. None at all: there is nothing to do, `finish` knows the answer.
    pub steps: Vec<Step>,
}

/// One statement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "BooksStep"))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Step {
    /// Its rows are kept under this name. Steps of one name exclude each other by `when`, or add their rows.
    pub name: Name,
    /// Runs only if all of these hold.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub when: Vec<When>,
    /// Runs once for each row of that step; its references to that step mean the current row.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub each: Option<Name>,
    /// What kind of statement.
    pub verb: Verb,
    /// On which table.
    pub table: Table,
    /// Columns that are equal: the primary key of an insert or upsert, a part of it or all for the others.
    pub key: Vec<Assignment>,
    /// Further columns of an inserted row.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<Assignment>,
    /// Columns that get a new value, in an update or where an upsert finds a row.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub set: Vec<Assignment>,
    /// Columns that a number is added to, likewise.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub add: Vec<Assignment>,
    /// Conditions on the row that is found; where they do not hold, nothing changes and no row comes back.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub conditions: Vec<Condition>,
    /// The columns that come back, with their values afterwards.
    pub returning: Cow<'static, [Name]>,
    /// What it means when no row comes back.
    pub on_empty: OnEmpty,
}

words! {
    /// A kind of statement.
    Verb as "BooksVerb" {
        /// Inserts the row; where there is one with that key, nothing changes and no row comes back.
        Insert = "insert",
        /// Inserts the row; where there is one with that key, it is updated if the conditions hold.
        Upsert = "upsert",
        /// Updates the rows that have the key columns and meet the conditions.
        Update = "update",
        /// Reads them.
        Select = "select",
        /// Deletes them. Only what is kept for a while may go: answers under a key and messages that were sent.
        Delete = "delete",
    }
}

/// A column and its value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "BooksAssignment"))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Assignment {
    /// The column.
    pub column: Name,
    /// The value.
    pub value: Value,
}

/// A value in a statement. No column is ever null.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "BooksValue"))]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum Value {
    /// A text.
    Text {
        /// The text.
        text: String,
    },
    /// A whole number.
    Int {
        /// The number, between -(2^53 - 1) and 2^53 - 1.
        int: i64,
    },
    /// A column of the (first) row that an earlier step gave.
    Ref {
        /// The step.
        step: Name,
        /// The column.
        column: Name,
    },
    /// A column of the row itself, as it was before.
    Own {
        /// The column.
        column: Name,
    },
    /// A sum of numbers.
    Sum {
        /// What is added.
        plus: Vec<Value>,
        /// What is taken away.
        minus: Vec<Value>,
    },
}

/// A condition on a column of the row that is found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "BooksCondition"))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Condition {
    /// The column.
    pub column: Name,
    /// How it compares.
    pub is: Comparison,
    /// With any of these for `in`, with the one there is otherwise.
    pub to: Vec<Value>,
}

words! {
    /// How a column compares.
    Comparison as "BooksComparison" {
        /// Equal to one of them.
        In = "in",
        /// Not equal.
        Not = "not",
        /// At most.
        AtMost = "at_most",
        /// At least.
        AtLeast = "at_least",
    }
}

/// A condition on what earlier steps gave.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "BooksWhen"))]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum When {
    /// The step ran and gave a row.
    Found {
        /// The step.
        step: Name,
    },
    /// The step did not run or gave no row.
    Missing {
        /// The step.
        step: Name,
    },
    /// A column of its (first or current) row is this.
    Equals {
        /// The step.
        step: Name,
        /// The column.
        column: Name,
        /// The value, a text or a number.
        value: Value,
    },
    /// A column of its (first or current) row is anything but this.
    Differs {
        /// The step.
        step: Name,
        /// The column.
        column: Name,
        /// The value, a text or a number.
        value: Value,
    },
}

/// What it means when a step gives no row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "BooksOnEmpty"))]
#[serde(tag = "then", rename_all = "snake_case", deny_unknown_fields)]
pub enum OnEmpty {
    /// Nothing: go on.
    Proceed,
    /// Stop: the operation is refused.
    Refuse {
        /// Why.
        refusal: Refusal,
    },
    /// Stop, and read a row first: it tells why. (No row is an answer, too.)
    Read {
        /// What to read.
        step: Box<Step>,
    },
}

/// A value in a row: text or a whole number.
pub type Cell = serde_json::Value;

/// A row: columns and their values.
pub type Row = BTreeMap<String, Cell>;

/// What the statements gave.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct BooksResults {
    /// The rows by the name of their step; absent for steps that did not run.
    pub rows: BTreeMap<String, Vec<Row>>,
    /// The step at which it stopped because no row came back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stopped: Option<String>,
    /// The store could not wait for another transaction that has the same key.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub busy: bool,
}

/// The end of an operation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct BooksFinished {
    /// Version of this document: 1.
    pub v: u32,
    /// Whether the transaction is committed. Otherwise all of it is rolled back.
    pub commit: bool,
    /// Whether the answer is that of an earlier request with the same key.
    pub replayed: bool,
    /// The answer.
    pub answer: BooksAnswer,
    /// What follows, when committed; it is in the outbox, too.
    pub effects: Vec<Effect>,
    /// Statements that keep the answer: before the commit, or after the rollback in a transaction of their own. Where
    /// the latter finds the key taken, the operation is run again.
    pub after: Vec<Step>,
}

/// What an operation came to. Whoever is told it outside reads `told`, never `refusal`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct BooksAnswer {
    /// Version of this document: 1.
    pub v: u32,
    /// What was asked.
    pub operation: String,
    /// What came of it; absent when it was refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Outcome>,
    /// Why it was refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refusal: Option<Refusal>,
    /// What a stranger may learn of the refusal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub told: Option<Told>,
    /// The HTTP status that goes with it.
    pub status: u16,
    /// The code it was about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// The order it was about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order: Option<String>,
    /// Until when a use is held.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held_until: Option<Instant>,
    /// The first serial that was handed out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start: Option<i64>,
}

/// Something others may want to know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "BooksEffect"))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Effect {
    /// `code_issued`, `reward_due`, `reward_taken_back` or `flagged`.
    pub topic: Topic,
    /// Its id in the outbox.
    pub id: String,
}

words! {
    /// What others may want to know.
    Topic as "BooksTopic" {
        /// A code was put into the books.
        CodeIssued = "code_issued",
        /// A reward was granted.
        RewardDue = "reward_due",
        /// A reward was taken back.
        RewardTakenBack = "reward_taken_back",
        /// A recommendation waits for somebody to look at it.
        Flagged = "flagged",
    }
}

impl BooksAnswer {
    /// The canonical text, as [`canonical::text`] would write it: every operation with a key needs one, so it is written
    /// in the order of the names at once instead of being sorted.
    pub(super) fn canonical(&self) -> Result<String> {
        #[derive(Serialize)]
        #[serde(rename_all = "camelCase")]
        struct InOrder<'a> {
            #[serde(skip_serializing_if = "Option::is_none")]
            code: &'a Option<String>,
            #[serde(skip_serializing_if = "Option::is_none")]
            held_until: Option<Instant>,
            operation: &'a str,
            #[serde(skip_serializing_if = "Option::is_none")]
            order: &'a Option<String>,
            #[serde(skip_serializing_if = "Option::is_none")]
            outcome: Option<Outcome>,
            #[serde(skip_serializing_if = "Option::is_none")]
            refusal: Option<Refusal>,
            #[serde(skip_serializing_if = "Option::is_none")]
            start: Option<i64>,
            status: u16,
            #[serde(skip_serializing_if = "Option::is_none")]
            told: Option<Told>,
            v: u32,
        }
        let Self { v, operation, outcome, refusal, told, status, code, order, held_until, start } = self;
        canonical::sorted(&InOrder {
            code,
            held_until: *held_until,
            operation,
            order,
            outcome: *outcome,
            refusal: *refusal,
            start: *start,
            status: *status,
            told: *told,
            v: *v,
        })
    }
}

impl Value {
    /// A text.
    pub(super) fn text(text: &str) -> Self {
        Self::Text { text: text.to_owned() }
    }

    /// A column of an earlier step.
    pub(super) fn of(step: impl Into<Name>, column: &'static str) -> Self {
        Self::Ref { step: step.into(), column: column.into() }
    }

    /// A column of the row itself.
    pub(super) fn own(column: &'static str) -> Self {
        Self::Own { column: column.into() }
    }

    /// The number with the other sign.
    pub(super) fn negative(self) -> Self {
        match self {
            Self::Int { int } => Self::Int { int: -int },
            other => Self::Sum { plus: Vec::new(), minus: vec![other] },
        }
    }

    /// The number less another.
    pub(super) fn less(self, other: Self) -> Self {
        Self::Sum { plus: vec![self], minus: vec![other] }
    }
}

impl From<i64> for Value {
    fn from(int: i64) -> Self {
        Self::Int { int }
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text { text }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::text(text)
    }
}

impl From<&Option<String>> for Value {
    fn from(text: &Option<String>) -> Self {
        Self::text(text.as_deref().unwrap_or_default())
    }
}

impl Step {
    /// A statement on a row.
    pub(super) fn new<const N: usize>(
        name: impl Into<Name>,
        verb: Verb,
        table: Table,
        key: [(&'static str, Value); N],
    ) -> Self {
        Self {
            name: name.into(),
            when: Vec::new(),
            each: None,
            verb,
            table,
            key: key.into_iter().map(assignment).collect(),
            values: Vec::new(),
            set: Vec::new(),
            add: Vec::new(),
            conditions: Vec::new(),
            returning: Cow::Borrowed(names!["tenant"]),
            on_empty: OnEmpty::Proceed,
        }
    }

    /// The key of a row of this tenant.
    pub(super) fn keys_of<const N: usize>(mut self, tenant: Value, key: [(&'static str, Value); N]) -> Self {
        self.key = Vec::with_capacity(1 + N);
        self.key.push(assignment(("tenant", tenant)));
        self.keys(key)
    }

    pub(super) fn keys<const N: usize>(mut self, key: [(&'static str, Value); N]) -> Self {
        self.key.extend(key.into_iter().map(assignment));
        self
    }

    pub(super) fn values<const N: usize>(mut self, values: [(&'static str, Value); N]) -> Self {
        self.values.extend(values.into_iter().map(assignment));
        self
    }

    pub(super) fn set<const N: usize>(mut self, set: [(&'static str, Value); N]) -> Self {
        self.set.extend(set.into_iter().map(assignment));
        self
    }

    pub(super) fn add<const N: usize>(mut self, add: [(&'static str, Value); N]) -> Self {
        self.add.extend(add.into_iter().map(assignment));
        self
    }

    pub(super) fn only(mut self, column: &'static str, is: Comparison, to: impl Into<Value>) -> Self {
        self.conditions.push(Condition { column: column.into(), is, to: vec![to.into()] });
        self
    }

    pub(super) fn only_in(mut self, column: &'static str, to: Vec<Value>) -> Self {
        self.conditions.push(Condition { column: column.into(), is: Comparison::In, to });
        self
    }

    pub(super) fn returning(mut self, columns: &'static [Name]) -> Self {
        self.returning = Cow::Borrowed(columns);
        self
    }

    pub(super) fn or(mut self, refusal: Refusal) -> Self {
        self.on_empty = OnEmpty::Refuse { refusal };
        self
    }

    pub(super) fn or_read(mut self, step: Self) -> Self {
        self.on_empty = OnEmpty::Read { step: Box::new(step) };
        self
    }

    pub(super) fn found(mut self, step: &'static str) -> Self {
        self.when.push(When::Found { step: step.into() });
        self
    }

    pub(super) fn missing(mut self, step: &'static str) -> Self {
        self.when.push(When::Missing { step: step.into() });
        self
    }

    pub(super) fn equals(mut self, step: &'static str, column: &'static str, value: impl Into<Value>) -> Self {
        self.when.push(When::Equals { step: step.into(), column: column.into(), value: value.into() });
        self
    }

    pub(super) fn differs(mut self, step: &'static str, column: &'static str, value: impl Into<Value>) -> Self {
        self.when.push(When::Differs { step: step.into(), column: column.into(), value: value.into() });
        self
    }

    pub(super) fn each(mut self, step: impl Into<Name>) -> Self {
        self.each = Some(step.into());
        self
    }
}

pub(super) fn assignment((column, value): (&'static str, Value)) -> Assignment {
    Assignment { column: column.into(), value }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_has_the_same_text_whichever_way_it_is_written() {
        let mut answer = BooksAnswer {
            v: 1,
            operation: "redeem".to_owned(),
            outcome: None,
            refusal: None,
            told: None,
            status: 200,
            code: None,
            order: None,
            held_until: None,
            start: None,
        };
        assert_eq!(answer.canonical(), canonical::text(&answer));
        answer.outcome = Some(Outcome::Renewed);
        answer.refusal = Some(Refusal::NotFound);
        answer.told = Some(Refusal::NotFound.told());
        answer.code = Some("\"\\\u{7f}\u{1}é\u{2028}".to_owned());
        answer.order = Some("o\n1".to_owned());
        answer.held_until = Some(Instant::from_unix(1_795_428_000));
        answer.start = Some(-7);
        assert_eq!(answer.canonical(), canonical::text(&answer));
    }
}
