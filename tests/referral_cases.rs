//! What went wrong with recommendations elsewhere, as named tests, on the books in memory. The numbers are those of the
//! list of cases and of the list of attacks.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use serde_json::{Value, json};
use zugabe::books::{Memory, Refusal, Table};
use zugabe::desk::{self, Found};

mod referral_support;
use referral_support::{DAY, Desk, answered, person, said};

fn credit() -> Value {
    json!({ "reward": { "kind": "credit", "amount": 500 } })
}

fn with(terms: Value) -> Value {
    let mut all = credit();
    all.as_object_mut().unwrap().extend(terms.as_object().unwrap().clone());
    all
}

#[test]
fn a_friend_comes_orders_keeps_the_order_and_the_reward_is_due_once() {
    let mut desk = Desk::sharing(credit(), &["A"]);
    assert_eq!(answered(&desk.claim("A", "f")), "claimed");
    assert_eq!(answered(&desk.paid("1", "f", "A")), "pending");
    desk.days(29);
    assert_eq!(desk.state("1"), "pending");
    desk.days(1);
    assert_eq!(desk.state("1"), "rewarded");
    desk.days(1);
    assert_eq!(desk.granted(), ["c:a 1"]);
    assert_eq!(desk.outbox("reward_due"), 1);
}

#[test]
fn case_15_the_same_purchase_delivered_three_times_is_one_reward() {
    let mut desk = Desk::sharing(credit(), &["A"]);
    for _ in 0..3 {
        assert_eq!(answered(&desk.paid("1", "f", "A")), "pending");
    }
    desk.days(30);
    for _ in 0..3 {
        assert_eq!(answered(&desk.paid("1", "f", "A")), "rewarded");
        desk.sweep();
    }
    assert_eq!((desk.granted().len(), desk.outbox("reward_due")), (1, 1));
}

#[test]
fn case_18_a_cancelled_order_brings_nothing_however_late_its_payment_is_told() {
    let mut desk = Desk::sharing(credit(), &["A", "B"]);
    desk.paid("1", "f", "A");
    assert_eq!(answered(&desk.cancelled("1")), "rejected cancelled");
    // The cancellation comes first.
    let early = json!({ "type": "cancelled", "order": "2", "friend": person("g"), "codes": ["B"] });
    assert_eq!(answered(&desk.tell(early)), "claimed");
    assert_eq!(answered(&desk.paid("2", "g", "B")), "rejected cancelled");
    desk.days(60);
    assert!(desk.granted().is_empty());
}

#[test]
fn case_20_a_new_address_or_a_new_account_does_not_make_a_new_friend() {
    let mut desk = Desk::sharing(credit(), &["A", "B"]);
    desk.paid("1", "f", "A");
    // The same account with another address, and the same address with another account.
    let as_friend = |friend: Value, order: &str| json!({ "type": "paid", "order": order, "friend": friend, "codes": ["B"], "total": 5000, "newFriend": true });
    for (friend, order) in
        [(json!({ "customer": "f", "email": "other" }), "2"), (json!({ "customer": "f2", "email": "h-f" }), "3")]
    {
        let answer = desk.tell(as_friend(friend, order));
        assert_eq!(answer.referral.unwrap().order.unwrap().id, "1", "the friend was brought once");
    }
    desk.days(30);
    assert_eq!(desk.granted(), ["c:a 1"]);
}

#[test]
fn case_21_a_guest_is_a_friend_by_address() {
    let mut desk = Desk::sharing(credit(), &["A", "B"]);
    let guest = |order: &str, code: &str| {
        json!({ "type": "paid", "order": order, "friend": { "email": "h-guest" }, "codes": [code], "total": 5000,
            "newFriend": true })
    };
    desk.tell(guest("1", "A"));
    desk.tell(guest("2", "B"));
    desk.days(30);
    assert_eq!(desk.granted(), ["c:a 1"]);
}

