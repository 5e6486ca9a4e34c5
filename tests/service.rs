//! A shop's server asks the core: bodies in, operations on the books out, and nobody by name.

#![allow(clippy::unwrap_used)] // A service that cannot be made must fail the test.

use serde_json::{Value, json};
use zugabe::books::{BooksResults, Memory, Row, Table, find, forget, found};
use zugabe::reject::Code;
use zugabe::service::{Context, Service};
use zugabe::time::Instant;

const KEYS: &str = r#"{"v":1,"slots":[{"kid":0,"state":"verify_only","secret":"000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"},{"kid":1,"state":"active","secret":"1f1e1d1c1b1a191817161514131211100f0e0d0c0b0a09080706050403020100"}]}"#;
const CODE: &str = "03VC1S2Q4HX0";

fn now() -> Instant {
    Instant::parse("2026-11-23T10:00:00Z").unwrap()
}

fn context(key: Option<&str>) -> Context {
    Context { now: now(), key: key.map(str::to_owned) }
}

fn service() -> Service {
    service_of("t")
}

fn service_of(tenant: &str) -> Service {
    let program = json!({
        "zugabe": 1,
        "shop": { "name": "Tee", "currency": "EUR", "timeZone": "Europe/Berlin", "locales": ["de"], "friendUrl": "https://tea.example/friend" },
        "options": [{ "id": "next-time", "kind": "discount", "promotion": { "amount": 500, "minimumOrder": 4000, "days": 60 } }],
    });
    Service::new(&program.to_string(), "", KEYS, tenant).unwrap()
}

fn request(order: Option<&str>) -> Value {
    let mut request = json!({
        "v": 1, "now": "2026-11-23T10:00:00Z", "locale": "de",
        "moment": { "type": "order_completed", "at": "2026-11-23T09:59:00Z" },
        "subject": { "id": "c_4711", "identity": "login" },
        "facts": { "stage": "relationship", "tier": "premium", "orderNumber": 7 },
        "state": { "attempts": 0, "sent": { "page": 0 } },
    });
    if let Some(id) = order {
        request["order"] = json!({ "id": id, "currency": "EUR", "subtotal": 4890 });
    }
    request
}

#[test]
fn people_reach_the_books_as_keyed_hashes_of_the_oldest_slot() {
    let body = json!({ "code": "03vc-1s2q-4hx0", "order": "1", "buyer": { "customer": "c_4711", "email": " Anna@Example.org " } });
    let operation = service().redeem(context(Some("k")), &body.to_string()).unwrap();
    let text = serde_json::to_string(&operation).unwrap();
    assert!(!text.contains("4711") && !text.to_lowercase().contains("anna"), "{text}");
    let action = serde_json::to_value(&operation.action).unwrap();
    assert_eq!(action["code"], CODE);
    assert!(action["holder"]["customer"].as_str().unwrap().starts_with("k0."), "{action}");
    assert_eq!(action["holder"]["email"].as_str().unwrap().len(), 64);
    let same = json!({ "code": CODE, "order": "1", "buyer": { "email": "anna@example.org" } });
    let same = serde_json::to_value(service().redeem(context(None), &same.to_string()).unwrap().action).unwrap();
    assert_eq!(action["holder"]["email"], same["holder"]["email"]);
}

#[test]
fn what_is_wrong_is_named_at_its_path() {
    let service = service();
    let refused = |body: Value| {
        let error = service.redeem(context(None), &body.to_string()).unwrap_err();
        (error.code, error.path)
    };
    let at = |code, path: &str| (code, path.to_owned());
    assert_eq!(refused(json!({ "code": CODE })), at(Code::MissingField, "order"));
    assert_eq!(refused(json!({ "code": CODE, "order": "" })), at(Code::InvalidValue, "order"));
    assert_eq!(refused(json!({ "code": "03VC1S2Q4HX1", "order": "1" })), at(Code::InvalidValue, "code"));
    assert_eq!(refused(json!({ "code": CODE, "order": "1", "amount": -1 })), at(Code::InvalidAmount, "amount"));
    assert_eq!(
        refused(json!({ "code": CODE, "order": "1", "buyer": { "email": "anna" } })),
        at(Code::InvalidValue, "buyer.email")
    );
    assert_eq!(refused(json!({ "code": CODE, "order": "1", "referrer": "c_1" })), at(Code::UnknownField, "referrer"));
    let held = json!({ "code": CODE, "buyer": {} });
    let error = service.reserve(context(Some("k")), &held.to_string()).unwrap_err();
    assert_eq!((error.code, error.path.as_str()), (Code::MissingField, "buyer"));
    assert_eq!(service.reserve(context(None), &held.to_string()).unwrap_err().path, "Idempotency-Key");
}

