//! What should the merchant look at before publishing? The lint of a program, with path and remedy.

use serde::Serialize;
use serde_json::Value;

use crate::insert::Locale;
use crate::map::Map;
use crate::offer::advise::assumptions;
use crate::offer::law;
use crate::offer::program::{Program, ProgramOption};
use crate::offer::publish::{SMALL_DISCOUNT_BP, complete, discount_bp, may_be_printed, moments, serves, stages};
use crate::offer::words::{Basis, Channel, Kind, Moment};
use crate::score::model::Summary;
use crate::score::stage::Stage;
use crate::score::tier::Tier;

mod paper;
mod silent;
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
    /// The law forbids it: such a program is not published.
    LawForbids,
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
    /// What holds where the program is silent, by path: every one of these values is assumed.
    pub assumed: Map<Value>,
}

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
    findings.extend(law::forbidden(program).into_iter().map(|error| Finding {
        severity: Severity::Error,
        code: FindingCode::LawForbids,
        path: error.path,
        message: error.message,
        remedy: "Until then it is not published.".to_owned(),
    }));
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
                "Take off less, or only from a larger basket on; \"economics.overrides\": [\"large_discount\"] insists.",
            );
        }
    }
    for stage in Stage::ALL {
        let has_action = complete(program).iter().any(|option| {
            !matches!(option.kind, Kind::Thanks | Kind::ServiceContact) && stages(option).contains(&stage)
        });
        if !has_action {
            find(
                Severity::Warning,
                FindingCode::StageWithoutAction,
                "options".to_owned(),
                format!("There is nothing for customers of stage \"{}\" but plain thanks.", stage.as_str()),
                "Add something for it: a \"brand\" reminder, or a story with this stage in \"stages\". It costs nothing.",
            );
        }
    }
    findings.sort_by_key(|finding| finding.severity);
    Lint { findings, assumed: silent::assumed(program) }
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
    if let Some((field, message, remedy)) = contradicts(option) {
        return Some((field, format!("\"{id}\" {message}"), remedy));
    }
    if option.stock == Some(0) {
        return Some(("stock", format!("\"{id}\" has run out."), "Raise \"stock\" or take it off the list."));
    }
    stages(option)
        .is_empty()
        .then(|| ("stages", format!("\"{id}\" is for no stage at all."), "Leave \"stages\" out to use the usual ones."))
}

/// Conditions of an option that can never hold together.
fn contradicts(option: &ProgramOption) -> Option<(&'static str, &'static str, &'static str)> {
    let of = &option.conditions;
    if !of.tags.is_empty() && of.tags.iter().all(|tag| of.excluded_tags.contains(tag)) {
        return Some(("conditions.tags", "wants products that it excludes.", "Take the tag off one of the two lists."));
    }
    if !of.countries.is_empty() && of.countries.iter().all(|country| of.excluded_countries.contains(country)) {
        return Some((
            "conditions.countries",
            "is for countries that it excludes.",
            "Take the country off one of the two lists.",
        ));
    }
    if option.kind.is_physical() && option.kind != Kind::Zugabe && !moments(option).contains(&Moment::ParcelPacked) {
        return Some((
            "moments",
            "is a thing to hold, and no parcel is packed at these moments.",
            "Add \"parcel_packed\".",
        ));
    }
    // Whoever has that tier is in the stage "vip", or has been away for long.
    let vips = [Stage::Vip, Stage::Dormant];
    if option.min_tier.is_some_and(|tier| tier >= Tier::Vip) && !stages(option).iter().any(|stage| vips.contains(stage))
    {
        return Some((
            "minTier",
            "is for a tier that nobody in these stages has.",
            "Add the stage \"vip\", or lower \"minTier\".",
        ));
    }
    // Whoever is not selected is not looked at.
    let selects = option.min_tier.is_some() || option.stages.is_some() || !of.is_empty();
    if option.basis == Some(Basis::Unselected) && selects {
        return Some((
            "basis",
            "is for everybody, and yet chooses by stage, tier or order.",
            "Leave the criteria out, or \"basis\".",
        ));
    }
    None
}

