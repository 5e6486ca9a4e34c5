//! What is this shop's customer base worth? Value, risk and calibration as a merchant looks at them.

use serde::{Deserialize, Serialize};

use super::{Page, Shop, page};
use crate::money::{MAX_MINOR, Minor};
use crate::reject::{Code, Error, Result};
use crate::score::check::{Calibration, calibrate};
use crate::score::lifetime::run::Serial;
use crate::score::lifetime::{Observation, Purchases};
use crate::score::model::Row;
use crate::score::referral::{Friend, ReferralTerms, ReferralValue, referral_values};
use crate::score::value::{ValueModel, ValueSummary};

/// Columns of the grid: how long customers have been silent.
const SILENCES: u32 = 13;

/// Rows of the grid: 1 to this many purchases.
const PURCHASES: u32 = 12;

/// Who more probably than this still buys is not at risk, in basis points of certainty; nor is who is all but gone.
const AT_RISK: core::ops::RangeInclusive<f64> = 0.1..=0.7;

/// The value of a customer base, and how silence and frequency tell who still buys.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ValueView {
    /// All customers together.
    pub summary: ValueSummary,
    /// What was fitted.
    pub model: ValueModel,
    /// The value of the customers in ten groups of equal size, the most valuable first: what each comes to, in minor
    /// units. Empty without a model of amounts.
    pub deciles: Vec<Minor>,
    /// Probability of still buying, for a customer as old as the middle repeat buyer.
    pub alive: AliveGrid,
}

/// P(alive) by number of purchases and days of silence.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AliveGrid {
    /// Days since the first purchase, for all cells.
    pub age_days: i64,
    /// Days since the last purchase, by column.
    pub silent_days: Vec<i64>,
    /// By number of purchases, from 1: a row of probabilities. With one purchase the age is the silence.
    pub rows: Vec<Vec<f64>>,
}

/// A customer about to be lost.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AtRisk {
    /// The customer.
    pub row: Row,
    /// What her purchases within the horizon would come to beyond what is expected, if she surely still bought, in minor
    /// units.
    pub at_stake: Minor,
}

/// A part of the customers about to be lost.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AtRiskPage {
    /// How many there are in all.
    pub total: usize,
    /// What is at stake with all of them together, in minor units.
    pub at_stake: Minor,
    /// The asked part.
    pub rows: Vec<AtRisk>,
}

/// Whose friends came.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReferralRequest {
    /// Friends who came by a recommendation.
    pub friends: Vec<Friend>,
    /// What is assumed about them.
    #[serde(default)]
    pub terms: ReferralTerms,
}

impl Shop {
    fn value_model(&self) -> Result<&ValueModel> {
        self.scored()?.model.value.as_ref().ok_or_else(|| {
            Error::new(
                Code::Empty,
                "There are too few customers, or too few who came back, to tell what they will buy. Score a longer time.",
            )
        })
    }

    /// What the customers are worth.
    ///
    /// # Errors
    /// `invalid_state` before [`Shop::score`]; `empty` where there are too few customers to tell.
    pub fn value(&self) -> Result<ValueView> {
        let model = self.value_model()?;
        let scored = self.scored()?;
        let Some(summary) = scored.summary.value.clone() else {
            return Err(Error::new(Code::InvalidState, "The orders have not been scored yet."));
        };
        let mut values: Vec<Minor> = scored.rows.iter().filter_map(|row| row.clv).collect();
        values.sort_unstable_by(|a, b| b.cmp(a));
        let decile = |n: usize| {
            let part = &values[n * values.len() / 10..(n + 1) * values.len() / 10];
            part.iter().fold(0, |sum: Minor, value| sum.saturating_add(*value).min(MAX_MINOR))
        };
        let deciles = if values.is_empty() { Vec::new() } else { (0..10).map(decile).collect() };
        Ok(ValueView { summary, model: model.clone(), deciles, alive: self.alive_grid(model)? })
    }

    fn alive_grid(&self, model: &ValueModel) -> Result<AliveGrid> {
        let purchases = Purchases::new(model.purchases.model, &model.purchases.params)?;
        let scored = self.scored()?;
        let mut ages: Vec<i64> =
            scored.rows.iter().filter(|row| row.orders > 1).filter_map(|row| row.age_days).collect();
        ages.sort_unstable();
        let age_days = ages.get(ages.len() / 2).copied().unwrap_or(0);
        let unit = scored.model.history.unit.days();
        let silent_days: Vec<i64> =
            (0..SILENCES).map(|column| age_days * i64::from(column) / i64::from(SILENCES - 1)).collect();
        #[allow(clippy::cast_precision_loss)] // Days of a shop.
        let units = |days: i64| days as f64 / unit;
        let cell = |count: u32, silent: i64| {
            let one = match count {
                1 => Observation { frequency: 0, recency: 0.0, t: units(silent) },
                _ => Observation { frequency: count - 1, recency: units(age_days - silent), t: units(age_days) },
            };
            libm::round(purchases.p_alive(&one) * 10_000.0) / 10_000.0
        };
        let rows =
            (1..=PURCHASES).map(|count| silent_days.iter().map(|silent| cell(count, *silent)).collect()).collect();
        Ok(AliveGrid { age_days, silent_days, rows })
    }

    /// Customers about to be lost: repeat buyers who may or may not still buy, those with most at stake first.
    ///
    /// # Errors
    /// As [`Shop::value`].
    pub fn at_risk(&self, offset: usize, limit: Option<usize>) -> Result<AtRiskPage> {
        self.value_model()?;
        let mut found: Vec<(&Row, Minor)> = self
            .scored()?
            .rows
            .iter()
            .filter(|row| row.orders > 1)
            .filter_map(|row| {
                row.p_alive.filter(|alive| AT_RISK.contains(alive)).map(|alive| (row, at_stake(row, alive)))
            })
            .collect();
        found.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.id.cmp(&b.0.id)));
        let shown = |(row, at_stake): &(&Row, Minor)| AtRisk { row: (*row).clone(), at_stake: *at_stake };
        let at_stake = found.iter().fold(0, |sum: Minor, (_, one)| sum.saturating_add(*one).min(MAX_MINOR));
        let Page { total, rows } = page(found.len(), found.iter(), offset, limit, shown);
        Ok(AtRiskPage { total, at_stake, rows })
    }

    /// Fits the model to all orders but those of the last `days` and compares its forecast with them.
    ///
    /// # Errors
    /// `invalid_state` before [`Shop::score`]; those of [`calibrate`].
    pub fn calibration(&self, days: u32) -> Result<Calibration> {
        let until = self.scored()?.model.as_of;
        calibrate(&self.orders, until, days, &self.settings, &Serial)
    }

    /// The value of each customer's own purchases and, beside it, of those she brought.
    ///
    /// # Errors
    /// As [`Shop::value`].
    pub fn referral_values(&self, request: &ReferralRequest) -> Result<Vec<ReferralValue>> {
        self.value_model()?;
        let own: Vec<(String, Minor)> =
            self.scored()?.rows.iter().map(|row| (row.id.clone(), row.clv.unwrap_or(0))).collect();
        Ok(referral_values(&own, &request.friends, &request.terms))
    }
}

/// Expected value if she surely still bought, less the expected one.
fn at_stake(row: &Row, alive: f64) -> Minor {
    #[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation)] // Exact up to 2^53, and held there.
    let at_stake = libm::round(row.clv.unwrap_or(0) as f64 * (1.0 / alive - 1.0)).clamp(0.0, MAX_MINOR as f64) as Minor;
    at_stake
}
