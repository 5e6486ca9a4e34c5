//! Who is this customer? Scores, tier and stage of every customer of a shop, from its orders.

use serde::{Deserialize, Serialize};

use std::collections::HashMap;

use crate::money::{MAX_MINOR, Minor, div_round, share_bp};
use crate::order::Order;
use crate::order::base::{Base, Days, Listed, Room, Seen};
use crate::order::history::{Histories, HistoryPolicy};
use crate::reject::{Code, Error, Result};
use crate::time::Day;

pub mod check;
pub mod lifetime;
pub mod model;
pub mod referral;
pub mod reorder;
pub mod rfm;
pub mod stage;
pub mod tier;
pub mod value;

use lifetime::Forecast;
use lifetime::fit::Customer;
use lifetime::run::{CHUNK, Run, Serial};
use model::{Model, MonthSum, Placement, Row, StageCount, Summary, TierShare, days_from};
use rfm::{Cuts, Measure};
use stage::Stage;
use tier::{Earlier, Evaluation, Reason, Tier, Tiers, settle};
use value::{ValueModel, ValueSettings};

/// What a merchant may set. What is left out is the default.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Settings {
    /// The thresholds of the tiers.
    pub tiers: Tiers,
    /// After this many days without a purchase a customer is dormant: 365.
    pub dormant_days: u32,
    /// Below this probability of still buying a customer is dormant, in basis points: 1,000.
    pub dormant_below_bp: u32,
    /// How orders become histories.
    pub history: HistoryPolicy,
    /// What is asked about the future.
    pub value: ValueSettings,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            tiers: Tiers::default(),
            dormant_days: 365,
            dormant_below_bp: 1_000,
            history: HistoryPolicy::default(),
            value: ValueSettings::default(),
        }
    }
}

/// What to score, and how.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "ScoreOptions"))]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Options {
    /// Up to the end of this day, in the shop's time zone; orders placed later are left out. Without one it is the day of the last order:
    /// an export from last month must not make every customer a month older than it knows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub as_of: Option<Day>,
    /// What a merchant may set.
    pub settings: Settings,
    /// The evaluation before this one: a tier is only taken away when two in a row say so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub previous: Option<Evaluation>,
    /// Tells nothing about the future: tiers and stages alone, sooner.
    #[serde(skip_serializing_if = "core::ops::Not::not")]
    pub without_value: bool,
}

/// Everything the orders tell.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Scored {
    /// Every known customer, in the order of their ids (by bytes).
    pub rows: Vec<Row>,
    /// The sums.
    pub summary: Summary,
    /// What places a customer later, or one that was not among these.
    pub model: Model,
}

/// Scores orders.
///
/// # Errors
/// Those of [`Histories::add`] and [`evaluate`].
pub fn from_orders(orders: &[Order], options: &Options) -> Result<Scored> {
    from_orders_with(orders, options, &Serial)
}

/// As [`from_orders`], on as many threads as `run` has: the answer is the same, bit for bit.
///
/// # Errors
/// As [`from_orders`].
pub fn from_orders_with<R: Run>(orders: &[Order], options: &Options, run: &R) -> Result<Scored> {
    let histories = histories(orders, options.as_of, &options.settings)?;
    evaluate(&histories, options, run)
}

/// The histories of orders up to the end of a day in the shop's time zone.
///
/// # Errors
/// Those of [`Histories::new`], under `history`, and of [`Histories::add`].
pub fn histories(orders: &[Order], as_of: Option<Day>, settings: &Settings) -> Result<Histories> {
    let mut histories = Histories::new(&settings.history).map_err(|error| error.under("history"))?;
    for order in orders {
        if as_of.is_none_or(|day| histories.day_cut().day(order.created_at) <= day) {
            histories.add(order)?;
        }
    }
    Ok(histories)
}

/// Scores customers by their histories. These must hold nothing later than the day `options.as_of`, and must have been
/// made by `options.settings.history`; without a day it is that of the last order.
///
/// # Errors
/// `empty` when there is no order; those of [`Tiers::check`], under `tiers`, and of [`ValueModel::fit`].
pub fn evaluate<R: Run>(histories: &Histories, options: &Options, run: &R) -> Result<Scored> {
    let mut rows = Vec::with_capacity(histories.len());
    let mut take = |more: Vec<Row>| {
        rows.extend(more);
        Ok(())
    };
    let (summary, model) = evaluate_base(&Listed::new(histories), options, Some(&mut take), run)?;
    Ok(Scored { rows, summary, model })
}

