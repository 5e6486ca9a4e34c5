//! Does a customer who may drop out after a purchase still buy, and how often? BG/NBD and MBG/NBD.
//!
//! - BG/NBD: Fader, Hardie and Lee, "'Counting Your Customers' the Easy Way", Marketing Science 24(2), 2005,
//!   doi 10.1287/mksc.1040.0098. While alive a customer buys as a Poisson process with a rate from Gamma(r, alpha), and
//!   after every repeat purchase drops out with a probability from Beta(a, b).
//! - MBG/NBD: Batislam, Denizel and Filiztekin, "Empirical validation and comparison of models for customer base
//!   analysis", International Journal of Research in Marketing 24(3), 2007: the same, with one more chance to drop out
//!   right after the first purchase. All its formulas are those of BG/NBD with b + 1 in place of b once the dropouts
//!   so far are counted.

use super::Observation;
use super::collapse::Collapsed;
use super::newton::{Point, Sums};
use super::run::{CHUNK, Run, chunk};
use super::special::{complement, decayed, digamma, ln_gamma_rise, softplus, trigamma};

/// Parameters of BG/NBD or MBG/NBD.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bg {
    /// Shape of the purchase rates.
    pub r: f64,
    /// Their scale: a time, in the unit of the observations.
    pub alpha: f64,
    /// First shape of the dropout probabilities.
    pub a: f64,
    /// Second shape of the dropout probabilities.
    pub b: f64,
    /// MBG/NBD: a customer may drop out right after the first purchase, too.
    pub modified: bool,
}

impl Bg {
    /// Dropouts that a customer with `x` repeat purchases has already withstood, or would have: b + x, and one more
    /// where the first purchase counts.
    fn stayed(&self, x: f64) -> f64 {
        self.b + x + f64::from(u8::from(self.modified))
    }

    /// ln of the odds that the customer is gone; none where she cannot be.
    fn ln_odds_gone(&self, one: &Observation) -> Option<f64> {
        let x = f64::from(one.frequency);
        if one.frequency == 0 && !self.modified {
            return None;
        }
        let silence = libm::log1p((one.t - one.recency) / (self.alpha + one.recency));
        Some((self.r + x) * silence + libm::log(self.a / (self.stayed(x) - 1.0)))
    }

    /// ln of the likelihood of one customer: equation (6) of Fader, Hardie and Lee (2005), in the time unit of the
    /// observation; for MBG/NBD that of Batislam and others (2007).
    #[must_use]
    pub fn log_likelihood(&self, one: &Observation) -> f64 {
        let x = f64::from(one.frequency);
        let more = self.stayed(x) - self.b;
        let purchases = ln_gamma_rise(self.r, x)
            - self.r * libm::log1p(one.t / self.alpha)
            - if one.frequency == 0 { 0.0 } else { x * libm::log(self.alpha + one.t) };
        let dropouts = ln_gamma_rise(self.b, more) - ln_gamma_rise(self.a + self.b, more);
        purchases + dropouts + self.ln_odds_gone(one).map_or(0.0, softplus)
    }

    /// Probability that the customer still buys: the last equation of Fader, Hardie and Lee, "Computing P(alive) Using
    /// the BG/NBD Model", 2008 (brucehardie.com/notes/021). 1 for a BG/NBD customer without a repeat purchase: the model has no chance to drop out
    /// before one.
    #[must_use]
    pub fn p_alive(&self, one: &Observation) -> f64 {
        self.ln_odds_gone(one).map_or(1.0, complement)
    }

    /// Expected purchases in the next `horizon` of a customer who is alive; times [`Bg::p_alive`] that is equation
    /// (10) of Fader, Hardie and Lee (2005).
    ///
    /// Their form, `(a + b + x - 1) / (a - 1) * (1 - 2F1(r + x, a - 1; a + b + x - 1; -t / (alpha + T)))`, is 0 / 0 at
    /// a = 1 and loses all digits beside it. With y = t / (alpha + T), z = y / (1 + y), s = a + b - r - 1 (one more in
    /// MBG/NBD) and the transformation of Abramowitz and Stegun 15.3.4 the singular part can be taken out:
    /// `c (1 - (1 + y)^(1 - a)) / (a - 1) - (1 + y)^(1 - a) s z 3F2(s + 1, a, 1; a + b + x, 2; z)`.
    /// Where that series cancels or converges too slowly, the mean over the dropout probability is integrated.
    #[must_use]
    pub fn expected_while_alive(&self, frequency: u32, t: f64, horizon: f64) -> f64 {
        let ratio = horizon / (self.alpha + t);
        if ratio <= 0.0 {
            return 0.0;
        }
        let (shape, stayed) = (self.r + f64::from(frequency), self.stayed(f64::from(frequency)));
        by_series(shape, self.a, stayed, ratio).unwrap_or_else(|| by_integral(shape, self.a, stayed, ratio))
    }