#[test]
fn case_22_the_last_reward_below_the_cap_is_granted_and_the_next_is_not() {
    let mut desk = Desk::sharing(with(json!({ "cap": { "rewards": 3, "per": "ever" } })), &["A"]);
    for n in 1..=4 {
        desk.now += 2 * DAY;
        desk.paid(&n.to_string(), &format!("f{n}"), "A");
    }
    desk.days(40);
    let states: Vec<String> = (1..=4).map(|n| desk.state(&n.to_string())).collect();
    assert_eq!(states, ["rewarded", "rewarded", "rewarded", "rejected cap_reached"]);
}

#[test]
fn a_cap_counts_in_the_period_in_which_the_return_window_ended_and_a_reversed_one_makes_room() {
    let mut desk = Desk::sharing(with(json!({ "cap": { "rewards": 1, "per": "month" } })), &["A"]);
    desk.paid("1", "f1", "A");
    desk.paid("2", "f2", "A");
    desk.now += 31 * DAY;
    desk.paid("3", "f3", "A");
    // Everything is looked at much later, in one sweep.
    desk.days(100);
    let states: Vec<String> = ["1", "2", "3"].map(|order| desk.state(order)).into();
    let capped = states.iter().filter(|state| *state == "rejected cap_reached").count();
    assert_eq!((capped, states[2].as_str()), (1, "rewarded"), "{states:?}");
    // The one that stands goes back: the month has room again.
    desk.cancelled("3");
    assert_eq!(desk.state("3"), "reversed cancelled");
    let counts: i64 = desk.rows(Table::CustomerUse).iter().map(|row| row["used"].as_i64().unwrap()).sum();
    assert_eq!(counts, 2, "one friend in all, and one in its month");
}

#[test]
fn case_60_every_way_in_refuses_whoever_recommends() {
    for (name, event) in [
        ("by account", json!({ "type": "claim", "code": "A", "friend": { "customer": "a" } })),
        ("by address", json!({ "type": "claim", "code": "A", "friend": { "email": "h-a" } })),
        ("at the order", json!({ "type": "paid", "order": "1", "friend": person("a"), "codes": ["A"], "total": 5000 })),
        (
            "as a guest",
            json!({ "type": "paid", "order": "1", "friend": { "email": "h-a" }, "codes": ["A"], "total": 1 }),
        ),
        (
            "by a refund",
            json!({ "type": "refunded", "order": "1", "friend": person("a"), "codes": ["A"], "refunded": 1 }),
        ),
        ("by a cancellation", json!({ "type": "cancelled", "order": "1", "friend": person("a"), "codes": ["A"] })),
    ] {
        let mut desk = Desk::sharing(credit(), &["A"]);
        let answer = desk.tell(event);
        assert_eq!(answered(&answer), "rejected self_referral", "{name}");
        assert_eq!(answer.referral.unwrap().discount.as_str(), "refused", "{name}");
        desk.days(60);
        assert!(desk.granted().is_empty(), "{name}");
    }
}

#[test]
fn case_60_a_code_applied_before_login_is_refused_when_it_is_known_who_orders() {
    let mut desk = Desk::sharing(credit(), &["A"]);
    let before = desk.tell(json!({ "type": "claim", "code": "A", "friend": { "device": "d1" } }));
    assert_eq!(answered(&before), "anonymous");
    assert_eq!(answered(&desk.paid("1", "a", "A")), "rejected self_referral");
    // With an address that is nobody's yet, and the account at the order.
    let claim = json!({ "type": "claim", "code": "A", "friend": { "email": "h-new" } });
    assert_eq!(answered(&desk.tell(claim)), "claimed");
    let order = json!({ "type": "paid", "order": "2", "friend": { "customer": "a", "email": "h-new" }, "codes": ["A"], "total": 1 });
    assert_eq!(answered(&desk.tell(order)), "rejected self_referral");
}

#[test]
fn case_61_what_a_self_referral_loses_is_a_rule_and_is_written_down() {
    for (rule, discount) in [("both", "refused"), ("reward", "kept")] {
        let mut desk = Desk::sharing(with(json!({ "selfReferral": rule })), &["A"]);
        let referral = desk.claim("A", "a").referral.unwrap();
        assert_eq!((said(&referral).as_str(), referral.discount.as_str()), ("rejected self_referral", discount));
        assert!(desk.entries("referral").iter().any(|entry| entry["reason"] == "rejected/self_referral"));
    }
}

