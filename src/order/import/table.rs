//! How does a million rows fit into little memory? Every distinct cell of a column once, and a number per row.

use core::hash::Hasher;
use std::borrow::Cow;
use std::hash::DefaultHasher;

/// Distinct cells, numbered in order of appearance. Number 0 is the empty cell.
pub(super) struct Symbols {
    text: Vec<u8>,
    ends: Vec<usize>,
    /// Open addressing: a number + 1 per slot, 0 where free.
    slots: Vec<u32>,
    last: u32,
}

impl Symbols {
    pub fn new() -> Self {
        let mut symbols = Self { text: Vec::new(), ends: Vec::new(), slots: vec![0; 64], last: 0 };
        symbols.intern(b"");
        symbols
    }

    /// The number of this cell.
    pub fn intern(&mut self, cell: &[u8]) -> u32 {
        // Neighbouring rows mostly repeat each other.
        if !self.ends.is_empty() && self.get(self.last) == cell {
            return self.last;
        }
        let mask = self.slots.len() - 1;
        let mut slot = hash(cell) & mask;
        while self.slots[slot] != 0 {
            let symbol = self.slots[slot] - 1;
            if self.get(symbol) == cell {
                self.last = symbol;
                return symbol;
            }
            slot = (slot + 1) & mask;
        }
        let symbol = u32::try_from(self.ends.len()).unwrap_or(u32::MAX - 1);
        self.slots[slot] = symbol + 1;
        self.text.extend_from_slice(cell);
        self.ends.push(self.text.len());
        if self.ends.len() * 2 > self.slots.len() {
            self.grow();
        }
        self.last = symbol;
        symbol
    }

    fn grow(&mut self) {
        let mask = self.slots.len() * 2 - 1;
        let mut slots = vec![0; mask + 1];
        for symbol in 0..self.len() {
            let mut slot = hash(self.get(symbol)) & mask;
            while slots[slot] != 0 {
                slot = (slot + 1) & mask;
            }
            slots[slot] = symbol + 1;
        }
        self.slots = slots;
    }

    /// The bytes of a cell.
    pub fn get(&self, symbol: u32) -> &[u8] {
        let index = symbol as usize;
        let start = if index == 0 { 0 } else { self.ends[index - 1] };
        &self.text[start..self.ends[index]]
    }

    /// The text of a cell. Bytes that are not UTF-8 are read as Windows-1252.
    pub fn text(&self, symbol: u32) -> Cow<'_, str> {
        decode(self.get(symbol))
    }

    /// How many distinct cells there are, the empty one included.
    pub fn len(&self) -> u32 {
        u32::try_from(self.ends.len()).unwrap_or(u32::MAX)
    }

    /// All texts in order.
    pub fn texts(&self) -> impl Iterator<Item = Cow<'_, str>> {
        (0..self.len()).map(|symbol| self.text(symbol))
    }
}

fn hash(cell: &[u8]) -> usize {
    // Unkeyed, so that every run is the same run; only ever used for lookups.
    let mut hasher = DefaultHasher::new();
    hasher.write(cell);
    usize::try_from(hasher.finish() & u64::from(u32::MAX)).unwrap_or(0)
}

/// The columns that are used, row by row.
pub(super) struct Table {
    columns: Vec<(Symbols, Vec<u32>)>,
    lines: Vec<u32>,
}

impl Table {
    pub fn new(columns: usize) -> Self {
        Self { columns: (0..columns).map(|_| (Symbols::new(), Vec::new())).collect(), lines: Vec::new() }
    }

    /// Adds a row that begins at this line of the file.
    pub fn push<'a>(&mut self, line: u32, cells: impl Iterator<Item = &'a [u8]>) {
        self.lines.push(line);
        for ((symbols, rows), cell) in self.columns.iter_mut().zip(cells) {
            rows.push(symbols.intern(cell.trim_ascii()));
        }
    }

    pub fn rows(&self) -> usize {
        self.lines.len()
    }

    /// The line of the file at which a row begins.
    pub fn line(&self, row: usize) -> u32 {
        self.lines[row]
    }

    pub fn symbols(&self, column: usize) -> &Symbols {
        &self.columns[column].0
    }

    pub fn column(&self, column: usize) -> &[u32] {
        &self.columns[column].1
    }

    /// Whether every cell that is used is UTF-8.
    pub fn is_utf8(&self) -> bool {
        self.columns.iter().all(|(symbols, _)| core::str::from_utf8(&symbols.text).is_ok())
    }
}

/// Reads UTF-8, and Windows-1252 where it is none.
pub(super) fn decode(bytes: &[u8]) -> Cow<'_, str> {
    // The 32 places where Windows-1252 differs from Latin 1; five of them are free and read as they are.
    const HIGH: [char; 32] = [
        '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}', '‘',
        '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
    ];
    match core::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => Cow::Owned(
            bytes
                .iter()
                .map(|byte| match byte {
                    0x80..=0x9f => HIGH[usize::from(byte - 0x80)],
                    _ => char::from(*byte),
                })
                .collect(),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn bytes_that_are_not_utf8_are_windows_1252() {
        assert_eq!(decode(b"M\xfcller \x80 5"), "Müller € 5");
        assert_eq!(decode("Müller".as_bytes()), "Müller");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]
        #[test]
        fn every_cell_is_found_again_and_equal_cells_share_a_number(
            cells in prop::collection::vec("[a-c]{0,3}", 0..400)
        ) {
            let mut symbols = Symbols::new();
            let numbers: Vec<u32> = cells.iter().map(|cell| symbols.intern(cell.as_bytes())).collect();
            for (cell, number) in cells.iter().zip(&numbers) {
                prop_assert_eq!(symbols.get(*number), cell.as_bytes());
                prop_assert_eq!(symbols.intern(cell.as_bytes()), *number);
            }
            let distinct: std::collections::BTreeSet<_> =
                cells.iter().map(String::as_str).chain([""]).collect();
            prop_assert_eq!(symbols.len() as usize, distinct.len());
        }
    }
}
