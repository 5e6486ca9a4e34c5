//! A plan of a known shape is the plan: the statements that were given once, with the literals of today, are those that
//! the operation has.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::{Value as Json, json};
use zugabe::books::{BooksOperation, Cell, OnEmpty, Shapes, Step, Value, When, plan};

/// Puts literals where a step has some, in the order of `ShapedPlan`.
fn put(step: &mut Step, literals: &mut std::vec::IntoIter<Cell>) {
    for when in &mut step.when {
        if let When::Equals { value, .. } | When::Differs { value, .. } = when {
            put_value(value, literals);
        }
    }
    for list in [&mut step.key, &mut step.values, &mut step.set, &mut step.add] {
        list.iter_mut().for_each(|assignment| put_value(&mut assignment.value, literals));
    }
    for condition in &mut step.conditions {
        condition.to.iter_mut().for_each(|value| put_value(value, literals));
    }
    if let OnEmpty::Read { step } = &mut step.on_empty {
        put(step, literals);
    }
}

fn put_value(value: &mut Value, literals: &mut std::vec::IntoIter<Cell>) {
    match value {
        Value::Text { text } => *text = literals.next().unwrap().as_str().unwrap().to_owned(),
        Value::Int { int } => *int = literals.next().unwrap().as_i64().unwrap(),
        Value::Ref { .. } | Value::Own { .. } => {}
        Value::Sum { plus, minus } => plus.iter_mut().chain(minus).for_each(|part| put_value(part, literals)),
    }
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![Just("1".to_owned()), "[a-z0-9\"\\\\é]{1,6}"]
}

fn some(of: impl Strategy<Value = String>) -> impl Strategy<Value = Json> {
    proptest::option::of(of).prop_map(|text| text.map_or(Json::Null, Json::from))
}

/// A document without what is absent.
fn without_nulls(document: Json) -> Json {
    match document {
        Json::Object(fields) => fields
            .into_iter()
            .filter(|(_, field)| !field.is_null())
            .map(|(name, field)| (name, without_nulls(field)))
            .collect(),
        other => other,
    }
}

fn holder() -> impl Strategy<Value = Json> {
    (some(text()), some(text()), text())
        .prop_map(|(customer, email, checkout)| json!({ "customer": customer, "email": email, "checkout": checkout }))
}

fn action() -> impl Strategy<Value = Json> {
    let number = || prop_oneof![Just(1_i64), 2_i64..100_000];
    prop_oneof![
        3 => (text(), text(), holder(), proptest::option::of(0_i64..3000), any::<bool>()).prop_map(
            |(code, order, holder, amount, mirror)| json!({ "type": "redeem", "code": code, "order": order, "holder": holder, "amount": amount, "mirror": mirror })
        ),
        2 => (text(), holder(), 0_i64..900, 0_i64..3000).prop_map(
            |(code, holder, ttl, amount)| json!({ "type": "reserve", "code": code, "holder": holder, "ttl": ttl, "amount": amount })
        ),
        1 => (text(), holder()).prop_map(|(code, holder)| json!({ "type": "release", "code": code, "holder": holder })),
        1 => (text(), text(), any::<bool>(), any::<bool>()).prop_map(
            |(code, order, keep, mirror)| json!({ "type": "cancel", "code": code, "order": order, "keep": keep, "mirror": mirror })
        ),
        1 => (text(), text(), text(), proptest::option::of(0_i64..3000)).prop_map(
            |(code, order, reference, amount)| json!({ "type": "reverse", "code": code, "order": order, "reference": reference, "amount": amount })
        ),
        1 => (text(), text(), some(text()), some(text()), some(text()), proptest::option::of(number())).prop_map(
            |(code, campaign, owner, budget, claim, each)| json!({ "type": "issue", "code": code, "campaign": campaign, "owner": owner, "budget": budget, "claim": claim, "perCustomer": each, "scope": each.map(|_| "campaign") })
        ),
        1 => (text(), text(), text(), text(), some(text()), number()).prop_map(
            |(reward, referral, order, customer, budget, amount)| json!({ "type": "reward", "reward": reward, "referral": referral, "order": order, "customer": customer, "budget": budget, "amount": amount })
        ),
        1 => (text(), number()).prop_map(|(batch, count)| json!({ "type": "lease", "batch": batch, "count": count, "size": 100_000 })),
        1 => (text(), proptest::option::of(number())).prop_map(|(campaign, uses)| json!({ "type": "campaign", "campaign": campaign, "uses": uses })),
        1 => (text(), number()).prop_map(|(budget, by)| json!({ "type": "grant", "budget": budget, "by": by })),
        1 => (text(), text()).prop_map(|(order, reason)| json!({ "type": "claw_back", "order": order, "reason": reason })),
        1 => some(text()).prop_map(|code| json!({ "type": "expire", "code": code })),
        1 => text().prop_map(|code| json!({ "type": "void", "code": code })),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]
    #[test]
    fn a_plan_of_a_known_shape_is_the_plan(asked in proptest::collection::vec((action(), text(), text(), any::<bool>(), 0_i64..2_000_000_000), 1..40)) {
        let mut shapes = Shapes::default();
        let mut known: BTreeMap<u32, Vec<Step>> = BTreeMap::new();
        for (action, tenant, key, keyed, now) in asked {
            let needs_key = matches!(action["type"].as_str(), Some("reserve" | "grant"));
            let now = zugabe::time::Instant::from_unix(now).to_string();
            let key = (keyed || needs_key).then_some(key);
            let document = without_nulls(json!({ "v": 1, "tenant": tenant, "key": key, "now": now, "action": action }));
            let operation: BooksOperation = serde_json::from_value(document).unwrap();
            let shaped = shapes.plan(operation.clone()).unwrap();
            if let Some(steps) = shaped.steps {
                prop_assert!(known.insert(shaped.shape, steps).is_none(), "a shape's statements are given once");
            }
            let mut literals = shaped.values.into_iter();
            let mut steps = known[&shaped.shape].clone();
            steps.iter_mut().for_each(|step| put(step, &mut literals));
            prop_assert_eq!(literals.len(), 0, "every literal has its place");
            prop_assert_eq!(steps, plan(operation).unwrap().steps);
        }
    }
}