#[test]
fn case_62_loops_of_any_length_are_refused_and_chains_are_not() {
    for length in [2, 3, 10, 40] {
        let codes: Vec<String> = (0..length).map(|n| format!("P{n:02}")).collect();
        let names: Vec<&str> = codes.iter().map(String::as_str).collect();
        let mut desk = Desk::sharing(with(json!({ "knownFriends": true })), &names);
        for pair in codes.windows(2) {
            assert_eq!(answered(&desk.claim(&pair[0], &pair[1].to_lowercase())), "claimed", "a chain");
        }
        let last = desk.claim(&codes[length - 1], &codes[0].to_lowercase());
        assert_eq!(answered(&last), "rejected loop", "{length}");
    }
}

#[test]
fn case_62_a_loop_that_closes_in_the_middle_of_a_chain_is_refused_too() {
    let mut desk = Desk::sharing(with(json!({ "knownFriends": true })), &["A", "B", "C"]);
    assert_eq!(answered(&desk.claim("B", "c")), "claimed");
    assert_eq!(answered(&desk.claim("A", "b")), "claimed");
    assert_eq!(answered(&desk.claim("C", "a")), "rejected loop");
}

#[test]
fn case_63_spellings_of_one_mailbox_are_flagged_and_never_taken_for_a_login() {
    let key = [7; 32];
    let hashed = |email: &str| {
        let raw = desk::RawPerson { email: Some(email.to_owned()), ..desk::RawPerson::default() };
        serde_json::to_value(desk::hash_person(&key, &raw).unwrap()).unwrap()
    };
    let try_one = |friend: &str| {
        let mut desk = Desk::new(credit());
        desk.tell(json!({ "type": "share", "code": "A", "referrer": hashed("foo@googlemail.com") }));
        answered(&desk.tell(json!({ "type": "claim", "code": "A", "friend": hashed(friend) })))
    };
    assert_eq!(try_one("f.oo+x@gmail.com"), "flagged suspicious");
    assert_eq!(try_one("foo@googlemail.com"), "rejected self_referral");
    assert_eq!(try_one("f.oo@example.org"), "claimed");
}

#[test]
fn case_63_one_mailbox_cannot_be_several_friends_without_somebody_looking() {
    let mut desk = Desk::sharing(credit(), &["A"]);
    let friend = |tag: &str| json!({ "email": format!("plus-{tag}"), "alias": "one-mailbox" });
    assert_eq!(answered(&desk.tell(json!({ "type": "claim", "code": "A", "friend": friend("1") }))), "claimed");
    let second = desk.tell(json!({ "type": "claim", "code": "A", "friend": friend("2") }));
    assert_eq!(answered(&second), "flagged suspicious");
    assert_eq!(second.referral.unwrap().signals[0].kind.as_str(), "cycling");
}

#[test]
fn case_64_rejected_is_final() {
    let mut desk = Desk::sharing(credit(), &["A"]);
    desk.paid("1", "f", "A");
    desk.cancelled("1");
    let id = desk.of_order("1").id;
    for event in ["approve", "void"] {
        let answer = desk.tell(json!({ "type": event, "referral": id }));
        assert_eq!(answer.illegal.map(|why| why.as_str()), Some("final"));
    }
    desk.paid("1", "f", "A");
    desk.days(400);
    assert_eq!(desk.state("1"), "rejected cancelled");
    assert!(desk.granted().is_empty() && desk.tell(json!({ "type": "due" })).referrals.unwrap().is_empty());
}

#[test]
fn case_65_a_reward_is_taken_back_by_its_order_alone() {
    let mut desk = Desk::sharing(credit(), &["A"]);
    desk.paid("1", "f", "A");
    desk.days(30);
    assert_eq!(answered(&desk.cancelled("1")), "reversed cancelled");
    assert_eq!(answered(&desk.cancelled("1")), "reversed cancelled");
    assert!(desk.granted().is_empty());
    assert_eq!((desk.entries("reward").len(), desk.entries("claw_back").len()), (1, 1), "an entry, no deletion");
    assert_eq!(desk.outbox("reward_taken_back"), 1);
}

