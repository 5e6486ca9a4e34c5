//! What do the statements mean? A store in memory that runs plans as a database would: for `settle`, and to test that
//! the plans mean what they should.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::finish::finish;
use super::operation::BooksOperation;
use super::plan::plan;
use super::step::{
    Assignment, BooksFinished, BooksPlan, BooksResults, Cell, Comparison, Condition, Name, OnEmpty, Row, Step, Value,
    Verb, When,
};
use super::tables::{ColumnKind, columns, primary_key};
use super::words::Table;
use crate::reject::{Code, Error, Result};

/// The books in memory. As a document: the rows of every table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "BTreeMap<Table, Vec<Row>>", into = "BTreeMap<Table, Vec<Row>>")]
pub struct Memory {
    tables: BTreeMap<Table, BTreeMap<Key, Row>>,
}

/// A primary key: all of them are texts.
type Key = Vec<String>;

impl Default for Memory {
    fn default() -> Self {
        Self { tables: Table::ALL.iter().map(|table| (*table, BTreeMap::new())).collect() }
    }
}

impl From<BTreeMap<Table, Vec<Row>>> for Memory {
    fn from(tables: BTreeMap<Table, Vec<Row>>) -> Self {
        let mut memory = Self::default();
        for (table, rows) in tables {
            let rows = rows.into_iter().map(|row| (key_of(table, &row), row));
            memory.tables.entry(table).or_default().extend(rows);
        }
        memory
    }
}

impl From<Memory> for BTreeMap<Table, Vec<Row>> {
    fn from(memory: Memory) -> Self {
        let filled = memory.tables.into_iter().filter(|(_, rows)| !rows.is_empty());
        filled.map(|(table, rows)| (table, rows.into_values().collect())).collect()
    }
}

/// What has to be put back when an operation is rolled back.
type Undo = Vec<(Table, Key, Option<Row>)>;

impl Memory {
    /// Plans, runs and finishes an operation.
    ///
    /// # Errors
    /// What [`plan`] refuses. A refusal by the books is an answer, not an error.
    pub fn apply(&mut self, operation: BooksOperation) -> Result<BooksFinished> {
        self.run(&plan(operation)?)
    }

    /// Runs a plan in one transaction.
    ///
    /// # Errors
    /// `invalid_state` when the plan contradicts itself or a check of a table; nothing has changed then.
    pub fn run(&mut self, plan: &BooksPlan) -> Result<BooksFinished> {
        let mut undo = Undo::new();
        let finished = self.follow(&plan.steps, &mut undo).and_then(|results| finish(plan, &results));
        let finished = match finished {
            Ok(finished) => finished,
            Err(error) => {
                self.roll_back(undo);
                return Err(error);
            }
        };
        if !finished.commit {
            self.roll_back(core::mem::take(&mut undo));
        }
        if let Err(error) = self.follow(&finished.after, &mut undo) {
            self.roll_back(undo);
            return Err(error);
        }
        Ok(finished)
    }

    /// Runs statements in one transaction, outside of any operation: what a server does with the outbox, say. Where one
    /// gives no row and has to, nothing changes and `stopped` names it.
    ///
    /// # Errors
    /// `invalid_state` when the statements contradict each other or a check of a table; nothing has changed then.
    pub fn execute(&mut self, steps: &[Step]) -> Result<BooksResults> {
        let mut undo = Undo::new();
        let results = self.follow(steps, &mut undo);
        if !matches!(&results, Ok(results) if results.stopped.is_none()) {
            self.roll_back(undo);
        }
        results
    }

    /// Whether the one link of a kind leads anywhere.
    #[must_use]
    pub fn has_link(&self, tenant: &str, kind: &str, value: &str) -> bool {
        let key: Key = [tenant, kind, value, ""].map(str::to_owned).into();
        self.tables.get(&Table::ReferralLink).is_some_and(|rows| rows.contains_key(&key))
    }

    /// The rows of a table, by key.
    pub fn rows(&self, table: Table) -> impl Iterator<Item = &Row> {
        self.tables.get(&table).into_iter().flat_map(BTreeMap::values)
    }

    fn roll_back(&mut self, undo: Undo) {
        for (table, key, row) in undo.into_iter().rev() {
            let rows = self.tables.entry(table).or_default();
            match row {
                Some(row) => rows.insert(key, row),
                None => rows.remove(&key),
            };
        }
    }

