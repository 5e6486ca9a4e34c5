//! What do the cells of a CSV file say? Its columns as dates, amounts and words, each distinct cell read once.

use super::columns::{Plan, Shape};
use super::csv::{Row, Rows};
use super::number::{self, Number, Votes};
use super::options::{Field, ImportOptions};
use super::report::{Notes, place, shown};
use super::table::Table;
use super::{date, words};
use crate::money::Currency;
use crate::order::OrderStatus;
use crate::reject::{Code, Error, Result};
use crate::time::{DAY, Instant, zone::Zone};

/// A CSV file while it is read.
pub(super) struct Sheet {
    pub plan: Plan,
    pub table: Table,
    rows: Rows,
    header_seen: bool,
    /// Table column by file column.
    slots: Vec<usize>,
}

impl Sheet {
    pub fn new(plan: Plan, delimiter: u8) -> Self {
        let slots = plan.fields.iter().map(|(_, column)| *column).collect();
        let table = Table::new(plan.fields.len());
        Self { plan, table, rows: Rows::new(delimiter), header_seen: false, slots }
    }

    pub fn push(&mut self, bytes: &[u8], notes: &mut Notes) -> Result<()> {
        let Self { plan, table, rows, header_seen, slots } = self;
        rows.push(bytes, &mut |row| take(&row, plan, table, header_seen, slots, notes))
    }

    pub fn finish(&mut self, notes: &mut Notes) -> Result<()> {
        let Self { plan, table, rows, header_seen, slots } = self;
        rows.finish(&mut |row| take(&row, plan, table, header_seen, slots, notes))
    }

    /// How many orders have been seen: different order numbers.
    pub fn orders(&self) -> u64 {
        let key = if self.plan.shape == Shape::Shopify { Field::Number } else { Field::Order };
        let slot = self.plan.slot(key).or_else(|| self.plan.slot(Field::Order));
        slot.map_or(self.table.rows() as u64, |slot| u64::from(self.table.symbols(slot).len()) - 1)
    }
}

fn take(
    row: &Row<'_>,
    plan: &Plan,
    table: &mut Table,
    header_seen: &mut bool,
    slots: &[usize],
    notes: &mut Notes,
) -> Result<()> {
    if !core::mem::replace(header_seen, true) {
        return Ok(());
    }
    let surplus_is_blank = (plan.width..row.len()).all(|index| row.cell(index).trim_ascii().is_empty());
    if row.len() < plan.width || !surplus_is_blank {
        // One quotation mark can swallow many lines; all of them are refused, not one.
        notes.lines.read += row.spans;
        let swallowed = if row.spans > 1 { format!(" and spans {} lines", row.spans) } else { String::new() };
        let message = format!(
            "This line has {} cells{swallowed}, the first line names {} columns. Look for a missing delimiter or \
             quotation mark.",
            row.len(),
            plan.width
        );
        notes.refuse_lines(row.spans, Error::at(Code::MalformedLine, place(row.line, ""), message));
        return Ok(());
    }
    notes.lines.read += 1;
    if row.has_nul() {
        let message = "This line holds bytes that are no text. Export the file again as CSV in UTF-8.";
        notes.refuse(Error::at(Code::MalformedLine, place(row.line, ""), message));
        return Ok(());
    }
    table.push(row.line, slots.iter().map(|column| row.cell(*column)));
    Ok(())
}

/// A finished sheet, for those who make orders of it.
pub(super) struct View<'a> {
    pub plan: &'a Plan,
    pub table: &'a Table,
    options: &'a ImportOptions,
    zone: &'a Zone,
    amounts: Votes,
    /// The currency of amounts that name none.
    pub currency: Option<Currency>,
}

/// A column of cells that were read.
pub(super) struct Column<'a, T> {
    field: Field,
    rows: &'a [u32],
    cells: Vec<T>,
}

