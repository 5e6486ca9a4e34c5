//! When was that? Instants and calendar days; the only place that reads RFC 3339.

use core::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::reject::{Code, Error, Result};

/// Seconds in a day.
pub const DAY: i64 = 86_400;

/// A point in time: whole seconds since 1970-01-01T00:00:00Z. Written as RFC 3339 in UTC.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(i64);

/// A calendar day: days since 1970-01-01. Written as `2026-11-23`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(i32);

/// Years 1 to 9999, in seconds.
const RANGE: core::ops::RangeInclusive<i64> = -62_135_596_800..=253_402_300_799;

impl Instant {
    /// The instant `seconds` after 1970-01-01T00:00:00Z, held within the years 1 to 9999.
    #[must_use]
    pub fn from_unix(seconds: i64) -> Self {
        Self(seconds.clamp(*RANGE.start(), *RANGE.end()))
    }

    /// Seconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub const fn unix(self) -> i64 {
        self.0
    }

    /// Reads RFC 3339 with an offset: `2026-11-23T10:05:00+01:00`. Parts of a second are dropped.
    ///
    /// # Errors
    /// `invalid_date` when the text is no such instant, or has no offset.
    ///
    /// ```
    /// use zugabe::time::Instant;
    /// let instant = Instant::parse("2026-11-23T10:05:00.250+01:00")?;
    /// assert_eq!(instant.to_string(), "2026-11-23T09:05:00Z");
    /// # Ok::<(), zugabe::reject::Error>(())
    /// ```
    pub fn parse(text: &str) -> Result<Self> {
        Self::read(text.as_bytes()).ok_or_else(|| {
            Error::new(
                Code::InvalidDate,
                format!(
                    "\"{}\" is not an instant with offset such as 2026-11-23T10:05:00+01:00.",
                    text.chars().take(40).collect::<String>()
                ),
            )
        })
    }

    fn read(text: &[u8]) -> Option<Self> {
        let local = Local::read(text.get(..19)?)?;
        let mut rest = text.get(19..)?;
        if let Some(fraction) = rest.strip_prefix(b".") {
            let digits = fraction.iter().take_while(|b| b.is_ascii_digit()).count();
            if digits == 0 {
                return None;
            }
            rest = &fraction[digits..];
        }
        let offset = match rest {
            b"Z" | b"z" => 0,
            [sign @ (b'+' | b'-'), h1, h2, b':', m1, m2] => {
                let (hours, minutes) = (number(&[*h1, *h2])?, number(&[*m1, *m2])?);
                if hours > 23 || minutes > 59 {
                    return None;
                }
                (hours * 3600 + minutes * 60) * if *sign == b'-' { -1 } else { 1 }
            }
            _ => return None,
        };
        let seconds = local.as_utc().0 - offset;
        RANGE.contains(&seconds).then_some(Self(seconds))
    }

    /// The UTC day it falls on.
    #[must_use]
    pub fn day(self) -> Day {
        Day(i32::try_from(self.0.div_euclid(DAY)).unwrap_or(0))
    }

    /// This many seconds later (earlier when negative), held within the years 1 to 9999.
    #[must_use]
    pub fn plus(self, seconds: i64) -> Self {
        Self::from_unix(self.0.saturating_add(seconds))
    }

    /// Seconds from `earlier` to this instant; negative when it is not earlier.
    #[must_use]
    pub const fn since(self, earlier: Self) -> i64 {
        self.0 - earlier.0
    }
}

/// A wall-clock time without a zone, as many exports write it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Local {
    day: Day,
    second: i64,
}

impl Local {
    /// A wall-clock time on a day, `second` counted from midnight.
    #[must_use]
    pub const fn new(day: Day, second: i64) -> Self {
        Self { day, second }
    }

