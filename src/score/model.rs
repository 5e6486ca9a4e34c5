//! What did this shop's orders teach? The cut points and thresholds that place any customer, and the summary.

use serde::{Deserialize, Serialize};

use super::lifetime::Forecast;
use super::reorder::Reorder;
use super::rfm::{Cuts, Measure, Method, Rfm, basket};
use super::stage::Stage;
use super::tier::{Reason, Standing, Tier, Tiers};
use super::value::{ValueModel, ValueSummary};
use crate::money::{Currency, Minor};
use crate::order::base::Seen;
use crate::order::history::{History, HistoryPolicy};
use crate::reject::{Code, Error, Result, parse_json};
use crate::time::Day;

/// What was fitted from one shop's orders.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Model {
    /// Version of this document: 1.
    pub v: u8,
    /// The last day that was observed, in the shop's time zone.
    pub as_of: Day,
    /// The currency of every amount.
    pub currency: Currency,
    /// How orders became histories; absent where everything was left to the default.
    #[serde(default, skip_serializing_if = "HistoryPolicy::is_default")]
    pub history: HistoryPolicy,
    /// Customers with at least one purchase: those the cut points were fitted to.
    pub customers: u32,
    /// How the cut points came about.
    pub method: Method,
    /// Where the scores begin.
    pub cuts: Cuts,
    /// The thresholds of the tiers.
    pub tiers: Tiers,
    /// After this many days without a purchase a customer is dormant.
    pub dormant_days: u32,
    /// The middle one of the customers' average baskets after returns, in minor units.
    pub basket_median: Minor,
    /// Share of those customers who purchased once, in basis points.
    pub one_time_share_bp: i64,
    /// What went back, in basis points of revenue.
    pub return_rate_bp: i64,
    /// Reorder rates by order number.
    pub reorder: Vec<Reorder>,
    /// When in the year the shop sells: 12 months, 10,000 is an average one; absent before a whole year was observed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seasonality_bp: Option<Vec<i64>>,
    /// Below this probability of still buying a customer is dormant, in basis points.
    #[serde(default)]
    pub dormant_below_bp: u32,
    /// What a purchase leaves after the cost of its goods and its tax, in basis points of what was paid; absent where
    /// the export tells no cost.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub margin_bp: Option<i64>,
    /// What customers will still buy; absent where there are too few to tell, or no fit was found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<ValueModel>,
}

/// Where one customer stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Placement {
    /// Average basket after returns, in minor units.
    pub basket: Minor,
    /// Days since the first and since the last purchase, and the scores; none without a purchase.
    pub active: Option<Active>,
    /// The tier.
    pub tier: Tier,
    /// The stage, as far as orders alone tell.
    pub stage: Stage,
    /// What held a higher tier back.
    pub reasons: Vec<Reason>,
    /// What the customer will still buy, where the model tells.
    pub forecast: Option<Forecast>,
}

/// What is only known of someone who has purchased.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Active {
    /// Days since the last purchase.
    pub recency_days: i64,
    /// Days since the first purchase.
    pub age_days: i64,
    /// The scores.
    pub rfm: Rfm,
}

impl Model {
    /// Reads a model.
    ///
    /// # Errors
    /// Those of [`parse_json`] and [`check`](Self::check).
    pub fn parse(text: &str) -> Result<Self> {
        /// Only the version: a later one may have fields this reader does not know.
        #[derive(Deserialize)]
        struct Version {
            v: Option<u64>,
        }
        if let Ok(Version { v: Some(v) }) = parse_json::<Version>(text)
            && v != 1
        {
            return Err(unsupported(v));
        }
        let model: Self = parse_json(text)?;
        model.check()?;
        Ok(model)
    }

    /// Whether the parts fit each other.
    ///
    /// # Errors
    /// `unsupported_version`, or `contradiction` and `invalid_value` with the path of what does not fit.
    pub fn check(&self) -> Result<()> {
        if self.v != 1 {
            return Err(unsupported(self.v.into()));
        }
        if let Some(field) = self.cuts.out_of_sequence() {
            return Err(Error::at(
                Code::Contradiction,
                format!("cuts.{field}"),
                "The cut points are out of sequence. Score the orders again.",
            ));
        }
        self.tiers.check().map_err(|error| error.under("tiers"))
    }

