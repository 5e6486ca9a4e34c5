//! Would the model have been right? It is fitted to the first part of a shop's orders and compared with the rest.

use core::fmt::Write as _;

use serde::{Deserialize, Serialize};

use super::lifetime::run::Run;
use super::value::{ValueModel, observation};
use super::{Settings, histories};
use crate::order::Order;
use crate::reject::{Code, Error, Result};
use crate::time::Day;

/// Frequencies that are told apart; the last one holds all above.
const FREQUENCIES: u32 = 8;

/// What was predicted for the last part of the orders, and what came of it. A purchase is a local day with one (unless
/// the history policy keeps the orders of a day apart).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Calibration {
    /// The last day of the part the model was fitted to.
    pub fitted_until: Day,
    /// The last day of the part it was compared with.
    pub compared_until: Day,
    /// Customers known by `fitted_until`.
    pub customers: u32,
    /// Purchases predicted for them.
    pub predicted: f64,
    /// Purchases they made.
    pub actual: u32,
    /// `predicted / actual - 1` in basis points; absent where there was no purchase.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub off_bp: Option<i64>,
    /// Root of the mean squared error per customer, in purchases.
    pub rmse: f64,
    /// Correlation of predicted and actual purchases over customers (Pearson); absent where one of them does not vary.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub correlation: Option<f64>,
    /// Means by how often customers had bought again before.
    pub by_frequency: Vec<Frequency>,
    /// What was fitted to the first part.
    pub model: ValueModel,
}

/// Customers who had bought again equally often.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Frequency {
    /// Repeat purchases before; the last group holds all with more.
    pub frequency: u32,
    /// How many customers.
    pub customers: u32,
    /// Purchases predicted per customer.
    pub predicted: f64,
    /// Purchases made per customer.
    pub actual: f64,
}

/// Fits a model to the orders up to `days` before `until` and compares what it predicts with the rest.
///
/// # Errors
/// `empty` where the first part has too few customers to fit to, or a fit was not found; those of scoring.
pub fn calibrate<R: Run>(orders: &[Order], until: Day, days: u32, settings: &Settings, run: &R) -> Result<Calibration> {
    let held = i32::try_from(days).unwrap_or(i32::MAX);
    let fitted_until = until.plus(held.saturating_neg());
    let (before, whole) = (histories(orders, Some(fitted_until), settings)?, histories(orders, Some(until), settings)?);
    let (policy, Some(currency)) = (&settings.history, before.currency()) else { return Err(too_few()) };
    let known: Vec<_> = before
        .iter()
        .filter_map(|(id, history)| observation(history, policy, currency, fitted_until).map(|one| (id, one)))
        .collect();
    let customers: Vec<_> = known.iter().map(|(_, one)| *one).collect();
    let mut value = settings.value.clone();
    value.horizon_days = days.max(1);
    let model = ValueModel::fit(&customers, &value, run)?.ok_or_else(too_few)?;
    let forecasts = model.forecasts(&customers, policy.unit, run)?;
    let pairs: Vec<(u32, f64, f64)> = known
        .iter()
        .zip(&forecasts)
        .map(|((id, (one, _)), forecast)| {
            let later = whole.get(id).and_then(|history| observation(history, policy, currency, until));
            let made = later.map_or(0, |(later, _)| later.frequency.saturating_sub(one.frequency));
            (one.frequency, forecast.expected_purchases, f64::from(made))
        })
        .collect();
    Ok(compared(fitted_until, until, &pairs, model))
}

fn too_few() -> Error {
    Error::new(
        Code::Empty,
        "Before the part that is compared there are too few customers to fit a model to: compare a shorter time, or score \
         more orders.",
    )
}

