//! Is this CSV so plain that it can be read at a stroke? A row per order with date, customer and total (and order
//! number), every cell in the one form nobody can misread: then millions of orders become histories without ever being
//! kept. Whatever is not that plain is left to the [`Importer`](super::Importer), which reads everything and gives
//! reasons; where both can read a file they say the same, and a test compares them.

use std::sync::{Mutex, PoisonError};

use rustc_hash::FxHashMap;

use super::columns::{Plan, Shape};
use super::eight;
use super::options::{Field, Format, ImportOptions};
use super::person::id_of;
use super::report::{LineCounts, Notes, Report};
use super::sheet::local_times;
use super::sniff::{self, Kind};
use crate::money::{Currency, Minor};
use crate::order::base::Days;
use crate::order::flat::{Flat, Kind as Told, Odd, PACKED, PARTS, Sorted, Taken, digest};
use crate::order::history::{HistoryPolicy, ZeroAmounts};
use crate::run::Run;
use crate::time::{DAY, Day, Instant, Local, zone::Zone};

/// Bytes that one reader takes of a block.
const PIECE: usize = 1 << 21;

/// The years that dates may be in: seconds since 1970 fit into 32 bits.
const YEARS: core::ops::Range<i64> = 1970..2106;

/// The columns that are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Slot {
    Order,
    Date,
    Customer,
    Total,
}

/// How the rows of this file are read. Shared by all readers.
struct Layout {
    delimiter: u8,
    /// What to do with a cell, by column.
    slots: Vec<Option<Slot>>,
    has_orders: bool,
    currency: Currency,
    exponent: u32,
    /// None for UTC.
    zone: Option<Zone>,
    count_zero: bool,
    until: Option<Day>,
    latest: Instant,
    /// The number of the first day of every month in [`YEARS`], and of one more.
    months: Vec<i32>,
    /// Bytes that end a cell, or that no plain cell holds.
    ends: [bool; 256],
    /// Bytes that an id may be made of without a second look.
    of_ids: [bool; 256],
}

/// A plain CSV file on its way to histories.
pub struct Plain {
    name: String,
    layout: Layout,
    plan: Plan,
    warn_local: bool,
    flat: Flat,
    skip: usize,
    header_seen: bool,
    rest: Vec<u8>,
    sums: Sums,
    /// Room that readers use again.
    spare: Mutex<Vec<Sorted>>,
    /// Digests of the order numbers, by their upper bits: none may come twice.
    numbers: Vec<Vec<u64>>,
}

/// What is told of a file as a whole.
#[derive(Default)]
struct Sums {
    sales: u64,
    returns: u64,
    anonymous: u64,
    first_at: Option<Instant>,
    last_at: Option<Instant>,
    /// Of the orders that count.
    counted_until: Option<Instant>,
    months: FxHashMap<i64, (u32, Minor)>,
}

impl Sums {
    fn merge(&mut self, other: Self) {
        self.sales += other.sales;
        self.returns += other.returns;
        self.anonymous += other.anonymous;
        self.first_at = [self.first_at, other.first_at].into_iter().flatten().min();
        self.last_at = self.last_at.max(other.last_at);
        self.counted_until = self.counted_until.max(other.counted_until);
        for (month, (count, revenue)) in other.months {
            let sum = self.months.entry(month).or_default();
            sum.0 = sum.0.saturating_add(count);
            sum.1 = sum.1.saturating_add(revenue);
        }
    }
}

/// What one reader took from its piece.
struct Piece {
    taken: Sorted,
    numbers: Vec<u64>,
    sums: Sums,
}

