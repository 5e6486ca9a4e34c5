//! Does the price keep its promises? Every effect and stacking rule by example, and the laws on generated carts.
//! 64 carts each; the long run (`ZUGABE_LONG`) takes 100,000, and `ZUGABE_CASES` any number.

#![allow(clippy::unwrap_used, clippy::panic)] // A case that cannot be read must fail the test.

use proptest::prelude::*;
use serde_json::{Value, json};
use zugabe::price::{
    CartLine, Conditions, Effect, Group, NotApplied, PriceRequest, PriceResult, Promotion, Remainder, Rounding,
    RoundingLevel, RoundingMode, Stacking, StackingMode, TierBasis, TierStep, price, price_text,
};
use zugabe::reject::{Code, Error};

fn ask(fields: Value) -> Result<PriceResult, Error> {
    let mut request = json!({ "v": 1, "now": "2026-11-23T10:00:00Z", "currency": "EUR", "lines": [] });
    let (Value::Object(all), Value::Object(fields)) = (&mut request, fields) else { panic!("objects") };
    all.extend(fields);
    price_text(&request.to_string())
}

/// Three lines: tea 10.00 x 2, cup 25.00 x 1, book 5.00 x 4. 65.00 in all.
fn shop(promotions: Value, more: Value) -> PriceResult {
    let mut fields = json!({
        "lines": [
            { "id": "tea", "unit": 1000, "quantity": 2, "tags": ["tea"] },
            { "id": "cup", "unit": 2500, "quantity": 1, "tags": ["ware", "sale"] },
            { "id": "book", "unit": 500, "quantity": 4, "tags": ["book"] }],
        "promotions": promotions });
    let (Value::Object(all), Value::Object(more)) = (&mut fields, more) else { panic!("objects") };
    all.extend(more);
    let result = ask(fields).unwrap();
    prove(&result);
    result
}

/// Every sum holds, and nothing is below zero.
fn prove(result: &PriceResult) {
    for line in &result.lines {
        assert_eq!(line.shares.iter().sum::<i64>(), line.discount);
        assert!(line.shares.iter().all(|share| *share >= 0));
        assert_eq!(line.gross - line.discount, line.net);
        assert!((0..=line.gross).contains(&line.net));
        assert!((0..=line.total).contains(&line.tax));
    }
    for (index, applied) in result.applied.iter().enumerate() {
        assert_eq!(result.lines.iter().map(|line| line.shares[index]).sum::<i64>(), applied.discount);
    }
    assert_eq!(result.discount, result.applied.iter().map(|applied| applied.discount).sum::<i64>());
    assert_eq!(result.shipping_discount, result.applied.iter().map(|applied| applied.shipping_discount).sum::<i64>());
    let lines: i64 = result.lines.iter().map(|line| line.total).sum();
    assert_eq!(result.total, lines + result.shipping - result.shipping_discount);
}

fn discounts(result: &PriceResult) -> Vec<i64> {
    result.lines.iter().map(|line| line.discount).collect()
}

fn reasons(result: &PriceResult) -> Vec<(&str, NotApplied)> {
    result.rejected.iter().map(|rejected| (rejected.promotion.as_str(), rejected.reason)).collect()
}

#[test]
fn every_effect_takes_off_what_it_says() {
    for (effect, expected) in [
        (json!({ "type": "percent", "bp": 1000 }), [200, 250, 200]),
        (json!({ "type": "fixed", "amount": 1300 }), [400, 500, 400]),
        (json!({ "type": "fixed_per_item", "amount": 700 }), [1400, 700, 2000]),
        (json!({ "type": "buy_get", "buy": 2, "get": 1 }), [0, 0, 1000]),
        (json!({ "type": "buy_get", "buy": 1, "get": 1, "bp": 5000 }), [0, 0, 750]),
        (
            json!({ "type": "tiers", "by": "subtotal", "steps": [{ "from": 5000, "bp": 1000 }, { "from": 10_000, "bp": 2000 }] }),
            [200, 250, 200],
        ),
        (json!({ "type": "tiers", "by": "quantity", "steps": [{ "from": 7, "amount": 1300 }] }), [400, 500, 400]),
    ] {
        let result = shop(json!([{ "id": "p", "currency": "EUR", "effect": effect }]), json!({}));
        assert_eq!(discounts(&result), expected, "{effect}");
    }
    let too_few = json!([{ "id": "p", "currency": "EUR", "effect": { "type": "tiers", "by": "quantity", "steps": [{ "from": 8, "amount": 1 }] } }]);
    assert_eq!(reasons(&shop(too_few, json!({}))), [("p", NotApplied::NoEffect)]);
}