    /// Reads `2026-11-23T10:05:00` (or with a space).
    fn read(text: &[u8]) -> Option<Self> {
        let [date @ .., b'T' | b't' | b' ', h1, h2, b':', m1, m2, b':', s1, s2] = text else { return None };
        let (hour, minute, second) = (number(&[*h1, *h2])?, number(&[*m1, *m2])?, number(&[*s1, *s2])?);
        // 60 is a leap second: read as the last ordinary one.
        (hour < 24 && minute < 60 && second <= 60).then_some(())?;
        Some(Self { day: Day::read(date)?, second: hour * 3600 + minute * 60 + second.min(59) })
    }

    /// The day.
    #[must_use]
    pub const fn day(self) -> Day {
        self.day
    }

    /// Seconds since midnight on the clock.
    #[must_use]
    pub const fn second(self) -> i64 {
        self.second
    }

    /// The instant at which clocks in UTC show this time.
    #[must_use]
    pub fn as_utc(self) -> Instant {
        Instant(self.day.start().0 + self.second)
    }
}

impl Day {
    /// The day of a civil date, if it exists, in the years 1 to 9999.
    #[must_use]
    pub fn from_civil(year: i64, month: i64, day: i64) -> Option<Self> {
        let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        let length = match month {
            1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
            4 | 6 | 9 | 11 => 30,
            2 => 28 + i64::from(leap),
            _ => return None,
        };
        if !(1..=9999).contains(&year) || !(1..=length).contains(&day) {
            return None;
        }
        // Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", days_from_civil.
        let y = if month <= 2 { year - 1 } else { year };
        let era = y.div_euclid(400);
        let year_of_era = y.rem_euclid(400);
        let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
        let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
        i32::try_from(era * 146_097 + day_of_era - 719_468).ok().map(Self)
    }

    /// Year, month (1 to 12) and day of the month.
    #[must_use]
    pub fn civil(self) -> (i64, i64, i64) {
        // Hinnant, civil_from_days.
        let z = i64::from(self.0) + 719_468;
        let era = z.div_euclid(146_097);
        let day_of_era = z.rem_euclid(146_097);
        let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * shifted + 2) / 5 + 1;
        let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
        (year_of_era + era * 400 + i64::from(month <= 2), month, day)
    }

    /// Days since 1970-01-01.
    #[must_use]
    pub const fn number(self) -> i32 {
        self.0
    }

    /// The day `number` days after 1970-01-01.
    #[must_use]
    pub const fn from_number(number: i32) -> Self {
        Self(number)
    }

    /// Midnight in UTC at which it begins.
    #[must_use]
    pub const fn start(self) -> Instant {
        Instant(self.0 as i64 * DAY)
    }

    /// This many days later.
    #[must_use]
    pub const fn plus(self, days: i32) -> Self {
        Self(self.0.saturating_add(days))
    }

    /// Reads `2026-11-23`.
    ///
    /// # Errors
    /// `invalid_date` when the text is no existing date.
    pub fn parse(text: &str) -> Result<Self> {
        Self::read(text.as_bytes()).ok_or_else(|| {
            Error::new(
                Code::InvalidDate,
                format!("\"{}\" is not a date such as 2026-11-23.", text.chars().take(40).collect::<String>()),
            )
        })
    }

    fn read(text: &[u8]) -> Option<Self> {
        let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = text else { return None };
        Self::from_civil(number(&[*y1, *y2, *y3, *y4])?, number(&[*m1, *m2])?, number(&[*d1, *d2])?)
    }
}

fn number(digits: &[u8]) -> Option<i64> {
    digits.iter().try_fold(0, |value, digit| digit.is_ascii_digit().then(|| value * 10 + i64::from(digit - b'0')))
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.civil();
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let second = self.0.rem_euclid(DAY);
        write!(f, "{}T{:02}:{:02}:{:02}Z", self.day(), second / 3600, second / 60 % 60, second % 60)
    }
}

macro_rules! as_text {
    ($type:ident, $format:literal) => {
        impl fmt::Debug for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }

        impl Serialize for $type {
            fn serialize<S: Serializer>(&self, serializer: S) -> core::result::Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> core::result::Result<Self, D::Error> {
                let text = String::deserialize(deserializer)?;
                Self::parse(&text).map_err(|error| de::Error::custom(error.message))
            }
        }

        #[cfg(feature = "schema")]
        impl schemars::JsonSchema for $type {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($type).into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({ "type": "string", "format": $format })
            }
        }
    };
}