impl Plain {
    /// Begins a file by its first bytes: 65,536 of them, or all where there are fewer. None where the general importer
    /// must read it. Orders after the day `until` are left out of the histories, and so are days that nobody wants.
    #[must_use]
    pub fn begin(
        name: &str,
        head: &[u8],
        options: &ImportOptions,
        policy: &HistoryPolicy,
        until: Option<Day>,
        days: Days,
    ) -> Option<Self> {
        let whole = head.len() < sniff::HEAD;
        let looked_at = &head[..head.len().min(sniff::HEAD)];
        let kind = sniff::kind(looked_at, whole, options.from == Format::Csv).ok()?;
        let Kind::Csv { delimiter, header, skip } = kind else { return None };
        let plan = Plan::new(&header, options).ok()?;
        let slot = |field: Field| match field {
            Field::Order => Some(Slot::Order),
            Field::Date => Some(Slot::Date),
            Field::Customer => Some(Slot::Customer),
            Field::Total => Some(Slot::Total),
            _ => None,
        };
        let mut slots = vec![None; plan.width];
        for (field, column) in &plan.fields {
            *slots.get_mut(*column)? = Some(slot(*field)?);
        }
        let has = |wanted: Slot| slots.contains(&Some(wanted));
        // The day that a cell names must be the shop's day of it.
        let zones = [&options.time_zone, &policy.time_zone].map(|name| name.as_deref().unwrap_or("UTC"));
        if plan.shape != Shape::Orders || !has(Slot::Customer) || zones[0] != zones[1] {
            return None;
        }
        let currency = plan.currency.or(options.currency)?;
        let mut ends = [false; 256];
        for byte in [delimiter, b'\n', b'\r', b'"', 0] {
            ends[usize::from(byte)] = true;
        }
        let mut of_ids = [false; 256];
        for byte in (b'!'..=b'~').filter(|byte| *byte != b'@' && !ends[usize::from(*byte)]) {
            of_ids[usize::from(byte)] = true;
        }
        let firsts = (0..=(YEARS.end - YEARS.start) * 12).map(|month| {
            Day::from_civil(YEARS.start + month.div_euclid(12), month.rem_euclid(12) + 1, 1).map_or(0, Day::number)
        });
        let layout = Layout {
            delimiter,
            has_orders: has(Slot::Order),
            slots,
            currency,
            exponent: currency.exponent().into(),
            zone: if zones[0] == "UTC" { None } else { Some(Zone::named(zones[0]).ok()?) },
            count_zero: policy.zero_amounts == ZeroAmounts::Count,
            until,
            latest: options.now.plus(DAY),
            months: firsts.collect(),
            ends,
            of_ids,
        };
        Some(Self {
            name: name.to_owned(),
            flat: Flat::new(policy, currency, days).ok()?,
            warn_local: options.time_zone.is_none(),
            numbers: if layout.has_orders { vec![Vec::new(); PARTS] } else { Vec::new() },
            layout,
            plan,
            skip,
            header_seen: false,
            rest: Vec::new(),
            sums: Sums::default(),
            spare: Mutex::default(),
        })
    }

    /// Orders so far.
    #[must_use]
    pub const fn orders(&self) -> u64 {
        self.sums.sales + self.sums.returns
    }

    /// Reads the next block, megabytes at best. False where it is not plain: the general importer must begin anew.
    pub fn push<R: Run>(&mut self, block: &[u8], run: &R) -> bool {
        let Some(end) = block.iter().rposition(|byte| *byte == b'\n') else {
            self.rest.extend_from_slice(block);
            return true;
        };
        let (lines, rest) = block.split_at(end + 1);
        let plain = if self.rest.is_empty() {
            self.read(lines, run)
        } else {
            // Only the line that the last block broke off is copied.
            let first = lines.iter().position(|byte| *byte == b'\n').map_or(lines.len(), |at| at + 1);
            let mut broken = core::mem::take(&mut self.rest);
            broken.extend_from_slice(&lines[..first]);
            self.read(&broken, run) && self.read(&lines[first..], run)
        };
        self.rest.extend_from_slice(rest);
        plain
    }

    fn read<R: Run>(&mut self, mut lines: &[u8], run: &R) -> bool {
        if !self.header_seen {
            let Some(after) = self.after_header(lines) else { return false };
            self.header_seen = true;
            lines = &lines[after..];
        }
        let mut ranges: Vec<(usize, usize)> = Vec::new();
        let mut from = 0;
        while from < lines.len() {
            let least = (from + PIECE).min(lines.len());
            let to = lines[least..].iter().position(|byte| *byte == b'\n').map_or(lines.len(), |at| least + at + 1);
            ranges.push((from, to));
            from = to;
        }
        let (layout, spare) = (&self.layout, &self.spare);
        let pieces = run.map(ranges.len(), |index| {
            let room = spare.lock().unwrap_or_else(PoisonError::into_inner).pop();
            layout.piece(lines, ranges[index], room.unwrap_or_else(Sorted::new))
        });
        let mut taken = Vec::with_capacity(pieces.len());
        for piece in pieces {
            let Some(piece) = piece else { return false };
            taken.push(piece.taken);
            for number in piece.numbers {
                self.numbers[Taken::part(number)].push(number);
            }
            self.sums.merge(piece.sums);
        }
        self.flat.add(&taken, lines, run);
        taken.iter_mut().for_each(Sorted::clear);
        self.spare.get_mut().unwrap_or_else(PoisonError::into_inner).extend(taken);
        true
    }

