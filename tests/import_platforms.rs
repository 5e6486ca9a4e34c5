//! Payloads the platforms publish, read as their documentation means them. The files lie beside the project.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use zugabe::order::import::{ImportOptions, Report, import};
use zugabe::order::{CodeKind, Order, OrderStatus, Source, TaxMode};
use zugabe::reject::{Code, Result};
use zugabe::time::Instant;

fn options() -> ImportOptions {
    ImportOptions { keep_lines: true, ..ImportOptions::at(Instant::parse("2026-11-23T10:00:00Z").unwrap()) }
}

fn read(name: &str) -> Option<Result<(Vec<Order>, Report)>> {
    let bytes = support::shared(&format!("platform/{name}"))?;
    Some(import(name, &bytes, &options()))
}

fn one(name: &str) -> Option<(Order, Report)> {
    let (orders, report) = read(name)?.unwrap();
    assert_eq!(orders.len(), 1, "{name}");
    Some((orders.into_iter().next().unwrap(), report))
}

#[test]
fn an_id_above_two_to_the_53_survives() {
    let Some((order, report)) = one("shopify/webhook_orders_cancelled_test_notification.json") else { return };
    assert_eq!(order.id, "820982911946154508");
    assert_eq!(order.number.as_deref(), Some("#9999"));
    assert_eq!(order.lines[0].id.as_deref(), Some("866550311766439020"));
    assert_eq!(order.customer.as_ref().unwrap().id, "115310627314723954");
    assert!(order.test && !order.is_purchase());
    assert_eq!(order.status, OrderStatus::Cancelled);
    assert_eq!(order.cancelled_at.unwrap().to_string(), "2019-06-04T17:53:06Z");
    assert_eq!((order.subtotal, order.shipping, order.total, order.discount_total), (39_300, 1_000, 40_300, 500));
    assert_eq!((order.automatic[0].title.as_str(), order.automatic[0].amount), ("Discount", 500));
    assert_eq!(report.files[0].warnings.iter().filter(|warning| warning.code == Code::Contradiction).count(), 0);
}

#[test]
fn a_full_shopify_order_keeps_its_code_and_refund_and_warns_where_it_does_not_add_up() {
    let Some((order, report)) = one("shopify/order_full_rest_refunds.json") else { return };
    assert_eq!((order.total, order.refunded, order.tax, order.discount_total), (59_894, 1_000, 1_194, 1_000));
    assert_eq!((order.codes[0].code.as_str(), order.codes[0].kind), ("TENOFF", Some(CodeKind::Fixed)));
    assert!(order.automatic.is_empty());
    assert_eq!(order.tax_mode, TaxMode::Net);
    assert_eq!(order.country.as_deref(), Some("US"));
    assert_eq!(order.lines.iter().map(|line| line.refunded_quantity).collect::<Vec<_>>(), [1, 1, 1]);
    assert_eq!(order.lines[0].total, 19_900 - order.lines[0].discount);
    let contradictions = report.files[0].warnings.iter().filter(|warning| warning.code == Code::Contradiction).count();
    assert_eq!(contradictions, 2, "the documentation's own sums do not add up");
}

#[test]
fn an_old_shopify_order_without_discount_types_is_read() {
    let Some((order, _)) = one("shopify/order_rest_discount_code.json") else { return };
    assert_eq!((order.id.as_str(), order.total, order.tax), ("450789469", 40_994, 1_194));
    assert_eq!((order.codes[0].amount, order.codes[0].kind), (1_000, None));
    assert_eq!(order.status, OrderStatus::Open);
    assert_eq!(order.attribution.unwrap().landing.as_deref(), Some("http://www.example.com?source=abc"));
}

#[test]
fn shopware_orders_are_read_plain_and_in_the_requests_of_apps() {
    let Some((order, _)) = one("shopware/order.json") else { return };
    let Some((wrapped, _)) = one("shopware/app_payment_request.json") else { return };
    assert_eq!(order, wrapped);
    assert_eq!((order.source, order.number.as_deref()), (Source::Shopware, Some("10077")));
    assert_eq!((order.total, order.subtotal, order.shipping), (39_501, 39_501, 0));
    assert_eq!((order.status, order.tax_mode), (OrderStatus::Open, TaxMode::Gross));
    assert_eq!((order.country.as_deref(), order.lines.len()), (Some("SR"), 1));
    let customer = order.customer.unwrap();
    assert_eq!((customer.id.as_str(), customer.guest), ("5e5d6cd8917c45839b2f6aa7b4bf1425", false));
}

#[test]
fn a_shopware_order_without_a_currency_needs_one_said() {
    let Some(result) = read("shopware/app_refund_request.json") else { return };
    let error = result.unwrap_err();
    assert_eq!((error.code, error.path.as_str()), (Code::UnknownCurrency, "order.currency"));
    let bytes = support::shared("platform/shopware/app_refund_request.json").unwrap();
    let said = ImportOptions { currency: zugabe::money::Currency::parse("EUR").ok(), ..options() };
    let (orders, _) = import("refund.json", &bytes, &said).unwrap();
    assert_eq!((orders[0].total, orders[0].tax_mode, &orders[0].customer), (42_069, TaxMode::Free, &None));
    assert_eq!(orders[0].refunded, 0, "the refund is asked for, not made");
}

#[test]
fn woocommerce_orders_are_read_and_guests_are_guests() {
    let Some((order, report)) = one("woocommerce/order_updated_completed.json") else { return };
    assert_eq!((order.id.as_str(), order.total, order.tax, order.shipping), ("727", 2_935, 135, 1_000));
    assert_eq!(order.created_at.to_string(), "2017-03-22T19:28:02Z");
    assert_eq!((order.status, order.tax_mode), (OrderStatus::Paid, TaxMode::Net));
    assert!(order.customer.unwrap().guest);
    assert_eq!(report.files[0].warnings.iter().filter(|warning| warning.code == Code::Contradiction).count(), 0);

    let Some(result) = read("woocommerce/orders_list.json") else { return };
    let (orders, _) = result.unwrap();
    assert_eq!(orders.len(), 2);
    assert_eq!((orders[1].refunded, orders[1].status), (1_900, OrderStatus::PartiallyRefunded));
    assert_eq!(orders[1].customer.as_ref().unwrap().id, "26");
}

#[test]
fn what_is_no_order_is_refused_and_no_address_leaves_the_importer() {
    for name in
        ["shopify/refund.json", "shopify/price_rule.json", "woocommerce/coupon.json", "woocommerce/order_refund.json"]
    {
        let Some(result) = read(name) else { return };
        assert_eq!(result.unwrap_err().code, Code::NotAnOrderExport, "{name}");
    }
    for name in ["shopify/order_full_rest_refunds.json", "shopware/order.json", "woocommerce/orders_list.json"] {
        let Some(result) = read(name) else { return };
        let text = serde_json::to_string(&result.unwrap()).unwrap();
        assert!(!text.contains('@') && !text.contains("Mustermann") && !text.contains("Norman"), "{name}: {text}");
    }
}

#[test]
fn the_header_of_shopifys_export_is_known() {
    let Some(header) = support::shared("platform/shopify/orders_export_header.csv") else { return };
    let error = import("orders_export.csv", &header, &options()).unwrap_err();
    assert_eq!(error.code, Code::Empty, "columns found, rows none: {error}");
}