#[test]
fn a_reward_is_taken_back_whatever_else_has_become_known_of_its_order() {
    let news = |fields: Value| {
        let mut event = json!({ "order": "1", "friend": person("f"), "codes": ["A"] });
        event.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
        event
    };
    let again = json!({ "type": "paid", "total": 5000, "newFriend": false });
    let foreign = json!({ "type": "paid", "total": 5000, "currency": "AUD" });
    for (before, last, expected) in [
        (Some(again), json!({ "type": "cancelled" }), "reversed cancelled"),
        (Some(foreign), json!({ "type": "refunded", "refunded": 5000 }), "reversed refunded"),
        (None, json!({ "type": "cancelled", "codes": ["A", "OTHER"] }), "reversed cancelled"),
        (None, json!({ "type": "refunded", "codes": ["A", "OTHER"], "refunded": 5000 }), "reversed refunded"),
    ] {
        let mut desk = Desk::sharing(with(json!({ "alone": true, "currency": "EUR" })), &["A"]);
        desk.paid("1", "f", "A");
        desk.days(30);
        if let Some(before) = before {
            assert_eq!(answered(&desk.tell(news(before))), "rewarded");
        }
        assert_eq!(answered(&desk.tell(news(last))), expected);
        assert!(desk.granted().is_empty());
    }
}

#[test]
fn case_66_an_entry_says_who_brought_whom_with_which_order_and_code() {
    let mut desk = Desk::sharing(credit(), &["A"]);
    desk.paid("1", "f", "A");
    desk.days(30);
    let last = desk.entries("referral").into_iter().find(|entry| entry["reason"] == "rewarded").unwrap();
    let columns = ["referrer", "customer", "order_id", "code"].map(|column| last[column].as_str().unwrap().to_owned());
    assert_eq!(columns, ["c:a", "c:f", "1", "A"]);
}

#[test]
fn case_67_no_event_can_name_who_recommends() {
    let desk = Desk::sharing(credit(), &["A"]);
    for event in [
        json!({ "type": "claim", "code": "A", "friend": person("f"), "referrer": person("x") }),
        json!({ "type": "paid", "order": "1", "friend": person("f"), "codes": ["A"], "total": 1, "referrer": person("x") }),
    ] {
        let call = json!({ "v": 1, "tenant": "t", "now": "2026-11-23T10:00:00Z", "event": event });
        let error = desk::next_text(&call.to_string(), "").unwrap_err();
        assert_eq!(error.code, zugabe::reject::Code::UnknownField);
    }
    // Nor does sharing a code a second time change whose it is.
    let mut desk = desk;
    desk.tell(json!({ "type": "share", "code": "A", "referrer": person("thief") }));
    let referral = desk.claim("A", "f").referral.unwrap();
    assert_eq!(referral.referrer.customer.as_deref(), Some("a"));
}

#[test]
fn case_68_first_or_last_touch_is_said_and_a_visit_without_a_code_changes_nothing() {
    for (touch, referrer) in [("first", "a"), ("last", "b")] {
        let mut desk = Desk::sharing(with(json!({ "touch": touch })), &["A", "B"]);
        desk.claim("A", "f");
        desk.claim("B", "f");
        let order = |codes: &[&str]| json!({ "type": "paid", "order": "1", "friend": person("f"), "codes": codes, "total": 5000, "newFriend": true });
        assert_eq!(answered(&desk.tell(order(&[]))), "not_found", "it carries nobody's code");
        desk.tell(order(&["A", "B"]));
        assert_eq!(desk.of_order("1").referrer.customer.as_deref(), Some(referrer), "{touch}");
        // The payment provider comes back; then another code, when all is settled.
        desk.paid("1", "f", "B");
        desk.claim("B", "f");
        assert_eq!(desk.of_order("1").referrer.customer.as_deref(), Some(referrer), "{touch}");
        desk.days(30);
        assert_eq!(desk.granted(), [format!("c:{referrer} 1")]);
    }
}

