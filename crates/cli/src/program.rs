//! `zugabe init` and `zugabe check`, and how the other commands read programs and models.

use std::io::{BufRead, IsTerminal as _, Write};
use std::path::Path;

use zugabe::insert::Locale;
use zugabe::money::Currency;
use zugabe::offer::Program;
use zugabe::offer::check::{Severity, check};
use zugabe::offer::starter::{Answers, Start, commented, starter};
use zugabe::order::history::HistoryPolicy;
use zugabe::reject::{Code, Error, Result};
use zugabe::score::Settings;
use zugabe::score::model::Model;

use crate::args::{Check, Init};
use crate::files;

/// `zugabe init`: on a terminal three questions, for whatever no option or model has answered.
pub fn init(args: &Init) -> Result<()> {
    let model = args.model.as_deref().map(read_model).transpose()?;
    let currency = match (args.currency, &model) {
        (Some(currency), _) => currency,
        (None, Some(model)) => model.currency,
        (None, None) => Currency::parse("EUR")?,
    };
    // Two per cent of the usual basket, the same that is assumed without a word.
    let from_model = model.map(|model| (model.basket_median / 50).max(1));
    let mut answers = Answers {
        name: args.name.clone().unwrap_or_else(|| "My shop".to_owned()),
        currency,
        time_zone: args.time_zone.clone(),
        locales: if args.locales.is_empty() { vec![Locale::En, Locale::De] } else { args.locales.clone() },
        max: args.max.or(from_model),
        friend_url: args.friend_url.clone(),
        start: if args.five_lines { Start::FiveLines } else { Start::Usual },
    };
    if std::io::stdin().is_terminal() && std::io::stderr().is_terminal() {
        let open = Open { name: args.name.is_none(), locales: args.locales.is_empty(), max: args.max.is_none() };
        ask(&mut answers, open, &mut std::io::stdin().lock(), &mut std::io::stderr())?;
    }
    let Some(path) = &args.out else { return files::print(starter(&answers)?.as_bytes()) };
    if args.plain {
        return files::write_new(path, starter(&answers)?.as_bytes());
    }
    // The schema lies beside the program, so that editors complete it.
    let beside = path.with_extension("schema.json");
    let name = beside.file_name().map(|name| format!("./{}", name.to_string_lossy())).unwrap_or_default();
    files::write_new(path, commented(&answers, &name)?.as_bytes())?;
    if !beside.exists() {
        files::write_new(&beside, crate::schema::text("program")?.as_bytes())?;
    }
    Ok(())
}

fn closed(error: &std::io::Error) -> Error {
    Error::new(Code::Io, format!("The terminal cannot be read or written: {error}."))
}

/// Which questions are open.
#[derive(Clone, Copy)]
struct Open {
    name: bool,
    locales: bool,
    max: bool,
}

/// Asks what is open; an empty line keeps what is proposed, a wrong one is asked again.
fn ask(answers: &mut Answers, open: Open, lines: &mut dyn BufRead, out: &mut dyn Write) -> Result<()> {
    let mut question = |words: String| -> Result<String> {
        write!(out, "{words} ").and_then(|()| out.flush()).map_err(|error| closed(&error))?;
        let mut line = String::new();
        lines.read_line(&mut line).map_err(|error| closed(&error))?;
        Ok(line.trim().to_owned())
    };
    if open.name {
        let name = question(format!("What is your shop called? [{}]", answers.name))?;
        if !name.is_empty() {
            answers.name = name;
        }
    }
    if open.locales {
        loop {
            let now: Vec<&str> = answers.locales.iter().map(|locale| locale.as_str()).collect();
            let said =
                question(format!("Which languages do your customers read (de, en, fr, es)? [{}]", now.join(",")))?;
            let read: Option<Vec<Locale>> =
                said.split([',', ' ']).filter(|tag| !tag.is_empty()).map(Locale::of_tag).collect();
            match read {
                Some(locales) if locales.is_empty() => break,
                Some(locales) => {
                    answers.locales = locales;
                    break;
                }
                None => {}
            }
        }
    }
    if open.max {
        loop {
            let scale = answers.currency.scale();
            let now = answers.max.unwrap_or(2 * scale);
            let said =
                question(format!("What may a thank-you cost at most? [{}]", Locale::En.amount(now, answers.currency)))?;
            if said.is_empty() {
                break;
            }
            let bare = said.trim_matches(|c: char| !c.is_ascii_digit() && c != '.' && c != ',').replace(',', ".");
            let (whole, part) = bare.split_once('.').unwrap_or((&bare, ""));
            let digits = usize::from(answers.currency.exponent());
            let padded = format!("{whole}{part:0<digits$}");
            if !whole.is_empty()
                && part.len() <= digits
                && padded.bytes().all(|b| b.is_ascii_digit())
                && let Ok(max) = padded.parse::<i64>()
            {
                answers.max = Some(max);
                break;
            }
        }
    }
    Ok(())
}

