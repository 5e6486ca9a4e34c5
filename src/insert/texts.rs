//! Which words do we use when the merchant wrote none? Default wording per language and key, at eye level.
//!
//! Placeholders are filled by [`crate::insert::template`]: `{name}` `{shop}` `{title}` `{amount}` `{min}` `{date}`
//! `{excl}` `{n}` `{nth}` `{contact}` `{gift}` `{services}` `{places}`.

use crate::insert::{Locale, template};

/// Key, German, English. Sorted by key.
const TEXTS: &[(&str, &str, &str)] = &[
    ("accessory.body", "Das passt zu deiner Bestellung[: {title}].", "This goes well with your order[: {title}]."),
    ("accessory.headline", "Passend dazu", "Goes well with it"),
    ("brand.body", "Schön, dass du da bist.", "Good to have you here."),
    ("brand.headline", "{shop}", "{shop}"),
    (
        "ceo_line.body",
        "Du hast eine Frage oder eine Idee? Antworte einfach auf deine Bestellbestätigung[ oder schreib an {contact}]: Das lesen die, die den Laden führen.",
        "A question or an idea? Just reply to your order confirmation[ or write to {contact}]: the people who run the shop read it themselves.",
    ),
    ("ceo_line.headline", "Dein direkter Draht", "Your direct line"),
    (
        "checklist.body",
        "Eine Checkliste für dich[: {title}]. Einfach so.",
        "A checklist for you[: {title}]. Just because.",
    ),
    ("checklist.headline", "Eine Checkliste als Dankeschön", "A checklist to say thank you"),
    (
        "conditions.discount",
        "Gilt einmal[, bis {date}][, ab {min} Einkaufswert]. [Ausgenommen: {excl}.]",
        "Valid once[, until {date}][, from a basket of {min}]. [Excludes: {excl}.]",
    ),
    (
        "conditions.referral",
        "Für die erste Bestellung deiner Freundin oder deines Freundes[, ab {min} Einkaufswert][, bis {date}].",
        "For your friend's first order[, from a basket of {min}][, until {date}].",
    ),
    (
        "course.body",
        "Ein kleiner Online-Kurs für dich[: {title}]. Einfach so.",
        "A short online course for you[: {title}]. Just because.",
    ),
    ("course.headline", "Ein Kurs als Dankeschön", "A course to say thank you"),
    (
        "discount.body",
        "{amount} auf deinen nächsten Einkauf[ bis {date}].",
        "{amount} off your next order[ until {date}].",
    ),
    ("discount.headline", "Ein Gutschein für dein nächstes Mal", "A voucher for next time"),
    (
        "ebook.body",
        "Etwas zum Lesen für dich[: {title}]. Einfach so.",
        "Something to read for you[: {title}]. Just because.",
    ),
    ("ebook.headline", "Ein E-Book als Dankeschön", "An e-book to say thank you"),
    ("event.body", "Wir laden dich ein[: {title}].", "You are invited[: {title}]."),
    ("event.headline", "Eine Einladung", "An invitation"),
    (
        "exchange.body",
        "Ein Geschenk für dich, wenn du unseren Newsletter bestellst[: {title}].",
        "A gift for you when you subscribe to our newsletter[: {title}].",
    ),
    ("exchange.headline", "Bleiben wir in Kontakt?", "Shall we stay in touch?"),
    (
        "feedback.body",
        "Sag uns, wie es war. Gut oder schlecht, beides hilft.",
        "Tell us how it was. Good or bad, both help.",
    ),
    ("feedback.headline", "Wie war es?", "How was it?"),
    (
        "freemium.body",
        "Die Grundversion gehört dir[: {title}]. Ohne Zeitlimit.",
        "The basic version is yours[: {title}]. No time limit.",
    ),
    ("freemium.headline", "Kostenlos dabei", "Yours for free"),
    (
        "friend.body",
        "Mit diesem Code bekommst du {amount} auf deine erste Bestellung bei {shop}.",
        "With this code you get {amount} off your first order at {shop}.",
    ),
    (
        "friend.body_plain",
        "Mit diesem Code bestellst du auf Empfehlung bei {shop}.",
        "With this code you order on a friend's word at {shop}.",
    ),
    (
        "friend.conditions",
        "Für deine erste Bestellung[, ab {min} Einkaufswert][, bis {date}]. Wer dich empfohlen hat, bekommt ein Dankeschön[: {gift}].",
        "For your first order[, from a basket of {min}][, until {date}]. Whoever recommended us to you gets a thank-you[: {gift}].",
    ),
    (
        "friend.expired",
        "Diese Empfehlung ist abgelaufen. Stöbern darfst du trotzdem gern.",
        "This recommendation has expired. You are welcome to look around all the same.",
    ),
    ("friend.headline", "Jemand mag dich und {shop}", "Someone likes you, and {shop}"),
    (
        "friend.length",
        "Ein Code hat zwölf Zeichen. Schau noch einmal nach?",
        "A code has twelve characters. Have another look?",
    ),
    (
        "friend.symbol",
        "In diesem Code ist ein Zeichen, das nie vorkommt. Schau noch einmal nach?",
        "This code has a character that never occurs. Have another look?",
    ),
    (
        "friend.typo",
        "Da stimmt ein Zeichen nicht. Schau noch einmal nach?",
        "One character is not right. Have another look?",
    ),
    (
        "guide.body",
        "Ein kleiner Ratgeber für dich[: {title}]. Einfach so.",
        "A little guide for you[: {title}]. Just because.",
    ),
    ("guide.headline", "Ein Ratgeber als Dankeschön", "A guide to say thank you"),
    (
        "haptic_gift.body",
        "Etwas zum Anfassen liegt bei[: {title}]. Einfach so.",
        "Something to hold is enclosed[: {title}]. Just because.",
    ),
    ("haptic_gift.headline", "Ein Geschenk für dich", "A gift for you"),
    ("info.body", "Gut zu wissen[: {title}].", "Good to know[: {title}]."),
    ("info.headline", "Gut zu wissen", "Good to know"),
    ("insert.services", "Das machen wir gern für dich: {services}", "What we gladly do for you: {services}"),
    ("insert.where_to_buy", "Hier gibt es uns: {places}", "Where to find us: {places}"),
    (
        "insight.body",
        "So wird es gemacht[: {title}]. Ein Blick hinter die Kulissen.",
        "This is how it is made[: {title}]. A look behind the scenes.",
    ),
    ("insight.headline", "Ein Blick hinter die Kulissen", "A look behind the scenes"),
    (
        "invitation.body",
        "Dürfen wir dir schreiben? Du kannst jederzeit widersprechen.",
        "May we write to you? You can object at any time.",
    ),
    ("invitation.headline", "Bleiben wir in Kontakt?", "Shall we stay in touch?"),
    ("label.again", "Nochmal versuchen", "Try again"),
    ("label.code", "Code", "Code"),
    ("label.code_input", "Dein Code", "Your code"),
    ("label.conditions", "Bedingungen", "Conditions"),
    ("label.copied", "Code kopiert", "Code copied"),
    ("label.copy", "Code kopieren", "Copy code"),
    ("label.decline", "Nein danke", "No thanks"),
    ("label.declined", "In Ordnung. Danke, dass du da warst.", "All right. Thank you for being here."),
    ("label.link_copied", "Link kopiert", "Link copied"),
    ("label.open", "Ansehen", "Have a look"),
    ("label.scan", "Scannen oder eintippen", "Scan or type"),
    ("label.share", "Link kopieren", "Copy link"),
    ("label.shop", "Zum Shop", "To the shop"),
    ("label.why", "Warum sehe ich das?", "Why am I seeing this?"),
    ("partner.body", "Ein Angebot von Menschen, die wir mögen[: {title}].", "An offer from people we like[: {title}]."),
    ("partner.headline", "Von unseren Partnern", "From our partners"),
    (
        "referral.body",
        "Magst du uns weiterempfehlen? [Dein Mensch bekommt {amount} auf die erste Bestellung, du ein Dankeschön.] Teile deinen Link selbst, wir schreiben niemandem.",
        "Would you recommend us? [Your friend gets {amount} off the first order, you get a thank-you.] Share your link yourself; we contact nobody.",
    ),
    ("referral.headline", "Für jemanden, den du magst", "For someone you like"),
    (
        "sample.body",
        "Ein kleines Geschenk liegt bei[: {title}]. Einfach so.",
        "A small gift is enclosed[: {title}]. Just because.",
    ),
    ("sample.headline", "Ein kleines Geschenk", "A small gift"),
    ("service.body", "Wir helfen dir gern[: {title}].", "We are glad to help[: {title}]."),
    ("service.headline", "Für dich da", "Here for you"),
    (
        "service_contact.body",
        "Etwas ist nicht so, wie es sein soll. Das tut uns leid. [So erreichst du uns: {contact}.] Antworte einfach auf deine Bestellbestätigung, ein Mensch kümmert sich darum.",
        "Something is not as it should be. We are sorry. [Reach us here: {contact}.] Just reply to your order confirmation, and a person will take care of it.",
    ),
    ("service_contact.headline", "Wir kümmern uns", "We are taking care of it"),
    ("story.body", "Die Geschichte dahinter[: {title}]. Einfach so.", "The story behind it[: {title}]. Just because."),
    ("story.headline", "Eine Geschichte für dich", "A story for you"),
    (
        "thanks.body",
        "Danke für deine Bestellung[, {name}]. Wir freuen uns, dass du bei {shop} bestellt hast.",
        "Thank you for your order[, {name}]. We are glad you chose {shop}.",
    ),
    ("thanks.greeting", "Danke für deine Bestellung[, {name}].", "Thank you for your order[, {name}]."),
    ("thanks.headline", "Danke", "Thank you"),
    ("thanks.parcel", "Danke[, {name}].", "Thank you[, {name}]."),
    (
        "thanks.visit",
        "Danke für deinen Besuch. [Brauchst du Hilfe? So erreichst du uns: {contact}]",
        "Thank you for your visit. [Need help? Reach us here: {contact}]",
    ),
    (
        "trial.body",
        "Die Vollversion für eine Weile[: {title}]. Danach endet alles von selbst.",
        "The full version for a while[: {title}]. It ends by itself.",
    ),
    ("trial.headline", "Zum Ausprobieren", "Try it out"),
    (
        "why.any",
        "Weil du bei {shop} bestellt hast[ und dies dein {nth} Einkauf ist]. Kein Profil wurde verwendet.",
        "Because you have ordered at {shop}[ and this is order no. {n}]. No profile was used.",
    ),
    (
        "why.delivered",
        "Weil dein Paket angekommen ist[ und dies dein {nth} Einkauf ist]. Kein Profil wurde verwendet.",
        "Because your parcel has arrived[ and this is order no. {n}]. No profile was used.",
    ),
    (
        "why.everybody",
        "Das bekommen alle. Nichts über dich wurde dafür angesehen.",
        "Everybody gets this. Nothing about you was looked at for it.",
    ),
    (
        "why.objected",
        "Du möchtest keine Werbung von uns. Daran halten wir uns: Das hier ist nur ein Dankeschön.",
        "You want no advertising from us. We keep to that: this is a thank-you and nothing else.",
    ),
    (
        "why.open_problem",
        "Weil zu deiner Bestellung noch etwas offen ist. Angebote zeigen wir dir erst wieder, wenn alles gut ist.",
        "Because something about your order is still open. We show you offers again only when all is well.",
    ),
    (
        "why.order_completed",
        "Weil du gerade bestellt hast[ und dies dein {nth} Einkauf ist]. Kein Profil wurde verwendet.",
        "Because you have just ordered[ and this is order no. {n}]. No profile was used.",
    ),
    (
        "why.parcel_packed",
        "Weil wir gerade dein Paket gepackt haben[ und dies dein {nth} Einkauf ist]. Kein Profil wurde verwendet.",
        "Because we have just packed your parcel[ and this is order no. {n}]. No profile was used.",
    ),
    (
        "why.profile",
        "Weil du uns erlaubt hast, deine Einkäufe für passende Angebote anzusehen.",
        "Because you allowed us to look at your orders for offers that fit.",
    ),
    (
        "zugabe.body",
        "Ab {min} Einkaufswert legen wir etwas dazu[: {title}].",
        "From a basket of {min} we add something[: {title}].",
    ),
    ("zugabe.headline", "Eine Zugabe", "A little extra"),
];

