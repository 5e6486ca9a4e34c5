//! Do link tokens read the same in every runtime? The native half of `tests/vectors/tokens.json`; Node and Chromium run
//! the same file through the full artefact. Signatures need the feature `ed25519`, which the workspace's tests have.

#![allow(clippy::unwrap_used)] // A vector that cannot be read must fail the test.

use serde::Deserialize;
use serde_json::{Value, json};
use zugabe::code::{mint_token_text, verify_token_text};
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
    op: String,
    input: Value,
    expected: Value,
}

fn refusal(error: &Error) -> Value {
    json!({ "error": { "code": error.code, "path": error.path } })
}

#[test]
fn every_vector_gives_its_expected_bytes() {
    let vectors: Vectors = serde_json::from_str(include_str!("vectors/tokens.json")).unwrap();
    assert_eq!(vectors.v, 1);
    let (mut run, mut left_out) = (0, 0);
    for Case { name, op, input, expected } in vectors.cases {
        let keys = input["keys"].to_string();
        if cfg!(not(feature = "ed25519")) && keys.contains("ed25519") {
            left_out += 1;
            continue;
        }
        let text = |field: &str| input[field].as_str().unwrap_or_default();
        let got = match op.as_str() {
            "mint_token" => {
                mint_token_text(&keys, &input["request"].to_string()).map_or_else(|e| refusal(&e), Value::from)
            }
            "verify_token" => match verify_token_text(&keys, text("token"), text("now")) {
                Ok(verified) => serde_json::to_value(verified).unwrap(),
                Err(error) => refusal(&error),
            },
            other => unreachable!("nobody knows how to {other}"),
        };
        let canonical = |value: &Value| zugabe::canonical::text(value).unwrap();
        assert_eq!(canonical(&got), canonical(&expected), "{name}");
        run += 1;
    }
    assert!(run >= 22, "{run}");
    assert_eq!(left_out > 0, cfg!(not(feature = "ed25519")));
}