#[test]
fn shipping_becomes_free_and_a_gift_becomes_a_line_to_add() {
    let promotions = json!([
        { "id": "ship", "effect": { "type": "free_shipping" } },
        { "id": "gift", "effect": { "type": "gift", "product": "sample-tea", "quantity": 2 } }]);
    let result = shop(promotions.clone(), json!({ "shipping": 495 }));
    assert_eq!((result.shipping_discount, result.total, result.discount), (495, 6500, 0));
    assert_eq!((result.gifts[0].product.as_str(), result.gifts[0].quantity), ("sample-tea", 2));
    let collected = shop(promotions, json!({}));
    assert_eq!(reasons(&collected), [("ship", NotApplied::NoEffect)], "there is no shipping to take off");
    let capped = json!([{ "id": "ship", "currency": "EUR", "cap": 300, "effect": { "type": "free_shipping" } }]);
    assert_eq!(shop(capped, json!({ "shipping": 495 })).total, 6695);
}

#[test]
fn tags_choose_the_lines_and_their_subtotal_is_what_conditions_count() {
    let only = |conditions: Value| {
        shop(
            json!([{ "id": "p", "currency": "EUR", "effect": { "type": "percent", "bp": 1000 }, "conditions": conditions }]),
            json!({}),
        )
    };
    assert_eq!(discounts(&only(json!({ "tags": ["tea", "book"] }))), [200, 0, 200]);
    assert_eq!(discounts(&only(json!({ "withoutTags": ["sale"] }))), [200, 0, 200]);
    assert_eq!(reasons(&only(json!({ "tags": ["wine"] }))), [("p", NotApplied::NoMatchingLine)]);
    for (conditions, reason, provided, required) in [
        (json!({ "tags": ["tea"], "minSubtotal": 2001 }), NotApplied::MinimumSubtotal, 2000, 2001),
        (json!({ "maxSubtotal": 6499 }), NotApplied::MaximumSubtotal, 6500, 6499),
        (json!({ "minQuantity": 8 }), NotApplied::MinimumQuantity, 7, 8),
        (json!({ "tags": ["book"], "maxQuantity": 3 }), NotApplied::MaximumQuantity, 4, 3),
    ] {
        let result = only(conditions.clone());
        let rejected = &result.rejected[0];
        assert_eq!((rejected.reason, rejected.provided, rejected.required), (reason, Some(provided), Some(required)));
        // Changing that one number to the required one removes the rejection.
        let mut mended = conditions;
        let field = ["minSubtotal", "maxSubtotal", "minQuantity", "maxQuantity"];
        let field = field.into_iter().find(|field| mended.get(*field).is_some()).unwrap();
        mended[field] = json!(provided);
        assert!(only(mended).rejected.is_empty());
    }
}

#[test]
fn a_first_order_is_one_only_when_it_is_said_to_be() {
    let promotions =
        json!([{ "id": "p", "effect": { "type": "percent", "bp": 1000 }, "conditions": { "firstOrderOnly": true } }]);
    for (first, applied) in [(json!({}), 0), (json!({ "firstOrder": false }), 0), (json!({ "firstOrder": true }), 1)] {
        assert_eq!(shop(promotions.clone(), first).applied.len(), applied);
    }
}

