//! `zugabe settle`: exports in, who is owed what out, and on from there with the next one.

use serde_json::{Value, json};

use crate::support::{Folder, KEYS};

const PROGRAM: &str = r#"{ "zugabe": 1,
  "shop": { "name": "Tea", "currency": "EUR", "timeZone": "Europe/Berlin", "locales": ["de"] },
  "referral": { "terms": { "reward": { "kind": "discount", "amount": 500, "minimumOrder": 2000 }, "minimumOrder": 1000 } } }"#;

fn order(id: &str, customer: &str, at: &str, codes: &[&str]) -> Value {
    let codes: Vec<Value> = codes.iter().map(|code| json!({ "code": code, "amount": 500 })).collect();
    json!({ "v": 1, "id": id, "source": "csv", "createdAt": at, "paidAt": at, "status": "paid", "currency": "EUR",
        "subtotal": 4000, "total": 4000, "lineCount": 1, "customer": { "id": customer }, "codes": codes })
}

fn lines(orders: &[Value]) -> String {
    orders.iter().map(|order| format!("{order}\n")).collect()
}

/// A folder with keys, program and the orders of two customers, and the code that the first one passed on.
fn shop() -> (Folder, Vec<Value>, String) {
    let folder = Folder::new();
    folder.write_secret("keys.json", KEYS);
    folder.write("program.json", PROGRAM);
    let first = order("1", "anna", "2026-09-01T10:00:00Z", &[]);
    folder.write("first.ndjson", &lines(core::slice::from_ref(&first)));
    folder.run(&["mint", "--keys", "keys.json", "--batch", "1", "--for", "first.ndjson", "--out", "codes.ndjson"]);
    let minted: Value = serde_json::from_str(folder.read("codes.ndjson").lines().next().unwrap()).unwrap();
    let code = minted["shownCode"].as_str().unwrap().to_owned();
    let orders = vec![first, order("2", "berta", "2026-09-02T10:00:00Z", &[&code])];
    (folder, orders, code)
}

fn settle(folder: &Folder, orders: &[Value], now: &str, more: &[&str]) -> Value {
    folder.write("orders.ndjson", &lines(orders));
    let mut args = vec!["--now", now, "settle", "orders.ndjson", "--program", "program.json", "--keys", "keys.json"];
    args.extend(["--books", "books.json", "--out", "referrals.csv", "--rewards", "rewards.csv"]);
    args.extend(more);
    let ran = folder.run(&args);
    assert_eq!(ran.code, 0, "{}", ran.err);
    serde_json::from_str(&ran.out).unwrap()
}

#[test]
fn the_next_export_goes_on_where_the_last_one_ended_and_nothing_is_owed_twice() {
    let (folder, mut orders, _) = shop();
    let one = settle(&folder, &orders, "2026-09-10T10:00:00Z", &[]);
    assert_eq!((&one["totals"]["states"], &one["rewards"]), (&json!({ "pending": 1 }), &json!([])));

    let two = settle(&folder, &orders, "2026-10-03T10:00:00Z", &["--platform", "woocommerce"]);
    assert_eq!(two["totals"]["states"], json!({ "rewarded": 1 }));
    let reward = &two["rewards"][0];
    assert_eq!((&reward["who"], &reward["cost"], &reward["order"]), (&json!("c:anna"), &json!(500), &json!("2")));
    let code = reward["shownCode"].as_str().unwrap().to_owned();
    assert!(folder.read("rewards.csv").contains(&code));
    assert!(folder.read("rewards.referral-referrer.woocommerce.csv").contains(&code), "the codes to import");
    assert!(folder.read("referrals.csv").lines().nth(1).unwrap().contains("rewarded"));

    let three = settle(&folder, &orders, "2026-11-03T10:00:00Z", &[]);
    assert_eq!((three["rewards"].clone(), three["referrals"].clone()), (json!([]), two["referrals"].clone()));

    // Late, the order is cancelled: the reward goes back, and its code is of no use from now on.
    orders[1]["cancelledAt"] = json!("2026-11-04T10:00:00Z");
    orders[1]["status"] = json!("cancelled");
    let four = settle(&folder, &orders, "2026-11-05T10:00:00Z", &["--codes", "codes.ndjson"]);
    assert_eq!(four["takenBack"][0]["code"], reward["code"]);
    assert_eq!(four["totals"]["reasons"], json!({ "cancelled": 1 }));
    orders.push(order("3", "anna", "2026-11-06T10:00:00Z", &[&code]));
    let five = settle(&folder, &orders, "2026-11-07T10:00:00Z", &["--codes", "codes.ndjson"]);
    assert_eq!(five["differences"], json!([{ "kind": "used_after_taken_back", "code": reward["code"], "order": "3" }]));
}

