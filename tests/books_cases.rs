//! Do the books stand where others fell? Each test is a case that was seen elsewhere (the number is that of our list
//! of cases; `attack` numbers are those of the list of attacks). Those that need parallel requests against a real
//! database are repeated there by the stores; here they show what the plans mean.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use zugabe::books::{
    BooksPerson, BooksResults, Refusal, Step, Table, find, finish, forget, known, order_event_text, plan,
};

mod books_support;
use books_support::{Desk, guest, nobody, said, who};

/// Many threads ask the same store; a refusal or a success each. How many succeed?
fn race(desk: Desk, threads: usize, each: usize, action: impl Fn(usize) -> serde_json::Value + Sync) -> (usize, Desk) {
    let desk = Arc::new(Mutex::new(desk));
    let done: usize = std::thread::scope(|scope| {
        let asking: Vec<_> = (0..threads)
            .map(|thread| {
                let (desk, action) = (Arc::clone(&desk), &action);
                scope.spawn(move || {
                    (0..each)
                        .filter(|turn| {
                            let action = action(thread * each + turn);
                            let mut desk = desk.lock().unwrap();
                            let operation = desk.operation(None, &action);
                            desk.books.apply(operation).unwrap().answer.outcome.is_some()
                        })
                        .count()
                })
            })
            .collect();
        asking.into_iter().map(|thread| thread.join().unwrap()).sum()
    });
    let desk = Arc::into_inner(desk).unwrap().into_inner().unwrap();
    let audit = desk.books.verify();
    assert!(audit.ok, "{:?}", audit.findings);
    (done, desk)
}

#[test]
fn case_01_a_voucher_for_one_use_is_redeemed_once_however_checks_and_commits_interleave() {
    let mut desk = Desk::new();
    desk.issue("A", json!({ "uses": 1 }));
    // Both plans are made before either runs: nothing was decided by looking.
    let plans: Vec<_> = ["1", "2"]
        .map(|order| json!({ "type": "redeem", "code": "A", "order": order, "holder": {} }))
        .iter()
        .map(|action| plan(desk.operation(None, action)).unwrap())
        .collect();
    let said: Vec<String> = plans.iter().map(|plan| said(&desk.books.run(plan).unwrap().answer)).collect();
    assert_eq!(said, ["done", "limit_reached"]);
    assert_eq!(desk.uses("A"), [0, 0, 1, 0]);
}

#[test]
fn case_02_a_thousand_uses_are_a_thousand_under_1500_attempts() {
    let mut desk = Desk::new();
    desk.issue("A", json!({ "uses": 1000 }));
    let (done, desk) =
        race(desk, 10, 150, |n| json!({ "type": "redeem", "code": "A", "order": format!("{n}"), "holder": {} }));
    assert_eq!(done, 1000);
    assert_eq!(desk.uses("A"), [0, 0, 1000, 0]);
    assert_eq!(desk.entries("redeem").len(), 1000);
}

#[test]
fn case_03_five_attempts_at_three_uses_give_three_and_the_reason_is_the_limit() {
    let mut desk = Desk::new();
    desk.issue("A", json!({ "uses": 3 }));
    let said: Vec<String> = (1..=5).map(|n| desk.redeem("A", &n.to_string(), who(&format!("c{n}")))).collect();
    assert_eq!(said, ["done", "done", "done", "limit_reached", "limit_reached"]);
}

#[test]
fn case_04_a_refused_claim_is_told_to_the_caller_and_the_customers_counter_is_kept() {
    let mut desk = Desk::new();
    desk.issue("A", json!({ "uses": 5, "perCustomer": 1, "scope": "code" }));
    assert_eq!(desk.redeem("A", "1", who("anna")), "done");
    assert_eq!(desk.row(Table::CustomerUse, "c:anna")["used"], 1);
    let action = json!({ "type": "redeem", "code": "A", "order": "2", "holder": { "customer": "anna" } });
    let finished = desk.finish(None, &action);
    assert!(!finished.commit);
    assert_eq!(finished.answer.refusal, Some(Refusal::CustomerLimit));
    assert_eq!(desk.uses("A"), [4, 0, 1, 0], "the refused one left nothing behind");
}

#[test]
fn case_05_what_is_reserved_cannot_be_reserved_again() {
    let mut desk = Desk::new();
    desk.issue("A", json!({ "uses": 1 }));
    assert_eq!(desk.reserve("k1", "A", 900, who("anna")), "done");
    assert_eq!(desk.reserve("k2", "A", 900, who("berta")), "limit_reached");
    assert_eq!(desk.redeem("A", "1", who("anna")), "done");
    assert_eq!(desk.reserve("k3", "A", 900, who("berta")), "limit_reached");
    assert_eq!(desk.uses("A"), [0, 0, 1, 0]);
}

#[test]
fn case_06_two_times_60_do_not_come_out_of_a_budget_of_100() {
    let mut desk = Desk::new();
    for code in ["A", "B"] {
        desk.issue(code, json!({ "uses": 1, "budget": "b" }));
    }
    let redeem = |code, order| json!({ "type": "redeem", "code": code, "order": order, "holder": {}, "amount": 6000 });
    assert_eq!(said(&desk.ask(redeem("A", "1"))), "done");
    assert_eq!(said(&desk.ask(redeem("B", "2"))), "budget_exhausted");
    assert_eq!(desk.money("b"), [4000, 0, 6000]);
    assert_eq!(desk.uses("B"), [1, 0, 0, 0], "the use was given back with the budget");
}

#[test]
fn case_07_the_same_checkout_that_claims_twice_is_served_once() {
    let mut desk = Desk::new();
    desk.issue("A", json!({ "uses": 1 }));
    assert_eq!(desk.redeem("A", "checkout-1", nobody()), "done");
    assert_eq!(desk.redeem("A", "checkout-1", nobody()), "already_done");
    assert_eq!(desk.uses("A"), [0, 0, 1, 0]);
}

#[test]
fn case_08_an_order_that_is_committed_again_after_the_banks_second_step_has_one_redemption() {
    let mut desk = Desk::new();
    desk.issue("A", json!({ "uses": 9, "perCustomer": 1, "scope": "code" }));
    assert_eq!(desk.redeem("A", "1", who("anna")), "done");
    assert_eq!(desk.redeem("A", "1", who("anna")), "already_done");
    assert_eq!(desk.row(Table::CustomerUse, "c:anna")["used"], 1);
    assert_eq!(desk.uses("A"), [8, 0, 1, 0]);
}

