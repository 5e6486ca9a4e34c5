//! Which customers stand in this table? CSV or NDJSON with `frequency`, `recency`, `T`, and `monetary_value` and `id`
//! where there are such; and forecasts written back.

use core::fmt::Write as _;

use serde::Deserialize;

use super::Observation;
use super::fit::Customer;
use super::predict::Forecast;
use super::run::{CHUNK, Run, chunk};
use crate::reject::{Code, Error, Result, parse_json};

/// The customers of a table.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Rows {
    /// Their ids; empty when the table has none.
    pub ids: Ids,
    /// What is known of them.
    pub customers: Vec<Customer>,
}

/// Many ids in one text: a million texts of their own take longer to make than all numbers beside them.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Ids {
    text: String,
    ends: Vec<usize>,
}

impl Ids {
    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The id of a row, from 0.
    #[must_use]
    pub fn get(&self, row: usize) -> Option<&str> {
        let from = row.checked_sub(1).map_or(Some(0), |before| self.ends.get(before).copied())?;
        self.text.get(from..*self.ends.get(row)?)
    }

    fn push(&mut self, id: &str) {
        self.text.push_str(id);
        self.ends.push(self.text.len());
    }

    fn append(&mut self, other: &Self) {
        let before = self.text.len();
        self.text.push_str(&other.text);
        self.ends.extend(other.ends.iter().map(|end| before + end));
    }
}

/// Bytes of a table that are read at once. Part of nothing: numbers do not depend on it.
const PART: usize = 1 << 20;

/// Reads a table. Empty lines are passed over. A CSV file begins with the names of its columns; between them stand
/// commas, semicolons or tabs. NDJSON has one object a line.
///
/// # Errors
/// `empty`, `missing_column`, `malformed_line`, `invalid_json` or `invalid_value`, with `line N` as path.
pub fn read<R: Run>(bytes: &[u8], run: &R) -> Result<Rows> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let first = bytes.iter().find(|byte| !byte.is_ascii_whitespace());
    match first {
        None => Err(Error::new(Code::Empty, "The table is empty.")),
        Some(b'{') => in_parts(bytes, 0, run, &|line, rows| {
            let row: Object = parse_json(line)?;
            let observation = Observation { frequency: row.frequency, recency: row.recency, t: row.t };
            observation.check()?;
            rows.customers.push((observation, row.monetary_value.map(amount).transpose()?));
            if let Some(id) = row.id {
                rows.ids.push(&id);
            }
            Ok(())
        }),
        Some(_) => read_csv(bytes, run),
    }
}

/// A line of NDJSON.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Object {
    #[serde(default, alias = "customer_id", alias = "customerId")]
    id: Option<String>,
    frequency: u32,
    recency: f64,
    #[serde(rename = "T")]
    t: f64,
    #[serde(default, alias = "monetaryValue")]
    monetary_value: Option<f64>,
}

/// Where the columns are.
struct Header {
    delimiter: u8,
    frequency: usize,
    recency: usize,
    t: usize,
    amount: Option<usize>,
    id: Option<usize>,
}

impl Header {
    fn read(line: &str) -> Result<Self> {
        let count = |byte: u8| line.bytes().filter(|other| *other == byte).count();
        let delimiter =
            [b';', b'\t'].into_iter().fold(b',', |best, next| if count(next) > count(best) { next } else { best });
        let names: Vec<String> = cells(line, delimiter)?.iter().map(|name| name.trim().to_owned()).collect();
        let find = |wanted: &[&str]| names.iter().position(|name| wanted.contains(&name.as_str()));
        let need = |wanted: &[&str]| {
            find(wanted).ok_or_else(|| {
                Error::at(
                    Code::MissingColumn,
                    "line 1",
                    format!("There is no column {}. A table of customers has frequency, recency and T.", wanted[0]),
                )
            })
        };
        Ok(Self {
            delimiter,
            frequency: need(&["frequency", "x"])?,
            recency: need(&["recency", "t_x", "tx"])?,
            t: need(&["T", "T_cal", "age"])?,
            amount: find(&["monetary_value", "monetaryValue", "monetary"]),
            id: find(&["id", "customer_id", "customerId"]),
        })
    }
}

