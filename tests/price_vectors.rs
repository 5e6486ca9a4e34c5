//! Does a cart cost the same in every runtime? The native half of `tests/vectors/price.json`; Node and Chromium run the
//! same file through the full artefact.

#![allow(clippy::unwrap_used)] // A vector that cannot be read must fail the test.

use serde::Deserialize;
use serde_json::value::RawValue;
use zugabe::price::{price_text, refund_text};
use zugabe::reject::Error;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Vectors {
    v: u32,
    cases: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    op: Op,
    input: Box<RawValue>,
    expected: serde_json::Value,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Op {
    Price,
    Refund,
}

fn answer<T: serde::Serialize>(result: Result<T, Error>) -> String {
    match result {
        Ok(value) => zugabe::canonical::text(&value).unwrap(),
        // The words of an error may change; its code and path are the contract.
        Err(error) => {
            zugabe::canonical::text(&serde_json::json!({ "error": { "code": error.code, "path": error.path } }))
                .unwrap()
        }
    }
}

#[test]
fn every_vector_gives_its_expected_bytes() {
    let vectors: Vectors = serde_json::from_str(include_str!("vectors/price.json")).unwrap();
    assert_eq!(vectors.v, 1);
    assert!(vectors.cases.len() >= 15);
    let mut different = Vec::new();
    for Case { name, op, input, expected } in vectors.cases {
        let got = match op {
            Op::Price => answer(price_text(input.get())),
            Op::Refund => answer(refund_text(input.get())),
        };
        let expected = zugabe::canonical::text(&expected).unwrap();
        if got != expected {
            different.push(format!("{name}\n  expected {expected}\n  got      {got}"));
        }
    }
    assert!(different.is_empty(), "{}", different.join("\n"));
}
