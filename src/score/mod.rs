//! Who is this customer? Scores, tier and stage of every customer of a shop, from its orders.

use serde::{Deserialize, Serialize};

use std::collections::HashMap;

use crate::money::{MAX_MINOR, Minor, div_round, share_bp};
use crate::order::Order;
use crate::order::history::{Histories, History, HistoryPolicy};
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
use lifetime::run::{Run, Serial};
use model::{Model, MonthSum, Row, StageCount, Summary, TierShare, days_from};
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
pub(crate) fn histories(orders: &[Order], as_of: Option<Day>, settings: &Settings) -> Result<Histories> {
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
    let settings = &options.settings;
    let last = histories.last_at().map(|at| histories.day_cut().day(at));
    let as_of = options.as_of.or(last).ok_or_else(nothing)?;
    let customers = value::observations(histories, as_of);
    let model = fit(histories, &customers, as_of, settings, run)?;
    let forecasts = match &model.value {
        Some(value) => value.forecasts(&customers, settings.history.unit, run)?,
        None => Vec::new(),
    };
    let earlier = Previous::new(options.previous.as_ref(), as_of);
    // Forecasts are in the order of those who have purchased.
    let mut next = forecasts.iter();
    let rows: Vec<Row> = histories
        .iter()
        .map(|(id, history)| {
            let forecast = history.first_day().and_then(|_| next.next()).copied();
            earlier.settle(id, history, &model, forecast)
        })
        .collect();
    let summary = summarise(histories, &rows, &model, &customers, &forecasts);
    Ok(Scored { rows, summary, model })
}

/// The evaluation before this one, by customer.
struct Previous<'a>(HashMap<&'a str, &'a Earlier>);

impl<'a> Previous<'a> {
    fn new(previous: Option<&'a Evaluation>, as_of: Day) -> Self {
        let before = previous.filter(|previous| previous.as_of < as_of);
        Self(before.into_iter().flat_map(|previous| &previous.rows).map(|row| (row.id.as_str(), row)).collect())
    }

    /// A customer's row, with the tier that holds after hysteresis.
    fn settle(&self, id: &str, history: &History, model: &Model, forecast: Option<Forecast>) -> Row {
        let placement = model.place_with(history, model.as_of, forecast);
        let mut row = Row::new(id, history, placement, model.currency);
        let Some(earlier) = self.0.get(id) else { return row };
        let days = row.recency_days.unwrap_or(0);
        let asleep = days > i64::from(model.tiers.inactive_days);
        let (tier, below) = settle(row.tier, asleep, Some(earlier));
        if tier > row.tier {
            row.reasons.push(Reason::KeptOnce);
            row.stage =
                Stage::from_orders(history.purchases, tier, days, model.dormant_days, model.gone(forecast.as_ref()));
        }
        (row.tier, row.below) = (tier, below);
        row
    }
}

fn fit<R: Run>(
    histories: &Histories,
    customers: &[Customer],
    as_of: Day,
    settings: &Settings,
    run: &R,
) -> Result<Model> {
    settings.tiers.check().map_err(|error| error.under("tiers"))?;
    let currency = histories.currency().ok_or_else(nothing)?;
    let measures: Vec<Measure> = histories.iter().filter_map(|(_, history)| measure(history, as_of)).collect();
    let (method, cuts) = Cuts::fit(&measures);
    let one_time = measures.iter().filter(|measure| measure.orders == 1).count();
    let totals = totals(histories);
    Ok(Model {
        v: 1,
        as_of,
        currency,
        history: settings.history.clone(),
        customers: count(measures.len()),
        method,
        cuts,
        tiers: settings.tiers.clone(),
        dormant_days: settings.dormant_days,
        basket_median: rfm::median(measures.iter().map(|measure| measure.basket).collect()),
        one_time_share_bp: share_bp(count(one_time).into(), count(measures.len()).into()),
        return_rate_bp: share_bp(totals.returned, totals.revenue),
        reorder: reorder::rates(histories.iter().map(|(_, history)| history), as_of, histories.day_cut()),
        seasonality_bp: seasonality(histories, as_of),
        dormant_below_bp: settings.dormant_below_bp,
        value: ValueModel::fit(customers, &settings.value, run)?,
    })
}

/// How many purchases a day each calendar month has beside an average one, from the last whole years that were
/// observed.
fn seasonality(histories: &Histories, as_of: Day) -> Option<Vec<i64>> {
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

fn measure(history: &History, as_of: Day) -> Option<Measure> {
    history.last_day().map(|last| Measure {
        recency_days: days_from(last, as_of),
        orders: history.purchases.into(),
        basket: rfm::basket(history.revenue, history.returned, history.purchases),
    })
}

fn summarise(
    histories: &Histories,
    rows: &[Row],
    model: &Model,
    customers: &[Customer],
    forecasts: &[Forecast],
) -> Summary {
    let totals = totals(histories);
    let anonymous = histories.anonymous();
    let tiers = Tier::ALL.map(|tier| {
        let revenue = held(rows.iter().filter(|row| row.tier == tier).map(|row| row.revenue));
        let customers = count(rows.iter().filter(|row| row.tier == tier).count());
        TierShare {
            tier,
            customers,
            share_bp: share_bp(customers.into(), count(rows.len()).into()),
            revenue,
            revenue_share_bp: share_bp(revenue, totals.revenue),
        }
    });
    let stages = [Stage::Lead, Stage::FirstBuyer, Stage::Relationship, Stage::Vip, Stage::Dormant]
        .map(|stage| StageCount { stage, customers: count(rows.iter().filter(|row| row.stage == stage).count()) });
    let kept = i128::from(totals.revenue - totals.returned).max(0);
    Summary {
        v: 1,
        as_of: model.as_of,
        currency: model.currency,
        orders: totals.orders.saturating_add(anonymous.orders),
        purchases: totals.purchases,
        returns: totals.returns,
        anonymous_orders: anonymous.orders,
        customers: count(rows.len()),
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
        months: histories
            .months()
            .iter()
            .map(|(key, month)| MonthSum {
                month: format!("{:04}-{:02}", key.div_euclid(12), key.rem_euclid(12) + 1),
                purchases: month.purchases,
                revenue: month.revenue,
            })
            .collect(),
        value: model.value.as_ref().map(|value| value.summary(customers, forecasts, model.currency)),
    }
}

/// The sums over all known customers.
struct Totals {
    orders: u32,
    purchases: u32,
    returns: u32,
    revenue: Minor,
    returned: Minor,
}

fn totals(histories: &Histories) -> Totals {
    let sum =
        |of: fn(&History) -> u32| histories.iter().fold(0_u32, |sum, (_, history)| sum.saturating_add(of(history)));
    Totals {
        orders: sum(|history| history.orders),
        purchases: sum(|history| history.purchases),
        returns: sum(|history| history.returns),
        revenue: held(histories.iter().map(|(_, history)| history.revenue)),
        returned: held(histories.iter().map(|(_, history)| history.returned)),
    }
}

/// A sum held at the largest exact amount.
fn held(amounts: impl Iterator<Item = Minor>) -> Minor {
    amounts.fold(0, |sum: Minor, amount| sum.saturating_add(amount).min(MAX_MINOR))
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

fn nothing() -> Error {
    Error::new(Code::Empty, "There is no order to score. Import an order export first, or choose a later date.")
}

#[cfg(test)]
mod tests;
