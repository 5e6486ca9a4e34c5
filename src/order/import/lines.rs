//! Which orders do these lines make? Files with a row per line: quantity and price.

use std::collections::HashMap;

use super::options::Field;
use super::person::{Persons, Said};
use super::report::Notes;
use super::sheet::View;
use crate::money::{Currency, MAX_MINOR, Minor};
use crate::order::{Line, Order, OrderCode, OrderKind, OrderStatus, Source, TaxMode};
use crate::reject::{Code, Result};
use crate::time::Instant;

/// What shares an order number, or is a return without one.
struct Group {
    /// The first row, and the first row that names a customer.
    row: usize,
    person: usize,
    at: Instant,
    currency: Currency,
    has_number: bool,
    sales: u32,
    returns: u32,
    sold: Minor,
    returned: Minor,
    /// What the goods cost, as long as every line that was sold says so.
    cost: Option<Minor>,
    lines: Vec<Line>,
    returned_lines: Vec<Line>,
}

/// One row, understood.
struct Read {
    at: Instant,
    currency: Currency,
    amount: Minor,
    cost: Option<Minor>,
    is_return: bool,
    pieces: u32,
}

/// Groups the lines of a file to orders.
pub(super) fn orders(view: &View<'_>, persons: &mut Persons, keep_lines: bool, notes: &mut Notes) -> Vec<Order> {
    let groups = group(view, keep_lines, notes);
    let statuses = view.statuses(notes);
    let countries = Countries::new(view);
    let has_ids = view.plan.slot(Field::Customer).is_some();
    groups
        .into_iter()
        .map(|group| {
            let (customer, email) = (view.text(Field::Customer, group.person), view.text(Field::Email, group.person));
            let (name, guest) = (view.text(Field::Name, group.person), view.text(Field::Guest, group.person));
            let said = Said { id: &customer, email: &email, name: &name, guest: super::words::yes(&guest), has_ids };
            let customer = persons.customer(said);
            let sale = group.has_number && group.sales > 0;
            let id = if group.has_number {
                view.text(Field::Order, group.row).into_owned()
            } else {
                let who = customer.as_ref().map_or("anonymous", |customer| &customer.id);
                format!("return-{who}-{}", group.at)
            };
            let (total, refunded) = if sale { (group.sold, group.returned) } else { (group.returned, 0) };
            let status = match statuses.at(group.row).flatten() {
                Some(OrderStatus::Cancelled) => OrderStatus::Cancelled,
                _ if !sale => OrderStatus::Refunded,
                Some(status) if status != OrderStatus::Paid => status,
                _ if group.returns > 0 && refunded >= total && refunded > 0 => OrderStatus::Refunded,
                _ if refunded > 0 => OrderStatus::PartiallyRefunded,
                _ => OrderStatus::Paid,
            };
            let code = view.text(Field::DiscountCode, group.row);
            Order {
                v: 1,
                id,
                number: None,
                source: Source::Csv,
                kind: if sale { OrderKind::Sale } else { OrderKind::Return },
                created_at: group.at,
                paid_at: None,
                cancelled_at: None,
                status,
                test: false,
                currency: group.currency,
                tax_mode: TaxMode::Unknown,
                subtotal: total,
                discount_total: 0,
                shipping: 0,
                tax: 0,
                total,
                refunded,
                cost: group.cost.filter(|_| sale),
                codes: codes(&code, 0),
                automatic: Vec::new(),
                line_count: group.sales + group.returns,
                lines: if sale { with_returns(group.lines, group.returned_lines) } else { group.returned_lines },
                customer,
                country: countries.at(group.row),
                attribution: None,
            }
        })
        .collect()
}

