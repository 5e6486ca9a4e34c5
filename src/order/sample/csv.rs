//! How are orders written as CSV? A row per order, with columns that the importer knows.

use crate::money::{Currency, Minor};
use crate::order::{Order, OrderKind, OrderStatus};
use crate::time::Instant;

/// Orders as CSV with a row per order and columns that the importer knows. Lines are counted, not listed.
#[must_use]
pub fn to_csv(orders: &[Order]) -> String {
    let mut out = String::from(
        "Order,Number,Date,Customer,Name,Guest,Total,Subtotal,Shipping,Tax,Discount,Discount code,Refunded,Currency,\
         Status,Country,Lines,Paid at,Cancelled at\r\n",
    );
    for order in orders {
        let money = |minor: Minor| amount(minor, order.currency);
        let total = if order.kind == OrderKind::Return { -order.total } else { order.total };
        let customer = order.customer.as_ref();
        let codes: Vec<&str> = order.codes.iter().map(|code| code.code.as_str()).collect();
        let time = |instant: Option<Instant>| instant.map_or_else(String::new, |instant| instant.to_string());
        let status = match order.status {
            OrderStatus::Open => "open",
            OrderStatus::Paid => "paid",
            OrderStatus::PartiallyRefunded => "partially_refunded",
            OrderStatus::Refunded => "refunded",
            OrderStatus::Cancelled => "cancelled",
        };
        let cells = [
            order.id.clone(),
            order.number.clone().unwrap_or_default(),
            order.created_at.to_string(),
            customer.map_or_else(String::new, |customer| customer.id.clone()),
            customer.and_then(|customer| customer.name.clone()).unwrap_or_default(),
            customer.map_or("", |customer| if customer.guest { "yes" } else { "no" }).to_owned(),
            money(total),
            money(order.subtotal),
            money(order.shipping),
            money(order.tax),
            money(order.discount_total),
            codes.join(", "),
            money(order.refunded),
            order.currency.as_str().to_owned(),
            status.to_owned(),
            order.country.clone().unwrap_or_default(),
            order.line_count.to_string(),
            time(order.paid_at),
            time(order.cancelled_at),
        ];
        out.push_str(&cells.map(|cell| quoted(&cell)).join(","));
        out.push_str("\r\n");
    }
    out
}

fn quoted(cell: &str) -> String {
    if cell.contains([',', '"', '\r', '\n']) { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell.to_owned() }
}

/// An amount with all decimals of its currency.
fn amount(minor: Minor, currency: Currency) -> String {
    let sign = if minor < 0 { "-" } else { "" };
    let (whole, rest) = (minor.abs() / currency.scale(), minor.abs() % currency.scale());
    match currency.exponent() {
        0 => format!("{sign}{whole}"),
        digits => format!("{sign}{whole}.{rest:0width$}", width = usize::from(digits)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_written_with_the_decimals_of_their_currency() {
        let write = |minor, code| amount(minor, Currency::parse(code).unwrap());
        assert_eq!(
            (write(-5, "EUR"), write(1234, "JPY"), write(1_005, "KWD")),
            ("-0.05".into(), "1234".into(), "1.005".into())
        );
    }
}
