//! Which order is this? Shopify order JSON, as its API and its webhooks write it.

use super::documents::{Reader, added, blank, country_in, currency_in, id_in, instant_in};
use super::json::Object;
use super::person::Said;
use crate::money::{Currency, MAX_MINOR, Minor, line_total};
use crate::order::{
    Attribution, AutomaticDiscount, CodeKind, Customer, Line, Order, OrderCode, OrderStatus, Source, TaxMode,
};
use crate::reject::{Code, Error, Result};

/// Whether it looks like a Shopify order.
pub(super) fn is(object: &Object<'_>) -> bool {
    object.has("financial_status") && (object.has("total_price") || object.has("line_items"))
}

/// Reads an order. Amounts are in the shop's currency, not in the one the customer saw.
pub(super) fn order(object: &Object<'_>, reader: &mut Reader<'_>) -> Result<Order> {
    let currency = currency_in(object, "currency", reader.options)?;
    let created_at = instant_in(object, "created_at", reader.zone)?
        .ok_or_else(|| Error::at(Code::MissingField, object.path("created_at"), "This order has no date."))?;
    let amount = |name: &str| object.amount(name, currency).map(|amount| amount.unwrap_or(0).abs());
    let total = object
        .amount("total_price", currency)?
        .ok_or_else(|| Error::at(Code::MissingField, object.path("total_price"), "This order has no total."))?;
    let refunds = object.objects("refunds")?;
    let items = object.objects("line_items")?;
    let shipping_lines = object.objects("shipping_lines")?;
    let applications = object.objects("discount_applications")?;

    let mut order = blank(Source::Shopify, id_in(object, "id")?, created_at, currency, total.abs());
    order.number = object.text("name").map(Into::into).filter(|number: &String| *number != order.id);
    order.cancelled_at = instant_in(object, "cancelled_at", reader.zone)?;
    let financial = object.text("financial_status").unwrap_or_default();
    order.status = if order.cancelled_at.is_some() { OrderStatus::Cancelled } else { status(&financial) };
    if matches!(&*financial, "paid" | "partially_refunded" | "refunded") {
        order.paid_at = instant_in(object, "processed_at", reader.zone)?;
    }
    order.test = object.flag("test");
    order.tax_mode = if object.flag("taxes_included") { TaxMode::Gross } else { TaxMode::Net };
    order.subtotal = amount("subtotal_price")?;
    order.discount_total = amount("total_discounts")?;
    order.tax = amount("total_tax")?;
    order.shipping = shipping(object, &shipping_lines, currency)?;
    order.refunded = refunded(object, &refunds, total, currency)?;
    order.codes = codes(object, currency)?;
    order.automatic = automatic(&applications, &items, &shipping_lines, currency)?;
    order.line_count = u32::try_from(items.len()).unwrap_or(u32::MAX);
    if reader.options.keep_lines {
        order.lines = items.iter().map(|item| line(item, &refunds, currency)).collect::<Result<_>>()?;
    }
    order.customer = customer(object, reader)?;
    order.country = country_in(object, "shipping_address", "country_code")?.or(country_in(
        object,
        "billing_address",
        "country_code",
    )?);
    let page = |name: &str| object.text(name).map(|page| without_persons(&page));
    let attribution =
        Attribution { landing: page("landing_site"), referrer: page("referring_site"), ..Attribution::default() };
    order.attribution = (attribution != Attribution::default()).then_some(attribution);

    let tax_on_top = if order.tax_mode == TaxMode::Net { order.tax } else { 0 };
    let extras = amount("total_tip_received")? + money_set(object, "original_total_duties_set", currency)?;
    if order.subtotal + order.shipping + tax_on_top + extras != order.total {
        reader.notes.warn(
            Code::Contradiction,
            object.path("total_price"),
            "Subtotal, shipping and tax do not add up to the total of this order. The total was taken as it is.",
        );
    }
    if financial == "refunded" && order.refunded != order.total {
        reader.notes.warn(
            Code::Contradiction,
            object.path("refunds"),
            "This order is said to be refunded, but its refunds are not its total. The refunds were taken as they are.",
        );
    }
    Ok(order)
}

fn status(financial: &str) -> OrderStatus {
    match financial {
        "paid" => OrderStatus::Paid,
        "partially_refunded" => OrderStatus::PartiallyRefunded,
        "refunded" => OrderStatus::Refunded,
        "voided" | "expired" => OrderStatus::Cancelled,
        _ => OrderStatus::Open,
    }
}

/// The amount in the shop's currency of a `…_set`.
fn money_set(object: &Object<'_>, name: &str, currency: Currency) -> Result<Minor> {
    let set = object.object(name)?.map(|set| set.object("shop_money")).transpose()?.flatten();
    Ok(set.map(|money| money.amount("amount", currency)).transpose()?.flatten().unwrap_or(0).abs())
}

fn shipping(object: &Object<'_>, lines: &[Object<'_>], currency: Currency) -> Result<Minor> {
    if object.object("total_shipping_price_set")?.is_some() {
        return money_set(object, "total_shipping_price_set", currency);
    }
    let price = |line: &Object<'_>| match line.amount("discounted_price", currency)? {
        Some(price) => Ok(price.abs()),
        None => line.amount("price", currency).map(|price| price.unwrap_or(0).abs()),
    };
    lines.iter().try_fold(0, |sum, line| Ok(added(sum, price(line)?)))
}