fn read_csv<R: Run>(bytes: &[u8], run: &R) -> Result<Rows> {
    let end = bytes.iter().position(|byte| *byte == b'\n').unwrap_or(bytes.len());
    let header = Header::read(text(&bytes[..end]).map_err(|error| error.under("line 1"))?)?;
    let rows = in_parts(&bytes[(end + 1).min(bytes.len())..], 1, run, &|line, rows| row_of(line, &header, rows))?;
    if rows.customers.is_empty() {
        return Err(Error::new(Code::Empty, "The table has no row."));
    }
    Ok(rows)
}

/// The cells of a row that are read.
#[derive(Default)]
struct Found<'a> {
    frequency: Option<&'a str>,
    recency: Option<&'a str>,
    t: Option<&'a str>,
    amount: Option<&'a str>,
    id: Option<&'a str>,
}

impl<'a> Found<'a> {
    fn take(&mut self, header: &Header, index: usize, cell: &'a str) {
        let cell = Some(cell.trim());
        if index == header.frequency {
            self.frequency = cell;
        } else if index == header.recency {
            self.recency = cell;
        } else if index == header.t {
            self.t = cell;
        } else if Some(index) == header.amount {
            self.amount = cell.filter(|cell| !cell.is_empty());
        } else if Some(index) == header.id {
            self.id = cell;
        }
    }
}

fn row_of(line: &str, header: &Header, rows: &mut Rows) -> Result<()> {
    let mut found = Found::default();
    let quoted;
    if line.bytes().any(|byte| byte == b'"') {
        quoted = cells(line, header.delimiter)?;
        quoted.iter().enumerate().for_each(|(index, cell)| found.take(header, index, cell));
    } else {
        let (mut rest, mut index) = (line, 0);
        while let Some(end) = rest.bytes().position(|byte| byte == header.delimiter) {
            found.take(header, index, &rest[..end]);
            (rest, index) = (&rest[end + 1..], index + 1);
        }
        found.take(header, index, rest);
    }
    let (Some(frequency), Some(recency), Some(t)) = (found.frequency, found.recency, found.t) else {
        return Err(Error::new(Code::MalformedLine, "This line has fewer cells than the header has columns."));
    };
    let one = Observation { frequency: whole(frequency)?, recency: float(recency)?, t: float(t)? };
    one.check()?;
    rows.customers.push((one, found.amount.map(|cell| float(cell).and_then(amount)).transpose()?));
    if header.id.is_some() {
        rows.ids.push(found.id.unwrap_or_default());
    }
    Ok(())
}

/// The number that a few digits with at most one point are: both they and the power of ten that they are divided by are
/// exact, so the quotient is the nearest number there is. None where the parser must look.
fn few_digits(cell: &str) -> Option<f64> {
    const TENS: [f64; 16] = [1.0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];
    let (mut value, mut decimals, mut point) = (0_u64, 0_usize, false);
    if cell.len() > 15 || !cell.as_bytes().first()?.is_ascii_digit() {
        return None;
    }
    for byte in cell.bytes() {
        match byte {
            b'0'..=b'9' => {
                value = value * 10 + u64::from(byte - b'0');
                decimals += usize::from(point);
            }
            b'.' if !point => point = true,
            _ => return None,
        }
    }
    #[allow(clippy::cast_precision_loss)] // At most 15 digits.
    Some(value as f64 / TENS.get(decimals)?)
}

fn float(cell: &str) -> Result<f64> {
    if let Some(value) = few_digits(cell) {
        return Ok(value);
    }
    // Words such as "inf" are numbers to the parser and not to us.
    let plain = cell.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-' | b'+' | b'e' | b'E'));
    let value: Option<f64> = if plain { cell.parse().ok() } else { None };
    value.filter(|value| value.is_finite()).ok_or_else(|| not_a_number(cell))
}