fn group(view: &View<'_>, keep_lines: bool, notes: &mut Notes) -> Vec<Group> {
    let dates = view.dates(Field::Date, notes);
    let quantities = view.numbers(Field::Quantity, notes);
    let prices = view.numbers(Field::Price, notes);
    let costs = view.numbers(Field::Cost, notes);
    let currencies = view.currencies();
    let read = |row: usize| -> Result<Read> {
        let at = view.date_at(&dates, row)?;
        let currency = view.currency_at(&currencies, row)?;
        let wrong = |column| view.error(column, row, Code::InvalidAmount);
        let quantity = quantities.at(row).flatten().ok_or_else(|| wrong(&quantities))?;
        let price = prices.at(row).flatten().ok_or_else(|| wrong(&prices))?;
        let amount = quantity.times(price, currency.exponent()).ok_or_else(|| wrong(&prices))?;
        let is_return = quantity.coefficient < 0 || amount < 0;
        let cost = if costs.is_empty(row) {
            None
        } else {
            let each = costs.at(row).flatten().ok_or_else(|| wrong(&costs))?;
            Some(quantity.times(each, currency.exponent()).ok_or_else(|| wrong(&costs))?.abs())
        };
        Ok(Read { at, currency, amount: amount.abs(), cost, is_return, pieces: quantity.pieces() })
    };

    let (numbers, customers, emails) = (view.rows(Field::Order), view.rows(Field::Customer), view.rows(Field::Email));
    let person_of = |row: usize| {
        let of = |rows: &[u32]| rows.get(row).copied().unwrap_or(0);
        (of(customers), of(emails))
    };
    let mut by_number =
        vec![u32::MAX; view.plan.slot(Field::Order).map_or(0, |slot| view.table.symbols(slot).len() as usize)];
    let mut by_moment: HashMap<((u32, u32), Instant), u32> = HashMap::new();
    let mut groups: Vec<Group> = Vec::new();
    for row in 0..view.table.rows() {
        let line = match read(row) {
            Ok(line) => line,
            Err(error) => {
                notes.refuse(error);
                continue;
            }
        };
        let symbol = numbers.get(row).copied().unwrap_or(0);
        let has_number = symbol != 0;
        let slot = if has_number {
            &mut by_number[symbol as usize]
        } else {
            by_moment.entry((person_of(row), line.at)).or_insert(u32::MAX)
        };
        if *slot == u32::MAX {
            *slot = u32::try_from(groups.len()).unwrap_or(u32::MAX);
            groups.push(Group {
                row,
                person: row,
                at: line.at,
                currency: line.currency,
                has_number,
                sales: 0,
                returns: 0,
                sold: 0,
                returned: 0,
                cost: Some(0),
                lines: Vec::new(),
                returned_lines: Vec::new(),
            });
        }
        let Some(group) = groups.get_mut(*slot as usize) else { continue };
        if group.currency != line.currency {
            notes.refuse(view.error(&currencies, row, Code::CurrencyMismatch));
            continue;
        }
        // A line without an order number is always a return, bad debts that are written off included.
        let is_return = line.is_return || !has_number;
        let sum = if is_return { &mut group.returned } else { &mut group.sold };
        let Some(new) = sum.checked_add(line.amount).filter(|new| *new <= MAX_MINOR) else {
            notes.refuse(view.error(&prices, row, Code::InvalidAmount));
            continue;
        };
        *sum = new;
        *if is_return { &mut group.returns } else { &mut group.sales } += 1;
        if !is_return {
            let both = group.cost.zip(line.cost);
            group.cost = both.and_then(|(sum, cost)| sum.checked_add(cost)).filter(|sum| *sum <= MAX_MINOR);
        }
        group.at = group.at.min(line.at);
        if person_of(group.person) == (0, 0) {
            group.person = row;
        }
        if keep_lines {
            let line = line_of(view, row, &line);
            if is_return { &mut group.returned_lines } else { &mut group.lines }.push(line);
        }
        notes.lines.kept += 1;
    }
    // A group whose every line was refused for its currency or size holds nothing.
    groups.retain(|group| group.sales + group.returns > 0);
    groups
}

fn line_of(view: &View<'_>, row: usize, read: &Read) -> Line {
    let text = |field| Some(view.text(field, row).into_owned()).filter(|text| !text.is_empty());
    Line {
        id: None,
        product: None,
        sku: text(Field::Sku),
        title: text(Field::Title),
        quantity: read.pieces,
        refunded_quantity: 0,
        discount: 0,
        total: read.amount,
    }
}

/// Lines that came back are noted on the line they came from.
fn with_returns(mut lines: Vec<Line>, returned: Vec<Line>) -> Vec<Line> {
    for back in returned {
        let same = |line: &&mut Line| line.sku == back.sku && line.title == back.title;
        if let Some(line) = lines.iter_mut().find(same) {
            line.refunded_quantity = line.refunded_quantity.saturating_add(back.quantity).min(line.quantity);
        }
    }
    lines
}

/// The codes in a cell; what was taken off is the first one's, exports do not divide it.
pub(super) fn codes(cell: &str, amount: Minor) -> Vec<OrderCode> {
    let names = cell.split(',').map(str::trim).filter(|name| !name.is_empty());
    names
        .enumerate()
        .map(|(index, code)| OrderCode {
            code: code.to_owned(),
            amount: if index == 0 { amount } else { 0 },
            kind: None,
        })
        .collect()
}

/// Where the parcel went, or else the bill.
pub(super) struct Countries<'a> {
    shipping: (&'a [u32], Vec<Option<String>>),
    billing: (&'a [u32], Vec<Option<String>>),
}

impl<'a> Countries<'a> {
    pub fn new(view: &View<'a>) -> Self {
        let column = |field| (view.rows(field), view.countries(field));
        Self { shipping: column(Field::Country), billing: column(Field::BillingCountry) }
    }

    pub fn at(&self, row: usize) -> Option<String> {
        let of = |(rows, names): &(&[u32], Vec<Option<String>>)| {
            rows.get(row).and_then(|symbol| names.get(*symbol as usize)).cloned().flatten()
        };
        of(&self.shipping).or_else(|| of(&self.billing))
    }
}
