//! Do the merchant's own words hold? Tone, form of address, placeholders that can be filled, and how a language is set.

use super::{Finding, FindingCode, Severity};
use crate::insert::address::heard;
use crate::insert::template::placeholders;
use crate::insert::tone::{Denied, denied_in};
use crate::insert::{Address, Locale, texts};
use crate::offer::program::{Program, ProgramOption};
use crate::offer::words::{Basis, Kind};
use crate::score::tier::Tier;

/// What a placeholder may be called.
const PLACEHOLDERS: [&str; 13] =
    ["name", "shop", "title", "amount", "min", "date", "excl", "n", "nth", "contact", "gift", "services", "places"];

/// What to look at in the program's own texts.
pub(super) fn wording(program: &Program, exclusive: &dyn Fn(&ProgramOption) -> bool) -> Vec<Finding> {
    let mut found = Vec::new();
    for (index, option) in program.options.iter().enumerate() {
        let path = format!("options[{index}].text");
        for (tag, text) in option.text.iter() {
            for (field, words) in [("title", &text.title), ("headline", &text.headline), ("body", &text.body)] {
                if let Some(words) = words {
                    let own =
                        Own { program, option: Some(option), key: field, words, path: format!("{path}.{tag}.{field}") };
                    own.look(tag, exclusive, &mut found);
                }
            }
        }
        if !option.text.is_empty() {
            let missing = program.shop.locales.iter().filter(|locale| option.text.get(locale.as_str()).is_none());
            found.extend(missing.map(|locale| untranslated(&path, locale.as_str(), &option.id)));
        }
    }
    for (tag, own) in program.texts.iter() {
        if !program.shop.locales.iter().any(|locale| locale.as_str() == tag) {
            found.push(Finding {
                severity: Severity::Info,
                code: FindingCode::UnknownText,
                path: format!("texts.{tag}"),
                message: format!("The shop does not speak \"{tag}\": nobody reads these texts."),
                remedy: "Add the language to \"shop.locales\", or take the texts away.".to_owned(),
            });
        }
        for (key, words) in own.iter() {
            let path = format!("texts.{tag}.{key}");
            if texts::default(Locale::En, None, key).is_none() {
                found.push(Finding {
                    severity: Severity::Warning,
                    code: FindingCode::UnknownText,
                    path: path.clone(),
                    message: "There is no text of this name: nobody reads it.".to_owned(),
                    remedy: closest(key),
                });
            }
            Own { program, option: None, key, words, path }.look(tag, exclusive, &mut found);
        }
    }
    found
}

fn untranslated(path: &str, tag: &str, id: &str) -> Finding {
    Finding {
        severity: Severity::Info,
        code: FindingCode::MissingTranslation,
        path: format!("{path}.{tag}"),
        message: format!("\"{id}\" has words of its own, but none for \"{tag}\": there it is said in the usual ones."),
        remedy: "Add them, if it needs them.".to_owned(),
    }
}

/// The name that was probably meant.
fn closest(key: &str) -> String {
    let group = key.split('.').next().unwrap_or_default();
    let known: Vec<&str> = texts::keys().filter(|known| known.split('.').next() == Some(group)).take(6).collect();
    if known.is_empty() {
        return "Names look like thanks.body, why.any or label.copy.".to_owned();
    }
    format!("Of this kind there are: {}.", known.join(", "))
}

/// A text of the merchant's own.
struct Own<'a> {
    program: &'a Program,
    option: Option<&'a ProgramOption>,
    key: &'a str,
    words: &'a str,
    path: String,
}