#[test]
fn a_claim_is_decided_anew_and_says_what_it_is_for() {
    let mut service = service();
    let mut claim = |option: &str, request: &Value, token: Option<&str>| {
        let body = json!({ "option": option, "request": request, "email": "anna@example.org" });
        service.claim(&context(None), &body.to_string(), token).unwrap().claim
    };
    let discount = claim("next-time", &request(Some("1001")), None).unwrap();
    let issue = serde_json::to_value(&discount.issue.action).unwrap();
    assert_eq!((issue["uses"].as_i64(), issue["campaign"].as_str()), (Some(1), Some("next-time")));
    assert!(issue["owner"].as_str().unwrap().starts_with("k0."));
    assert_eq!(issue["expiresAt"], "2027-01-22T22:59:59Z", "the end of the day that the page names");
    assert_ne!(claim("next-time", &request(Some("1002")), None).unwrap().claim, discount.claim, "one for each order");

    let referral = claim("recommend", &request(Some("1001")), None).unwrap();
    let issue = serde_json::to_value(&referral.issue.action).unwrap();
    assert_eq!((issue["perCustomer"].as_i64(), issue["scope"].as_str()), (Some(1), Some("campaign")));
    assert!(issue.get("owner").is_none() && issue["referrerEmail"].as_str().unwrap().len() == 64);
    assert_eq!(claim("recommend", &request(Some("1002")), None).unwrap().claim, referral.claim, "one for ever");
    assert!(!serde_json::to_string(&referral).unwrap().contains("4711"));

    assert!(claim("thanks", &request(Some("1001")), None).is_none(), "it has no code");
    let mut objected = request(Some("1001"));
    objected["consent"] = json!({ "objected": true });
    assert!(claim("recommend", &objected, None).is_none());
}

#[test]
fn a_token_replaces_what_a_page_says_of_its_customer() {
    let mut service = service();
    let token = json!({ "customer": "c_1", "email": "me@example.org", "order": { "id": "9", "currency": "EUR", "subtotal": 5000 }, "facts": { "orderNumber": 1 }, "ttl": 60 });
    let made = service.token(&context(None), &token.to_string()).unwrap();
    assert_eq!(made.expires_at, now().plus(60));
    assert_eq!(service.open_token(now().plus(61), &made.token), None);
    let opened = service.open_token(now(), &made.token).unwrap();
    assert!(!opened.contains('@'), "{opened}");
    let body = json!({ "option": "recommend", "request": request(Some("1001")), "email": "other@example.org" });
    let by_page = service.claim(&context(None), &body.to_string(), Some(&opened)).unwrap().claim.unwrap();
    let mut hers = request(None);
    hers["subject"]["id"] = "c_1".into();
    let body = json!({ "option": "recommend", "request": hers, "email": "me@example.org" });
    let by_shop = service.claim(&context(None), &body.to_string(), None).unwrap().claim.unwrap();
    assert_eq!((by_page.claim, by_page.issue), (by_shop.claim, by_shop.issue));
    assert_eq!(service_of("other").open_token(now(), &made.token), None, "another shop under the same keys");
    let long = json!({ "customer": "c_1", "ttl": 31 * 86_400 });
    assert_eq!(service.token(&context(None), &long.to_string()).unwrap_err().path, "ttl");
}

