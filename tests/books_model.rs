//! Do the books keep their promises under any sequence of operations? Random scripts with duplicates, late and
//! reordered events, against a model that keeps no counters: it counts holds and orders anew each time.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::json;
use zugabe::books::{Memory, Shapes, Table};

mod books_support;
use books_support::{Desk, said};

const CODES: [&str; 3] = ["A", "B", "C"];
const ORDERS: [&str; 5] = ["1", "2", "3", "4", "5"];
const PEOPLE: [(&str, &str); 3] = [("anna", "h1"), ("berta", "h2"), ("anna", "h2")];
const MONEY: i64 = 3000;

#[derive(Debug, Clone)]
enum Doing {
    Wait(i64),
    Reserve { code: usize, person: usize, ttl: i64, amount: i64 },
    Release { code: usize, person: usize },
    Redeem { code: usize, order: usize, person: usize, amount: i64, mirror: bool },
    Cancel { code: usize, order: usize, keep: bool, mirror: bool },
    Reverse { code: usize, order: usize },
    Expire,
}

fn doing() -> impl Strategy<Value = Doing> {
    let (code, order, person) = (0..CODES.len(), 0..ORDERS.len(), 0..PEOPLE.len());
    prop_oneof![
        1 => (0_i64..400).prop_map(Doing::Wait),
        4 => (code.clone(), person.clone(), 0_i64..600, 1_i64..1500)
            .prop_map(|(code, person, ttl, amount)| Doing::Reserve { code, person, ttl, amount }),
        2 => (code.clone(), person.clone()).prop_map(|(code, person)| Doing::Release { code, person }),
        6 => (code.clone(), order.clone(), person, 1_i64..1500, prop::bool::weighted(0.2))
            .prop_map(|(code, order, person, amount, mirror)| Doing::Redeem { code, order, person, amount, mirror }),
        3 => (code.clone(), order.clone(), any::<bool>(), prop::bool::weighted(0.3))
            .prop_map(|(code, order, keep, mirror)| Doing::Cancel { code, order, keep, mirror }),
        2 => (code, order).prop_map(|(code, order)| Doing::Reverse { code, order }),
        1 => Just(Doing::Expire),
    ]
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Redeemed,
    Reversed,
    /// Cancelled, and the use came back.
    Free,
    /// Cancelled, and the use stays consumed.
    Kept,
    /// Cancelled before it was paid.
    Early,
}

#[derive(Debug, Clone)]
struct Taken {
    state: State,
    who: [String; 2],
    amount: i64,
}

#[derive(Debug, Clone)]
struct Hold {
    until: i64,
    who: [String; 2],
    amount: i64,
}

/// What there is, and nothing that could be derived from it.
#[derive(Default)]
struct Model {
    holds: BTreeMap<(usize, String), Hold>,
    taken: BTreeMap<(usize, usize), Taken>,
}

/// A has 2 uses and a budget; B 3 uses and one per customer; C none of its own, one per customer over B and C together.
const USES: [i64; 3] = [2, 3, 1_000_000];
const PAID: [bool; 3] = [true, false, true];

impl Model {
    fn available(&self, code: usize) -> i64 {
        let used = self.taken.iter().filter(|((of, _), taken)| {
            *of == code && matches!(taken.state, State::Redeemed | State::Reversed | State::Kept)
        });
        USES[code] - used.count() as i64 - self.holds.keys().filter(|(of, _)| *of == code).count() as i64
    }

    /// How often somebody has used what the limit counts.
    fn counted(&self, code: usize, who: &str) -> i64 {
        let same = |of: usize| of == code;
        let held = self.holds.iter().filter(|((of, _), hold)| same(*of) && hold.who.iter().any(|w| w == who)).count();
        let taken = self.taken.iter().filter(|((of, _), taken)| {
            same(*of)
                && matches!(taken.state, State::Redeemed | State::Reversed | State::Kept)
                && taken.who.iter().any(|w| w == who)
        });
        (held + taken.count()) as i64
    }

    fn money(&self) -> i64 {
        let held: i64 = self.holds.iter().filter(|((code, _), _)| PAID[*code]).map(|(_, hold)| hold.amount).sum();
        let spent = self.taken.iter().filter(|((code, _), taken)| PAID[*code] && taken.state == State::Redeemed);
        MONEY - held - spent.map(|(_, taken)| taken.amount).sum::<i64>()
    }

