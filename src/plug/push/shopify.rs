//! What does Shopify want to be asked, in which order? GraphQL documents, 250 codes and 25 metafields at a time.

use serde_json::{Value, json};

use super::{Ask, Call, Push, job::SHOPIFY_VERSIONS, said};
use crate::reject::{Code, Error, Result};

/// Codes in a call of `discountRedeemCodeBulkAdd`.
const CODES: usize = 250;
/// Metafields in a call of `metafieldsSet`, and customers that may have five each.
const METAFIELDS: usize = 25;
const CUSTOMERS: usize = 5;
/// Codes whose discount is asked for at once.
const WHOSE: usize = 50;
/// How often it is asked whether codes have been added: with pauses of at most ten seconds, half an hour.
const POLLS: u32 = 200;

const FIND: &str = include_str!("../../../integrations/shopify/graphql/find-code.graphql");
const CREATE: &str = include_str!("../../../integrations/shopify/graphql/create-discount.graphql");
const CREATE_SHIPPING: &str = include_str!("../../../integrations/shopify/graphql/create-free-shipping.graphql");
const ADD: &str = include_str!("../../../integrations/shopify/graphql/add-codes.graphql");
const BULK: &str = include_str!("../../../integrations/shopify/graphql/bulk-creation.graphql");
const DEFINE: &str = include_str!("../../../integrations/shopify/graphql/define-facts.graphql");
const SET: &str = include_str!("../../../integrations/shopify/graphql/set-facts.graphql");
const TAG: &str = include_str!("../../../integrations/shopify/graphql/tag-customer.graphql");
const SHOP: &str = include_str!("../../../integrations/shopify/graphql/shop.graphql");
const FACTS: &str = include_str!("../../../integrations/shopify/graphql/facts.json");

fn call(push: &Push, ask: Ask, name: &'static str, document: &str, variables: &Value, items: usize) -> Call {
    let version = push.job.api_version.as_deref().unwrap_or(SHOPIFY_VERSIONS[0]);
    // What stands in the files for a reader is not sent along.
    let query: Vec<&str> = document.lines().filter(|line| !line.starts_with('#')).collect();
    Call {
        ask,
        name,
        path: format!("/admin/api/{version}/graphql.json"),
        body: Some(json!({ "query": query.join("\n"), "variables": variables })),
        items,
    }
}

fn definitions() -> Result<Vec<Value>> {
    serde_json::from_str(FACTS).map_err(|error| Error::new(Code::InvalidState, format!("facts.json: {error}.")))
}

/// The request that comes next.
pub(super) fn next(push: &mut Push) -> Result<Option<Call>> {
    if push.progress.codes < push.job.codes.len() {
        return codes(push).map(Some);
    }
    let asked_for = !push.job.facts.is_empty() || push.job.policy.is_some();
    let definitions = definitions()?;
    if asked_for && let Some(definition) = definitions.get(push.progress.defined) {
        let variables = json!({ "definition": definition });
        return Ok(Some(call(push, Ask::Define, "metafieldDefinitionCreate", DEFINE, &variables, 0)));
    }
    if let Some(call) = facts(push) {
        return Ok(Some(call));
    }
    let Some(policy) = push.job.policy.as_ref().filter(|_| !push.progress.policy) else { return Ok(None) };
    Ok(Some(match &push.progress.shop {
        None => call(push, Ask::ShopId, "shop", SHOP, &json!({}), 0),
        Some(shop) => {
            let policy = metafield(shop, "policy", policy);
            call(push, Ask::Policy, "metafieldsSet", SET, &json!({ "metafields": [policy] }), 0)
        }
    }))
}

