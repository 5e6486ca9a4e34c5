use super::run::{Run, Serial};
use super::*;
use proptest::prelude::*;

const CDNOW: Params = Params {
    r: Some(0.243),
    alpha: Some(4.414),
    a: Some(0.793),
    b: Some(2.426),
    s: None,
    beta: None,
    p: Some(6.25),
    q: Some(3.74),
    v: Some(15.44),
};

/// Pieces from last to first, as threads may do them, and the answers in order all the same.
struct Backwards;

impl Run for Backwards {
    fn map<T: Send, F: Fn(usize) -> T + Sync + Send>(&self, count: usize, work: F) -> Vec<T> {
        let mut out: Vec<T> = (0..count).rev().map(work).collect();
        out.reverse();
        out
    }
}

fn seen(frequency: u32, recency: f64, t: f64) -> Observation {
    Observation { frequency, recency, t }
}

#[test]
fn the_published_expectations_are_met() {
    let model = Purchases::new(ModelName::Bgnbd, &CDNOW).unwrap();
    for (x, tx, expected, alive) in [
        (2, 30.43, 1.226_028, 0.726_579),
        (1, 30.86, 0.673_950, 0.703_516),
        (6, 30.43, 3.187_999, 0.707_701),
        (6, 10.0, 0.043_676, 0.009_696),
        (0, 0.0, 0.195_098, 1.0),
    ] {
        let one = seen(x, tx, 38.86);
        assert!((model.expected(&one, 39.0) - expected).abs() < 5e-7, "{x}, {tx}");
        assert!((model.p_alive(&one) - alive).abs() < 5e-7, "{x}, {tx}");
    }
    for (t, expected) in [(1.0, 0.053_268), (3.0, 0.150_865), (32.0, 1.045_243), (78.0, 1.860_519)] {
        assert!((model.expected_of_new(t) - expected).abs() < 5e-7, "{t} weeks");
    }
}

#[test]
fn a_missing_or_impossible_parameter_is_named() {
    let error = Purchases::new(ModelName::Paretonbd, &CDNOW).unwrap_err();
    assert_eq!((error.code, error.path.as_str()), (Code::MissingField, "s"));
    let error = Purchases::new(ModelName::Bgnbd, &Params { a: Some(-1.0), ..CDNOW }).unwrap_err();
    assert_eq!((error.code, error.path.as_str()), (Code::InvalidValue, "a"));
    let error = Purchases::new(ModelName::Bgnbd, &Params { r: Some(f64::NAN), ..CDNOW }).unwrap_err();
    assert_eq!((error.code, error.path.as_str()), (Code::InvalidValue, "r"));
    assert_eq!(Purchases::new(ModelName::Gammagamma, &CDNOW).unwrap_err().path, "model");
}

#[test]
fn parameters_are_read_from_a_fit_and_alone() {
    let customers: Vec<fit::Customer> =
        (0..60_u32).map(|i| (seen(i % 5, if i % 5 == 0 { 0.0 } else { f64::from(i) / 2.0 }, 40.0), None)).collect();
    let fitted = fit(ModelName::Bgnbd, &customers, 0.01, &Serial).unwrap();
    let text = serde_json::to_string(&fitted).unwrap();
    assert_eq!(Params::parse(&text).unwrap(), fitted.params);
    assert_eq!(Params::parse(&serde_json::to_string(&fitted.params).unwrap()).unwrap(), fitted.params);
    assert_eq!(Params::parse("{\"r\":1,\"gamma\":2}").unwrap_err().code, Code::UnknownField);
}

#[test]
fn lifetime_value_is_the_discounted_sum_over_the_periods() {
    let outlook = Outlook { horizon: 12.0 * 4.345, discount: 0.01, discount_period: 4.345 };
    let rows = [(seen(2, 30.43, 38.86), Some(22.35))];
    let got = predict(ModelName::Bgnbd, &CDNOW, &rows, &outlook, &Serial).unwrap()[0];
    let (model, spend) = (Purchases::new(ModelName::Bgnbd, &CDNOW).unwrap(), GammaGamma::new(&CDNOW).unwrap());
    let value = spend.expected(2, 22.35).unwrap();
    let (mut clv, mut before, mut factor) = (0.0, 0.0, 1.0);
    for month in 1..=12 {
        let until = model.expected(&rows[0].0, 4.345 * f64::from(month));
        factor /= 1.01;
        clv += (until - before) * value * factor;
        before = until;
    }
    assert!((got.clv.unwrap() - clv).abs() < 1e-12 * clv, "{got:?} instead of {clv}");
    assert!((got.expected_purchases - before).abs() < 1e-12);
    let plain = predict(ModelName::Bgnbd, &CDNOW, &rows, &Outlook { discount: 0.0, ..outlook }, &Serial).unwrap()[0];
    assert!((plain.clv.unwrap() - before * value).abs() < 1e-10);
    assert!(got.clv < plain.clv);
}

