//! Two years of a real shop's orders, with recommendations that never were: made from a seed, with self-referrals, loops,
//! refunds, cancellations, small orders and a cap among them. What `settle` says is held against a small model that keeps
//! its own notes, state by state: after one export of everything, and after each of four successive ones.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde_json::json;
use zugabe::code::{Format, KeySet, Minter, new_key_set};
use zugabe::money::Currency;
use zugabe::order::import::{ImportOptions, Importer, combine};
use zugabe::order::{CodeKind, Order, OrderCode, OrderKind, OrderStatus};
use zugabe::settle::{GivenCode, SettleRequest, Settled, settle};
use zugabe::time::Instant;

const DAY: i64 = 86_400;
const MINIMUM: i64 = 10_000;
const CAP: usize = 3;

/// Chance from a seed (a linear congruential generator: nothing here has to be good).
struct Chance(u64);

impl Chance {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % n
    }
}

/// What happens to an order after it was placed, and when.
#[derive(Clone, Copy)]
struct Fate {
    cancelled: Option<i64>,
    refunded: Option<(i64, i64)>,
}

struct World {
    orders: Vec<Order>,
    fates: HashMap<String, Fate>,
    given: Vec<GivenCode>,
    owner: HashMap<String, (String, i64)>,
}

fn real_orders() -> Option<Vec<Order>> {
    let options = ImportOptions {
        currency: Some(Currency::parse("GBP").unwrap()),
        time_zone: Some("Europe/London".to_owned()),
        ..ImportOptions::at(Instant::parse("2026-11-23T10:00:00Z").unwrap())
    };
    let mut importer = Importer::new("online_retail_2010_2011.csv.zst", options.clone()).unwrap();
    importer.push(&support::shared_zst("online_retail_2010_2011.csv.zst")?).unwrap();
    Some(combine(vec![importer.finish().unwrap()], &options).unwrap().0)
}

/// Puts codes into real orders.
fn world(mut orders: Vec<Order>, keys: &KeySet, seed: u64) -> World {
    let mut chance = Chance(seed);
    orders.sort_by(|a, b| (a.created_at, &a.id).cmp(&(b.created_at, &b.id)));
    let sales: Vec<usize> = (0..orders.len()).filter(|n| orders[*n].is_purchase()).collect();
    let codes: Vec<String> =
        Minter::new(keys, Format::C12, None, 1, 0).unwrap().take(sales.len()).map(|minted| minted.code).collect();
    let who = |order: &Order| order.customer.as_ref().map(|customer| customer.id.clone());
    let mut given = Vec::new();
    let mut owner = HashMap::new();
    for (place, n) in sales.iter().enumerate() {
        let order = &orders[*n];
        given.push(GivenCode { code: codes[place].clone(), order: Some(order.id.clone()), customer: who(order) });
        if let Some(customer) = who(order) {
            owner.insert(codes[place].clone(), (customer, order.created_at.unix()));
        }
    }
    // One who recommends a lot, so that the cap has work.
    let star = codes[sales.iter().position(|n| who(&orders[*n]).is_some()).unwrap()].clone();
    let mut fates = HashMap::new();
    let loops = loops(&orders, &sales, &codes);
    let in_loop: BTreeSet<Option<String>> = loops.keys().map(|n| who(&orders[*n])).collect();
    for (place, n) in sales.iter().enumerate().skip(50) {
        let friend = who(&orders[*n]);
        if let Some(code) = loops.get(n) {
            let order = &mut orders[*n];
            order.paid_at = Some(order.created_at.plus(1 + i64::try_from(place).unwrap() % 50_000));
            order.codes = vec![OrderCode { code: code.clone(), amount: 500, kind: Some(CodeKind::Fixed) }];
            continue;
        }
        if chance.below(20) != 0 || in_loop.contains(&friend) {
            continue;
        }
        let code = match chance.below(10) {
            0 => star.clone(),
            // Whoever recommends to himself: a code of an earlier order of the same customer.
            1 => {
                let own =
                    sales[..place].iter().rposition(|earlier| friend.is_some() && who(&orders[*earlier]) == friend);
                own.map_or_else(|| codes[chance.below(place)].clone(), |own| codes[own].clone())
            }
            _ => codes[chance.below(place)].clone(),
        };
        let order = &mut orders[*n];
        // No two are certain in the same second, so that it is known who comes first.
        order.paid_at = Some(order.created_at.plus(1 + i64::try_from(place).unwrap() % 50_000));
        order.codes = vec![OrderCode { code, amount: 500, kind: Some(CodeKind::Fixed) }];
        let after = order.created_at.unix() + i64::try_from(chance.below(80)).unwrap() * DAY;
        let fate = match chance.below(8) {
            0 => Fate { cancelled: Some(after), refunded: None },
            1 => Fate { cancelled: None, refunded: Some((after, order.total / 4)) },
            2 => Fate { cancelled: None, refunded: Some((after, order.total * 3 / 4)) },
            _ => Fate { cancelled: None, refunded: None },
        };
        fates.insert(order.id.clone(), fate);
    }
    World { orders, fates, given, owner }
}

