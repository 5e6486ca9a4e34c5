//! Which functions do the likelihoods need that no standard library has? Derivatives of ln Γ, differences without
//! cancellation, and quadrature. All transcendental functions are libm's, so every platform gets the same bits.

/// From here on the asymptotic series of ln Γ, ψ and ψ′ are exact to the last bits.
const ASYMPTOTIC: f64 = 20.0;

/// ln Γ(x) for x > 0.
pub(super) fn ln_gamma(x: f64) -> f64 {
    libm::lgamma(x)
}

/// ln Γ(x + more) - ln Γ(x) for x > 0 and more >= 0: as a difference of two large logarithms it would lose the digits
/// that matter. Stirling's series (Abramowitz and Stegun 6.1.40) is subtracted term by term.
pub(super) fn ln_gamma_rise(mut x: f64, more: f64) -> f64 {
    let mut below = 0.0;
    while x < ASYMPTOTIC {
        below += libm::log1p(more / x);
        x += 1.0;
    }
    let series = |z: f64| {
        let y = 1.0 / (z * z);
        (1.0 / 12.0 - y * (1.0 / 360.0 - y * (1.0 / 1260.0 - y * (1.0 / 1680.0)))) / z
    };
    (x - 0.5) * libm::log1p(more / x) + more * (libm::log(x + more) - 1.0) + (series(x + more) - series(x)) - below
}

/// ψ(x) = d ln Γ(x) / dx for x > 0 (Abramowitz and Stegun 6.3.5 and 6.3.18).
pub(super) fn digamma(mut x: f64) -> f64 {
    let mut below = 0.0;
    while x < ASYMPTOTIC {
        below += 1.0 / x;
        x += 1.0;
    }
    let y = 1.0 / (x * x);
    let series = y * (1.0 / 12.0 - y * (1.0 / 120.0 - y * (1.0 / 252.0 - y * (1.0 / 240.0 - y * (1.0 / 132.0)))));
    libm::log(x) - 0.5 / x - series - below
}

/// ψ′(x) for x > 0 (Abramowitz and Stegun 6.4.6 and 6.4.12).
pub(super) fn trigamma(mut x: f64) -> f64 {
    let mut below = 0.0;
    while x < ASYMPTOTIC {
        below += 1.0 / (x * x);
        x += 1.0;
    }
    let y = 1.0 / (x * x);
    let series = y * (1.0 / 6.0 - y * (1.0 / 30.0 - y * (1.0 / 42.0 - y * (1.0 / 30.0 - y * (5.0 / 66.0)))));
    below + 1.0 / x + 0.5 * y + series / x
}

/// `(1 - e^(-rate * length)) / rate`, and its limit `length` where the rate is 0: what makes a dropout parameter of
/// exactly 1 an ordinary value.
pub(super) fn decayed(rate: f64, length: f64) -> f64 {
    let exponent = rate * length;
    if exponent.abs() < 1e-6 {
        length * (1.0 - exponent * (0.5 - exponent / 6.0))
    } else {
        -libm::expm1(-exponent) / rate
    }
}

/// ln(1 + e^x) without overflow.
pub(super) fn softplus(x: f64) -> f64 {
    x.max(0.0) + libm::log1p(libm::exp(-x.abs()))
}

/// `1 / (1 + e^x)`: the share of what stands beside odds of e^x.
pub(super) fn complement(x: f64) -> f64 {
    if x > 0.0 {
        let e = libm::exp(-x);
        e / (1.0 + e)
    } else {
        1.0 / (1.0 + libm::exp(x))
    }
}

/// Nodes and weights of the Gauss-Legendre rule with 16 points on [-1, 1], one half of the symmetric pairs
/// (Abramowitz and Stegun, table 25.4).
pub(super) const LEGENDRE_16: [(f64, f64); 8] = [
    (0.095_012_509_837_637_44, 0.189_450_610_455_068_5),
    (0.281_603_550_779_258_9, 0.182_603_415_044_923_58),
    (0.458_016_777_657_227_37, 0.169_156_519_395_002_54),
    (0.617_876_244_402_643_8, 0.149_595_988_816_576_74),
    (0.755_404_408_355_003, 0.124_628_971_255_533_88),
    (0.865_631_202_387_831_8, 0.095_158_511_682_492_79),
    (0.944_575_023_073_232_6, 0.062_253_523_938_647_894),
    (0.989_400_934_991_649_9, 0.027_152_459_411_754_096),
];

