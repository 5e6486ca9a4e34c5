//! Which order is this row? Files with a row per order, and Shopify's, whose further rows hold further lines.

use std::collections::HashMap;

use super::columns::Shape;
use super::lines::{Countries, codes};
use super::number::Number;
use super::options::Field;
use super::person::{Persons, Said};
use super::report::{Notes, place};
use super::sheet::{Column, DateCell, View};
use crate::money::{Currency, MAX_MINOR, Minor};
use crate::order::{AutomaticDiscount, Line, Order, OrderKind, OrderStatus, Source, TaxMode};
use crate::reject::{Code, Error, Result};
use crate::time::Instant;

/// The columns of such a file, read.
struct Columns<'a> {
    dates: Column<'a, DateCell>,
    paid: Column<'a, DateCell>,
    cancelled: Column<'a, DateCell>,
    currencies: Column<'a, Option<Currency>>,
    statuses: Column<'a, Option<OrderStatus>>,
    numbers: [Column<'a, Option<Number>>; 11],
    countries: Countries<'a>,
}

const NUMBERS: [Field; 11] = [
    Field::Total,
    Field::Subtotal,
    Field::Shipping,
    Field::Tax,
    Field::Discount,
    Field::Refunded,
    Field::Quantity,
    Field::Price,
    Field::LineDiscount,
    Field::Lines,
    Field::Cost,
];

impl<'a> Columns<'a> {
    fn new(view: &View<'a>, notes: &mut Notes) -> Self {
        Self {
            dates: view.dates(Field::Date, notes),
            paid: view.dates(Field::PaidAt, notes),
            cancelled: view.dates(Field::CancelledAt, notes),
            currencies: view.currencies(),
            statuses: view.statuses(notes),
            numbers: NUMBERS.map(|field| view.numbers(field, notes)),
            countries: Countries::new(view),
        }
    }

    fn number(&self, field: Field) -> Option<&Column<'a, Option<Number>>> {
        NUMBERS.iter().position(|other| *other == field).map(|index| &self.numbers[index])
    }

    /// An amount without its sign; `None` when the cell is empty.
    fn amount(&self, view: &View<'_>, field: Field, row: usize, currency: Currency) -> Result<Option<Minor>> {
        let Some(column) = self.number(field).filter(|column| !column.is_empty(row)) else { return Ok(None) };
        let minor = column.at(row).flatten().and_then(|number| number.minor(currency.exponent()));
        minor.map(Some).ok_or_else(|| view.error(column, row, Code::InvalidAmount))
    }

    fn instant(&self, field: Field, row: usize) -> Option<Instant> {
        let column = if field == Field::PaidAt { &self.paid } else { &self.cancelled };
        match column.at(row) {
            Some(DateCell::At(instant)) => Some(instant),
            _ => None,
        }
    }
}

/// Makes an order of every row (and the rows that continue it).
pub(super) fn orders(view: &View<'_>, persons: &mut Persons, keep_lines: bool, notes: &mut Notes) -> Vec<Order> {
    let columns = Columns::new(view, notes);
    let mut collected = Collected::default();
    let mut row = 0;
    while row < view.table.rows() {
        let rows = rows_of_order(view, row);
        let count = rows.len() as u64;
        match order(view, &columns, persons, rows.clone(), keep_lines, notes) {
            Ok(order) => collected.add(view, order, row, count, notes),
            Err(error) => notes.refuse_lines(count, error),
        }
        row = rows.end;
    }
    collected.orders
}

/// The row and those after it that name the same order and leave date and total empty.
fn rows_of_order(view: &View<'_>, row: usize) -> core::ops::Range<usize> {
    let mut end = row + 1;
    if view.plan.shape == Shape::Shopify {
        let (names, dates, totals) = (view.rows(Field::Number), view.rows(Field::Date), view.rows(Field::Total));
        let is_empty = |rows: &[u32], at: usize| rows.get(at).is_none_or(|symbol| *symbol == 0);
        while end < view.table.rows()
            && names.get(end) == names.get(row)
            && is_empty(dates, end)
            && is_empty(totals, end)
        {
            end += 1;
        }
    }
    row..end
}

#[derive(Default)]
struct Collected {
    orders: Vec<Order>,
    by_id: HashMap<String, usize>,
}