    fn follow(&mut self, steps: &[Step], undo: &mut Undo) -> Result<BooksResults> {
        let mut results = BooksResults::default();
        for step in steps {
            let rounds: Vec<Option<Row>> = match &step.each {
                Some(name) => results.rows.get(name.as_ref()).into_iter().flatten().cloned().map(Some).collect(),
                None => vec![None],
            };
            for row in rounds {
                let scope = Scope { results: &results, each: step.each.as_deref().zip(row.as_ref()) };
                if !step.when.iter().map(|when| scope.holds(when)).collect::<Result<Vec<_>>>()?.iter().all(|is| *is) {
                    continue;
                }
                let found = self.statement(step, &scope, undo)?;
                let empty = found.is_empty();
                results.rows.entry(step.name.to_string()).or_default().extend(found);
                if !empty {
                    continue;
                }
                match &step.on_empty {
                    OnEmpty::Proceed => {}
                    OnEmpty::Refuse { .. } => {
                        results.stopped = Some(step.name.to_string());
                        return Ok(results);
                    }
                    OnEmpty::Read { step: read } => {
                        let scope = Scope { results: &results, each: None };
                        let rows = self.statement(read, &scope, undo)?;
                        results.rows.insert(read.name.to_string(), rows);
                        results.stopped = Some(step.name.to_string());
                        return Ok(results);
                    }
                }
            }
        }
        Ok(results)
    }

    fn statement(&mut self, step: &Step, scope: &Scope<'_>, undo: &mut Undo) -> Result<Vec<Row>> {
        let wanted: Row = scope.row(&step.key)?;
        let rows = self.tables.entry(step.table).or_default();
        let changed: Vec<(Key, Row)> = match step.verb {
            Verb::Delete if !step.table.is_kept_for_a_while() => {
                return Err(broken(step, "deletes what has to stay"));
            }
            Verb::Select | Verb::Update | Verb::Delete => {
                let mut changed = Vec::new();
                for (key, row) in near(rows, step.table, &wanted) {
                    if wanted.iter().all(|(column, cell)| row.get(column) == Some(cell))
                        && scope.meets(row, &step.conditions)?
                    {
                        changed.push((key.clone(), scope.changed(row, step)?));
                    }
                }
                changed
            }
            Verb::Insert | Verb::Upsert => {
                let key = key_of(step.table, &wanted);
                match rows.get(&key) {
                    None => {
                        let mut row = wanted;
                        row.extend(scope.row(&step.values)?);
                        vec![(key, row)]
                    }
                    Some(row) if step.verb == Verb::Upsert && scope.meets(row, &step.conditions)? => {
                        let row = scope.changed(row, step)?;
                        vec![(key, row)]
                    }
                    Some(_) => Vec::new(),
                }
            }
        };
        let mut answers = Vec::with_capacity(changed.len());
        for (key, row) in changed {
            if step.verb == Verb::Delete {
                undo.push((step.table, key.clone(), rows.remove(&key)));
            } else if step.verb != Verb::Select {
                check(step.table, &row)?;
                let moved = key_of(step.table, &row);
                if moved != key {
                    if rows.contains_key(&moved) {
                        return Err(broken(step, "moves a row to a key that is taken"));
                    }
                    undo.push((step.table, key.clone(), rows.remove(&key)));
                }
                undo.push((step.table, moved.clone(), rows.insert(moved, row.clone())));
            }
            let column = |name: &Name| {
                let cell = row.get(name.as_ref()).ok_or_else(|| broken(step, &format!("has no column {name}")))?;
                Ok((name.to_string(), cell.clone()))
            };
            answers.push(step.returning.iter().map(column).collect::<Result<Row>>()?);
        }
        Ok(answers)
    }
}

/// The rows that begin with the part of the primary key that is known: a walk over the table would be slow.
fn near<'a>(rows: &'a BTreeMap<Key, Row>, table: Table, wanted: &Row) -> impl Iterator<Item = (&'a Key, &'a Row)> {
    let begin: Key =
        primary_key(table).map_while(|column| wanted.get(column).and_then(Cell::as_str).map(str::to_owned)).collect();
    let from = begin.clone();
    rows.range(from..).take_while(move |(key, _)| key.starts_with(&begin))
}

fn key_of(table: Table, row: &Row) -> Key {
    primary_key(table).map(|column| row.get(column).and_then(Cell::as_str).unwrap_or_default().to_owned()).collect()
}

/// What a database checks: every column is there and of its kind, and the sums hold.
fn check(table: Table, row: &Row) -> Result<()> {
    let failed = |what: &str| Err(Error::new(Code::InvalidState, format!("{}: {what}", table.as_str())));
    for (column, kind) in columns(table) {
        let fits =
            row.get(column).is_some_and(|cell| if kind == ColumnKind::Int { cell.is_i64() } else { cell.is_string() });
        if !fits {
            return failed(&format!("{column} is missing or of another kind"));
        }
    }
    if columns(table).count() != row.len() {
        return failed("there is a column too many");
    }
    let sum = |names: &[&str]| -> i128 {
        names.iter().filter_map(|name| row.get(*name).and_then(Cell::as_i64)).map(i128::from).sum()
    };
    let holds = match table {
        Table::Code | Table::Campaign => sum(&["granted"]) == sum(&["available", "reserved", "redeemed", "void"]),
        Table::Budget => sum(&["granted"]) == sum(&["available", "reserved", "spent"]),
        Table::Entry => {
            sum(&["granted"]) == sum(&["available", "reserved", "redeemed", "void"])
                && sum(&["budget_granted"]) == sum(&["budget_available", "budget_reserved", "budget_spent"])
        }
        Table::Batch => sum(&["next"]) <= sum(&["size"]),
        Table::CustomerUse => sum(&["used"]) >= 0,
        Table::Redemption => sum(&["reversed"]) <= sum(&["amount"]),
        Table::Referral => sum(&["version"]) >= 1,
        _ => true,
    };
    if holds { Ok(()) } else { failed("a sum does not hold") }
}

