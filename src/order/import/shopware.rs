//! Which order is this? Shopware 6 order JSON, as its API, its webhooks and its apps see it.

use super::documents::{Reader, added, blank, country_in, currency_in, id_in, instant_in};
use super::json::Object;
use super::person::Said;
use crate::money::{Currency, MAX_MINOR, Minor};
use crate::order::{
    Attribution, AutomaticDiscount, CodeKind, Customer, Line, Order, OrderCode, OrderStatus, Source, TaxMode,
};
use crate::reject::{Code, Error, Result};

/// Whether it looks like a Shopware order.
pub(super) fn is(object: &Object<'_>) -> bool {
    object.has("orderNumber") && (object.has("orderDateTime") || object.has("amountTotal"))
}

/// Reads an order; `refund` is the refund an app is asked to make of it, if that is what the body is about.
pub(super) fn order(object: &Object<'_>, refund: Option<&Object<'_>>, reader: &mut Reader<'_>) -> Result<Order> {
    let currency = match object.object("currency")? {
        Some(currency) => currency_in(&currency, "isoCode", reader.options)?,
        None => currency_in(object, "currency", reader.options)?,
    };
    let created_at = instant_in(object, "orderDateTime", reader.zone)?
        .ok_or_else(|| Error::at(Code::MissingField, object.path("orderDateTime"), "This order has no date."))?;
    let price = object.object("price")?;
    let in_price = |name: &str| price.as_ref().map(|price| price.amount(name, currency)).transpose();
    let total = match object.amount("amountTotal", currency)? {
        Some(total) => total,
        None => in_price("totalPrice")?
            .flatten()
            .ok_or_else(|| Error::at(Code::MissingField, object.path("amountTotal"), "This order has no total."))?,
    };
    let items = object.objects("lineItems")?;
    let transactions = object.objects("transactions")?;

    let mut order = blank(Source::Shopware, id_in(object, "id")?, created_at, currency, total.abs());
    order.number = object.text("orderNumber").map(Into::into);
    order.tax_mode = tax_mode(object, price.as_ref());
    order.shipping = object.amount("shippingTotal", currency)?.unwrap_or(0).abs();
    order.tax = tax(price.as_ref(), currency)?;
    let goods = match object.amount("positionPrice", currency)? {
        Some(goods) => Some(goods),
        None => in_price("positionPrice")?.flatten(),
    };
    let tax_on_top = if order.tax_mode == TaxMode::Net { order.tax } else { 0 };
    order.subtotal = goods.unwrap_or(order.total - order.shipping - tax_on_top).max(0);
    discounts(&items, &mut order, currency)?;
    let products: Vec<&Object<'_>> = items.iter().filter(|item| is_product(item)).collect();
    order.line_count = u32::try_from(products.len()).unwrap_or(u32::MAX);
    if reader.options.keep_lines {
        order.lines = products.iter().map(|item| line(item, currency)).collect::<Result<_>>()?;
    }
    payment(object, &transactions, refund, &mut order, reader)?;
    order.customer = customer(object, reader)?;
    order.country = country(object)?;
    let text = |name: &str| object.text(name).map(Into::into);
    let attribution =
        Attribution { affiliate: text("affiliateCode"), campaign: text("campaignCode"), ..Attribution::default() };
    order.attribution = (attribution != Attribution::default()).then_some(attribution);
    if order.subtotal + order.shipping + tax_on_top != order.total {
        reader.notes.warn(
            Code::Contradiction,
            object.path("amountTotal"),
            "Positions, shipping and tax do not add up to the total of this order. The total was taken as it is.",
        );
    }
    Ok(order)
}

fn tax_mode(object: &Object<'_>, price: Option<&Object<'_>>) -> TaxMode {
    let status = object.text("taxStatus").or_else(|| price?.text("taxStatus"));
    match status.as_deref() {
        Some("gross") => TaxMode::Gross,
        Some("net") => TaxMode::Net,
        Some("tax-free") => TaxMode::Free,
        _ => TaxMode::Unknown,
    }
}

fn tax(price: Option<&Object<'_>>, currency: Currency) -> Result<Minor> {
    let taxes = price.map(|price| price.objects("calculatedTaxes")).transpose()?.unwrap_or_default();
    let sum =
        taxes.iter().try_fold(0_i64, |sum, tax| Ok(sum.saturating_add(tax.amount("tax", currency)?.unwrap_or(0))))?;
    Ok(sum.clamp(0, MAX_MINOR))
}

fn is_product(item: &Object<'_>) -> bool {
    let kind = item.text("type");
    !matches!(kind.as_deref(), Some("promotion" | "credit" | "discount")) && item.raw("parentId").is_none()
}