#[test]
fn whoever_recommends_is_known_by_what_tells_a_friend_from_herself() {
    let mut service = service();
    let signals =
        json!({ "address": "Markt 3", "phone": "0451 123", "payment": "card-9", "device": "d", "ip": "192.0.2.9" });
    let body =
        json!({ "option": "recommend", "request": request(Some("1")), "email": "a@example.org", "signals": signals });
    let by_shop = service.claim(&context(None), &body.to_string(), None).unwrap().claim.unwrap().referrer.unwrap();
    let order = json!({ "id": "9", "currency": "EUR", "subtotal": 5000 });
    let ask = json!({ "customer": "c_4711", "email": "a@example.org", "signals": signals, "order": order, "facts": { "orderNumber": 1 } });
    let token = service.token(&context(None), &ask.to_string()).unwrap().token;
    assert!(!token.contains("Markt"));
    let opened = service.open_token(now(), &token).unwrap();
    let facts = json!({ "option": "recommend", "request": request(None) });
    let by_page = service.claim(&context(None), &facts.to_string(), Some(&opened)).unwrap().claim.unwrap();
    assert_eq!(by_page.referrer.unwrap(), by_shop);
    let known = [&by_shop.address, &by_shop.phone, &by_shop.payment, &by_shop.device, &by_shop.ip];
    assert!(known.iter().all(|hash| hash.as_ref().is_some_and(|hash| hash.len() == 64)), "{by_shop:?}");
    let wrong = json!({ "customer": "c_1", "signals": { "ip": "home" } });
    assert_eq!(service.token(&context(None), &wrong.to_string()).unwrap_err().path, "signals.ip");
}

#[test]
fn a_code_that_has_ended_is_followed_by_another_where_no_order_had_it() {
    let mut service = service();
    let claim = |service: &mut Service, option: &str, order: Option<&str>| {
        let body = json!({ "option": option, "request": request(order) });
        service.claim(&context(None), &body.to_string(), None).unwrap().claim.unwrap()
    };
    let row = |ends: i64| -> Row {
        serde_json::from_value(json!({ "code": CODE, "campaign": "next-time", "expires_at": ends })).unwrap()
    };
    let (past, future) = (row(now().unix() - 1), row(now().unix()));
    let plain = claim(&mut service, "next-time", None);
    assert_eq!(service.renewed(now(), plain.clone(), &future).unwrap(), None);
    let next = service.renewed(now(), plain.clone(), &past).unwrap().unwrap();
    assert_ne!(next.claim, plain.claim);
    let issue = serde_json::to_value(&next.issue.action).unwrap();
    assert_eq!(issue["claim"].as_str(), Some(next.claim.as_str()));
    for (option, order) in [("next-time", Some("1001")), ("recommend", None)] {
        let claim = claim(&mut service, option, order);
        assert_eq!(service.renewed(now(), claim, &past).unwrap(), None, "{option}");
    }
}

#[test]
fn nothing_is_made_for_whoever_was_forgotten() {
    let due = |who: &str| {
        let body = json!({ "reward": "r", "who": who, "what": { "kind": "discount", "amount": 500 } });
        service().reward(&context(None), &body.to_string()).unwrap().claim.is_some()
    };
    assert!(due("c:k1.0123456789abcdef"));
    assert!(!due("c:x0123456789abcdef.0"));
    assert!(!due("e:0123456789abcdef"));
}

