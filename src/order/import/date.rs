//! When was that, in this column? Dates in the many ways exports write them.

use super::options::DateOrder;
use crate::time::{DAY, Day, Instant, Local, zone::Zone};

/// A cell that was understood, up to the question which of two numbers is the month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Written {
    /// With an offset.
    At(Instant),
    /// On the shop's clock.
    Local(Local),
    /// `1/2/2026` on the shop's clock.
    Either { first: i64, second: i64, year: i64, clock: i64, offset: Option<i64> },
}

/// How the dates of a column are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Reading {
    pub order: DateOrder,
    /// No cell told which number is the month, and nobody said it.
    pub assumed: bool,
    /// Some cells name no offset, so the shop's zone counts.
    pub local: bool,
}

/// Decides for a column: one day above 12 tells where the days are.
pub(super) fn decide(cells: impl Iterator<Item = impl AsRef<str>>, said: Option<DateOrder>) -> Reading {
    let (mut day_first, mut month_first, mut either, mut local, mut twelve_hours) = (0_u32, 0_u32, 0_u32, false, false);
    for cell in cells {
        let cell = cell.as_ref();
        match written(cell) {
            Some(Written::Either { first, second, offset, .. }) => {
                either += 1;
                day_first += u32::from(first > 12);
                month_first += u32::from(second > 12);
                local |= offset.is_none();
                twelve_hours |= cell.ends_with(['M', 'm']);
            }
            Some(Written::Local(_)) => local = true,
            Some(Written::At(_)) | None => {}
        }
    }
    let order = match day_first.cmp(&month_first) {
        core::cmp::Ordering::Greater => Some(DateOrder::DayFirst),
        core::cmp::Ordering::Less => Some(DateOrder::MonthFirst),
        core::cmp::Ordering::Equal => said,
    };
    // Who writes "1:30 PM" mostly writes the month first.
    let usual = if twelve_hours { DateOrder::MonthFirst } else { DateOrder::DayFirst };
    Reading { order: order.unwrap_or(usual), assumed: either > 0 && order.is_none(), local }
}

/// The instant a cell names; `None` when it is no date.
pub(super) fn read(cell: &str, order: DateOrder, zone: &Zone) -> Option<Instant> {
    match written(cell)? {
        Written::At(instant) => Some(instant),
        Written::Local(local) => Some(zone.instant(local)),
        Written::Either { first, second, year, clock, offset } => {
            let (day, month) = if order == DateOrder::DayFirst { (first, second) } else { (second, first) };
            let local = Local::new(Day::from_civil(year, month, day)?, clock);
            Some(offset.map_or_else(|| zone.instant(local), |offset| local.as_utc().plus(-offset)))
        }
    }
}

fn written(cell: &str) -> Option<Written> {
    let mut text = Cursor(cell.trim());
    let (first, width) = text.number()?;
    if width == 8 {
        let day = Day::from_civil(first / 10_000, first / 100 % 100, first % 100)?;
        return text.0.is_empty().then_some(Written::Local(Local::new(day, 0)));
    }
    let mark = text.one_of(&['-', '/', '.'])?;
    let (second, _) = text.number()?;
    text.exactly(mark)?;
    let (third, third_width) = text.number()?;
    let (clock, offset) = text.clock()?;
    if width == 4 {
        let local = Local::new(Day::from_civil(first, second, third)?, clock);
        return Some(offset.map_or(Written::Local(local), |offset| Written::At(local.as_utc().plus(-offset))));
    }
    let year = match third_width {
        4 => third,
        2 => 2000 + third,
        _ => return None,
    };
    if mark == '/' {
        // One of the two must be a date, or the cell is none.
        Day::from_civil(year, second, first).or_else(|| Day::from_civil(year, first, second))?;
        return Some(Written::Either { first, second, year, clock, offset });
    }
    // Points and hyphens: the day comes first.
    let local = Local::new(Day::from_civil(year, second, first)?, clock);
    Some(offset.map_or(Written::Local(local), |offset| Written::At(local.as_utc().plus(-offset))))
}

struct Cursor<'a>(&'a str);