    /// Where a customer stands on the day `as_of`, against these cut points.
    #[must_use]
    pub fn place(&self, history: &History, as_of: Day) -> Placement {
        let seen = history.seen();
        let forecast = self.value.as_ref().and_then(|value| value.forecast(&seen, &self.history, self.currency, as_of));
        self.place_with(&seen, as_of, forecast)
    }

    /// As [`Model::place`], with a forecast that was made before.
    pub(super) fn place_with(&self, history: &Seen<'_>, as_of: Day, forecast: Option<Forecast>) -> Placement {
        let basket = basket(history.revenue, history.returned, history.purchases);
        let (Some(first), Some(last)) = (history.first_day(), history.last_day()) else {
            return Placement {
                basket: 0,
                active: None,
                tier: Tier::None,
                stage: Stage::Lead,
                reasons: Vec::new(),
                forecast: None,
            };
        };
        let (recent, age_days) = (days_from(last, as_of), i64::from(days_from(first, as_of)));
        let recency_days = i64::from(recent);
        let rfm = self.cuts.score(&Measure { recency_days: recent, orders: history.purchases, basket });
        let (tier, reasons) = self.tiers.place(&Standing { rfm, age_days, recency_days, orders: history.purchases });
        let gone = self.gone(forecast.as_ref());
        let stage = Stage::from_orders(history.purchases, tier, recency_days, self.dormant_days, gone);
        Placement { basket, active: Some(Active { recency_days, age_days, rfm }), tier, stage, reasons, forecast }
    }

    /// Whether a customer probably buys no more.
    pub(super) fn gone(&self, forecast: Option<&Forecast>) -> bool {
        forecast.is_some_and(|forecast| forecast.p_alive * 10_000.0 < f64::from(self.dormant_below_bp))
    }
}

fn unsupported(v: u64) -> Error {
    Error::at(
        Code::UnsupportedVersion,
        "v",
        format!("This is a model of version {v}; this Zugabe reads version 1. Score the orders again with it."),
    )
}

/// Days from `day` to `as_of`, 0 when `day` is later.
pub(super) fn days_from(day: Day, as_of: Day) -> i32 {
    as_of.number().saturating_sub(day.number()).max(0)
}

/// What the orders of a shop come to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Summary {
    /// Version of this document: 1.
    pub v: u8,
    /// The last day that was observed, in the shop's time zone.
    pub as_of: Day,
    /// The currency of every amount.
    pub currency: Currency,
    /// All orders, returns and cancelled ones included, test orders left out.
    pub orders: u32,
    /// Purchases of known customers.
    pub purchases: u32,
    /// Returns of known customers that name no order.
    pub returns: u32,
    /// Orders and returns that name no customer.
    pub anonymous_orders: u32,
    /// Known customers.
    pub customers: u32,
    /// Those of them with at least one purchase: those who have scores.
    pub scored: u32,
    /// What the purchases of known customers came to, before returns, in minor units.
    pub revenue: Minor,
    /// What went back from known customers, in minor units.
    pub returned: Minor,
    /// Every tier, the highest first; the customers add up to all known ones.
    pub tiers: Vec<TierShare>,
    /// Every stage that orders can tell; the customers add up to all known ones.
    pub stages: Vec<StageCount>,
    /// Within how many days the next order counts as a reorder.
    pub reorder_window_days: i32,
    /// Reorder rates by order number.
    pub reorder: Vec<Reorder>,
    /// The middle one of the scored customers' average baskets after returns, in minor units.
    pub basket_median: Minor,
    /// What a purchase of a known customer came to on average, after returns, in minor units.
    pub basket_mean: Minor,
    /// Share of the scored customers who purchased once, in basis points.
    pub one_time_share_bp: i64,
    /// What went back, in basis points of revenue.
    pub return_rate_bp: i64,
    /// What a purchase leaves after the cost of its goods and its tax, in basis points of what was paid; absent where
    /// the export tells no cost.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub margin_bp: Option<i64>,
    /// When in the year the shop sells: 12 months, 10,000 is an average one; absent before a whole year was observed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seasonality_bp: Option<Vec<i64>>,
    /// Every local calendar month with a purchase, guests' included, the earliest first.
    pub months: Vec<MonthSum>,
    /// What customers will still buy; absent where there are too few to tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<ValueSummary>,
}

