//! Which orders are in this JSON? Documents of any of the known systems, one after another.
#![allow(dead_code)]

use std::collections::HashMap;

use super::json::{LARGEST, Object, Place, Splitter};
use super::options::{Format, ImportOptions};
use super::person::Persons;
use super::report::Notes;
use crate::order::Order;
use crate::reject::{Code, Error, Result, parse_json};
use crate::time::{DAY, zone::Zone};

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
        // What stands on its own line, or between its own brackets, is refused on its own.
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
        let _ = text;
        for name in ["orders", "data"] {
            if let Some(raw) = object.raw(name).filter(|raw| raw.starts_with('[')) {
                let values: Vec<&serde_json::value::RawValue> = serde_json::from_str(raw)
                    .map_err(|_| Error::at(Code::InvalidJson, object.path(name), "This is not valid JSON."))?;
                for (index, value) in values.iter().enumerate() {
                    let path = format!("{name}[{index}]");
                    match Object::parse(value.get(), path) {
                        Ok(object) => self.order(&object, value.get(), reader),
                        Err(error) => self.refuse(error, reader),
                    }
                }
                return Ok(());
            }
        }
        self.order(object, text, reader);
        Ok(())
    }

    fn order(&mut self, object: &Object<'_>, text: &str, reader: &mut Reader<'_>) {
        match self.read(object, text, reader) {
            Ok((order, format)) => {
                if *self.format == Format::Auto {
                    *self.format = format;
                }
                self.add(order, object, reader);
            }
            Err(error) => self.refuse(error, reader),
        }
    }

    fn read(&self, object: &Object<'_>, text: &str, reader: &mut Reader<'_>) -> Result<(Order, Format)> {
        let format = format_of(object).ok_or_else(|| not_an_order(object))?;
        let order = canonical(object, text, reader)?;
        if order.created_at > reader.options.now.plus(DAY) {
            let path = object.path("createdAt");
            return Err(Error::at(Code::DateInFuture, path, "This date has not come yet. Check the year."));
        }
        Ok((order, format))
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

fn format_of(object: &Object<'_>) -> Option<Format> {
    let has = |names: &[&str]| names.iter().all(|name| object.has(name));
    if has(&["v", "createdAt", "lineCount"]) { Some(Format::Orders) } else { None }
}

fn not_an_order(object: &Object<'_>) -> Error {
    let names: Vec<String> = object.names().take(12).map(|name| format!("\"{name}\"")).collect();
    Error::at(
        Code::NotAnOrderExport,
        object.path("").trim_end_matches('.').to_owned(),
        format!(
            "This is not an order of Shopify, Shopware or WooCommerce, nor a canonical order: looked for fields such as \
             financial_status, orderNumber or billing with line_items, and found {}.",
            if names.is_empty() { "none".to_owned() } else { names.join(", ") }
        ),
    )
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
    let amounts = [order.subtotal, order.discount_total, order.shipping, order.tax, order.total, order.refunded];
    if amounts.iter().any(|amount| !(0..=crate::money::MAX_MINOR).contains(amount)) {
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
