//! Does the program fit on paper? Texts against their room on the parcel insert, and colours against the paper.

use super::{Finding, FindingCode, Severity};
use crate::insert::budget::{Block, GREETED};
use crate::insert::ink::Ink;
use crate::insert::{Locale, template};
use crate::offer::program::{Program, ProgramOption};
use crate::offer::publish::{complete, serves};
use crate::offer::words::{Basis, Channel, Kind};
use crate::time::Day;

/// Texts that are longer than their block on the insert: there they would not be printed.
pub(crate) fn too_long(program: &Program) -> Vec<Finding> {
    let mut long = Vec::new();
    let mut hold = |block: Block, path: String, text: &str| {
        let length = text.chars().count();
        if length > block.budget() {
            long.push(Finding {
                severity: Severity::Warning,
                code: FindingCode::TextTooLong,
                path,
                message: format!(
                    "{} takes {length} characters on the parcel insert, which has room for {}.",
                    capitalised(block.words()),
                    block.budget()
                ),
                remedy: "Say it in fewer words.".to_owned(),
            });
        }
    };
    let shop = &program.shop;
    hold(Block::Name, "shop.name".to_owned(), &shop.name);
    hold(Block::Tagline, "shop.tagline".to_owned(), shop.tagline.as_deref().unwrap_or_default());
    hold(Block::Contact, "shop.contact".to_owned(), shop.contact.as_deref().unwrap_or_default());
    if let Some(url) = &shop.friend_url {
        let bare = crate::insert::parcel::short(&crate::offer::link(url, "000000000000"));
        hold(Block::Link, "shop.friendUrl".to_owned(), &bare);
    }
    let options = complete(program);
    for locale in &shop.locales {
        let tag = locale.as_str();
        let greeting = said(program, *locale, "thanks.parcel", None);
        hold(Block::Headline, format!("texts.{tag}.thanks.parcel"), &greeting);
        // Help for an open complaint goes by other ways: no batch of inserts has it.
        let printed = |option: &ProgramOption| serves(option, Channel::Parcel) && option.kind != Kind::ServiceContact;
        for (index, option) in options.iter().enumerate().filter(|(_, option)| printed(option)) {
            for (part, blocks) in parts(option) {
                let own = option
                    .text
                    .get(tag)
                    .and_then(|own| if part == "headline" { own.headline.as_ref() } else { own.body.as_ref() });
                let path = match own {
                    Some(_) => format!("options[{index}].text.{tag}.{part}"),
                    None => format!("texts.{tag}.{}.{part}", option.kind.as_str()),
                };
                let words = match own {
                    Some(own) => fill(program, *locale, own, Some(option)),
                    None => said(program, *locale, &format!("{}.{part}", option.kind.as_str()), Some(option)),
                };
                for block in blocks {
                    // The law's notice stands beside the code.
                    let notice = block == Block::CodeText
                        && option.kind == Kind::Discount
                        && option.basis != Some(Basis::Unselected);
                    let more =
                        if notice { said(program, *locale, "notice.personal_price", None) } else { String::new() };
                    hold(block, path.clone(), format!("{words} {more}").trim());
                }
            }
            if option.kind.needs_code() {
                let key = format!("conditions.{}", option.kind.as_str());
                let words = said(program, *locale, &key, Some(option));
                hold(Block::Conditions, format!("texts.{tag}.{key}"), &words);
            }
        }
        let reasons = ["why.parcel_packed", "why.profile", "why.objected", "why.open_problem"];
        for key in reasons {
            hold(Block::Why, format!("texts.{tag}.{key}"), &said(program, *locale, key, None));
        }
        for (block, key, field, of) in about(program) {
            if let Some(value) = of.get(tag) {
                let words = said(program, *locale, key, None).replace(['\u{1}'], value);
                hold(block, format!("insert.{field}.{tag}"), &words);
            }
        }
    }
    long
}

type About<'a> = (Block, &'static str, &'static str, &'a crate::map::Map<String>);

fn about(program: &Program) -> Vec<About<'_>> {
    program
        .insert
        .iter()
        .flat_map(|insert| {
            [
                (Block::WhereToBuy, "insert.where_to_buy", "whereToBuy", &insert.where_to_buy),
                (Block::Services, "insert.services", "services", &insert.services),
            ]
        })
        .collect()
}

/// Which texts of an option stand in which blocks.
fn parts(option: &ProgramOption) -> Vec<(&'static str, Vec<Block>)> {
    let mut parts = Vec::new();
    if option.kind.is_gift() {
        parts.push(("headline", vec![Block::Gift]));
    }
    let mut blocks = Vec::new();
    if option.kind != Kind::Referral {
        blocks.push(Block::Body);
    }
    if option.kind.needs_code() {
        blocks.push(Block::CodeText);
    }
    parts.push(("body", blocks));
    parts
}

fn said(program: &Program, locale: Locale, key: &str, option: Option<&ProgramOption>) -> String {
    program.wording(locale, key).map(|words| fill(program, locale, &words, option)).unwrap_or_default()
}

