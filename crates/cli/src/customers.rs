//! What does a merchant's spreadsheet get? One row per customer, as CSV or NDJSON.

use std::borrow::Cow;
use std::fmt::Display;
use std::io::Write;

use zugabe::reject::{Code, Error, Result};
use zugabe::score::model::Row;
use zugabe::score::referral::ReferralValue;

use crate::files::document;

const HEADER: [&str; 20] = [
    "id",
    "name",
    "orders",
    "firstAt",
    "lastAt",
    "recencyDays",
    "ageDays",
    "revenue",
    "returned",
    "basket",
    "r",
    "f",
    "m",
    "tier",
    "stage",
    "reasons",
    "below",
    "pAlive",
    "expectedPurchases",
    "clv",
];

/// Writes rows as they come: CSV with a header, amounts in minor units, what is not known of a customer empty; or one
/// JSON object a line.
pub enum Writer<'a> {
    Csv(Box<csv::Writer<&'a mut dyn Write>>),
    Ndjson(&'a mut dyn Write),
}

impl<'a> Writer<'a> {
    /// Begins; a CSV file with its header.
    pub fn new(out: &'a mut dyn Write, ndjson: bool) -> Result<Self> {
        if ndjson {
            return Ok(Self::Ndjson(out));
        }
        let mut writer = csv::Writer::from_writer(out);
        writer.write_record(HEADER).map_err(|error| unwritten(&error))?;
        Ok(Self::Csv(Box::new(writer)))
    }

    /// Writes some rows.
    pub fn write(&mut self, rows: &[Row]) -> Result<()> {
        match self {
            Self::Csv(writer) => {
                rows.iter().try_for_each(|row| write_csv(row, writer)).map_err(|error| unwritten(&error))
            }
            Self::Ndjson(out) => rows.iter().try_for_each(|row| {
                let line = document(row, false)?;
                out.write_all(line.as_bytes()).map_err(|error| unwritten(&error))
            }),
        }
    }

    /// No more rows come.
    pub fn finish(self) -> Result<()> {
        match self {
            Self::Csv(mut writer) => writer.flush().map_err(|error| unwritten(&error)),
            Self::Ndjson(_) => Ok(()),
        }
    }
}

/// Writes what customers and those they brought are worth, in minor units.
pub fn write_referrals(values: &[ReferralValue], out: &mut dyn Write) -> Result<()> {
    let mut writer = csv::Writer::from_writer(out);
    let mut write = || {
        writer.write_record(["id", "clv", "friends", "referralValue", "kind"])?;
        for value in values {
            let numbers = [value.clv.to_string(), value.friends.to_string(), value.referral_value.to_string()];
            let [clv, friends, referral] = &numbers;
            writer.write_record([&*inert(&value.id), clv, friends, referral, value.kind.as_str()])?;
        }
        writer.flush()?;
        csv::Result::Ok(())
    };
    write().map_err(|error| unwritten(&error))
}

fn unwritten(error: &dyn Display) -> Error {
    Error::new(Code::Io, format!("The customers cannot be written: {error}."))
}

fn write_csv(row: &Row, writer: &mut csv::Writer<&mut dyn Write>) -> csv::Result<()> {
    let reasons: Vec<&str> = row.reasons.iter().map(|reason| reason.as_str()).collect();
    writer.write_record([
        &*inert(&row.id),
        &*inert(row.name.as_deref().unwrap_or_default()),
        &row.orders.to_string(),
        &text(row.first_at),
        &text(row.last_at),
        &text(row.recency_days),
        &text(row.age_days),
        &row.revenue.to_string(),
        &row.returned.to_string(),
        &row.basket.to_string(),
        &text(row.r),
        &text(row.f),
        &text(row.m),
        row.tier.as_str(),
        row.stage.as_str(),
        &reasons.join(" "),
        &row.below.to_string(),
        &text(row.p_alive),
        &text(row.expected_purchases),
        &text(row.clv),
    ])
}

fn text<T: ToString>(value: Option<T>) -> String {
    value.map_or_else(String::new, |value| value.to_string())
}

/// Names and ids are written by strangers, and a spreadsheet runs a cell that begins like a formula: an apostrophe
/// before it makes it text. Signed whole numbers stay as they are.
pub fn inert(cell: &str) -> Cow<'_, str> {
    let dangerous = cell.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let number = cell.len() > 1 && cell.starts_with(['+', '-']) && cell[1..].bytes().all(|byte| byte.is_ascii_digit());
    if dangerous && !number { Cow::Owned(format!("'{cell}")) } else { Cow::Borrowed(cell) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_that_begins_like_a_formula_is_made_text() {
        for (cell, written) in [
            ("=1+1", "'=1+1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("-2+3", "'-2+3"),
            ("-17", "-17"),
            ("+49", "+49"),
            ("Anna", "Anna"),
            ("-", "'-"),
        ] {
            assert_eq!(inert(cell), written);
        }
    }
}