fn compared(fitted_until: Day, compared_until: Day, pairs: &[(u32, f64, f64)], model: ValueModel) -> Calibration {
    let n = f64::from(u32::try_from(pairs.len()).unwrap_or(u32::MAX)).max(1.0);
    let sum = |of: &dyn Fn(f64, f64) -> f64| pairs.iter().map(|(_, p, a)| of(*p, *a)).sum::<f64>();
    let (predicted, actual) = (sum(&|p, _| p), sum(&|_, a| a));
    let (mean_p, mean_a) = (predicted / n, actual / n);
    let spread = sum(&|p, _| (p - mean_p) * (p - mean_p)) * sum(&|_, a| (a - mean_a) * (a - mean_a));
    let together = sum(&|p, a| (p - mean_p) * (a - mean_a));
    let group = |frequency: u32| {
        let of: Vec<_> = pairs.iter().filter(|(x, ..)| (*x).min(FREQUENCIES - 1) == frequency).collect();
        let count = f64::from(u32::try_from(of.len()).unwrap_or(u32::MAX)).max(1.0);
        Frequency {
            frequency,
            customers: u32::try_from(of.len()).unwrap_or(u32::MAX),
            predicted: of.iter().map(|(_, p, _)| p).sum::<f64>() / count,
            actual: of.iter().map(|(.., a)| a).sum::<f64>() / count,
        }
    };
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // Sums of counts; shares within range.
    Calibration {
        fitted_until,
        compared_until,
        customers: u32::try_from(pairs.len()).unwrap_or(u32::MAX),
        predicted,
        actual: actual as u32,
        off_bp: (actual > 0.0).then(|| libm::round((predicted / actual - 1.0) * 10_000.0) as i64),
        rmse: (sum(&|p, a| (p - a) * (p - a)) / n).sqrt(),
        correlation: (spread > 0.0).then(|| together / spread.sqrt()),
        by_frequency: (0..FREQUENCIES).map(group).collect(),
        model,
    }
}

impl Calibration {
    /// The comparison as a drawing: for every frequency two bars, predicted and actual.
    #[must_use]
    pub fn svg(&self) -> String {
        const WIDTH: f64 = 640.0;
        const HEIGHT: f64 = 400.0;
        const LEFT: f64 = 56.0;
        const TOP: f64 = 64.0;
        const BOTTOM: f64 = 64.0;
        let most = self.by_frequency.iter().map(|one| one.predicted.max(one.actual)).fold(0.1, f64::max);
        let (plot_height, slot) = (HEIGHT - TOP - BOTTOM, (WIDTH - LEFT - 16.0) / f64::from(FREQUENCIES));
        let y = |value: f64| TOP + plot_height * (1.0 - value / most);
        let mut out = String::with_capacity(4096);
        // Writing to a text cannot fail.
        let _ = write!(
            out,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" font-family=\"system-ui, \
             sans-serif\" font-size=\"13\" fill=\"#222\"><title>Predicted and actual purchases, {} to {}</title>\
             <rect width=\"{WIDTH}\" height=\"{HEIGHT}\" fill=\"#fff\"/>\
             <text x=\"{LEFT}\" y=\"24\" font-size=\"16\">Purchases per customer after {}: predicted and actual</text>\
             <rect x=\"{LEFT}\" y=\"36\" width=\"12\" height=\"12\" fill=\"#2f6f8f\"/><text x=\"{:.1}\" y=\"47\">predicted, {:.0} in \
             all</text><rect x=\"{:.1}\" y=\"36\" width=\"12\" height=\"12\" fill=\"#d9a441\"/><text x=\"{:.1}\" y=\"47\">actual, {} in \
             all</text>",
            self.fitted_until,
            self.compared_until,
            self.fitted_until,
            LEFT + 18.0,
            self.predicted,
            LEFT + 190.0,
            LEFT + 208.0,
            self.actual
        );
        for tick in [0.0, 0.25, 0.5, 0.75, 1.0] {
            let (value, at) = (most * tick, y(most * tick));
            let _ = write!(
                out,
                "<path d=\"M{LEFT} {at:.1}H{:.1}\" stroke=\"#ddd\"/><text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{value:.1}</text>",
                WIDTH - 16.0,
                LEFT - 8.0,
                at + 4.0
            );
        }
        for one in &self.by_frequency {
            let x = LEFT + slot * f64::from(one.frequency);
            for (offset, value, fill) in [(0.12, one.predicted, "#2f6f8f"), (0.5, one.actual, "#d9a441")] {
                let _ = write!(
                    out,
                    "<rect x=\"{:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"{:.1}\" fill=\"{fill}\"/>",
                    x + slot * offset,
                    y(value),
                    slot * 0.36,
                    plot_height * value / most
                );
            }
            let more = if one.frequency == FREQUENCIES - 1 { "+" } else { "" };
            let _ = write!(
                out,
                "<text x=\"{0:.1}\" y=\"{1:.1}\" text-anchor=\"middle\">{2}{more}</text><text x=\"{0:.1}\" y=\"{3:.1}\" \
                 text-anchor=\"middle\" font-size=\"11\" fill=\"#666\">n {4}</text>",
                x + slot / 2.0,
                HEIGHT - BOTTOM + 18.0,
                one.frequency,
                HEIGHT - BOTTOM + 34.0,
                one.customers
            );
        }
        let _ = writeln!(
            out,
            "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\">repeat purchases before (n: customers)</text></svg>",
            LEFT + (WIDTH - LEFT - 16.0) / 2.0,
            HEIGHT - 10.0
        );
        out
    }
}