#[test]
fn whoever_enters_a_strangers_address_is_owed_nothing_for_the_strangers_order() {
    let order = |order: &str, kind: &str, codes: &[&str]| json!({ "type": kind, "order": order, "friend": person("v"), "codes": codes });
    let paid = |number: &str, codes: &[&str]| {
        let mut event = order(number, "paid", codes);
        event.as_object_mut().unwrap().extend([("total".into(), 5000.into()), ("newFriend".into(), true.into())]);
        event
    };
    for touch in ["first", "last"] {
        // She orders without a code, or with one that recommends nobody.
        let mut desk = Desk::sharing(with(json!({ "touch": touch })), &["M", "C"]);
        desk.tell(json!({ "type": "claim", "code": "M", "friend": { "email": "h-v" } }));
        desk.days(40);
        for codes in [&[][..], &["SUMMER"]] {
            assert_eq!(answered(&desk.tell(paid("1", codes))), "not_found");
        }
        desk.days(31);
        assert!(desk.granted().is_empty());
        // An order that is cancelled before it is paid proves nothing either.
        desk.tell(order("2", "cancelled", &["M"]));
        // She comes with Carl's code.
        assert_eq!(answered(&desk.tell(paid("3", &["C"]))), "pending", "{touch}");
        assert_eq!(desk.of_order("3").referrer.customer.as_deref(), Some("c"));
        desk.days(31);
        assert_eq!(desk.granted(), ["c:c 3"]);
    }
    // One that somebody rejected before there was an order takes nobody away from Carl.
    let mut desk = Desk::sharing(credit(), &["M", "C"]);
    desk.tell(json!({ "type": "claim", "code": "M", "friend": { "email": "h-x", "device": "d" } }));
    let flagged = json!({ "type": "claim", "code": "M", "friend": { "email": "h-v", "device": "d" } });
    let id = desk.tell(flagged).referral.unwrap().id;
    assert_eq!(answered(&desk.tell(json!({ "type": "void", "referral": id }))), "rejected voided");
    assert_eq!(answered(&desk.tell(paid("4", &["C"]))), "pending");
}

#[test]
fn attack_08_of_many_claims_at_once_one_is_written() {
    let mut desk = Desk::sharing(credit(), &["A", "B"]);
    // Two servers have read the same, and write one after the other.
    let ready = |desk: &mut Desk, code: &str| {
        let call = desk.call(&json!({ "type": "claim", "code": code, "friend": person("f") }));
        let mut found = Found::new();
        loop {
            let next = desk::next(&call, &found).unwrap();
            match next.write {
                Some(write) => return write,
                None => found.extend(desk.books.execute(&next.read).unwrap().rows),
            }
        }
    };
    let (one, two) = (ready(&mut desk, "A"), ready(&mut desk, "B"));
    assert_eq!(desk.books.apply(one.clone()).unwrap().answer.refusal, None);
    for late in [one, two] {
        let finished = desk.books.apply(late).unwrap();
        assert_eq!((finished.answer.refusal, finished.commit), (Some(Refusal::Stale), false));
    }
    assert_eq!(answered(&desk.claim("B", "f")), "claimed");
    assert_eq!(desk.claim("B", "f").referral.unwrap().code, "A");
    assert!(desk.books.verify().ok);
}

#[test]
fn attack_14_the_referrer_comes_from_the_code() {
    let mut desk = Desk::sharing(credit(), &["A"]);
    let unknown = desk.claim("NOBODYS", "f");
    assert_eq!(unknown.outcome.as_str(), "not_found");
    assert_eq!(desk.paid("1", "f", "NOBODYS").outcome.as_str(), "not_found");
}

#[test]
fn attack_15_throw_away_accounts_bring_nothing_without_a_paid_order_that_is_kept() {
    let mut desk = Desk::sharing(credit(), &["A"]);
    for n in 0..4 {
        desk.claim("A", &format!("fake{n}"));
    }
    desk.days(400);
    assert!(desk.granted().is_empty());
    assert!(
        desk.rows(Table::Referral).iter().all(|row| ["shared", "rejected"].contains(&row["state"].as_str().unwrap()))
    );
    let friend = json!({ "email": "h-x", "throwaway": true, "ip": "net", "device": "d" });
    desk.tell(json!({ "type": "claim", "code": "A", "friend": friend }));
    let second =
        json!({ "type": "claim", "code": "A", "friend": { "email": "h-y", "throwaway": true, "device": "d" } });
    assert_eq!(answered(&desk.tell(second)), "flagged suspicious");
}

