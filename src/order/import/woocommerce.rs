//! Which order is this? WooCommerce order JSON, as its REST API and its webhooks write it.

use super::documents::{Reader, added, blank, country_in, currency_in, id_in, instant_in};
use super::json::Object;
use super::person::Said;
use super::shopify::without_persons;
use crate::money::{Currency, MAX_MINOR, Minor};
use crate::order::{
    Attribution, AutomaticDiscount, CodeKind, Customer, Line, Order, OrderCode, OrderStatus, Source, TaxMode,
};
use crate::reject::{Code, Error, Result};
use crate::time::{Instant, zone::Zone};

/// Whether it looks like a WooCommerce order.
pub(super) fn is(object: &Object<'_>) -> bool {
    ["billing", "line_items", "customer_id"].iter().all(|name| object.has(name))
        && (object.has("date_created_gmt") || object.has("date_created"))
}

/// Reads an order. WooCommerce writes all parts without tax; where the shop's prices include it, it is added to them.
pub(super) fn order(object: &Object<'_>, reader: &mut Reader<'_>) -> Result<Order> {
    let currency = currency_in(object, "currency", reader.options)?;
    let created_at = date(object, "date_created", reader.zone)?
        .ok_or_else(|| Error::at(Code::MissingField, object.path("date_created"), "This order has no date."))?;
    let amount = |name: &str| object.amount(name, currency).map(Option::unwrap_or_default);
    let total = object
        .amount("total", currency)?
        .ok_or_else(|| Error::at(Code::MissingField, object.path("total"), "This order has no total."))?;
    let gross = object.flag("prices_include_tax");
    let items = object.objects("line_items")?;
    let fees = object.objects("fee_lines")?;

    let mut order = blank(Source::Woocommerce, id_in(object, "id")?, created_at, currency, total.abs());
    order.number = object.text("number").map(Into::into).filter(|number: &String| *number != order.id);
    order.paid_at = date(object, "date_paid", reader.zone)?;
    order.tax_mode = if gross { TaxMode::Gross } else { TaxMode::Net };
    order.tax = amount("total_tax")?.max(0);
    let with_tax = |base: Minor, tax: Minor| if gross { base + tax } else { base };
    order.shipping = with_tax(amount("shipping_total")?, amount("shipping_tax")?).max(0);
    order.discount_total = with_tax(amount("discount_total")?, amount("discount_tax")?).max(0);
    let mut goods = 0;
    for part in items.iter().chain(&fees) {
        let part = |name: &str| part.amount(name, currency).map(Option::unwrap_or_default);
        goods = (goods + with_tax(part("total")?, part("total_tax")?)).clamp(-MAX_MINOR, MAX_MINOR);
    }
    order.subtotal = goods.max(0);
    order.codes = codes(object, gross, currency)?;
    order.automatic = automatic(&fees, gross, currency)?;
    order.line_count = u32::try_from(items.len()).unwrap_or(u32::MAX);
    if reader.options.keep_lines {
        order.lines = items.iter().map(|item| line(item, gross, currency)).collect::<Result<_>>()?;
    }
    order.refunded = refunded(object, currency)?;
    order.status = status(object, &order, reader);
    order.customer = customer(object, reader)?;
    order.country = country_in(object, "shipping", "country")?.or(country_in(object, "billing", "country")?);
    order.attribution = attribution(object)?;
    let tax_on_top = if gross { 0 } else { order.tax };
    if order.subtotal + order.shipping + tax_on_top != order.total {
        reader.notes.warn(
            Code::Contradiction,
            object.path("total"),
            "Lines, fees, shipping and tax do not add up to the total of this order. The total was taken as it is.",
        );
    }
    Ok(order)
}

/// `…_gmt` in UTC, else on the shop's clock.
fn date(object: &Object<'_>, name: &str, zone: &Zone) -> Result<Option<Instant>> {
    match instant_in(object, &format!("{name}_gmt"), &Zone::utc())? {
        Some(instant) => Ok(Some(instant)),
        None => instant_in(object, name, zone),
    }
}