    /// Where the first row after the header begins.
    fn after_header(&self, lines: &[u8]) -> Option<usize> {
        let mut at = self.skip;
        while matches!(lines.get(at), Some(b'\r' | b'\n')) {
            at += 1;
        }
        let end = lines.get(at..)?.iter().position(|byte| *byte == b'\n')?;
        let header = &lines[at..at + end];
        let quotes = header.iter().filter(|byte| **byte == b'"').count();
        (quotes % 2 == 0 && !header.trim_ascii().is_empty() && !header.trim_ascii_end().contains(&b'\r'))
            .then_some(at + end + 1)
    }

    /// The file is over: its histories and the report. `sorted` puts the customers in the order of their ids. None where
    /// the file was not plain after all.
    #[must_use]
    pub fn finish<R: Run>(mut self, sorted: bool, run: &R) -> Option<(Flat, Report)> {
        if !self.rest.is_empty() {
            let mut last = core::mem::take(&mut self.rest);
            last.push(b'\n');
            if !self.read(&last, run) {
                return None;
            }
        }
        self.spare = Mutex::default();
        let numbers = core::mem::take(&mut self.numbers);
        let numbers: Vec<Mutex<Vec<u64>>> = numbers.into_iter().map(Mutex::new).collect();
        let twice = run.map(numbers.len(), |index| {
            let mut numbers = numbers[index].lock().unwrap_or_else(PoisonError::into_inner);
            numbers.sort_unstable();
            numbers.windows(2).any(|pair| pair[0] == pair[1])
        });
        if twice.contains(&true) || self.orders() == 0 {
            return None;
        }
        for (month, (purchases, revenue)) in &self.sums.months {
            self.flat.note(*month, *purchases, *revenue);
        }
        if let Some(at) = self.sums.counted_until {
            self.flat.until(at);
        }
        self.flat.seal(sorted, run);
        let report = self.report();
        Some((self.flat, report))
    }

    fn report(&self) -> Report {
        let Sums { sales, returns, anonymous, first_at, last_at, .. } = self.sums;
        let read = sales + returns;
        let lines = LineCounts { read, kept: read, merged: 0, refused: 0 };
        let mut notes = Notes { lines, ..Notes::default() };
        if self.warn_local {
            local_times(&self.plan, &mut notes);
        }
        let mut file = notes.report(self.name.clone(), Format::Csv, self.plan.columns());
        (file.orders, file.returns, file.anonymous) = (sales, returns, anonymous);
        (file.first_at, file.last_at, file.currency) = (first_at, last_at, Some(self.layout.currency));
        Report {
            v: 1,
            files: vec![file],
            orders: sales,
            returns,
            anonymous,
            customers: self.flat.known(),
            duplicates: 0,
            lines,
        }
    }
}

/// One row's cells.
struct Cells<'a> {
    order: &'a [u8],
    date: &'a [u8],
    customer: &'a [u8],
    total: &'a [u8],
}

/// One row, understood.
struct Row<'a> {
    customer: &'a [u8],
    /// See [`Taken::key`].
    key: u64,
    day: i32,
    second: i64,
    /// The number of the month in the table.
    month: usize,
    amount: u32,
    returned: bool,
    /// The digest of the order number.
    number: u64,
}