fn codes(push: &mut Push) -> Result<Call> {
    if !push.progress.ready {
        let given = push.job.terms.as_ref().and_then(|terms| terms.promotion_id.clone());
        if given.is_some() {
            push.progress.promotion = given;
            push.progress.ready = true;
            return codes(push);
        }
        let first = push.code(0);
        if !push.found {
            let variables = json!({ "code": first });
            return Ok(call(push, Ask::FindDiscount, "codeDiscountNodeByCode", FIND, &variables, 1));
        }
        return create(push);
    }
    if !push.doubtful.is_empty() {
        return Ok(whose(push));
    }
    if let Some(bulk) = &push.progress.bulk {
        return Ok(call(push, Ask::Poll, "discountRedeemCodeBulkCreation", BULK, &json!({ "id": bulk }), 0));
    }
    let places = push.next_codes(CODES);
    let codes: Vec<Value> = places.iter().map(|place| json!({ "code": push.code(*place) })).collect();
    let variables = json!({ "discountId": push.progress.promotion, "codes": codes });
    Ok(call(push, Ask::AddCodes, "discountRedeemCodeBulkAdd", ADD, &variables, codes.len()))
}

fn create(push: &Push) -> Result<Call> {
    let mut terms = push.terms.clone().unwrap_or_default();
    let Some((kind, discount)) = terms.as_object_mut().and_then(|terms| terms.iter_mut().next()) else {
        return Err(Error::at(Code::MissingField, "terms", "What do the codes stand for? Name the promotion."));
    };
    let free_shipping = kind == "freeShippingCodeDiscount";
    discount["code"] = json!(push.code(0));
    if discount.get("startsAt").is_none() {
        discount["startsAt"] = json!(push.job.now);
    }
    let (name, document) = if free_shipping {
        ("discountCodeFreeShippingCreate", CREATE_SHIPPING)
    } else {
        ("discountCodeBasicCreate", CREATE)
    };
    Ok(call(push, Ask::CreateDiscount, name, document, &terms, 1))
}

/// Asks to which discount codes belong that are there already: one document with as many questions as there are codes.
fn whose(push: &Push) -> Call {
    let places: Vec<usize> = push.doubtful.iter().copied().take(WHOSE).collect();
    let names = |index: usize| format!("$c{index}: String!");
    let heads: Vec<String> = (0..places.len()).map(names).collect();
    let parts: Vec<String> = (0..places.len())
        .map(|index| format!("  c{index}: codeDiscountNodeByCode(code: $c{index}) {{\n    id\n  }}"))
        .collect();
    let document = format!("query WhoseCodes({}) {{\n{}\n}}", heads.join(", "), parts.join("\n"));
    let variables: serde_json::Map<String, Value> =
        places.iter().enumerate().map(|(index, place)| (format!("c{index}"), json!(push.code(*place)))).collect();
    call(push, Ask::WhoseCodes, "codeDiscountNodeByCode", &document, &Value::Object(variables), places.len())
}

fn metafield(owner: &str, key: &str, value: &str) -> Value {
    let kind = match key {
        "policy" => "json",
        "order_number" | "sent" => "number_integer",
        _ => "single_line_text_field",
    };
    json!({ "ownerId": owner, "namespace": "zugabe", "key": key, "type": kind, "value": value })
}

fn customer(id: &str) -> String {
    format!("gid://shopify/Customer/{id}")
}

/// The metafields of the customers that come next, and which customer each belongs to.
fn metafields(push: &Push) -> (Vec<Value>, Vec<usize>) {
    let (mut fields, mut owners) = (Vec::new(), Vec::new());
    for place in push.next_facts(CUSTOMERS) {
        let Some(facts) = push.job.facts.get(place) else { continue };
        let owner = customer(&facts.customer);
        let values = [
            ("tier", facts.tier.map(|tier| tier.as_str().to_owned())),
            ("stage", facts.stage.map(|stage| stage.as_str().to_owned())),
            ("order_number", facts.order_number.map(|number| number.to_string())),
            ("code", facts.code.clone()),
            ("sent", facts.sent.map(|sent| sent.to_string())),
        ];
        for (key, value) in values {
            if let Some(value) = value {
                fields.push(metafield(&owner, key, &value));
                owners.push(place);
            }
        }
    }
    debug_assert!(fields.len() <= METAFIELDS);
    (fields, owners)
}