/// One calendar month of the shop.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MonthSum {
    /// The month as `2026-11`.
    pub month: String,
    /// Purchases.
    pub purchases: u32,
    /// What they came to, before returns, in minor units.
    pub revenue: Minor,
}

/// A tier's part of the base.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TierShare {
    /// The tier.
    pub tier: Tier,
    /// Customers in it.
    pub customers: u32,
    /// Their share of all known customers, in basis points.
    pub share_bp: i64,
    /// What their purchases came to, before returns, in minor units.
    pub revenue: Minor,
    /// Its share of the revenue of all known customers, in basis points.
    pub revenue_share_bp: i64,
}

/// How many customers are in a stage.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct StageCount {
    /// The stage.
    pub stage: Stage,
    /// Customers in it.
    pub customers: u32,
}

/// One customer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Row {
    /// The customer's id.
    pub id: String,
    /// The name to greet with, when the orders carry one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Purchases.
    pub orders: u32,
    /// The first purchase; absent without one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_at: Option<crate::time::Instant>,
    /// The last purchase; absent without one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_at: Option<crate::time::Instant>,
    /// Days since the last purchase; absent without one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recency_days: Option<i64>,
    /// Days since the first purchase; absent without one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub age_days: Option<i64>,
    /// What the purchases came to, before returns, in minor units.
    pub revenue: Minor,
    /// What went back, in minor units.
    pub returned: Minor,
    /// Average basket after returns, in minor units.
    pub basket: Minor,
    /// Recency score, 1 to 5; absent without a purchase.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub r: Option<u8>,
    /// Frequency score, 1 to 5; absent without a purchase.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub f: Option<u8>,
    /// Basket score, 1 to 5; absent without a purchase.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub m: Option<u8>,
    /// The tier.
    pub tier: Tier,
    /// The stage, as far as orders alone tell.
    pub stage: Stage,
    /// What held a higher tier back.
    pub reasons: Vec<Reason>,
    /// How many evaluations in a row the scores have been below the tier: hand it to the next one.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub below: u32,
    /// Probability that the customer still buys, to four digits; absent where the model does not tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub p_alive: Option<f64>,
    /// Purchases within the model's horizon, a mean, to four digits; absent where the model does not tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected_purchases: Option<f64>,
    /// Discounted revenue of those purchases, in minor units, before margin; absent where the model does not tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clv: Option<Minor>,
}

#[allow(clippy::trivially_copy_pass_by_ref)] // serde passes a reference.
const fn is_zero(count: &u32) -> bool {
    *count == 0
}

/// A number to four digits after the point, as rows carry it.
fn rounded(value: f64) -> f64 {
    libm::round(value * 10_000.0) / 10_000.0
}

impl Row {
    pub(super) fn new(id: &str, history: &Seen<'_>, placement: Placement, currency: Currency) -> Self {
        let forecast = placement.forecast;
        let active = placement.active;
        Self {
            id: id.to_owned(),
            name: history.name.map(str::to_owned),
            orders: history.purchases,
            first_at: history.earliest.first().copied(),
            last_at: history.last_at,
            recency_days: active.map(|a| a.recency_days),
            age_days: active.map(|a| a.age_days),
            revenue: history.revenue,
            returned: history.returned,
            basket: placement.basket,
            r: active.map(|a| a.rfm.r),
            f: active.map(|a| a.rfm.f),
            m: active.map(|a| a.rfm.m),
            tier: placement.tier,
            stage: placement.stage,
            reasons: placement.reasons,
            below: 0,
            p_alive: forecast.map(|forecast| rounded(forecast.p_alive)),
            expected_purchases: forecast.map(|forecast| rounded(forecast.expected_purchases)),
            clv: forecast.and_then(|forecast| forecast.clv).map(|clv| super::value::minor(clv, currency)),
        }
    }
}