/// Promotions are lines with a negative price; those with a code were typed in.
fn discounts(items: &[Object<'_>], order: &mut Order, currency: Currency) -> Result<()> {
    for item in items.iter().filter(|item| item.raw("parentId").is_none() && !is_product(item)) {
        let amount = item.amount("totalPrice", currency)?.unwrap_or(0).min(0).abs();
        let payload = item.object("payload")?;
        let of_payload = |name: &str| payload.as_ref().and_then(|payload| payload.text(name));
        order.discount_total = added(order.discount_total, amount);
        match of_payload("code") {
            Some(code) => order.codes.push(OrderCode {
                code: code.into_owned(),
                amount,
                kind: match (of_payload("discountScope").as_deref(), of_payload("discountType").as_deref()) {
                    (Some("delivery"), _) => Some(CodeKind::Shipping),
                    (_, Some("percentage")) => Some(CodeKind::Percentage),
                    (_, Some("absolute" | "fixed" | "fixed_unit")) => Some(CodeKind::Fixed),
                    _ => None,
                },
            }),
            None => {
                let title = item.text("label").map_or_else(|| "Discount".to_owned(), Into::into);
                order.automatic.push(AutomaticDiscount { title, amount });
            }
        }
    }
    Ok(())
}

fn line(item: &Object<'_>, currency: Currency) -> Result<Line> {
    let payload = item.object("payload")?;
    let text = |name: &str| item.text(name).map(Into::into);
    Ok(Line {
        id: text("id"),
        product: text("productId"),
        sku: payload.and_then(|payload| payload.text("productNumber")).map(Into::into),
        title: text("label"),
        quantity: item.whole("quantity"),
        refunded_quantity: 0,
        discount: 0,
        total: item.amount("totalPrice", currency)?.unwrap_or(0).clamp(0, MAX_MINOR),
    })
}

fn state(object: &Object<'_>) -> Result<String> {
    let state = object.object("stateMachineState")?;
    Ok(state.and_then(|state| state.text("technicalName")).map(Into::into).unwrap_or_default())
}

/// How far payment has come: the last transaction that was not given up, and refunds that are through.
fn payment(
    object: &Object<'_>,
    transactions: &[Object<'_>],
    refund: Option<&Object<'_>>,
    order: &mut Order,
    reader: &Reader<'_>,
) -> Result<()> {
    let mut current: Option<(&Object<'_>, String)> = None;
    for transaction in transactions {
        let state = state(transaction)?;
        if current.is_none() || !matches!(state.as_str(), "cancelled" | "failed") {
            current = Some((transaction, state));
        }
    }
    let payment_state = current.as_ref().map_or("", |(_, state)| state);
    order.status = match payment_state {
        "paid" => OrderStatus::Paid,
        "refunded" | "chargeback" => OrderStatus::Refunded,
        "refunded_partially" => OrderStatus::PartiallyRefunded,
        _ => OrderStatus::Open,
    };
    if let Some((transaction, _)) = current.as_ref().filter(|_| payment_state == "paid") {
        order.paid_at = instant_in(transaction, "updatedAt", reader.zone)?;
    }
    order.refunded = refunded(transactions, refund, order.currency)?;
    if order.status == OrderStatus::Refunded && order.refunded == 0 {
        order.refunded = order.total;
    }
    if matches!(order.status, OrderStatus::Paid | OrderStatus::Open) && order.refunded > 0 {
        let whole = order.refunded >= order.total;
        order.status = if whole { OrderStatus::Refunded } else { OrderStatus::PartiallyRefunded };
    }
    if state(object)? == "cancelled" {
        order.status = OrderStatus::Cancelled;
        order.cancelled_at = instant_in(object, "updatedAt", reader.zone)?;
    }
    Ok(())
}

fn refunded(transactions: &[Object<'_>], asked: Option<&Object<'_>>, currency: Currency) -> Result<Minor> {
    let mut sum = 0;
    let mut add = |refund: &Object<'_>| -> Result<()> {
        if state(refund)? == "completed" {
            let amount = refund.object("amount")?.map(|amount| amount.amount("totalPrice", currency)).transpose()?;
            sum = added(sum, amount.flatten().unwrap_or(0));
        }
        Ok(())
    };
    for transaction in transactions {
        for capture in transaction.objects("captures")? {
            for refund in capture.objects("refunds")? {
                add(&refund)?;
            }
        }
    }
    if let Some(refund) = asked {
        add(refund)?;
    }
    Ok(sum)
}

fn customer(object: &Object<'_>, reader: &mut Reader<'_>) -> Result<Option<Customer>> {
    let Some(who) = object.object("orderCustomer")? else { return Ok(None) };
    let guest = who.object("customer")?.filter(|account| account.has("guest")).map(|account| account.flag("guest"));
    let text = |name: &str| who.text(name).unwrap_or_default();
    let name = format!("{} {}", text("firstName"), text("lastName"));
    let said = Said { id: &text("customerId"), email: &text("email"), name: &name, guest, has_ids: true };
    Ok(reader.persons.customer(said))
}

fn country(object: &Object<'_>) -> Result<Option<String>> {
    for delivery in object.objects("deliveries")? {
        if let Some(address) = delivery.object("shippingOrderAddress")?
            && let Some(country) = country_in(&address, "country", "iso")?
        {
            return Ok(Some(country));
        }
    }
    let bill = object.object("billingAddress")?;
    Ok(bill.map(|address| country_in(&address, "country", "iso")).transpose()?.flatten())
}