impl Cursor<'_> {
    /// A number of up to eight digits, and how many digits it has.
    fn number(&mut self) -> Option<(i64, usize)> {
        let width = self.0.bytes().take_while(u8::is_ascii_digit).count();
        let value = if width > 8 { None } else { self.0[..width].parse().ok() }?;
        self.0 = &self.0[width..];
        Some((value, width))
    }

    fn one_of(&mut self, marks: &[char]) -> Option<char> {
        let mark = self.0.chars().next().filter(|c| marks.contains(c))?;
        self.0 = &self.0[mark.len_utf8()..];
        Some(mark)
    }

    fn exactly(&mut self, mark: char) -> Option<()> {
        self.0 = self.0.strip_prefix(mark)?;
        Some(())
    }

    /// The rest: nothing, or a clock time, or one with an offset. Seconds since midnight, and the offset in seconds.
    fn clock(&mut self) -> Option<(i64, Option<i64>)> {
        let rest = self.0.trim_start_matches(',');
        if rest.is_empty() {
            return Some((0, None));
        }
        self.0 = rest.strip_prefix(['T', 't', ' '])?.trim_start();
        let (mut hour, _) = self.number()?;
        self.exactly(':')?;
        let (minute, _) = self.number()?;
        let mut second = 0;
        if self.exactly(':').is_some() {
            second = self.number()?.0;
            if self.one_of(&['.', ',']).is_some() {
                let digits = self.0.trim_start_matches(|c: char| c.is_ascii_digit());
                self.0 = digits;
            }
        }
        self.0 = self.0.trim_start();
        let half = self.0.get(..2).filter(|half| half.eq_ignore_ascii_case("am") || half.eq_ignore_ascii_case("pm"));
        if let Some(half) = half {
            let afternoon = half.eq_ignore_ascii_case("pm");
            (1..=12).contains(&hour).then_some(())?;
            hour = hour % 12 + if afternoon { 12 } else { 0 };
            self.0 = &self.0[2..];
        }
        // 60 is a leap second: read as the last ordinary one.
        (hour < 24 && minute < 60 && second <= 60).then_some(())?;
        Some((hour * 3600 + minute * 60 + second.min(59), self.offset()?))
    }

    /// `Some(None)` where nothing follows.
    fn offset(&self) -> Option<Option<i64>> {
        let rest = self.0.trim();
        if rest.is_empty() {
            return Some(None);
        }
        if rest.eq_ignore_ascii_case("z") || rest.eq_ignore_ascii_case("utc") || rest.eq_ignore_ascii_case("gmt") {
            return Some(Some(0));
        }
        let sign = if rest.starts_with('-') { -1 } else { 1 };
        let digits: String = rest.strip_prefix(['+', '-'])?.chars().filter(|c| *c != ':').collect();
        let value: i64 = if digits.len() == 4 { digits.parse().ok()? } else { return None };
        let seconds = value / 100 * 3600 + value % 100 * 60;
        (value % 100 < 60 && seconds < DAY).then_some(Some(sign * seconds))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(cell: &str, order: DateOrder) -> String {
        let zone = Zone::named("Europe/Berlin").unwrap();
        read(cell, order, &zone).map_or_else(|| "none".to_owned(), |instant| instant.to_string())
    }

    #[test]
    fn dates_are_read_the_way_exports_write_them() {
        for (cell, expected) in [
            ("2024-05-01 10:00:00 +0200", "2024-05-01T08:00:00Z"),
            ("2024-05-01T10:00:00.123Z", "2024-05-01T10:00:00Z"),
            ("2024-05-01T10:00:00-05:00", "2024-05-01T15:00:00Z"),
            ("2024-05-01 10:00:00", "2024-05-01T08:00:00Z"),
            ("2024-01-01 10:00", "2024-01-01T09:00:00Z"),
            ("2024-01-01", "2023-12-31T23:00:00Z"),
            ("2024/01/01", "2023-12-31T23:00:00Z"),
            ("01.02.2024", "2024-01-31T23:00:00Z"),
            ("1.2.2024 8:26", "2024-02-01T07:26:00Z"),
            ("1.2.24, 8:26", "2024-02-01T07:26:00Z"),
            ("19970101", "1996-12-31T23:00:00Z"),
            ("2024-05-01 10:00:00 UTC", "2024-05-01T10:00:00Z"),
        ] {
            assert_eq!(at(cell, DateOrder::MonthFirst), expected, "{cell}");
        }
        assert_eq!(at("1/2/2024 1:30 PM", DateOrder::MonthFirst), "2024-01-02T12:30:00Z");
        assert_eq!(at("1/2/2024 12:30 AM", DateOrder::DayFirst), "2024-01-31T23:30:00Z");
    }

    #[test]
    fn what_is_no_date_is_refused() {
        for cell in [
            "",
            "x",
            "31.02.2024",
            "2024-13-01",
            "2024-01-01 25:00",
            "1/2/3",
            "12/2024",
            "2024-01-01x",
            "13/13/2024",
            "2024-01-01 10:00 +2",
            "1-2/2024",
            "99999999999",
        ] {
            assert_eq!(at(cell, DateOrder::DayFirst), "none", "{cell}");
        }
        assert_eq!(at("12/31/2024", DateOrder::DayFirst), "none", "the column writes the day first");
    }

    #[test]
    fn one_day_above_twelve_decides_for_the_whole_column() {
        let order = |cells: &[&str], said| {
            let reading = decide(cells.iter(), said);
            (reading.order, reading.assumed)
        };
        use DateOrder::{DayFirst, MonthFirst};
        assert_eq!(order(&["1/2/2024", "13/2/2024"], None), (DayFirst, false));
        assert_eq!(order(&["1/2/2024", "2/13/2024"], Some(DayFirst)), (MonthFirst, false));
        assert_eq!(order(&["1/2/2024"], None), (DayFirst, true));
        assert_eq!(order(&["1/2/2024 1:00 PM"], None), (MonthFirst, true));
        assert_eq!(order(&["1/2/2024"], Some(MonthFirst)), (MonthFirst, false));
        assert_eq!(order(&["2024-01-01"], None), (DayFirst, false));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn arbitrary_cells_never_panic(cell in "[0-9./:, TZ+apm\u{e9}-]{0,24}") {
            let _ = at(&cell, DateOrder::DayFirst);
        }

        #[test]
        fn an_instant_is_read_back_as_it_was_written(seconds in -2_000_000_000_i64..4_000_000_000) {
            let instant = Instant::from_unix(seconds);
            prop_assert_eq!(read(&instant.to_string(), DateOrder::DayFirst, &Zone::utc()), Some(instant));
        }
    }
}
