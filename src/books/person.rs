//! Where do the books know a person, and how do they forget her? Access and erasure (GDPR 15 and 17).
//!
//! The books know keyed hashes. To forget somebody, every hash of hers is replaced by a name that means nobody, the
//! same one wherever it stood: the sums of codes, campaigns and customers stay, and nothing leads back. Rows are found
//! first ([`find`]), then changed by their keys ([`forget`]), because names stand inside of keys, too.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::step::{BooksResults, Cell, Row, Step, Value, Verb, assignment};
use super::tables::{columns, primary_key};
use super::words::{Refusal, Table};
use crate::reject::{Code, Error, Result};

/// Whose rows are meant: all names under which the books may know her.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct BooksPerson {
    /// Version of this document: 1.
    pub v: u32,
    /// Whose books.
    pub tenant: String,
    /// Keyed hashes of her id, of every key slot that was ever used.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub customers: Vec<String>,
    /// Keyed hashes of her e-mail address.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub emails: Vec<String>,
}

/// The columns in which a person may stand.
const PLACES: &[(Table, &[&str])] = &[
    (Table::Code, &["owner", "referrer", "referrer_email"]),
    (Table::Reservation, &["customer", "email"]),
    (Table::Redemption, &["customer", "email"]),
    (Table::CustomerUse, &["who"]),
    (Table::Reward, &["customer"]),
    (Table::Entry, &["customer", "email", "referrer"]),
    (Table::Referral, &["referrer", "friend"]),
    (Table::ReferralLink, &["value", "referrer"]),
];

/// Rows that belong to those: table, what they are found by, and in which column of which rows that stands.
const BELONGING: &[(Table, &str, (Table, &str), &str)] = &[
    (Table::ReferralLink, "referral", (Table::Referral, "referrer"), "referral"),
    (Table::ReferralLink, "referral", (Table::Referral, "friend"), "referral"),
    (Table::Outbox, "id", (Table::Reward, "customer"), "reward"),
];

/// Further columns in whose text a name may stand among others.
const WITHIN: &[(Table, &[&str])] = &[
    (Table::Reservation, &["holder", "entry"]),
    (Table::Entry, &["subject"]),
    (Table::Referral, &["document"]),
    (Table::Outbox, &["body"]),
];

/// Where an account stands beside the address that it was used with.
const ACCOUNTS: &[(Table, &str, &str)] = &[
    (Table::Code, "referrer", "referrer_email"),
    (Table::Reservation, "customer", "email"),
    (Table::Redemption, "customer", "email"),
    (Table::Entry, "customer", "email"),
];

fn within(table: Table) -> impl Iterator<Item = &'static str> {
    let of = move |list: &'static [(Table, &'static [&'static str])]| {
        list.iter().filter(move |(place, _)| *place == table).flat_map(|(_, columns)| columns.iter().copied())
    };
    of(PLACES).chain(of(WITHIN))
}

impl BooksPerson {
    fn check(&self) -> Result<()> {
        if self.v != 1 {
            let message = format!("This document has version {}, this release reads version 1.", self.v);
            return Err(Error::at(Code::UnsupportedVersion, "v", message));
        }
        // A short text would be found inside of others; a keyed hash never is.
        if self.customers.iter().chain(&self.emails).any(|name| name.len() < 8) {
            let message = "These are keyed hashes, of 8 characters at least.";
            return Err(Error::at(Code::InvalidValue, "customers", message));
        }
        Ok(())
    }

    fn names(&self) -> impl Iterator<Item = String> {
        let named = |mark: &'static str| move |name: &String| format!("{mark}:{name}");
        self.customers.iter().map(named("c")).chain(self.emails.iter().map(named("e")))
    }
}

/// The statements that find her rows. The name of each is its table, a column and a number.
///
/// # Errors
/// `unsupported_version`, `invalid_value`.
pub fn find(person: &BooksPerson) -> Result<Vec<Step>> {
    person.check()?;
    let mut steps = Vec::new();
    for (table, places) in PLACES {
        for column in *places {
            for (number, name) in person.names().enumerate() {
                let step = format!("{}.{column}.{number}", table.as_str());
                let key = [("tenant", Value::text(&person.tenant)), (column, Value::text(&name))];
                steps.push(read(step, *table, key));
            }
        }
    }
    for (table, column, (of, place), from) in BELONGING {
        for number in 0..person.names().count() {
            let each = format!("{}.{place}.{number}", of.as_str());
            let key = [("tenant", Value::text(&person.tenant)), (column, Value::of(each.clone(), from))];
            let step = format!("{}.of.{each}", table.as_str());
            steps.push(read(step, *table, key).each(each));
        }
    }
    Ok(steps)
}

/// Her rows by table, each once, as [`find`] found them.
///
/// # Errors
/// As [`find`].
pub fn found(person: &BooksPerson, results: &BooksResults) -> Result<BTreeMap<Table, Vec<Row>>> {
    let mut rows: BTreeMap<Table, BTreeMap<Vec<String>, Row>> = BTreeMap::new();
    for step in find(person)? {
        for row in results.rows.get(step.name.as_ref()).into_iter().flatten() {
            let key = primary_key(step.table).map(|column| text(row, column).to_owned()).collect();
            rows.entry(step.table).or_default().insert(key, row.clone());
        }
    }
    Ok(rows.into_iter().map(|(table, rows)| (table, rows.into_values().collect())).collect())
}