fn broken(step: &Step, what: &str) -> Error {
    Error::at(Code::InvalidState, step.name.as_ref(), format!("This step {what}: the plan contradicts itself."))
}

/// What references of a statement mean.
struct Scope<'a> {
    results: &'a BooksResults,
    each: Option<(&'a str, &'a Row)>,
}

impl Scope<'_> {
    fn referred(&self, step: &str) -> Option<&Row> {
        match self.each {
            Some((name, row)) if name == step => Some(row),
            _ => self.results.rows.get(step).and_then(|rows| rows.first()),
        }
    }

    fn cell(&self, step: &str, column: &str) -> Result<Cell> {
        self.referred(step)
            .and_then(|row| row.get(column))
            .cloned()
            .ok_or_else(|| Error::at(Code::InvalidState, step, format!("No row of this step has a column {column}.")))
    }

    fn holds(&self, when: &When) -> Result<bool> {
        match when {
            When::Found { step } => Ok(self.referred(step).is_some()),
            When::Missing { step } => Ok(self.referred(step).is_none()),
            // Where the step gave no row there is nothing to compare, and the statement is not for this case.
            When::Equals { step, column, value } => {
                Ok(self.referred(step).is_some() && self.cell(step, column)? == self.value(value, None)?)
            }
            When::Differs { step, column, value } => {
                Ok(self.referred(step).is_some() && self.cell(step, column)? != self.value(value, None)?)
            }
        }
    }

    fn value(&self, value: &Value, own: Option<&Row>) -> Result<Cell> {
        match value {
            Value::Text { text } => Ok(Cell::from(text.as_str())),
            Value::Int { int } => Ok(Cell::from(*int)),
            Value::Ref { step, column } => self.cell(step, column),
            Value::Own { column } => own
                .and_then(|row| row.get(column.as_ref()))
                .cloned()
                .ok_or_else(|| Error::at(Code::InvalidState, column.as_ref(), "This column is not there to be read.")),
            Value::Sum { .. } => Ok(Cell::from(self.number(value, own)?)),
        }
    }

    fn number(&self, value: &Value, own: Option<&Row>) -> Result<i64> {
        if let Value::Sum { plus, minus } = value {
            let mut sum = 0_i64;
            for (sign, parts) in [(1, plus), (-1, minus)] {
                for part in parts {
                    sum = sum.saturating_add(sign * self.number(part, own)?);
                }
            }
            return Ok(sum);
        }
        self.value(value, own)?
            .as_i64()
            .ok_or_else(|| Error::new(Code::InvalidState, "A text cannot be added to a number."))
    }

    fn row(&self, assignments: &[Assignment]) -> Result<Row> {
        assignments
            .iter()
            .map(|assignment| Ok((assignment.column.to_string(), self.value(&assignment.value, None)?)))
            .collect()
    }

    fn meets(&self, row: &Row, conditions: &[Condition]) -> Result<bool> {
        for condition in conditions {
            let cell = row.get(condition.column.as_ref());
            let number = || cell.and_then(Cell::as_i64);
            let mut any = false;
            for to in &condition.to {
                any |= match condition.is {
                    Comparison::In => cell == Some(&self.value(to, Some(row))?),
                    Comparison::Not => cell != Some(&self.value(to, Some(row))?),
                    Comparison::AtMost => number() <= Some(self.number(to, Some(row))?),
                    Comparison::AtLeast => number() >= Some(self.number(to, Some(row))?),
                };
            }
            if !any {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// The row afterwards: every value is reckoned from what was there before.
    fn changed(&self, row: &Row, step: &Step) -> Result<Row> {
        let mut changed = row.clone();
        for Assignment { column, value } in &step.set {
            changed.insert(column.to_string(), self.value(value, Some(row))?);
        }
        for Assignment { column, value } in &step.add {
            let before = row.get(column.as_ref()).and_then(Cell::as_i64).unwrap_or_default();
            let after = before.saturating_add(self.number(value, Some(row))?);
            changed.insert(column.to_string(), Cell::from(after));
        }
        Ok(changed)
    }
}
