//! What will each of these customers do within a horizon? P(alive), purchases, amounts and discounted lifetime value.

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use super::fit::Customer;
use super::run::{CHUNK, Run, chunk};
use super::{GammaGamma, LONGEST, ModelName, Params, Purchases};
use crate::reject::{Code, Error, Result};

/// How far to look, and what money later is worth. All times are in the unit of the observations.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Outlook {
    /// How far to look.
    pub horizon: f64,
    /// What money loses in each discount period: 0.01 is 1 %. 0 counts every purchase in full.
    #[serde(default)]
    pub discount: f64,
    /// How long a discount period is (1 when absent). The horizon is cut into such periods, and what is expected in each is
    /// discounted to its end: in weeks, 4.345 discounts by months.
    #[serde(default = "one")]
    pub discount_period: f64,
}

const fn one() -> f64 {
    1.0
}

/// The most discount periods in a horizon.
const MOST_PERIODS: f64 = 10_000.0;

impl Outlook {
    /// Whether it can be looked that far.
    ///
    /// # Errors
    /// `invalid_value` with the field as path.
    pub fn check(&self) -> Result<()> {
        let times = [("horizon", self.horizon), ("discountPeriod", self.discount_period)];
        for (field, value) in times {
            if !(value > 0.0 && value <= LONGEST) {
                return Err(Error::at(Code::InvalidValue, field, "A time is a number above 0, at most 1,000,000."));
            }
        }
        if !(0.0..=1e3).contains(&self.discount) {
            return Err(Error::at(Code::InvalidValue, "discount", "A discount is a number from 0 on: 0.01 is 1 %."));
        }
        if self.discount > 0.0 && self.horizon / self.discount_period > MOST_PERIODS {
            return Err(Error::at(
                Code::InvalidValue,
                "discountPeriod",
                "The horizon has more than 10,000 discount periods: take longer ones.",
            ));
        }
        Ok(())
    }

    /// The ends of the discount periods, and what a purchase in each counts.
    fn periods(&self) -> Vec<(f64, f64)> {
        if self.discount == 0.0 {
            return vec![(self.horizon, 1.0)];
        }
        let (mut out, mut k) = (Vec::new(), 1.0_f64);
        loop {
            let end = k * self.discount_period;
            let weight = libm::pow(1.0 + self.discount, -k);
            // A sliver from rounding is no period of its own.
            if end >= self.horizon * (1.0 - 1e-9) {
                out.push((self.horizon, weight));
                return out;
            }
            out.push((end, weight));
            k += 1.0;
        }
    }
}

/// What is expected of one customer.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Forecast {
    /// Probability that the customer still buys.
    pub p_alive: f64,
    /// Purchases within the horizon: a mean, not a probability; it may exceed 1.
    pub expected_purchases: f64,
    /// Amount of a purchase; absent without a model of amounts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected_value: Option<f64>,
    /// Discounted amount of all purchases within the horizon; absent without a model of amounts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clv: Option<f64>,
}

/// What is expected of every customer: of one who is alive it depends on frequency and T alone, so it is computed once
/// for each pair of these.
///
/// # Errors
/// Those of the parameters, the outlook and the rows (under `row N`, counted from 1); `no_finite_value` where a
/// customer's mean amount does not exist, with `row N` in the path.
pub fn predict<R: Run>(
    model: ModelName,
    params: &Params,
    customers: &[Customer],
    outlook: &Outlook,
    run: &R,
) -> Result<Vec<Forecast>> {
    let purchases = Purchases::new(model, params)?;
    let amounts = params.v.or(params.q).or(params.p).map(|_| GammaGamma::new(params)).transpose()?;
    outlook.check()?;
    let periods = outlook.periods();
    let (pairs, pair_of) = pairs(customers);
    // (purchases, discounted purchases) while alive.
    let parts = run.map(pairs.len().div_ceil(PAIRS), |index| {
        let from = index * PAIRS;
        let some = &pairs[from..pairs.len().min(from + PAIRS)];
        some.iter().map(|(x, t)| while_alive(&purchases, *x, *t, &periods)).collect::<Vec<_>>()
    });
    let while_alive = parts.concat();
    let parts = run.map(customers.len().div_ceil(CHUNK), |index| {
        let rows = chunk(customers, index).iter().enumerate();
        rows.map(|(place, (one, mean))| {
            let row = index * CHUNK + place;
            let named = |error: Error| error.under(&format!("row {}", row + 1));
            one.check().map_err(named)?;
            let p_alive = purchases.p_alive(one);
            let (plain, discounted) = while_alive[pair_of[row] as usize];
            let expected_value = match &amounts {
                Some(amounts) => Some(amounts.expected(one.frequency, amount(one.frequency, *mean)?).map_err(named)?),
                None => None,
            };
            Ok(Forecast {
                p_alive,
                expected_purchases: p_alive * plain,
                expected_value,
                clv: expected_value.map(|value| value * p_alive * discounted),
            })
        })
        .collect::<Result<Vec<_>>>()
    });
    let mut out = Vec::with_capacity(customers.len());
    for part in parts {
        out.extend(part?);
    }
    Ok(out)
}

/// Pairs in a piece of work.
const PAIRS: usize = 64;

fn while_alive(purchases: &Purchases, frequency: u32, t: f64, periods: &[(f64, f64)]) -> (f64, f64) {
    let (mut before, mut discounted) = (0.0, 0.0);
    for (end, weight) in periods {
        let until = purchases.expected_while_alive(frequency, t, *end);
        discounted += (until - before) * weight;
        before = until;
    }
    (before, discounted)
}

/// The mean amount of the repeat purchases; nothing where there are none.
fn amount(frequency: u32, mean: Option<f64>) -> Result<f64> {
    match mean {
        _ if frequency == 0 => Ok(0.0),
        Some(mean) if (0.0..=1e15).contains(&mean) => Ok(mean),
        Some(_) => Err(Error::at(Code::InvalidAmount, "monetary_value", "A mean amount is a number from 0 on.")),
        None => {
            Err(Error::at(Code::MissingField, "monetary_value", "A customer with repeat purchases has a mean amount."))
        }
    }
}

/// Every pair of frequency and T once, and which of them each customer has.
fn pairs(customers: &[Customer]) -> (Vec<(u32, f64)>, Vec<u32>) {
    let mut index: FxHashMap<(u32, u64), u32> = FxHashMap::default();
    let mut pairs = Vec::new();
    let of = customers
        .iter()
        .map(|(one, _)| {
            *index.entry((one.frequency, one.t.to_bits())).or_insert_with(|| {
                pairs.push((one.frequency, one.t));
                u32::try_from(pairs.len() - 1).unwrap_or(u32::MAX)
            })
        })
        .collect();
    (pairs, of)
}
