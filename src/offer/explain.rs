//! How is a decision told to a person? As text for the merchant: what, why, what not, and what it costs.

use crate::insert::Locale;
use crate::money::Currency;
use crate::offer::advise::PrivateDecision;
use crate::offer::decision::{Chosen, Decision, Plain, Rejected, Step};
use crate::offer::economics::settings::{Mode, Strategy};
use crate::offer::economics::words::{amount, thousands};
use crate::offer::words::{Reason, Rejection};
use crate::reject::{Code, Error, Result};

/// A decision by a policy, told in the four steps: data, segment, economics, message.
#[must_use]
pub fn explain(decision: &Decision) -> String {
    told(decision, None, None)
}

/// A decision by a program, with what only the merchant may read.
#[must_use]
pub fn explain_privately(private: &PrivateDecision, currency: Currency) -> String {
    told(&private.decision, Some(private), Some(currency))
}

/// Why an option was not chosen, and what would have to be different.
///
/// # Errors
/// `not_found` when the decision knows no such option.
pub fn why_not(decision: &Decision, private: Option<&PrivateDecision>, option: &str) -> Result<String> {
    for (chosen, place) in [(&decision.main, "is what this customer gets"), (&decision.beside, "stands beside it")] {
        if chosen.as_ref().is_some_and(|chosen| chosen.option == option) {
            return Ok(format!("\"{option}\" {place}.\n"));
        }
    }
    let lines: Vec<&Rejected> = decision.rejected.iter().filter(|line| line.option == option).collect();
    if !lines.is_empty() {
        return Ok(lines.iter().map(|line| format!("{}\n", sentence(line))).collect());
    }
    let reckoned = private.is_some_and(|private| private.economics.options.iter().any(|one| one.option == option));
    match &decision.main {
        Some(main) if reckoned || private.is_none() => Ok(format!(
            "\"{option}\" is not refused: as far as this decision knows it, \"{}\" stands before it.\n",
            main.option
        )),
        _ => Err(Error::at(Code::NotFound, "option", format!("This decision knows no option \"{option}\"."))),
    }
}

fn told(decision: &Decision, private: Option<&PrivateDecision>, currency: Option<Currency>) -> String {
    let mut text = String::new();
    let mut say = |line: &str| {
        text.push_str(line);
        text.push('\n');
    };
    match &decision.main {
        Some(main) => say(&format!("{}: {}.", capital(decision.channel.as_str()), chosen(main))),
        None => say(&format!("{}: nothing is said.", capital(decision.channel.as_str()))),
    }
    if let Some(beside) = &decision.beside {
        say(&format!("Beside it: {}.", chosen(beside)));
    }
    say(&format!("Because {}.", reason(decision.reason)));
    if let Some(main) = decision.main.as_ref().filter(|main| !main.text.why.is_empty()) {
        say(&format!("The customer reads: {}", main.text.why));
    }
    for step in &decision.steps {
        match step {
            Step::Data { read } => say(&format!("1. Data: {}.", read.join(", "))),
            Step::Segment { cell } => say(&match cell {
                Some(cell) => format!("2. Segment: group {cell}."),
                None => "2. Segment: no group fits.".to_owned(),
            }),
            Step::Economics { rank } => {
                say(&match rank {
                    Some(rank) => format!("3. Economics: rank {rank} in its group."),
                    None => "3. Economics: costs nothing, has no rank.".to_owned(),
                });
                if let Some((private, currency)) = private.zip(currency) {
                    money(private, currency, &mut say);
                }
            }
            Step::Message { locale } => say(&format!("4. Message: in the language \"{}\".", locale.as_str())),
        }
    }
    if let Some(drawn) = decision.bucket.filter(|drawn| drawn.propensity_bp < 10_000) {
        let share = Locale::En.percent(i64::from(drawn.propensity_bp));
        say(&format!("Chance: bucket {} of 10,000; {share} of such customers get this.", thousands(drawn.n.into())));
    }
    for cap in &decision.caps {
        let used = cap.used.map_or_else(|| "not counted, so taken as used up".to_owned(), |used| used.to_string());
        say(&format!("Cap {}: {used}, limit {}.", cap.counter, cap.limit));
    }
    for (channel, basis) in decision.basis.iter() {
        say(&format!("Legal basis for {channel}: {}.", basis.as_str()));
    }
    if !decision.rejected.is_empty() {
        say("Not given:");
        for line in &decision.rejected {
            say(&format!("  {}", sentence(line)));
        }
    }
    if let Some(private) = private {
        if !private.warnings.is_empty() {
            say("To look at (advice, nothing was refused for it):");
            for line in &private.warnings {
                say(&format!("  {}", sentence(line)));
            }
        }
        if !private.assumptions.is_empty() {
            say(&format!("Assumed: {}.", private.assumptions.join(", ")));
        }
    }
    say(&format!("Policy {}.", decision.policy));
    text
}

