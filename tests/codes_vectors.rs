//! Do codes read the same in every runtime? The native half of `tests/vectors/codes.json`; Node and Chromium run the
//! same file through the artefacts.

#![allow(clippy::unwrap_used)] // A vector that cannot be read must fail the test.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use zugabe::code::{check, mint_text, verify_text};
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
    input: Input,
    expected: serde_json::Value,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Op {
    Mint,
    Parse,
    Verify,
}

/// The documents of a case as text: they reach the core as a person wrote them.
#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct Input {
    text: String,
    code: String,
    keys: Option<Box<RawValue>>,
    request: Option<Box<RawValue>>,
}

fn answer<T: Serialize>(result: Result<T, Error>) -> String {
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
    let vectors: Vectors = serde_json::from_str(include_str!("vectors/codes.json")).unwrap();
    assert_eq!(vectors.v, 1);
    assert!(vectors.cases.len() >= 30);
    for Case { name, op, input, expected } in vectors.cases {
        let (keys, request) =
            (input.keys.as_ref().map_or("", |k| k.get()), input.request.as_ref().map_or("", |r| r.get()));
        let got = match op {
            Op::Parse => answer(Ok(check(&input.text))),
            Op::Verify => answer(verify_text(keys, &input.code)),
            Op::Mint => answer(mint_text(keys, request)),
        };
        assert_eq!(got, zugabe::canonical::text(&expected).unwrap(), "{name}");
    }
}