#[test]
fn case_09_an_aborted_checkout_gives_its_use_back() {
    let mut desk = Desk::new();
    desk.issue("A", json!({ "uses": 1, "perCustomer": 1, "scope": "code", "budget": "b" }));
    let reserve =
        json!({ "type": "reserve", "code": "A", "ttl": 900, "amount": 500, "holder": { "customer": "anna" } });
    desk.keyed("k", reserve);
    assert_eq!((desk.uses("A"), desk.money("b")), ([0, 1, 0, 0], [9500, 500, 0]));
    let release = json!({ "type": "release", "code": "A", "holder": { "customer": "anna" } });
    assert_eq!(said(&desk.ask(release.clone())), "done");
    assert_eq!(said(&desk.ask(release)), "nothing_to_do");
    assert_eq!((desk.uses("A"), desk.money("b")), ([1, 0, 0, 0], [10_000, 0, 0]));
    assert_eq!(desk.row(Table::CustomerUse, "c:anna")["used"], 0);
}

#[test]
fn case_10_a_failed_card_does_not_lock_the_customer_out_and_the_hold_ends_by_itself() {
    let mut desk = Desk::new();
    desk.issue("A", json!({ "uses": 1 }));
    let anna = |checkout: &str| json!({ "customer": "anna", "checkout": checkout });
    assert_eq!(desk.reserve("k1", "A", 900, anna("x1")), "done");
    desk.now += 60;
    assert_eq!(desk.reserve("k2", "A", 900, anna("x2")), "renewed", "a new checkout of the same customer");
    assert_eq!(desk.reserve("k3", "A", 900, who("berta")), "limit_reached");
    desk.now += 900;
    assert_eq!(desk.reserve("k4", "A", 900, who("berta")), "done", "the time is over");
    assert_eq!(desk.uses("A"), [0, 1, 0, 0]);
    assert_eq!(desk.entries("expire").len(), 1);
}

#[test]
fn case_11_an_orders_own_hold_does_not_block_its_payment() {
    let mut desk = Desk::new();
    desk.issue("A", json!({ "uses": 1 }));
    desk.reserve("k1", "A", 900, json!({ "checkout": "x1" }));
    assert_eq!(desk.redeem("A", "1001", json!({ "customer": "anna", "checkout": "x1" })), "done");
    assert_eq!(desk.uses("A"), [0, 0, 1, 0]);
}

#[test]
fn case_12_a_hold_of_no_time_does_not_switch_off_the_limit() {
    let mut desk = Desk::new();
    desk.issue("A", json!({ "uses": 9, "perCustomer": 1, "scope": "code" }));
    assert_eq!(desk.reserve("k1", "A", 0, guest("h1")), "done");
    assert_eq!(desk.redeem("A", "1", guest("h1")), "done");
    assert_eq!(desk.reserve("k2", "A", 0, guest("h1")), "customer_limit");
    assert_eq!(desk.redeem("A", "2", guest("h1")), "customer_limit");
}

#[test]
fn case_13_of_two_unpaid_orders_only_one_can_be_paid_with_the_code() {
    let mut desk = Desk::new();
    desk.issue("A", json!({ "uses": 9, "perCustomer": 1, "scope": "code" }));
    assert_eq!(desk.reserve("k1", "A", 900, json!({ "customer": "anna", "checkout": "x1" })), "done");
    assert_eq!(desk.reserve("k2", "A", 900, json!({ "customer": "anna", "checkout": "x2" })), "renewed");
    assert_eq!(desk.redeem("A", "1", json!({ "customer": "anna", "checkout": "x1" })), "done");
    assert_eq!(desk.redeem("A", "2", json!({ "customer": "anna", "checkout": "x2" })), "customer_limit");
}

#[test]
fn case_14_a_code_of_a_batch_is_redeemed_once_like_any_other() {
    let mut desk = Desk::new();
    let codes: Vec<String> = (0..20).map(|n| format!("BATCH{n}")).collect();
    for code in &codes {
        desk.issue(code, json!({ "uses": 1 }));
    }
    let (done, desk) = race(
        desk,
        8,
        40,
        |n| json!({ "type": "redeem", "code": codes[n % 20], "order": format!("{n}"), "holder": {} }),
    );
    assert_eq!(done, 20);
    assert!(codes.iter().all(|code| desk.uses(code) == [0, 0, 1, 0]));
}

#[test]
fn case_15_the_same_purchase_delivered_three_times_grants_one_reward() {
    let mut desk = Desk::new();
    let reward = json!({ "type": "reward", "reward": "r1/referrer", "referral": "r1", "order": "1", "customer": "anna",
        "amount": 500, "budget": "b" });
    let said: Vec<String> = (0..3).map(|_| said(&desk.ask(reward.clone()))).collect();
    assert_eq!(said, ["done", "already_done", "already_done"]);
    assert_eq!(desk.money("b"), [9500, 0, 500]);
    assert_eq!(desk.books.rows(Table::Outbox).filter(|row| row["topic"] == "reward_due").count(), 1);
}

#[test]
fn case_16_an_automatic_offer_has_its_limit_too() {
    let mut desk = Desk::new();
    desk.issue("offer:spring", json!({ "perCustomer": 1, "scope": "code" }));
    assert_eq!(desk.redeem("offer:spring", "1", who("anna")), "done");
    assert_eq!(desk.redeem("offer:spring", "2", who("anna")), "customer_limit");
}

#[test]
fn case_17_a_code_that_took_nothing_off_is_not_used() {
    let mut desk = Desk::new();
    desk.issue("A", json!({ "uses": 1 }));
    let action = json!({ "type": "redeem", "code": "A", "order": "1", "holder": {}, "amount": 0 });
    assert_eq!(said(&desk.ask(action)), "nothing_to_do");
    assert_eq!(desk.uses("A"), [1, 0, 0, 0]);
    assert!(desk.entries("redeem").is_empty());
}

