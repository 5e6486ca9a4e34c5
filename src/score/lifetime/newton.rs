//! Where is a likelihood highest? Newton's method on the logarithms of the parameters, damped until every step climbs.

#![allow(clippy::needless_range_loop)] // Matrices: the indices are the meaning.

use crate::word::words;

/// The most parameters a model here has.
pub(super) const MOST: usize = 4;

/// Values of all parameters; those a model does not have stay at 1.
pub(super) type Point = [f64; MOST];

/// A parameter this many e-folds away from its centre has run away: the data do not hold it.
const REACH: f64 = 16.0;

/// Steps after which the search gives up.
const MOST_STEPS: u32 = 200;

/// What a further step promises, in units of the log-likelihood, when the search is over.
const PROMISE: f64 = 1e-8;

words! {
    /// How a search for the maximum ended.
    Verdict {
        /// At a maximum: no direction leads higher.
        Converged = "converged",
        /// A parameter ran to the edge of what can be told apart: the data do not identify it. More customers, a longer
        /// time, or a penalty helps.
        AtBound = "at_bound",
        /// The steps were used up.
        StepLimit = "step_limit",
    }
}

/// A value with its first and second derivatives by the parameters themselves.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Sums {
    pub value: f64,
    pub gradient: [f64; MOST],
    /// Upper half only: `[i][j]` with `i <= j`.
    pub hessian: [[f64; MOST]; MOST],
}

impl Sums {
    pub fn add(&mut self, other: &Self) {
        self.value += other.value;
        for i in 0..MOST {
            self.gradient[i] += other.gradient[i];
            for j in i..MOST {
                self.hessian[i][j] += other.hessian[i][j];
            }
        }
    }
}

/// What is searched for, and from where.
pub(super) struct Search {
    /// How many parameters the model has.
    pub parameters: usize,
    /// Where the search begins.
    pub start: Point,
    /// What is ordinary for each parameter in the units of the data: bounds and penalty are relative to it.
    pub centre: Point,
    /// Weight of the squared distance of the logarithms from the centre, already multiplied by the number of customers.
    pub penalty: f64,
}

/// Where the search ended.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Maximum {
    pub at: Point,
    /// The log-likelihood there, without the penalty.
    pub value: f64,
    pub verdict: Verdict,
    pub steps: u32,
    /// Standard errors of the parameters, where the curvature gives any.
    pub errors: Option<Point>,
}

/// The function in the logarithms of the parameters, penalty included.
#[derive(Clone, Copy)]
struct Surface {
    likelihood: f64,
    value: f64,
    gradient: [f64; MOST],
    /// Negated, both halves.
    curvature: [[f64; MOST]; MOST],
}

impl Search {
    /// Searches the maximum of `evaluate`.
    pub fn run(&self, mut evaluate: impl FnMut(&Point) -> Sums) -> Maximum {
        let n = self.parameters;
        let mut logs = self.start.map(libm::log);
        let mut here = self.surface(&logs, &evaluate(&self.start));
        let (mut damping, mut steps, mut verdict) = (1e-3_f64, 0_u32, Verdict::StepLimit);
        while steps < MOST_STEPS {
            steps += 1;
            let Some(step) = damped(&here, damping, n) else {
                damping = (damping * 10.0).max(1e-6);
                if damping > 1e12 {
                    break;
                }
                continue;
            };
            let promise: f64 = (0..n).map(|i| here.gradient[i] * step[i]).sum();
            let mut there = logs;
            let mut moved = 0.0_f64;
            for i in 0..n {
                let centre = libm::log(self.centre[i]);
                there[i] = (logs[i] + step[i].clamp(-2.0, 2.0)).clamp(centre - REACH, centre + REACH);
                moved = moved.max((there[i] - logs[i]).abs());
            }
            let next = self.surface(&there, &evaluate(&there.map(libm::exp)));
            let rounding = 1e-14 * here.value.abs();
            if next.value.is_finite() && next.value >= here.value - rounding {
                (logs, here) = (there, next);
                damping = if damping < 1e-9 { 0.0 } else { damping * 0.1 };
                if promise.abs() < PROMISE || moved < 1e-12 {
                    verdict = Verdict::Converged;
                    break;
                }
            } else {
                damping = (damping * 10.0).max(1e-6);
                if damping > 1e12 {
                    break;
                }
            }
        }
        let away = (0..n).any(|i| (logs[i] - libm::log(self.centre[i])).abs() > REACH - 0.5);
        if away {
            verdict = Verdict::AtBound;
        }
        let at = logs.map(libm::exp);
        let errors = inverse_diagonal(&here.curvature, n).map(|variances| {
            let mut errors = [0.0; MOST];
            for i in 0..n {
                errors[i] = at[i] * variances[i].sqrt();
            }
            errors
        });
        Maximum { at, value: here.likelihood, verdict, steps, errors }
    }

