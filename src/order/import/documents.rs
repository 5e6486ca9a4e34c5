//! Which orders are in this JSON? Documents of any of the known systems, one after another.

use std::collections::HashMap;

use serde_json::value::RawValue;

use super::json::{LARGEST, Object, Place, Splitter};
use super::options::{DateOrder, Format, ImportOptions};
use super::person::Persons;
use super::report::Notes;
use super::{date, shopify, shopware, woocommerce, words};
use crate::money::{Currency, MAX_MINOR, Minor};
use crate::order::{Order, OrderKind, OrderStatus, Source, TaxMode};
use crate::reject::{Code, Error, Result, parse_json};
use crate::time::{DAY, Instant, zone::Zone};

/// A JSON file while it is read.
pub(super) struct Documents {
    splitter: Splitter,
    pub orders: Vec<Order>,
    by_id: HashMap<String, usize>,
    /// What the first order was.
    pub format: Format,
}

/// What is needed to read an order besides the order.
pub(super) struct Reader<'a> {
    pub options: &'a ImportOptions,
    pub zone: &'a Zone,
    pub persons: &'a mut Persons,
    pub notes: &'a mut Notes,
}

impl Documents {
    pub fn new() -> Self {
        Self { splitter: Splitter::new(LARGEST), orders: Vec::new(), by_id: HashMap::new(), format: Format::Auto }
    }

    pub fn push(
        &mut self,
        bytes: &[u8],
        options: &ImportOptions,
        zone: &Zone,
        persons: &mut Persons,
        notes: &mut Notes,
    ) -> Result<()> {
        let mut reader = Reader { options, zone, persons, notes };
        let Self { splitter, orders, by_id, format } = self;
        let mut found = Found { orders, by_id, format };
        splitter.push(bytes, &mut |document, place| found.document(document, place, &mut reader))
    }

    pub fn finish(
        &mut self,
        options: &ImportOptions,
        zone: &Zone,
        persons: &mut Persons,
        notes: &mut Notes,
    ) -> Result<()> {
        let mut reader = Reader { options, zone, persons, notes };
        let Self { splitter, orders, by_id, format } = self;
        let mut found = Found { orders, by_id, format };
        splitter.finish(&mut |document, place| found.document(document, place, &mut reader))
    }
}

struct Found<'a> {
    orders: &'a mut Vec<Order>,
    by_id: &'a mut HashMap<String, usize>,
    format: &'a mut Format,
}

impl Found<'_> {
    /// A document: an order, or what orders are wrapped in.
    fn document(&mut self, document: &[u8], place: Place, reader: &mut Reader<'_>) -> Result<()> {
        let path = place.path();
        let Ok(text) = core::str::from_utf8(document) else {
            self.refuse(Error::at(Code::InvalidJson, path, "This is not UTF-8 text."), reader);
            return Ok(());
        };
        match Object::parse(text, path.clone()) {
            Ok(object) => self.wrapped(&object, text, reader),
            Err(error) => {
                self.refuse(Error::at(Code::MalformedLine, path, error.message), reader);
                Ok(())
            }
        }
    }

    fn wrapped(&mut self, object: &Object<'_>, text: &str, reader: &mut Reader<'_>) -> Result<()> {
        for name in ["orders", "data"] {
            if let Some(raw) = object.raw(name).filter(|raw| raw.starts_with('[')) {
                let values: Vec<&RawValue> = serde_json::from_str(raw)
                    .map_err(|_| Error::at(Code::InvalidJson, object.path(name), "This is not valid JSON."))?;
                for (index, value) in values.iter().enumerate() {
                    match Object::parse(value.get(), format!("{name}[{index}]")) {
                        Ok(object) => self.order(&object, value.get(), None, reader),
                        Err(error) => self.refuse(error, reader),
                    }
                }
                return Ok(());
            }
        }
        // A webhook of Shopware holds the order two levels deep, an app's request beside the refund it asks for.
        let data = object.object("data")?.map(|data| data.object("payload")).transpose()?.flatten();
        let payload = data.map(|payload| payload.object("order")).transpose()?.flatten();
        let (inner, refund) = (object.object("order")?.or(payload), object.object("refund")?);
        match inner {
            Some(order) => self.order(&order, object.raw("order").unwrap_or(text), refund.as_ref(), reader),
            None => self.order(object, text, None, reader),
        }
        Ok(())
    }

    fn order(&mut self, object: &Object<'_>, text: &str, refund: Option<&Object<'_>>, reader: &mut Reader<'_>) {
        match read(object, text, refund, reader) {
            Ok((order, format)) => {
                if *self.format == Format::Auto {
                    *self.format = format;
                }
                self.add(order, object, reader);
            }
            Err(error) => self.refuse(error, reader),
        }
    }

    fn add(&mut self, order: Order, object: &Object<'_>, reader: &mut Reader<'_>) {
        reader.notes.lines.read += 1;
        match self.by_id.get(&order.id).and_then(|index| self.orders.get(*index)) {
            Some(first) if *first == order => reader.notes.lines.merged += 1,
            Some(_) => {
                let message = "This order was there before with other content; the first one was kept.";
                reader.notes.refuse(Error::at(Code::DuplicateOrder, object.path("id"), message));
            }
            None => {
                reader.notes.lines.kept += 1;
                self.by_id.insert(order.id.clone(), self.orders.len());
                self.orders.push(order);
            }
        }
    }

    fn refuse(&self, error: Error, reader: &mut Reader<'_>) {
        reader.notes.lines.read += 1;
        reader.notes.refuse(error);
    }
}

