//! What became of the file? What was read, kept, merged and refused, with line numbers.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::options::{Field, Format};
use crate::money::Currency;
use crate::order::{Order, OrderKind};
use crate::reject::{Code, Error, Result};
use crate::time::{Day, Instant};

/// How many refusals and warnings of a file are listed; all are counted.
const LISTED: usize = 50;

/// What became of the lines of a file: rows of a CSV file, order documents of a JSON file. `read` is the sum of the
/// other three.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LineCounts {
    /// Found in the file, empty ones left out.
    pub read: u64,
    /// Part of an order.
    pub kept: u64,
    /// Left out because their order was there already.
    pub merged: u64,
    /// Refused.
    pub refused: u64,
}

/// What became of one file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FileReport {
    /// Its name.
    pub name: String,
    /// What kind of export it is.
    pub format: Format,
    /// Which column was read as which field.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub columns: BTreeMap<Field, String>,
    /// What became of its lines.
    pub lines: LineCounts,
    /// Sales.
    pub orders: u64,
    /// Returns that name no order.
    pub returns: u64,
    /// Sales and returns that name no customer.
    pub anonymous: u64,
    /// The earliest order or return.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_at: Option<Instant>,
    /// The latest order or return.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_at: Option<Instant>,
    /// The currency, when all of it has the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<Currency>,
    /// The first day that counts, when days before it were left to another file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub count_from: Option<Day>,
    /// The first 50 refused lines.
    pub refused: Vec<Error>,
    /// The first 50 warnings.
    pub warnings: Vec<Error>,
    /// How many warnings there are.
    pub warning_count: u64,
    /// How many refused lines there are.
    pub refused_count: u64,
}

/// What became of all files together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Report {
    /// Version of this document: 1.
    pub v: u8,
    /// Each file, in the order they were given.
    pub files: Vec<FileReport>,
    /// Sales.
    pub orders: u64,
    /// Returns that name no order.
    pub returns: u64,
    /// Sales and returns that name no customer.
    pub anonymous: u64,
    /// Different customers.
    pub customers: u64,
    /// Orders that were there already with the same content.
    pub duplicates: u64,
    /// What became of all lines.
    pub lines: LineCounts,
}

/// How far a file has been read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Progress {
    /// Bytes.
    pub bytes: u64,
    /// Lines.
    pub lines: u64,
    /// Orders so far.
    pub orders: u64,
}

impl FileReport {
    /// Counts what the orders say: sales, returns, first and last, currency.
    pub(super) fn describe(&mut self, orders: &[Order]) {
        let is_return = |order: &&Order| order.kind == OrderKind::Return;
        self.returns = count(orders.iter().filter(is_return));
        self.orders = count(orders.iter()) - self.returns;
        self.anonymous = count(orders.iter().filter(|order| order.customer.is_none()));
        self.first_at = orders.iter().map(|order| order.created_at).min();
        self.last_at = orders.iter().map(|order| order.created_at).max();
        let currency = orders.first().map(|order| order.currency);
        self.currency = currency.filter(|currency| orders.iter().all(|order| order.currency == *currency));
    }

    /// A line less kept and one more refused.
    pub(super) fn refuse_kept(&mut self, lines: u64, error: Error) {
        let lines = lines.min(self.lines.kept);
        self.lines.kept -= lines;
        self.lines.refused += lines;
        self.refused_count += lines;
        if self.refused.len() < LISTED {
            self.refused.push(error);
        }
    }

    pub(super) fn warn(&mut self, error: Error) {
        self.warning_count += 1;
        if self.warnings.len() < LISTED {
            self.warnings.push(error);
        }
    }
}

pub(super) fn count<T>(items: impl Iterator<Item = T>) -> u64 {
    items.fold(0, |sum, _| sum + 1)
}

/// What has been noticed while a file is read.
#[derive(Debug, Default)]
pub(super) struct Notes {
    pub lines: LineCounts,
    pub refused: Vec<Error>,
    pub warnings: Vec<Error>,
    pub warning_count: u64,
}

impl Notes {
    /// A line that is not part of any order.
    pub fn refuse(&mut self, error: Error) {
        self.refuse_lines(1, error);
    }

