//! Which tables do the books have? One description for every store: columns, keys, checks and the plain SQL of them.

use serde::{Deserialize, Serialize};

use super::words::Table;
use crate::word::words;

/// The tables, as data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct BooksTables {
    /// Version of this document, and of the tables: 1.
    pub v: u32,
    /// The tables.
    pub tables: Vec<TableColumns>,
    /// The statements that make them, in plain SQL that SQLite and PostgreSQL both read. Run once.
    pub ddl: Vec<String>,
}

/// One table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "BooksTable"))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TableColumns {
    /// Its name.
    pub table: Table,
    /// Its columns, those of the primary key first.
    pub columns: Vec<Column>,
    /// How many of them are the primary key. The first one is always `tenant`.
    pub key: usize,
    /// What holds for every row, as SQL.
    pub checks: Vec<String>,
    /// Further ways to find rows: columns in order.
    pub indexes: Vec<Vec<String>>,
}

/// One column. None is ever null: an absent text is empty, an absent time or limit is the largest number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "BooksColumn"))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// What it holds.
    pub kind: ColumnKind,
}

words! {
    /// What a column holds.
    ColumnKind as "BooksColumnKind" {
        /// Text: `TEXT`.
        Text = "text",
        /// A whole number, an amount or a time in Unix seconds: `BIGINT`.
        Int = "int",
    }
}

/// Key columns, further columns (`#` in front: a number), checks, indexes.
struct Design {
    table: Table,
    key: &'static str,
    columns: &'static str,
    checks: &'static [&'static str],
    indexes: &'static [&'static str],
}

/// Every use that was issued is in one of four places.
const USES: &str = "granted = available + reserved + redeemed + void";

const DESIGNS: &[Design] = &[
    Design {
        table: Table::Idempotency,
        key: "tenant operation key",
        columns: "request_hash answer #created_at",
        checks: &[],
        indexes: &["tenant created_at"],
    },
    Design {
        table: Table::Campaign,
        key: "tenant campaign",
        columns: "#capped #granted #available #reserved #redeemed #void #codes_limit #codes",
        checks: &[USES],
        indexes: &[],
    },
    Design {
        table: Table::Budget,
        key: "tenant budget",
        columns: "#granted #available #reserved #spent",
        checks: &["granted = available + reserved + spent"],
        indexes: &[],
    },
    Design {
        table: Table::Batch,
        key: "tenant batch",
        columns: "#next #size",
        checks: &["next <= size"],
        indexes: &[],
    },
    Design {
        table: Table::Code,
        key: "tenant code",
        columns: "campaign #capped #per_customer scope scope_id #starts_at #expires_at owner referrer referrer_email \
                  budget terms #revoked #granted #available #reserved #redeemed #void #created_at",
        checks: &[USES],
        indexes: &["tenant campaign", "tenant owner", "tenant referrer"],
    },
    Design { table: Table::Claim, key: "tenant claim", columns: "code", checks: &[], indexes: &[] },
    Design {
        table: Table::Reservation,
        key: "tenant code holder",
        columns: "state checkout customer email #amount budget campaign #capped scope_id #expires_at entry #updated_at",
        checks: &[],
        indexes: &[
            "tenant state expires_at",
            "tenant customer",
            "tenant code checkout",
            "tenant code customer",
            "tenant code email",
        ],
    },
    Design {
        table: Table::Redemption,
        key: "tenant code order_id",
        columns: "state customer email #amount #reversed #created_at #updated_at",
        checks: &["reversed <= amount"],
        indexes: &["tenant order_id", "tenant customer"],
    },
    Design {
        table: Table::CustomerUse,
        key: "tenant scope_id who",
        columns: "#used",
        checks: &["used >= 0"],
        indexes: &["tenant who"],
    },
    Design {
        table: Table::Reward,
        key: "tenant reward",
        columns: "state referral order_id customer #amount budget reason #created_at #updated_at",
        checks: &[],
        indexes: &["tenant order_id", "tenant customer"],
    },
    Design {
        table: Table::Referral,
        key: "tenant referral",
        columns: "#version state reason code referrer friend order_id #look_at document #created_at #updated_at",
        checks: &["version >= 1"],
        indexes: &["tenant state look_at"],
    },
    Design {
        table: Table::ReferralLink,
        key: "tenant kind value slot",
        columns: "referral referrer #at",
        checks: &[],
        indexes: &["tenant referral"],
    },
    Design {
        table: Table::Entry,
        key: "tenant kind subject",
        columns: "#at code campaign #capped scope_id customer email referrer order_id referral reason budget \
                  #granted #available #reserved #redeemed #void #uses \
                  #budget_granted #budget_available #budget_reserved #budget_spent",
        checks: &[USES, "budget_granted = budget_available + budget_reserved + budget_spent"],
        indexes: &["tenant code", "tenant order_id", "tenant customer"],
    },
    Design {
        table: Table::Outbox,
        key: "tenant topic id",
        columns: "body #created_at #attempts #next_at #sent_at",
        checks: &[],
        indexes: &["sent_at next_at"],
    },
];

