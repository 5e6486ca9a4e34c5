//! Which parameters make these customers most likely? Maximum likelihood, with a verdict.

use serde::{Deserialize, Serialize};

use super::collapse::Collapsed;
use super::newton::{Maximum, Point, Search, Sums, Verdict};
use super::run::Run;
use super::spend::SpendRows;
use super::{ModelName, Observation, Params, bg, pareto, spend};
use crate::reject::{Code, Error, Result};

/// What was fitted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Fitted {
    /// The model.
    pub model: ModelName,
    /// Its parameters.
    pub params: Params,
    /// Their standard errors, from the curvature at the maximum; absent where that is flat.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub standard_errors: Option<Params>,
    /// The log-likelihood of all customers in the published form, in the time unit of the data, without the penalty.
    pub log_likelihood: f64,
    /// How many customers it was fitted to; for Gamma-Gamma only those with a repeat purchase and an amount.
    pub customers: u64,
    /// Whether the search ended at a maximum.
    pub converged: bool,
    /// How the search ended.
    pub verdict: Verdict,
    /// How many different rows the customers came to: equal ones are counted once with a weight.
    pub distinct: u64,
    /// Newton steps.
    pub steps: u32,
    /// The weight of the penalty; absent without one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub penalty: Option<f64>,
}

/// A customer to fit to: the observation, and the mean amount of a repeat purchase where that is known.
pub type Customer = (Observation, Option<f64>);

/// With more distinct rows than this the search begins on a sixteenth of them.
const THIN_FROM: usize = 32_768;

/// Fits a model by maximum likelihood. Equal customers are collapsed; the answer depends neither on their order nor on
/// the number of threads behind `run`.
///
/// `penalty` is the weight λ of an L2 penalty, for small shops: what is maximised is the mean log-likelihood per
/// customer minus λ Σ (ln θᵢ − ln cᵢ)², where c is 1 for shapes, the mean T for `alpha` and `beta`, and the mean amount for `v`.
/// It does not depend on the units of time and money. 0 is plain maximum likelihood; 0.001 to 0.01 holds a shop of a few dozen
/// customers.
///
/// # Errors
/// Those of [`Observation::check`], under `line N` where N counts rows from 1; `empty` without a customer to fit to;
/// `invalid_value` for a negative penalty.
pub fn fit<R: Run>(model: ModelName, customers: &[Customer], penalty: f64, run: &R) -> Result<Fitted> {
    if !(0.0..=1e6).contains(&penalty) {
        return Err(Error::at(Code::InvalidValue, "penalty", "A penalty is a number from 0 on, such as 0.001."));
    }
    for (index, (one, _)) in customers.iter().enumerate() {
        one.check().map_err(|error| error.under(&format!("row {}", index + 1)))?;
    }
    match model {
        ModelName::Gammagamma => fit_spend(customers, penalty, run),
        _ => fit_purchases(model, customers, penalty, run),
    }
}

fn fit_purchases<R: Run>(model: ModelName, customers: &[Customer], penalty: f64, run: &R) -> Result<Fitted> {
    let observations: Vec<Observation> = customers.iter().map(|(one, _)| *one).collect();
    if observations.is_empty() {
        return Err(nobody("There is no customer to fit to."));
    }
    let data = Collapsed::new(&observations, run);
    let all = f64::from(u32::try_from(data.customers).unwrap_or(u32::MAX));
    let mean_age =
        (data.rows.iter().map(|row| f64::from(row.weight) * data.ages[row.age as usize]).sum::<f64>() / all).max(1e-8);
    let mean_purchases = data.groups.iter().map(|group| group.weight * f64::from(group.frequency)).sum::<f64>() / all;
    let evaluate = |data: &Collapsed, at: &Point| -> Sums {
        match model {
            ModelName::Paretonbd => pareto::sums(data, at, run),
            _ => bg::sums(data, at, model == ModelName::Mbgnbd, run),
        }
    };
    let (centre, start) = if model == ModelName::Paretonbd {
        ([1.0, mean_age, 1.0, mean_age], [0.5, 0.5 * mean_age / (mean_purchases + 0.1), 0.5, 0.5 * mean_age])
    } else {
        ([1.0, mean_age, 1.0, 1.0], [0.5, 0.5 * mean_age / (mean_purchases + 0.1), 0.8, 2.0])
    };
    let mut search = Search { parameters: 4, start, centre, penalty: penalty * all };
    if data.rows.len() > THIN_FROM {
        let thin = data.thinned(16);
        let share = Search { penalty: penalty * all / 16.0, ..search };
        search.start = share.run(|at| evaluate(&thin, at)).at;
        search.penalty = penalty * all;
    }
    let top = search.run(|at| evaluate(&data, at));
    Ok(told(model, &top, data.customers, data.rows.len(), penalty))
}

fn fit_spend<R: Run>(customers: &[Customer], penalty: f64, run: &R) -> Result<Fitted> {
    let amounts = customers.iter().map(|(one, mean)| (one.frequency, mean.unwrap_or(0.0)));
    let data = SpendRows::new(amounts, run);
    let all: f64 = data.groups.iter().map(|(_, weight)| weight).sum();
    if data.rows.is_empty() {
        return Err(nobody(
            "There is no customer with a repeat purchase and an amount above 0: that is what amounts are fitted to.",
        ));
    }
    let mean = data.rows.iter().map(|row| f64::from(row.weight) * row.mean).sum::<f64>() / all;
    let mut search =
        Search { parameters: 3, start: [2.0, 3.0, mean, 1.0], centre: [1.0, 1.0, mean, 1.0], penalty: penalty * all };
    if data.rows.len() > THIN_FROM {
        let thin = data.thinned(16);
        let share = Search { penalty: penalty * all / 16.0, ..search };
        search.start = share.run(|at| spend::sums(&thin, at, run)).at;
        search.penalty = penalty * all;
    }
    let top = search.run(|at| spend::sums(&data, at, run));
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // A count.
    let counted = all as u64;
    Ok(told(ModelName::Gammagamma, &top, counted, data.rows.len(), penalty))
}

fn told(model: ModelName, top: &Maximum, customers: u64, distinct: usize, penalty: f64) -> Fitted {
    Fitted {
        model,
        params: Params::of(model, &top.at),
        standard_errors: top.errors.map(|errors| Params::of(model, &errors)),
        log_likelihood: top.value,
        customers,
        converged: top.verdict == Verdict::Converged,
        verdict: top.verdict,
        distinct: distinct as u64,
        steps: top.steps,
        penalty: (penalty > 0.0).then_some(penalty),
    }
}

fn nobody(message: &str) -> Error {
    Error::new(Code::Empty, message)
}