#[test]
fn case_18_a_cancelled_order_gives_its_use_back_unless_it_is_to_stay_consumed() {
    let mut desk = Desk::new();
    desk.issue("A", json!({ "uses": 2, "perCustomer": 2, "scope": "code", "budget": "b" }));
    for order in ["1", "2"] {
        desk.ask(
            json!({ "type": "redeem", "code": "A", "order": order, "holder": { "customer": "anna" }, "amount": 700 }),
        );
    }
    assert_eq!(desk.cancel("A", "1"), "done");
    assert_eq!((desk.uses("A"), desk.money("b")), ([1, 0, 1, 0], [9300, 0, 700]));
    assert_eq!(desk.row(Table::CustomerUse, "c:anna")["used"], 1);
    assert_eq!(said(&desk.ask(json!({ "type": "cancel", "code": "A", "order": "2", "keep": true }))), "done");
    assert_eq!((desk.uses("A"), desk.money("b")), ([1, 0, 0, 1], [10_000, 0, 0]));
    assert_eq!(desk.row(Table::CustomerUse, "c:anna")["used"], 1, "consumed is consumed");
}

#[test]
fn case_19_a_refund_releases_the_redemption_of_its_own_order_alone() {
    let mut desk = Desk::new();
    desk.issue("A", json!({ "uses": 2 }));
    desk.redeem("A", "1", who("anna"));
    desk.redeem("A", "2", who("berta"));
    desk.cancel("A", "1");
    assert_eq!(desk.uses("A"), [1, 0, 1, 0]);
    let two = desk.books.rows(Table::Redemption).find(|row| row["order_id"] == "2").unwrap();
    assert_eq!(two["state"], "redeemed");
}

#[test]
fn case_20_a_new_address_does_not_make_a_new_customer_nor_a_new_account_a_new_address() {
    let mut desk = Desk::new();
    desk.issue("A", json!({ "perCustomer": 1, "scope": "code" }));
    let person = |id: &str, email: &str| json!({ "customer": id, "email": email });
    assert_eq!(desk.redeem("A", "1", person("anna", "h1")), "done");
    assert_eq!(desk.redeem("A", "2", person("anna", "h2")), "customer_limit");
    assert_eq!(desk.redeem("A", "3", person("anna2", "h1")), "customer_limit");
    assert_eq!(desk.redeem("A", "4", person("berta", "h3")), "done");
}

#[test]
fn case_21_a_guests_limit_holds_by_address_and_who_is_nobody_cannot_use_a_limited_code() {
    let mut desk = Desk::new();
    desk.issue("A", json!({ "perCustomer": 1, "scope": "code" }));
    assert_eq!(desk.redeem("A", "1", guest("h1")), "done");
    assert_eq!(desk.redeem("A", "2", guest("h1")), "customer_limit");
    assert_eq!(desk.redeem("A", "3", nobody()), "customer_required");
}

#[test]
fn case_22_the_last_of_ten_codes_is_accepted_at_a_total_of_ten_and_the_eleventh_is_not() {
    let mut desk = Desk::new();
    desk.ask(json!({ "type": "campaign", "campaign": "ten", "uses": 10 }));
    for n in 0..11 {
        desk.ask(json!({ "type": "issue", "code": format!("T{n}"), "campaign": "ten", "uses": 1 }));
    }
    let said: Vec<String> = (0..11).map(|n| desk.redeem(&format!("T{n}"), &n.to_string(), nobody())).collect();
    assert_eq!(said[..10].iter().filter(|said| *said == "done").count(), 10);
    assert_eq!(said[10], "campaign_limit");
    assert_eq!(desk.uses("T10"), [1, 0, 0, 0]);
    desk.cancel("T0", "0");
    assert_eq!(desk.redeem("T10", "10", nobody()), "done", "a use of the campaign came back");
}

#[test]
fn case_23_an_automatic_offer_and_a_code_on_one_order_are_both_in_the_books() {
    let mut desk = Desk::new();
    desk.issue("offer:spring", json!({}));
    desk.issue("A", json!({ "uses": 1 }));
    assert_eq!(desk.redeem("offer:spring", "1", nobody()), "done");
    assert_eq!(desk.redeem("A", "1", nobody()), "done");
    let of_order = desk.books.rows(Table::Entry).filter(|row| row["order_id"] == "1").count();
    assert_eq!(of_order, 2);
}

#[test]
fn case_24_what_a_limit_per_customer_counts_is_said() {
    let mut desk = Desk::new();
    for code in ["A", "B"] {
        desk.issue(code, json!({ "uses": 1, "perCustomer": 1, "scope": "code" }));
    }
    assert_eq!(desk.redeem("A", "1", who("anna")), "done");
    assert_eq!(desk.redeem("B", "2", who("anna")), "done", "one use of each code");
    for code in ["C", "D"] {
        desk.issue(code, json!({ "uses": 1, "perCustomer": 1, "scope": "campaign" }));
    }
    assert_eq!(desk.redeem("C", "3", who("anna")), "done");
    assert_eq!(desk.redeem("D", "4", who("anna")), "customer_limit", "one use of the campaign");
    let unsaid = json!({ "type": "issue", "code": "E", "campaign": "c", "perCustomer": 1 });
    let error = desk.books.apply(desk.operation(None, &unsaid)).unwrap_err();
    assert_eq!(error.path, "action.scope");
}

#[test]
fn case_25_a_limit_per_customer_says_nothing_about_the_campaign() {
    let mut desk = Desk::new();
    desk.issue("A", json!({ "perCustomer": 1, "scope": "code" }));
    for email in ["h1", "h2", "h3"] {
        assert_eq!(desk.redeem("A", email, guest(email)), "done");
    }
}

#[test]
fn case_26_the_order_that_holds_the_last_use_stays_entitled_to_it() {
    let mut desk = Desk::new();
    desk.issue("A", json!({ "uses": 1, "perCustomer": 1, "scope": "code" }));
    desk.redeem("A", "1", who("anna"));
    for _ in 0..3 {
        assert_eq!(desk.redeem("A", "1", who("anna")), "already_done");
    }
    assert_eq!(desk.uses("A"), [0, 0, 1, 0]);
}

#[test]
fn case_48_two_spellings_of_a_code_are_one_use() {
    let mut desk = Desk::new();
    let canonical = |text: &str| zugabe::code::check(text).code.unwrap();
    desk.issue(&canonical("03VC-1S2Q-4HX0"), json!({ "uses": 1 }));
    assert_eq!(desk.redeem(&canonical("03vc1s2q4hx0"), "1", nobody()), "done");
    assert_eq!(desk.redeem(&canonical(" o3VC 1s2q 4hxo "), "2", nobody()), "limit_reached");
}