/// As [`evaluate`], for histories kept in any way. Rows are handed to `rows` some at a time, in the order of the base;
/// without it none are made.
///
/// # Errors
/// As [`evaluate`], and those of `rows`.
pub fn evaluate_base<B: Base, R: Run>(
    base: &B,
    options: &Options,
    mut rows: Option<&mut dyn FnMut(Vec<Row>) -> Result<()>>,
    run: &R,
) -> Result<(Summary, Model)> {
    let settings = &options.settings;
    if !options.without_value && base.days() != Days::All {
        return Err(Error::new(Code::InvalidState, "The days on which customers bought were not kept."));
    }
    let last = base.last_at().map(|at| base.day_cut().day(at));
    let as_of = options.as_of.or(last).ok_or_else(nothing)?;
    let measured = Measured::new(base, as_of, options.without_value, run)?;
    let model = fit(base, &measured, as_of, options, run)?;
    let forecasts = match &model.value {
        Some(value) => value.forecasts(&measured.customers, settings.history.unit, run)?,
        None => Vec::new(),
    };
    let earlier = Previous::new(options.previous.as_ref(), as_of);
    let mut tally = Tally::default();
    let chunks = base.count().div_ceil(CHUNK);
    for from in (0..chunks).step_by(BATCH) {
        let wanted = rows.is_some();
        let parts = run.map(BATCH.min(chunks - from), |index| {
            let (begin, end) = bounds(base, from + index);
            // Forecasts are in the order of those who have purchased.
            let mut next = measured.before.get(from + index).copied().unwrap_or(0);
            let (mut room, mut tally, mut some) = (Room::default(), Tally::default(), Vec::new());
            for number in begin..end {
                base.look(number, Days::Ends, &mut room, |id, history| {
                    let forecast = history.first_day().and_then(|_| {
                        next += 1;
                        forecasts.get(next - 1).copied()
                    });
                    let (placement, below) = earlier.settle(id, history, &model, forecast);
                    tally.add(history, &placement);
                    if wanted {
                        let row = Row::new(id, history, placement, model.currency);
                        some.push(Row { below, ..row });
                    }
                });
            }
            (tally, some)
        });
        for (part, some) in parts {
            tally.merge(&part);
            if let Some(rows) = &mut rows {
                rows(some)?;
            }
        }
    }
    let summary = summarise(base, &tally, &model, &measured, &forecasts);
    Ok((summary, model))
}

/// Chunks whose rows are made before they are handed on.
const BATCH: usize = 32;

/// Which customers are in a chunk.
fn bounds<B: Base>(base: &B, chunk: usize) -> (usize, usize) {
    let from = chunk * CHUNK;
    (from, base.count().min(from + CHUNK))
}

/// What a first look at every customer tells.
#[derive(Default)]
struct Measured {
    /// Of those who have purchased, by chunk, in the order of the base: lists of one size after the other find room where
    /// one long list finds none.
    measures: Vec<Vec<Measure>>,
    /// The same as the models see them; empty where nobody asks.
    customers: Vec<Customer>,
    /// How many of them come before each chunk, and how many there are.
    before: Vec<usize>,
    scored: usize,
    reorder: reorder::Counts,
    totals: Totals,
}

impl Measured {
    fn new<B: Base, R: Run>(base: &B, as_of: Day, without_value: bool, run: &R) -> Result<Self> {
        let (currency, cut) = (base.currency().ok_or_else(nothing)?, base.day_cut());
        let days = if without_value { Days::Ends } else { Days::All };
        let part = |chunk: usize| {
            let (from, to) = bounds(base, chunk);
            let (mut part, mut measures, mut room) = (Self::default(), Vec::with_capacity(to - from), Room::default());
            for number in from..to {
                base.look(number, days, &mut room, |_, history| {
                    part.totals.add(history);
                    part.reorder.add(history.earliest, as_of, cut);
                    measures.extend(measure(history, as_of));
                    if !without_value {
                        part.customers.extend(value::observe(history, base.policy(), currency, as_of));
                    }
                });
            }
            part.measures.push(measures);
            part
        };
        let mut all = Self::default();
        all.customers.reserve(if without_value { 0 } else { base.count() });
        let chunks = base.count().div_ceil(CHUNK);
        for from in (0..chunks).step_by(BATCH) {
            for part in run.map(BATCH.min(chunks - from), |index| part(from + index)) {
                all.before.push(all.scored);
                all.scored += part.measures.iter().map(Vec::len).sum::<usize>();
                all.measures.extend(part.measures);
                all.customers.extend(part.customers);
                all.reorder.merge(&part.reorder);
                all.totals.merge(&part.totals);
            }
        }
        Ok(all)
    }
}

