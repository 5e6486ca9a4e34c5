//! What does this order export say? CSV and the JSON of Shopify, Shopware and WooCommerce in, canonical orders out.

mod columns;
mod combine;
mod csv;
mod date;
mod documents;
mod eight;
pub(crate) mod json;
mod lines;
mod number;
mod options;
mod person;
pub mod plain;
mod report;
mod rows;
mod sheet;
mod shopify;
mod shopware;
mod sniff;
mod table;
mod woocommerce;
mod words;

pub use combine::combine;
pub use options::{DateOrder, DecimalMark, Field, Format, HashKey, ImportOptions};
pub use report::{FileReport, LineCounts, Progress, Report};

use columns::{Plan, Shape};
use documents::Documents;
pub(crate) use person::{Persons, hex};
use report::Notes;
use sheet::{Sheet, View};
use sniff::Kind;

use crate::order::Order;
use crate::reject::{Code, Result};
use crate::time::{Day, zone::Zone};

/// Reads one file, in chunks of any size: [`Importer::push`] what comes, then [`Importer::finish`].
pub struct Importer {
    name: String,
    options: ImportOptions,
    zone: Zone,
    persons: Persons,
    notes: Notes,
    bytes: u64,
    state: State,
}

enum State {
    /// The first bytes, until it is known what they are.
    Head(Vec<u8>),
    Csv(Box<Sheet>),
    Json(Box<Documents>),
}

/// What one file held.
#[derive(Debug, Clone)]
pub struct Imported {
    /// Its orders, in the order of the file.
    pub orders: Vec<Order>,
    /// What became of its lines.
    pub report: FileReport,
    /// Orders that came twice with the same content.
    duplicates: u64,
    /// A row of the file is a line, not an order.
    by_line: bool,
    /// What the options of this file said.
    count_from: Option<Day>,
}

impl Importer {
    /// Begins a file; its name only shows in the report.
    ///
    /// # Errors
    /// `invalid_value` when the options name an unknown time zone.
    pub fn new(name: impl Into<String>, options: ImportOptions) -> Result<Self> {
        Ok(Self {
            name: name.into(),
            zone: zone_of(&options)?,
            persons: Persons::new(&options),
            notes: Notes::default(),
            bytes: 0,
            state: State::Head(Vec::new()),
            options,
        })
    }

    /// Reads the next bytes.
    ///
    /// # Errors
    /// `not_an_order_export`, `missing_column`, `empty`, `too_large`, `invalid_json` or `malformed_line` when the file
    /// as a whole cannot be read. Lines that cannot be read are in the report.
    pub fn push(&mut self, bytes: &[u8]) -> Result<Progress> {
        self.bytes += bytes.len() as u64;
        match &mut self.state {
            State::Head(head) => {
                let needed = sniff::HEAD.saturating_sub(head.len()).min(bytes.len());
                head.extend_from_slice(&bytes[..needed]);
                if head.len() >= sniff::HEAD {
                    self.begin(false)?;
                    self.read(&bytes[needed..])?;
                }
            }
            State::Csv(_) | State::Json(_) => self.read(bytes)?,
        }
        Ok(self.progress())
    }

    /// The file is over: its orders and its report.
    ///
    /// # Errors
    /// As [`Importer::push`]; `unknown_currency` when amounts have none; `too_many_refused` when more than a tenth of
    /// the lines (and more than three) was refused.
    pub fn finish(mut self) -> Result<Imported> {
        if matches!(self.state, State::Head(_)) {
            self.begin(true)?;
        }
        let Self { name, options, zone, mut persons, mut notes, state, .. } = self;
        let (orders, format, columns, by_line) = match state {
            State::Head(_) => (Vec::new(), Format::Auto, std::collections::BTreeMap::new(), false),
            State::Csv(mut sheet) => {
                sheet.finish(&mut notes)?;
                if notes.lines.read == 0 {
                    notes.judge()?;
                }
                let view = View::new(&sheet, &options, &zone, &mut notes)?;
                let by_line = sheet.plan.shape == Shape::Lines;
                let make = if by_line { lines::orders } else { rows::orders };
                let orders = make(&view, &mut persons, options.keep_lines, &mut notes);
                let format = if sheet.plan.shape == Shape::Shopify { Format::Shopify } else { Format::Csv };
                (orders, format, sheet.plan.columns(), by_line)
            }
            State::Json(mut documents) => {
                documents.finish(&options, &zone, &mut persons, &mut notes)?;
                let format = documents.format;
                (documents.orders, format, std::collections::BTreeMap::new(), false)
            }
        };
        if persons.hashed_without_key() {
            notes.warn(
                Code::Assumption,
                "",
                "E-mail addresses were hashed without a key of this shop, so that whoever has the result could try addresses \
                 out. Set the option hashKey.",
            );
        }
        notes.judge()?;
        let duplicates = if by_line { 0 } else { notes.lines.merged };
        let mut report = notes.report(name, format, columns);
        report.describe(&orders);
        Ok(Imported { orders, report, duplicates, by_line, count_from: options.count_from })
    }

    fn begin(&mut self, whole: bool) -> Result<()> {
        let State::Head(head) = &mut self.state else { return Ok(()) };
        let head = core::mem::take(head);
        self.state = match sniff::kind(&head, whole, self.options.from == Format::Csv)? {
            Kind::Json => State::Json(Box::new(Documents::new())),
            Kind::Csv { delimiter, header, skip } => {
                let plan = Plan::new(&header, &self.options)?;
                let mut sheet = Sheet::new(plan, delimiter);
                sheet.push(&head[skip..], &mut self.notes)?;
                self.state = State::Csv(Box::new(sheet));
                return Ok(());
            }
        };
        self.read(&head)
    }

    fn read(&mut self, bytes: &[u8]) -> Result<()> {
        match &mut self.state {
            State::Head(_) => Ok(()),
            State::Csv(sheet) => sheet.push(bytes, &mut self.notes),
            State::Json(documents) => {
                documents.push(bytes, &self.options, &self.zone, &mut self.persons, &mut self.notes)
            }
        }
    }

    fn progress(&self) -> Progress {
        let orders = match &self.state {
            State::Head(_) => 0,
            State::Csv(sheet) => sheet.orders(),
            State::Json(documents) => documents.orders.len() as u64,
        };
        Progress { bytes: self.bytes, lines: self.notes.lines.read, orders }
    }
}

/// Reads one file that is already in memory: its orders and the report.
///
/// # Errors
/// As [`Importer::push`] and [`Importer::finish`].
pub fn import(name: &str, bytes: &[u8], options: &ImportOptions) -> Result<(Vec<Order>, Report)> {
    let mut importer = Importer::new(name, options.clone())?;
    importer.push(bytes)?;
    combine(vec![importer.finish()?], options)
}

fn zone_of(options: &ImportOptions) -> Result<Zone> {
    match &options.time_zone {
        Some(name) => Zone::named(name).map_err(|error| error.under("timeZone")),
        None => Ok(Zone::utc()),
    }
}