    fn surface(&self, logs: &Point, sums: &Sums) -> Surface {
        let n = self.parameters;
        let at = logs.map(libm::exp);
        let mut out = Surface {
            likelihood: sums.value,
            value: sums.value,
            gradient: [0.0; MOST],
            curvature: [[0.0; MOST]; MOST],
        };
        for i in 0..n {
            let away = logs[i] - libm::log(self.centre[i]);
            out.value -= self.penalty * away * away;
            out.gradient[i] = at[i] * sums.gradient[i] - 2.0 * self.penalty * away;
            for j in i..n {
                let mut second = at[i] * at[j] * sums.hessian[i][j];
                if i == j {
                    second += at[i] * sums.gradient[i] - 2.0 * self.penalty;
                }
                out.curvature[i][j] = -second;
                out.curvature[j][i] = -second;
            }
        }
        out
    }
}

/// The Newton step with `damping` times its scale added to the diagonal; none where the matrix is not positive.
fn damped(here: &Surface, damping: f64, n: usize) -> Option<[f64; MOST]> {
    let mut matrix = here.curvature;
    for i in 0..n {
        matrix[i][i] += damping * here.curvature[i][i].abs().max(1e-3 * here.gradient[i].abs()).max(1e-12);
    }
    let lower = cholesky(&matrix, n)?;
    Some(solve(&lower, &here.gradient, n))
}

/// The lower triangle L with L Lᵀ = matrix, when it is positive definite beyond rounding.
fn cholesky(matrix: &[[f64; MOST]; MOST], n: usize) -> Option<[[f64; MOST]; MOST]> {
    let mut lower = [[0.0; MOST]; MOST];
    for i in 0..n {
        for j in 0..=i {
            let mut sum = matrix[i][j];
            for k in 0..j {
                sum -= lower[i][k] * lower[j][k];
            }
            if i == j {
                if sum.is_nan() || sum <= 1e-13 * matrix[i][i].abs() {
                    return None;
                }
                lower[i][i] = sum.sqrt();
            } else {
                lower[i][j] = sum / lower[j][j];
            }
        }
    }
    Some(lower)
}

fn solve(lower: &[[f64; MOST]; MOST], right: &[f64; MOST], n: usize) -> [f64; MOST] {
    let mut out = *right;
    for i in 0..n {
        for k in 0..i {
            out[i] -= lower[i][k] * out[k];
        }
        out[i] /= lower[i][i];
    }
    for i in (0..n).rev() {
        for k in i + 1..n {
            out[i] -= lower[k][i] * out[k];
        }
        out[i] /= lower[i][i];
    }
    out
}

fn inverse_diagonal(curvature: &[[f64; MOST]; MOST], n: usize) -> Option<[f64; MOST]> {
    let lower = cholesky(curvature, n)?;
    let mut out = [0.0; MOST];
    for (i, variance) in out.iter_mut().enumerate().take(n) {
        let mut unit = [0.0; MOST];
        unit[i] = 1.0;
        *variance = solve(&lower, &unit, n)[i];
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hill_in_the_logarithms_is_climbed_to_its_top() {
        // -(ln p - 1)^2 - 3 (ln q + 2)^2, written in p and q.
        let search = Search { parameters: 2, start: [1.0; MOST], centre: [1.0; MOST], penalty: 0.0 };
        let top = search.run(|at| {
            let (u, v) = (libm::log(at[0]) - 1.0, libm::log(at[1]) + 2.0);
            let mut sums = Sums { value: -u * u - 3.0 * v * v, ..Sums::default() };
            sums.gradient[0] = -2.0 * u / at[0];
            sums.gradient[1] = -6.0 * v / at[1];
            sums.hessian[0][0] = (2.0 * u - 2.0) / (at[0] * at[0]);
            sums.hessian[1][1] = (6.0 * v - 6.0) / (at[1] * at[1]);
            sums
        });
        assert_eq!(top.verdict, Verdict::Converged);
        assert!((libm::log(top.at[0]) - 1.0).abs() < 1e-9 && (libm::log(top.at[1]) + 2.0).abs() < 1e-9, "{top:?}");
    }

    #[test]
    fn a_slope_without_a_top_ends_at_the_bound_and_says_so() {
        let search = Search { parameters: 1, start: [1.0; MOST], centre: [1.0; MOST], penalty: 0.0 };
        let top = search.run(|at| {
            let mut sums = Sums { value: libm::log(at[0]), ..Sums::default() };
            sums.gradient[0] = 1.0 / at[0];
            sums.hessian[0][0] = -1.0 / (at[0] * at[0]);
            sums
        });
        assert_eq!(top.verdict, Verdict::AtBound);
    }

    #[test]
    fn a_penalty_holds_what_the_data_do_not() {
        let search = Search { parameters: 1, start: [3.0; MOST], centre: [3.0; MOST], penalty: 1.0 };
        let top = search.run(|_| Sums::default());
        assert_eq!(top.verdict, Verdict::Converged);
        assert!((top.at[0] - 3.0).abs() < 1e-9);
    }
}
