//! What may the public know of this program? Compiles the policy for one audience.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::canonical;
use crate::insert::{Locale, texts};
use crate::map::Map;
use crate::offer::defaults;
use crate::offer::economics::budget;
use crate::offer::economics::figures::{Figures, Reckoner, Situation};
use crate::offer::economics::settings::{Override, Size, Strategy};
use crate::offer::economics::verdict::judge;
use crate::offer::law;
use crate::offer::policy::{Cell, Conditions, OptionText, Policy, PolicyOption, PolicyShop, Terms, VERSION};
use crate::offer::program::{Program, ProgramOption, Promotion};
use crate::offer::words::{Basis, Channel, Kind, Moment, Purpose};
use crate::reject::{Code, Error, Result};
use crate::score::model::Model;
use crate::score::stage::Stage;
use crate::score::tier::Tier;
use crate::time::{DAY, Day, Instant};

/// How to publish.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PublishOptions {
    /// Now.
    pub now: Instant,
    /// The channel the policy is for (default `page`).
    #[serde(default = "page")]
    pub audience: Channel,
    /// Days until only plain thanks is said (default 30): publish again before.
    #[serde(default = "thirty")]
    pub days: u16,
    /// What is spent in the running period, by budget of the program, in minor units. A budget that is not told of
    /// counts as spent for everything that promotes.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub spent: Map<u32>,
}

const fn page() -> Channel {
    Channel::Page
}

const fn thirty() -> u16 {
    30
}

/// Id of the plain thank-you that every policy has.
pub const THANKS: &str = "thanks";
/// Id of the help that every policy has.
pub const HELP: &str = "service-contact";
/// Id of the referral that every policy has unless the program switches it off.
pub const RECOMMEND: &str = "recommend";

/// Compiles the policy for one audience: options without their costs, ranks instead of economics.
///
/// # Errors
/// `invalid_value` when the program's time zone is unknown; `currency_mismatch` or `date_in_future` when the model does
/// not fit the program or the present; `out_of_range` for amounts that are too large.
pub fn publish(program: &Program, model: Option<&Model>, options: &PublishOptions) -> Result<Policy> {
    compile_for(program, model, options, true)
}

/// As [`publish`]. Program mode looks at budgets itself, with what the request says is spent.
pub(super) fn compile_for(
    program: &Program,
    model: Option<&Model>,
    options: &PublishOptions,
    with_budgets: bool,
) -> Result<Policy> {
    let zone = program.zone()?;
    fits(program, model, options.now)?;
    if let Some(error) = law::forbidden(program).into_iter().next() {
        return Err(error);
    }
    let terms = |promotion: &Promotion| {
        let today = zone.day(options.now);
        let owned = promotion.voucher.and_then(|voucher| law::last_day(voucher, today));
        let day = match (promotion.days, owned) {
            (None, Some(last)) => last,
            (days, _) => today.plus(i32::from(days.unwrap_or(60))),
        };
        Terms {
            amount: promotion.amount,
            percent_bp: promotion.percent_bp,
            minimum_order: promotion.minimum_order,
            until: Some(zone.end_of(day)),
            until_day: Some(day),
            excludes: promotion.excludes.clone(),
            referrer_gift: Map::default(),
        }
    };
    let all = complete(program);
    let reckoner = Reckoner::new(program, model);
    let day = with_budgets.then(|| zone.day(options.now));
    let cells = cells(&reckoner, &all, options, day)?;
    let ranked = |id: &str| cells.iter().any(|cell| cell.ranked.iter().any(|(other, _)| other == id));
    let mut compiled: Vec<PolicyOption> = all
        .iter()
        .filter(|option| serves(option, options.audience))
        .filter(|option| matches!(option.kind, Kind::Thanks | Kind::ServiceContact) || ranked(&option.id))
        .map(|option| compile(option, option.promotion.as_ref().map(&terms)))
        .collect();
    for option in &mut compiled {
        if option.kind == Kind::Referral
            && let (Some(terms), Some(referral)) = (option.terms.as_mut(), program.referral.as_ref())
        {
            terms.referrer_gift.clone_from(&referral.referrer_gift);
        }
    }
    let mut policy = Policy {
        v: VERSION,
        hash: String::new(),
        audience: options.audience,
        seed: program.seed.clone().unwrap_or_else(|| program.shop.name.clone()),
        shop: PolicyShop {
            name: program.shop.name.clone(),
            currency: program.shop.currency,
            url: program.shop.url.clone(),
            friend_url: program.shop.friend_url.clone(),
            contact: program.shop.contact.clone(),
        },
        published_at: options.now,
        expires_at: options.now.plus(i64::from(options.days) * DAY),
        cells,
        caps: program.caps.unwrap_or_default(),
        holdout: program.holdout.unwrap_or_default(),
        texts: wording(program, &compiled, options.audience),
        options: compiled,
    };
    policy.hash = canonical::hash(&policy)?;
    Ok(policy)
}