#[test]
fn case_60_nobody_can_use_the_own_recommendation_whichever_way_it_comes_in() {
    let mut desk = Desk::new();
    desk.issue("R", json!({ "referrer": "anna", "referrerEmail": "h1" }));
    assert_eq!(desk.redeem("R", "1", who("anna")), "own_code");
    assert_eq!(desk.redeem("R", "2", guest("h1")), "own_code");
    assert_eq!(desk.reserve("k1", "R", 900, who("anna")), "own_code");
    // Applied before the login, paid after it.
    assert_eq!(desk.reserve("k2", "R", 900, json!({ "checkout": "x1" })), "done");
    assert_eq!(desk.redeem("R", "3", json!({ "customer": "anna", "checkout": "x1" })), "own_code");
    assert_eq!(desk.redeem("R", "4", who("berta")), "done");
}

#[test]
fn case_65_a_reward_is_taken_back_by_its_order_alone() {
    let mut desk = Desk::new();
    for (reward, customer) in [("r1/referrer", "anna"), ("r1/friend", "berta")] {
        desk.ask(json!({ "type": "reward", "reward": reward, "referral": "r1", "order": "1", "customer": customer,
            "amount": 500, "budget": "b" }));
    }
    let back = json!({ "type": "claw_back", "order": "1", "reason": "refunded" });
    assert_eq!(said(&desk.ask(back.clone())), "done");
    assert_eq!(said(&desk.ask(back)), "nothing_to_do");
    assert_eq!(desk.money("b"), [10_000, 0, 0]);
    assert_eq!((desk.entries("reward").len(), desk.entries("claw_back").len()), (2, 2), "nothing is deleted");
}

#[test]
fn case_66_an_entry_says_who_brought_whom_with_which_order_and_code() {
    let mut desk = Desk::new();
    desk.issue("R", json!({ "referrer": "anna" }));
    desk.redeem("R", "1", json!({ "customer": "berta", "email": "h2" }));
    let entry = &desk.entries("redeem")[0];
    let said = ["referrer", "customer", "email", "order_id", "code"].map(|column| entry[column].as_str().unwrap());
    assert_eq!(said, ["c:anna", "c:berta", "e:h2", "1", "R"]);
}

#[test]
fn attack_01_the_loser_is_refused_before_payment_and_never_undoes_the_winner() {
    let mut desk = Desk::new();
    desk.issue("A", json!({ "uses": 1 }));
    assert_eq!(desk.reserve("k1", "A", 900, who("anna")), "done");
    assert_eq!(desk.reserve("k2", "A", 900, who("berta")), "limit_reached", "before anything is paid");
    assert_eq!(desk.redeem("A", "1", who("anna")), "done");
    assert_eq!(said(&desk.ask(json!({ "type": "release", "code": "A", "holder": who("berta") }))), "nothing_to_do");
    assert_eq!(desk.cancel("A", "2"), "redemption_not_found");
    assert_eq!(desk.uses("A"), [0, 0, 1, 0]);
}

#[test]
fn attack_02_a_thousand_parallel_orders_use_a_thousand() {
    let mut desk = Desk::new();
    desk.issue("A", json!({ "uses": 1000 }));
    let (done, desk) =
        race(desk, 20, 60, |n| json!({ "type": "redeem", "code": "A", "order": format!("{n}"), "holder": {} }));
    let rows = desk.books.rows(Table::Redemption).count();
    assert_eq!((done, rows, desk.uses("A")[2]), (1000, 1000, 1000));
}

#[test]
fn attack_03_after_a_failed_payment_the_same_customer_uses_the_own_hold_at_once() {
    let mut desk = Desk::new();
    desk.issue("A", json!({ "uses": 1 }));
    desk.reserve("k1", "A", 900, json!({ "email": "h1", "checkout": "x1" }));
    assert_eq!(desk.reserve("k2", "A", 900, json!({ "email": "h1", "checkout": "x2" })), "renewed");
    assert_eq!(desk.redeem("A", "1", json!({ "email": "h1", "checkout": "x2" })), "done");
}

#[test]
fn attack_04_a_guest_with_the_same_address_is_refused_the_second_time_at_any_hold_time() {
    for ttl in [0, 900] {
        let mut desk = Desk::new();
        desk.issue("A", json!({ "perCustomer": 1, "scope": "code" }));
        desk.reserve("k1", "A", ttl, guest("h1"));
        assert_eq!(desk.redeem("A", "1", guest("h1")), "done");
        assert_eq!(desk.redeem("A", "2", guest("h1")), "customer_limit", "ttl {ttl}");
    }
}

#[test]
fn attack_05_limit_and_customer_limit_both_hold_under_parallel_payments() {
    let mut desk = Desk::new();
    desk.issue("A", json!({ "uses": 10, "perCustomer": 2, "scope": "code" }));
    let (done, desk) = race(
        desk,
        10,
        30,
        |n| json!({ "type": "redeem", "code": "A", "order": format!("{n}"), "holder": { "customer": format!("c{}", n % 4) } }),
    );
    assert_eq!(done, 8, "four customers, two uses each");
    assert!(desk.books.rows(Table::CustomerUse).all(|row| row["used"] == 2));
}

#[test]
fn attack_06_a_voucher_in_several_sessions_is_one_order() {
    let mut desk = Desk::new();
    desk.issue("A", json!({ "uses": 1 }));
    let (done, _) =
        race(desk, 30, 1, |n| json!({ "type": "redeem", "code": "A", "order": format!("{n}"), "holder": {} }));
    assert_eq!(done, 1);
}

#[test]
fn attack_08_64_parallel_claims_of_one_code_give_one_row() {
    let mut desk = Desk::new();
    desk.ask(json!({ "type": "campaign", "campaign": "one", "codes": 1 }));
    let issue = |n: usize, claim: String| json!({ "type": "issue", "code": format!("CODE{n}"), "campaign": "one", "uses": 1, "claim": claim });
    let (_, mut desk) = race(desk, 64, 1, |n| issue(n, format!("one/c{n}")));
    assert_eq!(desk.books.rows(Table::Code).count(), 1, "a total of one");
    assert_eq!(said(&desk.ask(issue(99, "one/c99".to_owned()))), "codes_limit");
}

#[test]
fn attack_08_200_parallel_claims_by_one_customer_give_one_code_and_always_the_same() {
    let (done, mut desk) = race(
        Desk::new(),
        20,
        10,
        |n| json!({ "type": "issue", "code": format!("CODE{n}"), "campaign": "c", "uses": 1, "claim": "c/anna" }),
    );
    assert_eq!(done, 200, "each was answered");
    let codes: Vec<_> = desk.books.rows(Table::Code).map(|row| row["code"].clone()).collect();
    assert_eq!(codes.len(), 1);
    let again = desk.issue("LATER", json!({ "uses": 1, "claim": "c/anna" }));
    assert_eq!(again.code.map(serde_json::Value::from), codes.first().cloned());
}