/// Fills a text with the longest that usually stands in its placeholders.
fn fill(program: &Program, locale: Locale, words: &str, option: Option<&ProgramOption>) -> String {
    let currency = program.shop.currency;
    let tag = locale.as_str();
    let promotion = option.and_then(|option| option.promotion.as_ref());
    template::fill(words, &|key: &str| match key {
        "name" => Some("x".repeat(GREETED)),
        "shop" => Some(program.shop.name.clone()),
        "contact" => program.shop.contact.clone(),
        "title" => option?.text.get(tag)?.title.clone(),
        "amount" => {
            let amount = promotion?.amount.map(|amount| locale.amount(amount, currency));
            amount.or_else(|| promotion?.percent_bp.map(|bp| locale.percent(i64::from(bp))))
        }
        "min" => promotion?.minimum_order.filter(|min| *min > 0).map(|minimum| locale.amount(minimum, currency)),
        // The longest there is: a wide month and two digits.
        "date" => promotion.and_then(|_| Day::parse("2026-09-24").ok()).map(|day| locale.date(day)),
        "excl" => promotion?.excludes.get(tag).cloned(),
        "gift" => program.referral.as_ref()?.referrer_gift.get(tag).cloned(),
        "n" => Some("100".to_owned()),
        "nth" => Some(locale.ordinal(100)),
        "services" | "places" => Some("\u{1}".to_owned()),
        _ => None,
    })
}

/// What is printed otherwise than the program says, and what a language lacks.
pub(super) fn looks(program: &Program) -> Vec<Finding> {
    let mut findings = Vec::new();
    if let Some(ink) = program.shop.color.as_deref().and_then(|colour| Ink::parse(colour).ok())
        && !ink.reads_on(Ink::WHITE)
    {
        findings.push(Finding {
            severity: Severity::Info,
            code: FindingCode::ColorDarkened,
            path: "shop.color".to_owned(),
            message: format!(
                "{} is too light for text on paper: where it is text, {} is printed.",
                ink.hex(),
                ink.readable_on(Ink::WHITE).hex()
            ),
            remedy: "Nothing needs to be done; a darker colour would be printed as it is.".to_owned(),
        });
    }
    for (_, _, field, of) in about(program) {
        for locale in program.shop.locales.iter().filter(|locale| !of.is_empty() && of.get(locale.as_str()).is_none()) {
            findings.push(Finding {
                severity: Severity::Info,
                code: FindingCode::MissingTranslation,
                path: format!("insert.{field}.{}", locale.as_str()),
                message: format!(
                    "There is no such text for \"{}\": inserts in that language leave it out.",
                    locale.as_str()
                ),
                remedy: "Add it, or take the language off \"shop.locales\".".to_owned(),
            });
        }
    }
    findings
}

fn capitalised(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::insert::Locale;

    fn program(kinds: &[&str]) -> Program {
        let promotion = r#","promotion":{"amount":500,"minimumOrder":5000}"#;
        let options: Vec<String> = kinds
            .iter()
            .map(|kind| {
                let more = if matches!(*kind, "discount" | "zugabe" | "referral") { promotion } else { "" };
                let title = "eine Probe First Flush";
                let text: Vec<String> =
                    Locale::ALL.iter().map(|l| format!(r#""{}":{{"title":"{title}"}}"#, l.as_str())).collect();
                format!(
                    r#"{{"id":"{kind}","kind":"{kind}","channels":["parcel"],"text":{{{}}}{more}}}"#,
                    text.join(",")
                )
            })
            .collect();
        let locales: Vec<String> = Locale::ALL.iter().map(|locale| format!(r#""{}""#, locale.as_str())).collect();
        Program::parse(&format!(
            r#"{{"zugabe":1,"shop":{{"name":"Teehaus am Markt","currency":"EUR","timeZone":"Europe/Berlin","locales":[{}],
                "friendUrl":"https://teehaus-am-markt.example/f","contact":"hallo@teehaus-am-markt.example"}},"options":[{}]}}"#,
            locales.join(","),
            options.join(",")
        ))
        .unwrap()
    }

    #[test]
    fn every_default_text_fits_its_block_in_every_language() {
        let kinds: Vec<&str> = Kind::ALL.iter().map(|kind| kind.as_str()).collect();
        let long: Vec<String> =
            too_long(&program(&kinds)).into_iter().map(|f| format!("{}: {}", f.path, f.message)).collect();
        assert_eq!(long, Vec::<String>::new());
    }

    #[test]
    fn a_text_that_cannot_be_read_on_paper_may_be_longer() {
        let mut program = program(&["guide"]);
        program.options[0].channels = Some(vec![Channel::Page]);
        let mut text = crate::offer::policy::OptionText { body: Some("x".repeat(500)), ..Default::default() };
        program.options[0].text.insert("de".to_owned(), text.clone());
        assert_eq!(too_long(&program), []);
        program.options[0].channels = None;
        assert_eq!(too_long(&program)[0].path, "options[0].text.de.body");
        text.body = Some("x".repeat(Block::Body.budget()));
        program.options[0].text.insert("de".to_owned(), text);
        assert_eq!(too_long(&program), []);
    }
}