impl Collected {
    fn add(&mut self, view: &View<'_>, mut order: Order, row: usize, lines: u64, notes: &mut Notes) {
        if view.plan.slot(Field::Order).is_none() && view.plan.slot(Field::Number).is_none() {
            // Files without order numbers: who and when, counted where that is not enough.
            let who = order.customer.as_ref().map_or("anonymous", |customer| &customer.id);
            let base = format!("{who}-{}", order.created_at);
            order.id = base.clone();
            for again in 2_u32.. {
                if !self.by_id.contains_key(&order.id) {
                    break;
                }
                order.id = format!("{base}-{again}");
            }
        }
        match self.by_id.get(&order.id).and_then(|index| self.orders.get(*index)) {
            Some(first) if *first == order => notes.lines.merged += lines,
            Some(_) => {
                let message = "This order number was there before with other content; the first one was kept. Export \
                               every order once.";
                let column =
                    view.plan.name(if view.plan.slot(Field::Order).is_some() { Field::Order } else { Field::Number });
                notes
                    .refuse_lines(lines, Error::at(Code::DuplicateOrder, place(view.table.line(row), column), message));
            }
            None => {
                notes.lines.kept += lines;
                self.by_id.insert(order.id.clone(), self.orders.len());
                self.orders.push(order);
            }
        }
    }
}

fn order(
    view: &View<'_>,
    columns: &Columns<'_>,
    persons: &mut Persons,
    rows: core::ops::Range<usize>,
    keep_lines: bool,
    notes: &mut Notes,
) -> Result<Order> {
    let row = rows.start;
    let shopify = view.plan.shape == Shape::Shopify;
    let created_at = view.date_at(&columns.dates, row)?;
    let currency = view.currency_at(&columns.currencies, row)?;
    let amount = |field| columns.amount(view, field, row, currency);
    let Some(signed_total) = amount(Field::Total)? else {
        let column = columns.number(Field::Total);
        return Err(column.map_or_else(
            || Error::at(Code::InvalidAmount, place(view.table.line(row), ""), "This order has no total."),
            |column| view.error(column, row, Code::InvalidAmount),
        ));
    };
    let of = |field| amount(field).map(|amount| amount.map(Minor::abs));
    let total = signed_total.abs();
    let (shipping, tax, discount) = (of(Field::Shipping)?, of(Field::Tax)?, of(Field::Discount)?.unwrap_or(0));
    let refunded = of(Field::Refunded)?;
    let sums = Sums {
        subtotal: of(Field::Subtotal)?,
        shipping: shipping.unwrap_or(0),
        tax: tax.unwrap_or(0),
        discount,
        total,
    };
    let (subtotal, tax_mode, adds_up) = sums.settle();
    if !adds_up {
        notes.warn(
            Code::Contradiction,
            place(view.table.line(row), view.plan.name(Field::Total)),
            "Subtotal, shipping and tax do not add up to the total of this order. The total was taken as it is.",
        );
    }
    let cancelled = !columns.cancelled.is_empty(row);
    let kind = if signed_total < 0 { OrderKind::Return } else { OrderKind::Sale };
    let status = status(columns.statuses.at(row).flatten(), cancelled, kind, total, refunded);
    // An export that only says "refunded" means all of it.
    let refunded =
        refunded.unwrap_or(if status == OrderStatus::Refunded && kind == OrderKind::Sale { total } else { 0 });
    let code = view.text(Field::DiscountCode, row);
    let codes = codes(&code, discount);
    let automatic = if shopify && codes.is_empty() && discount > 0 {
        vec![AutomaticDiscount { title: "Discount".to_owned(), amount: discount }]
    } else {
        Vec::new()
    };
    let (lines, line_count) = lines(view, columns, rows, currency, keep_lines)?;
    let number = view.text(Field::Number, row);
    let id = Some(view.text(Field::Order, row)).filter(|id| !id.is_empty()).unwrap_or_else(|| number.clone());
    let named = view.plan.slot(Field::Order).is_some() || view.plan.slot(Field::Number).is_some();
    if id.is_empty() && named {
        let path = place(view.table.line(row), view.plan.name(Field::Order));
        return Err(Error::at(Code::MissingField, path, "This row has no order number."));
    }
    let (customer, email) = (view.text(Field::Customer, row), view.text(Field::Email, row));
    let (name, guest) = (view.text(Field::Name, row), view.text(Field::Guest, row));
    let has_ids = view.plan.slot(Field::Customer).is_some();
    let said = Said { id: &customer, email: &email, name: &name, guest: super::words::yes(&guest), has_ids };
    Ok(Order {
        v: 1,
        number: Some(number.into_owned()).filter(|number| !number.is_empty() && *number != id),
        id: id.into_owned(),
        source: if shopify { Source::Shopify } else { Source::Csv },
        kind,
        created_at,
        paid_at: columns.instant(Field::PaidAt, row),
        cancelled_at: columns.instant(Field::CancelledAt, row),
        status,
        test: false,
        currency,
        tax_mode,
        subtotal,
        discount_total: discount,
        shipping: sums.shipping,
        tax: sums.tax,
        total,
        refunded,
        cost: of(Field::Cost)?,
        codes,
        automatic,
        line_count,
        lines,
        customer: persons.customer(said),
        country: columns.countries.at(row),
        attribution: None,
    })
}