#[test]
fn attack_09_a_limit_of_three_is_three() {
    let mut desk = Desk::new();
    desk.issue("A", json!({ "uses": 3 }));
    let (done, _) =
        race(desk, 5, 1, |n| json!({ "type": "redeem", "code": "A", "order": format!("{n}"), "holder": {} }));
    assert_eq!(done, 3);
}

#[test]
fn attack_10_what_is_not_committed_leaves_no_discount_and_no_counter() {
    let mut desk = Desk::new();
    desk.issue("A", json!({ "uses": 1, "perCustomer": 1, "scope": "code", "budget": "b" }));
    let before = desk.books.clone();
    let action =
        json!({ "type": "redeem", "code": "A", "order": "1", "holder": { "customer": "anna" }, "amount": 20_000 });
    assert_eq!(said(&desk.ask(action)), "budget_exhausted", "the last of five statements");
    assert_eq!(desk.books, before);
}

#[test]
fn attack_11_a_double_click_is_one_order() {
    let mut desk = Desk::new();
    desk.issue("A", json!({ "uses": 9 }));
    let action = json!({ "type": "redeem", "code": "A", "order": "1", "holder": {} });
    let first = desk.finish(Some("click"), &action);
    let second = desk.finish(Some("click"), &action);
    assert!(!first.replayed && second.replayed);
    assert_eq!(first.answer, second.answer);
    assert_eq!(desk.uses("A"), [8, 0, 1, 0]);
}

#[test]
fn attack_13_a_stranger_learns_the_same_of_unknown_expired_used_and_foreign_codes() {
    let mut desk = Desk::new();
    desk.issue("EXPIRED", json!({ "uses": 1, "expiresAt": "2020-01-01T00:00:00Z" }));
    desk.issue("EARLY", json!({ "uses": 1, "startsAt": "2099-01-01T00:00:00Z" }));
    desk.issue("USED", json!({ "uses": 1 }));
    desk.redeem("USED", "0", nobody());
    desk.issue("FOREIGN", json!({ "uses": 1, "owner": "berta" }));
    desk.issue("VOID", json!({ "uses": 1 }));
    desk.ask(json!({ "type": "void", "code": "VOID" }));
    let answers: Vec<_> = ["UNKNOWN", "EXPIRED", "EARLY", "USED", "FOREIGN", "VOID"]
        .map(|code| desk.ask(json!({ "type": "redeem", "code": code, "order": "1", "holder": { "customer": "anna" } })))
        .into_iter()
        .collect();
    let why: Vec<_> = answers.iter().map(said).collect();
    assert_eq!(why, ["not_found", "expired", "not_started", "limit_reached", "not_yours", "revoked"]);
    assert!(answers.iter().all(|answer| answer.told.unwrap().as_str() == "unknown" && answer.status == 404));
}

#[test]
fn attack_14_the_referrer_comes_from_the_code_and_no_operation_can_name_another() {
    let mut desk = Desk::new();
    desk.issue("R", json!({ "referrer": "anna" }));
    let named = json!({ "type": "redeem", "code": "R", "order": "1", "holder": {}, "referrer": "mallory" });
    let text = json!({ "v": 1, "tenant": "t", "now": "2026-11-23T10:00:00Z", "action": named }).to_string();
    let error = zugabe::books::plan_text(&text).unwrap_err();
    assert_eq!(error.code.as_str(), "unknown_field");
    desk.redeem("R", "1", who("berta"));
    assert_eq!(desk.entries("redeem")[0]["referrer"], "c:anna");
}

#[test]
fn attack_17_somebody_elses_code_is_as_unknown_as_none() {
    let mut desk = Desk::new();
    desk.issue("A", json!({ "uses": 1, "owner": "berta" }));
    for holder in [who("anna"), guest("h1"), nobody()] {
        let foreign = desk.ask(json!({ "type": "redeem", "code": "A", "order": "1", "holder": holder.clone() }));
        let unknown = desk.ask(json!({ "type": "redeem", "code": "B", "order": "1", "holder": holder }));
        assert_eq!((foreign.told, foreign.status), (unknown.told, unknown.status));
    }
    assert_eq!(desk.redeem("A", "1", who("berta")), "done");
}

#[test]
fn attack_18_the_same_key_with_another_amount_is_422_and_nothing_is_written() {
    let mut desk = Desk::new();
    desk.issue("A", json!({ "uses": 9, "budget": "b" }));
    let redeem = |amount: i64, order: &str| json!({ "type": "redeem", "code": "A", "order": order, "holder": {}, "amount": amount });
    desk.keyed("k", redeem(500, "1"));
    let before = desk.books.clone();
    let answer = desk.keyed("k", redeem(600, "1"));
    assert_eq!((said(&answer).as_str(), answer.status), ("key_reused", 422));
    assert_eq!(desk.books, before);
    let other = desk.keyed("k", json!({ "type": "cancel", "code": "A", "order": "1" }));
    assert_eq!(said(&other), "done", "a key is scoped by its operation");
}

#[test]
fn attack_18_a_refusal_is_replayed_as_it_was_and_a_guess_is_not_kept() {
    let mut desk = Desk::new();
    desk.issue("A", json!({ "uses": 1 }));
    desk.redeem("A", "0", nobody());
    let redeem = |code: &str| json!({ "type": "redeem", "code": code, "order": "1", "holder": {} });
    assert_eq!(said(&desk.keyed("k", redeem("A"))), "limit_reached");
    desk.cancel("A", "0");
    let again = desk.finish(Some("k"), &redeem("A"));
    assert!(again.replayed);
    assert_eq!(said(&again.answer), "limit_reached", "the answer that was given");
    assert_eq!(said(&desk.keyed("k2", redeem("GUESS"))), "not_found");
    assert!(desk.books.rows(Table::Idempotency).all(|row| row["key"] != "k2"));
}