#[test]
fn attack_19_cancelled_twice_and_after_the_reward_is_one_entry_and_no_deletion() {
    let mut desk = Desk::sharing(with(json!({ "budget": "b" })), &["A"]);
    let budget = json!({ "v": 1, "tenant": "t", "now": "2026-09-23T10:00:00Z",
        "action": { "type": "budget", "budget": "b", "granted": 700 } });
    desk.books.apply(zugabe::reject::parse_json(&budget.to_string()).unwrap()).unwrap();
    desk.paid("1", "f1", "A");
    desk.paid("2", "f2", "A");
    desk.days(30);
    let states = [desk.state("1"), desk.state("2")];
    assert!(states.contains(&"rewarded".to_owned()) && states.contains(&"qualified budget_exhausted".to_owned()));
    let (rewarded, waiting) = if states[0] == "rewarded" { ("1", "2") } else { ("2", "1") };
    desk.cancelled(rewarded);
    desk.cancelled(rewarded);
    assert_eq!(desk.entries("claw_back").len(), 1);
    // What came back pays for the one that waited.
    desk.sweep();
    assert_eq!(desk.state(waiting), "rewarded");
    let row = &desk.rows(Table::Budget)[0];
    assert_eq!((row["available"].as_i64(), row["spent"].as_i64()), (Some(200), Some(500)));
}

#[test]
fn attack_23_a_tagged_gmail_address_that_refers_itself_is_flagged_as_self() {
    let key = [7; 32];
    let hashed = |email: &str| {
        let raw = desk::RawPerson { email: Some(email.to_owned()), ..desk::RawPerson::default() };
        serde_json::to_value(desk::hash_person(&key, &raw).unwrap()).unwrap()
    };
    let mut desk = Desk::new(credit());
    desk.tell(json!({ "type": "share", "code": "A", "referrer": hashed("a.b+x@gmail.com") }));
    let order = json!({ "type": "paid", "order": "1", "friend": hashed("ab@googlemail.com"), "codes": ["A"],
        "total": 5000, "newFriend": true });
    let referral = desk.tell(order).referral.unwrap();
    assert_eq!((said(&referral).as_str(), referral.signals[0].kind.as_str()), ("flagged suspicious", "same_mailbox"));
    desk.days(60);
    assert!(desk.granted().is_empty(), "time alone does not pass it");
    let queue = desk.tell(json!({ "type": "queue" })).referrals.unwrap();
    assert_eq!(queue.len(), 1);
    assert_eq!(answered(&desk.tell(json!({ "type": "approve", "referral": queue[0].id }))), "pending");
    assert_eq!(answered(&desk.tell(json!({ "type": "approve", "referral": queue[0].id }))), "pending", "said twice");
    desk.sweep();
    assert_eq!(desk.granted().len(), 1);
    assert_eq!(desk.outbox("flagged"), 1);
}

#[test]
fn a_void_one_stays_void_and_only_a_flagged_one_can_be_approved_or_voided() {
    let mut desk = Desk::sharing(credit(), &["A"]);
    let pending = desk.paid("1", "f", "A").referral.unwrap().id;
    for word in ["approve", "void"] {
        let answer = desk.tell(json!({ "type": word, "referral": pending }));
        assert_eq!(answer.illegal.map(|why| why.as_str()), Some("not_flagged"));
    }
    let order = json!({ "type": "paid", "order": "2", "friend": person("g"), "codes": ["A"], "total": 5000 });
    let flagged = desk.tell(order).referral.unwrap();
    assert_eq!(flagged.signals[0].kind.as_str(), "unknown_history");
    assert_eq!(answered(&desk.tell(json!({ "type": "void", "referral": flagged.id }))), "rejected voided");
    assert_eq!(answered(&desk.tell(json!({ "type": "void", "referral": flagged.id }))), "rejected voided");
    desk.days(60);
    assert_eq!(desk.granted(), ["c:a 1"]);
}

