//! What does WooCommerce want to be asked, in which order? Every code is a coupon of its own, a hundred in a batch.

use serde_json::{Value, json};

use super::{Ask, Call, Push, said};
use crate::money::{Currency, Minor};
use crate::price::{Effect, Limits, Promotion};
use crate::reject::{Code, Error, Result};
use crate::time::zone::Zone;

/// Objects in a batch.
const BATCH: usize = 100;
/// The meta key by which a coupon of ours is known again.
const MARK: &str = "_zugabe_promotion";

/// A coupon as the API takes it, but for its code.
pub(super) fn coupon(promotion: &Promotion, limits: Limits, currency: Currency, zone: &Zone) -> Value {
    let money = |amount: Minor| crate::price::platform::decimal(amount, currency);
    let (kind, amount) = match promotion.effect {
        Effect::Percent { bp } => ("percent", crate::price::platform::percentage(bp)),
        Effect::FixedPerItem { amount } => ("fixed_product", money(amount)),
        Effect::Fixed { amount } => ("fixed_cart", money(amount)),
        _ => ("fixed_cart", "0".to_owned()),
    };
    let mut coupon = json!({
        "discount_type": kind, "amount": amount, "individual_use": promotion.exclusive,
        "usage_limit": limits.uses_per_code, "description": promotion.id,
        "meta_data": [{ "key": MARK, "value": promotion.id }],
    });
    let fields = [
        ("usage_limit_per_user", limits.once_per_customer.then(|| json!(1))),
        ("limit_usage_to_x_items", promotion.max_units.map(|units| json!(units))),
        ("free_shipping", matches!(promotion.effect, Effect::FreeShipping {}).then(|| json!(true))),
        ("minimum_amount", promotion.conditions.min_subtotal.map(|least| json!(money(least)))),
        ("maximum_amount", promotion.conditions.max_subtotal.map(|most| json!(money(most)))),
        // A coupon holds until this second has passed; without a zone in the text, because the field says it is UTC.
        (
            "date_expires_gmt",
            promotion.valid_until.as_ref().map(|until| json!(until.end(zone).to_string().trim_end_matches('Z'))),
        ),
    ];
    for (name, value) in fields {
        if let Some(value) = value {
            coupon[name] = value;
        }
    }
    coupon
}

/// The request that comes next.
#[allow(clippy::unnecessary_wraps)] // As the other platforms' do.
pub(super) fn next(push: &mut Push) -> Result<Option<Call>> {
    if push.progress.codes < push.job.codes.len() {
        if let Some(place) = push.doubtful.first() {
            let path = format!("/wp-json/wc/v3/coupons?code={}", push.code(*place));
            return Ok(Some(Call { ask: Ask::Coupon, name: "coupons", path, body: None, items: 1 }));
        }
        let coupons: Vec<Value> = push
            .next_codes(BATCH)
            .iter()
            .map(|place| {
                let mut coupon = push.terms.clone().unwrap_or_default();
                coupon["code"] = json!(push.code(*place));
                coupon
            })
            .collect();
        let items = coupons.len();
        return Ok(Some(batch(Ask::Coupons, "coupons/batch", &json!({ "create": coupons }), items)));
    }
    while push.progress.facts < push.job.facts.len() {
        let places = push.next_facts(BATCH);
        if places.is_empty() {
            push.facts_done(BATCH);
            continue;
        }
        let customers: Vec<Value> =
            places.iter().filter_map(|place| push.job.facts.get(*place)).map(customer).collect();
        return Ok(Some(batch(Ask::Facts, "customers/batch", &json!({ "update": customers }), places.len())));
    }
    Ok(None)
}

fn batch(ask: Ask, name: &'static str, body: &Value, items: usize) -> Call {
    Call { ask, name, path: format!("/wp-json/wc/v3/{name}"), body: Some(body.clone()), items }
}

fn customer(facts: &super::CustomerFacts) -> Value {
    let values = [
        ("zugabe_tier", facts.tier.map(|tier| tier.as_str().to_owned())),
        ("zugabe_stage", facts.stage.map(|stage| stage.as_str().to_owned())),
        ("zugabe_code", facts.code.clone()),
        ("zugabe_objected", facts.objected.map(|objected| if objected { "1" } else { "" }.to_owned())),
    ];
    let meta: Vec<Value> = values
        .into_iter()
        .filter_map(|(key, value)| value.map(|value| json!({ "key": key, "value": value })))
        .collect();
    // The API takes a number; where it is none that fits, the shop has no such customer either.
    json!({ "id": facts.customer.parse::<u64>().unwrap_or(0), "meta_data": meta })
}

/// Reads what came back.
pub(super) fn answer(push: &mut Push, ask: Ask, status: u16, body: &Value) -> Result<()> {
    if !(200..300).contains(&status) {
        let words = said(body["message"].as_str().unwrap_or_default());
        return Err(Error::new(Code::InvalidValue, format!("WooCommerce answers {status}: {words}")));
    }
    push.went_through();
    match ask {
        Ask::Coupons => created(push, body),
        Ask::Coupon => existing(push, body),
        _ => updated(push, body),
    }
}

fn results<'a>(body: &'a Value, name: &str, wanted: usize) -> Result<&'a Vec<Value>> {
    let results = body[name].as_array().filter(|results| results.len() == wanted);
    results.ok_or_else(|| Error::new(Code::Io, "WooCommerce's answer does not say what became of every object."))
}

/// The answer has a place for every object, in the order of the request.
fn created(push: &mut Push, body: &Value) -> Result<()> {
    let places = push.next_codes(BATCH);
    for (place, result) in places.iter().zip(results(body, "create", places.len())?) {
        let error = &result["error"];
        match error["code"].as_str() {
            None => {
                push.out.insert(*place);
            }
            Some("woocommerce_rest_coupon_code_already_exists") => push.doubtful.push(*place),
            Some(_) => push.refuse_code(*place, said(error["message"].as_str().unwrap_or("refused"))),
        }
    }
    settle(push);
    Ok(())
}

fn settle(push: &mut Push) {
    if push.doubtful.is_empty() {
        push.codes_done(BATCH);
    }
}

/// A coupon with this code was there before: from an earlier run, or of the shop's own.
fn existing(push: &mut Push, body: &Value) -> Result<()> {
    let Some(place) = push.doubtful.first().copied() else { return Ok(()) };
    push.doubtful.remove(0);
    let wanted = push.job.terms.as_ref().map(|terms| terms.promotion.id.clone()).unwrap_or_default();
    let coupons = body.as_array().cloned().unwrap_or_default();
    let same =
        |coupon: &&Value| coupon["code"].as_str().is_some_and(|code| code.eq_ignore_ascii_case(push.code(place)));
    let ours = |coupon: &Value| {
        let marks = coupon["meta_data"].as_array().cloned().unwrap_or_default();
        marks.iter().any(|mark| mark["key"] == json!(MARK) && mark["value"] == json!(wanted))
    };
    match coupons.iter().find(same) {
        Some(coupon) if ours(coupon) => push.code_present(place),
        Some(_) => push.refuse_code(place, "The shop has a coupon of its own with this code."),
        None => push.refuse_code(place, "WooCommerce says that this code is taken, and does not find it."),
    }
    settle(push);
    Ok(())
}

fn updated(push: &mut Push, body: &Value) -> Result<()> {
    let places = push.next_facts(BATCH);
    for (place, result) in places.iter().zip(results(body, "update", places.len())?) {
        if let Some(words) = result["error"]["message"].as_str() {
            push.refuse_customer(*place, said(words));
        }
    }
    push.facts_done(BATCH);
    Ok(())
}