#[test]
fn attack_18_while_a_request_is_being_answered_the_same_one_is_409() {
    let desk = Desk::new();
    let action = json!({ "type": "redeem", "code": "A", "order": "1", "holder": {} });
    let plan = plan(desk.operation(Some("k"), &action)).unwrap();
    let finished = finish(&plan, &BooksResults { busy: true, ..BooksResults::default() }).unwrap();
    assert_eq!((said(&finished.answer).as_str(), finished.answer.status), ("in_flight", 409));
    assert!(!finished.commit && finished.after.is_empty());
}

#[test]
fn attack_19_cancelled_twice_is_released_once_and_a_paid_reward_is_clawed_back_by_an_entry() {
    let mut desk = Desk::new();
    desk.issue("A", json!({ "uses": 1 }));
    desk.redeem("A", "1", who("anna"));
    desk.ask(json!({ "type": "reward", "reward": "r", "referral": "r", "order": "1", "customer": "berta" }));
    assert_eq!(desk.cancel("A", "1"), "done");
    assert_eq!(desk.cancel("A", "1"), "already_done");
    assert_eq!(desk.entries("cancel").len(), 1);
    assert_eq!(desk.uses("A"), [1, 0, 0, 0]);
    desk.ask(json!({ "type": "claw_back", "order": "1", "reason": "cancelled" }));
    assert_eq!((desk.entries("reward").len(), desk.entries("claw_back").len()), (1, 1));
    assert_eq!(desk.row(Table::Reward, "r")["state"], "taken_back");
}

#[test]
fn a_partly_refunded_order_gives_back_its_share_of_the_budget_and_never_more_than_it_took() {
    let mut desk = Desk::new();
    desk.issue("A", json!({ "uses": 1, "budget": "b" }));
    desk.ask(json!({ "type": "redeem", "code": "A", "order": "1", "holder": {}, "amount": 1000 }));
    let back = |reference: &str, amount: i64| json!({ "type": "reverse", "code": "A", "order": "1", "reference": reference, "amount": amount });
    assert_eq!(said(&desk.ask(back("f1", 300))), "done");
    assert_eq!(said(&desk.ask(back("f1", 300))), "already_done");
    assert_eq!(said(&desk.ask(back("f2", 800))), "amount_too_high");
    assert_eq!(desk.money("b"), [9300, 0, 700]);
    let whole = json!({ "type": "reverse", "code": "A", "order": "1", "reference": "all" });
    assert_eq!(said(&desk.ask(whole)), "done");
    assert_eq!((desk.money("b"), desk.uses("A")), ([10_000, 0, 0], [0, 0, 0, 1]));
    assert_eq!(desk.cancel("A", "1"), "done");
    assert_eq!((desk.money("b"), desk.uses("A")), ([10_000, 0, 0], [1, 0, 0, 0]));
}

#[test]
fn a_hold_counts_for_whom_it_turns_out_to_be() {
    let mut desk = Desk::new();
    desk.issue("A", json!({ "uses": 5 }));
    desk.reserve("k1", "A", 900, json!({ "checkout": "x1" }));
    assert_eq!(desk.redeem("A", "1", json!({ "customer": "anna", "email": "h1", "checkout": "x1" })), "done");
    assert_eq!(desk.row(Table::CustomerUse, "c:anna")["used"], 1);
    assert_eq!(desk.row(Table::CustomerUse, "e:h1")["used"], 1);
    assert_eq!(desk.cancel("A", "1"), "done");
    assert_eq!(desk.row(Table::CustomerUse, "c:anna")["used"], 0);
}

#[test]
fn a_checkout_that_turns_out_to_be_somebodys_has_one_hold() {
    for end in ["redeem", "release", "expire"] {
        let mut desk = Desk::new();
        desk.issue("A", json!({ "uses": 5, "perCustomer": 1, "scope": "code", "budget": "b" }));
        let reserve =
            |holder: Value| json!({ "type": "reserve", "code": "A", "ttl": 900, "amount": 300, "holder": holder });
        assert_eq!(said(&desk.keyed("k0", reserve(json!({ "checkout": "k1", "email": "h0" })))), "done");
        assert_eq!(said(&desk.keyed("k1", reserve(json!({ "checkout": "k1", "email": "h1" })))), "renewed");
        assert_eq!((desk.uses("A"), desk.money("b")), ([4, 1, 0, 0], [9_700, 300, 0]));
        assert_eq!(desk.row(Table::CustomerUse, "e:h0")["used"], 0, "whoever it is not, has used nothing");
        assert_eq!(desk.row(Table::CustomerUse, "e:h1")["used"], 1);
        let holder = json!({ "checkout": "k1", "email": "h1" });
        match end {
            "redeem" => {
                assert_eq!(desk.redeem("A", "1", holder), "done");
                assert_eq!((desk.uses("A"), desk.money("b")), ([4, 0, 1, 0], [9_700, 0, 300]));
            }
            "release" => {
                assert_eq!(said(&desk.ask(json!({ "type": "release", "code": "A", "holder": holder }))), "done");
                assert_eq!((desk.uses("A"), desk.money("b")), ([5, 0, 0, 0], [10_000, 0, 0]));
            }
            _ => {
                desk.now += 900;
                assert_eq!(said(&desk.ask(json!({ "type": "expire" }))), "done");
                assert_eq!((desk.uses("A"), desk.money("b")), ([5, 0, 0, 0], [10_000, 0, 0]));
            }
        }
    }
}

#[test]
fn two_holds_that_turn_out_to_be_one_holders_become_one() {
    let mut desk = Desk::new();
    desk.issue("A", json!({ "uses": 2, "perCustomer": 1, "scope": "code" }));
    assert_eq!(desk.reserve("k1", "A", 900, json!({ "customer": "anna" })), "done");
    assert_eq!(desk.reserve("k2", "A", 900, json!({ "checkout": "k1", "email": "h1" })), "done");
    let anna = json!({ "customer": "anna", "email": "h1", "checkout": "k1" });
    assert_eq!(desk.reserve("k3", "A", 900, anna.clone()), "renewed");
    assert_eq!(desk.uses("A"), [1, 1, 0, 0]);
    assert_eq!(desk.redeem("A", "1", anna), "done");
    assert_eq!(desk.uses("A"), [1, 0, 1, 0]);
    assert_eq!(desk.row(Table::CustomerUse, "c:anna")["used"], 1);
}

