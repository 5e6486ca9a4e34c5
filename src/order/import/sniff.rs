//! What kind of file is this? JSON or CSV, and which delimiter, by its first bytes alone.

use csv_core::{ReadRecordResult, Reader, ReaderBuilder};

use super::columns::{listed, recognised};
use super::table::decode;
use crate::reject::{Code, Error, Result};

/// How many bytes are looked at. What is decided never depends on how they arrived.
pub(super) const HEAD: usize = 1 << 16;

/// What a file turned out to be.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// JSON, a document or one per line.
    Json,
    /// CSV: its delimiter, column names, and how many bytes to skip before the row that holds them.
    Csv { delimiter: u8, header: Vec<String>, skip: usize },
}

/// Looks at the beginning of a file; `whole` says that there is no more of it.
///
/// # Errors
/// `empty`, or `not_an_order_export` for what is neither JSON nor CSV.
pub(super) fn kind(head: &[u8], whole: bool, as_csv: bool) -> Result<Kind> {
    let skip = if head.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
    let text = head[skip..].trim_ascii_start();
    if text.is_empty() && whole {
        return Err(Error::new(Code::Empty, "This file is empty."));
    }
    if let Some(what) = signature(head) {
        return Err(Error::new(
            Code::NotAnOrderExport,
            format!("This file is {what}, not an order export. Export the orders as CSV (UTF-8) or JSON."),
        ));
    }
    if !as_csv && matches!(text.first(), Some(b'{' | b'[')) {
        return Ok(Kind::Json);
    }
    csv(head, skip, whole)
}

fn signature(head: &[u8]) -> Option<&'static str> {
    let starts: [(&[u8], &str); 8] = [
        (b"PK\x03\x04", "an Excel workbook or zip archive"),
        (b"\xd0\xcf\x11\xe0", "an old Excel workbook"),
        (b"\x1f\x8b", "compressed (gzip)"),
        (b"\x28\xb5\x2f\xfd", "compressed (zstd)"),
        (b"%PDF", "a PDF"),
        (b"\xff\xfe", "UTF-16 text"),
        (b"\xfe\xff", "UTF-16 text"),
        (b"PAR1", "a Parquet file"),
    ];
    if let Some((_, what)) = starts.iter().find(|(bytes, _)| head.starts_with(bytes)) {
        return Some(what);
    }
    if head.contains(&0) {
        return Some("binary");
    }
    let text = head.trim_ascii_start();
    text.starts_with(b"<").then_some("a web page or XML")
}

fn csv(head: &[u8], mut skip: usize, whole: bool) -> Result<Kind> {
    let mut said = None;
    // Excel's own way to name the delimiter.
    if let Some([b's' | b'S', b'e' | b'E', b'p' | b'P', b'=', delimiter, ..]) = head.get(skip..) {
        said = Some(*delimiter);
        // The rest of that line is empty, and skipped where lines are counted.
        skip += 5;
    }
    let text = &head[skip..];
    let candidates = said.map_or_else(|| b",;\t|".to_vec(), |delimiter| vec![delimiter]);
    let best = candidates
        .into_iter()
        .filter_map(|delimiter| {
            Some((delimiter, first_rows(text, delimiter, whole))).filter(|(_, rows)| !rows.is_empty())
        })
        .max_by_key(|(delimiter, rows)| {
            let header = &rows[0];
            let alike = rows.iter().filter(|row| row.len() == header.len()).count() == rows.len();
            // Of equals the comma wins.
            (recognised(header), alike && header.len() > 1, header.len(), *delimiter == b',')
        });
    let Some((delimiter, rows)) = best else {
        return Err(Error::new(
            Code::NotAnOrderExport,
            "This file is not an order export: its first line is longer than any list of column names.",
        ));
    };
    let header = rows.into_iter().next().unwrap_or_default();
    if header.len() < 2 {
        return Err(Error::new(
            Code::NotAnOrderExport,
            format!(
                "This file is not an order export: looked for JSON, or for columns divided by comma, semicolon, tab or |, \
                 and found {}.",
                listed(&header)
            ),
        ));
    }
    Ok(Kind::Csv { delimiter, header, skip })
}

/// The first rows that are surely whole.
fn first_rows(text: &[u8], delimiter: u8, whole: bool) -> Vec<Vec<String>> {
    let mut reader: Reader = ReaderBuilder::new().delimiter(delimiter).build();
    let (mut rows, mut at) = (Vec::new(), 0);
    let (mut cells, mut ends) = (vec![0; text.len() + 1], vec![0; text.len() + 1]);
    while rows.len() < 10 {
        let (result, read, _, ended) = reader.read_record(&text[at..], &mut cells, &mut ends);
        at += read;
        let (result, ended) = match result {
            ReadRecordResult::InputEmpty if whole => {
                let (result, _, _, more) = reader.read_record(&[], &mut cells[..], &mut ends[ended..]);
                (result, ended + more)
            }
            other => (other, ended),
        };
        if !matches!(result, ReadRecordResult::Record) {
            break;
        }
        let mut start = 0;
        let row = ends[..ended].iter().map(|end| {
            let cell = decode(&cells[start..*end]).into_owned();
            start = *end;
            cell
        });
        rows.push(row.collect());
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    fn csv_of(text: &str) -> (char, Vec<String>) {
        match kind(text.as_bytes(), true, false).unwrap() {
            Kind::Csv { delimiter, header, .. } => (char::from(delimiter), header),
            Kind::Json => panic!("JSON"),
        }
    }

    #[test]
    fn the_delimiter_is_the_one_that_makes_sense_of_the_header() {
        for (text, expected) in [
            ("Order,Date,Total\n1,2024-01-01,\"1,5\"\n", ','),
            ("Bestellnummer;Datum;Gesamt\n1;01.01.2024;1,50\n2;02.01.2024;2,50\n", ';'),
            ("\u{feff}Order\tDate\tTotal\n1\t2024-01-01\t1,5\n", '\t'),
            ("Order|Date|Total, gross\n", '|'),
            ("sep=;\r\nOrder;Date;Total\r\n", ';'),
        ] {
            let (delimiter, header) = csv_of(text);
            assert_eq!((delimiter, header.len()), (expected, 3), "{text}");
        }
        assert_eq!(csv_of("\u{feff}Order;Date").1[0], "Order", "the byte order mark is no part of the name");
    }

    #[test]
    fn what_is_no_export_is_named() {
        for (bytes, word) in [
            (b"PK\x03\x04....".as_slice(), "Excel"),
            (b"\x1f\x8b\x08", "gzip"),
            (b"%PDF-1.7", "PDF"),
            (b"\xff\xfeO\0r\0", "UTF-16"),
            (b"Order,Date\n1,\x00\n", "binary"),
            (b"<!doctype html>", "web page"),
        ] {
            let error = kind(bytes, true, false).unwrap_err();
            assert_eq!(error.code, Code::NotAnOrderExport);
            assert!(error.message.contains(word), "{}", error.message);
        }
        assert_eq!(kind(b"Dear all\nplease find", true, false).unwrap_err().code, Code::NotAnOrderExport);
        for empty in [b"".as_slice(), b"\xef\xbb\xbf\r\n  "] {
            assert_eq!(kind(empty, true, false).unwrap_err().code, Code::Empty);
        }
    }
}