impl<T: Copy> Column<'_, T> {
    /// The cell in a row; `None` where the file has no such column.
    pub fn at(&self, row: usize) -> Option<T> {
        self.rows.get(row).and_then(|symbol| self.cells.get(*symbol as usize)).copied()
    }

    /// Whether the file has no such column or the cell is empty.
    pub fn is_empty(&self, row: usize) -> bool {
        self.rows.get(row).is_none_or(|symbol| *symbol == 0)
    }
}

/// What a date cell holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DateCell {
    At(Instant),
    Future,
    NoDate,
}

const AMOUNTS: [Field; 9] = [
    Field::Price,
    Field::Total,
    Field::Subtotal,
    Field::Shipping,
    Field::Tax,
    Field::Discount,
    Field::Refunded,
    Field::LineDiscount,
    Field::Cost,
];

/// Says that times were read as UTC.
pub(super) fn local_times(plan: &Plan, notes: &mut Notes) {
    notes.warn(
        Code::Assumption,
        format!("column {}", plan.name(Field::Date)),
        "These times name no time zone and were read as UTC. Name the shop's zone with the option timeZone.",
    );
}

impl<'a> View<'a> {
    pub fn new(sheet: &'a Sheet, options: &'a ImportOptions, zone: &'a Zone, notes: &mut Notes) -> Result<Self> {
        let (plan, table) = (&sheet.plan, &sheet.table);
        if !table.is_utf8() {
            notes.warn(
                Code::Assumption,
                "",
                "Parts of this file are not UTF-8 and were read as Windows-1252. If names look wrong, export it as UTF-8.",
            );
        }
        let mut view = Self { plan, table, options, zone, amounts: Votes::default(), currency: None };
        view.amounts = AMOUNTS.iter().fold(Votes::default(), |votes, field| votes.and(view.votes(*field)));
        view.currency = plan.currency.or(view.amounts.currency).or(options.currency);
        if view.currency.is_none() && plan.slot(Field::Currency).is_none() {
            return Err(Error::new(
                Code::UnknownCurrency,
                "This file does not say in which currency its amounts are. Say it with the option currency, such as EUR.",
            ));
        }
        Ok(view)
    }

