//! Does a customer who may leave at any time still buy, and how often? Pareto/NBD.
//!
//! Schmittlein, Morrison and Colombo, "Counting Your Customers: Who Are They and What Will They Do Next?", Management
//! Science 33(1), 1987; the likelihood as derived in Fader and Hardie, "A Note on Deriving the Pareto/NBD Model and
//! Related Expressions", 2005 (brucehardie.com/notes/009). Purchase rates come from Gamma(r, alpha), rates of leaving from Gamma(s, beta).
//!
//! The published form has two hypergeometric functions whose difference cancels, and a case for each of alpha and beta
//! being the larger. Here the integral they come from is evaluated itself, over the time of leaving: all its terms are
//! positive, nothing cancels, and the derivatives come from the same points.

use super::Observation;
use super::collapse::Collapsed;
use super::newton::{Point, Sums};
use super::run::{CHUNK, Run, chunk};
use super::special::{complement, decayed, digamma, ln_gamma_rise, panels, softplus, trigamma};

/// Parameters of Pareto/NBD.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pareto {
    /// Shape of the purchase rates.
    pub r: f64,
    /// Their scale: a time, in the unit of the observations.
    pub alpha: f64,
    /// Shape of the rates of leaving.
    pub s: f64,
    /// Their scale: a time, in the unit of the observations.
    pub beta: f64,
}

impl Pareto {
    /// Calls `node(u, share)` for points u between recency and T. `share` is that point's part of
    /// `J = s ∫ ((alpha+T)/(alpha+u))^(r+x) ((beta+T)/(beta+u))^s du / (beta+u)`, the odds that the customer is gone,
    /// divided by `e^scale`; answers `scale`.
    fn leaving(&self, one: &Observation, mut node: impl FnMut(f64, f64)) -> f64 {
        let Self { r, alpha, s, beta } = *self;
        let shape = r + f64::from(one.frequency);
        let (purchase, leave) = (alpha + one.recency, beta + one.recency);
        let silence = one.t - one.recency;
        let (by_purchase, by_leave) = (libm::log1p(silence / purchase), libm::log1p(silence / leave));
        // In the logarithm of the smaller of the two shifted times both powers are smooth.
        if purchase <= leave {
            let k = purchase / leave;
            panels(
                by_purchase,
                |v| {
                    let e = libm::exp(v);
                    shape.max(1.0) - 1.0 + (s + 1.0) * k * e / (1.0 + k * (e - 1.0))
                },
                |v, weight| {
                    let grown = libm::expm1(v);
                    let share = weight * s * k * libm::exp(v * (1.0 - shape) - (s + 1.0) * libm::log1p(k * grown));
                    node(one.recency + purchase * grown, share);
                    share
                },
            );
        } else {
            let k = leave / purchase;
            panels(
                by_leave,
                |w| {
                    let e = libm::exp(w);
                    s + shape * k * e / (1.0 + k * (e - 1.0))
                },
                |w, weight| {
                    let grown = libm::expm1(w);
                    let share = weight * s * libm::exp(-s * w - shape * libm::log1p(k * grown));
                    node(one.recency + leave * grown, share);
                    share
                },
            );
        }
        shape * by_purchase + s * by_leave
    }

    /// ln of the odds that the customer is gone; none right after a purchase.
    fn ln_odds_gone(&self, one: &Observation) -> Option<f64> {
        let mut sum = 0.0;
        let scale = self.leaving(one, |_, share| sum += share);
        (sum > 0.0).then(|| scale + libm::log(sum))
    }

    /// ln of the likelihood of one customer, in the time unit of the observation: section 4 of Fader and Hardie (2005),
    /// before the integral over the time of leaving is written with A₀.
    #[must_use]
    pub fn log_likelihood(&self, one: &Observation) -> f64 {
        let x = f64::from(one.frequency);
        ln_gamma_rise(self.r, x)
            - self.r * libm::log1p(one.t / self.alpha)
            - if one.frequency == 0 { 0.0 } else { x * libm::log(self.alpha + one.t) }
            - self.s * libm::log1p(one.t / self.beta)
            + self.ln_odds_gone(one).map_or(0.0, softplus)
    }

    /// Probability that the customer still buys: section 7 of Fader and Hardie (2005).
    #[must_use]
    pub fn p_alive(&self, one: &Observation) -> f64 {
        self.ln_odds_gone(one).map_or(1.0, complement)
    }

    /// Expected purchases in the next `horizon` of a customer who is alive; times [`Pareto::p_alive`] that is
    /// equation (41) of Fader and Hardie (2005). At s = 1 the power becomes a logarithm.
    #[must_use]
    pub fn expected_while_alive(&self, frequency: u32, t: f64, horizon: f64) -> f64 {
        let rate = (self.r + f64::from(frequency)) / (self.alpha + t);
        rate * (self.beta + t) * decayed(self.s - 1.0, libm::log1p(horizon / (self.beta + t)))
    }