    fn limit(code: usize) -> i64 {
        if code == 1 { 1 } else { i64::MAX }
    }

    fn end(&mut self, now: i64, only: Option<usize>) -> bool {
        let before = self.holds.len();
        self.holds.retain(|(code, _), hold| only.is_some_and(|only| only != *code) || hold.until > now);
        self.holds.len() < before
    }

    fn refusal(&self, code: usize, who: &[String; 2], amount: i64) -> Option<&'static str> {
        if self.available(code) <= 0 {
            Some("limit_reached")
        } else if who.iter().any(|who| self.counted(code, who) >= Self::limit(code)) {
            Some("customer_limit")
        } else if PAID[code] && self.money() < amount {
            Some("budget_exhausted")
        } else {
            None
        }
    }

    fn says(&mut self, now: i64, doing: &Doing) -> &'static str {
        let people = |person: usize| [format!("c:{}", PEOPLE[person].0), format!("e:{}", PEOPLE[person].1)];
        match *doing {
            Doing::Wait(_) => "",
            Doing::Expire => {
                if self.end(now, None) {
                    "done"
                } else {
                    "nothing_to_do"
                }
            }
            Doing::Reserve { code, person, ttl, amount } => {
                let before = (self.holds.clone(), self.taken.clone());
                self.end(now, Some(code));
                let key = (code, people(person)[0].clone());
                if let Some(hold) = self.holds.get(&key).cloned() {
                    if PAID[code] && self.money() + hold.amount < amount {
                        (self.holds, self.taken) = before;
                        return "budget_exhausted";
                    }
                    self.holds.insert(key, Hold { until: now + ttl, amount, ..hold });
                    return "renewed";
                }
                if let Some(refusal) = self.refusal(code, &people(person), amount) {
                    // What was reclaimed on the way is rolled back with the rest.
                    (self.holds, self.taken) = before;
                    return refusal;
                }
                self.holds.insert(key, Hold { until: now + ttl, who: people(person), amount });
                "done"
            }
            Doing::Release { code, person } => {
                if self.holds.remove(&(code, people(person)[0].clone())).is_some() {
                    "done"
                } else {
                    "nothing_to_do"
                }
            }
            Doing::Redeem { code, order, person, amount, mirror } => {
                if let Some(taken) = self.taken.get(&(code, order)) {
                    return match (taken.state, mirror) {
                        (State::Redeemed | State::Reversed, _) => "already_done",
                        (_, true) => "nothing_to_do",
                        (_, false) => "already_released",
                    };
                }
                let before = self.holds.clone();
                self.end(now, Some(code));
                let hold = self.holds.remove(&(code, people(person)[0].clone()));
                let who = hold.as_ref().map_or_else(|| people(person), |hold| hold.who.clone());
                let refusal = match &hold {
                    Some(_) if PAID[code] && self.money() < amount => Some("budget_exhausted"),
                    Some(_) => None,
                    None => self.refusal(code, &who, amount),
                };
                if let (Some(refusal), false) = (refusal, mirror) {
                    self.holds = before;
                    return refusal;
                }
                self.taken.insert((code, order), Taken { state: State::Redeemed, who, amount });
                "done"
            }
            Doing::Cancel { code, order, keep, mirror } => {
                let cancelled = if keep { State::Kept } else { State::Free };
                match self.taken.get_mut(&(code, order)) {
                    Some(taken) if matches!(taken.state, State::Redeemed | State::Reversed) => {
                        taken.state = cancelled;
                        "done"
                    }
                    Some(_) => "already_done",
                    None if mirror => {
                        let none = [String::new(), String::new()];
                        self.taken.insert((code, order), Taken { state: State::Early, who: none, amount: 0 });
                        "done"
                    }
                    None => "redemption_not_found",
                }
            }
            Doing::Reverse { code, order } => match self.taken.get_mut(&(code, order)) {
                Some(taken) if taken.state == State::Redeemed => {
                    taken.state = State::Reversed;
                    "done"
                }
                Some(_) => "already_done",
                None => "redemption_not_found",
            },
        }
    }
}

fn desk() -> Desk {
    let mut desk = Desk { books: Memory::default(), now: books_support::START };
    desk.ask(json!({ "type": "campaign", "campaign": "c" }));
    desk.ask(json!({ "type": "budget", "budget": "b", "granted": MONEY }));
    desk.issue("A", json!({ "uses": USES[0], "budget": "b" }));
    desk.issue("B", json!({ "uses": USES[1], "perCustomer": 1, "scope": "code" }));
    desk.issue("C", json!({ "uses": USES[2], "budget": "b" }));
    desk
}

