//! Does this text press, grovel or promise too much? Words that fail the lint, per language, and why.

use crate::insert::{Locale, template};

/// When a word is too much.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Denied {
    /// Always: it presses or flatters.
    Always,
    /// In German, *Gift* is poison.
    Poison,
    /// Where something is asked for it: what hangs on a purchase is not free.
    Conditional,
    /// Unless only few can have it (see [`crate::offer::check`]).
    Exclusive,
}

/// Words and beginnings of words (with `*`), in lower case.
const WORDS: &[(Locale, Denied, &[&str])] = &[
    (
        Locale::De,
        Denied::Always,
        &[
            "nur heute",
            "nur noch heute",
            "letzte chance",
            "verdient",
            "könig kunde",
            "kunde ist könig",
            "beeil*",
            "jetzt zugreifen",
        ],
    ),
    (Locale::De, Denied::Poison, &["gift*"]),
    (Locale::De, Denied::Conditional, &["gratis", "kostenlos*", "umsonst"]),
    (Locale::De, Denied::Exclusive, &["exklusiv*"]),
    (
        Locale::En,
        Denied::Always,
        &[
            "only today",
            "today only",
            "last chance",
            "you deserve",
            "customer is king",
            "hurry",
            "don t miss",
            "act now",
        ],
    ),
    (Locale::En, Denied::Conditional, &["free", "for free", "gratis"]),
    (Locale::En, Denied::Exclusive, &["exclusive*"]),
    (
        Locale::Fr,
        Denied::Always,
        &[
            "aujourd hui seulement",
            "seulement aujourd hui",
            "dernière chance",
            "tu mérites",
            "tu le mérites",
            "vous méritez",
            "vous le méritez",
            "client est roi",
            "client roi",
            "dépêche*",
            "ne manque*",
        ],
    ),
    (Locale::Fr, Denied::Conditional, &["gratuit*"]),
    (Locale::Fr, Denied::Exclusive, &["exclusi*", "en exclusivité"]),
    (
        Locale::Es,
        Denied::Always,
        &[
            "solo hoy",
            "sólo hoy",
            "última oportunidad",
            "te mereces",
            "te lo mereces",
            "se merece",
            "se lo merece",
            "cliente es el rey",
            "date prisa",
            "dese prisa",
            "no te pierdas",
            "no se pierda",
        ],
    ),
    (Locale::Es, Denied::Conditional, &["gratis", "gratuit*"]),
    (Locale::Es, Denied::Exclusive, &["exclusiv*", "en exclusiva"]),
];

/// The denied words that a text says, with when they are too much. Placeholders are taken as empty.
///
/// ```
/// use zugabe::insert::{Locale, tone::{Denied, denied_in}};
/// assert_eq!(denied_in(Locale::De, "Nur heute: ein Gift-Set!"), [("nur heute", Denied::Always), ("gift*", Denied::Poison)]);
/// ```
#[must_use]
pub fn denied_in(locale: Locale, text: &str) -> Vec<(&'static str, Denied)> {
    let said = template::fill(text, &|_: &str| Some(String::new()));
    let words: String = said.to_lowercase().chars().map(|c| if c.is_alphanumeric() { c } else { ' ' }).collect();
    let padded = format!(" {} ", words.split_whitespace().collect::<Vec<_>>().join(" "));
    let says = |word: &str| match word.strip_suffix('*') {
        Some(beginning) => padded.contains(&format!(" {beginning}")),
        None => padded.contains(&format!(" {word} ")),
    };
    WORDS
        .iter()
        .filter(|(language, ..)| *language == locale)
        .flat_map(|(_, when, words)| words.iter().filter(|word| says(word)).map(|word| (*word, *when)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_denies_its_counterparts() {
        for (locale, text, words) in [
            (Locale::De, "Letzte Chance, du hast es verdient!", &["letzte chance", "verdient"][..]),
            (Locale::De, "Bei uns ist der Kunde ist König.", &["kunde ist könig"]),
            (Locale::De, "Dein Giftbox-Gift", &["gift*"]),
            (Locale::De, "Gib ihm etwas mit", &[]),
            (Locale::En, "Don't miss it: today only", &["today only", "don t miss"]),
            (Locale::En, "An exclusive evening, for free", &["free", "for free", "exclusive*"]),
            (Locale::Fr, "Aujourd'hui seulement, dépêche-toi\u{202f}!", &["aujourd hui seulement", "dépêche*"]),
            (Locale::Fr, "Une soirée exclusive", &["exclusi*"]),
            (Locale::Es, "¡Solo hoy! Te lo mereces.", &["solo hoy", "te lo mereces"]),
            (Locale::Es, "Una oferta exclusiva y gratis", &["gratis", "exclusiv*"]),
        ] {
            let found: Vec<&str> = denied_in(locale, text).into_iter().map(|(word, _)| word).collect();
            assert_eq!(found, words, "{text}");
        }
    }
}
