//! What should the merchant fill in next, and what would it change? Assumptions, the one that matters most first.

use std::collections::BTreeMap;

use serde::Serialize;

use super::evidence::customers_for_holdout;
use super::figures::{Reckoner, Situation, known_margin_bp};
use super::settings::Effect;
use super::words::{amount, thousands};
use crate::money::Minor;
use crate::offer::program::{Program, ProgramOption};
use crate::offer::publish::complete;
use crate::offer::words::{Channel, Moment};
use crate::reject::Result;
use crate::score::model::Model;
use crate::score::stage::Stage;

/// Something that is assumed, and what knowing it would change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Missing {
    /// Where in the program it goes.
    pub path: String,
    /// What the thank-yous counted here are expected to bring at the low end of what is plausible, in minor units.
    pub low: Minor,
    /// The same at the high end.
    pub high: Minor,
    /// In a sentence: what to fill in, and what then.
    pub words: String,
}

/// Who was given what, how often: customers alike count together.
#[derive(Debug, Clone, Default)]
pub struct Given(BTreeMap<(String, Channel, Stage, u32), i64>);

impl Given {
    /// Counts one more.
    pub fn count(&mut self, option: &str, audience: Channel, stage: Stage, order_number: u32) {
        // Order numbers above ten are reckoned alike.
        *self.0.entry((option.to_owned(), audience, stage, order_number.min(11))).or_insert(0) += 1;
    }

    /// How often an option was given.
    #[must_use]
    pub fn of(&self, option: &str) -> i64 {
        self.0.iter().filter(|(key, _)| key.0 == option).map(|(_, count)| count).sum()
    }

    /// What all of it is expected to bring beyond its cost.
    fn profit(&self, program: &Program, model: Option<&Model>) -> Result<Minor> {
        let (reckoner, options) = (Reckoner::new(program, model), complete(program));
        self.0.iter().try_fold(0_i64, |sum, ((id, audience, stage, number), count)| {
            let Some(option) = options.iter().find(|option| option.id == *id) else { return Ok(sum) };
            let situation = situation(*audience, *stage, *number);
            let one = reckoner.figures(option, situation)?.expected_profit;
            Ok(sum.saturating_add(one.saturating_mul(*count)))
        })
    }
}

const fn situation(audience: Channel, stage: Stage, number: u32) -> Situation {
    Situation { stage, audience, moment: None::<Moment>, order_number: Some(number) }
}

/// Everything that is assumed about these thank-yous, the widest swing first.
///
/// # Errors
/// `out_of_range` for amounts that are too large.
pub fn missing(program: &Program, model: Option<&Model>, given: &Given) -> Result<Vec<Missing>> {
    let currency = program.shop.currency;
    let mut found = Vec::new();
    let say = |minor| amount(minor, currency);
    if known_margin_bp(program, model).is_none() {
        let with = |bp| given.profit(&Program { margin_bp: Some(bp), ..program.clone() }, model);
        let (low, high) = (with(2000)?, with(4500)?);
        found.push(Missing {
            path: "marginBp".to_owned(),
            low,
            high,
            words: format!(
                "Fill in your margin (30% is assumed): at 20% these thank-yous are expected to come to {}, at 45% to {}.{}",
                say(low),
                say(high),
                turning(program, model)?
            ),
        });
    }
    for option in &program.options {
        let count = given.of(&option.id);
        if count > 0 {
            found.extend(effect(program, model, given, option, count)?);
        }
    }
    if program.allowance.is_none() {
        let allowance = program.allowance();
        found.push(Missing {
            path: "allowance".to_owned(),
            low: 0,
            high: 0,
            words: format!(
                "Say what a thank-you may cost: {}% of the order, at most {}, is assumed.",
                allowance.rate_bp / 100,
                say(allowance.max)
            ),
        });
    }
    found.sort_by_key(|one| (-(one.high - one.low).abs(), one.path.clone()));
    Ok(found)
}

