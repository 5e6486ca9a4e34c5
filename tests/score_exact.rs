//! Likelihoods, P(alive) and expectations agree with high-precision values in every branch, and nothing but a named
//! error stands where a value does not exist.

#![allow(clippy::unwrap_used, clippy::expect_used)] // What cannot be read must fail the test.

use serde::Deserialize;
use zugabe::reject::{self, Code};
use zugabe::score::lifetime::{GammaGamma, ModelName, Observation, Params, Purchases};

#[derive(Deserialize)]
struct Table {
    cases: Vec<Case>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Case {
    model: ModelName,
    params: Params,
    frequency: u32,
    #[serde(default)]
    recency: f64,
    #[serde(default, rename = "T")]
    t: f64,
    #[serde(default)]
    horizon: f64,
    #[serde(default)]
    mean: f64,
    #[serde(default)]
    log_likelihood: f64,
    #[serde(default)]
    p_alive: f64,
    #[serde(default)]
    expected: f64,
    error: Option<Code>,
}

/// The relative error; log-likelihoods pass through 0, so theirs is absolute below 1.
fn error(got: f64, exact: f64, least: f64) -> f64 {
    if got == exact { 0.0 } else { (got - exact).abs() / exact.abs().max(least) }
}

#[test]
fn every_value_is_within_a_billionth_of_the_exact_one() {
    let table: Table = reject::parse_json(include_str!("vectors/score-exact.json")).unwrap();
    assert!(table.cases.len() > 700);
    let mut worst = [0.0_f64; 3];
    let mut off = 0;
    for case in &table.cases {
        let (got, exact) = if case.model == ModelName::Gammagamma {
            let model = GammaGamma::new(&case.params).unwrap();
            if let Some(code) = case.error {
                assert_eq!(model.expected(case.frequency, case.mean).unwrap_err().code, code);
                continue;
            }
            let expected = model.expected(case.frequency, case.mean).unwrap();
            (
                [model.log_likelihood(case.frequency, case.mean), 0.0, expected],
                [case.log_likelihood, 0.0, case.expected],
            )
        } else {
            let model = Purchases::new(case.model, &case.params).unwrap();
            let one = Observation { frequency: case.frequency, recency: case.recency, t: case.t };
            one.check().unwrap();
            let got = [model.log_likelihood(&one), model.p_alive(&one), model.expected(&one, case.horizon)];
            (got, [case.log_likelihood, case.p_alive, case.expected])
        };
        for (i, least) in [1.0, 1e-290, 1e-290].into_iter().enumerate() {
            let error = error(got[i], exact[i], least);
            worst[i] = worst[i].max(error);
            if error.is_nan() || error > 1e-9 {
                off += 1;
                println!("{error:e} in {i}: {got:?} instead of {exact:?} for {case:?}");
            }
        }
    }
    println!(
        "{} cases; largest errors: log-likelihood {:e}, P(alive) {:e}, expectation {:e}",
        table.cases.len(),
        worst[0],
        worst[1],
        worst[2]
    );
    assert_eq!(off, 0);
}