#[test]
fn of_an_order_only_codes_of_this_shop_count_and_a_later_event_may_name_none() {
    let service = service();
    let mine = zugabe::code::mint_text(KEYS, r#"{"batch":1,"count":1}"#).unwrap()[0].shown_code.clone();
    let paid = json!({ "event": "paid", "order": "1", "codes": [{ "code": mine, "amount": 500 }, { "code": "SUMMER" }, { "code": CODE }], "total": 5000 });
    let codes = |body: &Value, taken: &[String]| {
        let operations = service.order(&context(None), &body.to_string(), taken).unwrap().operations;
        operations.iter().map(|one| serde_json::to_value(&one.action).unwrap()).collect::<Vec<_>>()
    };
    let actions = codes(&paid, &[]);
    // 03VC-1S2Q-4HX0 is of slot 0 of this key set, as its documentation has it.
    assert_eq!(actions.len(), 2);
    assert_eq!((actions[0]["mirror"].as_bool(), actions[0]["amount"].as_i64()), (Some(true), Some(500)));
    let back = json!({ "event": "cancelled", "order": "1" });
    assert!(codes(&back, &[]).is_empty());
    assert_eq!(codes(&back, &[CODE.to_owned()])[0]["code"], CODE);
}

#[test]
fn a_friend_is_told_only_of_codes_that_she_can_use() {
    let mut service = service();
    let row = |changed: Value| -> Row {
        let mut row = json!({ "code": CODE, "owner": "", "referrer": "k1.her", "campaign": "recommend", "revoked": 0, "available": 3, "starts_at": 0, "expires_at": 9_007_199_254_740_991_i64 });
        row.as_object_mut().unwrap().extend(changed.as_object().unwrap().clone());
        serde_json::from_value(row).unwrap()
    };
    let body = json!({ "code": CODE, "locale": "de" }).to_string();
    let mut told = |row: Option<&Row>| service.look_up(now(), &body, row).unwrap().is_some();
    assert!(told(Some(&row(json!({})))));
    assert!(told(Some(&row(json!({ "referrer": "" })))), "minted beforehand, for whoever gets it");
    assert!(!told(None));
    for useless in [
        json!({ "owner": "c:k0.1" }),
        json!({ "revoked": 1 }),
        json!({ "referrer": "", "campaign": "summer" }),
        json!({ "available": 0 }),
        json!({ "expires_at": now().unix() - 1 }),
        json!({ "starts_at": now().unix() + 1 }),
    ] {
        assert!(!told(Some(&row(useless.clone()))), "{useless}");
    }
}

#[test]
fn whoever_is_forgotten_leaves_sums_and_no_trace() {
    let service = service();
    let mut books = Memory::default();
    let mut run = |action: Value, key: Option<&str>| {
        let mut operation = json!({ "v": 1, "tenant": "t", "now": now(), "action": action });
        if let Some(key) = key {
            operation["key"] = key.into();
        }
        let finished = books.apply(zugabe::reject::parse_json(&operation.to_string()).unwrap()).unwrap();
        assert!(finished.answer.refusal.is_none(), "{:?}", finished.answer);
    };
    let person = service.person(&json!({ "customer": "c_1", "email": "me@example.org" }).to_string()).unwrap();
    assert_eq!((person.customers.len(), person.emails.len()), (2, 1), "of both slots");
    let (old, new, email) = (&person.customers[1], &person.customers[0], &person.emails[0]);
    run(json!({ "type": "campaign", "campaign": "c" }), None);
    run(
        json!({ "type": "issue", "code": "A", "campaign": "c", "uses": 9, "perCustomer": 5, "scope": "campaign" }),
        None,
    );
    run(
        json!({ "type": "issue", "code": "B", "campaign": "c", "referrer": new, "referrerEmail": email, "claim": format!("[\"claim\",\"x\",\"{new}\"]") }),
        None,
    );
    run(json!({ "type": "redeem", "code": "A", "order": "1", "holder": { "customer": old, "email": email } }), None);
    run(json!({ "type": "redeem", "code": "A", "order": "2", "holder": { "customer": new } }), None);
    run(json!({ "type": "reserve", "code": "A", "holder": { "customer": new }, "ttl": 60 }), Some("k"));
    run(json!({ "type": "redeem", "code": "A", "order": "3", "holder": { "customer": "k0.somebody-else" } }), None);
    run(json!({ "type": "reward", "reward": "r", "referral": "f", "order": "3", "customer": new }), None);
    let results = |books: &mut Memory| -> BooksResults { books.execute(&find(&person).unwrap()).unwrap() };
    let hers = results(&mut books);
    let tables = found(&person, &hers).unwrap();
    assert_eq!(tables[&Table::Redemption].len(), 2);
    let sums = |books: &Memory| {
        books
            .rows(Table::Code)
            .map(|row| (row["available"].clone(), row["reserved"].clone(), row["redeemed"].clone()))
            .collect::<Vec<_>>()
    };
    let before = sums(&books);
    let steps = forget(&person, &hers, "x0123456789abcdef").unwrap();
    let done = books.execute(&steps).unwrap();
    assert!(done.stopped.is_none() && done.rows.values().all(|rows| rows.len() == 1), "{done:?}");
    let text = serde_json::to_string(&books).unwrap();
    for name in person.customers.iter().chain(&person.emails) {
        assert!(!text.contains(name.as_str()), "{name}");
    }
    assert!(text.contains("k0.somebody-else"));
    assert_eq!(sums(&books), before);
    assert!(books.verify().ok, "{:?}", books.verify().findings);
    let again = results(&mut books);
    assert!(forget(&person, &again, "x0123456789abcdef").unwrap().is_empty(), "a second time there is nothing to do");
    assert_eq!(forget(&person, &again, "x").unwrap_err().path, "nobody");
}