#[test]
fn a_part_paid_back_changes_nothing_until_it_is_the_share_or_the_minimum_is_missed() {
    let terms = with(json!({ "refundBp": 5000, "minimumOrder": 2000 }));
    for (refunded, pending, rewarded) in [
        (2499, "pending", "rewarded"),
        (2500, "rejected refunded", "reversed refunded"),
        (5000, "rejected refunded", "reversed refunded"),
    ] {
        for late in [false, true] {
            let mut desk = Desk::sharing(terms.clone(), &["A"]);
            desk.paid("1", "f", "A");
            if late {
                desk.days(30);
            }
            let answer = answered(&desk.refunded("1", refunded));
            assert_eq!(answer, if late { rewarded } else { pending }, "{refunded}");
        }
    }
    let mut desk = Desk::sharing(with(json!({ "refundBp": 10_000, "minimumOrder": 4000 })), &["A"]);
    desk.paid("1", "f", "A");
    assert_eq!(answered(&desk.refunded("1", 1000)), "pending");
    assert_eq!(answered(&desk.refunded("1", 1001)), "rejected refunded", "3,999 is left");
}

#[test]
fn a_friend_must_be_new_order_in_time_and_enough() {
    let order = |fields: Value| {
        let mut order = json!({ "type": "paid", "order": "1", "friend": person("f"), "codes": ["A"], "total": 5000, "newFriend": true });
        order.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
        order
    };
    for (terms, fields, expected) in [
        (json!({}), json!({ "newFriend": false }), "rejected not_new"),
        (json!({ "knownFriends": true }), json!({ "newFriend": false }), "pending"),
        (json!({ "minimumOrder": 5001 }), json!({}), "rejected below_minimum"),
        (json!({ "minimumOrder": 5000 }), json!({}), "pending"),
        (json!({ "currency": "EUR" }), json!({ "currency": "USD" }), "rejected currency_mismatch"),
        (json!({ "alone": true }), json!({ "codes": ["A", "OTHER"] }), "rejected other_code"),
        (json!({}), json!({ "codes": ["OTHER", "A"] }), "pending"),
    ] {
        let mut desk = Desk::sharing(with(terms), &["A"]);
        assert_eq!(answered(&desk.tell(order(fields))), expected);
    }
    let mut desk = Desk::sharing(with(json!({ "claimDays": 10 })), &["A", "B"]);
    desk.claim("A", "f");
    desk.days(11);
    assert_eq!(
        said(&desk.tell(json!({ "type": "of_code", "code": "A" })).referrals.unwrap()[0]),
        "rejected claim_expired"
    );
    // Whom nobody brought in time, somebody else may bring.
    assert_eq!(answered(&desk.claim("B", "f")), "claimed");
    assert_eq!(answered(&desk.paid("1", "f", "B")), "pending");
}

#[test]
fn the_fifth_friend_brings_more_once_and_again_only_if_it_was_taken_back() {
    let terms = with(json!({ "steps": [{ "friends": 2, "reward": { "kind": "gift", "gift": "pot", "cost": 900 } }],
        "friendReward": { "kind": "credit", "amount": 100 } }));
    let mut desk = Desk::sharing(terms, &["A"]);
    let gifts = |desk: &Desk| desk.granted_ids().into_iter().filter(|id| id.ends_with("/step2")).count();
    desk.paid("1", "f1", "A");
    desk.days(30);
    assert_eq!((desk.granted().len(), gifts(&desk)), (2, 0), "both sides");
    desk.paid("2", "f2", "A");
    desk.days(30);
    assert_eq!((desk.granted().len(), gifts(&desk)), (5, 1));
    // The first one goes back, the third is the second again: its gift stands already.
    desk.cancelled("1");
    desk.paid("3", "f3", "A");
    desk.days(30);
    assert_eq!(gifts(&desk), 1);
    // The one that brought it goes back, and the gift with it.
    desk.cancelled("2");
    assert_eq!(gifts(&desk), 0);
    desk.paid("4", "f4", "A");
    desk.days(30);
    assert_eq!(gifts(&desk), 1);
}