impl Layout {
    /// Reads the rows of a piece; none where one is not plain.
    fn piece(&self, block: &[u8], (from, to): (usize, usize), room: Sorted) -> Option<Piece> {
        let bytes = &block[from..to];
        let mut piece = Piece { taken: room, numbers: Vec::new(), sums: Sums::default() };
        let mut midnights: FxHashMap<i32, Instant> = FxHashMap::default();
        // Sums by month come together here: one row's month is mostly not the next one's.
        let mut months: Vec<(u32, Minor)> = vec![(0, 0); self.months.len()];
        let (mut earliest, mut latest, mut counted) = (i64::MAX, i64::MIN, i64::MIN);
        let until = self.until.map_or(i32::MAX, Day::number);
        let sums = &mut piece.sums;
        let mut at = 0;
        while at < bytes.len() {
            if bytes[at] == b'\n' || (bytes[at] == b'\r' && bytes.get(at + 1) == Some(&b'\n')) {
                at += 1;
                continue;
            }
            let mut end = at;
            let row = match self.at_once(bytes, &mut end) {
                Some(row) => row,
                None => {
                    end = at;
                    self.by_cells(bytes, &mut end)?
                }
            };
            // Offsets into the block, for ids that are longer than their keys.
            let start =
                if row.customer.len() > PACKED { from + at + offset(&bytes[at..end], row.customer)? } else { 0 };
            at = end;
            let instant = match &self.zone {
                None => i64::from(row.day) * DAY + row.second,
                Some(zone) => {
                    let day = Day::from_number(row.day);
                    let instant = if row.second == 0 {
                        *midnights.entry(row.day).or_insert_with(|| zone.instant(Local::new(day, 0)))
                    } else {
                        zone.instant(Local::new(day, row.second))
                    };
                    instant.unix()
                }
            };
            if instant > self.latest.unix() {
                return None;
            }
            if self.has_orders {
                piece.numbers.push(row.number);
            }
            *if row.returned { &mut sums.returns } else { &mut sums.sales } += 1;
            sums.anonymous += u64::from(row.customer.is_empty());
            (earliest, latest) = (earliest.min(instant), latest.max(instant));
            let later = row.day > until;
            if !later {
                counted = counted.max(instant);
                if !row.returned && (row.amount > 0 || self.count_zero) {
                    let month = months.get_mut(row.month)?;
                    month.0 += 1;
                    month.1 += Minor::from(row.amount);
                }
            }
            let taken = Taken { key: row.key, at: u32::try_from(instant).ok()?, amount: row.amount };
            let kind = match () {
                () if later => Told::Later,
                () if row.returned => Told::Returned,
                () if row.amount == 0 && !self.count_zero => Told::Nothing,
                () => Told::Purchase,
            };
            let part = Taken::part(row.key);
            if kind == Told::Purchase && row.customer.len() <= PACKED {
                piece.taken.taken[part].push(taken);
                continue;
            }
            let length = u8::try_from(row.customer.len()).ok()?;
            piece.taken.odd[part].push(Odd { taken, start: u32::try_from(start).ok()?, length, kind });
        }
        let some = |at: i64| (at != i64::MAX && at != i64::MIN).then(|| Instant::from_unix(at));
        (sums.first_at, sums.last_at, sums.counted_until) = (some(earliest), some(latest), some(counted));
        for (month, sum) in months.into_iter().enumerate().filter(|(_, sum)| sum.0 > 0) {
            sums.months.insert(YEARS.start * 12 + i64::try_from(month).ok()?, sum);
        }
        Some(piece)
    }