#[test]
fn every_difference_between_the_platform_and_the_books_has_a_name() {
    let (folder, mut orders, friends) = shop();
    let granted = settle(&folder, &orders, "2026-10-03T10:00:00Z", &[]);
    let code = granted["rewards"][0]["shownCode"].as_str().unwrap().to_owned();
    let minted =
        folder.run(&["mint", "--keys", "keys.json", "--batch", "4095", "--start", "900", "--count", "1"]).lines();
    let never = minted[0]["shownCode"].as_str().unwrap().to_owned();
    orders.push(order("3", "berta", "2026-10-04T10:00:00Z", &[&code]));
    orders.push(order("4", "anna", "2027-03-04T10:00:00Z", &[&code]));
    orders.push(order("5", "anna", "2027-03-05T10:00:00Z", &[&never]));
    orders[1]["total"] = json!(4100);
    let settled = settle(&folder, &orders, "2027-03-06T10:00:00Z", &[]);
    let found: Vec<(String, String)> = settled["differences"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (one["kind"].as_str().unwrap().to_owned(), one["order"].as_str().unwrap_or_default().to_owned()))
        .collect();
    for (kind, order) in [("used_by_other", "3"), ("used_twice", "4"), ("used_late", "4"), ("never_issued", "5")] {
        assert!(found.contains(&(kind.to_owned(), order.to_owned())), "{kind} {order} is not in {found:?}");
    }
    // An export that has lost an order, and one in which it comes to less.
    orders[1]["total"] = json!(3000);
    let less = settle(&folder, &orders[..2], "2027-03-07T10:00:00Z", &[]);
    assert_eq!(less["differences"][0]["kind"], "total_changed");
    let lost = settle(&folder, &orders[..1], "2027-03-07T10:00:00Z", &[]);
    assert_eq!(lost["differences"], json!([{ "kind": "order_missing", "order": "2" }]));
    // A code of the batch that belongs to no purchase.
    let others =
        folder.run(&["mint", "--keys", "keys.json", "--batch", "1", "--start", "5000", "--count", "1"]).lines();
    let nobodys = others[0]["shownCode"].as_str().unwrap();
    let stray = [orders[0].clone(), orders[1].clone(), order("9", "emil", "2027-03-06T10:00:00Z", &[nobodys])];
    let settled = settle(&folder, &stray, "2027-03-08T10:00:00Z", &[]);
    assert!(settled["differences"].as_array().unwrap().iter().any(|one| one["kind"] == "nobodys_code"));
    assert_ne!(friends, nobodys);
}

#[test]
fn what_is_flagged_waits_for_a_word() {
    let (folder, _, code) = shop();
    // Nobody is named by the friend's order beside an address that is thrown away in two spellings.
    let friend = |id: &str, hash: &str| {
        let mut order = order(id, id, "2026-09-02T10:00:00Z", &[&code]);
        order["customer"] = json!({ "id": format!("e_{hash}"), "emailHash": hash, "aliasHash": "one", "guest": true });
        order
    };
    let orders = [
        order("1", "anna", "2026-09-01T10:00:00Z", &[]),
        friend("2", "0123456789abcdef"),
        friend("3", "fedcba9876543210"),
    ];
    let settled = settle(&folder, &orders, "2026-09-03T10:00:00Z", &[]);
    let flagged: Vec<&Value> =
        settled["referrals"].as_array().unwrap().iter().filter(|one| one["state"] == "flagged").collect();
    assert!(!flagged.is_empty() && flagged.iter().all(|one| one["signals"] == json!(["cycling"])));
    let id = flagged[0]["id"].as_str().unwrap();
    let passed = settle(&folder, &orders, "2026-10-20T10:00:00Z", &["--approve", id]);
    assert!(passed["referrals"].as_array().unwrap().iter().any(|one| one["id"] == id && one["state"] == "rewarded"));
    let args = ["settle", "orders.ndjson", "--program", "program.json", "--keys", "keys.json", "--void", "nobody"];
    folder.run(&args).refused(2, "not_found", "void[0]");
}

#[test]
fn books_that_were_changed_by_hand_are_refused_and_stay_as_they_are() {
    let (folder, orders, _) = shop();
    settle(&folder, &orders, "2026-10-03T10:00:00Z", &[]);
    let text = folder.read("books.json").replace("\"used\":1", "\"used\":0");
    folder.write("books.json", &text);
    let args = ["settle", "orders.ndjson", "--program", "program.json", "--keys", "keys.json", "--books", "books.json"];
    folder.run(&args).refused(1, "invalid_state", "booksText.tables");
    assert_eq!(folder.read("books.json"), text);
}
