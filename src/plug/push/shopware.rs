//! What does Shopware want to be asked, in which order? The sync API writes and writes again under ids of our choice, so a
//! second run changes nothing.

use serde_json::{Value, json};

use super::job::is_shopware_id;
use super::{Ask, Call, Push, PushJob, id_of, said};
use crate::price::Platform;
use crate::reject::{Code, Error, Result};

/// Codes in a call.
const CODES: usize = 500;
/// Customers in a call.
const CUSTOMERS: usize = 100;
/// Shopware's type of sales channel for storefronts.
const STOREFRONT: &str = "8a243080f92e4c719546314b577cf82b";

fn call(ask: Ask, name: &'static str, body: Value, items: usize) -> Call {
    Call { ask, name, path: format!("/api/{name}"), body: Some(body), items }
}

fn sync(ask: Ask, operations: Vec<Value>, items: usize) -> Call {
    call(ask, "_action/sync", Value::Array(operations), items)
}

fn upsert(entity: &str, payload: Value) -> Value {
    json!({ "key": entity, "entity": entity, "action": "upsert", "payload": payload })
}

/// Gives the promotion an id where none was chosen: the same one in every run.
pub(super) fn with_id(job: &mut PushJob) -> Result<()> {
    if job.platform != Platform::Shopware {
        return Ok(());
    }
    let shop = job.address()?.to_owned();
    if let Some(terms) = job.terms.as_mut().filter(|terms| terms.promotion_id.is_none()) {
        terms.promotion_id = Some(id_of(&["promotion", &shop, &terms.promotion.id]));
    }
    let unsound = job.sales_channels.iter().position(|id| !is_shopware_id(id));
    unsound.map_or(Ok(()), |index| {
        let message = "An id in Shopware is 32 hexadecimal digits in lower case.";
        Err(Error::at(Code::InvalidValue, format!("salesChannels[{index}]"), message))
    })
}

/// The request that comes next.
pub(super) fn next(push: &mut Push) -> Result<Option<Call>> {
    if push.progress.codes < push.job.codes.len() {
        return codes(push).map(Some);
    }
    if let Some(call) = facts(push) {
        return Ok(Some(call));
    }
    Ok(push
        .job
        .policy
        .as_ref()
        .filter(|_| !push.progress.policy)
        .map(|policy| call(Ask::Policy, "_action/system-config", json!({ "ZugabeThanks.config.policy": policy }), 0)))
}

fn codes(push: &mut Push) -> Result<Call> {
    let promotion = push.job.terms.as_ref().and_then(|terms| terms.promotion_id.clone()).unwrap_or_default();
    if !push.progress.ready {
        let channels =
            if push.job.sales_channels.is_empty() { &push.progress.sales_channels } else { &push.job.sales_channels };
        if channels.is_empty() {
            let body = json!({
                "limit": 500, "includes": { "sales_channel": ["id"] },
                "filter": [{ "type": "equals", "field": "typeId", "value": STOREFRONT }] });
            return Ok(call(Ask::SalesChannels, "search/sales-channel", body, 0));
        }
        let body = with_children(push, &promotion, channels);
        return Ok(sync(Ask::Promotion, vec![upsert("promotion", json!([body]))], 0));
    }
    if !push.doubtful.is_empty() {
        let codes: Vec<&str> = push.doubtful.iter().map(|place| push.code(*place)).collect();
        let body = json!({
            "limit": CODES, "includes": { "promotion_individual_code": ["id", "promotionId", "code"] },
            "filter": [{ "type": "equalsAny", "field": "code", "value": codes.join("|") }] });
        return Ok(call(Ask::WhoseCodes, "search/promotion-individual-code", body, codes.len()));
    }
    let places = push.next_codes(CODES);
    let rows: Vec<Value> = places
        .iter()
        .map(|place| {
            let code = push.code(*place);
            json!({ "id": code_id(&promotion, code), "promotionId": promotion, "code": code })
        })
        .collect();
    Ok(sync(Ask::Codes, vec![upsert("promotion_individual_code", Value::Array(rows))], places.len()))
}