fn status(object: &Object<'_>, order: &Order, reader: &mut Reader<'_>) -> OrderStatus {
    let word = object.text("status").unwrap_or_default();
    match &*word {
        "cancelled" | "failed" | "trash" | "checkout-draft" | "auto-draft" => OrderStatus::Cancelled,
        "refunded" => OrderStatus::Refunded,
        "processing" | "completed" | "pending" | "on-hold" => match order.refunded {
            0 if matches!(&*word, "pending" | "on-hold") => OrderStatus::Open,
            0 => OrderStatus::Paid,
            refunded if refunded >= order.total => OrderStatus::Refunded,
            _ => OrderStatus::PartiallyRefunded,
        },
        _ => {
            let status = if order.paid_at.is_some() { OrderStatus::Paid } else { OrderStatus::Open };
            reader.notes.warn(
                Code::Assumption,
                object.path("status"),
                "This status is not one of WooCommerce's own; the order was read as paid if it has a date of payment.",
            );
            status
        }
    }
}

/// Refunds are listed with negative totals.
fn refunded(object: &Object<'_>, currency: Currency) -> Result<Minor> {
    let mut sum = 0;
    for refund in object.objects("refunds")? {
        sum = added(sum, refund.amount("total", currency)?.unwrap_or(0));
    }
    Ok(sum)
}

fn codes(object: &Object<'_>, gross: bool, currency: Currency) -> Result<Vec<OrderCode>> {
    let mut codes = Vec::new();
    for coupon in object.objects("coupon_lines")? {
        let Some(code) = coupon.text("code") else { continue };
        let amount = |name: &str| coupon.amount(name, currency).map(Option::unwrap_or_default);
        let tax = if gross { amount("discount_tax")? } else { 0 };
        let kind = match coupon.text("discount_type").as_deref() {
            Some("percent") => Some(CodeKind::Percentage),
            Some("fixed_cart" | "fixed_product") => Some(CodeKind::Fixed),
            _ => None,
        };
        let amount = (amount("discount")? + tax).abs();
        codes.push(OrderCode { code: code.into_owned(), amount, kind });
    }
    Ok(codes)
}

/// Negative fees are discounts.
fn automatic(fees: &[Object<'_>], gross: bool, currency: Currency) -> Result<Vec<AutomaticDiscount>> {
    let mut found = Vec::new();
    for fee in fees {
        let amount = |name: &str| fee.amount(name, currency).map(Option::unwrap_or_default);
        let total = amount("total")? + if gross { amount("total_tax")? } else { 0 };
        if total < 0 {
            let title = fee.text("name").map_or_else(|| "Discount".to_owned(), Into::into);
            found.push(AutomaticDiscount { title, amount: -total });
        }
    }
    Ok(found)
}

fn line(item: &Object<'_>, gross: bool, currency: Currency) -> Result<Line> {
    let amount = |name: &str| item.amount(name, currency).map(Option::unwrap_or_default);
    let text = |name: &str| item.text(name).map(Into::into);
    let with_tax = |base: Minor, tax: Minor| if gross { base + tax } else { base };
    let before = with_tax(amount("subtotal")?, amount("subtotal_tax")?);
    let total = with_tax(amount("total")?, amount("total_tax")?);
    Ok(Line {
        id: text("id"),
        product: text("product_id"),
        sku: text("sku"),
        title: text("name"),
        quantity: item.whole("quantity"),
        refunded_quantity: 0,
        discount: (before - total).max(0),
        total: total.clamp(0, MAX_MINOR),
    })
}

fn customer(object: &Object<'_>, reader: &mut Reader<'_>) -> Result<Option<Customer>> {
    let bill = object.object("billing")?;
    let of_bill = |name: &str| bill.as_ref().and_then(|bill| bill.text(name)).unwrap_or_default();
    let id = object.text("customer_id").unwrap_or_default();
    let name = format!("{} {}", of_bill("first_name"), of_bill("last_name"));
    let said = Said { id: &id, email: &of_bill("email"), name: &name, guest: None, has_ids: true };
    Ok(reader.persons.customer(said))
}

/// WooCommerce keeps where an order came from among its meta data.
fn attribution(object: &Object<'_>) -> Result<Option<Attribution>> {
    let mut found = Attribution::default();
    for entry in object.objects("meta_data")? {
        let value = entry.text("value");
        match entry.text("key").as_deref() {
            Some("_wc_order_attribution_session_entry") => found.landing = value.map(|page| without_persons(&page)),
            Some("_wc_order_attribution_referrer") => found.referrer = value.map(|page| without_persons(&page)),
            Some("_wc_order_attribution_utm_campaign") => found.campaign = value.map(Into::into),
            _ => {}
        }
    }
    Ok((found != Attribution::default()).then_some(found))
}
