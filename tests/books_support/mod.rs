//! Books in memory to ask: JSON in, as a server would send it.

#![allow(dead_code)] // Each test file uses its part.

use serde_json::{Value, json};
use zugabe::books::{BooksAnswer, BooksFinished, BooksOperation, Memory, Row, Table, order_event_text, plan};
use zugabe::time::Instant;

/// The books of a tenant, with a clock to set.
pub struct Desk {
    pub books: Memory,
    pub now: i64,
}

pub const START: i64 = 1_790_000_000;

impl Desk {
    /// Books with a campaign `c` and a budget `b` of 100.00.
    pub fn new() -> Self {
        let mut desk = Self { books: Memory::default(), now: START };
        desk.ask(json!({ "type": "campaign", "campaign": "c" }));
        desk.ask(json!({ "type": "budget", "budget": "b", "granted": 10_000 }));
        desk
    }

    pub fn operation(&self, key: Option<&str>, action: &Value) -> BooksOperation {
        let mut operation = json!({ "v": 1, "tenant": "t", "now": Instant::from_unix(self.now), "action": action });
        if let Some(key) = key {
            operation["key"] = key.into();
        }
        zugabe::reject::parse_json(&operation.to_string()).unwrap()
    }

    pub fn finish(&mut self, key: Option<&str>, action: &Value) -> BooksFinished {
        let operation = self.operation(key, action);
        let finished = self.books.apply(operation).unwrap();
        let audit = self.books.verify();
        assert!(audit.ok, "{action}: {:?}", audit.findings);
        finished
    }

    /// Asks without a key.
    pub fn ask(&mut self, action: Value) -> BooksAnswer {
        self.finish(None, &action).answer
    }

    /// Asks under a key.
    pub fn keyed(&mut self, key: &str, action: Value) -> BooksAnswer {
        self.finish(Some(key), &action).answer
    }

    /// The platform's event.
    pub fn event(&mut self, event: Value) {
        let mut whole = json!({ "v": 1, "tenant": "t", "now": Instant::from_unix(self.now) });
        whole.as_object_mut().unwrap().extend(event.as_object().unwrap().clone());
        for operation in order_event_text(&whole.to_string()).unwrap() {
            let finished = self.books.run(&plan(operation).unwrap()).unwrap();
            let refusal = finished.answer.refusal;
            assert!(
                refusal.is_none_or(|refusal| refusal.as_str() == "not_found"),
                "the platform's events are facts: {refusal:?}"
            );
        }
        let audit = self.books.verify();
        assert!(audit.ok, "{event}: {:?}", audit.findings);
    }

    /// A code of the campaign; further terms as JSON.
    pub fn issue(&mut self, code: &str, terms: Value) -> BooksAnswer {
        let mut action = json!({ "type": "issue", "code": code, "campaign": "c" });
        action.as_object_mut().unwrap().extend(terms.as_object().unwrap().clone());
        self.ask(action)
    }

    pub fn redeem(&mut self, code: &str, order: &str, holder: Value) -> String {
        said(&self.ask(json!({ "type": "redeem", "code": code, "order": order, "holder": holder })))
    }

    pub fn reserve(&mut self, key: &str, code: &str, ttl: i64, holder: Value) -> String {
        said(&self.keyed(key, json!({ "type": "reserve", "code": code, "ttl": ttl, "holder": holder })))
    }

    pub fn cancel(&mut self, code: &str, order: &str) -> String {
        said(&self.ask(json!({ "type": "cancel", "code": code, "order": order })))
    }

    pub fn row(&self, table: Table, id: &str) -> Row {
        let column = if table == Table::CustomerUse { "who" } else { table.as_str() };
        let found = self.books.rows(table).find(|row| row.get(column).and_then(Value::as_str) == Some(id));
        found.unwrap_or_else(|| panic!("no {} {id}", table.as_str())).clone()
    }

    /// Available, reserved, redeemed and void uses of a code.
    pub fn uses(&self, code: &str) -> [i64; 4] {
        let row = self.row(Table::Code, code);
        ["available", "reserved", "redeemed", "void"].map(|column| row[column].as_i64().unwrap())
    }

    /// Available, reserved and spent money of a budget.
    pub fn money(&self, budget: &str) -> [i64; 3] {
        let row = self.row(Table::Budget, budget);
        ["available", "reserved", "spent"].map(|column| row[column].as_i64().unwrap())
    }

    pub fn entries(&self, kind: &str) -> Vec<Row> {
        self.books.rows(Table::Entry).filter(|row| row["kind"] == kind).cloned().collect()
    }
}

/// The outcome, or why it was refused.
pub fn said(answer: &BooksAnswer) -> String {
    answer
        .outcome
        .map(|outcome| outcome.as_str())
        .or(answer.refusal.map(|refusal| refusal.as_str()))
        .unwrap_or_default()
        .to_owned()
}

/// A customer.
pub fn who(id: &str) -> Value {
    json!({ "customer": id })
}

/// A guest with an address.
pub fn guest(hash: &str) -> Value {
    json!({ "email": hash })
}

pub fn nobody() -> Value {
    json!({})
}