fn read(
    object: &Object<'_>,
    text: &str,
    refund: Option<&Object<'_>>,
    reader: &mut Reader<'_>,
) -> Result<(Order, Format)> {
    let found = format_of(object).ok_or_else(|| not_an_order(object))?;
    let said = reader.options.from;
    if said != Format::Auto && said != found {
        let message = format!("This is an order of {}, not of {}.", found.as_str(), said.as_str());
        return Err(Error::at(Code::NotAnOrderExport, object.path(""), message));
    }
    let order = match found {
        Format::Shopify => shopify::order(object, reader)?,
        Format::Shopware => shopware::order(object, refund, reader)?,
        Format::Woocommerce => woocommerce::order(object, reader)?,
        Format::Auto | Format::Csv | Format::Orders => canonical(object, text, reader)?,
    };
    if order.created_at > reader.options.now.plus(DAY) {
        let message = "The date of this order has not come yet. Check the year.";
        return Err(Error::at(Code::DateInFuture, object.path(""), message));
    }
    Ok((order, found))
}

fn format_of(object: &Object<'_>) -> Option<Format> {
    if ["v", "createdAt", "lineCount"].iter().all(|name| object.has(name)) {
        Some(Format::Orders)
    } else if shopify::is(object) {
        Some(Format::Shopify)
    } else if shopware::is(object) {
        Some(Format::Shopware)
    } else if woocommerce::is(object) {
        Some(Format::Woocommerce)
    } else {
        None
    }
}

fn not_an_order(object: &Object<'_>) -> Error {
    let names: Vec<String> = object.names().take(12).map(|name| format!("\"{name}\"")).collect();
    Error::at(
        Code::NotAnOrderExport,
        object.path(""),
        format!(
            "This is not an order of Shopify, Shopware or WooCommerce, nor a canonical order: looked for fields such as \
             financial_status, orderNumber or billing with line_items, and found {}.",
            if names.is_empty() { "none".to_owned() } else { names.join(", ") }
        ),
    )
}

/// An order of which only the least is known.
pub(super) fn blank(source: Source, id: String, created_at: Instant, currency: Currency, total: Minor) -> Order {
    Order {
        v: 1,
        id,
        number: None,
        source,
        kind: OrderKind::Sale,
        created_at,
        paid_at: None,
        cancelled_at: None,
        status: OrderStatus::Open,
        test: false,
        currency,
        tax_mode: TaxMode::Unknown,
        subtotal: 0,
        discount_total: 0,
        shipping: 0,
        tax: 0,
        total,
        refunded: 0,
        cost: None,
        codes: Vec::new(),
        automatic: Vec::new(),
        line_count: 0,
        lines: Vec::new(),
        customer: None,
        country: None,
        attribution: None,
    }
}

/// A sum of amounts, the new one without its sign, held at the largest exact amount.
pub(super) fn added(sum: Minor, amount: Minor) -> Minor {
    sum.saturating_add(amount.abs()).min(MAX_MINOR)
}

/// The id of an order, with every digit.
pub(super) fn id_in(object: &Object<'_>, name: &str) -> Result<String> {
    let id = object.text(name).map(Into::into);
    id.ok_or_else(|| Error::at(Code::MissingField, object.path(name), "This order has no id."))
}

/// The currency in a field, or the one that was said.
pub(super) fn currency_in(object: &Object<'_>, name: &str, options: &ImportOptions) -> Result<Currency> {
    let message = "This is not an ISO 4217 currency code such as EUR, GBP or JPY.";
    let unknown = || Error::at(Code::UnknownCurrency, object.path(name), message);
    match object.text(name) {
        Some(code) => Currency::parse(&code).map_err(|_| unknown()),
        None => options.currency.ok_or_else(unknown),
    }
}

/// The instant in a field; `None` when it is absent.
pub(super) fn instant_in(object: &Object<'_>, name: &str, zone: &Zone) -> Result<Option<Instant>> {
    let Some(text) = object.text(name) else { return Ok(None) };
    let instant = date::read(&text, DateOrder::DayFirst, zone);
    let wrong = || Error::at(Code::InvalidDate, object.path(name), "This is not a date such as 2026-11-23T10:05:00Z.");
    instant.map(Some).ok_or_else(wrong)
}

/// The country in an object within this one.
pub(super) fn country_in(object: &Object<'_>, name: &str, field: &str) -> Result<Option<String>> {
    let inner = object.object(name)?;
    Ok(inner.and_then(|inner| inner.text(field)).and_then(|text| words::country(&text)))
}

/// An order as this importer writes it.
fn canonical(object: &Object<'_>, text: &str, reader: &Reader<'_>) -> Result<Order> {
    if object.text("v").is_some_and(|version| version != "1") {
        let message = "This order says a version this reader does not know; it knows version 1.";
        return Err(Error::at(Code::UnsupportedVersion, object.path("v"), message));
    }
    let mut order: Order = parse_json(text).map_err(|error| {
        // The values of a customer's order stay out of messages.
        let path = object.path(&error.path);
        Error::at(error.code, path, "This field is not what a canonical order has here.")
    })?;
    let own = [order.subtotal, order.discount_total, order.shipping, order.tax, order.total, order.refunded];
    let discounts = order.codes.iter().map(|code| code.amount).chain(order.automatic.iter().map(|entry| entry.amount));
    let lines = order.lines.iter().flat_map(|line| [line.discount, line.total]);
    if own.into_iter().chain(discounts).chain(lines).any(|amount| !(0..=MAX_MINOR).contains(&amount)) {
        let message = "The amounts of an order are minor units, not negative and at most 2^53 - 1.";
        return Err(Error::at(Code::InvalidAmount, object.path("total"), message));
    }
    if !reader.options.keep_lines {
        order.lines = Vec::new();
    }
    if let Some(customer) = order.customer.as_mut().filter(|_| !reader.options.keep_names) {
        customer.name = None;
    }
    Ok(order)
}
