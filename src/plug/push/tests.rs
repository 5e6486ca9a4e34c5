use serde_json::{Value, json};

use super::*;
use crate::reject::parse_json;

fn job(platform: &str, fields: &Value) -> PushJob {
    let mut all = json!({
        "v": 1, "platform": platform, "shop": "https://tea.example", "now": "2026-11-28T10:00:00Z",
        "terms": { "platform": platform, "timeZone": "Europe/Berlin",
            "promotion": { "id": "five", "currency": "EUR", "validUntil": "2026-12-31", "effect": { "type": "fixed", "amount": 500 },
                "conditions": { "minSubtotal": 4000 } } } });
    all.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    parse_json(&all.to_string()).unwrap()
}

fn codes(count: usize) -> Value {
    json!((0..count).map(|n| format!("CODE-{n}")).collect::<Vec<_>>())
}

fn refused(platform: &str, fields: &Value) -> (Code, String) {
    let error = Push::new(job(platform, fields), None).err().unwrap();
    (error.code, error.path)
}

fn sent(platform: &str, fields: &Value) -> Vec<(String, usize)> {
    let requests = rehearse(job(platform, fields)).unwrap();
    requests.into_iter().map(|request| (request.call, request.items)).collect()
}

fn body(request: &PushRequest) -> Value {
    serde_json::from_str(request.body.as_deref().unwrap()).unwrap()
}

/// Steps until a request comes, over all waits.
fn request(push: &mut Push) -> Option<PushRequest> {
    loop {
        match push.step().unwrap() {
            PushStep::Request { request } => return Some(request),
            PushStep::Wait { .. } => {}
            PushStep::Done { .. } => return None,
        }
    }
}

fn ok(push: &mut Push, body: &Value) {
    push.answer(&PushResponse { status: 200, retry_after: None, body: body.to_string() }).unwrap();
}

#[test]
fn calls_are_as_large_as_the_platform_allows_and_no_larger() {
    let calls = sent("shopify", &json!({ "codes": codes(501) }));
    let added: Vec<usize> =
        calls.iter().filter(|(call, _)| call == "discountRedeemCodeBulkAdd").map(|(_, items)| *items).collect();
    assert_eq!(added, [249, 250, 1], "the first code comes with the discount");
    assert_eq!(
        sent("woocommerce", &json!({ "codes": codes(201) })),
        [100, 100, 1].map(|n| ("coupons/batch".to_owned(), n))
    );
    let shopware = sent("shopware", &json!({ "codes": codes(501) }));
    assert_eq!(shopware.iter().map(|(_, items)| *items).collect::<Vec<_>>(), [0, 0, 500, 1]);
    let facts: Vec<Value> = (1..=11).map(|n| json!({ "customer": n.to_string(), "tier": "vip", "stage": "vip", "orderNumber": n, "code": "A", "sent": 0 })).collect();
    let requests = rehearse(job("shopify", &json!({ "facts": facts, "terms": null }))).unwrap();
    let fields: Vec<usize> = requests
        .iter()
        .filter(|request| request.call == "metafieldsSet")
        .map(|request| body(request)["variables"]["metafields"].as_array().unwrap().len())
        .collect();
    assert_eq!(fields, [25, 25, 5]);
}

#[test]
fn every_request_of_shopware_names_ids_that_a_second_run_names_again() {
    let fields = json!({ "codes": codes(3), "salesChannels": ["0123456789abcdef0123456789abcdef"], "pattern": "DANKE-%s%d%s%d" });
    let once = rehearse(job("shopware", &fields)).unwrap();
    let mut later = job("shopware", &fields);
    later.now = later.now.plus(86_400);
    assert_eq!(once, rehearse(later).unwrap());
    let promotion = &body(&once[0])[0]["payload"][0];
    for path in ["/id", "/discounts/0/id", "/cartRules/0/id", "/cartRules/0/conditions/0/id", "/salesChannels/0/id"] {
        assert!(
            job::is_shopware_id(promotion.pointer(path).and_then(Value::as_str).unwrap_or_default()),
            "{path}: {promotion}"
        );
    }
    assert_eq!(promotion["individualCodePattern"], "DANKE-%s%d%s%d");
    let rows = &body(&once[1])[0]["payload"];
    assert_eq!(rows[2]["promotionId"], promotion["id"]);
    assert_ne!(rows[0]["id"], rows[1]["id"]);
}