fn costly(program: &Program, option: &ProgramOption) -> Option<(FindingCode, String)> {
    let share = discount_bp(option)?;
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
            format!(
                "\"{}\" takes off up to {words} of an order: more than a small thank-you{}.",
                option.id,
                if may_be_printed(program, option) { "" } else { ", so it is left out of inserts" }
            ),
        )
    })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::offer::{PublishOptions, publish};
    use crate::time::Instant;

    fn program(options: &Value, extra: &Value) -> Program {
        let mut document = json!({
            "zugabe": 1, "shop": { "name": "S", "currency": "EUR", "timeZone": "UTC", "locales": ["en"], "contact": "x" },
            "marginBp": 5000, "options": options
        });
        for (key, value) in extra.as_object().into_iter().flatten() {
            document[key] = value.clone();
        }
        Program::parse(&document.to_string()).unwrap()
    }

    fn found(program: &Program, code: FindingCode) -> Vec<(Severity, String)> {
        let all = check(program).findings;
        all.into_iter().filter(|one| one.code == code).map(|one| (one.severity, one.path)).collect()
    }

    #[test]
    fn what_can_never_be_chosen_is_named_with_path_and_remedy() {
        for (option, field) in [
            (json!({ "kind": "sample", "issueCost": 900 }), "issueCost"),
            (json!({ "kind": "sample", "channels": ["page"] }), "channels"),
            (json!({ "kind": "guide", "moments": ["refund", "cart_viewed"] }), "moments"),
            (json!({ "kind": "sample", "moments": ["order_completed"] }), "moments"),
            (json!({ "kind": "sample", "stock": 0 }), "stock"),
            (json!({ "kind": "guide", "stages": [] }), "stages"),
            (json!({ "kind": "guide", "conditions": { "tags": ["a"], "excludedTags": ["a"] } }), "conditions.tags"),
            (
                json!({ "kind": "guide", "conditions": { "countries": ["DE"], "excludedCountries": ["DE", "CH"] } }),
                "conditions.countries",
            ),
            (json!({ "kind": "guide", "minTier": "vip", "stages": ["first_buyer"] }), "minTier"),
            (json!({ "kind": "guide", "basis": "unselected", "minTier": "vip" }), "basis"),
        ] {
            let mut option = option;
            option["id"] = json!("a");
            let program = program(&json!([option]), &json!({}));
            let path = format!("options[0].{field}");
            assert_eq!(found(&program, FindingCode::NeverChosen), [(Severity::Warning, path.clone())]);
            let lint = check(&program);
            let one = lint.findings.iter().find(|one| one.path == path).unwrap();
            assert!(one.message.contains("\"a\"") && !one.remedy.is_empty(), "{one:?}");
        }
        assert_eq!(found(&program(&json!([{ "id": "a", "kind": "guide" }]), &json!({})), FindingCode::NeverChosen), []);
    }

    #[test]
    fn a_stage_with_nothing_to_give_is_named() {
        let stages = |options: Value| {
            let program = program(&options, &json!({ "referral": { "enabled": false } }));
            let lint = check(&program);
            let of = |one: &&Finding| one.code == FindingCode::StageWithoutAction;
            lint.findings.iter().filter(of).map(|one| one.message.clone()).collect::<Vec<_>>()
        };
        assert_eq!(stages(json!([])).len(), Stage::ALL.len());
        let left = stages(json!([{ "id": "a", "kind": "guide" }]));
        assert!(left.len() == 1 && left[0].contains("\"interested\""), "{left:?}");
        assert_eq!(stages(json!([{ "id": "a", "kind": "guide" }, { "id": "b", "kind": "brand" }])).len(), 0);
    }

    #[test]
    fn a_discount_above_a_tenth_is_not_printed_unless_the_merchant_insists() {
        let now = Instant::parse("2026-11-23T10:05:00+01:00").unwrap();
        let printed = |minimum: i64, extra: Value| {
            let option =
                json!([{ "id": "a", "kind": "discount", "promotion": { "amount": 500, "minimumOrder": minimum } }]);
            let program = program(&option, &extra);
            let options = |audience| PublishOptions { now, audience, days: 30, spent: crate::map::Map::default() };
            let on =
                |audience| publish(&program, None, &options(audience)).unwrap().options.iter().any(|o| o.id == "a");
            assert!(on(Channel::Page));
            (on(Channel::Parcel), found(&program, FindingCode::LargeDiscount).len())
        };
        assert_eq!(printed(5000, json!({})), (true, 0));
        assert_eq!(printed(4900, json!({})), (false, 1));
        assert_eq!(printed(4900, json!({ "economics": { "overrides": ["large_discount"] } })), (true, 1));
    }
}