#[test]
fn a_mean_that_does_not_exist_is_an_error_with_its_row() {
    let params = Params { p: Some(0.5), q: Some(0.7), v: Some(10.0), ..CDNOW };
    let rows = [(seen(2, 3.0, 9.0), Some(20.0)), (seen(0, 0.0, 9.0), None)];
    let outlook = Outlook { horizon: 39.0, discount: 0.0, discount_period: 1.0 };
    let error = predict(ModelName::Bgnbd, &params, &rows, &outlook, &Serial).unwrap_err();
    assert_eq!((error.code, error.path.as_str()), (Code::NoFiniteValue, "row 2.q"));
}

#[test]
fn an_outlook_beyond_what_was_checked_is_refused() {
    for (outlook, path) in [
        (Outlook { horizon: 0.0, discount: 0.0, discount_period: 1.0 }, "horizon"),
        (Outlook { horizon: f64::NAN, discount: 0.0, discount_period: 1.0 }, "horizon"),
        (Outlook { horizon: 1.0, discount: -0.1, discount_period: 1.0 }, "discount"),
        (Outlook { horizon: 1e6, discount: 0.1, discount_period: 1e-3 }, "discountPeriod"),
    ] {
        assert_eq!(outlook.check().unwrap_err().path, path);
    }
}

fn any_customers() -> impl Strategy<Value = Vec<fit::Customer>> {
    prop::collection::vec((0..6_u32, 0..40_u8, 0..40_u8, 1..900_u32), 30..120).prop_map(|rows| {
        let read = |(x, tx, more, cents): (u32, u8, u8, u32)| {
            let recency = if x == 0 { 0.0 } else { f64::from(tx) / 7.0 };
            let mean = (x > 0).then(|| f64::from(cents) / 10.0);
            (seen(x, recency, recency + f64::from(more) / 7.0 + 1.0), mean)
        };
        rows.into_iter().map(read).collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn a_fit_depends_neither_on_the_order_of_rows_nor_on_who_does_which_piece(
        (rows, shuffled) in any_customers().prop_flat_map(|rows| (Just(rows.clone()), Just(rows).prop_shuffle())),
    ) {
        for model in ModelName::ALL {
            let fitted = fit(*model, &rows, 0.001, &Serial);
            prop_assert_eq!(&fitted, &fit(*model, &shuffled, 0.001, &Serial));
            prop_assert_eq!(&fitted, &fit(*model, &rows, 0.001, &Backwards));
        }
    }

    #[test]
    fn at_a_maximum_no_neighbour_is_more_likely(rows in any_customers()) {
        for model in [ModelName::Bgnbd, ModelName::Mbgnbd, ModelName::Paretonbd] {
            let fitted = fit(model, &rows, 0.0, &Serial).unwrap();
            if !fitted.converged {
                continue;
            }
            let likelihood = |params: &Params| -> f64 {
                let model = Purchases::new(model, params).unwrap();
                rows.iter().map(|(one, _)| model.log_likelihood(one)).sum()
            };
            let top = likelihood(&fitted.params);
            // The sums over collapsed rows are those over all rows.
            prop_assert!((top - fitted.log_likelihood).abs() < 1e-9 * top.abs(), "{} {}", top, fitted.log_likelihood);
            for name in model.parameters() {
                for factor in [0.98, 1.02] {
                    let mut beside = fitted.params;
                    beside.set(name, fitted.params.get(name).unwrap() * factor);
                    prop_assert!(likelihood(&beside) <= top + 1e-9, "{} {}", model.as_str(), name);
                }
            }
        }
    }

    #[test]
    fn nothing_that_leaves_is_nan_or_infinite(
        (r, alpha, a, b) in (-6.0..6.0_f64, -6.0..6.0_f64, -6.0..6.0_f64, -6.0..6.0_f64),
        (x, tx, more, horizon) in (0..100_001_u32, -8.0..5.9_f64, -8.0..5.9_f64, -8.0..6.0_f64),
    ) {
        let ten = |exponent: f64| libm::pow(10.0, exponent);
        let (tx, more) = (if x == 0 { 0.0 } else { ten(tx) }, ten(more));
        let one = seen(x, tx, (tx + more).min(LONGEST));
        let params = Params {
            r: Some(ten(r)), alpha: Some(ten(alpha)), a: Some(ten(a)), b: Some(ten(b)), s: Some(ten(a)), beta: Some(ten(b)), ..CDNOW
        };
        for name in [ModelName::Bgnbd, ModelName::Mbgnbd, ModelName::Paretonbd] {
            let model = Purchases::new(name, &params).unwrap();
            prop_assert!(model.log_likelihood(&one).is_finite());
            let alive = model.p_alive(&one);
            prop_assert!((0.0..=1.0).contains(&alive));
            let (near, far) = (model.expected(&one, ten(horizon)), model.expected(&one, ten(horizon) * 1.5));
            prop_assert!(near.is_finite() && far.is_finite() && near >= 0.0);
            prop_assert!(far >= near * (1.0 - 1e-9), "{} {}: more time, fewer purchases", near, far);
        }
    }
}