impl Own<'_> {
    fn look(&self, tag: &str, exclusive: &dyn Fn(&ProgramOption) -> bool, found: &mut Vec<Finding>) {
        let mut find = |code, message: String, remedy: &str| {
            found.push(Finding {
                severity: if code == FindingCode::Typography { Severity::Info } else { Severity::Warning },
                code,
                path: self.path.clone(),
                message,
                remedy: remedy.to_owned(),
            });
        };
        let Some(locale) = Locale::of_tag(tag) else { return self.placeholders(tag, &mut find) };
        for (word, when) in denied_in(locale, self.words) {
            let word = word.trim_end_matches('*');
            match when {
                Denied::Always => find(
                    FindingCode::DeniedWord,
                    format!("\"{word}\" presses or promises too much."),
                    "Say it plainly, at eye level.",
                ),
                Denied::Poison => find(
                    FindingCode::DeniedWord,
                    "\"Gift\" means poison in German.".to_owned(),
                    "Write Geschenk (given), Zugabe (with a purchase), Gutschein (voucher) or Dankeschön.",
                ),
                Denied::Conditional if self.is_conditional() => find(
                    FindingCode::DeniedWord,
                    format!("\"{word}\" is not true of something that hangs on a purchase."),
                    "Say what has to be bought for it.",
                ),
                Denied::Exclusive if !self.option.is_some_and(exclusive) => find(
                    FindingCode::DeniedWord,
                    format!("\"{word}\" is only true where few can have it: at most one customer in ten."),
                    "Give it to the stage \"vip\" or from the tier \"vip\" on, or take the word out.",
                ),
                _ => {}
            }
        }
        self.placeholders(tag, &mut find);
        self.address(locale, &mut find);
        self.typography(locale, &mut find);
    }

    fn is_conditional(&self) -> bool {
        let kind = |kind: &str| self.key.split('.').any(|part| part == kind);
        match self.option {
            Some(option) => {
                matches!(option.kind, Kind::Discount | Kind::Zugabe | Kind::Exchange | Kind::Referral | Kind::Partner)
            }
            None => ["discount", "zugabe", "exchange", "referral", "friend", "partner"].iter().any(|name| kind(name)),
        }
    }

    fn placeholders(&self, tag: &str, find: &mut impl FnMut(FindingCode, String, &str)) {
        let balanced = |open: char, close: char| self.words.matches(open).count() == self.words.matches(close).count();
        if !balanced('{', '}') || !balanced('[', ']') {
            find(
                FindingCode::UnknownPlaceholder,
                "A bracket is open: what stands there would be read as it is written.".to_owned(),
                "Close every { with } and every [ with ].",
            );
        }
        for name in placeholders(self.words) {
            let plain = name.split(':').next().unwrap_or_default();
            if !PLACEHOLDERS.contains(&plain) || (name.contains(':') && plain != "n") {
                find(
                    FindingCode::UnknownPlaceholder,
                    format!("Nothing can be filled in for {{{name}}}: the sentence will be left out."),
                    "Use {name}, {shop}, {title}, {amount}, {min}, {date}, {n}, {nth} or {contact}; {n:order|orders} for plurals.",
                );
            } else if let Some(why) = self.never_filled(tag, plain) {
                find(
                    FindingCode::UnknownPlaceholder,
                    format!("{{{name}}} is never filled here, because {why}: the sentence will be left out."),
                    "Fill it in, or take the placeholder away.",
                );
            }
        }
    }

    /// Why a placeholder of this option can never be filled, if so.
    fn never_filled(&self, tag: &str, name: &str) -> Option<&'static str> {
        if name == "contact" && self.program.shop.contact.is_none() {
            return Some("\"shop.contact\" is missing");
        }
        let option = self.option?;
        let promotion = option.promotion.as_ref();
        match name {
            "title" if option.text.get(tag).is_none_or(|text| text.title.is_none()) => Some("it has no \"title\" here"),
            "amount" | "date" if promotion.is_none() => Some("it has no \"promotion\""),
            "min" if promotion.is_none_or(|p| p.minimum_order.is_none_or(|minimum| minimum <= 0)) => {
                Some("it has no \"promotion.minimumOrder\"")
            }
            "excl" if promotion.is_none_or(|p| p.excludes.get(tag).is_none()) => {
                Some("it has no \"promotion.excludes\" in this language")
            }
            _ => None,
        }
    }

    fn address(&self, locale: Locale, find: &mut impl FnMut(FindingCode, String, &str)) {
        // What a customer says to her friends is between them.
        let forms = Address::of(locale);
        if forms.is_empty() || self.key == "label.share_text" {
            return;
        }
        let own = self.program.shop.address.get(locale.as_str()).copied().or(forms.first().copied());
        let formal = own.is_some_and(Address::is_formal);
        let remedy = "Write the whole text in one form of address; \"shop.address\" says which.";
        match heard(locale, self.words) {
            (Some(friend), Some(distant)) => {
                find(FindingCode::MixedAddress, format!("\"{friend}\" and \"{distant}\" in one text."), remedy);
            }
            (Some(word), None) if formal => {
                find(FindingCode::MixedAddress, format!("\"{word}\" here, and a distance everywhere else."), remedy);
            }
            (None, Some(word)) if !formal => {
                find(FindingCode::MixedAddress, format!("\"{word}\" here, and no distance anywhere else."), remedy);
            }
            _ => {}
        }
    }

    fn typography(&self, locale: Locale, find: &mut impl FnMut(FindingCode, String, &str)) {
        let text = self.words;
        if locale == Locale::Es
            && [('¿', '?'), ('¡', '!')].iter().any(|(a, b)| text.matches(*a).count() != text.matches(*b).count())
        {
            find(
                FindingCode::Typography,
                "A Spanish question or exclamation begins with its mark, too.".to_owned(),
                "Write ¿...? and ¡...!.",
            );
        }
        // A colon in an address or a time has no space.
        let tight = |mark: char| {
            text.char_indices()
                .any(|(at, letter)| letter == mark && text[..at].chars().next_back().is_some_and(char::is_alphanumeric))
        };
        if locale == Locale::Fr && ['!', '?', ';'].into_iter().any(tight) {
            find(
                FindingCode::Typography,
                "French keeps a space before ! ? : and ;.".to_owned(),
                "Write a space there: it is made a narrow one at which no line ends.",
            );
        }
    }
}