fn facts(push: &mut Push) -> Option<Call> {
    while push.progress.facts < push.job.facts.len() {
        if !push.found {
            let (fields, _) = metafields(push);
            if !fields.is_empty() {
                let customers = push.next_facts(CUSTOMERS).len();
                let variables = json!({ "metafields": fields });
                return Some(call(push, Ask::Facts, "metafieldsSet", SET, &variables, customers));
            }
            push.found = true;
        }
        // The metafields are there; then the tags, one customer after the other.
        let untagged = push
            .next_facts(CUSTOMERS)
            .into_iter()
            .find(|place| push.job.tags && push.job.facts.get(*place).is_some_and(|facts| facts.tier.is_some()));
        if let Some(facts) = untagged.and_then(|place| push.job.facts.get(place)) {
            let tier = facts.tier.map(|tier| tier.as_str()).unwrap_or_default();
            let tags = ["top_vip", "vip", "premium"];
            let old: Vec<String> = tags.iter().filter(|tag| **tag != tier).map(|tag| tag_of(tag)).collect();
            let new: Vec<String> = tags.iter().filter(|tag| **tag == tier).map(|tag| tag_of(tag)).collect();
            let variables = json!({ "id": customer(&facts.customer), "old": old, "new": new });
            return Some(call(push, Ask::Tag, "tagsAdd", TAG, &variables, 1));
        }
        push.facts_done(CUSTOMERS);
    }
    None
}

/// A tier as a tag: `zugabe-top-vip`.
fn tag_of(tier: &str) -> String {
    format!("zugabe-{}", tier.replace('_', "-"))
}

/// Reads what came back.
pub(super) fn answer(push: &mut Push, ask: Ask, status: u16, body: &Value) -> Result<()> {
    if let Some(cost) = body.pointer("/extensions/cost") {
        let number = |path: &str| cost.pointer(path).and_then(Value::as_f64);
        if let (Some(left), Some(rate)) =
            (number("/throttleStatus/currentlyAvailable"), number("/throttleStatus/restoreRate"))
        {
            let wanted = number("/requestedQueryCost").unwrap_or(10.0);
            let most = number("/throttleStatus/maximumAvailable").unwrap_or(wanted);
            // The dearest request so far is what the next one may cost.
            let before = push.budget.map_or(0.0, |(_, _, cost)| cost);
            push.budget = Some((left, rate, wanted.min(most).max(before)));
        }
    }
    if let Some(errors) = body.get("errors").filter(|errors| !errors.is_null()) {
        let throttled = errors.as_array().is_some_and(|errors| {
            errors.iter().any(|error| error.pointer("/extensions/code") == Some(&json!("THROTTLED")))
        });
        if throttled {
            // How long to wait is said by the allowance; where that would be no time at all, a second is.
            let (left, rate, cost) = push.budget.unwrap_or((0.0, 0.0, 0.0));
            return if left < cost && rate > 0.0 {
                Ok(())
            } else {
                push.again(1, "The shop asks for slower requests.")
            };
        }
        let words =
            errors.pointer("/0/message").and_then(Value::as_str).map_or_else(|| errors.to_string(), str::to_owned);
        return Err(Error::new(Code::InvalidValue, format!("Shopify refuses the request: {}", said(&words))));
    }
    if !(200..300).contains(&status) {
        return Err(Error::new(
            Code::InvalidValue,
            format!("Shopify answers {status}: is this the shop's own address?"),
        ));
    }
    let data = body.get("data").unwrap_or(&Value::Null);
    push.went_through();
    match ask {
        Ask::FindDiscount => found(push, &data["codeDiscountNodeByCode"]),
        Ask::CreateDiscount => created(push, data),
        Ask::AddCodes => added(push, &data["discountRedeemCodeBulkAdd"]),
        Ask::Poll => polled(push, &data["discountRedeemCodeBulkCreation"]),
        Ask::WhoseCodes => owned(push, data),
        Ask::Define => defined(push, &data["metafieldDefinitionCreate"]["userErrors"]),
        Ask::Facts => set(push, &data["metafieldsSet"]["userErrors"]),
        Ask::Tag => tagged(push, data),
        Ask::ShopId => {
            let id = data["shop"]["id"].as_str().ok_or_else(|| unexpected("the shop's id"))?;
            push.progress.shop = Some(id.to_owned());
            Ok(())
        }
        _ => {
            refusal(&data["metafieldsSet"]["userErrors"], "policy")?;
            push.progress.policy = true;
            Ok(())
        }
    }
}