#[test]
fn no_line_goes_below_its_floor() {
    let lines =
        json!([{ "id": "a", "unit": 1000, "quantity": 2, "floor": 900 }, { "id": "b", "unit": 1000, "quantity": 2 }]);
    for effect in [
        json!({ "type": "percent", "bp": 5000 }),
        json!({ "type": "fixed", "amount": 5000 }),
        json!({ "type": "fixed_per_item", "amount": 300 }),
        json!({ "type": "buy_get", "buy": 1, "get": 1 }),
    ] {
        for level in ["order", "line", "unit"] {
            let result = ask(json!({
                "lines": lines, "rounding": { "level": level },
                "promotions": [{ "id": "p", "currency": "EUR", "effect": effect }] }))
            .unwrap();
            prove(&result);
            assert!(result.lines[0].net >= 1800, "{effect} {level}");
        }
    }
}

#[test]
fn priority_decides_the_order_and_an_exclusive_one_stands_alone() {
    let ten = |id: &str, more: Value| {
        let mut promotion = json!({ "id": id, "effect": { "type": "percent", "bp": 1000 } });
        promotion.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        promotion
    };
    let result = shop(json!([ten("late", json!({})), ten("early", json!({ "priority": 5 }))]), json!({}));
    let order: Vec<_> = result.applied.iter().map(|applied| (applied.promotion.as_str(), applied.discount)).collect();
    assert_eq!(order, [("early", 650), ("late", 585)]);
    let first = shop(json!([ten("only", json!({ "exclusive": true })), ten("b", json!({}))]), json!({}));
    assert_eq!(reasons(&first), [("b", NotApplied::Exclusive)]);
    let second = shop(json!([ten("a", json!({})), ten("only", json!({ "exclusive": true }))]), json!({}));
    assert_eq!(reasons(&second), [("only", NotApplied::Exclusive)]);
}

#[test]
fn groups_and_caps_hold_and_what_they_leave_no_room_for_says_so() {
    let in_group = |id: &str, amount: i64| json!({ "id": id, "currency": "EUR", "group": "g", "effect": { "type": "fixed", "amount": amount } });
    let stack = |stacking: Value| {
        shop(json!([in_group("a", 1000), in_group("b", 1000), in_group("c", 1000)]), json!({ "stacking": stacking }))
    };
    let one = stack(json!({ "groups": [{ "id": "g", "oneOf": true }] }));
    assert_eq!((one.discount, reasons(&one).len()), (1000, 2));
    assert_eq!(reasons(&one)[0].1, NotApplied::GroupTaken);
    let capped = stack(json!({ "groups": [{ "id": "g", "cap": 1500 }] }));
    assert_eq!((capped.discount, reasons(&capped)), (1500, vec![("c", NotApplied::CapReached)]));
    assert_eq!(stack(json!({ "capBp": 2000 })).discount, 1300);
    assert_eq!(stack(json!({ "cap": 2200 })).discount, 2200);
    let own = json!([{ "id": "p", "currency": "EUR", "cap": 321, "effect": { "type": "percent", "bp": 5000 } }]);
    assert_eq!(shop(own, json!({})).discount, 321);
}

#[test]
fn attack_16_a_stack_of_codes_stops_at_the_rules_of_the_order() {
    let code = |id: &str, effect: Value| json!({ "id": id, "code": id, "currency": "EUR", "group": "codes", "effect": effect });
    let promotions = json!([
        code("SAVE20", json!({ "type": "percent", "bp": 2000 })),
        code("FLAT5", json!({ "type": "fixed", "amount": 500 }))
    ]);
    let result = shop(
        promotions,
        json!({ "codes": ["SAVE20", "FLAT5", "save20", "flat-5"], "stacking": { "groups": [{ "id": "codes", "oneOf": true }] } }),
    );
    assert_eq!(result.discount, 1300);
    assert_eq!(reasons(&result), [("FLAT5", NotApplied::GroupTaken)]);
    assert_eq!(result.entered.iter().map(|entered| entered.applied).collect::<Vec<_>>(), [true, false]);
}