    /// The rows of a column as cell numbers; empty when the file has none.
    pub fn rows(&self, field: Field) -> &'a [u32] {
        self.plan.slot(field).map_or(&[], |slot| self.table.column(slot))
    }

    /// The text in a row; empty where there is none.
    pub fn text(&self, field: Field, row: usize) -> std::borrow::Cow<'a, str> {
        let cell = self.plan.slot(field).and_then(|slot| Some((slot, *self.table.column(slot).get(row)?)));
        cell.map_or_else(Default::default, |(slot, symbol)| self.table.symbols(slot).text(symbol))
    }

    fn votes(&self, field: Field) -> Votes {
        self.plan.slot(field).map_or_else(Votes::default, |slot| Votes::of(self.table.symbols(slot).texts()))
    }

    fn column<T>(&self, field: Field, read: impl FnMut(&str) -> T) -> Column<'a, T> {
        let mut read = read;
        let cells = self
            .plan
            .slot(field)
            .map_or_else(Vec::new, |slot| self.table.symbols(slot).texts().map(|text| read(&text)).collect());
        Column { field, rows: self.rows(field), cells }
    }

    /// Decimals of the first currency the file names.
    fn exponent(&self) -> u8 {
        let named = self.currencies().cells.into_iter().flatten().next();
        named.or(self.currency).map_or(2, Currency::exponent)
    }

    /// A column of amounts or quantities.
    pub fn numbers(&self, field: Field, notes: &mut Notes) -> Column<'a, Option<Number>> {
        let exponent = self.exponent();
        let reading = self.votes(field).decide(self.amounts, self.options.decimal, exponent);
        if reading.assumed && self.plan.slot(field).is_some() {
            let (mark, other) = match reading.mark {
                super::options::DecimalMark::Point => ("point", "comma"),
                super::options::DecimalMark::Comma => ("comma", "point"),
            };
            notes.warn(
                Code::Assumption,
                format!("column {}", self.plan.name(field)),
                format!(
                    "No amount in this file tells whether a point or a comma separates the decimals. A {mark} was assumed; \
                     if it is a {other}, say so with the option decimal."
                ),
            );
        }
        self.column(field, |text| number::read(text, reading.mark))
    }

    /// A column of dates.
    pub fn dates(&self, field: Field, notes: &mut Notes) -> Column<'a, DateCell> {
        let Some(slot) = self.plan.slot(field) else { return self.column(field, |_| DateCell::NoDate) };
        let reading = date::decide(self.table.symbols(slot).texts(), self.options.date_order);
        if reading.assumed {
            let (order, other) = match reading.order {
                super::options::DateOrder::DayFirst => ("day", "month_first"),
                super::options::DateOrder::MonthFirst => ("month", "day_first"),
            };
            notes.warn(
                Code::Assumption,
                format!("column {}", self.plan.name(field)),
                format!(
                    "No date in this column tells whether the day or the month comes first. The {order} first was assumed; \
                     if it is the other way round, set the option dateOrder to {other}."
                ),
            );
        }
        if reading.local && self.options.time_zone.is_none() && field == Field::Date {
            local_times(self.plan, notes);
        }
        let latest = self.options.now.plus(DAY);
        self.column(field, |text| match date::read(text, reading.order, self.zone) {
            Some(instant) if instant > latest => DateCell::Future,
            Some(instant) => DateCell::At(instant),
            None => DateCell::NoDate,
        })
    }

    /// A column of words for how far an order has come. Words nobody knows are read as paid.
    pub fn statuses(&self, notes: &mut Notes) -> Column<'a, Option<OrderStatus>> {
        let path = format!("column {}", self.plan.name(Field::Status));
        self.column(Field::Status, |text| {
            let status = words::status(text);
            if status.is_none() && !text.trim().is_empty() {
                let word = if text.len() <= 30 && !text.contains('@') { format!("\"{text}\"") } else { shown(text) };
                notes.warn(
                    Code::Assumption,
                    path.clone(),
                    format!("{word} is not a known status and was read as paid."),
                );
            }
            status
        })
    }

    /// A column of currency codes.
    pub fn currencies(&self) -> Column<'a, Option<Currency>> {
        self.column(Field::Currency, |text| Currency::parse(text).ok())
    }

    /// Countries by the cell number of a column.
    pub fn countries(&self, field: Field) -> Vec<Option<String>> {
        self.column(field, words::country).cells
    }

    /// The error for a cell of this row and column.
    pub fn error<T>(&self, column: &Column<'_, T>, row: usize, code: Code) -> Error {
        let text = self.text(column.field, row);
        let cell = if text.is_empty() { "This cell is empty; it".to_owned() } else { shown(&text) };
        let message = match code {
            Code::InvalidDate => format!("{cell} is not a date such as 2026-11-23 10:05."),
            Code::DateInFuture => format!("{cell} has not come yet. Check the year, and which number is the month."),
            Code::InvalidAmount => {
                format!("{cell} is not an amount such as 12.50, written as in the rest of the column.")
            }
            Code::UnknownCurrency => format!("{cell} is not an ISO 4217 currency code such as EUR, GBP or JPY."),
            Code::CurrencyMismatch => format!("{cell} is another currency than the order's first line has."),
            _ => format!("{cell} cannot be read."),
        };
        Error::at(code, place(self.table.line(row), self.plan.name(column.field)), message)
    }

    /// The currency of a row.
    pub fn currency_at(&self, column: &Column<'_, Option<Currency>>, row: usize) -> Result<Currency> {
        let said = if column.is_empty(row) { self.currency } else { column.at(row).flatten() };
        said.ok_or_else(|| self.error(column, row, Code::UnknownCurrency))
    }

    /// The date of a row.
    pub fn date_at(&self, column: &Column<'_, DateCell>, row: usize) -> Result<Instant> {
        match column.at(row) {
            Some(DateCell::At(instant)) => Ok(instant),
            Some(DateCell::Future) => Err(self.error(column, row, Code::DateInFuture)),
            _ => Err(self.error(column, row, Code::InvalidDate)),
        }
    }
}