    /// Expected purchases in the first `horizon` of a new customer: equation (27) of Fader and Hardie (2005).
    #[must_use]
    pub fn expected_of_new(&self, horizon: f64) -> f64 {
        self.expected_while_alive(0, 0.0, horizon)
    }
}

/// The log-likelihood of all customers with its derivatives by r, alpha, s and beta.
pub(super) fn sums<R: Run>(data: &Collapsed, at: &Point, run: &R) -> Sums {
    let [r, alpha, s, beta] = *at;
    let model = Pareto { r, alpha, s, beta };
    let mut total = Sums::default();
    for group in &data.groups {
        let x = f64::from(group.frequency);
        let weight = group.weight;
        total.value += weight * (ln_gamma_rise(r, x) - x * libm::log(alpha));
        total.gradient[0] += weight * (digamma(r + x) - digamma(r));
        total.gradient[1] += weight * r / alpha;
        total.gradient[3] += weight * s / beta;
        total.hessian[0][0] += weight * (trigamma(r + x) - trigamma(r));
        total.hessian[0][1] += weight / alpha;
        total.hessian[1][1] -= weight * r / (alpha * alpha);
        total.hessian[2][3] += weight / beta;
        total.hessian[3][3] -= weight * s / (beta * beta);
    }
    let parts = run.map(data.rows.len().div_ceil(CHUNK), |index| {
        let mut sums = Sums::default();
        for row in chunk(&data.rows, index) {
            of_row(&model, &data.observation(row), f64::from(row.weight), &mut sums);
        }
        sums
    });
    for part in &parts {
        total.add(part);
    }
    total
}

fn of_row(model: &Pareto, one: &Observation, weight: f64, sums: &mut Sums) {
    let Pareto { r, alpha, s, beta } = *model;
    let shape = r + f64::from(one.frequency);
    let (end_a, end_b) = (alpha + one.t, beta + one.t);
    let (per_a, per_b) = (1.0 / end_a, 1.0 / end_b);
    // In units of alpha and beta, as the part of the frequencies is.
    let (ln_a, ln_b) = (libm::log1p(one.t / alpha), libm::log1p(one.t / beta));
    // Means over the time of leaving: of the derivatives of ln of the integrand, of their products and of the second
    // derivatives.
    let (mut mass, mut first, mut products, mut second) = (0.0, [0.0; 4], [[0.0; 4]; 4], [0.0; 5]);
    let scale = model.leaving(one, |u, share| {
        let (a, b) = (alpha + u, beta + u);
        let (pa, pb) = (1.0 / a, 1.0 / b);
        let d = [
            libm::log1p((one.t - u) * pa),
            shape * (per_a - pa),
            1.0 / s + libm::log1p((one.t - u) * pb),
            s * per_b - (s + 1.0) * pb,
        ];
        mass += share;
        for i in 0..4 {
            first[i] += share * d[i];
            for j in i..4 {
                products[i][j] += share * d[i] * d[j];
            }
        }
        second[0] += share * (per_a - pa);
        second[1] += share * shape * (pa * pa - per_a * per_a);
        second[2] -= share / (s * s);
        second[3] += share * (per_b - pb);
        second[4] += share * ((s + 1.0) * pb * pb - s * per_b * per_b);
    });
    sums.value -= weight * (shape * ln_a + s * ln_b);
    sums.gradient[0] -= weight * ln_a;
    sums.gradient[1] -= weight * shape * per_a;
    sums.gradient[2] -= weight * ln_b;
    sums.gradient[3] -= weight * s * per_b;
    let h = &mut sums.hessian;
    h[0][1] -= weight * per_a;
    h[1][1] += weight * shape * per_a * per_a;
    h[2][3] -= weight * per_b;
    h[3][3] += weight * s * per_b * per_b;
    if mass <= 0.0 {
        return;
    }
    let odds = scale + libm::log(mass);
    sums.value += weight * softplus(odds);
    let alive = complement(odds);
    let gone = weight * (1.0 - alive);
    let mean = first.map(|sum| sum / mass);
    for i in 0..4 {
        sums.gradient[i] += gone * mean[i];
        for j in i..4 {
            // Mean of the products less the product of the means, and the logistic part.
            h[i][j] += gone * (products[i][j] / mass - mean[i] * mean[j] * (1.0 - alive));
        }
    }
    h[0][1] += gone * second[0] / mass;
    h[1][1] += gone * second[1] / mass;
    h[2][2] += gone * second[2] / mass;
    h[2][3] += gone * second[3] / mass;
    h[3][3] += gone * second[4] / mass;
}
