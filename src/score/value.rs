//! What will this shop's customers still buy? Histories become observations, a model is fitted to them, and forecasts
//! come back in the shop's money.

use serde::{Deserialize, Serialize};

use super::lifetime::fit::Customer;
use super::lifetime::run::Run;
use super::lifetime::{Fitted, Forecast, ModelName, Observation, Outlook, fit, predict, run};
use crate::money::{Currency, MAX_MINOR, Minor};
use crate::order::base::Seen;
use crate::order::history::{Histories, History, HistoryPolicy, Returns, SameDay, Unit};
use crate::reject::{Code, Error, Result};
use crate::time::Day;

/// With fewer customers than this nothing is fitted.
pub const LEAST_CUSTOMERS: usize = 25;

/// With fewer than this the fit is held by a penalty, unless one is named.
const LEAST_WITHOUT_PENALTY: usize = 500;

/// That penalty.
const SMALL_SHOP_PENALTY: f64 = 0.001;

/// What is asked about the future.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct ValueSettings {
    /// The model of purchases: `bgnbd`.
    pub model: ModelName,
    /// How far to look, in days: 365.
    pub horizon_days: u32,
    /// What money loses in a year, in basis points: 1,000. Discounted by twelfths of a year.
    pub discount_bp: u32,
    /// Weight of the penalty of the fit; without one 0.001 for fewer than 500 customers, else 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub penalty: Option<f64>,
}

impl Default for ValueSettings {
    fn default() -> Self {
        Self { model: ModelName::Bgnbd, horizon_days: 365, discount_bp: 1_000, penalty: None }
    }
}

impl ValueSettings {
    /// The same in a unit of time.
    fn outlook(&self, unit: Unit) -> Outlook {
        let yearly = 1.0 + f64::from(self.discount_bp) / 10_000.0;
        Outlook {
            horizon: f64::from(self.horizon_days.clamp(1, 36_500)) / unit.days(),
            discount: libm::pow(yearly, 1.0 / 12.0) - 1.0,
            discount_period: 365.25 / 12.0 / unit.days(),
        }
    }
}

/// What was fitted to a shop's histories.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ValueModel {
    /// What was asked.
    pub settings: ValueSettings,
    /// How often customers buy. Times are in the unit of the history policy.
    pub purchases: Fitted,
    /// What they spend on a purchase, in major units; absent where amounts have no mean or too few are known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spend: Option<Fitted>,
}

/// What all customers together are expected to do.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ValueSummary {
    /// The model of purchases.
    pub model: ModelName,
    /// How far it looks, in days.
    pub horizon_days: u32,
    /// Customers it was made for.
    pub customers: u32,
    /// How many of them still buy: the sum of their probabilities, rounded.
    pub alive: u32,
    /// Customers with a repeat purchase who more probably than not buy no more.
    pub likely_lost: u32,
    /// Purchases they are expected to make within the horizon, rounded.
    pub expected_purchases: u32,
    /// Discounted revenue of these, in minor units, before margin; absent without a model of amounts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clv: Option<Minor>,
}

/// An amount of a model, in minor units.
pub(super) fn minor(major: f64, currency: Currency) -> Minor {
    #[allow(clippy::cast_precision_loss)] // 1, 100 or 1,000, and 2^53 - 1: both are exact.
    let (scale, most) = (currency.scale() as f64, MAX_MINOR as f64);
    #[allow(clippy::cast_possible_truncation)] // Held in range.
    let minor = libm::round(major * scale).clamp(0.0, most) as Minor;
    minor
}

/// One customer as the models see her: repeat purchases, recency and T in the unit of the policy, and the mean amount of
/// a repeat purchase (of every purchase where the policy says so) in major units. None without a purchase.
#[must_use]
pub fn observation(history: &History, policy: &HistoryPolicy, currency: Currency, as_of: Day) -> Option<Customer> {
    observe(&history.seen(), policy, currency, as_of)
}