fn unexpected(what: &str) -> Error {
    Error::new(Code::Io, format!("Shopify's answer does not have {what}."))
}

/// The first user error as a refusal of the whole push.
fn refusal(errors: &Value, path: &str) -> Result<()> {
    match errors.pointer("/0/message").and_then(Value::as_str) {
        None => Ok(()),
        Some(words) => Err(Error::at(Code::InvalidValue, path, format!("Shopify does not take this: {}", said(words)))),
    }
}

/// The first code: ours from an earlier run, somebody else's, or not there.
fn found(push: &mut Push, node: &Value) -> Result<()> {
    push.found = true;
    let Some(id) = node["id"].as_str() else { return Ok(()) };
    let title = push.job.terms.as_ref().map(|terms| terms.promotion.id.clone()).unwrap_or_default();
    if node["codeDiscount"]["title"].as_str() != Some(&title) {
        let message = "This code belongs to another discount already: mint others, or name that discount's id to add codes to it.";
        return Err(Error::at(Code::Contradiction, "codes[0]", message));
    }
    push.progress.promotion = Some(id.to_owned());
    push.progress.ready = true;
    push.found = false;
    push.code_present(0);
    first_done(push);
    Ok(())
}

fn created(push: &mut Push, data: &Value) -> Result<()> {
    let payload = ["discountCodeBasicCreate", "discountCodeFreeShippingCreate"]
        .iter()
        .map(|name| &data[*name])
        .find(|payload| !payload.is_null())
        .unwrap_or(&Value::Null);
    if payload.pointer("/userErrors/0/code") == Some(&json!("TAKEN")) {
        // It has come into being meanwhile: looked up again.
        push.found = false;
        return push.again(1, "The discount is there already.");
    }
    refusal(&payload["userErrors"], "terms")?;
    let id = payload["codeDiscountNode"]["id"].as_str().ok_or_else(|| unexpected("the id of the discount"))?;
    push.progress.promotion = Some(id.to_owned());
    push.progress.ready = true;
    push.found = false;
    push.out.insert(0);
    first_done(push);
    Ok(())
}

/// A job of one code is done with the discount; of more, the first one is left out of the codes to be added.
fn first_done(push: &mut Push) {
    if push.next_codes(CODES).is_empty() {
        push.codes_done(CODES);
    }
}

fn added(push: &mut Push, payload: &Value) -> Result<()> {
    if let Some(message) = payload.pointer("/userErrors/0/message").and_then(Value::as_str) {
        return Err(Error::at(
            Code::InvalidValue,
            "codes",
            format!("Shopify does not take these codes: {}", said(message)),
        ));
    }
    let id = payload["bulkCreation"]["id"].as_str().ok_or_else(|| unexpected("the number of the task"))?;
    push.progress.bulk = Some(id.to_owned());
    push.polled = 0;
    Ok(())
}