as_text!(Instant, "date-time");
as_text!(Day, "date");

/// A shop's time zone with its rules: where local days begin and end. Full artefact and native tool only: the page
/// has no time-zone data, instants are fixed when a policy is published or a code is minted.
///
/// Without the feature `zones`, UTC is the only zone: a build for a checkout has neither a clock nor room for the rules
/// of the world, and the platform keeps to a discount's dates itself.
pub mod zone {
    use super::{Day, Instant, Local};
    use crate::reject::{Code, Error, Result};

    /// Where local days begin, as a table. Without changes it is UTC or a fixed offset.
    #[derive(Debug, Clone, PartialEq, Eq, Default)]
    pub struct DayCut {
        first: i64,
        /// From when on which offset holds, both in seconds.
        changes: Vec<(i64, i64)>,
    }

    impl DayCut {
        /// The local day an instant falls on.
        #[must_use]
        pub fn day(&self, instant: Instant) -> Day {
            let until = self.changes.partition_point(|(from, _)| *from <= instant.unix());
            let offset =
                until.checked_sub(1).and_then(|last| self.changes.get(last)).map_or(self.first, |(_, offset)| *offset);
            instant.plus(offset).day()
        }
    }

    /// A time zone of the IANA database.
    #[derive(Debug, Clone)]
    pub struct Zone(#[cfg(feature = "zones")] jiff::tz::TimeZone);

    impl Zone {
        /// The zone of that name, such as `Europe/Berlin`.
        ///
        /// # Errors
        /// `invalid_value` when the database has no such zone.
        pub fn named(name: &str) -> Result<Self> {
            Self::find(name).ok_or_else(|| {
                Error::new(
                    Code::InvalidValue,
                    format!(
                        "\"{}\" is not a time zone such as Europe/Berlin.",
                        name.chars().take(40).collect::<String>()
                    ),
                )
            })
        }

        /// The last second of a local day: what "valid until that date" means.
        #[must_use]
        pub fn end_of(&self, day: Day) -> Instant {
            self.instant(Local::new(day.plus(1), 0)).plus(-1)
        }
    }

    #[cfg(feature = "zones")]
    impl Zone {
        fn find(name: &str) -> Option<Self> {
            jiff::tz::TimeZone::get(name).ok().map(Self)
        }

        /// UTC.
        #[must_use]
        pub fn utc() -> Self {
            Self(jiff::tz::TimeZone::UTC)
        }

        /// The instant at which clocks in this zone show `local`. An hour that a clock change skips is read as the
        /// hour after it, one that comes twice as the first.
        #[must_use]
        pub fn instant(&self, local: Local) -> Instant {
            let (year, month, day) = local.day().civil();
            let second = local.second();
            let civil = jiff::civil::DateTime::new(
                i16::try_from(year).unwrap_or(1),
                i8::try_from(month).unwrap_or(1),
                i8::try_from(day).unwrap_or(1),
                i8::try_from(second / 3600).unwrap_or(0),
                i8::try_from(second / 60 % 60).unwrap_or(0),
                i8::try_from(second % 60).unwrap_or(0),
                0,
            );
            civil
                .and_then(|civil| self.0.to_ambiguous_timestamp(civil).compatible())
                .map_or_else(|_| local.as_utc(), |timestamp| Instant::from_unix(timestamp.as_second()))
        }

        /// The local day an instant falls on.
        #[must_use]
        pub fn day(&self, instant: Instant) -> Day {
            jiff::Timestamp::from_second(instant.unix()).map_or_else(
                |_| instant.day(),
                |timestamp| Instant::from_unix(instant.unix() + i64::from(self.0.to_offset(timestamp).seconds())).day(),
            )
        }

        /// The local days of many instants: the zone's rules as a table, for the years 1970 to 2099.
        #[must_use]
        pub fn day_cut(&self) -> DayCut {
            let mut cut = DayCut::default();
            let first = jiff::Timestamp::from_second(0).map_or(0, |start| self.0.to_offset(start).seconds());
            cut.first = i64::from(first);
            let Ok(start) = jiff::Timestamp::from_second(0) else { return cut };
            for change in self.0.following(start) {
                if change.timestamp().as_second() > 4_102_444_800 {
                    break;
                }
                cut.changes.push((change.timestamp().as_second(), i64::from(change.offset().seconds())));
            }
            cut
        }
    }

    #[cfg(not(feature = "zones"))]
    impl Zone {
        fn find(name: &str) -> Option<Self> {
            (name == "UTC").then(Self::utc)
        }

        /// UTC.
        #[must_use]
        pub const fn utc() -> Self {
            Self()
        }

        /// The instant at which clocks show `local`.
        #[must_use]
        pub fn instant(&self, local: Local) -> Instant {
            local.as_utc()
        }

        /// The days of many instants.
        #[must_use]
        pub fn day_cut(&self) -> DayCut {
            DayCut::default()
        }

        /// The day an instant falls on.
        #[must_use]
        pub fn day(&self, instant: Instant) -> Day {
            instant.day()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::zone::Zone;
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn instants_without_offset_or_that_do_not_exist_are_refused() {
        for text in [
            "",
            "2026-11-23",
            "2026-11-23T10:05:00",
            "2026-02-29T00:00:00Z",
            "2026-13-01T00:00:00Z",
            "2026-11-23T24:00:00Z",
            "2026-11-23T10:05:00.Z",
            "2026-11-23T10:05:00+0100",
            "0000-01-01T00:00:00Z",
        ] {
            assert_eq!(Instant::parse(text).map_err(|e| e.code), Err(Code::InvalidDate), "{text}");
        }
    }

    #[test]
    fn a_date_only_end_is_the_last_second_of_that_local_day() {
        let zone = Zone::named("Asia/Bangkok").unwrap();
        assert_eq!(zone.end_of(Day::parse("2026-02-22").unwrap()).to_string(), "2026-02-22T16:59:59Z");
    }

    #[test]
    fn days_of_23_and_25_hours_end_where_the_next_begins() {
        let zone = Zone::named("Europe/Berlin").unwrap();
        for (date, hours) in [("2026-03-29", 23), ("2026-10-25", 25), ("2026-06-01", 24)] {
            let day = Day::parse(date).unwrap();
            assert_eq!(zone.end_of(day).since(zone.end_of(day.plus(-1))), hours * 3600, "{date}");
        }
    }

    #[test]
    fn an_instant_belongs_to_the_local_day() {
        let zone = Zone::named("Europe/Berlin").unwrap();
        let instant = Instant::parse("2026-06-30T22:30:00Z").unwrap();
        assert_eq!(zone.day(instant).to_string(), "2026-07-01");
        assert_eq!(instant.day().to_string(), "2026-06-30");
    }

    proptest! {
        #[test]
        fn the_table_of_a_zone_gives_its_days(seconds in 0..4_102_444_800_i64) {
            for name in ["Europe/Berlin", "America/New_York", "Asia/Bangkok", "Australia/Lord_Howe", "UTC"] {
                let zone = Zone::named(name).unwrap();
                let instant = Instant::from_unix(seconds);
                prop_assert_eq!(zone.day_cut().day(instant), zone.day(instant), "{}", name);
            }
        }

        #[test]
        fn every_day_is_read_back_as_it_was_written(number in -719_162..2_932_896_i32) {
            let day = Day::from_number(number);
            prop_assert_eq!(Day::parse(&day.to_string()), Ok(day));
        }

        #[test]
        fn every_instant_is_read_back_as_it_was_written(seconds in RANGE) {
            let instant = Instant::from_unix(seconds);
            prop_assert_eq!(Instant::parse(&instant.to_string()), Ok(instant));
        }

        #[test]
        fn arbitrary_text_never_panics(text in ".*") {
            let _ = Instant::parse(&text);
            let _ = Day::parse(&text);
        }
    }
}
