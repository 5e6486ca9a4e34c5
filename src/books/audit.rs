//! Do the counters agree with what was written down? The entries replayed, and compared with the rows beside them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::memory::Memory;
use super::step::{Cell, Row};
use super::words::Table;

/// The result of a check of the books.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct BooksAudit {
    /// Version of this document: 1.
    pub v: u32,
    /// Whether every counter is what the entries say.
    pub ok: bool,
    /// How many entries were replayed.
    pub entries: u64,
    /// How many rows were compared.
    pub rows: u64,
    /// What differs.
    pub findings: Vec<Finding>,
}

/// A counter that is not what the entries say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "BooksFinding"))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Finding {
    /// The table.
    pub table: Table,
    /// The primary key of the row.
    pub key: Vec<String>,
    /// The column.
    pub column: String,
    /// What the entries come to.
    pub entries: i64,
    /// What the row says.
    pub row: i64,
}

/// A replay, row by row: entries and rows may come in any order and in any number of parts.
#[derive(Debug, Clone, Default)]
pub struct Audit {
    expected: Counters,
    found: Counters,
    entries: u64,
    rows: u64,
}

/// By table, key and column.
type Counters = BTreeMap<(Table, Vec<String>), BTreeMap<&'static str, i64>>;

const USES: [&str; 5] = ["granted", "available", "reserved", "redeemed", "void"];
const MONEY: [(&str, &str); 4] = [
    ("granted", "budget_granted"),
    ("available", "budget_available"),
    ("reserved", "budget_reserved"),
    ("spent", "budget_spent"),
];

impl Audit {
    /// Takes a row of a table.
    pub fn take(&mut self, table: Table, row: &Row) {
        match table {
            Table::Entry => self.replay(row),
            Table::Code | Table::Campaign => {
                let id = if table == Table::Code { "code" } else { "campaign" };
                self.rows += 1;
                for column in USES {
                    count(
                        &mut self.found,
                        table,
                        vec![text(row, "tenant"), text(row, id)],
                        column,
                        number(row, column),
                    );
                }
            }
            Table::Budget => {
                self.rows += 1;
                for (column, _) in MONEY {
                    let key = vec![text(row, "tenant"), text(row, "budget")];
                    count(&mut self.found, table, key, column, number(row, column));
                }
            }
            Table::CustomerUse => {
                self.rows += 1;
                let key = vec![text(row, "tenant"), text(row, "scope_id"), text(row, "who")];
                count(&mut self.found, table, key, "used", number(row, "used"));
            }
            // Rows of holds and orders are counted a second way: as many as their codes say.
            Table::Reservation => self.state_of_use(row, "reserved", "held rows"),
            Table::Redemption => self.state_of_use(row, "redeemed", "order rows"),
            _ => {}
        }
    }

    fn state_of_use(&mut self, row: &Row, state: &str, column: &'static str) {
        self.rows += 1;
        if text(row, "state") == state {
            let key = vec![text(row, "tenant"), text(row, "code")];
            count(&mut self.found, Table::Code, key, column, 1);
        }
    }

    fn replay(&mut self, entry: &Row) {
        self.entries += 1;
        let tenant = || text(entry, "tenant");
        let (code, campaign) = (text(entry, "code"), text(entry, "campaign"));
        if !code.is_empty() {
            let key = vec![tenant(), code];
            for column in USES {
                count(&mut self.expected, Table::Code, key.clone(), column, number(entry, column));
            }
            count(&mut self.expected, Table::Code, key.clone(), "held rows", number(entry, "reserved"));
            count(&mut self.expected, Table::Code, key, "order rows", number(entry, "redeemed"));
        }
        if !campaign.is_empty() && number(entry, "capped") == 1 {
            for column in USES {
                let key = vec![tenant(), campaign.clone()];
                count(&mut self.expected, Table::Campaign, key, column, number(entry, column));
            }
        }
        let budget = text(entry, "budget");
        if !budget.is_empty() {
            for (column, from) in MONEY {
                let key = vec![tenant(), budget.clone()];
                count(&mut self.expected, Table::Budget, key, column, number(entry, from));
            }
        }
        let scope = text(entry, "scope_id");
        for who in [text(entry, "customer"), text(entry, "email")] {
            if !scope.is_empty() && !who.is_empty() && number(entry, "uses") != 0 {
                let key = vec![tenant(), scope.clone(), who];
                count(&mut self.expected, Table::CustomerUse, key, "used", number(entry, "uses"));
            }
        }
    }

    /// What differs. Counters that are nowhere and counters of 0 are the same.
    #[must_use]
    pub fn finish(self) -> BooksAudit {
        let mut findings = Vec::new();
        let keys: std::collections::BTreeSet<_> = self.expected.keys().chain(self.found.keys()).collect();
        for key in keys {
            let (expected, found) = (self.expected.get(key), self.found.get(key));
            let columns: std::collections::BTreeSet<&str> =
                expected.into_iter().chain(found).flat_map(|counters| counters.keys().copied()).collect();
            for column in columns {
                let of = |counters: Option<&BTreeMap<&'static str, i64>>| {
                    counters.and_then(|counters| counters.get(column)).copied().unwrap_or_default()
                };
                if of(expected) != of(found) {
                    findings.push(Finding {
                        table: key.0,
                        key: key.1.clone(),
                        column: column.to_owned(),
                        entries: of(expected),
                        row: of(found),
                    });
                }
            }
        }
        BooksAudit { v: 1, ok: findings.is_empty(), entries: self.entries, rows: self.rows, findings }
    }
}

fn count(counters: &mut Counters, table: Table, key: Vec<String>, column: &'static str, by: i64) {
    let counter = counters.entry((table, key)).or_default().entry(column).or_default();
    *counter = counter.saturating_add(by);
}

fn text(row: &Row, column: &str) -> String {
    row.get(column).and_then(Cell::as_str).unwrap_or_default().to_owned()
}

fn number(row: &Row, column: &str) -> i64 {
    row.get(column).and_then(Cell::as_i64).unwrap_or_default()
}

impl Memory {
    /// Replays the entries and compares them with the rows beside them.
    #[must_use]
    pub fn verify(&self) -> BooksAudit {
        let mut audit = Audit::default();
        for table in Table::ALL {
            for row in self.rows(*table) {
                audit.take(*table, row);
            }
        }
        audit.finish()
    }
}