/// The largest exponent that one panel of the rule may span, and the largest length.
const PANEL_EXPONENT: f64 = 6.0;
const PANEL_LENGTH: f64 = 2.0;

/// Calls `node(place, weight)` for a Gauss-Legendre rule over `[0, length]`, in panels short enough for an integrand
/// that falls like e^(-slope(v)). `node` answers the integrand's share, and the rule ends early where nothing is left.
pub(super) fn panels(length: f64, slope: impl Fn(f64) -> f64, mut node: impl FnMut(f64, f64) -> f64) {
    let (mut from, mut sum) = (0.0_f64, 0.0_f64);
    while from < length {
        let step = PANEL_LENGTH.min(PANEL_EXPONENT / slope(from).abs().max(1e-300));
        // A last sliver would cost as much as a whole panel.
        let to = if from + 1.05 * step >= length { length } else { from + step };
        let (half, middle) = (0.5 * (to - from), 0.5 * (to + from));
        let mut panel = 0.0;
        for (place, weight) in LEGENDRE_16 {
            panel += node(middle - half * place, half * weight) + node(middle + half * place, half * weight);
        }
        sum += panel;
        if panel < 1e-17 * sum || to <= from {
            break;
        }
        from = to;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(got: f64, expected: f64) {
        assert!((got - expected).abs() <= 4e-15 * expected.abs().max(1e-300), "{got} instead of {expected}");
    }

    #[test]
    fn the_derivatives_of_ln_gamma_are_those_of_the_tables() {
        // mpmath.psi(0, x), mpmath.psi(1, x) at 40 digits.
        for (x, first, second) in [
            (1e-3, -1_000.575_571_931_810_3, 1_000_001.642_533_195_8),
            (0.25, -4.227_453_533_376_265, 17.197_329_154_507_11),
            (1.0, -0.577_215_664_901_532_9, 1.644_934_066_848_226_4),
            (2.5, 0.703_156_640_645_243_2, 0.490_357_756_100_235),
            (12.0, 2.442_661_679_975_812, 0.086_901_872_871_768_38),
            (1e5, 11.512_920_464_961_895, 1.000_005_000_016_666_7e-5),
        ] {
            close(digamma(x), first);
            close(trigamma(x), second);
        }
    }

    #[test]
    fn the_rise_of_ln_gamma_keeps_its_digits() {
        // mpmath.loggamma(x + more) - mpmath.loggamma(x) at 40 digits.
        for (x, more, exact) in [
            (0.243, 1.0, -1.4146938356415886),
            (0.243, 0.0, 0.0),
            (1e-06, 3.0, -13.122361877404954),
            (50000000.0, 2.0, 35.45506714678484),
            (2.5, 100000.0, 1051316.2066231987),
            (19.5, 0.7, 2.0739244068309417),
            (8000000.0, 3.74, 59.44712149314389),
        ] {
            close(ln_gamma_rise(x, more), exact);
        }
    }

    #[test]
    fn a_rate_of_nothing_is_the_limit_and_not_a_division_by_zero() {
        close(decayed(0.0, 3.0), 3.0);
        close(decayed(1e-12, 3.0), 2.999_999_999_995_5);
        close(decayed(2e-6, 1.0), 0.999_999_000_000_666_7);
        close(decayed(1.0, 1.0), 0.632_120_558_828_557_7);
        close(decayed(-1.0, 1.0), 1.718_281_828_459_045);
    }

    #[test]
    fn panels_integrate_steep_and_flat_exponentials() {
        for (rate, length) in [(1e5, 3.0), (40.0, 1.0), (1.0, 30.0), (0.25, 8.0), (1e-9, 1e-8)] {
            let mut sum = 0.0;
            panels(
                length,
                |_| rate,
                |v, w| {
                    let share = w * libm::exp(-rate * v);
                    sum += share;
                    share
                },
            );
            let expected = decayed(rate, length);
            assert!((sum - expected).abs() <= 1e-13 * expected, "{rate}, {length}: {sum} instead of {expected}");
        }
    }

    #[test]
    fn odds_beyond_every_exponent_are_certainties() {
        assert_eq!((complement(800.0), complement(-800.0)), (0.0, 1.0));
        assert_eq!((softplus(800.0), softplus(-800.0)), (800.0, 0.0));
        close(complement(0.0), 0.5);
    }
}
