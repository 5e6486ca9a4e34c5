//! How does this language write amounts, dates and ordinals? A small table of our own, so that every runtime writes
//! the same bytes: the platform's `Intl` data differs between browsers and Node versions. Forms follow CLDR 46.

use crate::money::{Currency, Minor};
use crate::time::Day;
use crate::word::words;

words! {
    /// A language the texts exist in.
    Locale {
        /// German, "du".
        De = "de",
        /// English.
        En = "en",
    }
}

const MONTHS_DE: [&str; 12] = [
    "Januar",
    "Februar",
    "März",
    "April",
    "Mai",
    "Juni",
    "Juli",
    "August",
    "September",
    "Oktober",
    "November",
    "Dezember",
];
const MONTHS_EN: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

impl Locale {
    /// The language of a BCP 47 tag such as `de-AT`, if the texts exist in it.
    #[must_use]
    pub fn of_tag(tag: &str) -> Option<Self> {
        let language = tag.split(['-', '_']).next().unwrap_or_default();
        Self::ALL.iter().copied().find(|locale| language.eq_ignore_ascii_case(locale.as_str()))
    }

    /// An amount: `1.234,50 €` in German, `€1,234.50` in English. The space is a no-break space.
    ///
    /// ```
    /// use zugabe::{insert::Locale, money::Currency};
    /// let eur = Currency::parse("EUR")?;
    /// assert_eq!(Locale::De.amount(123_450, eur), "1.234,50\u{a0}€");
    /// assert_eq!(Locale::En.amount(-500, eur), "-€5.00");
    /// # Ok::<(), zugabe::reject::Error>(())
    /// ```
    #[must_use]
    pub fn amount(self, minor: Minor, currency: Currency) -> String {
        let (group, point) = match self {
            Self::De => ('.', ','),
            Self::En => (',', '.'),
        };
        let digits = usize::from(currency.exponent());
        let mut text = format!("{:0width$}", minor.unsigned_abs(), width = digits + 1);
        let fraction = text.split_off(text.len() - digits);
        let mut number = String::new();
        for (index, digit) in text.chars().enumerate() {
            if index > 0 && (text.len() - index).is_multiple_of(3) {
                number.push(group);
            }
            number.push(digit);
        }
        if digits > 0 {
            number.push(point);
            number.push_str(&fraction);
        }
        let sign = if minor < 0 { "-" } else { "" };
        let (symbol, is_code) = match currency.as_str() {
            "EUR" => ("€", false),
            "GBP" => ("£", false),
            "USD" => ("$", false),
            "JPY" => ("¥", false),
            code => (code, true),
        };
        match self {
            Self::De => format!("{sign}{number}\u{a0}{symbol}"),
            Self::En if is_code => format!("{sign}{symbol}\u{a0}{number}"),
            Self::En => format!("{sign}{symbol}{number}"),
        }
    }

    /// A share in basis points: `10 %` in German, `10%` in English; at most two decimals.
    #[must_use]
    pub fn percent(self, basis_points: i64) -> String {
        let mut number = format!("{}.{:02}", basis_points / 100, basis_points.abs() % 100);
        number.truncate(number.trim_end_matches('0').trim_end_matches('.').len());
        match self {
            Self::De => format!("{}\u{a0}%", number.replace('.', ",")),
            Self::En => format!("{number}%"),
        }
    }

    /// A day in words: `24. Dezember 2026`, `24 December 2026`.
    #[must_use]
    pub fn date(self, day: Day) -> String {
        let (year, month, day) = day.civil();
        let index = usize::try_from(month - 1).unwrap_or(0);
        match self {
            Self::De => format!("{day}.\u{a0}{} {year}", MONTHS_DE[index % 12]),
            Self::En => format!("{day}\u{a0}{} {year}", MONTHS_EN[index % 12]),
        }
    }

    /// An ordinal number: `7.` in German, `7th` in English.
    #[must_use]
    pub fn ordinal(self, n: u32) -> String {
        match self {
            Self::De => format!("{n}."),
            Self::En => {
                let suffix = match (n % 100, n % 10) {
                    (11..=13, _) => "th",
                    (_, 1) => "st",
                    (_, 2) => "nd",
                    (_, 3) => "rd",
                    _ => "th",
                };
                format!("{n}{suffix}")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn currency(code: &str) -> Currency {
        Currency::parse(code).unwrap()
    }

    #[test]
    fn amounts_follow_language_and_exponent() {
        for (locale, minor, code, expected) in [
            (Locale::De, 0, "EUR", "0,00\u{a0}€"),
            (Locale::De, 5, "EUR", "0,05\u{a0}€"),
            (Locale::De, 123_456_789, "CHF", "1.234.567,89\u{a0}CHF"),
            (Locale::En, 100_000, "GBP", "£1,000.00"),
            (Locale::En, 275, "JPY", "¥275"),
            (Locale::En, 1_234_567, "BHD", "BHD\u{a0}1,234.567"),
            (Locale::De, -1, "EUR", "-0,01\u{a0}€"),
        ] {
            assert_eq!(locale.amount(minor, currency(code)), expected);
        }
    }

    #[test]
    fn percentages_drop_decimals_they_do_not_need() {
        assert_eq!(Locale::De.percent(1000), "10\u{a0}%");
        assert_eq!(Locale::De.percent(1050), "10,5\u{a0}%");
        assert_eq!(Locale::En.percent(1), "0.01%");
    }

    #[test]
    fn ordinals_know_the_teens() {
        for (n, text) in [(1, "1st"), (2, "2nd"), (3, "3rd"), (11, "11th"), (12, "12th"), (21, "21st"), (113, "113th")]
        {
            assert_eq!(Locale::En.ordinal(n), text);
        }
        assert_eq!(Locale::De.ordinal(7), "7.");
    }

    #[test]
    fn a_tag_with_region_finds_its_language() {
        assert_eq!(Locale::of_tag("de-AT"), Some(Locale::De));
        assert_eq!(Locale::of_tag("EN_gb"), Some(Locale::En));
        assert_eq!(Locale::of_tag("den"), None);
    }
}