/// As [`observation`], of a history that is looked at.
#[must_use]
pub fn observe(history: &Seen<'_>, policy: &HistoryPolicy, currency: Currency, as_of: Day) -> Option<Customer> {
    let (first_day, last_day) = (history.first_day()?, history.last_day()?);
    let first = history.first?;
    let purchases = match policy.same_day {
        SameDay::Merge => u32::try_from(history.days.len()).unwrap_or(u32::MAX),
        SameDay::Keep => history.purchases,
    };
    let frequency = purchases.saturating_sub(1);
    let days = |from: Day, to: Day| f64::from(to.number().saturating_sub(from.number()).max(0));
    let recency = days(first_day, last_day) / policy.unit.days();
    let t = days(first_day, as_of) / policy.unit.days();
    #[allow(clippy::cast_precision_loss)] // Amounts are exact up to 2^53.
    let float = |minor: Minor| minor as f64;
    let netted = policy.returns == Returns::Netted;
    // Returns that name no order are spread over all purchases.
    let unnamed = if netted { float(history.returned - history.refunded) } else { 0.0 };
    let total = float(history.revenue) - if netted { float(history.refunded) } else { 0.0 };
    let (begun, count) = if policy.first_in_mean {
        (0.0, f64::from(purchases))
    } else {
        // Of orders that share the first instant one is the first.
        let share = match policy.same_day {
            SameDay::Merge => 1.0,
            SameDay::Keep => 1.0 / f64::from(first.orders.max(1)),
        };
        let begun = float(first.revenue) - if netted { float(first.refunded) } else { 0.0 };
        (begun * share, f64::from(frequency))
    };
    let part = if total > 0.0 { (total - begun) / total } else { 0.0 };
    let spent = (total - begun - unnamed * part).max(0.0);
    #[allow(clippy::cast_precision_loss)] // 1, 100 or 1,000.
    let scale = currency.scale() as f64;
    let mean = (frequency > 0 && count > 0.0).then(|| spent / count / scale);
    Some((Observation { frequency, recency, t }, mean))
}

/// Every customer with a purchase, in the order of their ids, observed up to the end of the day `as_of`.
#[must_use]
pub fn observations(histories: &Histories, as_of: Day) -> Vec<Customer> {
    let Some(currency) = histories.currency() else { return Vec::new() };
    histories.iter().filter_map(|(_, history)| observation(history, histories.policy(), currency, as_of)).collect()
}

impl ValueModel {
    /// Fits purchases and amounts; none with fewer than [`LEAST_CUSTOMERS`] customers, or where the fit of purchases
    /// did not converge.
    ///
    /// # Errors
    /// `invalid_value` for a penalty or a model that is none.
    pub fn fit<R: Run>(customers: &[Customer], settings: &ValueSettings, runner: &R) -> Result<Option<Self>> {
        if settings.model == ModelName::Gammagamma {
            return Err(Error::at(
                Code::InvalidValue,
                "value.model",
                "Name a model of purchases: bgnbd, mbgnbd or paretonbd.",
            ));
        }
        if customers.len() < LEAST_CUSTOMERS || customers.iter().all(|(one, _)| one.frequency == 0) {
            return Ok(None);
        }
        let small = if customers.len() < LEAST_WITHOUT_PENALTY { SMALL_SHOP_PENALTY } else { 0.0 };
        let penalty = settings.penalty.unwrap_or(small);
        let purchases = fit(settings.model, customers, penalty, runner).map_err(|error| error.under("value"))?;
        if !purchases.converged {
            return Ok(None);
        }
        let amounts = fit(ModelName::Gammagamma, customers, penalty, runner).ok();
        let spend = amounts.filter(|amounts| amounts.converged && amounts.params.q.is_some_and(|q| q > 1.0));
        Ok(Some(Self { settings: settings.clone(), purchases, spend }))
    }

    /// What is expected of every customer.
    ///
    /// # Errors
    /// Those of [`predict`].
    pub fn forecasts<R: Run>(&self, customers: &[Customer], unit: Unit, runner: &R) -> Result<Vec<Forecast>> {
        let mut params = self.purchases.params;
        if let Some(spend) = &self.spend {
            (params.p, params.q, params.v) = (spend.params.p, spend.params.q, spend.params.v);
        }
        predict(self.purchases.model, &params, customers, &self.settings.outlook(unit), runner)
    }

    /// What is expected of one customer.
    pub(super) fn forecast(
        &self,
        history: &Seen<'_>,
        policy: &HistoryPolicy,
        currency: Currency,
        as_of: Day,
    ) -> Option<Forecast> {
        let customer = observe(history, policy, currency, as_of)?;
        self.forecasts(&[customer], policy.unit, &run::Serial).ok()?.first().copied()
    }

    pub(super) fn summary(&self, customers: &[Customer], forecasts: &[Forecast], currency: Currency) -> ValueSummary {
        let sum = |of: fn(&Forecast) -> f64| forecasts.iter().map(of).sum::<f64>();
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // Held in range.
        let whole = |value: f64| libm::round(value).clamp(0.0, f64::from(u32::MAX)) as u32;
        let lost =
            customers.iter().zip(forecasts).filter(|((one, _), forecast)| one.frequency > 0 && forecast.p_alive < 0.5);
        ValueSummary {
            model: self.purchases.model,
            horizon_days: self.settings.horizon_days,
            customers: u32::try_from(forecasts.len()).unwrap_or(u32::MAX),
            alive: whole(sum(|forecast| forecast.p_alive)),
            likely_lost: u32::try_from(lost.count()).unwrap_or(u32::MAX),
            expected_purchases: whole(sum(|forecast| forecast.expected_purchases)),
            clv: self.spend.as_ref().map(|_| minor(sum(|forecast| forecast.clv.unwrap_or(0.0)), currency)),
        }
    }
}
