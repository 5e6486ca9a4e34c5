//! How much will this customer still buy, and what is that worth? The "buy till you die" models of the literature:
//! BG/NBD, MBG/NBD and Pareto/NBD for purchases, Gamma-Gamma for amounts.
//!
//! Names are the field's: `frequency` counts repeat purchases (in distinct periods), `recency` is the age at the last
//! one, `T` the age now, `monetary_value` the mean amount. All times are in one unit of the caller's choice, which is
//! the unit of every rate and horizon that follows from them.
//!
//! Every value is computed in a form that neither overflows nor cancels; where a value does not exist the answer is the
//! error `no_finite_value`. Nothing here returns NaN or infinity.

use serde::{Deserialize, Serialize};

use crate::reject::{Code, Error, Result, parse_json};
use crate::word::words;

pub mod bg;
mod collapse;
pub mod fit;
mod newton;
pub mod pareto;
pub mod predict;
pub mod rows;
pub mod run;
mod special;
pub mod spend;

pub use bg::Bg;
pub use fit::{Fitted, fit};
pub use newton::Verdict;
pub use pareto::Pareto;
pub use predict::{Forecast, Outlook, predict};
pub use spend::GammaGamma;

/// What is known of one customer.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Observation {
    /// Repeat purchases.
    pub frequency: u32,
    /// Time from the first purchase to the last; 0 without a repeat purchase.
    pub recency: f64,
    /// Time from the first purchase to the end of the observation.
    pub t: f64,
}

/// The most repeat purchases and the longest times that all formulas were checked for.
pub const MOST_PURCHASES: u32 = 100_000;
/// As [`MOST_PURCHASES`], for times and horizons.
pub const LONGEST: f64 = 1e6;

impl Observation {
    /// Whether the numbers can be one customer's.
    ///
    /// # Errors
    /// `invalid_value` for what is negative, too large or not a number, `contradiction` for a recency after T or one
    /// without a repeat purchase; with the field as path.
    pub fn check(&self) -> Result<()> {
        if self.frequency > MOST_PURCHASES {
            return Err(Error::at(
                Code::InvalidValue,
                "frequency",
                "More than 100,000 repeat purchases: is this a total?",
            ));
        }
        for (field, value) in [("recency", self.recency), ("T", self.t)] {
            if !(0.0..=LONGEST).contains(&value) {
                return Err(Error::at(
                    Code::InvalidValue,
                    field,
                    "A time is a number from 0 to 1,000,000: choose a longer unit, such as weeks.",
                ));
            }
        }
        if self.recency > self.t {
            return Err(Error::at(
                Code::Contradiction,
                "recency",
                "The last purchase is after the end of the observation: recency may not exceed T.",
            ));
        }
        if self.frequency == 0 && self.recency > 0.0 {
            return Err(Error::at(
                Code::Contradiction,
                "recency",
                "Without a repeat purchase the recency is 0: it counts from the first purchase to the last.",
            ));
        }
        Ok(())
    }
}

words! {
    /// A model of customer value.
    ModelName {
        /// Beta-geometric / negative binomial: a customer may drop out after a repeat purchase.
        Bgnbd = "bgnbd",
        /// Modified BG/NBD: also right after the first purchase.
        Mbgnbd = "mbgnbd",
        /// Pareto / negative binomial: a customer may leave at any time.
        Paretonbd = "paretonbd",
        /// Gamma-Gamma: amounts.
        Gammagamma = "gammagamma",
    }
}

impl ModelName {
    /// The names of its parameters, in the order of the papers.
    #[must_use]
    pub const fn parameters(self) -> &'static [&'static str] {
        match self {
            Self::Bgnbd | Self::Mbgnbd => &["r", "alpha", "a", "b"],
            Self::Paretonbd => &["r", "alpha", "s", "beta"],
            Self::Gammagamma => &["p", "q", "v"],
        }
    }
}

/// Parameters of any of the models, by the names of the papers. A model's own must be there, others are not read:
/// so one document can hold those of a purchase model and of the Gamma-Gamma model.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Params {
    /// Shape of the purchase rates (purchase models).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub r: Option<f64>,
    /// Scale of the purchase rates, a time (purchase models).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alpha: Option<f64>,
    /// First shape of the dropout probabilities (BG/NBD and MBG/NBD).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub a: Option<f64>,
    /// Second shape of the dropout probabilities (BG/NBD and MBG/NBD).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub b: Option<f64>,
    /// Shape of the rates of leaving (Pareto/NBD).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub s: Option<f64>,
    /// Scale of the rates of leaving, a time (Pareto/NBD).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub beta: Option<f64>,
    /// Shape of the amounts (Gamma-Gamma).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub p: Option<f64>,
    /// Shape of the differences between customers' amounts (Gamma-Gamma).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub q: Option<f64>,
    /// Scale of the amounts (Gamma-Gamma).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub v: Option<f64>,
}