#[test]
fn the_best_combination_is_found_and_the_others_say_so() {
    let promotions = json!([
        { "id": "small", "currency": "EUR", "group": "g", "effect": { "type": "fixed", "amount": 500 } },
        { "id": "large", "group": "g", "effect": { "type": "percent", "bp": 2000 } },
        { "id": "free", "currency": "EUR", "effect": { "type": "fixed", "amount": 100 } },
        { "id": "alone", "exclusive": true, "effect": { "type": "percent", "bp": 2100 } }]);
    let stacking = json!({ "mode": "best", "groups": [{ "id": "g", "oneOf": true }] });
    let result = shop(promotions.clone(), json!({ "stacking": stacking }));
    assert_eq!(result.applied.iter().map(|applied| applied.promotion.as_str()).collect::<Vec<_>>(), ["large", "free"]);
    assert_eq!(reasons(&result), [("small", NotApplied::NotBest), ("alone", NotApplied::NotBest)]);
    let mut stronger = promotions;
    stronger[3]["effect"]["bp"] = json!(2200);
    assert_eq!(shop(stronger, json!({ "stacking": stacking })).discount, 1430);
    assert_eq!(shop(json!([]), json!({ "stacking": { "mode": "best" } })).total, 6500);
}

#[test]
fn a_promotion_without_effect_does_not_keep_a_gift_from_winning() {
    // Both in one group, the one without effect first: a gift takes off nothing either, and still gives more.
    let promotions = json!([
        { "id": "void", "group": "g", "priority": 1, "effect": { "type": "free_shipping" } },
        { "id": "gift", "group": "g", "effect": { "type": "gift", "product": "sample" } }]);
    let stacking = json!({ "mode": "best", "groups": [{ "id": "g", "oneOf": true }] });
    let result = shop(promotions, json!({ "stacking": stacking }));
    assert_eq!((result.gifts.len(), reasons(&result)), (1, vec![("void", NotApplied::NotBest)]));
}

#[test]
fn what_can_only_be_a_mistake_is_refused_at_its_path() {
    let promotion = |fields: Value| {
        let mut promotion = json!({ "id": "p", "currency": "EUR", "effect": { "type": "percent", "bp": 1 } });
        promotion.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
        json!({ "promotions": [promotion] })
    };
    let cart = |lines: Value| json!({ "lines": lines });
    for (fields, code, path) in [
        (json!({ "v": 2 }), Code::UnsupportedVersion, "v"),
        (json!({ "shipping": -1 }), Code::InvalidAmount, "shipping"),
        (json!({ "currency": "EURO" }), Code::InvalidValue, "currency"),
        (json!({ "coupons": [] }), Code::UnknownField, "coupons"),
        (cart(json!([{ "id": "a", "unit": -1, "quantity": 1 }])), Code::InvalidAmount, "lines[0].unit"),
        (cart(json!([{ "id": "a", "unit": 1, "quantity": 0 }])), Code::InvalidValue, "lines[0].quantity"),
        (cart(json!([{ "id": "a", "unit": 1, "quantity": 1, "floor": 2 }])), Code::Contradiction, "lines[0].floor"),
        (
            cart(json!([{ "id": "a", "unit": 9_007_199_254_740_991_i64, "quantity": 2 }])),
            Code::InvalidAmount,
            "lines[0]",
        ),
        (
            cart(json!([{ "id": "a", "unit": 1, "quantity": 1 }, { "id": "a", "unit": 1, "quantity": 1 }])),
            Code::Contradiction,
            "lines[1].id",
        ),
        (promotion(json!({ "code": " - " })), Code::InvalidValue, "promotions[0].code"),
        (promotion(json!({ "maxUnits": 0 })), Code::InvalidValue, "promotions[0].maxUnits"),
        (
            promotion(json!({ "effect": { "type": "free_shipping" }, "maxUnits": 1 })),
            Code::Contradiction,
            "promotions[0].maxUnits",
        ),
        (
            promotion(json!({ "effect": { "type": "fixed", "amount": 0 } })),
            Code::InvalidAmount,
            "promotions[0].effect.amount",
        ),
        (
            promotion(json!({ "effect": { "type": "buy_get", "buy": 0, "get": 1 } })),
            Code::InvalidValue,
            "promotions[0].effect",
        ),
        (
            promotion(json!({ "effect": { "type": "tiers", "by": "quantity", "steps": [] } })),
            Code::Empty,
            "promotions[0].effect.steps",
        ),
        (
            promotion(json!({ "effect": { "type": "tiers", "by": "quantity", "steps": [{ "from": 1 }] } })),
            Code::Contradiction,
            "promotions[0].effect.steps[0]",
        ),
        (
            promotion(
                json!({ "effect": { "type": "tiers", "by": "quantity", "steps": [{ "from": 2, "bp": 1 }, { "from": 2, "bp": 2 }] } }),
            ),
            Code::Contradiction,
            "promotions[0].effect.steps[1].from",
        ),
        (
            promotion(json!({ "conditions": { "minSubtotal": 2, "maxSubtotal": 1 } })),
            Code::Contradiction,
            "promotions[0].conditions.maxSubtotal",
        ),
        (
            promotion(json!({ "validFrom": "2026-11-24", "validUntil": "2026-11-23" })),
            Code::Contradiction,
            "promotions[0].validUntil",
        ),
        (promotion(json!({ "validFrom": "tomorrow" })), Code::InvalidValue, "promotions[0].validFrom"),
        (
            json!({ "stacking": { "groups": [{ "id": "g" }, { "id": "g" }] } }),
            Code::Contradiction,
            "stacking.groups[1].id",
        ),
        (json!({ "stacking": { "capBp": 10_001 } }), Code::InvalidValue, "stacking.capBp"),
    ] {
        let error = ask(fields.clone()).unwrap_err();
        assert_eq!((error.code, error.path.as_str()), (code, path), "{fields}");
    }
    let zone = ask(
        json!({ "timeZone": "Berlin", "promotions": [{ "id": "p", "effect": { "type": "percent", "bp": 1 }, "validUntil": "2027-01-01" }] }),
    );
    assert_eq!(zone.unwrap_err().path, "timeZone");
}