#[test]
fn many_friends_in_a_short_time_are_looked_at() {
    let terms = with(json!({ "fraud": { "velocity": { "friends": 2, "hours": 24 } } }));
    let mut desk = Desk::sharing(terms.clone(), &["A"]);
    let quick: Vec<String> = (0..3).map(|n| answered(&desk.claim("A", &format!("f{n}")))).collect();
    assert_eq!(quick, ["claimed", "claimed", "flagged suspicious"]);
    let mut desk = Desk::sharing(terms, &["A"]);
    for n in 0..3 {
        desk.now += DAY;
        assert_eq!(answered(&desk.claim("A", &format!("f{n}"))), "claimed");
    }
}

#[test]
fn signals_add_up_and_their_weights_are_the_merchants() {
    let same = |terms: Value| {
        let mut desk = Desk::new(terms);
        let referrer = json!({ "customer": "a", "address": "house", "ip": "net" });
        desk.tell(json!({ "type": "share", "code": "A", "referrer": referrer }));
        let friend = json!({ "customer": "f", "address": "house", "ip": "net" });
        let referral = desk.tell(json!({ "type": "claim", "code": "A", "friend": friend })).referral.unwrap();
        (said(&referral), referral.signals.iter().map(|signal| signal.weight).sum::<u32>())
    };
    assert_eq!(same(credit()), ("flagged suspicious".to_owned(), 50), "an address and a network");
    assert_eq!(same(with(json!({ "fraud": { "weights": { "same_network": 0 } } }))).0, "claimed");
    assert_eq!(same(with(json!({ "fraud": { "reviewAt": 51 } }))).0, "claimed");
}

#[test]
fn two_sweeps_at_once_grant_one_reward() {
    let mut desk = Desk::sharing(credit(), &["A"]);
    desk.paid("1", "f", "A");
    desk.now += 30 * DAY;
    let id = desk.of_order("1").id;
    let call = desk.call(&json!({ "type": "tick", "referral": id }));
    let mut found = Found::new();
    let write = loop {
        let next = desk::next(&call, &found).unwrap();
        if let Some(write) = next.write {
            break write;
        }
        found.extend(desk.books.execute(&next.read).unwrap().rows);
    };
    assert!(desk.books.apply(write.clone()).unwrap().commit);
    assert_eq!(desk.books.apply(write).unwrap().answer.refusal, Some(Refusal::Stale));
    assert_eq!(desk.granted().len(), 1);
}

#[test]
fn a_write_that_meets_another_counter_or_budget_is_refused_whole() {
    let mut desk = Desk::sharing(with(json!({ "cap": { "rewards": 1, "per": "ever" } })), &["A"]);
    desk.paid("1", "f1", "A");
    desk.paid("2", "f2", "A");
    desk.now += 30 * DAY;
    let writes: Vec<_> = ["1", "2"]
        .map(|order| {
            let id = desk.of_order(order).id;
            let call = desk.call(&json!({ "type": "tick", "referral": id }));
            let mut found = Found::new();
            loop {
                let next = desk::next(&call, &found).unwrap();
                if let Some(write) = next.write {
                    break write;
                }
                found.extend(desk.books.execute(&next.read).unwrap().rows);
            }
        })
        .into();
    let refusals: Vec<_> = writes.into_iter().map(|write| desk.books.apply(write).unwrap().answer.refusal).collect();
    assert_eq!(refusals, [None, Some(Refusal::Stale)], "both saw room for one");
    desk.sweep();
    assert_eq!(desk.granted().len(), 1);
    assert!(desk.books.verify().ok);
}

#[test]
fn the_documents_of_the_books_hold_no_address() {
    let mut desk = Desk::sharing(credit(), &["A"]);
    let call = json!({ "v": 1, "tenant": "t", "now": "2026-11-23T10:00:00Z",
        "event": { "type": "claim", "code": "A", "friend": { "customer": "jo@example.test" } } });
    assert_eq!(desk::next_text(&call.to_string(), "").unwrap_err().path, "event.friend.customer");
    desk.paid("1", "f", "A");
    let all = serde_json::to_string(&desk.books).unwrap();
    assert!(!all.contains('@'));
    let back: Memory = serde_json::from_str(&all).unwrap();
    assert_eq!(back, desk.books, "and they can be put away and taken up again");
    assert!(matches!(desk.call(&json!({ "type": "due" })).event, desk::ReferralEvent::Due));
}