    /// Expected purchases in the first `horizon` of a new customer: equation (9) of Fader, Hardie and Lee (2005).
    #[must_use]
    pub fn expected_of_new(&self, horizon: f64) -> f64 {
        let alive = if self.modified { self.b / (self.a + self.b) } else { 1.0 };
        alive * self.expected_while_alive(0, 0.0, horizon)
    }
}

/// Terms after which the integral is cheaper.
const MOST_TERMS: u32 = 400;

/// How many times larger than the result the parts it is the difference of may be.
const MOST_CANCELLED: f64 = 1e4;

fn by_series(shape: f64, a: f64, stayed: f64, ratio: f64) -> Option<f64> {
    let z = ratio / (1.0 + ratio);
    let total = a + stayed;
    let s = total - 1.0 - shape;
    let length = libm::log1p(ratio);
    // From here on the ratio of terms is above z and comes down to it slowly.
    if z > 0.97 && total < 50.0 {
        return None;
    }
    let (mut term, mut sum, mut size, mut j) = (1.0_f64, 1.0_f64, 1.0_f64, 0.0_f64);
    let mut done = false;
    for _ in 0..MOST_TERMS {
        let factor = (s + 1.0 + j) * (a + j) / ((total + j) * (2.0 + j)) * z;
        term *= factor;
        sum += term;
        size += term.abs();
        j += 1.0;
        let next = factor.abs().max(z);
        if next < 1.0 && term.abs() * next <= 1e-16 * (1.0 - next) * sum.abs() {
            done = true;
            break;
        }
    }
    let smooth = (total - 1.0) * decayed(a - 1.0, length);
    let rest = libm::exp((1.0 - a) * length) * s * z;
    let expected = smooth - rest * sum;
    let parts = smooth.abs() + (rest * size).abs();
    (done && expected > 0.0 && parts <= MOST_CANCELLED * expected).then_some(expected)
}

/// The mean of `(1 - (1 + p y)^(-shape)) / p` over Beta(a, stayed), by the trapezoidal rule in ln(p / (1 - p)): it
/// converges exponentially, because the integrand is analytic and falls off exponentially on both sides. Weights are
/// taken relative to the peak and divided by their own sum, so no large logarithm remains. What lies beyond the last
/// points on either side is a geometric series and is added as such.
fn by_integral(shape: f64, a: f64, stayed: f64, ratio: f64) -> f64 {
    let width = (a.recip() + stayed.recip()).sqrt();
    let step = (0.45 * width).min(0.3);
    let peak = libm::log(a / stayed);
    let weigh = |v: f64| {
        let (ln_p, ln_rest) = (-libm::log1p(libm::exp(-v)), -libm::log1p(libm::exp(v)));
        let (ln_p, ln_rest) = if v < -700.0 {
            (v, 0.0)
        } else if v > 700.0 {
            (0.0, -v)
        } else {
            (ln_p, ln_rest)
        };
        (a * ln_p + stayed * ln_rest, libm::exp(ln_p))
    };
    let (highest, _) = weigh(peak);
    let purchases = |p: f64| {
        let x = p * ratio;
        // Below this the quotient is its limit to the last bit.
        if x * (shape + 1.0) < 1e-16 { shape * ratio } else { -libm::expm1(-shape * libm::log1p(x)) / p }
    };
    let lowest_p = 1e-17 / stayed.max(1.0).max(ratio * (shape + 1.0)).max(1.0);
    let left_end = libm::log(lowest_p).min(peak);
    let right_end = (40.0 + libm::log(a.max(shape).max(1.0))).max(peak);
    let (mut mass, mut mean) = (0.0_f64, 0.0_f64);
    for (direction, end, rate) in [(-1.0, left_end, a), (1.0, right_end, stayed)] {
        let mut k = f64::from(u8::from(direction > 0.0));
        loop {
            let v = peak + direction * step * k;
            let (weight, p) = weigh(v);
            let weight = libm::exp(weight - highest);
            let share = weight * purchases(p);
            mass += weight;
            mean += share;
            if weight <= 1e-19 * mass && share <= 1e-19 * mean {
                break;
            }
            if direction * (v - end) >= 0.0 {
                let further = 1.0 / libm::expm1(rate * step);
                mass += weight * further;
                mean += share * further;
                break;
            }
            k += 1.0;
        }
    }
    mean / mass
}

/// What of the likelihood depends on the frequency alone.
struct Group {
    shape: f64,
    ln_stayed: f64,
    per_stayed: f64,
    may_be_gone: bool,
}

/// A time of the data with alpha added: the logarithm of how many times alpha that is, and its reciprocal.
struct Shifted {
    ln: f64,
    per: f64,
}

