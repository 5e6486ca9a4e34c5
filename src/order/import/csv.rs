//! Where does each row of a CSV stream begin and end? Chunks of any size in, rows out.

use csv_core::{ReadRecordResult, Reader, ReaderBuilder};

use crate::reject::{Code, Error, Result};

/// A row longer than this is no row: somewhere a quote was opened and never closed.
const LONGEST_ROW: usize = 1 << 20;

/// Splits a stream into rows. Empty lines are skipped.
pub(super) struct Rows {
    reader: Reader,
    cells: Vec<u8>,
    filled: usize,
    ends: Vec<usize>,
    ended: usize,
    /// Newlines before the next byte, plus one.
    line: u64,
    /// The line at which the current row begins; `None` between rows.
    begun: Option<u64>,
}

/// One row.
pub(super) struct Row<'a> {
    /// The line at which it begins, counted from 1.
    pub line: u32,
    /// How many lines it spans.
    pub spans: u64,
    cells: &'a [u8],
    ends: &'a [usize],
}

impl<'a> Row<'a> {
    /// How many cells it has.
    pub const fn len(&self) -> usize {
        self.ends.len()
    }

    /// A cell; empty where the row has none.
    pub fn cell(&self, index: usize) -> &'a [u8] {
        let Some(end) = self.ends.get(index) else { return b"" };
        let start = index.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        self.cells.get(start..*end).unwrap_or_default()
    }

    /// Whether nothing is in it: spreadsheets write such rows at the end.
    pub fn is_blank(&self) -> bool {
        self.cells.iter().all(u8::is_ascii_whitespace)
    }

    /// Whether a byte that no text holds is in it.
    pub fn has_nul(&self) -> bool {
        self.cells.contains(&0)
    }
}

impl Rows {
    pub fn new(delimiter: u8) -> Self {
        Self {
            reader: ReaderBuilder::new().delimiter(delimiter).build(),
            cells: vec![0; 1024],
            filled: 0,
            ends: vec![0; 32],
            ended: 0,
            line: 1,
            begun: None,
        }
    }

    /// Reads a chunk and hands on every row that ends in it.
    pub fn push(&mut self, mut input: &[u8], each: &mut impl FnMut(Row<'_>) -> Result<()>) -> Result<()> {
        while !input.is_empty() {
            if self.begun.is_none() {
                // The reader would skip empty lines too, but then nobody knows where the row began.
                if let [b'\r' | b'\n', rest @ ..] = input {
                    self.line += u64::from(input[0] == b'\n');
                    input = rest;
                    continue;
                }
                self.begun = Some(self.line);
            }
            let read = self.step(input, each)?;
            input = &input[read..];
        }
        Ok(())
    }

    /// The stream is over: hands on the last row when no newline ended it.
    pub fn finish(&mut self, each: &mut impl FnMut(Row<'_>) -> Result<()>) -> Result<()> {
        while self.begun.is_some() {
            self.step(&[], each)?;
        }
        Ok(())
    }

    fn step(&mut self, input: &[u8], each: &mut impl FnMut(Row<'_>) -> Result<()>) -> Result<usize> {
        let before = self.reader.line();
        let (result, read, filled, ended) =
            self.reader.read_record(input, &mut self.cells[self.filled..], &mut self.ends[self.ended..]);
        self.line += self.reader.line() - before;
        self.filled += filled;
        self.ended += ended;
        match result {
            ReadRecordResult::InputEmpty => {}
            ReadRecordResult::OutputFull if self.cells.len() >= LONGEST_ROW => return Err(self.endless()),
            ReadRecordResult::OutputFull => self.cells.resize(self.cells.len() * 2, 0),
            ReadRecordResult::OutputEndsFull => self.ends.resize(self.ends.len() * 2, 0),
            ReadRecordResult::Record | ReadRecordResult::End => {
                let (begun, filled, ended) = (self.begun.take(), self.filled, self.ended);
                (self.filled, self.ended) = (0, 0);
                if let (Some(begun), ReadRecordResult::Record) = (begun, result) {
                    let row = Row {
                        line: u32::try_from(begun).unwrap_or(u32::MAX),
                        spans: (self.line - begun).max(1),
                        cells: &self.cells[..filled],
                        ends: &self.ends[..ended],
                    };
                    if !row.is_blank() {
                        each(row)?;
                    }
                }
            }
        }
        Ok(read)
    }

    fn endless(&self) -> Error {
        Error::at(
            Code::MalformedLine,
            format!("line {}", self.begun.unwrap_or(self.line)),
            "A quotation mark is opened in this line and never closed. Close it, or write it twice where it is part of \
             the text.",
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn rows(text: &[u8], chunks: &[usize]) -> Vec<(u32, u64, Vec<String>)> {
        let mut out = Vec::new();
        let mut each = |row: Row<'_>| {
            let cells = (0..row.len()).map(|i| String::from_utf8_lossy(row.cell(i)).into_owned()).collect();
            out.push((row.line, row.spans, cells));
            Ok(())
        };
        let mut rows = Rows::new(b',');
        let mut rest = text;
        for chunk in chunks {
            let (head, tail) = rest.split_at((*chunk).min(rest.len()));
            rows.push(head, &mut each).unwrap();
            rest = tail;
        }
        rows.push(rest, &mut each).unwrap();
        rows.finish(&mut each).unwrap();
        out
    }

    #[test]
    fn quoted_newlines_empty_lines_and_crlf_keep_the_line_numbers_right() {
        let text = b"a,b\r\n\r\n\"x\r\ny\",2\r\n , \r\n\"say \"\"hi\"\"\",3\nlast,4";
        let expected: Vec<(u32, u64, Vec<String>)> =
            [(1, 1, ["a", "b"]), (3, 2, ["x\r\ny", "2"]), (6, 1, ["say \"hi\"", "3"]), (7, 1, ["last", "4"])]
                .map(|(line, spans, cells)| (line, spans, cells.map(str::to_owned).to_vec()))
                .to_vec();
        let read = rows(text, &[]);
        assert_eq!(
            read.iter().map(|row| (row.0, &row.2)).collect::<Vec<_>>(),
            expected.iter().map(|row| (row.0, &row.2)).collect::<Vec<_>>()
        );
    }

    #[test]
    fn a_quote_that_never_closes_names_its_line() {
        let mut rows = Rows::new(b',');
        let mut text = b"a,b\n1,2\n3,\"open\n".to_vec();
        text.extend(b"4,5\n".repeat(400_000));
        let error = rows.push(&text, &mut |_| Ok(())).unwrap_err();
        assert_eq!((error.code, error.path.as_str()), (Code::MalformedLine, "line 3"));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn chunks_of_any_size_give_the_same_rows(
            text in "([a-z0-9,\"\r\n]|\"\"|,\"){0,80}", chunks in prop::collection::vec(0_usize..7, 0..30)
        ) {
            prop_assert_eq!(rows(text.as_bytes(), &chunks), rows(text.as_bytes(), &[]));
        }
    }
}