/// The program's options and those that every shop has: thanks, help, and the referral.
pub(crate) fn complete(program: &Program) -> Vec<ProgramOption> {
    let mut all = program.options.clone();
    let mut add = |id: &str, kind: Kind, promotion: Option<Promotion>| {
        if !all.iter().any(|option| option.kind == kind) {
            all.push(ProgramOption {
                id: free_id(&all, id),
                kind,
                purpose: (kind == Kind::Referral).then_some(Purpose::Acquire),
                channels: None,
                moments: None,
                stages: None,
                min_tier: None,
                basis: (kind == Kind::Thanks).then_some(Basis::Unselected),
                conditions: Conditions::default(),
                season: None,
                stock: None,
                issue_cost: 0,
                redemption_cost: None,
                customer_value: None,
                reduction: None,
                size: None,
                effect: None,
                surprise_bp: None,
                promotion,
                weight: None,
                url: None,
                text: Map::default(),
            });
        }
    };
    add(THANKS, Kind::Thanks, None);
    add(HELP, Kind::ServiceContact, None);
    if program.referral.as_ref().is_none_or(|referral| referral.enabled) {
        add(RECOMMEND, Kind::Referral, Some(program.friend_promotion()));
    }
    all
}

fn free_id(taken: &[ProgramOption], wanted: &str) -> String {
    let mut id = wanted.to_owned();
    while taken.iter().any(|option| option.id == id) {
        id.push('-');
    }
    id
}

/// Whether an option may be said in a channel at all.
pub(super) fn serves(option: &ProgramOption, audience: Channel) -> bool {
    // A page or a mail cannot take back what has run out: physical things are promised in the parcel only.
    let physical_elsewhere = option.kind.is_physical() && option.kind != Kind::Zugabe && audience != Channel::Parcel;
    !physical_elsewhere
        && option.channels.as_ref().map_or(defaults::channels(option.kind), Vec::as_slice).contains(&audience)
}

/// Whether an option may stand on an insert: a discount there is a small one, unless the merchant insists by name.
pub(super) fn may_be_printed(program: &Program, option: &ProgramOption) -> bool {
    let insists = program.economics.as_ref().is_some_and(|e| e.overrides.contains(&Override::LargeDiscount));
    insists || option.kind != Kind::Discount || discount_bp(option).is_none_or(|share| share <= SMALL_DISCOUNT_BP)
}

/// Largest discount that counts as small, in basis points of the smallest order it holds for.
pub(super) const SMALL_DISCOUNT_BP: i64 = 1000;

/// What a code takes off the smallest order it holds for, in basis points.
pub(super) fn discount_bp(option: &ProgramOption) -> Option<i64> {
    let promotion = option.promotion.as_ref()?;
    let minimum = promotion.minimum_order.unwrap_or(0);
    Some(match (promotion.percent_bp, promotion.amount) {
        (Some(bp), _) => i64::from(bp),
        (None, Some(amount)) if minimum > 0 => crate::money::share_bp(amount, minimum),
        _ => 10_000,
    })
}

/// Whether a model is of this shop and not of its future.
fn fits(program: &Program, model: Option<&Model>, now: Instant) -> Result<()> {
    let Some(model) = model else { return Ok(()) };
    if model.currency != program.shop.currency {
        let message = format!(
            "The model speaks of {}, the program of {}: score the orders of this shop.",
            model.currency.as_str(),
            program.shop.currency.as_str()
        );
        return Err(Error::at(Code::CurrencyMismatch, "model.currency", message));
    }
    // A day is granted to time zones.
    if model.as_of > now.day().plus(1) {
        return Err(Error::at(
            Code::DateInFuture,
            "model.asOf",
            "The model was fitted to orders that lie after \"now\".",
        ));
    }
    Ok(())
}

/// Whether an option fits the allowance: never above its upper limit, and on pages, where no order can be looked at
/// without telling what things cost, within its share of the usual basket. Large gifts have to pay instead.
pub(super) fn affordable(reckoner: &Reckoner<'_>, option: &ProgramOption, audience: Channel) -> bool {
    let program = reckoner.program();
    option.size == Some(Size::Large)
        || (option.issue_cost <= program.allowance().max
            && (audience == Channel::Parcel || option.issue_cost <= program.allowed(reckoner.basket)))
}