    /// Several lines that one mistake took along.
    pub fn refuse_lines(&mut self, lines: u64, error: Error) {
        self.lines.refused += lines;
        if self.refused.len() < LISTED {
            self.refused.push(error);
        }
    }

    /// Something that was read, and should be looked at.
    pub fn warn(&mut self, code: Code, path: impl Into<String>, message: impl Into<String>) {
        self.warning_count += 1;
        if self.warnings.len() < LISTED {
            self.warnings.push(Error::at(code, path, message));
        }
    }

    /// Refuses the file when it is empty or more than a tenth of it (and more than three lines) was refused.
    pub fn judge(&self) -> Result<()> {
        let LineCounts { read, kept, merged, refused } = self.lines;
        if read == 0 {
            return Err(Error::new(Code::Empty, "This file holds no orders: it has no rows besides the column names."));
        }
        let Some(first) = self.refused.first() else { return Ok(()) };
        if refused > 3 && refused * 10 > read {
            return Err(Error::at(
                Code::TooManyRefused,
                first.path.clone(),
                format!(
                    "{refused} of {read} lines could not be read, so nothing was imported. The first: {}",
                    first.message
                ),
            ));
        }
        if kept + merged == 0 {
            return Err(first.clone());
        }
        Ok(())
    }

    /// The report of the file.
    pub fn report(self, name: String, format: Format, columns: BTreeMap<Field, String>) -> FileReport {
        FileReport {
            name,
            format,
            columns,
            lines: self.lines,
            orders: 0,
            returns: 0,
            anonymous: 0,
            first_at: None,
            last_at: None,
            currency: None,
            count_from: None,
            refused_count: self.lines.refused,
            refused: self.refused,
            warnings: self.warnings,
            warning_count: self.warning_count,
        }
    }
}

/// A path into a CSV file: `line 12, column Total`.
pub(super) fn place(line: u32, column: &str) -> String {
    if column.is_empty() { format!("line {line}") } else { format!("line {line}, column {column}") }
}

/// A cell as a message may show it: short, and nothing that could be a name or an address.
pub(super) fn shown(cell: &str) -> String {
    let letters = cell.chars().filter(|c| c.is_alphabetic()).count();
    if cell.contains('@') || letters > 3 || cell.chars().count() > 24 {
        "This cell".to_owned()
    } else {
        format!("\"{cell}\"")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_refused(read: u64, refused: u64) -> Notes {
        let mut notes = Notes::default();
        notes.lines.read = read;
        notes.lines.kept = read - refused;
        for line in 0..refused {
            let path = place(u32::try_from(line).unwrap() + 2, "Date");
            notes.refuse(Error::at(Code::InvalidDate, path, "\"x\" is not a date."));
        }
        notes
    }

    #[test]
    fn a_tenth_of_refused_lines_is_still_an_import_and_more_is_none() {
        assert_eq!(with_refused(100, 10).judge(), Ok(()));
        let error = with_refused(100, 11).judge().unwrap_err();
        assert_eq!((error.code, error.path.as_str()), (Code::TooManyRefused, "line 2, column Date"));
        assert!(error.message.contains("11 of 100") && error.message.contains("is not a date"));
        assert_eq!(with_refused(5, 3).judge(), Ok(()), "three lines never refuse a file");
    }

    #[test]
    fn a_file_of_refused_lines_only_says_why() {
        assert_eq!(with_refused(1, 1).judge().unwrap_err().code, Code::InvalidDate);
        assert_eq!(with_refused(0, 0).judge().unwrap_err().code, Code::Empty);
    }

    #[test]
    fn the_list_of_refused_lines_ends_at_fifty_and_the_count_does_not() {
        let report = with_refused(1000, 60).report("a.csv".into(), Format::Csv, BTreeMap::new());
        assert_eq!((report.refused.len(), report.refused_count), (50, 60));
    }

    #[test]
    fn no_name_or_address_is_shown() {
        assert_eq!(shown("jo@x.de"), "This cell");
        assert_eq!(shown("Erika Muster"), "This cell");
        assert_eq!(shown("31.02.2026"), "\"31.02.2026\"");
    }
}