/// `zugabe check`
pub fn lint(args: &Check) -> Result<()> {
    let lint = check(&read(&args.program)?);
    files::print_document(&lint)?;
    match lint.findings.iter().find(|finding| finding.severity == Severity::Error) {
        Some(finding) => {
            Err(Error::at(Code::Contradiction, &finding.path, format!("{} {}", finding.message, finding.remedy)))
        }
        None => Ok(()),
    }
}

/// Reads a program.
pub fn read(path: &Path) -> Result<Program> {
    Program::parse(&files::read_text(path)?)
}

/// Reads a model.
pub fn read_model(path: &Path) -> Result<Model> {
    Model::parse(&files::read_text(path)?).map_err(|error| error.under("model"))
}

/// What the program says about scoring.
pub fn settings(program: &Program) -> Settings {
    let default = Settings::default();
    Settings {
        tiers: program.tiers(),
        dormant_days: program.stages.map_or(default.dormant_days, |stages| stages.dormant_days),
        history: HistoryPolicy { time_zone: Some(program.shop.time_zone.clone()), ..default.history },
        ..default
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answered(typed: &str, open: Open) -> (Answers, String) {
        let mut answers = Answers {
            name: "My shop".to_owned(),
            currency: Currency::parse("EUR").unwrap(),
            time_zone: "UTC".to_owned(),
            locales: vec![Locale::En, Locale::De],
            max: None,
            friend_url: None,
            start: Start::Usual,
        };
        let mut asked = Vec::new();
        ask(&mut answers, open, &mut typed.as_bytes(), &mut asked).unwrap();
        (answers, String::from_utf8(asked).unwrap())
    }

    const ALL: Open = Open { name: true, locales: true, max: true };

    #[test]
    fn three_questions_make_a_program() {
        let (answers, asked) = answered("Teehaus am Markt\nfr, es\n1,50 €\n", ALL);
        assert_eq!((answers.name.as_str(), answers.max), ("Teehaus am Markt", Some(150)));
        assert_eq!(answers.locales, [Locale::Fr, Locale::Es]);
        assert_eq!(asked.matches('?').count(), 3);
        assert!(commented(&answers, "./program.schema.json").unwrap().contains("\"max\": 150"));
    }

    #[test]
    fn an_empty_line_keeps_what_is_proposed_and_a_wrong_one_is_asked_again() {
        let (answers, asked) = answered("\n\n\n", ALL);
        assert_eq!((answers.name.as_str(), answers.max, answers.locales.len()), ("My shop", None, 2));
        assert!(asked.contains("[€2.00]"), "{asked}");
        let (answers, asked) = answered("\nklingon\nde\nmuch\n1.234\n3\n", ALL);
        assert_eq!((answers.max, answers.locales.as_slice()), (Some(300), &[Locale::De][..]));
        assert_eq!(asked.matches("languages").count(), 2);
        assert_eq!(asked.matches("at most").count(), 3);
    }

    #[test]
    fn what_an_option_answered_is_not_asked() {
        assert_eq!(answered("", Open { name: false, locales: false, max: false }).1, "");
    }
}
