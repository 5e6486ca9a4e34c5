//! Who is this customer? Scores, tier and stage of every customer of a shop, from its orders.

use serde::{Deserialize, Serialize};

use crate::money::{MAX_MINOR, Minor, div_round, share_bp};
use crate::order::Order;
use crate::order::history::{Histories, History, fold};
use crate::reject::{Code, Error, Result};
use crate::time::{Day, Instant};

pub mod model;
pub mod reorder;
pub mod rfm;
pub mod stage;
pub mod tier;

use model::{Model, Row, StageCount, Summary, TierShare, days_from};
use rfm::{Cuts, Measure};
use stage::Stage;
use tier::{Tier, Tiers};

/// What a merchant may set. What is left out is the default.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Settings {
    /// The thresholds of the tiers.
    pub tiers: Tiers,
    /// After this many days without a purchase a customer is dormant: 365.
    pub dormant_days: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Self { tiers: Tiers::default(), dormant_days: 365 }
    }
}

/// What to score, and how.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "ScoreOptions"))]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Options {
    /// Up to the end of this day (UTC); orders placed later are left out. Without one it is the day of the last order:
    /// an export from last month must not make every customer a month older than it knows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub as_of: Option<Day>,
    /// What a merchant may set.
    pub settings: Settings,
}

/// Everything the orders tell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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
/// Those of [`fold`] and [`evaluate`].
pub fn from_orders(orders: &[Order], options: &Options) -> Result<Scored> {
    let observed = |order: &&Order| options.as_of.is_none_or(|day| order.created_at.day() <= day);
    let histories = fold(orders.iter().filter(observed))?;
    let last = histories.last_at().map(Instant::day);
    evaluate(&histories, options.as_of.or(last).ok_or_else(nothing)?, &options.settings)
}

/// Scores customers by their histories. These must hold nothing later than the day `as_of` (UTC).
///
/// # Errors
/// `empty` when there is no order; those of [`Tiers::check`], under `tiers`.
pub fn evaluate(histories: &Histories, as_of: Day, settings: &Settings) -> Result<Scored> {
    let model = fit(histories, as_of, settings)?;
    let rows: Vec<Row> =
        histories.iter().map(|(id, history)| Row::new(id, history, model.place(history, as_of))).collect();
    let summary = summarise(histories, &rows, &model);
    Ok(Scored { rows, summary, model })
}

fn fit(histories: &Histories, as_of: Day, settings: &Settings) -> Result<Model> {
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
        customers: count(measures.len()),
        method,
        cuts,
        tiers: settings.tiers.clone(),
        dormant_days: settings.dormant_days,
        basket_median: rfm::median(measures.iter().map(|measure| measure.basket).collect()),
        one_time_share_bp: share_bp(count(one_time).into(), count(measures.len()).into()),
        return_rate_bp: share_bp(totals.returned, totals.revenue),
        reorder: reorder::rates(histories.iter().map(|(_, history)| history), as_of),
    })
}

fn measure(history: &History, as_of: Day) -> Option<Measure> {
    history.last_at.map(|last| Measure {
        recency_days: days_from(last.day(), as_of),
        orders: history.purchases.into(),
        basket: rfm::basket(history.revenue, history.returned, history.purchases),
    })
}

fn summarise(histories: &Histories, rows: &[Row], model: &Model) -> Summary {
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