#[test]
fn what_cannot_be_pushed_is_refused_by_name_before_anything_is_sent() {
    for (platform, fields, code, path) in [
        ("shopify", json!({}), Code::Empty, ""),
        ("shopify", json!({ "codes": ["A", "a"] }), Code::Contradiction, "codes[1]"),
        ("shopify", json!({ "codes": ["03VC1S2Q4HX0", "03VC-1S2Q-4HX0"] }), Code::Contradiction, "codes[1]"),
        ("shopify", json!({ "codes": ["A B"] }), Code::InvalidValue, "codes[0]"),
        ("shopify", json!({ "codes": ["A"], "terms": null }), Code::MissingField, "terms"),
        ("shopify", json!({ "codes": ["A"], "apiVersion": "2024-01" }), Code::UnsupportedVersion, "apiVersion"),
        ("shopify", json!({ "codes": ["A"], "shop": "http://tea.example" }), Code::InvalidValue, "shop"),
        ("shopify", json!({ "codes": ["A"], "shop": "https://key@tea.example" }), Code::InvalidValue, "shop"),
        ("shopify", json!({ "codes": ["A"], "shop": "http://localhost.evil.example" }), Code::InvalidValue, "shop"),
        ("shopify", json!({ "codes": ["A"], "pattern": "%d" }), Code::InvalidValue, "pattern"),
        ("shopware", json!({ "codes": ["A"], "pattern": "%d" }), Code::OutOfRange, "pattern"),
        ("shopware", json!({ "codes": ["A"], "salesChannels": ["x"] }), Code::InvalidValue, "salesChannels[0]"),
        ("shopware", json!({ "facts": [{ "customer": "1" }] }), Code::InvalidValue, "facts[0].customer"),
        ("woocommerce", json!({ "policy": "{}" }), Code::InvalidValue, "policy"),
        ("shopify", json!({ "facts": [{ "customer": "e_0123" }] }), Code::InvalidValue, "facts[0].customer"),
    ] {
        let code_and_path = if platform == "shopware" && path == "pattern" {
            refused(platform, &json!({ "codes": codes(5), "pattern": "%d" }))
        } else {
            refused(platform, &fields)
        };
        assert_eq!(code_and_path, (code, path.to_owned()), "{fields}");
    }
    for shop in ["http://127.0.0.1:8080", "http://localhost:1", "https://tea.example/sub/"] {
        assert!(Push::new(job("shopify", &json!({ "codes": ["A"], "shop": shop })), None).is_ok(), "{shop}");
    }
    let mut tiers = job("woocommerce", &json!({ "codes": ["A"] }));
    tiers.terms.as_mut().unwrap().promotion.group = Some("g".to_owned());
    assert_eq!(Push::new(tiers, None).err().unwrap().path, "terms.promotion.group");
}

#[test]
fn a_job_that_was_cut_off_goes_on_and_another_ones_progress_is_refused() {
    let first = job("shopify", &json!({ "codes": codes(300) }));
    let mut push = Push::new(first.clone(), None).unwrap();
    request(&mut push).unwrap();
    ok(&mut push, &json!({ "data": { "codeDiscountNodeByCode": null } }));
    request(&mut push).unwrap();
    ok(
        &mut push,
        &json!({ "data": { "discountCodeBasicCreate": { "codeDiscountNode": { "id": "gid://shopify/DiscountCodeNode/7" }, "userErrors": [] } } }),
    );
    request(&mut push).unwrap();
    assert!(push.progress().sending);
    let text = serde_json::to_string(push.progress()).unwrap();
    assert!(!text.contains("CODE-"), "no code stands in the progress: {text}");

    let mut again = Push::new(first, Some(parse_json(&text).unwrap())).unwrap();
    let next = request(&mut again).unwrap();
    assert_eq!(
        (next.call.as_str(), next.items),
        ("discountRedeemCodeBulkAdd", 250),
        "the first code is asked about again"
    );
    assert_eq!(body(&next)["variables"]["discountId"], "gid://shopify/DiscountCodeNode/7");
    let other = job("shopify", &json!({ "codes": codes(301) }));
    assert_eq!(Push::new(other, Some(parse_json(&text).unwrap())).err().unwrap().code, Code::Contradiction);
}