impl Design {
    fn columns(&self) -> impl Iterator<Item = (&'static str, ColumnKind)> {
        self.key.split_ascii_whitespace().chain(self.columns.split_ascii_whitespace()).map(|name| {
            match name.strip_prefix('#') {
                Some(name) => (name, ColumnKind::Int),
                None => (name, ColumnKind::Text),
            }
        })
    }

    fn ddl(&self) -> Vec<String> {
        let table = self.table.as_str();
        let mut parts: Vec<String> = self
            .columns()
            .map(|(name, kind)| {
                let kind = if kind == ColumnKind::Int { "BIGINT" } else { "TEXT" };
                format!("  \"{name}\" {kind} NOT NULL")
            })
            .collect();
        let quoted =
            |names: &str| names.split_ascii_whitespace().map(|n| format!("\"{n}\"")).collect::<Vec<_>>().join(", ");
        parts.push(format!("  PRIMARY KEY ({})", quoted(self.key)));
        parts.extend(self.checks.iter().map(|check| format!("  CHECK ({check})")));
        let mut statements = vec![format!("CREATE TABLE IF NOT EXISTS \"{table}\" (\n{}\n)", parts.join(",\n"))];
        statements.extend(self.indexes.iter().enumerate().map(|(number, columns)| {
            format!("CREATE INDEX IF NOT EXISTS \"{table}_{}\" ON \"{table}\" ({})", number + 1, quoted(columns))
        }));
        statements
    }
}

/// The tables of the books.
#[must_use]
pub fn tables() -> BooksTables {
    BooksTables {
        v: 1,
        tables: DESIGNS
            .iter()
            .map(|design| TableColumns {
                table: design.table,
                columns: design.columns().map(|(name, kind)| Column { name: name.to_owned(), kind }).collect(),
                key: design.key.split_ascii_whitespace().count(),
                checks: design.checks.iter().map(|check| (*check).to_owned()).collect(),
                indexes: design
                    .indexes
                    .iter()
                    .map(|index| index.split_ascii_whitespace().map(str::to_owned).collect())
                    .collect(),
            })
            .collect(),
        ddl: DESIGNS.iter().flat_map(Design::ddl).collect(),
    }
}

/// The columns of a table's primary key.
pub(super) fn primary_key(table: Table) -> impl Iterator<Item = &'static str> {
    DESIGNS.iter().filter(move |design| design.table == table).flat_map(|design| design.key.split_ascii_whitespace())
}

/// All columns of a table, with what they hold.
pub(super) fn columns(table: Table) -> impl Iterator<Item = (&'static str, ColumnKind)> {
    DESIGNS.iter().filter(move |design| design.table == table).flat_map(Design::columns)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_table_has_a_design_and_its_key_begins_with_the_tenant() {
        for table in Table::ALL {
            assert_eq!(primary_key(*table).next(), Some("tenant"), "{}", table.as_str());
        }
        assert_eq!(tables().tables.len(), Table::ALL.len());
    }

    #[test]
    fn the_ddl_is_plain() {
        let ddl = tables().ddl.join(";\n");
        for word in ["SERIAL", "TRIGGER", "SEQUENCE", "AUTOINCREMENT", "JSONB", "FOREIGN"] {
            assert!(!ddl.contains(word), "{word}");
        }
        assert!(ddl.contains("CHECK (granted = available + reserved + redeemed + void)"), "{ddl}");
    }
}