/// Her with the addresses that her accounts were used with, as [`find`] found them: look for those, too, before she is
/// forgotten. An account's addresses are hers; whose accounts an address was used with is not asked, since anybody may
/// type it.
///
/// # Errors
/// As [`find`].
pub fn known(person: &BooksPerson, results: &BooksResults) -> Result<BooksPerson> {
    let rows = found(person, results)?;
    let mut known = person.clone();
    let mut add = |customer: &str, email: &str| {
        let hers = person.customers.iter().any(|name| name == customer);
        if hers && email.len() >= 8 && known.emails.iter().all(|one| one != email) {
            known.emails.push(email.to_owned());
        }
    };
    for (table, customer, email) in ACCOUNTS {
        for row in rows.get(table).into_iter().flatten() {
            let bare = |column: &str, mark: &str| text(row, column).strip_prefix(mark).unwrap_or_default().to_owned();
            add(&bare(customer, "c:"), &bare(email, "e:"));
        }
    }
    for row in rows.get(&Table::Referral).into_iter().flatten() {
        for side in sides(text(row, "document")) {
            let of = |field: &str| side.get(field).and_then(Cell::as_str).unwrap_or_default();
            add(of("customer"), of("email"));
        }
    }
    Ok(known)
}

/// The statements that put `nobody` in her place, by what [`find`] found. None at all: she is not in the books. Where a
/// count of hers was changed meanwhile they stop and change nothing: find her again.
/// `nobody` is a name made by chance, a new one for everybody who is forgotten.
///
/// # Errors
/// As [`find`]; `invalid_value` when `nobody` is short enough to be somebody.
pub fn forget(person: &BooksPerson, results: &BooksResults, nobody: &str) -> Result<Vec<Step>> {
    if nobody.len() < 16 {
        return Err(Error::at(Code::InvalidValue, "nobody", "This is 16 characters of chance at least."));
    }
    let rows = found(person, results)?;
    // What is known of her beside her names: keyed hashes of her telephone number, her address and so on.
    let mut hashes: Vec<String> = person.customers.iter().chain(&person.emails).cloned().collect();
    for row in rows.get(&Table::Referral).into_iter().flatten() {
        hashes.extend(hers(person, text(row, "document")));
    }
    let nameless = |number: usize| format!("{nobody}.{number}");
    let replaced = |text: &str| {
        hashes.iter().enumerate().fold(text.to_owned(), |text, (number, hash)| text.replace(hash, &nameless(number)))
    };
    let mut steps = Vec::new();
    let mut codes = BTreeSet::new();
    for (table, rows) in rows {
        for row in rows {
            let key: Vec<(&'static str, Value)> =
                primary_key(table).map(|column| (column, Value::text(text(&row, column)))).collect();
            let mut set: Vec<(&'static str, Value)> = within(table)
                .filter_map(|column| {
                    let before = text(&row, column);
                    let after = replaced(before);
                    (after != before).then(|| (column, Value::text(&after)))
                })
                .collect();
            if table == Table::Code {
                // The hash of the terms was made of her name.
                set.push(("terms", Value::text("forgotten")));
                codes.insert(text(&row, "code").to_owned());
            }
            if set.is_empty() {
                continue;
            }
            let name = format!("{}.{}", table.as_str(), steps.len());
            let mut step = Step::new(name, Verb::Update, table, []);
            step.key = key.into_iter().map(assignment).collect();
            step.set = set.into_iter().map(assignment).collect();
            if table == Table::CustomerUse {
                // The rows that were counted here are changed together with it, or not at all.
                let used = row.get("used").and_then(Cell::as_i64).unwrap_or_default();
                step = step.only_in("used", vec![used.into()]).or(Refusal::Stale);
            }
            if table == Table::Referral {
                // Whoever has read it before reads it anew.
                step = step.add([("version", 1.into())]);
            }
            steps.push(step);
        }
    }
    // What a code was given out for names its customer; the code itself is a name that is as unique.
    for code in codes {
        let name = format!("claim.{}", steps.len());
        let key = [("tenant", Value::text(&person.tenant)), ("code", Value::text(&code))];
        steps.push(Step::new(name, Verb::Update, Table::Claim, key).set([("claim", Value::text(&code))]));
    }
    Ok(steps)
}

/// What is known beside her names of the side of a recommendation that is hers. Names are not among it: they are counted
/// in other rows, and are replaced where [`find`] was asked for them.
fn hers(person: &BooksPerson, document: &str) -> Vec<String> {
    let is = |side: &Row, field: &str, names: &[String]| {
        side.get(field).and_then(Cell::as_str).is_some_and(|name| names.iter().any(|one| one == name))
    };
    let known = |side: &Row| is(side, "customer", &person.customers) || is(side, "email", &person.emails);
    let hashes = sides(document)
        .into_iter()
        .filter(known)
        .flatten()
        .filter(|(field, _)| field != "customer" && field != "email");
    hashes.filter_map(|(_, hash)| hash.as_str().map(str::to_owned)).filter(|hash| hash.len() >= 8).collect()
}

/// The two sides of a recommendation.
fn sides(document: &str) -> Vec<Row> {
    let mut document = serde_json::from_str::<Row>(document).unwrap_or_default();
    let sides = ["referrer", "friend"].into_iter().filter_map(|side| document.remove(side));
    sides.filter_map(|side| serde_json::from_value(side).ok()).collect()
}

/// Reads all columns of the rows of a key.
fn read<const N: usize>(name: String, table: Table, key: [(&'static str, Value); N]) -> Step {
    let mut step = Step::new(name, Verb::Select, table, key);
    step.returning = columns(table).map(|(column, _)| column.into()).collect();
    step
}

fn text<'a>(row: &'a Row, column: &str) -> &'a str {
    row.get(column).and_then(Cell::as_str).unwrap_or_default()
}