/// The log-likelihood of all customers with its derivatives by r, alpha, a and b.
pub(super) fn sums<R: Run>(data: &Collapsed, at: &Point, modified: bool, run: &R) -> Sums {
    let [r, alpha, a, b] = *at;
    let model = Bg { r, alpha, a, b, modified };
    let mut total = Sums::default();
    let groups: Vec<Group> = data
        .groups
        .iter()
        .map(|group| {
            let x = f64::from(group.frequency);
            let stayed = model.stayed(x);
            total.add(&of_frequency(&model, x, stayed, group.weight));
            let may_be_gone = modified || group.frequency > 0;
            let before = if may_be_gone { stayed - 1.0 } else { 1.0 };
            Group { shape: r + x, ln_stayed: libm::log(before), per_stayed: 1.0 / before, may_be_gone }
        })
        .collect();
    let shift = |values: &[f64]| -> Vec<Shifted> {
        let parts = run.map(values.len().div_ceil(CHUNK), |index| {
            let each = chunk(values, index).iter();
            each.map(|time| Shifted { ln: libm::log1p(time / alpha), per: 1.0 / (alpha + time) }).collect::<Vec<_>>()
        });
        parts.into_iter().flatten().collect()
    };
    let (ages, recencies) = (shift(&data.ages), shift(&data.recencies));
    let (ln_a, per_a) = (libm::log(a), 1.0 / a);
    let parts = run.map(data.rows.len().div_ceil(CHUNK), |index| {
        // Plain variables, not arrays: this loop is where a fit spends its time.
        let mut sums = Sums::default();
        for row in chunk(&data.rows, index) {
            let group = &groups[row.group as usize];
            let (age, recency) = (&ages[row.age as usize], &recencies[row.recency as usize]);
            let (weight, shape) = (f64::from(row.weight), group.shape);
            if !group.may_be_gone {
                sums.value -= weight * shape * age.ln;
                sums.gradient[0] -= weight * age.ln;
                sums.gradient[1] -= weight * shape * age.per;
                sums.hessian[0][1] -= weight * age.per;
                sums.hessian[1][1] += weight * shape * age.per * age.per;
                continue;
            }
            let odds = shape * (age.ln - recency.ln) + ln_a - group.ln_stayed;
            let small = libm::exp(-odds.abs());
            let part = 1.0 / (1.0 + small);
            let (gone, alive) = if odds > 0.0 { (part, small * part) } else { (small * part, part) };
            sums.value += weight * (odds.max(0.0) + libm::log1p(small) - shape * age.ln);
            let rate = alive * age.per + gone * recency.per;
            sums.gradient[0] -= weight * (alive * age.ln + gone * recency.ln);
            sums.gradient[1] -= weight * shape * rate;
            sums.gradient[2] += weight * gone * per_a;
            sums.gradient[3] -= weight * gone * group.per_stayed;
            let both = weight * alive * gone;
            let d = [age.ln - recency.ln, shape * (age.per - recency.per), per_a, -group.per_stayed];
            let h = &mut sums.hessian;
            h[0][0] += both * d[0] * d[0];
            h[0][1] += both * d[0] * d[1] - weight * rate;
            h[0][2] += both * d[0] * d[2];
            h[0][3] += both * d[0] * d[3];
            let squares = alive * age.per * age.per + gone * recency.per * recency.per;
            h[1][1] += both * d[1] * d[1] + weight * shape * squares;
            h[1][2] += both * d[1] * d[2];
            h[1][3] += both * d[1] * d[3];
            h[2][2] += both * d[2] * d[2] - weight * gone * per_a * per_a;
            h[2][3] += both * d[2] * d[3];
            h[3][3] += both * d[3] * d[3] + weight * gone * group.per_stayed * group.per_stayed;
        }
        sums
    });
    for part in &parts {
        total.add(part);
    }
    total
}

fn of_frequency(model: &Bg, x: f64, stayed: f64, weight: f64) -> Sums {
    let Bg { r, alpha, a, b, .. } = *model;
    let more = stayed - b;
    let mut sums = Sums {
        value: weight
            * (ln_gamma_rise(r, x) - x * libm::log(alpha) + ln_gamma_rise(b, more) - ln_gamma_rise(a + b, more)),
        ..Sums::default()
    };
    let (first, second) = (digamma(a + b) - digamma(a + stayed), trigamma(a + b) - trigamma(a + stayed));
    sums.gradient = [
        weight * (digamma(r + x) - digamma(r)),
        weight * r / alpha,
        weight * first,
        weight * (first + digamma(stayed) - digamma(b)),
    ];
    sums.hessian[0][0] = weight * (trigamma(r + x) - trigamma(r));
    sums.hessian[0][1] = weight / alpha;
    sums.hessian[1][1] = -weight * r / (alpha * alpha);
    sums.hessian[2][2] = weight * second;
    sums.hessian[2][3] = weight * second;
    sums.hessian[3][3] = weight * (second + trigamma(stayed) - trigamma(b));
    sums
}
