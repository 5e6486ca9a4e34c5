//! What would be sent? The same push, with a shop that agrees to everything.

use serde_json::{Value, json};

use super::{Ask, Push, PushJob, PushRequest, PushResponse, PushStep};
use crate::price::Platform;
use crate::reject::Result;

/// Every request of a push in its order, if nothing is in the shop yet and the shop takes it all. Nothing is sent. Ids that the
/// shop would give are zeros.
///
/// # Errors
/// Those of [`Push::new`].
pub fn rehearse(job: PushJob) -> Result<Vec<PushRequest>> {
    let mut push = Push::new(job, None)?;
    let mut requests = Vec::new();
    loop {
        match push.step()? {
            PushStep::Done { .. } => return Ok(requests),
            PushStep::Wait { .. } => {}
            PushStep::Request { request } => {
                requests.push(request);
                let body = push.asked.map(|ask| agreed(&push, ask)).unwrap_or_default().to_string();
                push.answer(&PushResponse { status: 200, retry_after: None, body })?;
            }
        }
    }
}

fn agreed(push: &Push, ask: Ask) -> Value {
    let zeros = "0".repeat(32);
    let customers = || push.next_facts(usize::MAX).into_iter().filter_map(move |place| push.job.facts.get(place));
    match (push.job.platform, ask) {
        (Platform::Shopify, _) => {
            let nodes: Vec<Value> = push
                .next_codes(250)
                .into_iter()
                .map(|place| json!({ "code": push.code(place), "errors": [] }))
                .collect();
            let node = json!({ "codeDiscountNode": { "id": "gid://shopify/DiscountCodeNode/0" }, "userErrors": [] });
            let data = match ask {
                Ask::CreateDiscount => json!({ "discountCodeBasicCreate": node }),
                Ask::AddCodes => {
                    json!({ "discountRedeemCodeBulkAdd": { "bulkCreation": { "id": "gid://shopify/DiscountRedeemCodeBulkCreation/0" }, "userErrors": [] } })
                }
                Ask::Poll => json!({ "discountRedeemCodeBulkCreation": { "done": true, "codes": { "nodes": nodes } } }),
                Ask::ShopId => json!({ "shop": { "id": "gid://shopify/Shop/0" } }),
                _ => json!({}),
            };
            json!({ "data": data })
        }
        (Platform::Shopware, Ask::SalesChannels) => json!({ "data": [{ "id": zeros }] }),
        (Platform::Shopware, Ask::FindCustomers) => {
            json!({ "data": customers().map(|facts| facts.customer.clone()).collect::<Vec<_>>() })
        }
        (Platform::Woocommerce, Ask::Coupons) => json!({ "create": vec![json!({}); push.next_codes(100).len()] }),
        (Platform::Woocommerce, Ask::Facts) => json!({ "update": vec![json!({}); push.next_facts(100).len()] }),
        _ => json!({}),
    }
}
