//! Shopify's input in, operations out, on this machine; and the core's own price vectors, as far as a Function can say them.

use crate::schema::*;
use crate::terms::Terms;
use serde_json::{Value, json};
use shopify_function::run_function_with_input;
use shopify_function::scalars::JsonValue;
use zugabe::money::{Currency, Minor, decimal};

/// One line: unit price, quantity, tags.
type Line<'a> = (&'a str, u32, &'a [&'a str]);

fn input(terms: &Value, classes: &[&str], currency: &str, lines: &[Line<'_>]) -> Value {
    let tags: Vec<&str> = lines.iter().flat_map(|(_, _, tags)| tags.iter().copied()).collect();
    let lines: Vec<Value> = lines
        .iter()
        .enumerate()
        .map(|(index, (unit, quantity, own))| {
            let said: Vec<Value> = tags.iter().map(|tag| json!({ "tag": tag, "hasTag": own.contains(tag) })).collect();
            json!({
                "id": format!("gid://shopify/CartLine/{index}"), "quantity": quantity,
                "cost": { "amountPerQuantity": { "amount": unit } },
                "merchandise": { "__typename": "ProductVariant", "product": { "hasTags": said } },
            })
        })
        .collect();
    json!({
        "triggeringDiscountCode": null,
        "discount": { "discountClasses": classes, "metafield": { "jsonValue": terms } },
        "localization": { "language": { "isoCode": "DE" } },
        "cart": { "cost": { "subtotalAmount": { "currencyCode": currency } }, "buyerIdentity": null, "lines": lines },
    })
}

fn customer(input: &mut Value, orders: i32, tier: Option<&str>, code: Option<&str>) {
    let field = |value: Option<&str>| value.map(|value| json!({ "value": value }));
    input["cart"]["buyerIdentity"] =
        json!({ "customer": { "numberOfOrders": orders, "tier": field(tier), "code": field(code) } });
}

fn run(input: &Value) -> Vec<CartOperation> {
    run_function_with_input(super::cart_lines_discounts_generate_run, &input.to_string()).unwrap().operations
}

/// What comes off the order, the lines left out, and the message.
fn off_order(input: &Value) -> Option<(String, Vec<String>, Option<String>)> {
    match run(input).as_slice() {
        [] => None,
        [CartOperation::OrderDiscountsAdd(add)] => {
            let candidate = &add.candidates[0];
            let OrderDiscountCandidateTarget::OrderSubtotal(target) = &candidate.targets[0];
            let OrderDiscountCandidateValue::FixedAmount(fixed) = &candidate.value else { panic!("no amount") };
            Some((fixed.amount.clone(), target.excluded_cart_line_ids.clone(), candidate.message.clone()))
        }
        _ => panic!("not one discount on the order"),
    }
}

/// What comes off each line, by its id.
fn off_lines(input: &Value) -> Vec<(String, String)> {
    match run(input).as_slice() {
        [] => Vec::new(),
        [CartOperation::ProductDiscountsAdd(add)] => add
            .candidates
            .iter()
            .map(|candidate| {
                let ProductDiscountCandidateTarget::CartLine(line) = &candidate.targets[0];
                let ProductDiscountCandidateValue::FixedAmount(fixed) = &candidate.value else { panic!("no amount") };
                (line.id.clone(), fixed.amount.clone())
            })
            .collect(),
        _ => panic!("not one discount on products"),
    }
}

fn friend() -> Value {
    json!({ "v": 1, "message": { "de": "Für Freunde", "en": "For friends" }, "promotions": [{ "promotion": {
        "id": "friend", "currency": "EUR", "effect": { "type": "fixed", "amount": 500 },
        "conditions": { "minSubtotal": 4000, "firstOrderOnly": true } } }] })
}

fn tiers() -> Value {
    json!({ "v": 1, "message": { "en": "For you" }, "promotions": [
        { "tiers": ["vip", "top_vip"], "promotion": { "id": "vip", "effect": { "type": "percent", "bp": 1000 } } },
        { "tiers": ["premium"], "promotion": { "id": "premium", "effect": { "type": "percent", "bp": 500 } } },
    ], "stacking": { "mode": "best" } })
}

#[test]
fn a_friend_gets_what_was_promised_from_the_minimum_on() {
    let cart = |unit| input(&friend(), &["ORDER"], "EUR", &[(unit, 2, &[])]);
    assert_eq!(off_order(&cart("20.00")), Some(("5.00".into(), vec![], Some("Für Freunde".into()))));
    assert_eq!(off_order(&cart("19.99")), None);
}

#[test]
fn a_code_speaks_for_itself_and_nobody_is_their_own_friend() {
    let mut cart = input(&friend(), &["ORDER"], "EUR", &[("40.0", 1, &[])]);
    cart["triggeringDiscountCode"] = json!("03vc-1s2q-4hx0");
    assert_eq!(off_order(&cart), Some(("5.00".into(), vec![], None)));
    customer(&mut cart, 0, None, Some("03VC1S2Q4HX0"));
    assert_eq!(off_order(&cart), None);
    customer(&mut cart, 0, None, Some("03VC1S2Q4HX1"));
    assert!(off_order(&cart).is_some());
}

#[test]
fn a_customer_who_bought_before_is_no_new_friend_and_guests_count_as_the_terms_say() {
    let mut cart = input(&friend(), &["ORDER"], "EUR", &[("40.00", 1, &[])]);
    customer(&mut cart, 1, None, None);
    assert_eq!(off_order(&cart), None);
    customer(&mut cart, 0, None, None);
    assert!(off_order(&cart).is_some());
    let mut strict = friend();
    strict["guestsAreNew"] = json!(false);
    assert_eq!(off_order(&input(&strict, &["ORDER"], "EUR", &[("40.00", 1, &[])])), None);
}

#[test]
fn a_tier_gets_its_own_discount_and_nobody_else_gets_one() {
    let mut cart = input(&tiers(), &["ORDER"], "EUR", &[("49.99", 1, &[]), ("0.05", 1, &[])]);
    assert_eq!(off_order(&cart), None);
    for (tier, off) in [("vip", Some("5.00")), ("premium", Some("2.50")), ("none", None), ("VIP", None)] {
        customer(&mut cart, 9, Some(tier), None);
        assert_eq!(off_order(&cart).map(|(amount, ..)| amount).as_deref(), off, "{tier}");
    }
    assert_eq!(off_order(&cart), None);
}

#[test]
fn price_bound_books_are_left_out() {
    let mut terms = friend();
    terms["promotions"][0]["promotion"]["conditions"] = json!({ "withoutTags": ["book"] });
    let cart = input(&terms, &["ORDER"], "EUR", &[("30.00", 1, &["book"]), ("30.00", 1, &["tea"])]);
    assert_eq!(off_order(&cart).unwrap().1, ["gid://shopify/CartLine/0"]);
    let cart = input(&terms, &["PRODUCT"], "EUR", &[("30.00", 1, &["book"]), ("30.00", 1, &["tea"])]);
    assert_eq!(off_lines(&cart), [("gid://shopify/CartLine/1".to_owned(), "5.00".to_owned())]);
}

#[test]
fn amounts_of_another_currency_are_never_converted() {
    assert_eq!(off_order(&input(&friend(), &["ORDER"], "USD", &[("99.00", 1, &[])])), None);
    let yen =
        json!({ "v": 1, "promotions": [{ "promotion": { "id": "y", "effect": { "type": "percent", "bp": 1000 } } }] });
    assert_eq!(off_order(&input(&yen, &["ORDER"], "JPY", &[("1234", 1, &[])])).unwrap().0, "123");
    assert_eq!(off_order(&input(&yen, &["ORDER"], "KWD", &[("0.05", 1, &[])])).unwrap().0, "0.005");
}

#[test]
fn whatever_is_wrong_nothing_comes_off_and_the_checkout_goes_on() {
    let cart = |terms: &Value| input(terms, &["ORDER"], "EUR", &[("99.00", 1, &[])]);
    for (field, value) in [
        ("code", json!("X1234")),
        ("validUntil", json!("2026-12-31")),
        ("taxIncluded", json!(false)),
        ("effect", json!({ "type": "free_shipping" })),
        ("effect", json!({ "type": "gift", "product": "tea" })),
    ] {
        let mut terms = friend();
        terms["promotions"][0]["promotion"][field] = value;
        let error = Terms::read(&as_read(&terms)).unwrap_err();
        assert_eq!(error.path, format!("promotions[0].promotion.{field}"));
        assert_eq!(run(&cart(&terms)), []);
    }
    for terms in
        [json!("nonsense"), json!({ "v": 2, "promotions": [] }), json!({ "v": 1, "promotions": [], "more": 1 })]
    {
        assert_eq!(run(&cart(&terms)), []);
    }
    let mut none = cart(&friend());
    none["discount"]["metafield"] = Value::Null;
    assert_eq!(run(&none), []);
    assert_eq!(run(&input(&friend(), &["SHIPPING"], "EUR", &[("99.00", 1, &[])])), []);
    assert_eq!(run(&input(&friend(), &["ORDER"], "EUR", &[("nonsense", 1, &[])])), []);
}

#[test]
fn more_lines_than_fit_an_answer_are_refused_one_by_one_and_taken_as_an_order() {
    let all = json!({ "v": 1, "promotions": [{ "promotion": { "id": "all", "effect": { "type": "percent", "bp": 1000 } } }] });
    let lines: Vec<Line<'_>> = vec![("10.00", 1, &[]); 101];
    assert_eq!(run(&input(&all, &["PRODUCT"], "EUR", &lines)), []);
    assert_eq!(off_lines(&input(&all, &["PRODUCT"], "EUR", &lines[..100])).len(), 100);
    assert_eq!(off_order(&input(&all, &["PRODUCT", "ORDER"], "EUR", &lines)).unwrap().0, "101.00");
}

/// A JSON document as Shopify hands it over.
fn as_read(value: &Value) -> JsonValue {
    match value {
        Value::Null => JsonValue::Null,
        Value::Bool(flag) => JsonValue::Boolean(*flag),
        Value::Number(number) => JsonValue::Number(number.as_f64().unwrap()),
        Value::String(text) => JsonValue::String(text.clone()),
        Value::Array(items) => JsonValue::Array(items.iter().map(as_read).collect()),
        Value::Object(fields) => {
            JsonValue::Object(fields.iter().map(|(name, value)| (name.clone(), as_read(value))).collect())
        }
    }
}

#[test]
fn terms_are_read_as_the_core_reads_them() {
    let everything = json!({ "v": 1, "guestsAreNew": false, "message": { "de": "Ja" },
        "rounding": { "mode": "down", "level": "line", "remainder": "first" },
        "stacking": { "mode": "best", "cap": 900, "capBp": 5000, "groups": [{ "id": "g", "oneOf": true, "cap": 1, "capBp": 2 }] },
        "promotions": [
            { "tiers": ["vip"], "promotion": { "id": "a", "currency": "EUR", "effect": { "type": "fixed_per_item", "amount": 5 },
              "conditions": { "minSubtotal": 1, "maxSubtotal": 2, "minQuantity": 3, "maxQuantity": 4, "tags": ["t"], "withoutTags": ["u"],
                              "firstOrderOnly": true },
              "maxUnits": 7, "cap": 8, "priority": -9, "exclusive": true, "group": "g" } },
            { "promotion": { "id": "b", "effect": { "type": "buy_get", "buy": 2, "get": 1 } } },
            { "promotion": { "id": "c", "effect": { "type": "buy_get", "buy": 2, "get": 1, "bp": 5000 } } },
            { "promotion": { "id": "d", "currency": "EUR", "effect": { "type": "tiers", "by": "quantity", "steps": [{ "from": 2, "bp": 100 }, { "from": 3, "amount": 4 }] } } },
            { "promotion": { "id": "e", "effect": { "type": "percent", "bp": 100 } } },
            { "promotion": { "id": "f", "currency": "EUR", "effect": { "type": "fixed", "amount": 100 } } } ] });
    let terms = Terms::read(&as_read(&everything)).unwrap();
    assert_eq!(terms.rounding, serde_json::from_value(everything["rounding"].clone()).unwrap());
    assert_eq!(terms.stacking, serde_json::from_value(everything["stacking"].clone()).unwrap());
    for (ours, said) in terms.promotions.iter().zip(everything["promotions"].as_array().unwrap()) {
        assert_eq!(ours.promotion, serde_json::from_value(said["promotion"].clone()).unwrap());
    }
    assert_eq!((terms.guests_are_new, terms.promotions[0].tiers.as_deref()), (false, Some(&["vip".to_owned()][..])));
}

#[test]
fn a_mistake_in_the_terms_is_named_with_its_path() {
    for (path, value, code) in [
        ("promotions[0].promotion.effect", json!({ "type": "half" }), "invalid_value"),
        ("promotions[0].promotion.effect.bp", json!({ "type": "percent", "bp": 1.5 }), "invalid_type"),
        ("promotions[0].promotion.effect.bp", json!({ "type": "percent", "bp": -1 }), "invalid_type"),
        ("promotions[0].promotion.effect.bp", json!({ "type": "percent" }), "missing_field"),
        ("promotions[0].promotion.effect.amount", json!({ "type": "percent", "bp": 1, "amount": 1 }), "unknown_field"),
        ("promotions[0].promotion.effect.by", json!({ "type": "tiers", "by": "weight", "steps": [] }), "invalid_value"),
    ] {
        let terms = json!({ "v": 1, "promotions": [{ "promotion": { "id": "a", "effect": value } }] });
        let error = Terms::read(&as_read(&terms)).unwrap_err();
        assert_eq!((error.path.as_str(), error.code.as_str()), (path, code));
    }
}

/// A vector as Shopify would put it; nothing where it cannot: dates, taxes, floors, gifts and shipping are not a Function's.
fn as_shopify(vector: &Value, class: &str) -> Option<Value> {
    let request = &vector["input"];
    let entered: Vec<String> = request["codes"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .map(zugabe::price::normalised_code)
        .collect();
    let mut promotions = Vec::new();
    for promotion in request["promotions"].as_array().into_iter().flatten() {
        let mut promotion = promotion.clone();
        let fields = promotion.as_object_mut()?;
        // A discount whose code was not entered does not run in Shopify.
        if let Some(code) = fields.remove("code")
            && !entered.contains(&zugabe::price::normalised_code(code.as_str()?))
        {
            continue;
        }
        promotions.push(json!({ "promotion": promotion }));
    }
    let terms = json!({
        "v": 1, "promotions": promotions, "guestsAreNew": request["firstOrder"] == json!(true),
        "rounding": request.get("rounding").unwrap_or(&json!({})), "stacking": request.get("stacking").unwrap_or(&json!({})),
    });
    Terms::read(&as_read(&terms)).ok()?;
    let currency = request["currency"].as_str()?;
    let exponent = Currency::parse(currency).ok()?.exponent();
    let lines = request["lines"].as_array()?;
    if lines.iter().any(|line| line.get("floor").is_some()) {
        return None;
    }
    let texts: Vec<(String, u32, Vec<&str>)> = lines
        .iter()
        .map(|line| {
            let tags = line["tags"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
            (text(line["unit"].as_i64()?, exponent), u32::try_from(line["quantity"].as_u64()?).ok()?, tags).into()
        })
        .collect::<Option<_>>()?;
    let lines: Vec<Line<'_>> =
        texts.iter().map(|(unit, count, tags)| (unit.as_str(), *count, tags.as_slice())).collect();
    Some(input(&terms, &[class], currency, &lines))
}

fn text(minor: Minor, exponent: u8) -> String {
    let ten = 10_i64.pow(u32::from(exponent));
    match exponent {
        0 => minor.to_string(),
        digits => format!("{}.{:0digits$}", minor / ten, minor % ten, digits = usize::from(digits)),
    }
}

#[test]
fn the_cores_vectors_give_the_same_cents_line_by_line_and_in_sum() {
    let vectors: Value = serde_json::from_str(include_str!("../../../../../tests/vectors/price.json")).unwrap();
    let mut compared = 0;
    for vector in vectors["cases"].as_array().unwrap() {
        let (name, expected) = (&vector["name"], &vector["expected"]);
        if vector["op"] != "price" || expected.get("error").is_some() {
            continue;
        }
        let (Some(as_products), Some(as_order)) = (as_shopify(vector, "PRODUCT"), as_shopify(vector, "ORDER")) else {
            continue;
        };
        let exponent = u8::try_from(expected["exponent"].as_u64().unwrap()).unwrap();
        let wanted: Vec<(String, i64)> = expected["lines"]
            .as_array()
            .unwrap()
            .iter()
            .enumerate()
            .map(|(index, line)| (format!("gid://shopify/CartLine/{index}"), line["discount"].as_i64().unwrap()))
            .filter(|(_, discount)| *discount > 0)
            .collect();
        let got: Vec<(String, i64)> =
            off_lines(&as_products).into_iter().map(|(id, amount)| (id, decimal(&amount, exponent).unwrap())).collect();
        assert_eq!(got, wanted, "{name}");
        let sum = off_order(&as_order).map_or(0, |(amount, ..)| decimal(&amount, exponent).unwrap());
        assert_eq!(Some(sum), expected["discount"].as_i64(), "{name}");
        compared += 1;
    }
    assert!(compared >= 12, "only {compared} vectors could be said to Shopify");
}