#[test]
fn codes_that_are_there_already_are_ours_or_refused() {
    let mut push = Push::new(job("shopify", &json!({ "codes": codes(3) })), None).unwrap();
    request(&mut push).unwrap();
    ok(
        &mut push,
        &json!({ "data": { "codeDiscountNodeByCode": { "id": "gid://shopify/DiscountCodeNode/7", "codeDiscount": { "title": "five" } } } }),
    );
    let added = request(&mut push).unwrap();
    assert_eq!(added.items, 2, "the discount and its first code are from an earlier run");
    ok(
        &mut push,
        &json!({ "data": { "discountRedeemCodeBulkAdd": { "bulkCreation": { "id": "gid://bulk" }, "userErrors": [] } } }),
    );
    request(&mut push).unwrap();
    let taken = json!([{ "code": "TAKEN", "message": "must be unique" }]);
    let nodes = json!([{ "code": "code-1", "errors": taken }, { "code": "CODE-2", "errors": taken }]);
    ok(
        &mut push,
        &json!({ "data": { "discountRedeemCodeBulkCreation": { "done": true, "codes": { "nodes": nodes } } } }),
    );
    let whose = request(&mut push).unwrap();
    assert!(body(&whose)["query"].as_str().unwrap().contains("c1: codeDiscountNodeByCode(code: $c1)"));
    ok(
        &mut push,
        &json!({ "data": { "c0": { "id": "gid://shopify/DiscountCodeNode/7" }, "c1": { "id": "gid://shopify/DiscountCodeNode/8" } } }),
    );
    let PushStep::Done { report } = push.step().unwrap() else { panic!() };
    assert_eq!((report.codes, report.present, report.refused_count), (2, 2, 1));
    assert_eq!(report.refused[0].code, Some(2));
}

#[test]
fn a_shop_that_asks_for_slower_requests_is_waited_for_and_one_that_fails_is_given_up() {
    let mut push = Push::new(job("shopify", &json!({ "codes": codes(2) })), None).unwrap();
    let first = request(&mut push).unwrap();
    let cost = |left: f64| json!({ "requestedQueryCost": 50, "throttleStatus": { "maximumAvailable": 2000.0, "currentlyAvailable": left, "restoreRate": 10.0 } });
    let throttled = json!({ "errors": [{ "message": "Throttled", "extensions": { "code": "THROTTLED" } }], "extensions": { "cost": cost(10.0) } });
    ok(&mut push, &throttled);
    let PushStep::Wait { seconds, .. } = push.step().unwrap() else { panic!() };
    assert_eq!(seconds, 4, "40 points are missing, ten come back in a second");
    assert_eq!(request(&mut push).unwrap(), first, "the same request again");
    push.answer(&PushResponse { status: 429, retry_after: Some(7), body: String::new() }).unwrap();
    let PushStep::Wait { seconds, .. } = push.step().unwrap() else { panic!() };
    assert_eq!(seconds, 7);
    let mut waited = Vec::new();
    let error = loop {
        match push.step().unwrap() {
            PushStep::Wait { seconds, .. } => waited.push(seconds),
            PushStep::Request { .. } => match push.interrupted() {
                Ok(()) => {}
                Err(error) => break error,
            },
            PushStep::Done { .. } => panic!(),
        }
    };
    assert_eq!((error.code, waited.last()), (Code::Io, Some(&60)));
    let mut push = Push::new(job("shopify", &json!({ "codes": codes(2) })), None).unwrap();
    request(&mut push).unwrap();
    let refused = push.answer(&PushResponse { status: 401, retry_after: None, body: String::new() }).unwrap_err();
    assert_eq!(refused.code, Code::InvalidKeys);
}