/// The evaluation before this one, by customer.
struct Previous<'a>(HashMap<&'a str, &'a Earlier>);

impl<'a> Previous<'a> {
    fn new(previous: Option<&'a Evaluation>, as_of: Day) -> Self {
        let before = previous.filter(|previous| previous.as_of < as_of);
        Self(before.into_iter().flat_map(|previous| &previous.rows).map(|row| (row.id.as_str(), row)).collect())
    }

    /// Where a customer stands, with the tier that holds after hysteresis, and for how many evaluations she has been
    /// below it.
    fn settle(&self, id: &str, history: &Seen<'_>, model: &Model, forecast: Option<Forecast>) -> (Placement, u32) {
        let mut placed = model.place_with(history, model.as_of, forecast);
        if self.0.is_empty() {
            return (placed, 0);
        }
        let Some(earlier) = self.0.get(id) else { return (placed, 0) };
        let days = placed.active.map_or(0, |active| active.recency_days);
        let asleep = days > i64::from(model.tiers.inactive_days);
        let (tier, below) = settle(placed.tier, asleep, Some(earlier));
        if tier > placed.tier {
            placed.reasons.push(Reason::KeptOnce);
            placed.stage =
                Stage::from_orders(history.purchases, tier, days, model.dormant_days, model.gone(forecast.as_ref()));
        }
        placed.tier = tier;
        (placed, below)
    }
}

fn fit<B: Base, R: Run>(base: &B, measured: &Measured, as_of: Day, options: &Options, run: &R) -> Result<Model> {
    let settings = &options.settings;
    settings.tiers.check().map_err(|error| error.under("tiers"))?;
    let currency = base.currency().ok_or_else(nothing)?;
    let measures = || measured.measures.iter().flatten().copied();
    let (method, cuts) = Cuts::fit_with(measured.scored, measures);
    let one_time = measures().filter(|measure| measure.orders == 1).count();
    let totals = &measured.totals;
    let value = if options.without_value { None } else { ValueModel::fit(&measured.customers, &settings.value, run)? };
    Ok(Model {
        v: 1,
        as_of,
        currency,
        history: settings.history.clone(),
        customers: count(measured.scored),
        method,
        cuts,
        tiers: settings.tiers.clone(),
        dormant_days: settings.dormant_days,
        basket_median: rfm::median(rfm::collected(measured.scored, measures().map(|measure| measure.basket))),
        one_time_share_bp: share_bp(count(one_time).into(), count(measured.scored).into()),
        return_rate_bp: share_bp(totals.returned, totals.revenue),
        margin_bp: (totals.costed > 0).then(|| share_bp(totals.costed - totals.cost, totals.costed)),
        reorder: measured.reorder.rates(),
        seasonality_bp: seasonality(base, as_of),
        dormant_below_bp: settings.dormant_below_bp,
        value,
    })
}

/// How many purchases a day each calendar month has beside an average one, from the last whole years that were
/// observed.
fn seasonality<B: Base>(histories: &B, as_of: Day) -> Option<Vec<i64>> {
    let (year, month, _) = as_of.plus(1).civil();
    // The month of the day after: the one before it is over.
    let end = year * 12 + month - 1;
    let (first, _) = histories.months().first_key_value()?;
    // The first month may have begun before the export.
    let years = (end - first - 1).div_euclid(12);
    if years < 1 {
        return None;
    }
    let begin = end - 12 * years;
    let (mut purchases, mut days) = ([0_i64; 12], [0_i64; 12]);
    for at in begin..end {
        let place = usize::try_from(at.rem_euclid(12)).unwrap_or(0);
        let start = |at: i64| Day::from_civil(at.div_euclid(12), at.rem_euclid(12) + 1, 1).map_or(0, Day::number);
        days[place] += i64::from(start(at + 1) - start(at));
        purchases[place] += histories.months().get(&at).map_or(0, |month| i64::from(month.purchases));
    }
    let (all, all_days) = (purchases.iter().sum::<i64>(), days.iter().sum::<i64>());
    let index = |place: usize| {
        let expected = i128::from(all) * i128::from(days[place]);
        i64::try_from(div_round(i128::from(purchases[place]) * i128::from(all_days) * 10_000, expected)).unwrap_or(0)
    };
    (all > 0).then(|| (0..12).map(index).collect())
}

