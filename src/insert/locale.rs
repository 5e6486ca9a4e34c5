//! How does this language write amounts, dates and ordinals? A small table of our own, so that every runtime writes
//! the same bytes: the platform's `Intl` data differs between browsers and Node versions. Forms follow CLDR 46.

use crate::money::{Currency, Minor};
use crate::time::Day;
use crate::word::words;

words! {
    /// A language the texts exist in.
    Locale {
        /// German.
        De = "de",
        /// English.
        En = "en",
        /// French.
        Fr = "fr",
        /// Spanish.
        Es = "es",
    }
}

/// The months of each language, in the order of [`Locale::ALL`].
const MONTHS: [&str; 4] = [
    "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "January February March April May June July August September October November December",
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
];

impl Locale {
    /// The language of a BCP 47 tag such as `de-AT`, if the texts exist in it.
    #[must_use]
    pub fn of_tag(tag: &str) -> Option<Self> {
        let language = tag.split(['-', '_']).next().unwrap_or_default();
        Self::ALL.iter().copied().find(|locale| language.eq_ignore_ascii_case(locale.as_str()))
    }

    /// An amount: `1.234,50 €` in German, `€1,234.50` in English, `1 234,50 €` in French, `1234,50 €` in Spanish, which
    /// groups from five digits on. Spaces are no-break spaces, narrow ones within French numbers.
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
            Self::De | Self::Es => ('.', ','),
            Self::En => (',', '.'),
            Self::Fr => ('\u{202f}', ','),
        };
        let digits = usize::from(currency.exponent());
        let mut text = format!("{:0width$}", minor.unsigned_abs(), width = digits + 1);
        let fraction = text.split_off(text.len() - digits);
        let grouped = self != Self::Es || text.len() > 4;
        let mut number = String::new();
        for (index, digit) in text.chars().enumerate() {
            if grouped && index > 0 && (text.len() - index).is_multiple_of(3) {
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
            Self::En if is_code => format!("{sign}{symbol}\u{a0}{number}"),
            Self::En => format!("{sign}{symbol}{number}"),
            _ => format!("{sign}{number}\u{a0}{symbol}"),
        }
    }

    /// A share in basis points: `10 %` in German, `10%` in English; at most two decimals.
    #[must_use]
    pub fn percent(self, basis_points: i64) -> String {
        let mut number = format!("{}.{:02}", basis_points / 100, basis_points.abs() % 100);
        number.truncate(number.trim_end_matches('0').trim_end_matches('.').len());
        match self {
            Self::En => format!("{number}%"),
            Self::Fr => format!("{}\u{202f}%", number.replace('.', ",")),
            Self::De | Self::Es => format!("{}\u{a0}%", number.replace('.', ",")),
        }
    }

    /// A day in words: `24. Dezember 2026`, `24 December 2026`, `24 décembre 2026`, `24 de diciembre de 2026`. The first
    /// of a month is `1er` in French, as people write it; CLDR has `1`.
    #[must_use]
    pub fn date(self, day: Day) -> String {
        let (year, month, day) = day.civil();
        let index = usize::try_from(month - 1).unwrap_or(0);
        let month = MONTHS[self as usize].split(' ').nth(index).unwrap_or_default();
        match self {
            Self::De => format!("{day}.\u{a0}{month} {year}"),
            Self::Fr if day == 1 => format!("1er\u{a0}{month} {year}"),
            Self::Es => format!("{day}\u{a0}de {month} de {year}"),
            Self::En | Self::Fr => format!("{day}\u{a0}{month} {year}"),
        }
    }

    /// An ordinal number: `7.` in German, `7th` in English, `7e` in French, `7.º` in Spanish.
    #[must_use]
    pub fn ordinal(self, n: u32) -> String {
        let suffix = match self {
            Self::De => ".",
            Self::Fr if n == 1 => "er",
            Self::Fr => "e",
            Self::Es => ".º",
            Self::En => match (n % 100, n % 10) {
                (11..=13, _) => "th",
                (_, 1) => "st",
                (_, 2) => "nd",
                (_, 3) => "rd",
                _ => "th",
            },
        };
        format!("{n}{suffix}")
    }

    /// Of `one|many`, the form for a number: one is singular, in French nothing is, too.
    ///
    /// ```
    /// use zugabe::insert::Locale;
    /// assert_eq!(Locale::De.plural(0, "Bestellung|Bestellungen"), "Bestellungen");
    /// assert_eq!(Locale::Fr.plural(0, "commande|commandes"), "commande");
    /// ```
    #[must_use]
    pub fn plural(self, n: u32, forms: &str) -> &str {
        let (one, many) = forms.split_once('|').unwrap_or((forms, forms));
        if n == 1 || (n == 0 && self == Self::Fr) { one } else { many }
    }

    /// A text as the language sets it: in French, a space before `!`, `?`, `:` and `;` is a narrow one at which no line
    /// ends.
    #[must_use]
    pub fn typeset(self, text: &str) -> String {
        if self != Self::Fr {
            return text.to_owned();
        }
        [" !", " ?", " :", " ;"]
            .iter()
            .fold(text.to_owned(), |text, mark| text.replace(mark, &format!("\u{202f}{}", mark.trim_start())))
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
            (Locale::Fr, 123_456_789, "EUR", "1\u{202f}234\u{202f}567,89\u{a0}€"),
            (Locale::Fr, 1_234_567, "CHF", "12\u{202f}345,67\u{a0}CHF"),
            (Locale::Es, 123_450, "EUR", "1234,50\u{a0}€"),
            (Locale::Es, 1_234_550, "EUR", "12.345,50\u{a0}€"),
            (Locale::Es, -500, "EUR", "-5,00\u{a0}€"),
        ] {
            assert_eq!(locale.amount(minor, currency(code)), expected);
        }
    }

    #[test]
    fn percentages_drop_decimals_they_do_not_need() {
        assert_eq!(Locale::De.percent(1000), "10\u{a0}%");
        assert_eq!(Locale::De.percent(1050), "10,5\u{a0}%");
        assert_eq!(Locale::En.percent(1), "0.01%");
        assert_eq!(Locale::Fr.percent(1050), "10,5\u{202f}%");
        assert_eq!(Locale::Es.percent(1000), "10\u{a0}%");
    }

    #[test]
    fn ordinals_know_the_teens() {
        for (n, text) in [(1, "1st"), (2, "2nd"), (3, "3rd"), (11, "11th"), (12, "12th"), (21, "21st"), (113, "113th")]
        {
            assert_eq!(Locale::En.ordinal(n), text);
        }
        assert_eq!(Locale::De.ordinal(7), "7.");
        assert_eq!((Locale::Fr.ordinal(1), Locale::Fr.ordinal(7)), ("1er".to_owned(), "7e".to_owned()));
        assert_eq!(Locale::Es.ordinal(7), "7.º");
    }

    #[test]
    fn days_are_said_as_each_language_says_them() {
        let day = |text| Day::parse(text).unwrap();
        for (locale, first, last) in [
            (Locale::De, "1.\u{a0}März 2027", "31.\u{a0}Dezember 2026"),
            (Locale::En, "1\u{a0}March 2027", "31\u{a0}December 2026"),
            (Locale::Fr, "1er\u{a0}mars 2027", "31\u{a0}décembre 2026"),
            (Locale::Es, "1\u{a0}de marzo de 2027", "31\u{a0}de diciembre de 2026"),
        ] {
            assert_eq!(
                (locale.date(day("2027-03-01")).as_str(), locale.date(day("2026-12-31")).as_str()),
                (first, last)
            );
        }
    }

    #[test]
    fn one_is_singular_and_in_french_nothing_is_too() {
        for (locale, none, one, two) in [
            (Locale::De, "many", "one", "many"),
            (Locale::En, "many", "one", "many"),
            (Locale::Fr, "one", "one", "many"),
            (Locale::Es, "many", "one", "many"),
        ] {
            let said = [0, 1, 2].map(|n| locale.plural(n, "one|many"));
            assert_eq!(said, [none, one, two], "{locale:?}");
        }
        assert_eq!(Locale::De.plural(7, "Mal"), "Mal");
    }

    #[test]
    fn french_keeps_a_narrow_space_before_its_high_marks() {
        assert_eq!(
            Locale::Fr.typeset("Oui ! Non ? Voici : ceci ; cela."),
            "Oui\u{202f}! Non\u{202f}? Voici\u{202f}: ceci\u{202f}; cela."
        );
        assert_eq!(Locale::De.typeset("Ja ! Nein ?"), "Ja ! Nein ?");
    }

    #[test]
    fn a_tag_with_region_finds_its_language() {
        assert_eq!(Locale::of_tag("de-AT"), Some(Locale::De));
        assert_eq!(Locale::of_tag("EN_gb"), Some(Locale::En));
        assert_eq!(Locale::of_tag("den"), None);
    }
}