    /// The row that begins at `at`, which moves behind its end, in one go: no quotation marks, no space around cells,
    /// nothing that asks for a second look. None where [`by_cells`](Self::by_cells) must look.
    fn at_once<'a>(&self, bytes: &'a [u8], at: &mut usize) -> Option<Row<'a>> {
        let mut row = Row { customer: b"", key: 0, day: 0, second: 0, month: 0, amount: 0, returned: false, number: 0 };
        let mut place = *at;
        for (column, slot) in self.slots.iter().enumerate() {
            let from = place;
            let last = column + 1 == self.slots.len();
            let length = match slot {
                Some(Slot::Customer) => self.short_id(bytes, place, &mut row),
                Some(Slot::Total) => self.short_amount(bytes, place, last, &mut row),
                _ => None,
            };
            place += length.unwrap_or(0);
            match slot {
                _ if length.is_some() => {}
                Some(Slot::Customer | Slot::Order) => {
                    let mut key = 0_u64;
                    while self.of_ids[usize::from(*bytes.get(place)?)] {
                        key = key << 8 | u64::from(bytes[place]);
                        place += 1;
                    }
                    let id = &bytes[from..place];
                    if *slot == Some(Slot::Order) {
                        row.number = digest(id);
                        if id.is_empty() {
                            return None;
                        }
                    } else {
                        if doubtful(id) || id.len() > 255 {
                            return None;
                        }
                        row.customer = id;
                        row.key = match id.len() {
                            0 => 0,
                            length @ 1..=8 => key << (64 - 8 * length),
                            _ => Taken::key(id),
                        };
                    }
                }
                Some(Slot::Date) => {
                    let date: &[u8; 10] = bytes.get(place..place + 10)?.try_into().ok()?;
                    (row.day, row.month) = self.day(date)?;
                    place += 10;
                    if matches!(bytes.get(place)?, b' ' | b'T') {
                        let length = if bytes.get(place + 6)? == &b':' { 9 } else { 6 };
                        row.second = clock(bytes.get(place + 1..place + length)?)?;
                        place += length;
                    }
                }
                Some(Slot::Total) => {
                    while matches!(bytes.get(place)?, b'0'..=b'9' | b'.' | b'-') {
                        place += 1;
                    }
                    (row.amount, row.returned) = self.amount(&bytes[from..place])?;
                }
                None => {
                    place += bytes[place..].iter().position(|byte| self.ends[usize::from(*byte)])?;
                }
            }
            if last && bytes.get(place) == Some(&b'\r') {
                place += 1;
            }
            if *bytes.get(place)? != if last { b'\n' } else { self.delimiter } {
                return None;
            }
            place += 1;
        }
        *at = place;
        Some(row)
    }

    /// Reads the id at this place where it is short and nothing asks for a second look; its length.
    fn short_id<'a>(&self, bytes: &'a [u8], place: usize, row: &mut Row<'a>) -> Option<usize> {
        let word = eight::eight(bytes, place)?;
        let length = eight::before(word, self.delimiter);
        if !(1..8).contains(&length) {
            return None;
        }
        row.customer = bytes.get(place..place + length).filter(|id| !doubtful(id))?;
        row.key = eight::id(word, length)?;
        Some(length)
    }

    /// Reads the amount at this place where it is short and has two decimals; the length of its cell.
    fn short_amount(&self, bytes: &[u8], place: usize, last: bool, row: &mut Row<'_>) -> Option<usize> {
        let word = eight::eight(bytes, place)?;
        let mut length = eight::before(word, if last { b'\n' } else { self.delimiter });
        length -= usize::from(last && length > 0 && bytes[place + length - 1] == b'\r');
        if !(4..8).contains(&length) || self.exponent != 2 {
            return None;
        }
        row.amount = eight::hundredths(word, length)?;
        Some(length)
    }

    /// The same for a row that has quotation marks or space around cells.
    fn by_cells<'a>(&self, bytes: &'a [u8], at: &mut usize) -> Option<Row<'a>> {
        let cells = self.row(bytes, at)?;
        let (date, rest) = cells.date.split_first_chunk::<10>()?;
        let (day, month) = self.day(date)?;
        let second = match rest {
            [] => 0,
            [b' ' | b'T', rest @ ..] => clock(rest)?,
            _ => return None,
        };
        let (amount, returned) = self.amount(cells.total)?;
        let customer = plain_id(cells.customer)?;
        let mut number = 0;
        if self.has_orders {
            if cells.order.is_empty() || !cells.order.iter().all(|byte| byte.is_ascii_graphic() || *byte == b' ') {
                return None;
            }
            number = digest(cells.order);
        }
        Some(Row { customer, key: Taken::key(customer), day, second, month, amount, returned, number })
    }

    /// The day of a date such as `2026-11-23`, and the number of its month in the table.
    fn day(&self, date: &[u8; 10]) -> Option<(i32, usize)> {
        let (year, month, day) = eight::date(date)?;
        if !(1..=12).contains(&month) || !YEARS.contains(&i64::from(year)) {
            return None;
        }
        let place = usize::try_from((i64::from(year) - YEARS.start) * 12 + i64::from(month) - 1).ok()?;
        let (first, next) = (*self.months.get(place)?, *self.months.get(place + 1)?);
        let number = first + i32::try_from(day).ok()? - 1;
        (number >= first && number < next).then_some((number, place))
    }

    /// The cells of the row that begins at `at`, which moves behind its end.
    fn row<'a>(&self, bytes: &'a [u8], at: &mut usize) -> Option<Cells<'a>> {
        let mut cells = Cells { order: b"", date: b"", customer: b"", total: b"" };
        for (column, slot) in self.slots.iter().enumerate() {
            let quoted = bytes.get(*at) == Some(&b'"');
            let from = *at + usize::from(quoted);
            let to = if quoted {
                from + bytes[from..].iter().position(|byte| matches!(byte, b'"' | b'\n' | b'\r' | 0))?
            } else {
                from + bytes[from..].iter().position(|byte| self.ends[usize::from(*byte)])?
            };
            let mut end = to;
            if quoted {
                if bytes[to] != b'"' {
                    return None;
                }
                end += 1;
            }
            if bytes.get(end) == Some(&b'\r') {
                end += 1;
                if bytes.get(end) != Some(&b'\n') {
                    return None;
                }
            }
            let closed = *bytes.get(end)?;
            let last = column + 1 == self.slots.len();
            if closed != if last { b'\n' } else { self.delimiter } {
                return None;
            }
            *at = end + 1;
            if let Some(slot) = slot {
                let cell = bytes[from..to].trim_ascii();
                match slot {
                    Slot::Order => cells.order = cell,
                    Slot::Date => cells.date = cell,
                    Slot::Customer => cells.customer = cell,
                    Slot::Total => cells.total = cell,
                }
            }
        }
        Some(cells)
    }

    /// Minor units, and whether money went back: digits, and a point with one or two more, which no column can mean
    /// otherwise.
    fn amount(&self, cell: &[u8]) -> Option<(u32, bool)> {
        let (returned, digits) = match cell {
            [b'-', rest @ ..] => (true, rest),
            _ => (false, cell),
        };
        let (mut value, mut decimals, mut point) = (0_u64, 0_u32, false);
        // Twelve digits are more than fits.
        if digits.is_empty() || digits.len() > 12 || !digits[digits.len() - 1].is_ascii_digit() {
            return None;
        }
        for byte in digits {
            match byte {
                b'0'..=b'9' => {
                    value = value * 10 + u64::from(byte - b'0');
                    decimals += u32::from(point);
                }
                b'.' if !point => point = true,
                _ => return None,
            }
        }
        if decimals > self.exponent.min(2) {
            return None;
        }
        let amount = u32::try_from(value * 10_u64.pow(self.exponent - decimals)).ok()?;
        Some((amount, returned && amount > 0))
    }
}