fn action(doing: &Doing) -> serde_json::Value {
    let holder = |person: usize| json!({ "customer": PEOPLE[person].0, "email": PEOPLE[person].1 });
    match *doing {
        Doing::Wait(_) | Doing::Expire => json!({ "type": "expire" }),
        Doing::Reserve { code, person, ttl, amount } => {
            json!({ "type": "reserve", "code": CODES[code], "holder": holder(person), "ttl": ttl, "amount": amount })
        }
        Doing::Release { code, person } => {
            json!({ "type": "release", "code": CODES[code], "holder": holder(person) })
        }
        Doing::Redeem { code, order, person, amount, mirror } => json!({ "type": "redeem", "code": CODES[code],
            "order": ORDERS[order], "holder": holder(person), "amount": amount, "mirror": mirror }),
        Doing::Cancel { code, order, keep, mirror } => {
            json!({ "type": "cancel", "code": CODES[code], "order": ORDERS[order], "keep": keep, "mirror": mirror })
        }
        Doing::Reverse { code, order } => {
            json!({ "type": "reverse", "code": CODES[code], "order": ORDERS[order], "reference": "all" })
        }
    }
}

proptest! {
    #[test]
    fn the_books_answer_as_the_model_and_their_sums_hold_after_every_operation(
        script in proptest::collection::vec((doing(), any::<prop::sample::Index>(), prop::bool::weighted(0.15)), 1..60),
    ) {
        let (mut desk, mut model, mut shapes) = (desk(), Model::default(), Shapes::default());
        for (place, (step, earlier, again)) in script.iter().enumerate() {
            if let Doing::Wait(seconds) = step {
                desk.now += seconds;
                continue;
            }
            // A late or doubled event: something that was asked before is asked once more, under a new key.
            let step = if *again { &script[earlier.index(place + 1)].0 } else { step };
            if matches!(step, Doing::Wait(_)) {
                continue;
            }
            let key = format!("k{place}");
            let operation = desk.operation(Some(&key), &action(step));
            let shaped = shapes.plan(operation.clone()).unwrap();
            let finished = desk.books.apply(operation.clone()).unwrap();
            if let (Some(usual), true) = (shaped.usual, finished.commit) {
                prop_assert_eq!(&usual, &finished, "what was said before is what came of it");
            }
            let expected = model.says(desk.now, step);
            prop_assert_eq!(said(&finished.answer), expected, "{:?}", step);

            // The same request again under its key changes nothing and is answered the same.
            let before = desk.books.clone();
            let again = desk.books.apply(operation).unwrap();
            if again.replayed {
                prop_assert_eq!(&again.answer, &finished.answer);
                prop_assert_eq!(&desk.books, &before);
            } else {
                desk.books = before;
            }

            let audit = desk.books.verify();
            prop_assert!(audit.ok, "{:?} {:?}", step, audit.findings);
            for (place, code) in CODES.iter().enumerate() {
                prop_assert_eq!(desk.uses(code)[0], model.available(place), "{} after {:?}", code, step);
                prop_assert_eq!(desk.uses(code).iter().sum::<i64>(), USES[place]);
            }
            prop_assert_eq!(desk.money("b")[0], model.money());
            for row in desk.books.rows(Table::CustomerUse).filter(|row| row["scope_id"] == r#"["code","B"]"#) {
                let who = row["who"].as_str().unwrap();
                prop_assert_eq!(row["used"].as_i64().unwrap(), model.counted(1, who), "{}", who);
            }
        }
    }
}

/// The check must be able to fail: a counter that nobody moved is found.
#[test]
fn verify_finds_a_counter_that_was_moved_without_an_entry() {
    let mut desk = desk();
    desk.redeem("A", "1", json!({ "customer": "anna" }));
    let mut rows = serde_json::to_value(&desk.books).unwrap();
    rows["code"][0]["available"] = json!(0);
    rows["code"][0]["void"] = json!(1);
    rows["redemption"] = json!([]);
    let books: Memory = serde_json::from_value(rows).unwrap();
    let audit = books.verify();
    assert!(!audit.ok);
    let columns: Vec<&str> = audit.findings.iter().map(|finding| finding.column.as_str()).collect();
    assert_eq!(columns, ["available", "order rows", "void"]);
}
