//! What should the merchant look at before publishing? The lint of a program, with path and remedy.

use serde::Serialize;

use crate::insert::Locale;
use crate::offer::advise::assumptions;
use crate::offer::program::{Program, ProgramOption};
use crate::offer::publish::{complete, moments, serves, stages};
use crate::offer::words::{Channel, Kind, Moment};
use crate::score::model::Summary;
use crate::score::stage::Stage;
use crate::score::tier::Tier;

mod paper;
mod wording;

pub(crate) use paper::too_long;

/// How much a finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// It cannot work like this.
    Error,
    /// It works, and probably not as meant.
    Warning,
    /// Good to know.
    Info,
}

/// Which finding it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum FindingCode {
    /// A default was assumed.
    Assumption,
    /// An option can never be chosen.
    NeverChosen,
    /// A stage has nothing to give.
    StageWithoutAction,
    /// A discount is larger than a small one.
    LargeDiscount,
    /// A discount eats the margin.
    BelowMargin,
    /// A text uses a word that presses or promises too much.
    DeniedWord,
    /// A text asks for something nobody can fill in.
    UnknownPlaceholder,
    /// A text addresses customers in two ways, or otherwise than the rest.
    MixedAddress,
    /// A text is not set as its language is.
    Typography,
    /// A text that nobody reads: there is none of this name.
    UnknownText,
    /// Something customers need to read is missing.
    MissingContact,
    /// No page greets a friend: links and QR codes stay away.
    MissingFriendUrl,
    /// A text is longer than its block on the parcel insert.
    TextTooLong,
    /// The shop's colour is too light for text and is darkened in print.
    ColorDarkened,
    /// The parcel insert says something in one language and not in another.
    MissingTranslation,
}

/// One thing to look at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Finding {
    /// How much it matters.
    pub severity: Severity,
    /// Which finding it is.
    pub code: FindingCode,
    /// Where in the program.
    pub path: String,
    /// What it is.
    pub message: String,
    /// What to do about it.
    pub remedy: String,
}

/// The lint's answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Lint {
    /// Most important first.
    pub findings: Vec<Finding>,
}

/// Largest discount that counts as small, in basis points of the smallest order it holds for.
const SMALL_DISCOUNT_BP: i64 = 1000;

/// Largest share of customers that may have what is called exclusive, in basis points.
const FEW_BP: i64 = 1000;

/// Looks a sound program over. What is not sound is refused by [`Program::parse`].
#[must_use]
pub fn check(program: &Program) -> Lint {
    checked(program, &wording::only_for_few)
}

/// As [`check`], with the customers of the shop counted: what is called exclusive is compared with how many can have it.
#[must_use]
pub fn check_with(program: &Program, summary: &Summary) -> Lint {
    checked(program, &|option| {
        let (stages, tier) = (stages(option), option.min_tier.unwrap_or(Tier::None));
        let of_stages: i64 =
            summary.stages.iter().filter(|one| stages.contains(&one.stage)).map(|one| i64::from(one.customers)).sum();
        let of_tiers: i64 =
            summary.tiers.iter().filter(|one| one.tier >= tier).map(|one| i64::from(one.customers)).sum();
        summary.customers > 0 && of_stages.min(of_tiers) * 10_000 <= FEW_BP * i64::from(summary.customers)
    })
}