// The laws, on generated carts.

fn cases() -> ProptestConfig {
    let asked = std::env::var("ZUGABE_CASES").ok().and_then(|n| n.parse().ok());
    let usual = if std::env::var_os("ZUGABE_LONG").is_some() { 100_000 } else { 64 };
    ProptestConfig::with_cases(asked.unwrap_or(usual))
}

fn tags() -> impl Strategy<Value = Vec<String>> {
    proptest::collection::vec(prop::sample::select(vec!["tea", "ware", "sale"]).prop_map(str::to_owned), 0..3)
}

fn lines() -> impl Strategy<Value = Vec<CartLine>> {
    // Lines of the same price are what ties are made of.
    let same = prop::sample::select(vec![100_i64, 999, 1000]);
    let unit = prop_oneof![2 => same, 1 => 0_i64..50, 1 => 0_i64..20_000, 1 => 0_i64..10_000_000_000];
    let quantity = prop_oneof![1_u32..3, 1_u32..2000];
    let line = (unit, quantity, prop::sample::select(vec![0_u32, 700, 1900, 2500]), tags(), 0_i64..=100);
    proptest::collection::vec(line, 1..12).prop_map(|lines| {
        let with_id =
            |(index, (unit, quantity, tax_rate_bp, tags, floor)): (usize, (i64, u32, u32, Vec<String>, i64))| {
                let floor = if floor > 70 { unit * (floor - 70) / 100 } else { 0 };
                CartLine { id: format!("l{index}"), unit, quantity, tax_rate_bp, tags, floor }
            };
        lines.into_iter().enumerate().map(with_id).collect()
    })
}

fn effect() -> impl Strategy<Value = Effect> {
    let step = (1_u32..=10_000, 1_i64..100_000, any::<bool>());
    prop_oneof![
        4 => (1_u32..=10_000).prop_map(|bp| Effect::Percent { bp }),
        3 => (1_i64..100_000).prop_map(|amount| Effect::Fixed { amount }),
        2 => (1_i64..5_000).prop_map(|amount| Effect::FixedPerItem { amount }),
        1 => Just(Effect::FreeShipping {}),
        2 => (1_u32..4, 1_u32..4, 1_u32..=10_000).prop_map(|(buy, get, bp)| Effect::BuyGet { buy, get, bp }),
        1 => Just(Effect::Gift { product: "sample".to_owned(), quantity: 1 }),
        2 => (proptest::collection::vec(step, 1..4), any::<bool>()).prop_map(|(steps, by_subtotal)| Effect::Tiers {
            by: if by_subtotal { TierBasis::Subtotal } else { TierBasis::Quantity },
            steps: steps
                .into_iter()
                .enumerate()
                .map(|(index, (bp, amount, as_bp))| TierStep {
                    from: index as i64 * 20,
                    bp: as_bp.then_some(bp),
                    amount: (!as_bp).then_some(amount),
                })
                .collect(),
        }),
    ]
}