/// Seconds since midnight of `10:05` or `10:05:00`.
fn clock(text: &[u8]) -> Option<i64> {
    let (hour, minute, second) = match text {
        [h1, h2, b':', n1, n2] => (two(*h1, *h2)?, two(*n1, *n2)?, 0),
        [h1, h2, b':', n1, n2, b':', s1, s2] => (two(*h1, *h2)?, two(*n1, *n2)?, two(*s1, *s2)?),
        _ => return None,
    };
    (hour < 24 && minute < 60 && second < 60).then(|| i64::from(hour * 3600 + minute * 60 + second))
}

/// Where a part begins in a whole.
fn offset(whole: &[u8], part: &[u8]) -> Option<usize> {
    (part.as_ptr() as usize).checked_sub(whole.as_ptr() as usize).filter(|at| at + part.len() <= whole.len())
}

fn two(tens: u8, ones: u8) -> Option<i32> {
    (tens.is_ascii_digit() && ones.is_ascii_digit()).then(|| i32::from(tens - b'0') * 10 + i32::from(ones - b'0'))
}

/// Whether an id may be a word for nobody, or a number as data frames write it.
fn doubtful(id: &[u8]) -> bool {
    matches!(id, [b'0' | b'-' | b'n' | b'N' | b'g' | b'G' | b'i' | b'I', ..] | [.., b'.', b'0'])
}

/// The id that the general importer would read; empty for nobody. None for what could be an address, and for what is not
/// plain.
fn plain_id(cell: &[u8]) -> Option<&[u8]> {
    let plain = |byte: &u8| (byte.is_ascii_graphic() || *byte == b' ') && *byte != b'@';
    if cell.len() > 255 || !cell.iter().all(plain) {
        return None;
    }
    if doubtful(cell) {
        return core::str::from_utf8(cell).ok().map(|text| id_of(text).as_bytes());
    }
    Some(cell)
}