fn code_id(promotion: &str, code: &str) -> String {
    id_of(&["code", promotion, &code.to_ascii_uppercase()])
}

/// The promotion with all that hangs on it, each under an id of its own: without one, a second run would give a second
/// discount.
fn with_children(push: &Push, promotion: &str, channels: &[String]) -> Value {
    let mut body = push.terms.clone().unwrap_or_default();
    if let Some(discounts) = body.get_mut("discounts").and_then(Value::as_array_mut) {
        for (index, discount) in discounts.iter_mut().enumerate() {
            discount["id"] = json!(id_of(&["discount", promotion, &index.to_string()]));
        }
    }
    if let Some(rules) = body.get_mut("cartRules").and_then(Value::as_array_mut) {
        for (index, rule) in rules.iter_mut().enumerate() {
            let id = id_of(&["rule", promotion, &index.to_string()]);
            rule["id"] = json!(id);
            if let Some(conditions) = rule.get_mut("conditions").and_then(Value::as_array_mut) {
                for (place, condition) in conditions.iter_mut().enumerate() {
                    condition["id"] = json!(id_of(&["condition", &id, &place.to_string()]));
                }
            }
        }
    }
    let channels: Vec<Value> = channels
        .iter()
        .map(|channel| json!({ "id": id_of(&["channel", promotion, channel]), "salesChannelId": channel, "priority": 1 }))
        .collect();
    body["salesChannels"] = Value::Array(channels);
    if let Some(pattern) = &push.job.pattern {
        body["individualCodePattern"] = json!(pattern);
    }
    body
}

fn facts(push: &mut Push) -> Option<Call> {
    while push.progress.facts < push.job.facts.len() {
        let places = push.next_facts(CUSTOMERS);
        let customers: Vec<_> = places.iter().filter_map(|place| push.job.facts.get(*place)).collect();
        if customers.is_empty() {
            push.facts_done(CUSTOMERS);
            continue;
        }
        if !push.found {
            let ids: Vec<&str> = customers.iter().map(|facts| facts.customer.as_str()).collect();
            let body = json!({ "ids": ids, "limit": ids.len() });
            return Some(call(Ask::FindCustomers, "search-ids/customer", body, ids.len()));
        }
        let rows: Vec<Value> = customers
            .iter()
            .map(|facts| {
                let mut fields = serde_json::Map::new();
                let mut put = |name: &str, value: Option<Value>| {
                    if let Some(value) = value {
                        fields.insert(name.to_owned(), value);
                    }
                };
                put("zugabe_tier", facts.tier.map(|tier| json!(tier)));
                put("zugabe_stage", facts.stage.map(|stage| json!(stage)));
                put("zugabe_order_number", facts.order_number.map(|number| json!(number)));
                put("zugabe_code", facts.code.as_ref().map(|code| json!(code)));
                put("zugabe_objected", facts.objected.map(|objected| json!(objected)));
                let mut row = json!({ "id": facts.customer, "customFields": fields });
                if push.job.tags
                    && let Some(name) = tier_tag(facts.tier.map(|tier| tier.as_str()))
                {
                    row["tags"] = json!([{ "id": tag_id(&name), "name": name }]);
                }
                row
            })
            .collect();
        let mut operations = Vec::new();
        if push.job.tags {
            let gone: Vec<Value> = customers
                .iter()
                .filter_map(|facts| Some((facts, facts.tier?.as_str())))
                .flat_map(|(facts, tier)| {
                    let others = TIERS.iter().filter(move |other| **other != tier);
                    others
                        .filter_map(|other| tier_tag(Some(*other)))
                        .map(move |name| json!({ "customerId": facts.customer, "tagId": tag_id(&name) }))
                })
                .collect();
            operations
                .push(json!({ "key": "customer_tag", "entity": "customer_tag", "action": "delete", "payload": gone }));
        }
        operations.push(upsert("customer", Value::Array(rows)));
        return Some(sync(Ask::Facts, operations, customers.len()));
    }
    None
}

