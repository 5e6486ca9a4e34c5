//! What does a customer spend on a purchase? The Gamma-Gamma model.
//!
//! Fader, Hardie and Lee, "RFM and CLV: Using Iso-Value Curves for Customer Base Analysis", Journal of Marketing
//! Research 42(4), 2005; in the notation of Fader and Hardie, "The Gamma-Gamma Model of Monetary Value", 2013
//! (brucehardie.com/notes/025): amounts come from Gamma(p, nu), and nu from Gamma(q, v).

use super::newton::{Point, Sums};
use super::run::{CHUNK, Run, chunk};
use super::special::{digamma, ln_gamma, ln_gamma_rise, trigamma};
use crate::reject::{Code, Error, Result};

/// Parameters of the Gamma-Gamma model.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GammaGamma {
    /// Shape of the amounts of one customer.
    pub p: f64,
    /// Shape of the differences between customers.
    pub q: f64,
    /// Their scale: an amount, in the unit of the observations (gamma in the note).
    pub v: f64,
}

impl GammaGamma {
    /// ln of the likelihood of one customer's mean amount over `frequency` purchases: equation (1a) of the note. Zero
    /// without a repeat purchase or an amount: there is nothing to be likely.
    #[must_use]
    pub fn log_likelihood(&self, frequency: u32, mean: f64) -> f64 {
        if frequency == 0 || mean <= 0.0 {
            return 0.0;
        }
        let x = f64::from(frequency);
        let px = self.p * x;
        // (x z / (v + x z))^px (v / (v + x z))^q / z in logarithms of what is near 1.
        ln_gamma_rise(px, self.q)
            - ln_gamma(self.q)
            - px * libm::log1p(self.v / (x * mean))
            - self.q * libm::log1p(x * mean / self.v)
            - libm::log(mean)
    }

    /// Expected amount of a purchase of a customer whose `frequency` purchases came to `mean` on average: equation (5)
    /// of the note. Without a purchase it is the mean of all customers.
    ///
    /// # Errors
    /// `no_finite_value` where the mean does not exist: `p * frequency + q` at or below 1.
    pub fn expected(&self, frequency: u32, mean: f64) -> Result<f64> {
        let x = f64::from(frequency);
        let spare = self.p * x + (self.q - 1.0);
        let expected = self.p * (self.v + x * mean) / spare;
        if spare > 0.0 && expected.is_finite() {
            return Ok(expected);
        }
        Err(Error::at(
            Code::NoFiniteValue,
            "q",
            "A mean amount does not exist: q is 1 or less, so amounts vary without limit between customers. Look for \
             single very large orders, or fit with a penalty.",
        ))
    }
}

/// One row of the data: customers with this frequency and this mean amount.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct SpendRow {
    pub group: u32,
    pub weight: u32,
    pub mean: f64,
}

/// Customers by frequency and mean amount, each pair once, in ascending order.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct SpendRows {
    /// Frequency and number of customers.
    pub groups: Vec<(u32, f64)>,
    pub rows: Vec<SpendRow>,
}

/// The log-likelihood of all customers with its derivatives by p, q and v.
pub(super) fn sums<R: Run>(data: &SpendRows, at: &Point, run: &R) -> Sums {
    let [p, q, v, _] = *at;
    let mut total = Sums::default();
    for (frequency, weight) in &data.groups {
        let (x, weight) = (f64::from(*frequency), *weight);
        let px = p * x;
        total.value += weight * (ln_gamma_rise(px, q) - ln_gamma(q));
        total.gradient[0] += weight * x * (digamma(px + q) - digamma(px));
        total.gradient[1] += weight * (digamma(px + q) - digamma(q));
        let both = trigamma(px + q);
        total.hessian[0][0] += weight * x * x * (both - trigamma(px));
        total.hessian[0][1] += weight * x * both;
        total.hessian[1][1] += weight * (both - trigamma(q));
    }
    let parts = run.map(data.rows.len().div_ceil(CHUNK), |index| {
        let mut sums = Sums::default();
        for row in chunk(&data.rows, index) {
            let x = f64::from(data.groups[row.group as usize].0);
            let weight = f64::from(row.weight);
            let spent = x * row.mean;
            let per = 1.0 / (v + spent);
            let share = libm::log1p(spent / v);
            let kept = -libm::log1p(v / spent);
            sums.value += weight * (p * x * kept - q * share - libm::log(row.mean));
            sums.gradient[0] += weight * x * kept;
            sums.gradient[1] -= weight * share;
            // d share / dv = -spent / (v (v + spent)) and d kept / dv = -1 / (v + spent).
            let slope = spent * per / v;
            sums.gradient[2] += weight * (q * slope - p * x * per);
            sums.hessian[0][2] -= weight * x * per;
            sums.hessian[1][2] += weight * slope;
            sums.hessian[2][2] += weight * (p * x * per * per - q * slope * (1.0 / v + per));
        }
        sums
    });
    for part in &parts {
        total.add(part);
    }
    total
}
