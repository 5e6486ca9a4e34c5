//! What holds for recommendations whatever happens, in whatever order and however often? Random events, against laws that
//! need no model.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::{Value, json};
use zugabe::books::Table;

mod referral_support;
use referral_support::{DAY, Desk, person, said};

const CODES: [&str; 3] = ["A", "B", "C"];

fn terms() -> Value {
    json!({ "reward": { "kind": "credit", "amount": 500 }, "friendReward": { "kind": "credit", "amount": 100 },
        "minimumOrder": 1000, "cap": { "rewards": 2, "per": "month" }, "knownFriends": true })
}

/// Events of one order: as facts, told in any order.
fn facts(paid: i64, total: i64, refunded: Option<i64>, cancelled: bool, friend: &str, code: &str) -> Vec<Value> {
    let at = zugabe::time::Instant::from_unix(referral_support::START + paid);
    let mut facts = vec![json!({ "type": "paid", "order": "1", "at": at, "friend": person(friend), "codes": [code],
        "total": total, "newFriend": true })];
    if let Some(refunded) = refunded {
        // What was paid back first, and all of it.
        for refunded in [refunded / 2, refunded] {
            facts.push(json!({ "type": "refunded", "order": "1", "friend": person(friend), "codes": [code], "refunded": refunded }));
        }
    }
    if cancelled {
        facts.push(json!({ "type": "cancelled", "order": "1", "at": at, "friend": person(friend), "codes": [code] }));
    }
    facts
}

#[derive(Debug, Clone)]
enum Doing {
    Claim(usize, usize),
    Paid(usize, usize, usize, i64),
    Cancelled(usize),
    Refunded(usize, i64),
    Wait(i64),
    Sweep,
    Word(bool),
}

fn doing() -> impl Strategy<Value = Doing> {
    prop_oneof![
        2 => (0..3_usize, 0..6_usize).prop_map(|(code, friend)| Doing::Claim(code, friend)),
        5 => (0..6_usize, 0..6_usize, 0..3_usize, 500_i64..5000)
            .prop_map(|(order, friend, code, total)| Doing::Paid(order, friend, code, total)),
        2 => (0..6_usize).prop_map(Doing::Cancelled),
        2 => (0..6_usize, 0_i64..5000).prop_map(|(order, refunded)| Doing::Refunded(order, refunded)),
        3 => (1_i64..40).prop_map(Doing::Wait),
        2 => Just(Doing::Sweep),
        1 => any::<bool>().prop_map(Doing::Word),
    ]
}

/// Friends 0 to 2 are the ones who recommend, too.
fn name(friend: usize) -> String {
    ["a", "b", "c", "f", "g", "h"][friend].to_owned()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: if std::env::var_os("ZUGABE_LONG").is_some() { 2000 } else { 60 }, ..ProptestConfig::default() })]

    #[test]
    fn facts_of_one_order_come_to_the_same_in_whatever_order_and_however_often(
        total in 500_i64..5000,
        refunded in proptest::option::of(1_i64..5000),
        cancelled in any::<bool>(),
        friend in 0..6_usize,
        mix in proptest::collection::vec(any::<proptest::sample::Index>(), 0..8),
    ) {
        let facts = facts(0, total, refunded, cancelled, &name(friend), "A");
        let tell = |events: &[&Value]| {
            let mut desk = Desk::sharing(terms(), &CODES);
            for event in events {
                desk.tell((*event).clone());
            }
            let state = said(&desk.of_order("1"));
            desk.days(31);
            // Which of two reasons came first may differ; that there is one may not.
            let standing = desk.granted();
            (state.split(' ').next().unwrap().to_owned(), standing)
        };
        let straight = tell(&facts.iter().collect::<Vec<_>>());
        let mut mixed: Vec<&Value> = mix.iter().map(|index| index.get(&facts)).collect();
        mixed.extend(facts.iter().rev());
        prop_assert_eq!(&tell(&mixed), &straight);
        let back: Vec<&Value> = facts.iter().rev().collect();
        prop_assert_eq!(&tell(&back), &straight);
    }

    #[test]
    fn no_reward_without_a_kept_order_never_two_for_one_and_never_beyond_the_cap(
        doings in proptest::collection::vec(doing(), 1..60),
    ) {
        let mut desk = Desk::sharing(terms(), &CODES);
        let mut ends: BTreeMap<String, String> = BTreeMap::new();
        for doing in doings {
            match doing {
                Doing::Claim(code, friend) => {
                    desk.claim(CODES[code], &name(friend));
                }
                Doing::Paid(order, friend, code, total) => {
                    desk.tell(json!({ "type": "paid", "order": order.to_string(), "friend": person(&name(friend)),
                        "codes": [CODES[code]], "total": total, "newFriend": true }));
                }
                Doing::Cancelled(order) => {
                    desk.cancelled(&order.to_string());
                }
                Doing::Refunded(order, refunded) => {
                    desk.refunded(&order.to_string(), refunded);
                }
                Doing::Wait(days) => desk.now += days * DAY,
                Doing::Sweep => desk.sweep(),
                Doing::Word(approve) => {
                    for flagged in desk.tell(json!({ "type": "queue" })).referrals.unwrap() {
                        let word = if approve { "approve" } else { "void" };
                        desk.tell(json!({ "type": word, "referral": flagged.id }));
                    }
                }
            }
            let mut by_month: BTreeMap<(String, String), usize> = BTreeMap::new();
            let mut owed = Vec::new();
            for row in desk.rows(Table::Referral) {
                let referral: zugabe::referral::Referral = serde_json::from_str(row["document"].as_str().unwrap()).unwrap();
                let state = referral.state.as_str();
                prop_assert_eq!(state, row["state"].as_str().unwrap());
                if let Some(end) = ends.get(&referral.id) {
                    prop_assert_eq!(end, state, "what is final stays");
                }
                if referral.state.is_final() {
                    ends.insert(referral.id.clone(), state.to_owned());
                }
                if state == "rewarded" {
                    let order = referral.order.as_ref().unwrap();
                    prop_assert!(order.cancelled_at.is_none() && order.refunded * 2 < order.total.max(1));
                    prop_assert!(order.total - order.refunded >= 1000);
                    prop_assert!(desk.now >= order.paid_at.unwrap().unix() + 30 * DAY);
                    prop_assert!(!referral.referrer.is(referral.friend.as_ref().unwrap()));
                    owed.extend(referral.granted.iter().map(|grant| grant.reward.clone()));
                    if let Some(month) = &referral.period {
                        *by_month.entry((referral.referrer.name().unwrap(), month.clone())).or_default() += 1;
                    }
                }
            }
            prop_assert!(by_month.values().all(|count| *count <= 2), "{by_month:?}");
            // What stands in the books is what stands with the recommendations, each once, and for each order one side each.
            let mut granted = desk.granted_ids();
            granted.sort();
            owed.sort();
            prop_assert_eq!(&granted, &owed);
            let mut sides = desk.granted();
            let all = sides.len();
            sides.sort();
            sides.dedup();
            prop_assert_eq!(sides.len(), all, "never two");
        }
    }
}