/// Orders that close loops: somebody brings a new customer, who brings her back. By place, the code to be typed in.
fn loops(orders: &[Order], sales: &[usize], codes: &[String]) -> HashMap<usize, String> {
    let who = |n: usize| orders[n].customer.as_ref().map(|customer| customer.id.as_str());
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    let (mut found, mut taken) = (HashMap::new(), BTreeSet::new());
    for (place, n) in sales.iter().enumerate() {
        let Some(friend) = who(*n) else { continue };
        let new = seen.insert(friend) && orders[*n].total >= MINIMUM && place > 100;
        let by = place - place.min(60);
        let (Some(first), true) = (who(sales[by]), new && !taken.contains(friend)) else { continue };
        let again = (place + 1..sales.len()).find(|later| who(sales[*later]) == Some(first));
        if let (Some(again), true, true) = (again, first != friend, taken.insert(first)) {
            taken.insert(friend);
            found.insert(*n, codes[by].clone());
            found.insert(sales[again], codes[place].clone());
        }
        if found.len() >= 24 {
            break;
        }
    }
    found
}

impl World {
    /// What an export of everything shows at a time.
    fn export(&self, until: i64) -> Vec<Order> {
        let mut export = Vec::new();
        for order in self.orders.iter().filter(|order| order.created_at.unix() <= until) {
            let mut order = order.clone();
            if let Some(fate) = self.fates.get(&order.id) {
                if let Some(at) = fate.cancelled.filter(|at| *at <= until) {
                    order.cancelled_at = Some(Instant::from_unix(at));
                    order.status = OrderStatus::Cancelled;
                }
                if let Some((_, back)) = fate.refunded.filter(|(at, _)| *at <= until) {
                    order.refunded = back;
                    order.status = OrderStatus::PartiallyRefunded;
                }
            }
            export.push(order);
        }
        export
    }
}

/// What the model knows of one recommendation.
#[derive(Clone, Debug)]
struct Note {
    by: String,
    order: String,
    state: &'static str,
    due: i64,
    month: String,
}

/// The programme once more, as one would keep it on paper.
struct Model {
    known_friends: bool,
    notes: BTreeMap<(String, String), Note>,
    /// The recommendation that each friend came by.
    brought: HashMap<String, (String, String)>,
    first: HashMap<String, (i64, String)>,
    granted: usize,
    taken: usize,
}

impl Model {
    fn new(known_friends: bool) -> Self {
        Self {
            known_friends,
            notes: BTreeMap::new(),
            brought: HashMap::new(),
            first: HashMap::new(),
            granted: 0,
            taken: 0,
        }
    }