fn checked(program: &Program, exclusive: &dyn Fn(&ProgramOption) -> bool) -> Lint {
    let mut findings = [paper::too_long(program), paper::looks(program), wording::wording(program, exclusive)].concat();
    let mut find = |severity, code, path: String, message: String, remedy: &str| {
        findings.push(Finding { severity, code, path, message, remedy: remedy.to_owned() });
    };
    for path in assumptions(program) {
        find(
            Severity::Info,
            FindingCode::Assumption,
            path.clone().into_owned(),
            format!("\"{path}\" is not set: {}.", assumed(program, &path)),
            "Set it to make it yours.",
        );
    }
    if program.shop.contact.is_none() {
        find(
            Severity::Warning,
            FindingCode::MissingContact,
            "shop.contact".to_owned(),
            "Nobody can read how to reach the shop.".to_owned(),
            "Add \"contact\": an e-mail address or a telephone number.",
        );
    }
    if program.shop.friend_url.is_none() {
        find(
            Severity::Info,
            FindingCode::MissingFriendUrl,
            "shop.friendUrl".to_owned(),
            "Codes have no address to lead to: links and QR codes stay away.".to_owned(),
            "Add \"friendUrl\": the page of the shop that greets a friend.",
        );
    }
    for (index, option) in program.options.iter().enumerate() {
        let path = format!("options[{index}]");
        if let Some((field, message, remedy)) = never_chosen(program, option) {
            find(Severity::Warning, FindingCode::NeverChosen, format!("{path}.{field}"), message, remedy);
        }
        if let Some((code, message)) = costly(program, option) {
            find(
                Severity::Warning,
                code,
                format!("{path}.promotion"),
                message,
                "Take off less, or only from a larger basket on.",
            );
        }
    }
    for stage in Stage::ALL {
        let has_action = complete(program).iter().any(|option| {
            !matches!(option.kind, Kind::Thanks | Kind::ServiceContact) && stages(option).contains(&stage)
        });
        if !has_action {
            find(
                Severity::Info,
                FindingCode::StageWithoutAction,
                "options".to_owned(),
                format!("There is nothing for customers of stage \"{}\" but plain thanks.", stage.as_str()),
                "Add a story, a guide or some information: it costs nothing.",
            );
        }
    }
    findings.sort_by_key(|finding| finding.severity);
    Lint { findings }
}

fn assumed(program: &Program, path: &str) -> String {
    let currency = program.shop.currency;
    let say = |amount| Locale::En.amount(amount, currency);
    match path {
        "allowance" => {
            let allowance = program.allowance();
            let rate = Locale::En.percent(i64::from(allowance.rate_bp));
            format!("a thank-you may cost {rate} of the order, at most {}", say(allowance.max))
        }
        "marginBp" => "30% of an order are taken to be left over".to_owned(),
        "referral.friend" => {
            let friend = program.friend_promotion();
            format!(
                "a friend gets {} off the first order from {} on",
                say(friend.amount.unwrap_or(0)),
                say(friend.minimum_order.unwrap_or(0))
            )
        }
        _ => "the usual values hold".to_owned(),
    }
}

fn never_chosen(program: &Program, option: &ProgramOption) -> Option<(&'static str, String, &'static str)> {
    let id = &option.id;
    if option.issue_cost > program.allowance().max {
        return Some((
            "issueCost",
            format!("\"{id}\" costs more than a thank-you may."),
            "Raise \"allowance.max\" or give something smaller.",
        ));
    }
    if ![Channel::Page, Channel::Parcel, Channel::Email].iter().any(|channel| serves(option, *channel)) {
        return Some((
            "channels",
            format!("\"{id}\" is a thing to hold and cannot travel by these channels."),
            "Leave \"channels\" out, or add \"parcel\".",
        ));
    }
    let never: Vec<Moment> = moments(option).iter().copied().filter(|moment| moment.window().is_none()).collect();
    if never.len() == moments(option).len() {
        return Some((
            "moments",
            format!("\"{id}\" has no moment at which anything may be offered."),
            "Choose moments of joy: order_completed, parcel_packed, delivered.",
        ));
    }
    if option.stock == Some(0) {
        return Some(("stock", format!("\"{id}\" has run out."), "Raise \"stock\" or take it off the list."));
    }
    stages(option)
        .is_empty()
        .then(|| ("stages", format!("\"{id}\" is for no stage at all."), "Leave \"stages\" out to use the usual ones."))
}

fn costly(program: &Program, option: &ProgramOption) -> Option<(FindingCode, String)> {
    let promotion = option.promotion.as_ref()?;
    let minimum = promotion.minimum_order.unwrap_or(0);
    let share = match (promotion.percent_bp, promotion.amount) {
        (Some(bp), _) => i64::from(bp),
        (None, Some(amount)) if minimum > 0 => crate::money::share_bp(amount, minimum),
        _ => 10_000,
    };
    let margin = i64::from(program.margin_bp.unwrap_or(3000));
    let words = Locale::En.percent(share);
    if share >= margin {
        return Some((
            FindingCode::BelowMargin,
            format!("\"{}\" takes off up to {words} of an order, all of the margin.", option.id),
        ));
    }
    (share > SMALL_DISCOUNT_BP).then(|| {
        (
            FindingCode::LargeDiscount,
            format!("\"{}\" takes off up to {words} of an order: more than a small thank-you.", option.id),
        )
    })
}