static TIERS: [&str; 3] = ["top_vip", "vip", "premium"];

/// A tier as a tag: `zugabe-top-vip`; no tier has none.
fn tier_tag(tier: Option<&str>) -> Option<String> {
    let tier = tier.filter(|tier| TIERS.contains(tier))?;
    Some(format!("zugabe-{}", tier.replace('_', "-")))
}

fn tag_id(name: &str) -> String {
    id_of(&["tag", name])
}

/// Reads what came back.
pub(super) fn answer(push: &mut Push, ask: Ask, status: u16, body: &Value) -> Result<()> {
    if !(200..300).contains(&status) {
        let words = body.pointer("/errors/0/detail").and_then(Value::as_str).unwrap_or_default().to_owned();
        if ask == Ask::Codes && !push.found {
            // One of them may be there under another id: Shopware writes all or none, and does not say which.
            push.doubtful = push.next_codes(CODES);
            push.found = true;
            return Ok(());
        }
        if status >= 500 {
            return push.again(push.pause(), &format!("The shop answers {status}."));
        }
        let path = match ask {
            Ask::Promotion => "terms",
            Ask::Codes | Ask::WhoseCodes => "codes",
            Ask::Policy => "policy",
            _ => "facts",
        };
        let words = said(&words);
        return Err(Error::at(Code::InvalidValue, path, format!("Shopware answers {status}: {words}")));
    }
    push.went_through();
    let rows = || body["data"].as_array().cloned().unwrap_or_default();
    match ask {
        Ask::SalesChannels => {
            let ids = rows().iter().filter_map(|row| row["id"].as_str().map(str::to_owned)).collect::<Vec<_>>();
            if ids.is_empty() {
                let message = "The shop has no storefront: name the sales channels in which the codes hold.";
                return Err(Error::at(Code::MissingField, "salesChannels", message));
            }
            push.progress.sales_channels = ids;
        }
        Ask::Promotion => {
            push.progress.promotion = push.job.terms.as_ref().and_then(|terms| terms.promotion_id.clone());
            push.progress.ready = true;
        }
        Ask::Codes => {
            push.found = false;
            push.codes_done(CODES);
        }
        Ask::WhoseCodes => whose(push, &rows()),
        Ask::FindCustomers => {
            // Ids alone, or rows with ids, by the version of Shopware.
            let rows = rows();
            let there: Vec<&str> = rows.iter().filter_map(|row| row.as_str().or_else(|| row["id"].as_str())).collect();
            for place in push.next_facts(CUSTOMERS) {
                let known = push.job.facts.get(place).is_some_and(|facts| there.contains(&facts.customer.as_str()));
                if !known {
                    push.refuse_customer(place, "The shop has no such customer.");
                }
            }
            push.found = true;
        }
        Ask::Facts => push.facts_done(CUSTOMERS),
        _ => push.progress.policy = true,
    }
    Ok(())
}

/// Codes that are there under another id: imported by hand, or of another promotion.
fn whose(push: &mut Push, rows: &[Value]) {
    let places = core::mem::take(&mut push.doubtful);
    let promotion = push.progress.promotion.clone().unwrap_or_default();
    for row in rows {
        let code = row["code"].as_str().unwrap_or_default();
        let Some(place) = push.place_of(&places, code) else { continue };
        if row["id"].as_str() == Some(&code_id(&promotion, code)) {
            continue;
        }
        if row["promotionId"].as_str() == Some(&promotion) {
            push.code_present(place);
        } else {
            push.refuse_code(place, "This code belongs to another promotion of the shop.");
        }
    }
    if push.next_codes(CODES).is_empty() {
        push.found = false;
        push.codes_done(CODES);
    }
}