/// Whether so few can have an option that it may be called exclusive: by stage, tier or profile, as far as the program
/// itself tells. Where customers were counted, see [`super::check_with`].
pub(super) fn only_for_few(option: &ProgramOption) -> bool {
    let vips = option.stages.as_ref().is_some_and(|stages| {
        !stages.is_empty() && stages.iter().all(|stage| *stage == crate::score::stage::Stage::Vip)
    });
    let default_vips = option.stages.is_none() && matches!(option.kind, Kind::Event | Kind::HapticGift | Kind::CeoLine);
    let tier = option.min_tier.is_some_and(|tier| tier >= Tier::Vip);
    option.basis != Some(Basis::Unselected) && (vips || default_vips || tier)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::{check, check_with};
    use super::*;

    fn program(shop: &Value, options: &Value, texts: &Value) -> Program {
        let mut all = json!({ "name": "S", "currency": "EUR", "timeZone": "UTC", "locales": ["de", "en", "fr", "es"] });
        for (key, value) in shop.as_object().into_iter().flatten() {
            all[key] = value.clone();
        }
        Program::parse(&json!({ "zugabe": 1, "shop": all, "options": options, "texts": texts }).to_string()).unwrap()
    }

    /// Code and path of what is wrong with the texts.
    fn found(program: &Program) -> Vec<(FindingCode, String)> {
        let of_texts = |code| {
            matches!(
                code,
                FindingCode::DeniedWord
                    | FindingCode::UnknownPlaceholder
                    | FindingCode::MixedAddress
                    | FindingCode::Typography
                    | FindingCode::UnknownText
            )
        };
        let all = check(program).findings;
        all.into_iter().filter(|one| of_texts(one.code)).map(|one| (one.code, one.path)).collect()
    }

    fn of_texts(shop: &Value, texts: &Value) -> Vec<FindingCode> {
        found(&program(shop, &json!([]), texts)).into_iter().map(|(code, _)| code).collect()
    }

    #[test]
    fn a_text_in_two_forms_of_address_or_another_than_the_shops_is_found() {
        let mixed =
            |shop: Value, tag: &str, words: &str| of_texts(&shop, &json!({ tag: { "thanks.headline": words } }));
        let formal = json!({ "address": { "de": "sie", "fr": "vous", "es": "usted" } });
        for (tag, friend, distant, both) in [
            ("de", "Schön, dass du da bist.", "Wir danken Ihnen.", "Danke für deine Treue, wir danken Ihnen."),
            ("fr", "Merci pour ta visite.", "Merci de votre visite.", "Merci de ta visite, à vous revoir."),
            ("es", "Gracias por tu visita.", "Gracias a usted.", "Gracias por tu visita, y a usted."),
        ] {
            assert_eq!(mixed(json!({}), tag, friend), []);
            assert_eq!(mixed(json!({}), tag, distant), [FindingCode::MixedAddress]);
            assert_eq!(mixed(formal.clone(), tag, friend), [FindingCode::MixedAddress]);
            assert_eq!(mixed(formal.clone(), tag, distant), []);
            assert_eq!(mixed(json!({}), tag, both), [FindingCode::MixedAddress]);
        }
    }

    #[test]
    fn the_english_word_gift_never_stands_in_german() {
        let words = json!({ "de": { "sample.headline": "Dein Gift" }, "en": { "sample.headline": "Your gift" } });
        assert_eq!(
            found(&program(&json!({}), &json!([]), &words)),
            [(FindingCode::DeniedWord, "texts.de.sample.headline".to_owned())]
        );
    }

    #[test]
    fn free_is_said_only_of_what_asks_for_nothing() {
        for (tag, word) in [("de", "gratis"), ("en", "free"), ("fr", "gratuit"), ("es", "gratis")] {
            let of = |key: &str| of_texts(&json!({}), &json!({ tag: { key: format!("Un {word} to.") } }));
            assert_eq!(of("guide.body"), [], "{tag}");
            assert_eq!(of("zugabe.body"), [FindingCode::DeniedWord], "{tag}");
        }
    }

    #[test]
    fn exclusive_is_said_only_where_few_can_have_it() {
        let text = json!({ "de": { "body": "Ein exklusiver Abend." }, "en": { "body": "An exclusive evening." },
                           "fr": { "body": "Une soirée exclusive." }, "es": { "body": "Una velada exclusiva." } });
        let of = |more: Value| {
            let mut option = json!({ "id": "a", "kind": "guide", "text": text });
            for (key, value) in more.as_object().unwrap() {
                option[key] = value.clone();
            }
            program(&json!({}), &json!([option]), &json!({}))
        };
        assert_eq!(found(&of(json!({}))).len(), 4);
        assert_eq!(found(&of(json!({ "stages": ["vip"] }))), []);
        assert_eq!(found(&of(json!({ "minTier": "premium" }))).len(), 4);
        assert_eq!(found(&of(json!({ "minTier": "vip" }))), []);
        // Where customers were counted, the count decides: 10 of 100 are few, 11 are not.
        let summary = |vips: u32| -> crate::score::model::Summary {
            let tier = |tier: &str, customers: u32| json!({ "tier": tier, "customers": customers, "shareBp": 0, "revenue": 0, "revenueShareBp": 0 });
            serde_json::from_value(json!({
                "v": 1, "asOf": "2026-11-23", "currency": "EUR", "orders": 0, "purchases": 0, "returns": 0, "anonymousOrders": 0,
                "customers": 100, "scored": 100, "revenue": 0, "returned": 0,
                "tiers": [tier("top_vip", 0), tier("vip", vips), tier("premium", 0), tier("none", 100 - vips)],
                "stages": [{ "stage": "relationship", "customers": 100 }],
                "reorderWindowDays": 90, "reorder": [], "basketMedian": 0, "basketMean": 0, "oneTimeShareBp": 0, "returnRateBp": 0, "months": []
            }))
            .unwrap()
        };
        for (vips, denied) in [(10, 0), (11, 4)] {
            let lint = check_with(&of(json!({ "minTier": "vip" })), &summary(vips));
            let count = lint.findings.iter().filter(|one| one.code == FindingCode::DeniedWord).count();
            assert_eq!(count, denied, "{vips}");
        }
    }

    #[test]
    fn placeholders_that_can_never_be_filled_are_named_with_the_reason() {
        let body = |words: &str, more: Value| {
            let mut option = json!({ "id": "a", "kind": "discount", "promotion": { "amount": 500 }, "text": { "en": { "body": words } } });
            for (key, value) in more.as_object().unwrap() {
                option[key] = value.clone();
            }
            found(&program(&json!({ "locales": ["en"] }), &json!([option]), &json!({})))
        };
        let wrong = [(FindingCode::UnknownPlaceholder, "options[0].text.en.body".to_owned())];
        for words in [
            "Here: {title}.",
            "From {min}.",
            "Not {excl}.",
            "Write to {contact}.",
            "{gift",
            "A [b.",
            "{x}",
            "{amount:a|b}",
        ] {
            assert_eq!(body(words, json!({})), wrong, "{words}");
        }
        for words in ["{amount} off until {date}.", "Your {nth} order.", "{n} {n:order|orders}"] {
            assert_eq!(body(words, json!({})), [], "{words}");
        }
        assert_eq!(body("From {min}.", json!({ "promotion": { "amount": 500, "minimumOrder": 4000 } })), []);
    }

    #[test]
    fn a_name_no_text_has_and_a_language_nobody_speaks_are_found() {
        let texts = json!({ "de": { "thanks.bdy": "Danke" }, "fr": { "thanks.body": "Merci" } });
        assert_eq!(
            found(&program(&json!({ "locales": ["de"] }), &json!([]), &texts)),
            [
                (FindingCode::UnknownText, "texts.de.thanks.bdy".to_owned()),
                (FindingCode::UnknownText, "texts.fr".to_owned())
            ]
        );
    }

    #[test]
    fn french_and_spanish_marks_are_looked_at() {
        let of = |tag: &str, words: &str| of_texts(&json!({}), &json!({ tag: { "thanks.headline": words } }));
        assert_eq!(of("fr", "Merci!"), [FindingCode::Typography]);
        assert_eq!(of("fr", "Merci ! https://example.test/a:b"), []);
        assert_eq!(of("es", "Qué tal?"), [FindingCode::Typography]);
        assert_eq!(of("es", "¿Qué tal?"), []);
    }
}