fn whole(cell: &str) -> Result<u32> {
    if let Ok(value) = cell.parse() {
        return Ok(value);
    }
    // Data frames write counts as 3.0.
    let value = float(cell)?;
    let limit = f64::from(u32::MAX);
    if value < 0.0 || value > limit || value != libm::trunc(value) {
        return Err(Error::at(Code::InvalidValue, "frequency", "A frequency is a whole number of repeat purchases."));
    }
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // Whole and in range.
    Ok(value as u32)
}

fn amount(value: f64) -> Result<f64> {
    if (0.0..=1e15).contains(&value) {
        return Ok(value);
    }
    Err(Error::at(Code::InvalidAmount, "monetary_value", "A mean amount is a number from 0 on."))
}

fn not_a_number(cell: &str) -> Error {
    Error::new(
        Code::InvalidValue,
        format!("\"{}\" is not a number such as 30.43.", cell.chars().take(40).collect::<String>()),
    )
}

/// The cells of a line with quotation marks.
fn cells(line: &str, delimiter: u8) -> Result<Vec<String>> {
    let mut reader = csv_core::ReaderBuilder::new().delimiter(delimiter).build();
    let (mut out, mut ends) = (vec![0; line.len() + 2], vec![0; line.len() + 2]);
    let (mut written, mut fields, mut input) = (0, 0, line.as_bytes());
    loop {
        let (result, read, wrote, ended) = reader.read_record(input, &mut out[written..], &mut ends[fields..]);
        input = &input[read..];
        written += wrote;
        fields += ended;
        match result {
            csv_core::ReadRecordResult::InputEmpty => {}
            csv_core::ReadRecordResult::Record | csv_core::ReadRecordResult::End => break,
            _ => return Err(Error::new(Code::MalformedLine, "This line cannot be read.")),
        }
    }
    let mut from = 0;
    let mut cells = Vec::with_capacity(fields);
    for end in &ends[..fields] {
        cells.push(text(&out[from..*end])?.to_owned());
        from = *end;
    }
    Ok(cells)
}

fn text(bytes: &[u8]) -> Result<&str> {
    core::str::from_utf8(bytes)
        .map_err(|_| Error::new(Code::MalformedLine, "This line is not UTF-8: save the file as UTF-8."))
}

/// Reads every line with `line`, in parts that begin and end with a line.
fn in_parts<R: Run>(
    bytes: &[u8],
    lines_before: usize,
    run: &R,
    line: &(dyn Fn(&str, &mut Rows) -> Result<()> + Sync),
) -> Result<Rows> {
    let mut parts: Vec<(usize, usize)> = Vec::new();
    let mut from = 0;
    while from < bytes.len() {
        let least = (from + PART).min(bytes.len());
        let to = bytes[least..].iter().position(|byte| *byte == b'\n').map_or(bytes.len(), |at| least + at + 1);
        parts.push((from, to));
        from = to;
    }
    let read = run.map(parts.len(), |index| {
        let (from, to) = parts[index];
        let mut rows = Rows::default();
        for (number, raw) in bytes[from..to].split(|byte| *byte == b'\n').enumerate() {
            let taken = text(raw).and_then(|raw| {
                if raw.trim().is_empty() { Ok(()) } else { line(raw.trim_end_matches('\r'), &mut rows) }
            });
            if let Err(error) = taken {
                return Err((number, error));
            }
        }
        Ok(rows)
    });
    let mut rows = Rows::default();
    for (part, (from, _)) in read.into_iter().zip(&parts) {
        match part {
            Ok(part) => {
                rows.customers.extend(part.customers);
                rows.ids.append(&part.ids);
            }
            Err((number, error)) => {
                let before = bytes[..*from].iter().filter(|byte| **byte == b'\n').count();
                return Err(error.under(&format!("line {}", lines_before + before + number + 1)));
            }
        }
    }
    if !rows.ids.is_empty() && rows.ids.len() != rows.customers.len() {
        return Err(Error::new(Code::MissingField, "Some rows have an id and some have none: give all of them one."));
    }
    Ok(rows)
}