#[test]
fn holds_of_one_checkout_that_two_requests_took_at_the_same_time_both_end() {
    for end in ["redeem", "release", "reserve"] {
        let mut desk = Desk::new();
        desk.issue("A", json!({ "uses": 5, "budget": "b" }));
        for (key, holder) in [("k1", json!({ "checkout": "k1" })), ("k2", json!({ "checkout": "other" }))] {
            desk.keyed(key, json!({ "type": "reserve", "code": "A", "ttl": 900, "amount": 300, "holder": holder }));
        }
        let text = serde_json::to_string(&desk.books).unwrap().replace(r#""checkout":"other""#, r#""checkout":"k1""#);
        desk.books = serde_json::from_str(&text).unwrap();
        assert_eq!(desk.uses("A"), [3, 2, 0, 0]);
        let (holder, expected) = (
            json!({ "checkout": "k1" }),
            match end {
                "redeem" => [4, 0, 1, 0],
                "release" => [5, 0, 0, 0],
                _ => [4, 1, 0, 0],
            },
        );
        desk.keyed(
            "k3",
            match end {
                "redeem" => json!({ "type": "redeem", "code": "A", "order": "1", "holder": holder }),
                "release" => json!({ "type": "release", "code": "A", "holder": holder }),
                _ => json!({ "type": "reserve", "code": "A", "ttl": 900, "holder": holder }),
            },
        );
        assert_eq!(desk.uses("A"), expected, "{end}");
    }
}

#[test]
fn a_hold_is_not_in_its_own_holders_way() {
    for (before, after) in [
        (json!({ "checkout": "k1" }), json!({ "checkout": "k1", "email": "h1" })),
        (json!({ "email": "h1" }), json!({ "customer": "anna", "email": "h1" })),
        (json!({ "checkout": "k1", "customer": "anna" }), json!({ "checkout": "k2", "customer": "anna" })),
        (json!({ "checkout": "k1", "customer": "anna" }), json!({ "checkout": "k1" })),
    ] {
        for how in ["reserve", "redeem"] {
            let mut desk = Desk::new();
            desk.issue("A", json!({ "uses": 1 }));
            assert_eq!(desk.reserve("k1", "A", 900, before.clone()), "done");
            if how == "reserve" {
                assert_eq!(desk.reserve("k2", "A", 900, after.clone()), "renewed", "{before} {after}");
            }
            assert_eq!(desk.redeem("A", "1", after.clone()), "done", "{before} {after}");
        }
    }
    // An address may be typed by anybody: it does not lead to the hold of somebody who is known by an id.
    let mut desk = Desk::new();
    desk.issue("A", json!({ "uses": 1 }));
    assert_eq!(desk.reserve("k1", "A", 900, json!({ "customer": "anna", "email": "h1" })), "done");
    assert_eq!(desk.redeem("A", "1", guest("h1")), "limit_reached");
}

#[test]
fn a_hold_under_another_name_does_not_pass_the_limit_per_customer() {
    let mut desk = Desk::new();
    desk.issue("A", json!({ "uses": 9, "perCustomer": 1, "scope": "code" }));
    let mut answers = Vec::new();
    for number in 0..3 {
        let checkout = format!("k{number}");
        let thrown = json!({ "checkout": checkout, "email": format!("thrown{number}") });
        assert_eq!(desk.reserve(&checkout, "A", 900, thrown), "done");
        answers.push(desk.redeem("A", &checkout, json!({ "checkout": checkout, "email": "real" })));
    }
    assert_eq!(answers, ["done", "customer_limit", "customer_limit"]);
    assert_eq!(desk.row(Table::CustomerUse, "e:real")["used"], 1);
    assert_eq!(desk.row(Table::CustomerUse, "e:thrown0")["used"], 0);
    assert_eq!(desk.row(Table::CustomerUse, "e:thrown1")["used"], 1, "the refused one still holds its use");
    assert_eq!(desk.cancel("A", "k0"), "done");
    assert_eq!(desk.row(Table::CustomerUse, "e:real")["used"], 0);
}

#[test]
fn what_was_held_is_what_an_order_took_off_unless_it_says_otherwise() {
    let mut desk = Desk::new();
    desk.issue("A", json!({ "uses": 3, "budget": "b" }));
    desk.keyed("k", json!({ "type": "reserve", "code": "A", "ttl": 900, "amount": 600, "holder": who("anna") }));
    assert_eq!(desk.redeem("A", "1", who("anna")), "done");
    assert_eq!(desk.money("b"), [9_400, 0, 600]);
    desk.event(
        json!({ "event": "paid", "order": "1", "holder": who("anna"), "codes": [{ "code": "A", "amount": 600 }] }),
    );
    assert_eq!(desk.money("b"), [9_400, 0, 600]);
    assert_eq!(desk.cancel("A", "1"), "done");
    assert_eq!((desk.money("b"), desk.uses("A")), ([10_000, 0, 0], [3, 0, 0, 0]));
}

#[test]
fn whoever_is_forgotten_by_her_id_leaves_holds_and_orders_that_can_end() {
    let mut desk = Desk::new();
    desk.issue("A", json!({ "uses": 5, "perCustomer": 2, "scope": "code" }));
    let (ben, email) = ("customer-ben", "address-ben");
    desk.redeem("A", "1", json!({ "customer": ben, "email": email }));
    desk.reserve("k1", "A", 60, json!({ "customer": ben, "email": email }));
    desk.reserve("k2", "A", 60, guest("address-zoe"));
    let mut rows = serde_json::to_value(&desk.books).unwrap();
    let document = json!({ "friend": { "customer": ben, "email": email, "phone": "phone-of-ben" } }).to_string();
    rows["referral"] = json!([{ "tenant": "t", "referral": "r", "version": 1, "state": "pending", "reason": "", "code": "A",
        "referrer": "", "friend": format!("c:{ben}"), "order_id": "", "look_at": 0, "document": document, "created_at": 0,
        "updated_at": 0 }]);
    desk.books = serde_json::from_value(rows).unwrap();

    let asked: BooksPerson = serde_json::from_value(json!({ "v": 1, "tenant": "t", "customers": [ben] })).unwrap();
    let hers = desk.books.execute(&find(&asked).unwrap()).unwrap();
    let known = known(&asked, &hers).unwrap();
    assert_eq!(known.emails, [email]);
    for person in [asked, known] {
        // Also where nobody looked for her address, rows that belong together stay together.
        let mut desk = Desk { books: desk.books.clone(), now: desk.now };
        let hers = desk.books.execute(&find(&person).unwrap()).unwrap();
        let done = desk.books.execute(&forget(&person, &hers, "x0123456789abcdef").unwrap()).unwrap();
        assert_eq!(done.stopped, None);
        let text = serde_json::to_string(&desk.books).unwrap();
        assert!(!text.contains(ben) && !text.contains("phone-of-ben"), "{text}");
        assert_eq!(text.contains(email), person.emails.is_empty());
        assert_eq!(desk.cancel("A", "1"), "done");
        desk.now += 60;
        assert_eq!(said(&desk.ask(json!({ "type": "expire" }))), "done");
        assert_eq!(desk.uses("A"), [5, 0, 0, 0]);
    }
    // What is counted between the finding and the forgetting is not torn apart.
    let person = serde_json::from_value(json!({ "v": 1, "tenant": "t", "customers": [ben] })).unwrap();
    let hers = desk.books.execute(&find(&person).unwrap()).unwrap();
    assert_eq!(desk.cancel("A", "1"), "done");
    let before = desk.books.clone();
    assert!(desk.books.execute(&forget(&person, &hers, "x0123456789abcdef").unwrap()).unwrap().stopped.is_some());
    assert_eq!(desk.books, before);
}

#[test]
fn a_refund_without_the_orders_total_is_not_taken_for_all_of_it() {
    let desk = Desk::new();
    let event = |total: i64| {
        json!({ "v": 1, "tenant": "t", "now": zugabe::time::Instant::from_unix(desk.now), "event": "refunded", "order": "1",
            "codes": [{ "code": "A" }], "refunded": 100, "total": total })
    };
    assert_eq!(order_event_text(&event(0).to_string()).unwrap_err().path, "total");
    assert_eq!(order_event_text(&event(4890).to_string()).unwrap().len(), 1, "a part leaves the use where it is");
    assert_eq!(order_event_text(&event(100).to_string()).unwrap().len(), 2);
}

#[test]
fn in_mirror_mode_the_platform_is_right_and_the_difference_shows() {
    let mut desk = Desk::new();
    desk.issue("A", json!({ "uses": 1, "perCustomer": 1, "scope": "code", "budget": "b" }));
    for order in ["1", "2", "3"] {
        let codes = json!([{ "code": "A", "amount": 4000 }]);
        desk.event(
            json!({ "event": "paid", "order": order, "holder": { "customer": "anna" }, "codes": codes, "total": 9000 }),
        );
    }
    assert_eq!((desk.uses("A"), desk.money("b")), ([-2, 0, 3, 0], [-2000, 0, 12_000]));
}

#[test]
fn in_mirror_mode_events_may_come_in_any_order_and_any_number_of_times() {
    let event = |kind: &str| {
        json!({ "event": kind, "order": "1", "holder": { "customer": "anna" }, "total": 9000,
            "refunded": if kind == "refunded" { 9000 } else { 0 }, "codes": [{ "code": "A", "amount": 500 }] })
    };
    for events in [
        ["paid", "cancelled", "refunded"],
        ["cancelled", "paid", "refunded"],
        ["cancelled", "refunded", "paid"],
        ["refunded", "paid", "cancelled"],
        ["refunded", "cancelled", "paid"],
        ["paid", "refunded", "cancelled"],
    ] {
        let mut desk = Desk::new();
        desk.issue("A", json!({ "uses": 1, "budget": "b" }));
        for kind in events {
            desk.event(event(kind));
            desk.event(event(kind));
        }
        assert_eq!((desk.uses("A"), desk.money("b")), ([1, 0, 0, 0], [10_000, 0, 0]), "{events:?}");
    }
    for events in [["paid", "refunded"], ["refunded", "paid"]] {
        let mut desk = Desk::new();
        desk.issue("A", json!({ "uses": 1, "budget": "b" }));
        events.iter().for_each(|kind| desk.event(event(kind)));
        assert_eq!((desk.uses("A"), desk.money("b")), ([0, 0, 0, 1], [10_000, 0, 0]), "{events:?}");
    }
}

#[test]
fn serials_are_handed_out_once_and_never_beyond_the_batch() {
    let mut desk = Desk::new();
    let lease = |count: i64| json!({ "type": "lease", "batch": "c12/0/7", "count": count, "size": 10 });
    let starts: Vec<_> = (0..4).map(|_| desk.ask(lease(3)).start).collect();
    assert_eq!(starts, [Some(0), Some(3), Some(6), None]);
    assert_eq!(said(&desk.ask(lease(3))), "serials_exhausted");
    assert_eq!(desk.keyed("k", lease(1)).start, Some(9));
    assert_eq!(desk.keyed("k", lease(1)).start, Some(9), "the answer that was given");
}

#[test]
fn an_address_is_no_holder() {
    let desk = Desk::new();
    let action = json!({ "type": "redeem", "code": "A", "order": "1", "holder": { "email": "a@b.test" } });
    let error = plan(desk.operation(None, &action)).unwrap_err();
    assert_eq!(error.path, "action.holder.email");
    assert!(!error.message.contains("a@b.test"));
}

/// What is kept for a while goes when somebody says so, in one transaction with what else she says; the books never do.
#[test]
fn answers_under_a_key_may_be_deleted_and_entries_may_not() {
    let mut desk = Desk::new();
    let operation = desk.operation(Some("k"), &json!({ "type": "campaign", "campaign": "kept" }));
    desk.books.apply(operation).unwrap();
    let delete = |table: &str, empty: &serde_json::Value| {
        let key = json!([{ "column": "tenant", "value": { "type": "text", "text": "t" } }]);
        json!({ "name": table, "verb": "delete", "table": table, "key": key, "returning": ["tenant"], "onEmpty": empty })
    };
    let proceed = json!({ "then": "proceed" });
    let refuse = json!({ "then": "refuse", "refusal": "stale" });
    let mut told = |steps: serde_json::Value| {
        let steps: Vec<Step> = serde_json::from_value(steps).unwrap();
        let results = desk.books.execute(&steps);
        (results.map(|results| results.stopped), desk.books.rows(Table::Idempotency).count())
    };
    let (refused, left) = told(json!([delete("entry", &proceed)]));
    assert!(refused.is_err());
    let before = left;
    assert!(before > 0);
    let twice = told(json!([delete("idempotency", &proceed), delete("idempotency", &refuse)]));
    assert_eq!(twice, (Ok(Some("idempotency".to_owned())), before), "all of it, or nothing");
    assert_eq!(told(json!([delete("idempotency", &proceed)])), (Ok(None), 0));
    assert!(desk.books.verify().ok);
}
