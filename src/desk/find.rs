//! Which rows does a decision need? What has been read is given, what has not is asked for.

use core::cell::RefCell;

use super::Found;
use crate::books::{Assignment, Cell, Comparison, Condition, Name, OnEmpty, Row, Step, Table, Value, Verb};
use crate::referral::Referral;
use crate::reject::{Result, parse_json};

/// A recommendation and the version in which it was read.
#[derive(Debug, Clone)]
pub(super) struct Stored {
    pub referral: Referral,
    pub version: i64,
}

/// Rows that were read, and statements for those that were not.
pub(super) struct Reader<'a> {
    pub tenant: &'a str,
    pub found: &'a Found,
    wanted: RefCell<Vec<Step>>,
}

/// What has been read; `None` when it has to be asked for first.
pub(super) type Maybe<T> = Result<Option<T>>;

/// The value, or leave: there is more to be read.
macro_rules! need {
    ($value:expr) => {
        match $value? {
            Some(value) => value,
            None => return Ok(None),
        }
    };
}
pub(super) use need;

impl<'a> Reader<'a> {
    pub fn new(tenant: &'a str, found: &'a Found) -> Self {
        Self { tenant, found, wanted: RefCell::default() }
    }

    /// What has to be read.
    pub fn wanted(self) -> Vec<Step> {
        self.wanted.into_inner()
    }

    fn rows(
        &self,
        name: String,
        table: Table,
        key: &[(&'static str, &str)],
        more: Vec<Condition>,
        columns: &[&'static str],
    ) -> Option<&'a [Row]> {
        if let Some(rows) = self.found.get(&name) {
            return Some(rows);
        }
        let mut wanted = self.wanted.borrow_mut();
        if wanted.iter().all(|step| step.name != name) {
            let is = |(column, text): &(&'static str, &str)| Assignment {
                column: Name::Borrowed(column),
                value: Value::Text { text: (*text).to_owned() },
            };
            wanted.push(Step {
                name: name.into(),
                when: Vec::new(),
                each: None,
                verb: Verb::Select,
                table,
                key: [("tenant", self.tenant)].iter().chain(key).map(is).collect(),
                values: Vec::new(),
                set: Vec::new(),
                add: Vec::new(),
                conditions: more,
                returning: columns.iter().map(|column| Name::Borrowed(column)).collect(),
                on_empty: OnEmpty::Proceed,
            });
        }
        None
    }

    /// A recommendation by its id.
    pub fn referral(&self, id: &str) -> Maybe<Option<Stored>> {
        let key = [("referral", id)];
        let rows = self.rows(format!("referral {id}"), Table::Referral, &key, Vec::new(), &["version", "document"]);
        let Some(rows) = rows else { return Ok(None) };
        rows.first().map(stored).transpose().map(Some)
    }

    /// Those of an id each; all of them are asked for at once.
    pub fn referrals(&self, ids: &[String]) -> Maybe<Vec<Stored>> {
        let read: Vec<Option<Option<Stored>>> = ids.iter().map(|id| self.referral(id)).collect::<Result<_>>()?;
        Ok(read.into_iter().collect::<Option<Vec<_>>>().map(|all| all.into_iter().flatten().collect()))
    }

    /// Where the one link of a kind leads; empty text where there is none.
    pub fn link(&self, kind: &str, value: &str) -> Option<String> {
        let key = [("kind", kind), ("value", value), ("slot", "")];
        let rows = self.rows(format!("link {kind} {value}"), Table::ReferralLink, &key, Vec::new(), &["referral"])?;
        Some(rows.first().map(|row| text(row, "referral")).unwrap_or_default())
    }

    /// All links of a kind made within a time: where they lead, and who recommends there.
    pub fn links(&self, kind: &str, value: &str, (since, until): (i64, i64)) -> Option<Vec<(String, String)>> {
        let key = [("kind", kind), ("value", value)];
        let bound = |is, to| Condition { column: "at".into(), is, to: vec![Value::Int { int: to }] };
        let within = vec![bound(Comparison::AtLeast, since), bound(Comparison::AtMost, until)];
        let name = format!("links {kind} {value} {since} {until}");
        let columns = ["referral", "referrer"];
        let rows = self.rows(name, Table::ReferralLink, &key, within, &columns)?;
        Some(rows.iter().map(|row| (text(row, "referral"), text(row, "referrer"))).collect())
    }

    /// How often somebody was counted.
    pub fn count(&self, scope: &str, who: &str) -> Option<i64> {
        let key = [("scope_id", scope), ("who", who)];
        let rows = self.rows(format!("count {scope} {who}"), Table::CustomerUse, &key, Vec::new(), &["used"])?;
        Some(rows.first().map_or(0, |row| number(row, "used")))
    }

    /// What is left in a budget; the inner `None` where there is no such budget.
    pub fn budget(&self, budget: &str) -> Option<Option<i64>> {
        let key = [("budget", budget)];
        let rows = self.rows(format!("budget {budget}"), Table::Budget, &key, Vec::new(), &["available"])?;
        Some(rows.first().map(|row| number(row, "available")))
    }

    /// Those in one of several states that time or somebody's word may change until then.
    pub fn waiting(&self, states: &[&str], until: i64) -> Maybe<Vec<Stored>> {
        let one_of = Condition {
            column: "state".into(),
            is: Comparison::In,
            to: states.iter().map(|state| Value::Text { text: (*state).to_owned() }).collect(),
        };
        let due = Condition { column: "look_at".into(), is: Comparison::AtMost, to: vec![Value::Int { int: until }] };
        let rows = self.rows("waiting".to_owned(), Table::Referral, &[], vec![one_of, due], &["version", "document"]);
        rows.map(|rows| rows.iter().map(stored).collect()).transpose()
    }
}

fn stored(row: &Row) -> Result<Stored> {
    let referral = parse_json(&text(row, "document")).map_err(|error| error.under("referral.document"))?;
    Ok(Stored { referral, version: number(row, "version") })
}

fn text(row: &Row, column: &str) -> String {
    row.get(column).and_then(Cell::as_str).unwrap_or_default().to_owned()
}

fn number(row: &Row, column: &str) -> i64 {
    row.get(column).and_then(Cell::as_i64).unwrap_or_default()
}