/// How forecasts are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// A header and one row per customer. What is not known is empty.
    Csv,
    /// One object a line.
    Ndjson,
}

/// Chunks of forecasts that are written before they are handed on.
const BATCH: usize = 32;

/// Forecasts as text, one row per customer, in the order of the rows. Without ids a row's id is its number, from 1.
#[must_use]
pub fn write<R: Run>(rows: &Rows, forecasts: &[Forecast], form: Form, run: &R) -> String {
    let mut out = String::new();
    let mut take = |part: &str| {
        out.push_str(part);
        Ok(())
    };
    // A text takes everything.
    let _ = write_to(rows, forecasts, form, run, &mut take);
    out
}

/// As [`write`], handed to `sink` some at a time: the whole never is in memory.
///
/// # Errors
/// Those of `sink`.
pub fn write_to<R: Run>(
    rows: &Rows,
    forecasts: &[Forecast],
    form: Form,
    run: &R,
    sink: &mut dyn FnMut(&str) -> Result<()>,
) -> Result<()> {
    if form == Form::Csv {
        sink("id,pAlive,expectedPurchases,expectedValue,clv\n")?;
    }
    let chunks = forecasts.len().div_ceil(CHUNK);
    for from in (0..chunks).step_by(BATCH) {
        let parts = run.map(BATCH.min(chunks - from), |index| {
            let index = from + index;
            let mut out = String::with_capacity(CHUNK * 64);
            for (place, forecast) in chunk(forecasts, index).iter().enumerate() {
                let row = index * CHUNK + place;
                let number = if rows.ids.is_empty() { (row + 1).to_string() } else { String::new() };
                let id = rows.ids.get(row).unwrap_or(number.as_str());
                // Writing to a text cannot fail.
                let _ = match form {
                    Form::Csv => write_csv(&mut out, id, forecast),
                    Form::Ndjson => write_json(&mut out, id, forecast),
                };
            }
            out
        });
        parts.iter().try_for_each(|part| sink(part))?;
    }
    Ok(())
}

/// The fewest digits that read back as this number, never with an exponent.
fn push_number(out: &mut String, value: f64) {
    // Beyond these the one writes an exponent and the other does not.
    if (1e-4..1e15).contains(&value) {
        let mut buffer = zmij::Buffer::new();
        let text = buffer.format_finite(value);
        out.push_str(text.strip_suffix(".0").unwrap_or(text));
    } else {
        // Writing to a text cannot fail.
        let _ = write!(out, "{value}");
    }
}

fn write_csv(out: &mut String, id: &str, forecast: &Forecast) -> core::fmt::Result {
    let formula = id.starts_with(['=', '+', '-', '@', '\t', '\r']) && id.parse::<i64>().is_err();
    let guard = if formula { "'" } else { "" };
    if id.bytes().any(|byte| matches!(byte, b',' | b'"' | b'\n' | b'\r')) {
        write!(out, "\"{guard}{}\"", id.replace('"', "\"\""))?;
    } else {
        out.push_str(guard);
        out.push_str(id);
    }
    let numbers = [Some(forecast.p_alive), Some(forecast.expected_purchases), forecast.expected_value, forecast.clv];
    for number in numbers {
        out.push(',');
        if let Some(number) = number {
            push_number(out, number);
        }
    }
    out.push('\n');
    Ok(())
}