fn compile(option: &ProgramOption, terms: Option<Terms>) -> PolicyOption {
    PolicyOption {
        id: option.id.clone(),
        kind: option.kind,
        purpose: option.purpose.unwrap_or(Purpose::Retain),
        moments: moments(option).to_vec(),
        stages: stages(option).to_vec(),
        basis: option.basis.unwrap_or(Basis::Segment),
        min_tier: option.min_tier,
        conditions: option.conditions.clone(),
        season: option.season.clone(),
        stock: option.stock.is_some(),
        surprise_bp: option.surprise_bp.unwrap_or(0),
        terms,
        url: option.url.clone(),
        text: typeset(&option.text),
    }
}

/// The merchant's words as each language sets them.
fn typeset(text: &Map<OptionText>) -> Map<OptionText> {
    text.iter()
        .map(|(tag, own)| {
            let set = |words: &Option<String>| {
                words
                    .as_ref()
                    .map(|words| Locale::of_tag(tag).map_or_else(|| words.clone(), |locale| locale.typeset(words)))
            };
            let own = OptionText { title: set(&own.title), headline: set(&own.headline), body: set(&own.body) };
            (tag.to_owned(), own)
        })
        .collect()
}

pub(super) fn moments(option: &ProgramOption) -> &[Moment] {
    option.moments.as_ref().map_or(defaults::moments(option.kind), Vec::as_slice)
}

pub(super) fn stages(option: &ProgramOption) -> &[Stage] {
    option.stages.as_ref().map_or(defaults::stages(option.kind), Vec::as_slice)
}

/// The options that compete for customers of a stage in a channel, before their numbers are looked at.
pub(super) fn competing<'a>(
    reckoner: &Reckoner<'_>,
    all: &'a [ProgramOption],
    audience: Channel,
    stage: Stage,
) -> Vec<&'a ProgramOption> {
    all.iter()
        .filter(|option| !matches!(option.kind, Kind::Thanks | Kind::ServiceContact))
        .filter(|option| serves(option, audience) && stages(option).contains(&stage))
        .filter(|option| affordable(reckoner, option, audience))
        .filter(|option| audience != Channel::Parcel || may_be_printed(reckoner.program(), option))
        .collect()
}

/// One cell for all stages that rank alike; where moments have weights, one for all moments that do.
fn cells(
    reckoner: &Reckoner<'_>,
    all: &[ProgramOption],
    options: &PublishOptions,
    day: Option<Day>,
) -> Result<Vec<Cell>> {
    let promoting = Moment::ALL.iter().copied().filter(|moment| moment.window().is_some());
    let moments: Vec<Option<Moment>> =
        if reckoner.program().receptivity.is_empty() { vec![None] } else { promoting.map(Some).collect() };
    let mut cells: Vec<Cell> = Vec::new();
    for stage in Stage::ALL {
        let mut of_stage: Vec<Cell> = Vec::new();
        for moment in &moments {
            let situation = Situation { stage, audience: options.audience, moment: *moment, order_number: None };
            let ranked = rank(reckoner, all, situation, &options.spent, day)?;
            match of_stage.iter_mut().find(|cell| cell.ranked == ranked) {
                Some(cell) => cell.moment.extend(moment),
                None => of_stage.push(Cell {
                    id: String::new(),
                    stage: vec![stage],
                    tier: Tier::ALL.to_vec(),
                    moment: moment.iter().copied().collect(),
                    ranked,
                }),
            }
        }
        if let [only] = of_stage.as_mut_slice() {
            only.moment.clear();
        }
        for cell in of_stage {
            match cells.iter_mut().find(|other| other.ranked == cell.ranked && other.moment == cell.moment) {
                Some(other) => other.stage.push(stage),
                None => cells.push(Cell { id: format!("k{}", cells.len() + 1), ..cell }),
            }
        }
    }
    Ok(cells)
}

/// Best first. Options that are equally good follow each other and share 10,000 by weight; the next rank begins
/// where the sum is reached.
fn rank(
    reckoner: &Reckoner<'_>,
    all: &[ProgramOption],
    situation: Situation,
    spent: &Map<u32>,
    day: Option<Day>,
) -> Result<Vec<(String, u32)>> {
    let judged = judge(reckoner, &competing(reckoner, all, situation.audience, situation.stage), situation)?;
    let mut candidates: Vec<([i64; 4], &ProgramOption)> = judged
        .iter()
        .filter(|one| !one.excluded)
        .filter(|one| {
            let due = (one.option, one.figures.expected_cost, situation.stage);
            day.is_none_or(|day| budget::refused(reckoner.program(), due, day, &|id| spent.get(id).copied()).is_none())
        })
        .map(|one| (standing(reckoner.strategy(), one.option, &one.figures, situation), one.option))
        .collect();
    // A surprise stands before its equals, which would otherwise always be there first, and alone, so that what it leaves
    // to them can be told.
    candidates
        .sort_by(|a, b| (a.0, a.1.surprise_bp.is_none(), &a.1.id).cmp(&(b.0, b.1.surprise_bp.is_none(), &b.1.id)));
    Ok(candidates
        .chunk_by(|a, b| a.0 == b.0 && a.1.surprise_bp.is_none() && b.1.surprise_bp.is_none())
        .flat_map(|equal| {
            let weights: Vec<u32> = equal.iter().map(|(_, option)| option.weight.unwrap_or(1)).collect();
            equal.iter().map(|(_, option)| option.id.clone()).zip(share_out(&weights)).collect::<Vec<_>>()
        })
        .collect())
}