fn status(
    said: Option<OrderStatus>,
    cancelled: bool,
    kind: OrderKind,
    total: Minor,
    refunded: Option<Minor>,
) -> OrderStatus {
    match said {
        _ if cancelled => OrderStatus::Cancelled,
        Some(status) if status != OrderStatus::Paid => status,
        _ if kind == OrderKind::Return => OrderStatus::Refunded,
        _ => match refunded {
            Some(refunded) if refunded > 0 && refunded >= total => OrderStatus::Refunded,
            Some(refunded) if refunded > 0 => OrderStatus::PartiallyRefunded,
            _ => OrderStatus::Paid,
        },
    }
}

/// The sums of an order, as far as the file has them.
struct Sums {
    subtotal: Option<Minor>,
    shipping: Minor,
    tax: Minor,
    discount: Minor,
    total: Minor,
}

impl Sums {
    /// The subtotal after discounts, how tax was meant, and whether the sums agree with the total.
    fn settle(&self) -> (Minor, TaxMode, bool) {
        let Some(subtotal) = self.subtotal else {
            return ((self.total - self.shipping).max(0), TaxMode::Unknown, true);
        };
        // Some exports write the subtotal before, some after discounts.
        for goods in [subtotal, subtotal - self.discount] {
            let without_tax = goods + self.shipping;
            if without_tax == self.total {
                return (goods, if self.tax > 0 { TaxMode::Gross } else { TaxMode::Unknown }, true);
            }
            if without_tax + self.tax == self.total {
                return (goods, TaxMode::Net, true);
            }
        }
        (subtotal, TaxMode::Unknown, false)
    }
}

fn lines(
    view: &View<'_>,
    columns: &Columns<'_>,
    rows: core::ops::Range<usize>,
    currency: Currency,
    keep_lines: bool,
) -> Result<(Vec<Line>, u32)> {
    if view.plan.shape != Shape::Shopify {
        let said = columns.number(Field::Lines).and_then(|column| column.at(rows.start).flatten());
        return Ok((Vec::new(), said.map_or(1, Number::pieces)));
    }
    let mut lines = Vec::new();
    let mut count = 0;
    for row in rows {
        let (Some(quantities), Some(prices)) = (columns.number(Field::Quantity), columns.number(Field::Price)) else {
            break;
        };
        if quantities.is_empty(row) {
            continue;
        }
        let wrong = |column| view.error(column, row, Code::InvalidAmount);
        let quantity = quantities.at(row).flatten().ok_or_else(|| wrong(quantities))?;
        let price = prices.at(row).flatten().ok_or_else(|| wrong(prices))?;
        let discount = columns.amount(view, Field::LineDiscount, row, currency)?.unwrap_or(0).abs();
        let full = quantity.times(price, currency.exponent()).ok_or_else(|| wrong(prices))?;
        count += 1;
        if keep_lines {
            let text = |field| Some(view.text(field, row).into_owned()).filter(|text| !text.is_empty());
            lines.push(Line {
                id: None,
                product: None,
                sku: text(Field::Sku),
                title: text(Field::Title),
                quantity: quantity.pieces(),
                refunded_quantity: 0,
                discount,
                total: (full - discount).clamp(0, MAX_MINOR),
            });
        }
    }
    Ok((lines, count))
}