fn promotions() -> impl Strategy<Value = Vec<Promotion>> {
    let rules = (proptest::option::weighted(0.2, 0_i64..50_000), tags(), tags(), any::<bool>());
    let stacking = (
        -2_i32..3,
        proptest::bool::weighted(0.1),
        proptest::option::weighted(0.4, prop::sample::select(vec!["g", "h"])),
    );
    let more = (
        proptest::option::weighted(0.2, 1_i64..20_000),
        proptest::option::weighted(0.2, 1_u32..50),
        proptest::option::of(any::<bool>()),
    );
    proptest::collection::vec((effect(), rules, stacking, more, 0_u8..10), 0..6).prop_map(|all| {
        let currency = zugabe::money::Currency::parse("EUR").unwrap();
        let dollars = zugabe::money::Currency::parse("USD").unwrap();
        all.into_iter()
            .enumerate()
            .map(
                |(
                    index,
                    (
                        effect,
                        (min_subtotal, tags, without_tags, filter),
                        (priority, exclusive, group),
                        (cap, max_units, tax_included),
                        kind,
                    ),
                )| {
                    let counted = matches!(effect, Effect::Percent { .. } | Effect::FixedPerItem { .. });
                    Promotion {
                        id: format!("p{index}"),
                        code: (kind == 0).then(|| format!("CODE{index}")),
                        currency: Some(if kind == 1 { dollars } else { currency }),
                        tax_included,
                        effect,
                        conditions: Conditions {
                            min_subtotal,
                            tags: if filter { tags } else { Vec::new() },
                            without_tags: if filter { Vec::new() } else { without_tags.into_iter().take(1).collect() },
                            ..Conditions::default()
                        },
                        max_units: max_units.filter(|_| counted),
                        cap,
                        priority,
                        exclusive,
                        group: group.map(str::to_owned),
                        valid_from: None,
                        valid_until: None,
                    }
                },
            )
            .collect()
    })
}