fn write_json(out: &mut String, id: &str, forecast: &Forecast) -> core::fmt::Result {
    let id = serde_json::Value::from(id);
    write!(out, "{{\"id\":{id}")?;
    let numbers = [
        ("pAlive", Some(forecast.p_alive)),
        ("expectedPurchases", Some(forecast.expected_purchases)),
        ("expectedValue", forecast.expected_value),
        ("clv", forecast.clv),
    ];
    for (name, number) in numbers {
        if let Some(number) = number {
            write!(out, ",\"{name}\":")?;
            push_number(out, number);
        }
    }
    out.push_str("}\n");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::run::Serial;
    use super::*;
    use proptest::prelude::*;

    fn read_text(text: &str) -> Result<Rows> {
        read(text.as_bytes(), &Serial)
    }

    #[test]
    fn csv_and_ndjson_tell_the_same() {
        let csv =
            read_text("customer_id,frequency,recency,T,monetary_value\na,2,30.43,38.86,22.35\n\"b,1\",0,0,38.86,\n")
                .unwrap();
        let ndjson = read_text(
            "{\"id\":\"a\",\"frequency\":2,\"recency\":30.43,\"T\":38.86,\"monetary_value\":22.35}\n\
             {\"id\":\"b,1\",\"frequency\":0,\"recency\":0,\"T\":38.86}\n",
        );
        assert_eq!(Ok(&csv), ndjson.as_ref());
        assert_eq!([0, 1, 2].map(|row| csv.ids.get(row)), [Some("a"), Some("b,1"), None]);
        assert_eq!(csv.customers[0], (Observation { frequency: 2, recency: 30.43, t: 38.86 }, Some(22.35)));
        assert_eq!(
            read_text("T;recency;frequency\r\n38.86;30.43;2.0\r\n\r\n").unwrap().customers[0].0,
            csv.customers[0].0
        );
    }

    #[test]
    fn what_cannot_be_read_is_named_with_its_line() {
        for (text, code, path) in [
            ("", Code::Empty, ""),
            ("frequency,recency,T\n", Code::Empty, ""),
            ("frequency,recency\n1,2\n", Code::MissingColumn, "line 1"),
            ("frequency,recency,T\n1,2,3\n\n1,2\n", Code::MalformedLine, "line 4"),
            ("frequency,recency,T\n1,2,inf\n", Code::InvalidValue, "line 2"),
            ("frequency,recency,T\n1.5,2,3\n", Code::InvalidValue, "line 2.frequency"),
            ("frequency,recency,T\n1,5,3\n", Code::Contradiction, "line 2.recency"),
            ("frequency,recency,T\n0,1,3\n", Code::Contradiction, "line 2.recency"),
            ("frequency,recency,T,monetary_value\n1,2,3,-4\n", Code::InvalidAmount, "line 2.monetary_value"),
            ("{\"frequency\":1,\"recency\":1}\n", Code::MissingField, "line 1.T"),
            ("{\"frequency\":1,\"recency\":1,\"T\":2,\"more\":1}\n", Code::UnknownField, "line 1.more"),
        ] {
            let error = read_text(text).unwrap_err();
            assert_eq!((error.code, error.path.as_str()), (code, path), "{text:?}: {error}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2048))]

        #[test]
        fn a_number_is_written_in_the_fewest_digits_that_read_back(
            number in prop_oneof![any::<f64>(), 0.0..1e6, 0.0..1e-3, 1e13..1e17, (0..u64::MAX).prop_map(|n| n as f64 / 1e3)],
        ) {
            let mut out = String::new();
            push_number(&mut out, number);
            // Of two that are equally near, the standard library takes the other one.
            prop_assert_eq!(out.len(), number.to_string().len());
            prop_assert_eq!(out.parse::<f64>().map(f64::to_bits), Ok(number.to_bits()));
            prop_assert!(!out.contains('e'));
        }

        #[test]
        fn a_few_digits_are_the_number_that_the_standard_library_reads(text in "[0-9]{0,9}\\.?[0-9]{0,9}[-e5]?") {
            if let Some(number) = few_digits(&text) {
                prop_assert_eq!(Ok(number.to_bits()), text.parse::<f64>().map(f64::to_bits));
            }
        }
    }

    proptest! {
        #[test]
        fn arbitrary_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            let _ = read(&bytes, &Serial);
            let mut table = b"frequency,recency,T,id\n".to_vec();
            table.extend(bytes);
            let _ = read(&table, &Serial);
        }
    }
}