/// Where an option stands, smaller first; equal ones share. Gifts first: by what suits stage and channel, the cheaper
/// gift before the dearer, and money by what it earns, unless the merchant shares it out by weights. By profit: the higher
/// first, of equals the gift and then the cheaper.
fn standing(strategy: Strategy, option: &ProgramOption, figures: &Figures, situation: Situation) -> [i64; 4] {
    let preference = i64::from(defaults::preference(option.kind, situation.stage, situation.audience));
    let money = Reckoner::is_money(option);
    match strategy {
        Strategy::Profit => [-figures.expected_profit, i64::from(money), figures.expected_cost, preference],
        Strategy::GiftsFirst if !money => [preference, 0, option.issue_cost, 0],
        Strategy::GiftsFirst if option.weight.is_some() => [preference, 1, i64::MIN, 0],
        Strategy::GiftsFirst => [preference, 1, -figures.expected_profit, option.issue_cost],
    }
}

/// Shares out 10,000 in proportion to the weights, by largest remainder, earlier ones first. All zero: equal shares.
fn share_out(weights: &[u32]) -> Vec<u32> {
    let weights: Vec<u64> = if weights.iter().all(|weight| *weight == 0) {
        vec![1; weights.len()]
    } else {
        weights.iter().map(|weight| u64::from(*weight)).collect()
    };
    let total: u64 = weights.iter().sum();
    let mut shares: Vec<u64> = weights.iter().map(|weight| weight * 10_000 / total.max(1)).collect();
    let mut order: Vec<usize> = (0..weights.len()).collect();
    order.sort_by_key(|index| core::cmp::Reverse(weights[*index] * 10_000 % total.max(1)));
    let missing = 10_000 - shares.iter().sum::<u64>();
    for index in order.into_iter().cycle().take(usize::try_from(missing).unwrap_or(0)) {
        shares[index] += 1;
    }
    shares.into_iter().map(|share| u32::try_from(share).unwrap_or(10_000)).collect()
}

/// The wording this audience can come to read, and nothing more: a policy is sent to phones.
fn wording(program: &Program, published: &[PolicyOption], audience: Channel) -> Map<Map<String>> {
    let kinds: BTreeSet<&str> = published.iter().map(|option| option.kind.as_str()).collect();
    let moments: BTreeSet<&str> = published
        .iter()
        .filter(|option| !matches!(option.kind, Kind::Thanks | Kind::ServiceContact))
        .flat_map(|option| option.moments.iter().map(|moment| moment.as_str()))
        .collect();
    let personal = published.iter().any(PolicyOption::is_personal_price);
    let paper = audience == Channel::Parcel;
    let wanted = |key: &str| {
        let Some((group, part)) = key.split_once('.') else { return false };
        match group {
            "label" => !paper,
            "notice" => personal,
            "why" => {
                matches!(part, "any" | "objected" | "open_problem")
                    || moments.contains(part)
                    || (part == "visit" && !paper)
                    || (part == "profile" && published.iter().any(|option| option.basis == Basis::Profile))
                    || (part == "everybody" && published.iter().any(PolicyOption::is_for_everybody))
            }
            "conditions" => kinds.contains(part),
            "friend" => audience == Channel::Page && kinds.contains("referral"),
            "thanks" => matches!(part, "headline" | "body") || (part == "visit" && !paper),
            kind => kinds.contains(kind),
        }
    };
    program
        .shop
        .locales
        .iter()
        .map(|locale| {
            let mut chosen: Map<String> = texts::keys()
                .filter(|key| wanted(key))
                .filter_map(|key| program.wording(*locale, key).map(|text| (key.to_owned(), text)))
                .collect();
            let greeting = if paper { "thanks.parcel" } else { "thanks.greeting" };
            if let Some(text) = program.wording(*locale, greeting) {
                chosen.insert("label.greeting".to_owned(), text);
            }
            (locale.as_str().to_owned(), chosen)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn shares_always_sum_to_the_whole(weights in proptest::collection::vec(0_u32..10_000, 1..40)) {
            let shares = share_out(&weights);
            prop_assert_eq!(shares.iter().sum::<u32>(), 10_000);
            prop_assert_eq!(shares.len(), weights.len());
        }
    }
}
