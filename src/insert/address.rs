//! How does the shop address its customers? "Du" or "Sie", "tu" or "vous", "tú" or "usted"; English has one form only.
//!
//! Texts carry both forms, `<informal|formal>`, where they differ: so neither can be forgotten.

use crate::insert::Locale;
use crate::word::words;

words! {
    /// A form of address.
    Address {
        /// German, as among friends.
        Du = "du",
        /// German, with distance.
        Sie = "sie",
        /// French and Spanish (tú), as among friends.
        Tu = "tu",
        /// French, with distance.
        Vous = "vous",
        /// Spanish, with distance.
        Usted = "usted",
    }
}

impl Address {
    /// The forms of a language, the usual one of this project first; none where there is nothing to choose.
    #[must_use]
    pub const fn of(locale: Locale) -> &'static [Self] {
        match locale {
            Locale::De => &[Self::Du, Self::Sie],
            Locale::En => &[],
            Locale::Fr => &[Self::Tu, Self::Vous],
            Locale::Es => &[Self::Tu, Self::Usted],
        }
    }

    /// Whether it keeps a distance.
    #[must_use]
    pub const fn is_formal(self) -> bool {
        matches!(self, Self::Sie | Self::Vous | Self::Usted)
    }
}

/// A text in one form of address: of every `<informal|formal>` the part that is meant.
///
/// ```
/// use zugabe::insert::address::speak;
/// assert_eq!(speak("Danke für <deine|Ihre> Bestellung.", true), "Danke für Ihre Bestellung.");
/// ```
#[must_use]
pub fn speak(text: &str, formal: bool) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, inner)) = rest.split_once('<') {
        let Some((forms, after)) = inner.split_once('>') else { break };
        let Some((near, far)) = forms.split_once('|') else { break };
        out.push_str(before);
        out.push_str(if formal { far } else { near });
        rest = after;
    }
    out.push_str(rest);
    out
}

/// Words that address somebody as a friend, in lower case. Imperatives are not among them: they look like other words.
const NEAR: [(Locale, &[&str]); 3] = [
    (Locale::De, &["du", "dich", "dir", "dein", "deine", "deinen", "deinem", "deiner", "deines"]),
    (Locale::Fr, &["tu", "te", "t", "toi", "ton", "ta", "tes"]),
    (Locale::Es, &["tú", "te", "ti", "contigo", "tu", "tus", "tuyo", "tuya"]),
];

/// Words that keep a distance. In German the capital makes them; Spanish *su* may be anybody's and says nothing.
const FAR: [(Locale, &[&str]); 3] = [
    (Locale::De, &["Sie", "Ihnen", "Ihr", "Ihre", "Ihren", "Ihrem", "Ihrer", "Ihres"]),
    (Locale::Fr, &["vous", "votre", "vos"]),
    (Locale::Es, &["usted", "ustedes"]),
];

/// The word of a text that speaks to a friend, and the one that keeps a distance, if there are such.
#[must_use]
pub fn heard(locale: Locale, text: &str) -> (Option<String>, Option<String>) {
    let of = |words: &[(Locale, &'static [&'static str]); 3]| {
        words.iter().find(|(language, _)| *language == locale).map_or(&[][..], |(_, words)| words)
    };
    let (near, far) = (of(&NEAR), of(&FAR));
    let (mut friend, mut distant) = (None, None);
    let mut begins = true;
    for token in text.split_inclusive(|c: char| !c.is_alphanumeric()) {
        let word = token.trim_end_matches(|c: char| !c.is_alphanumeric());
        if !word.is_empty() {
            if friend.is_none() && near.contains(&word.to_lowercase().as_str()) {
                friend = Some(word.to_owned());
            }
            // At the beginning of a sentence German "Sie" and "Ihr" may be others: they, her.
            let capital = locale != Locale::De || !begins || word == "Ihnen";
            let spelled = if locale == Locale::De { word.to_owned() } else { word.to_lowercase() };
            if distant.is_none() && capital && far.contains(&spelled.as_str()) {
                distant = Some(word.to_owned());
            }
            begins = false;
        }
        begins |= token.ends_with(['.', '!', '?', ':', '¿', '¡']);
    }
    (friend, distant)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_form_takes_its_own_part_and_broken_forms_stay_as_they_are() {
        let text = "<Magst du|Mögen Sie> uns? <Teile deinen|Teilen Sie Ihren> Link.";
        assert_eq!(speak(text, false), "Magst du uns? Teile deinen Link.");
        assert_eq!(speak(text, true), "Mögen Sie uns? Teilen Sie Ihren Link.");
        for broken in ["a < b", "a <b> c", "a <b|c"] {
            assert_eq!(speak(broken, true), broken);
        }
    }

    #[test]
    fn a_form_of_address_is_heard_by_its_pronouns() {
        for (locale, text, friend, distant) in [
            (Locale::De, "Danke für deine Bestellung.", Some("deine"), None),
            (Locale::De, "Wir danken Ihnen. Sie können jederzeit widersprechen.", None, Some("Ihnen")),
            (Locale::De, "Die Kannen sind da. Sie passen zum Tee.", None, None),
            (Locale::De, "Du hast es, und wir haben Ihre Adresse.", Some("Du"), Some("Ihre")),
            (Locale::Fr, "Ceci t'attend dans votre colis.", Some("t"), Some("votre")),
            (Locale::Fr, "Merci de la visite.", None, None),
            (Locale::Es, "Gracias por su pedido. Esto es para usted.", None, Some("usted")),
            (Locale::Es, "Comparte tu enlace.", Some("tu"), None),
            (Locale::En, "Your order, du Sie vous.", None, None),
        ] {
            let heard = heard(locale, text);
            assert_eq!((heard.0.as_deref(), heard.1.as_deref()), (friend, distant), "{text}");
        }
    }
}
