//! What does a merchant's spreadsheet get? One row per customer, as CSV.

use std::borrow::Cow;
use std::io::Write;

use zugabe::reject::{Code, Error, Result};
use zugabe::score::model::Row;

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

/// Writes the rows with a header. Amounts are minor units; what is not known of a customer is empty.
pub fn write(rows: &[Row], out: &mut dyn Write) -> Result<()> {
    write_csv(rows, out).map_err(|error| Error::new(Code::Io, format!("The customers cannot be written: {error}.")))
}

fn write_csv(rows: &[Row], out: &mut dyn Write) -> csv::Result<()> {
    let mut writer = csv::Writer::from_writer(out);
    writer.write_record(HEADER)?;
    for row in rows {
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
        ])?;
    }
    writer.flush()?;
    Ok(())
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