    fn export(&mut self, world: &World, orders: &[Order], now: i64) {
        let who = |order: &Order| order.customer.as_ref().map(|customer| customer.id.clone());
        for order in orders.iter().filter(|order| order.is_purchase()) {
            if let Some(customer) = who(order) {
                let placed = (order.created_at.unix(), order.id.clone());
                let first = self.first.entry(customer).or_insert_with(|| placed.clone());
                *first = placed.min(first.clone());
            }
        }
        let returned = returned(orders);
        for order in orders.iter().filter(|order| order.kind == OrderKind::Sale && !order.codes.is_empty()) {
            let (Some(friend), code) = (who(order), order.codes[0].code.clone()) else { continue };
            let Some((by, _)) = world.owner.get(&code).cloned() else { continue };
            let back = (order.refunded + returned.get(order.id.as_str()).copied().unwrap_or(0)).min(order.total);
            let bad = |total: i64, back: i64| total - back < MINIMUM || (back > 0 && back * 2 >= total);
            let key = (code.clone(), friend.clone());
            let mine = self.notes.iter().find(|(_, note)| note.order == order.id).map(|(key, _)| key.clone());
            let key = match (mine, self.brought.get(&friend)) {
                (Some(mine), _) => mine,
                (None, Some(_)) => continue,
                (None, None) if self.notes.contains_key(&key) => continue,
                (None, None) => {
                    let known = self
                        .first
                        .get(&friend)
                        .is_some_and(|first| *first < (order.created_at.unix(), order.id.clone()));
                    let paid = order.paid_at.unwrap().unix();
                    let state = if by == friend {
                        "rejected self_referral"
                    } else if self.above(&by).contains(&friend) {
                        "rejected loop"
                    } else if known && !self.known_friends {
                        "rejected not_new"
                    } else if order.total < MINIMUM {
                        "rejected below_minimum"
                    } else {
                        self.brought.insert(friend.clone(), key.clone());
                        "pending"
                    };
                    let due = paid + 30 * DAY;
                    let (year, month, _) =
                        zugabe::time::zone::Zone::named("Europe/London").unwrap().day(Instant::from_unix(due)).civil();
                    let note = Note { by, order: order.id.clone(), state, due, month: format!("{year}-{month}") };
                    self.notes.insert(key.clone(), note);
                    key
                }
            };
            let note = self.notes.get_mut(&key).unwrap();
            for (is, why, late) in [
                (bad(order.total, back), "rejected refunded", "reversed refunded"),
                (order.cancelled_at.is_some(), "rejected cancelled", "reversed cancelled"),
            ] {
                match note.state {
                    "pending" if is => note.state = why,
                    "rewarded" if is => {
                        note.state = late;
                        self.taken += 1;
                    }
                    _ => {}
                }
            }
        }
        let mut due: Vec<_> =
            self.notes.iter().filter(|(_, note)| note.state == "pending" && note.due <= now).collect();
        due.sort_by_key(|(_, note)| note.due);
        for key in due.into_iter().map(|(key, _)| key.clone()).collect::<Vec<_>>() {
            let note = &self.notes[&key];
            let standing = self
                .notes
                .values()
                .filter(|other| other.state == "rewarded" && other.by == note.by && other.month == note.month);
            let state = if standing.count() >= CAP { "rejected cap_reached" } else { "rewarded" };
            self.granted += usize::from(state == "rewarded");
            self.notes.get_mut(&key).unwrap().state = state;
        }
    }

    /// Everybody above somebody, by recommendations that were not rejected.
    fn above(&self, by: &str) -> BTreeSet<String> {
        let (mut above, mut here) = (BTreeSet::new(), by.to_owned());
        while let Some(note) = self.brought.get(&here).and_then(|key| self.notes.get(key)) {
            if note.state.starts_with("rejected") || !above.insert(note.by.clone()) {
                break;
            }
            here.clone_from(&note.by);
        }
        above
    }
}

/// Returns that name no order, from the latest purchase backwards.
fn returned(orders: &[Order]) -> HashMap<String, i64> {
    let mut back: HashMap<String, i64> = HashMap::new();
    for (n, order) in orders.iter().enumerate().filter(|(_, order)| order.kind == OrderKind::Return) {
        let Some(customer) = &order.customer else { continue };
        let mut left = order.total;
        for sale in orders[..n].iter().rev().filter(|sale| sale.is_purchase()) {
            if sale.customer.as_ref().map(|customer| &customer.id) == Some(&customer.id) && left > 0 {
                let here = back.entry(sale.id.clone()).or_default();
                let part = (sale.total - sale.refunded - *here).clamp(0, left);
                *here += part;
                left -= part;
            }
        }
    }
    back
}