impl Params {
    /// The parameter of that name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<f64> {
        match name {
            "r" => self.r,
            "alpha" => self.alpha,
            "a" => self.a,
            "b" => self.b,
            "s" => self.s,
            "beta" => self.beta,
            "p" => self.p,
            "q" => self.q,
            "v" => self.v,
            _ => None,
        }
    }

    fn set(&mut self, name: &str, value: f64) {
        let place = match name {
            "r" => &mut self.r,
            "alpha" => &mut self.alpha,
            "a" => &mut self.a,
            "b" => &mut self.b,
            "s" => &mut self.s,
            "beta" => &mut self.beta,
            "p" => &mut self.p,
            "q" => &mut self.q,
            _ => &mut self.v,
        };
        *place = Some(value);
    }

    pub(crate) fn of(model: ModelName, values: &newton::Point) -> Self {
        let mut out = Self::default();
        for (name, value) in model.parameters().iter().zip(values) {
            out.set(name, *value);
        }
        out
    }

    /// Reads parameters, or a document that `fit` wrote.
    ///
    /// # Errors
    /// Those of [`parse_json`].
    pub fn parse(text: &str) -> Result<Self> {
        /// Only what tells the two documents apart.
        #[derive(Deserialize)]
        struct Either {
            params: Option<serde_json::Value>,
        }
        match parse_json::<Either>(text) {
            Ok(Either { params: Some(_) }) => parse_json::<Fitted>(text).map(|fitted| fitted.params),
            _ => parse_json(text),
        }
    }

    fn take(&self, model: ModelName) -> Result<newton::Point> {
        let mut out = [1.0; newton::MOST];
        for (place, name) in out.iter_mut().zip(model.parameters()) {
            *place = self.get(name).ok_or_else(|| {
                Error::at(
                    Code::MissingField,
                    *name,
                    format!("{} has the parameters {}.", model.as_str(), model.parameters().join(", ")),
                )
            })?;
            if !(1e-12..=1e12).contains(place) {
                return Err(Error::at(Code::InvalidValue, *name, "A parameter is a number above 0."));
            }
        }
        Ok(out)
    }
}

/// A model of purchases with its parameters.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Purchases {
    /// BG/NBD or MBG/NBD.
    Bg(Bg),
    /// Pareto/NBD.
    Pareto(Pareto),
}

impl Purchases {
    /// The model of that name.
    ///
    /// # Errors
    /// `missing_field` or `invalid_value` with the parameter as path; `invalid_value` for a model of amounts.
    pub fn new(model: ModelName, params: &Params) -> Result<Self> {
        if model == ModelName::Gammagamma {
            return Err(Error::at(
                Code::InvalidValue,
                "model",
                "The Gamma-Gamma model tells amounts, not purchases: name bgnbd, mbgnbd or paretonbd.",
            ));
        }
        let [r, alpha, third, fourth] = params.take(model)?;
        Ok(match model {
            ModelName::Paretonbd => Self::Pareto(Pareto { r, alpha, s: third, beta: fourth }),
            _ => Self::Bg(Bg { r, alpha, a: third, b: fourth, modified: model == ModelName::Mbgnbd }),
        })
    }

    /// ln of the likelihood of one customer.
    #[must_use]
    pub fn log_likelihood(&self, one: &Observation) -> f64 {
        match self {
            Self::Bg(model) => model.log_likelihood(one),
            Self::Pareto(model) => model.log_likelihood(one),
        }
    }

    /// Probability that the customer still buys.
    #[must_use]
    pub fn p_alive(&self, one: &Observation) -> f64 {
        match self {
            Self::Bg(model) => model.p_alive(one),
            Self::Pareto(model) => model.p_alive(one),
        }
    }

    /// Expected purchases in the next `horizon` of a customer who is alive.
    #[must_use]
    pub fn expected_while_alive(&self, frequency: u32, t: f64, horizon: f64) -> f64 {
        match self {
            Self::Bg(model) => model.expected_while_alive(frequency, t, horizon),
            Self::Pareto(model) => model.expected_while_alive(frequency, t, horizon),
        }
    }

    /// Expected purchases in the next `horizon`.
    #[must_use]
    pub fn expected(&self, one: &Observation, horizon: f64) -> f64 {
        self.p_alive(one) * self.expected_while_alive(one.frequency, one.t, horizon)
    }

    /// Expected purchases in the first `horizon` of a new customer.
    #[must_use]
    pub fn expected_of_new(&self, horizon: f64) -> f64 {
        match self {
            Self::Bg(model) => model.expected_of_new(horizon),
            Self::Pareto(model) => model.expected_of_new(horizon),
        }
    }
}

impl GammaGamma {
    /// The model with these parameters.
    ///
    /// # Errors
    /// `missing_field` or `invalid_value` with the parameter as path.
    pub fn new(params: &Params) -> Result<Self> {
        let [p, q, v, _] = params.take(ModelName::Gammagamma)?;
        Ok(Self { p, q, v })
    }
}

#[cfg(test)]
mod tests;