/// The default text of a key, if there is one.
#[must_use]
pub fn default(locale: Locale, key: &str) -> Option<&'static str> {
    TEXTS.binary_search_by(|(candidate, _, _)| (*candidate).cmp(key)).ok().map(|index| match locale {
        Locale::De => TEXTS[index].1,
        Locale::En => TEXTS[index].2,
    })
}

/// Every key that has a default text.
pub fn keys() -> impl Iterator<Item = &'static str> {
    TEXTS.iter().map(|(key, _, _)| *key)
}

/// Words that press or promise too much, per language: a text with one of them fails the lint.
pub const DENIED: &[(Locale, &str)] = &[
    (Locale::De, "gift"),
    (Locale::De, "nur heute"),
    (Locale::De, "letzte chance"),
    (Locale::De, "exklusiv"),
    (Locale::De, "gratis"),
    (Locale::De, "verdient"),
    (Locale::De, "könig kunde"),
    (Locale::En, "only today"),
    (Locale::En, "last chance"),
    (Locale::En, "exclusive"),
    (Locale::En, "you deserve"),
    (Locale::En, "customer is king"),
];

/// The denied words that a text uses as whole words.
pub fn denied_in(locale: Locale, text: &str) -> Vec<&'static str> {
    let said = template::fill(text, &|_: &str| Some(String::new()));
    let words: String = said.to_lowercase().chars().map(|c| if c.is_alphanumeric() { c } else { ' ' }).collect();
    let padded = format!(" {} ", words.split_whitespace().collect::<Vec<_>>().join(" "));
    DENIED
        .iter()
        .filter(|(language, word)| *language == locale && padded.contains(&format!(" {word} ")))
        .map(|(_, word)| *word)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::insert::template::placeholders;

    #[test]
    fn keys_are_sorted_so_that_they_are_found() {
        assert!(TEXTS.windows(2).all(|pair| pair[0].0 < pair[1].0));
        assert_eq!(default(Locale::De, "label.decline"), Some("Nein danke"));
        assert_eq!(default(Locale::En, "label.nothing"), None);
    }

    #[test]
    fn no_default_text_uses_a_denied_word() {
        for (key, de, en) in TEXTS {
            assert_eq!(denied_in(Locale::De, de), Vec::<&str>::new(), "{key}");
            assert_eq!(denied_in(Locale::En, en), Vec::<&str>::new(), "{key}");
        }
        assert_eq!(denied_in(Locale::De, "Nur heute: dein Gift!"), ["gift", "nur heute"]);
    }

    #[test]
    fn both_languages_speak_of_the_same_things() {
        for (key, de, en) in TEXTS {
            let normal = |text| {
                let mut names: Vec<_> =
                    placeholders(text).into_iter().map(|name| if name == "nth" { "n" } else { name }).collect();
                names.sort_unstable();
                names
            };
            assert_eq!(normal(de), normal(en), "{key}");
        }
    }

    #[test]
    fn german_texts_keep_to_du() {
        for (key, de, _) in TEXTS {
            for word in [" Sie ", " Ihnen ", " Ihr ", " Ihre "] {
                assert!(!format!(" {de} ").contains(word), "{key}: {word}");
            }
        }
    }
}