fn measure(history: &Seen<'_>, as_of: Day) -> Option<Measure> {
    history.last_day().map(|last| Measure {
        recency_days: days_from(last, as_of),
        orders: history.purchases,
        basket: rfm::basket(history.revenue, history.returned, history.purchases),
    })
}

fn summarise<B: Base>(base: &B, tally: &Tally, model: &Model, measured: &Measured, forecasts: &[Forecast]) -> Summary {
    let totals = &measured.totals;
    let anonymous = base.anonymous();
    let customers = count(base.count());
    let tiers = Tier::ALL.map(|tier| {
        let (counted, revenue) = tally.tiers[tier as usize];
        TierShare {
            tier,
            customers: counted,
            share_bp: share_bp(counted.into(), customers.into()),
            revenue,
            revenue_share_bp: share_bp(revenue, totals.revenue),
        }
    });
    let stages = [Stage::Lead, Stage::FirstBuyer, Stage::Relationship, Stage::Vip, Stage::Dormant]
        .map(|stage| StageCount { stage, customers: tally.stages[stage as usize] });
    let kept = i128::from(totals.revenue - totals.returned).max(0);
    Summary {
        v: 1,
        as_of: model.as_of,
        currency: model.currency,
        orders: totals.orders.saturating_add(anonymous.orders),
        purchases: totals.purchases,
        returns: totals.returns,
        anonymous_orders: anonymous.orders,
        customers,
        scored: model.customers,
        revenue: totals.revenue,
        returned: totals.returned,
        tiers: tiers.into(),
        stages: stages.into(),
        reorder_window_days: reorder::WINDOW_DAYS,
        reorder: model.reorder.clone(),
        basket_median: model.basket_median,
        basket_mean: Minor::try_from(div_round(kept, totals.purchases.into())).unwrap_or(MAX_MINOR),
        one_time_share_bp: model.one_time_share_bp,
        return_rate_bp: model.return_rate_bp,
        margin_bp: model.margin_bp,
        seasonality_bp: model.seasonality_bp.clone(),
        months: base
            .months()
            .iter()
            .map(|(key, month)| MonthSum {
                month: format!("{:04}-{:02}", key.div_euclid(12), key.rem_euclid(12) + 1),
                purchases: month.purchases,
                revenue: month.revenue,
            })
            .collect(),
        value: model.value.as_ref().map(|value| value.summary(&measured.customers, forecasts, model.currency)),
    }
}

/// The sums over all known customers.
#[derive(Default)]
struct Totals {
    orders: u32,
    purchases: u32,
    returns: u32,
    revenue: Minor,
    returned: Minor,
    costed: Minor,
    cost: Minor,
}

impl Totals {
    fn add(&mut self, history: &Seen<'_>) {
        self.merge(&Self {
            orders: history.orders,
            purchases: history.purchases,
            returns: history.returns,
            revenue: history.revenue,
            returned: history.returned,
            costed: history.costed,
            cost: history.cost,
        });
    }

    fn merge(&mut self, other: &Self) {
        self.orders = self.orders.saturating_add(other.orders);
        self.purchases = self.purchases.saturating_add(other.purchases);
        self.returns = self.returns.saturating_add(other.returns);
        self.revenue = held(self.revenue, other.revenue);
        self.returned = held(self.returned, other.returned);
        self.costed = held(self.costed, other.costed);
        self.cost = held(self.cost, other.cost);
    }
}

/// How many customers are where.
#[derive(Default)]
struct Tally {
    /// Customers and revenue, by tier.
    tiers: [(u32, Minor); Tier::ALL.len()],
    stages: [u32; Stage::ALL.len()],
}

impl Tally {
    fn add(&mut self, history: &Seen<'_>, placement: &Placement) {
        let tier = &mut self.tiers[placement.tier as usize];
        *tier = (tier.0.saturating_add(1), held(tier.1, history.revenue));
        let stage = &mut self.stages[placement.stage as usize];
        *stage = stage.saturating_add(1);
    }

    fn merge(&mut self, other: &Self) {
        for (sum, other) in self.tiers.iter_mut().zip(&other.tiers) {
            *sum = (sum.0.saturating_add(other.0), held(sum.1, other.1));
        }
        for (sum, other) in self.stages.iter_mut().zip(&other.stages) {
            *sum = sum.saturating_add(*other);
        }
    }
}

/// A sum held at the largest exact amount.
fn held(one: Minor, other: Minor) -> Minor {
    one.saturating_add(other).min(MAX_MINOR)
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

fn nothing() -> Error {
    Error::new(Code::Empty, "There is no order to score. Import an order export first, or choose a later date.")
}

#[cfg(test)]
mod tests;
