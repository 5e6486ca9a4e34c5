//! Books in memory that recommendations are told to: JSON in, as a server would send it.

#![allow(dead_code)] // Each test file uses its part.

use serde_json::{Value, json};
use zugabe::books::{Memory, Row, Table};
use zugabe::desk::{self, ReferralAnswer, ReferralCall};
use zugabe::referral::Referral;
use zugabe::time::Instant;

pub const START: i64 = 1_790_000_000;
pub const DAY: i64 = 86_400;

/// The books of a tenant, a clock to set, and terms.
pub struct Desk {
    pub books: Memory,
    pub now: i64,
    pub terms: Value,
}

impl Desk {
    pub fn new(terms: Value) -> Self {
        Self { books: Memory::default(), now: START, terms }
    }

    /// Codes `A`, `B`, … of the customers `a`, `b`, ….
    pub fn sharing(terms: Value, codes: &[&str]) -> Self {
        let mut desk = Self::new(terms);
        for code in codes {
            let referrer = json!({ "customer": code.to_lowercase(), "email": format!("h-{}", code.to_lowercase()) });
            desk.tell(json!({ "type": "share", "code": code, "referrer": referrer }));
        }
        desk
    }

    pub fn call(&self, event: &Value) -> ReferralCall {
        let call = json!({
            "v": 1, "tenant": "t", "now": Instant::from_unix(self.now), "terms": self.terms, "event": event });
        zugabe::reject::parse_json(&call.to_string()).unwrap_or_else(|error| panic!("{error}: {call}"))
    }

    pub fn tell(&mut self, event: Value) -> ReferralAnswer {
        let call = self.call(&event);
        let answer = desk::apply(&mut self.books, &call).unwrap_or_else(|error| panic!("{error}: {event}"));
        let audit = self.books.verify();
        assert!(audit.ok, "{event}: {:?}", audit.findings);
        answer
    }

    pub fn claim(&mut self, code: &str, friend: &str) -> ReferralAnswer {
        self.tell(json!({ "type": "claim", "code": code, "friend": person(friend) }))
    }

    pub fn paid(&mut self, order: &str, friend: &str, code: &str) -> ReferralAnswer {
        self.tell(json!({ "type": "paid", "order": order, "friend": person(friend), "codes": [code], "total": 5000,
            "newFriend": true }))
    }

    pub fn cancelled(&mut self, order: &str) -> ReferralAnswer {
        self.tell(json!({ "type": "cancelled", "order": order }))
    }

    pub fn refunded(&mut self, order: &str, refunded: i64) -> ReferralAnswer {
        self.tell(json!({ "type": "refunded", "order": order, "refunded": refunded }))
    }

    /// Lets days pass, and tells everything that is due.
    pub fn days(&mut self, days: i64) {
        self.now += days * DAY;
        self.sweep();
    }

    pub fn sweep(&mut self) {
        for due in self.tell(json!({ "type": "due" })).referrals.unwrap_or_default() {
            self.tell(json!({ "type": "tick", "referral": due.id }));
        }
    }

    pub fn of_order(&mut self, order: &str) -> Referral {
        self.tell(json!({ "type": "of_order", "order": order })).referral.expect("an order with a recommendation")
    }

    /// State and reason of the recommendation of an order.
    pub fn state(&mut self, order: &str) -> String {
        said(&self.of_order(order))
    }

    pub fn rows(&self, table: Table) -> Vec<Row> {
        self.books.rows(table).cloned().collect()
    }

    /// Rewards that stand.
    pub fn granted(&self) -> Vec<String> {
        let granted = self.rows(Table::Reward).into_iter().filter(|row| row["state"] == "granted");
        granted
            .map(|row| format!("{} {}", row["customer"].as_str().unwrap(), row["order_id"].as_str().unwrap()))
            .collect()
    }

    pub fn outbox(&self, topic: &str) -> usize {
        self.books.rows(Table::Outbox).filter(|row| row["topic"] == topic).count()
    }

    pub fn entries(&self, kind: &str) -> Vec<Row> {
        self.books.rows(Table::Entry).filter(|row| row["kind"] == kind).cloned().collect()
    }
}

/// State and reason.
pub fn said(referral: &Referral) -> String {
    match referral.reason {
        Some(reason) => format!("{} {}", referral.state.as_str(), reason.as_str()),
        None => referral.state.as_str().to_owned(),
    }
}

/// State and reason of what was answered.
pub fn answered(answer: &ReferralAnswer) -> String {
    answer.referral.as_ref().map_or_else(|| answer.outcome.as_str().to_owned(), said)
}

/// A customer with an id and an address.
pub fn person(id: &str) -> Value {
    json!({ "customer": id, "email": format!("h-{id}") })
}

impl Desk {
    /// Ids of rewards that stand.
    pub fn granted_ids(&self) -> Vec<String> {
        let granted = self.rows(Table::Reward).into_iter().filter(|row| row["state"] == "granted");
        granted.map(|row| row["reward"].as_str().unwrap().to_owned()).collect()
    }
}