fn money(private: &PrivateDecision, currency: Currency, say: &mut impl FnMut(&str)) {
    let reckoning = &private.economics;
    let mode = match reckoning.mode {
        Mode::Advise => "what does not pay is named, not refused",
        Mode::Enforce => "what does not pay is refused",
    };
    let strategy = match reckoning.strategy {
        Strategy::GiftsFirst => "gifts before money",
        Strategy::Profit => "highest expected profit first, of equals the gift",
    };
    say(&format!("   {}; {mode}. Only the merchant sees this:", capital(strategy)));
    if let Some(allowed) = private.numbers.allowed {
        let cost = amount(private.numbers.issue_cost, currency);
        say(&format!("   It costs {cost}; a thank-you for this order may cost {}.", amount(allowed, currency)));
    }
    for one in &reckoning.options {
        let expected = amount(one.expected_profit, currency);
        let exempt =
            if one.exempt && one.expected_profit < 0 { " Within the allowance, so it need not pay." } else { "" };
        say(&format!("   {}: expected {expected} a customer. {}{exempt}", one.option, one.words));
        if one.cannibalised > 0 {
            say(&format!(
                "      {} of it goes to buyers who would have come anyway (of {} it costs).",
                amount(one.cannibalised, currency),
                amount(one.expected_cost, currency)
            ));
        }
    }
}

fn chosen(chosen: &Chosen) -> String {
    format!(
        "\"{}\" ({}, to {} a customer)",
        chosen.option,
        spoken(chosen.kind.as_str()),
        match chosen.purpose {
            crate::offer::words::Purpose::Acquire => "win",
            crate::offer::words::Purpose::Retain => "keep",
        }
    )
}

/// One line of what was not given, with the one thing that would have to be different.
#[must_use]
pub fn sentence(line: &Rejected) -> String {
    let mut text = format!("{}: {}", line.option, why(line.code));
    let field = line.field.as_ref();
    text.push_str(&match (&line.provided, &line.required) {
        (Some(provided), Some(required)) => {
            format!("; {field} is {}, it would take {}", plain(provided), plain(required))
        }
        (None, Some(required)) => format!("; {field} is not said, it would take {}", plain(required)),
        (Some(provided), None) => format!("; {field} is {}", plain(provided)),
        (None, None) if field != "policy.cells" => format!("; see {field}"),
        (None, None) => String::new(),
    });
    text.push('.');
    text
}

fn plain(value: &Plain) -> String {
    match value {
        Plain::Text(text) => format!("\"{text}\""),
        Plain::Number(number) => number.to_string(),
        Plain::Flag(flag) => if *flag { "yes" } else { "no" }.to_owned(),
    }
}

const fn reason(reason: Reason) -> &'static str {
    match reason {
        Reason::Static => "it is the only option there is",
        Reason::Default => "nothing better fits",
        Reason::TargetingMatch => "it is the best ranked option that is possible for this customer",
        Reason::Split => "seeded chance decided",
        Reason::Disabled => "the customer objected to advertising",
        Reason::Stale => "the policy has expired",
        Reason::Unknown => "nobody knows on what legal ground to speak",
        Reason::Error => "something failed",
    }
}

const fn why(code: Rejection) -> &'static str {
    match code {
        Rejection::Objected => "the customer objected to advertising",
        Rejection::LawForbids => "the law forbids it for this order",
        Rejection::ConsentMissing => "a consent is missing",
        Rejection::CapReached => "it was said often enough",
        Rejection::AttemptsExhausted => "this prospect was asked often enough",
        Rejection::Repeat => "it was given last time, and there is another",
        Rejection::NoMoment => "not at this moment",
        Rejection::MomentExpired => "the moment is over",
        Rejection::StageTooLow => "it is for customers further along",
        Rejection::TierTooLow => "it is for a higher tier",
        Rejection::DwellTime => "not a customer for long enough",
        Rejection::Inactive => "no order for too long",
        Rejection::OpenProblem => "something is wrong with an order: help comes first",
        Rejection::NoParcel => "there is no parcel to put it in",
        Rejection::OutOfStock => "none are left",
        Rejection::OutOfCapacity => "there is no time left for it",
        Rejection::OutOfSeason => "not in this season",
        Rejection::ProductNotTagged => "the order has none of the products it goes with",
        Rejection::ProductExcluded => "the order has a product it does not go with",
        Rejection::CountryExcluded => "not for this country",
        Rejection::MinimumOrder => "the order is too small",
        Rejection::CurrencyMismatch => "the order is in another currency",
        Rejection::ChannelUnavailable => "not in this channel",
        Rejection::BasisNotAllowed => "not for somebody known in this way",
        Rejection::Holdout => "this customer is left alone, so that the effect can be measured",
        Rejection::NoCode => "it needs a code and none was given",
        Rejection::NotOffered => "the shop does not offer it here",
        Rejection::UnknownBasis => "nobody knows on what legal ground",
        Rejection::Unprofitable => "it costs more than it is expected to bring, or than a thank-you may cost",
        Rejection::MarginUnknown => "nobody can tell whether it pays without the margin",
        Rejection::BudgetExhausted => "the budget is spent",
        Rejection::CacCeiling => {
            "winning a customer would cost more than is to be spent; \"growth_mode\" sets this aside"
        }
        Rejection::Dominated => "another gift brings as much for less",
    }
}

fn spoken(word: &str) -> String {
    word.replace('_', " ")
}

fn capital(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}