/// What went back to the customer: refund transactions; where a body lists no refunds, what its current total lacks.
fn refunded(object: &Object<'_>, refunds: &[Object<'_>], total: Minor, currency: Currency) -> Result<Minor> {
    let mut sum = 0;
    for refund in refunds {
        for transaction in refund.objects("transactions")? {
            let is_refund = transaction.text("kind").is_some_and(|kind| kind == "refund");
            let failed = transaction.text("status").is_some_and(|status| status == "failure" || status == "error");
            if is_refund && !failed {
                sum = added(sum, transaction.amount("amount", currency)?.unwrap_or(0));
            }
        }
    }
    if refunds.is_empty() && !object.has("refunds") {
        let current = object.amount("current_total_price", currency)?;
        return Ok(current.map_or(0, |current| (total - current).max(0)));
    }
    Ok(sum)
}

fn codes(object: &Object<'_>, currency: Currency) -> Result<Vec<OrderCode>> {
    let code = |entry: &Object<'_>| {
        Ok(OrderCode {
            code: entry.text("code").unwrap_or_default().into_owned(),
            amount: entry.amount("amount", currency)?.unwrap_or(0).abs(),
            kind: match entry.text("type").as_deref() {
                Some("percentage") => Some(CodeKind::Percentage),
                Some("fixed_amount") => Some(CodeKind::Fixed),
                Some("shipping") => Some(CodeKind::Shipping),
                _ => None,
            },
        })
    };
    object.objects("discount_codes")?.iter().filter(|entry| entry.text("code").is_some()).map(code).collect()
}

/// Discounts nobody typed in: what the lines were allocated of them.
fn automatic(
    applications: &[Object<'_>],
    items: &[Object<'_>],
    shipping_lines: &[Object<'_>],
    currency: Currency,
) -> Result<Vec<AutomaticDiscount>> {
    let mut found = Vec::new();
    for (index, application) in applications.iter().enumerate() {
        if application.text("type").is_some_and(|kind| kind == "discount_code") {
            continue;
        }
        let mut amount = 0;
        for line in items.iter().chain(shipping_lines) {
            for allocation in line.objects("discount_allocations")? {
                if allocation.text("discount_application_index").is_some_and(|other| other == index.to_string()) {
                    amount = added(amount, allocation.amount("amount", currency)?.unwrap_or(0));
                }
            }
        }
        let title = application.text("title").or_else(|| application.text("description"));
        let title = title.map_or_else(|| "Discount".to_owned(), Into::into);
        found.push(AutomaticDiscount { title, amount });
    }
    Ok(found)
}

fn line(item: &Object<'_>, refunds: &[Object<'_>], currency: Currency) -> Result<Line> {
    let id = item.text("id");
    let quantity = item.whole("quantity");
    let price = item.text("price").unwrap_or_default();
    let full = line_total(&price, i64::from(quantity), currency.exponent())
        .map_err(|_| Error::at(Code::InvalidAmount, item.path("price"), "This is not an amount such as 12.50."))?;
    let allocations = item.objects("discount_allocations")?;
    let mut discount = 0;
    for allocation in &allocations {
        discount = added(discount, allocation.amount("amount", currency)?.unwrap_or(0));
    }
    if allocations.is_empty() {
        discount = item.amount("total_discount", currency)?.unwrap_or(0).abs();
    }
    let mut refunded_quantity = 0_u32;
    for refund in refunds {
        for entry in refund.objects("refund_line_items")? {
            if entry.text("line_item_id") == id {
                refunded_quantity = refunded_quantity.saturating_add(entry.whole("quantity"));
            }
        }
    }
    let text = |name: &str| item.text(name).map(Into::into);
    Ok(Line {
        product: text("product_id"),
        sku: text("sku"),
        title: text("title").or_else(|| text("name")),
        id: id.map(Into::into),
        quantity,
        refunded_quantity: refunded_quantity.min(quantity),
        discount,
        total: (full - discount).clamp(0, MAX_MINOR),
    })
}

/// The account, or the guest behind the e-mail address; nobody for orders of a till.
fn customer(object: &Object<'_>, reader: &mut Reader<'_>) -> Result<Option<Customer>> {
    let account = object.object("customer")?;
    let of_account = |name: &str| account.as_ref().and_then(|account| account.text(name)).unwrap_or_default();
    let email = Some(of_account("email"))
        .filter(|email| !email.is_empty())
        .or_else(|| object.text("email"))
        .or_else(|| object.text("contact_email"))
        .unwrap_or_default();
    let name = format!("{} {}", of_account("first_name"), of_account("last_name"));
    let said = Said { id: &of_account("id"), email: &email, name: &name, guest: None, has_ids: true };
    Ok(reader.persons.customer(said))
}

/// An address of a page without what may name a person.
pub(super) fn without_persons(page: &str) -> String {
    let named = page.contains('@') || page.to_ascii_lowercase().contains("%40");
    let kept = if named { page.split(['?', '#']).next().unwrap_or("") } else { page };
    kept.chars().filter(|c| *c != '@').take(500).collect()
}