fn request(known_friends: bool, now: i64, given: &[GivenCode], books: Option<String>) -> SettleRequest {
    let program = json!({ "zugabe": 1,
        "shop": { "name": "Gift shop", "currency": "GBP", "timeZone": "Europe/London", "locales": ["en"] },
        "referral": { "terms": { "reward": { "kind": "discount", "amount": 500 }, "minimumOrder": MINIMUM,
            "knownFriends": known_friends, "cap": { "rewards": CAP, "per": "month" },
            "fraud": { "weights": { "velocity": 0 } } } } });
    SettleRequest {
        program_text: program.to_string(),
        keys_text: new_key_set([7; 32]),
        now: Instant::from_unix(now),
        batch: 1,
        reward_batch: 4095,
        codes: given.to_vec(),
        books_text: books,
        platform: None,
        promotion_id: None,
        approve: Vec::new(),
        void: Vec::new(),
    }
}

/// State by state; and every reward is there once, with a code of its own.
fn compare(settled: &Settled, model: &Model) {
    let said: BTreeMap<(String, String), String> = settled
        .referrals
        .iter()
        .map(|one| {
            let state = one.state.as_str();
            let state = one.reason.map_or(state.to_owned(), |reason| format!("{state} {}", reason.as_str()));
            ((one.code.clone(), one.friend.trim_start_matches("c:").to_owned()), state)
        })
        .collect();
    let expected: BTreeMap<(String, String), String> =
        model.notes.iter().map(|(key, note)| (key.clone(), note.state.to_owned())).collect();
    for (key, state) in &expected {
        assert_eq!(said.get(key), Some(state), "{key:?}: {:?}", model.notes[key]);
    }
    assert_eq!(said, expected);
    let audit = settled.books.tables.verify();
    assert!(audit.ok, "{:?}", audit.findings);
}

#[test]
fn settle_agrees_with_a_model_on_paper_in_one_run_and_in_four() {
    let Some(orders) = real_orders() else { return };
    let keys = KeySet::new([7; 32]);
    let world = world(orders, &keys, 2026);
    let (begin, end) = (world.orders[0].created_at.unix(), world.orders[world.orders.len() - 1].created_at.unix());
    let mut reasons: BTreeSet<String> = BTreeSet::new();
    for known_friends in [false, true] {
        // One export, long after everything.
        let last = end + 120 * DAY;
        let export = world.export(last);
        let mut model = Model::new(known_friends);
        model.export(&world, &export, last);
        let one = settle(&export, &request(known_friends, last, &world.given, None)).unwrap();
        compare(&one, &model);
        assert_eq!((one.rewards.len(), one.taken_back.len()), (model.granted, model.taken));

        // Four successive ones.
        let mut model = Model::new(known_friends);
        let (mut books, mut paid, mut back) = (None, BTreeSet::new(), BTreeSet::new());
        for part in 1..=4 {
            let now = if part == 4 { last } else { begin + (end - begin) * part / 4 };
            let export = world.export(now);
            let known: Vec<GivenCode> = world.given.clone();
            model.export(&world, &export, now);
            let settled = settle(&export, &request(known_friends, now, &known, books.take())).unwrap();
            compare(&settled, &model);
            for reward in &settled.rewards {
                assert!(paid.insert((reward.reward.clone(), reward.code.clone().unwrap())), "owed twice: {reward:?}");
            }
            back.extend(settled.taken_back.iter().map(|reward| reward.reward.clone()));
            reasons.extend(settled.totals.reasons.keys().map(|reason| (*reason).to_owned()));
            books = Some(zugabe::canonical::text(&settled.books).unwrap());
            if part == 2 {
                // The same export again changes nothing and owes nothing.
                let again = settle(&export, &request(known_friends, now, &known, books.clone())).unwrap();
                assert!(again.rewards.is_empty() && again.taken_back.is_empty() && again.books == settled.books);
            }
        }
        assert_eq!((paid.len(), back.len()), (model.granted, model.taken));
        let codes: BTreeSet<&String> = paid.iter().map(|(_, code)| code).collect();
        assert_eq!(codes.len(), paid.len(), "every reward has a code of its own");
        println!(
            "known friends {known_friends}: {:?}; four exports: {} granted, {} taken back",
            one.totals,
            paid.len(),
            back.len()
        );
        assert!(paid.len() > 50 && back.len() > 3, "the set has something of everything");
    }
    for reason in ["self_referral", "loop", "not_new", "below_minimum", "cancelled", "refunded", "cap_reached"] {
        assert!(reasons.contains(reason), "{reason} is not in {reasons:?}");
    }
}