fn polled(push: &mut Push, creation: &Value) -> Result<()> {
    if creation.is_null() {
        // Shopify has forgotten the task: the codes are sent again, and those that are there are found.
        push.progress.bulk = None;
        return Ok(());
    }
    if creation["done"] != json!(true) {
        push.polled += 1;
        if push.polled > POLLS {
            let message =
                "Shopify has not finished adding the codes for half an hour. Run it again later: it goes on from here.";
            return Err(Error::new(Code::Io, message));
        }
        let seconds = (1_u32 << push.polled.min(4)).min(10);
        push.wait = Some((seconds, "Shopify is adding the codes.".to_owned()));
        return Ok(());
    }
    let places = push.next_codes(CODES);
    let nodes = creation["codes"]["nodes"].as_array().cloned().unwrap_or_default();
    for node in &nodes {
        let Some(place) = node["code"].as_str().and_then(|code| push.place_of(&places, code)) else { continue };
        let errors = node["errors"].as_array().cloned().unwrap_or_default();
        if errors.is_empty() {
            push.out.insert(place);
        } else if errors.iter().any(|error| matches!(error["code"].as_str(), Some("TAKEN" | "DUPLICATE"))) {
            push.doubtful.push(place);
        } else {
            let words = errors[0]["message"].as_str().unwrap_or("refused").to_owned();
            push.refuse_code(place, said(&words));
        }
    }
    push.progress.bulk = None;
    if push.doubtful.is_empty() && push.next_codes(CODES) == places {
        return Err(unexpected("what became of the codes"));
    }
    settle(push);
    Ok(())
}

/// When no code is in doubt, those that were not spoken of are asked for by sending them again; else all are done.
fn settle(push: &mut Push) {
    if push.doubtful.is_empty() && push.next_codes(CODES).is_empty() {
        push.codes_done(CODES);
    }
}

fn owned(push: &mut Push, data: &Value) -> Result<()> {
    let places: Vec<usize> = push.doubtful.iter().copied().take(WHOSE).collect();
    for (index, place) in places.iter().enumerate() {
        let id = data[format!("c{index}")]["id"].as_str();
        match id {
            Some(id) if Some(id) == push.progress.promotion.as_deref() => push.code_present(*place),
            Some(_) => push.refuse_code(*place, "This code belongs to another discount of the shop."),
            None => push.refuse_code(*place, "Shopify says that this code is taken, and does not find it."),
        }
    }
    push.doubtful.drain(..places.len());
    settle(push);
    Ok(())
}

fn defined(push: &mut Push, errors: &Value) -> Result<()> {
    let there = errors.pointer("/0/code").and_then(Value::as_str) == Some("TAKEN");
    if !there {
        refusal(errors, "facts")?;
    }
    push.progress.defined += 1;
    Ok(())
}

/// All of a call's metafields are set, or none: whoever is refused is left out, and the others are sent again.
fn set(push: &mut Push, errors: &Value) -> Result<()> {
    let (_, owners) = metafields(push);
    let errors = errors.as_array().cloned().unwrap_or_default();
    if errors.is_empty() {
        push.found = true;
        return Ok(());
    }
    for error in &errors {
        let place = error["elementIndex"].as_u64().and_then(|index| owners.get(usize::try_from(index).ok()?)).copied();
        let words = said(error["message"].as_str().unwrap_or("refused"));
        let Some(place) = place else {
            return Err(Error::at(Code::InvalidValue, "facts", format!("Shopify does not take these facts: {words}")));
        };
        if !push.out.contains(&place) {
            push.refuse_customer(place, words);
        }
    }
    Ok(())
}

fn tagged(push: &mut Push, data: &Value) -> Result<()> {
    let place = push
        .next_facts(CUSTOMERS)
        .into_iter()
        .find(|place| push.job.facts.get(*place).is_some_and(|facts| facts.tier.is_some()));
    let Some(place) = place else { return Ok(()) };
    let words = ["tagsRemove", "tagsAdd"]
        .iter()
        .find_map(|name| data[*name]["userErrors"].pointer("/0/message").and_then(Value::as_str));
    match words {
        Some(words) => push.refuse_customer(place, said(words)),
        None => {
            push.out.insert(place);
        }
    }
    Ok(())
}
