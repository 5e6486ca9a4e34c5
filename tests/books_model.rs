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
/// Customer, address and checkout of who asks; empty: not said. A checkout begins unknown and may turn out to be anybody's.
const PEOPLE: [[&str; 3]; 10] = [
    ["anna", "h1", ""],
    ["berta", "h2", ""],
    ["anna", "h2", ""],
    ["", "h1", ""],
    ["", "", "k1"],
    ["", "h1", "k1"],
    ["", "h3", "k1"],
    ["anna", "h1", "k1"],
    ["anna", "", "k2"],
    ["berta", "h3", "k2"],
];
const MONEY: i64 = 3000;

#[derive(Debug, Clone)]
enum Doing {
    Wait(i64),
    Reserve { code: usize, person: usize, ttl: i64, amount: i64 },
    Release { code: usize, person: usize },
    Redeem { code: usize, order: usize, person: usize, amount: Option<i64>, mirror: bool },
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
        6 => (code.clone(), order.clone(), person, prop::option::weighted(0.8, 1_i64..1500), prop::bool::weighted(0.2))
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
    code: usize,
    until: i64,
    who: [String; 2],
    checkout: &'static str,
    amount: i64,
}

/// What there is, and nothing that could be derived from it.
#[derive(Default)]
struct Model {
    holds: Vec<Hold>,
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
        USES[code] - used.count() as i64 - self.holds.iter().filter(|hold| hold.code == code).count() as i64
    }

    /// How often somebody has used what the limit counts.
    fn counted(&self, code: usize, who: &str) -> i64 {
        let same = |of: usize| of == code;
        let held = self.holds.iter().filter(|hold| same(hold.code) && hold.who.iter().any(|w| w == who)).count();
        let taken = self.taken.iter().filter(|((of, _), taken)| {
            same(*of)
                && matches!(taken.state, State::Redeemed | State::Reversed | State::Kept)
                && taken.who.iter().any(|w| w == who)
        });
        (held + taken.count()) as i64
    }

    fn money(&self) -> i64 {
        let held: i64 = self.holds.iter().filter(|hold| PAID[hold.code]).map(|hold| hold.amount).sum();
        let spent = self.taken.iter().filter(|((code, _), taken)| PAID[*code] && taken.state == State::Redeemed);
        MONEY - held - spent.map(|(_, taken)| taken.amount).sum::<i64>()
    }

    fn limit(code: usize) -> i64 {
        if code == 1 { 1 } else { i64::MAX }
    }

    fn end(&mut self, now: i64, only: Option<usize>) -> bool {
        let before = self.holds.len();
        self.holds.retain(|hold| only.is_some_and(|only| only != hold.code) || hold.until > now);
        self.holds.len() < before
    }

    /// Takes out every hold of the holder's on a code. The first is the one that she has: the checkout's, else the
    /// customer's, else a guest's of that address.
    fn hers(&mut self, code: usize, person: usize) -> Option<Hold> {
        let ([customer, email], checkout) = (people(person), PEOPLE[person][2]);
        let is = |of: &str, said: &str| !said.is_empty() && of == said;
        let rank = |hold: &Hold| {
            if hold.code != code {
                None
            } else if is(hold.checkout, checkout) {
                Some(0)
            } else if is(&hold.who[0], &customer) {
                Some(1)
            } else if hold.who[0].is_empty() && is(&hold.who[1], &email) {
                Some(2)
            } else {
                None
            }
        };
        let first = self.holds.iter().filter(|hold| rank(hold).is_some()).min_by_key(|hold| rank(hold)).cloned();
        self.holds.retain(|hold| rank(hold).is_none());
        first
    }

    /// Why nothing is taken, where the holder's hold was taken out before.
    fn refusal(&self, code: usize, hold: Option<&Hold>, asked: &[String; 2], amount: i64) -> Option<&'static str> {
        let named = asked
            .iter()
            .enumerate()
            .filter(|(part, who)| !who.is_empty() && hold.is_none_or(|hold| hold.who[*part] != **who));
        if hold.is_none() && self.available(code) <= 0 {
            Some("limit_reached")
        } else if hold.is_none() && code == 1 && asked.iter().all(String::is_empty) {
            Some("customer_required")
        } else if named.into_iter().any(|(_, who)| self.counted(code, who) >= Self::limit(code)) {
            Some("customer_limit")
        } else if PAID[code] && self.money() < amount {
            Some("budget_exhausted")
        } else {
            None
        }
    }

    fn says(&mut self, now: i64, doing: &Doing) -> &'static str {
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
                let before = self.holds.clone();
                self.end(now, Some(code));
                let hold = self.hers(code, person);
                if let Some(refusal) = self.refusal(code, hold.as_ref(), &people(person), amount) {
                    // What was reclaimed on the way is rolled back with the rest.
                    self.holds = before;
                    return refusal;
                }
                let checkout = match (&hold, PEOPLE[person][2]) {
                    (Some(hold), "") => hold.checkout,
                    (_, checkout) => checkout,
                };
                let who = turned_out(hold.as_ref(), people(person));
                self.holds.push(Hold { code, until: now + ttl, who, checkout, amount });
                if hold.is_some() { "renewed" } else { "done" }
            }
            Doing::Release { code, person } => {
                if self.hers(code, person).is_some() {
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
                let hold = self.hers(code, person);
                let amount = amount.or(hold.as_ref().map(|hold| hold.amount)).unwrap_or(0);
                let refusal = self.refusal(code, hold.as_ref(), &people(person), amount);
                if let (Some(refusal), false) = (refusal, mirror) {
                    self.holds = before;
                    return refusal;
                }
                let who = turned_out(hold.as_ref(), people(person));
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

fn people(person: usize) -> [String; 2] {
    let [customer, email, _] = PEOPLE[person];
    [("c", customer), ("e", email)]
        .map(|(mark, name)| if name.is_empty() { String::new() } else { format!("{mark}:{name}") })
}

/// Whom a hold is counted for in the end: who is named takes the place of whoever it was.
fn turned_out(hold: Option<&Hold>, asked: [String; 2]) -> [String; 2] {
    let Some(hold) = hold else { return asked };
    let [customer, email] = asked;
    let or = |named: String, before: &String| if named.is_empty() { before.clone() } else { named };
    [or(customer, &hold.who[0]), or(email, &hold.who[1])]
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
    let holder = |person: usize| {
        let said =
            ["customer", "email", "checkout"].into_iter().zip(PEOPLE[person]).filter(|(_, name)| !name.is_empty());
        said.map(|(part, name)| (part.to_owned(), json!(name))).collect::<serde_json::Map<_, _>>()
    };
    match *doing {
        Doing::Wait(_) | Doing::Expire => json!({ "type": "expire" }),
        Doing::Reserve { code, person, ttl, amount } => {
            json!({ "type": "reserve", "code": CODES[code], "holder": holder(person), "ttl": ttl, "amount": amount })
        }
        Doing::Release { code, person } => {
            json!({ "type": "release", "code": CODES[code], "holder": holder(person) })
        }
        Doing::Redeem { code, order, person, amount, mirror } => {
            let mut redeem = json!({ "type": "redeem", "code": CODES[code], "order": ORDERS[order],
                "holder": holder(person), "mirror": mirror });
            if let Some(amount) = amount {
                redeem["amount"] = json!(amount);
            }
            redeem
        }
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