/// What an option's assumed effect decides.
fn effect(
    program: &Program,
    model: Option<&Model>,
    given: &Given,
    option: &ProgramOption,
    count: i64,
) -> Result<Vec<Missing>> {
    let reckoner = Reckoner::new(program, model);
    let Some((_, audience, stage, number)) = given.0.keys().find(|key| key.0 == option.id) else {
        return Ok(Vec::new());
    };
    let figures = reckoner.figures(option, situation(*audience, *stage, *number))?;
    let mut found = Vec::new();
    let mut vary = |field: &str, low: Effect, high: Effect, what: String| -> Result<()> {
        let path = reckoner.path(option, &format!("effect.{field}")).trim_start_matches("program.").to_owned();
        if !figures.assumed.iter().any(|assumed| *assumed == path) {
            return Ok(());
        }
        let with = |effect: Effect| {
            let mut changed = program.clone();
            for other in changed.options.iter_mut().filter(|other| other.id == option.id) {
                other.effect = Some(effect);
            }
            given.profit(&changed, model)
        };
        let (low, high) = (with(low)?, with(high)?);
        let words = format!(
            "{what} then these thank-yous are expected to come to {}, or to {}.",
            amount(low, program.shop.currency),
            amount(high, program.shop.currency)
        );
        found.push(Missing { path, low, high, words });
        Ok(())
    };
    let own = option.effect.unwrap_or_default();
    let bp = |value: i64| i32::try_from(value).ok();
    vary(
        "upliftBp",
        Effect { uplift_bp: Some(0), ..own },
        Effect { uplift_bp: bp(figures.uplift_bp * 2), ..own },
        format!(
            "Count who comes back because of \"{}\" ({} of them): {} more of 10,000 are assumed. If it is none, or twice as many,",
            option.id,
            thousands(count),
            thousands(figures.uplift_bp)
        ),
    )?;
    let share = |times: i64| u32::try_from((figures.redeem_bp * times / 2).min(10_000)).ok();
    vary(
        "redeemBp",
        Effect { redeem_bp: share(4), ..own },
        Effect { redeem_bp: share(1), ..own },
        format!(
            "Count how many of the buyers redeem \"{}\": {} of 100 are assumed. If it is twice as many, or half,",
            option.id,
            figures.redeem_bp / 100
        ),
    )?;
    Ok(found)
}

/// The margin from which on the money offers of a program pay, in a sentence.
fn turning(program: &Program, model: Option<&Model>) -> Result<String> {
    let mut words = String::new();
    for option in program.options.iter().filter(|option| Reckoner::is_money(option)) {
        let pays = |bp: u32| -> Result<bool> {
            let changed = Program { margin_bp: Some(bp), ..program.clone() };
            let one = Reckoner::new(&changed, model);
            Ok(one.figures(option, situation(Channel::Page, Stage::FirstBuyer, 1))?.expected_profit >= 0)
        };
        let mut from = None;
        for percent in 1..=100 {
            if pays(percent * 100)? {
                from = Some(percent);
                break;
            }
        }
        words.push_str(&match from {
            Some(percent) => format!(" \"{}\" pays from a margin of {percent}% on.", option.id),
            None => format!(" \"{}\" pays at no margin.", option.id),
        });
    }
    Ok(words)
}

/// Whether leaving some customers alone would teach the shop what its thank-yous do, and how long that takes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct HoldoutAdvice {
    /// The share to leave alone, in basis points; 0 while the shop is too small to learn from it within two years.
    pub suggested_bp: u32,
    /// Customers it takes until the expected effect shows.
    pub customers: i64,
    /// Months that is at the present number of customers; absent without any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub months: Option<i64>,
    /// In a sentence.
    pub words: String,
}

/// The share suggested, where one is.
const SUGGESTED_BP: u32 = 1000;

/// Advice for an effect from `base_bp` to `base_bp + uplift_bp`, at so many customers a month; `None` where no effect is
/// expected. The thanks itself is never held out.
#[must_use]
pub fn holdout(base_bp: i64, uplift_bp: i64, customers_a_month: i64) -> Option<HoldoutAdvice> {
    let customers = customers_for_holdout(base_bp + uplift_bp, base_bp, SUGGESTED_BP)?;
    let months = (customers_a_month > 0).then(|| (customers + customers_a_month - 1) / customers_a_month);
    let soon = months.is_some_and(|months| months <= 24);
    let what = format!(
        "Leaving 10% without gifts (never without thanks) shows a difference between {} and {} of 10,000 after {} customers",
        thousands(base_bp),
        thousands(base_bp + uplift_bp),
        thousands(customers)
    );
    let words = match months {
        Some(months) if soon => format!("{what}: about {} months at your numbers.", thousands(months)),
        Some(_) => {
            format!("{what}, more than two years at your numbers: not distinguishable yet, so leave nobody out.")
        }
        None => format!("{what}."),
    };
    Some(HoldoutAdvice { suggested_bp: if soon { SUGGESTED_BP } else { 0 }, customers, months, words })
}