prop_compose! {
    fn requests()(
        lines in lines(),
        promotions in promotions(),
        (tax_included, shipping) in (any::<bool>(), 0_i64..2_000),
        mode in prop::sample::select(vec![RoundingMode::HalfUp, RoundingMode::HalfEven, RoundingMode::Down]),
        level in prop::sample::select(vec![RoundingLevel::Order, RoundingLevel::Line, RoundingLevel::Unit]),
        remainder in prop::sample::select(vec![Remainder::Largest, Remainder::First, Remainder::Last]),
        (best, one_of) in (any::<bool>(), any::<bool>()),
        (cap, cap_bp) in (proptest::option::weighted(0.2, 0_i64..50_000), proptest::option::weighted(0.2, 0_u32..=10_000)),
    ) -> PriceRequest {
        PriceRequest {
            v: 1,
            now: zugabe::time::Instant::from_unix(1_795_000_000),
            time_zone: "Europe/Berlin".to_owned(),
            currency: zugabe::money::Currency::parse("EUR").unwrap(),
            tax_included,
            estimate: false,
            rounding: Rounding { mode, level, remainder },
            lines,
            shipping,
            first_order: None,
            codes: vec!["code0".to_owned()],
            promotions,
            stacking: Stacking {
                mode: if best { StackingMode::Best } else { StackingMode::InOrder },
                cap,
                cap_bp: None,
                groups: vec![Group { id: "g".to_owned(), one_of, cap: None, cap_bp }],
            },
        }
    }
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn the_parts_are_the_whole_and_no_line_goes_below_zero_or_its_floor(request in requests()) {
        let result = price(&request).unwrap();
        prove(&result);
        for (line, asked) in result.lines.iter().zip(&request.lines) {
            prop_assert!(line.net >= asked.floor * i64::from(asked.quantity));
        }
        prop_assert_eq!(result.applied.len() + result.rejected.len(), request.promotions.len());
        if let Some(cap) = request.stacking.cap {
            prop_assert!(result.discount <= cap);
        }
        for applied in &result.applied {
            let promotion = request.promotions.iter().find(|promotion| promotion.id == applied.promotion).unwrap();
            prop_assert!(promotion.cap.is_none_or(|cap| applied.discount + applied.shipping_discount <= cap));
            let gift = matches!(promotion.effect, Effect::Gift { .. });
            prop_assert!(gift || applied.discount + applied.shipping_discount > 0, "what takes off nothing is not applied");
        }
    }

    #[test]
    fn the_order_of_lines_does_not_matter_with_the_largest_remainder(
        request in requests(),
        turn in 0_usize..12,
        alike in any::<bool>(),
    ) {
        let mut request = request;
        request.rounding.remainder = Remainder::Largest;
        if alike {
            // Lines that differ in nothing but their id: who gets the last minor unit is a tie each time.
            let first = request.lines[0].clone();
            request.lines.iter_mut().for_each(|line| *line = CartLine { id: line.id.clone(), ..first.clone() });
        }
        let result = price(&request).unwrap();
        let mut turned = request.clone();
        turned.lines.reverse();
        let turn = turn % turned.lines.len();
        turned.lines.rotate_left(turn);
        let other = price(&turned).unwrap();
        for line in &result.lines {
            prop_assert_eq!(Some(line), other.lines.iter().find(|other| other.id == line.id));
        }
        prop_assert_eq!((result.total, &result.applied, &result.rejected), (other.total, &other.applied, &other.rejected));
    }

    #[test]
    fn a_promotion_that_is_rejected_changes_nothing(request in requests()) {
        let result = price(&request).unwrap();
        for rejected in &result.rejected {
            let mut without = request.clone();
            without.promotions.retain(|promotion| promotion.id != rejected.promotion);
            let other = price(&without).unwrap();
            prop_assert_eq!((&result.lines, result.total, &result.applied), (&other.lines, other.total, &other.applied));
        }
    }

    #[test]
    fn the_result_is_read_back_as_it_was_written(request in requests()) {
        let result = price(&request).unwrap();
        let text = zugabe::canonical::text(&result).unwrap();
        let again: PriceResult = serde_json::from_str(&text).unwrap();
        prop_assert_eq!(&again, &result);
        let asked = zugabe::canonical::text(&request).unwrap();
        prop_assert_eq!(price_text(&asked).unwrap(), result);
    }

    #[test]
    fn returns_in_any_portions_return_what_the_line_cost(request in requests(), portion in 1_u32..500) {
        let priced = price(&request).unwrap();
        for line in &priced.lines {
            let (mut already, mut sum) = (0, 0);
            while already < line.quantity {
                let quantity = portion.min(line.quantity - already);
                let returns = vec![zugabe::price::ReturnedLine { line: line.id.clone(), quantity, already }];
                sum += zugabe::price::refund(&zugabe::price::RefundRequest { v: 1, priced: priced.clone(), returns }).unwrap().amount;
                already += quantity;
            }
            prop_assert_eq!(sum, line.total);
        }
    }

    #[test]
    fn arbitrary_bytes_are_refused_and_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let text = String::from_utf8_lossy(&bytes);
        prop_assert!(price_text(&text).is_err());
        prop_assert!(zugabe::price::refund_text(&text).is_err());
    }

    #[test]
    fn a_request_with_bytes_changed_anywhere_is_priced_or_refused_and_never_panics(
        request in requests(),
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
    ) {
        let mut bytes = zugabe::canonical::text(&request).unwrap().into_bytes();
        for (place, byte) in changes {
            let place = place.index(bytes.len());
            bytes[place] = byte;
        }
        if let Ok(result) = price_text(&String::from_utf8_lossy(&bytes)) {
            prove(&result);
        }
    }
}
