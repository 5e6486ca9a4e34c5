//! Do the books answer the same in every runtime? The native half of `tests/vectors/books.json`; Node and Chromium run
//! the same file through the full artefact. `ZUGABE_BLESS=1` writes the expected answers anew: read the difference.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use serde::Deserialize;
use serde_json::{Value, json};
use zugabe::books::{Memory, finish_text, order_event_text, plan_text, tables};
use zugabe::reject::{Error, parse_json};

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
    #[serde(default)]
    input: Value,
    #[serde(default)]
    results: Value,
    expected: Value,
}

fn answer<T: serde::Serialize>(result: Result<T, Error>) -> Value {
    match result {
        Ok(value) => serde_json::to_value(&value).unwrap(),
        // The words of an error may change; its code and path are the contract.
        Err(error) => json!({ "error": { "code": error.code, "path": error.path } }),
    }
}

/// Operations one after the other; then the rows.
fn script(operations: &[Value]) -> Result<Value, Error> {
    let mut books = Memory::default();
    let mut finished = Vec::new();
    for operation in operations {
        finished.push(books.apply(parse_json(&operation.to_string())?)?);
    }
    assert!(books.verify().ok);
    Ok(json!({ "finished": finished, "rows": books }))
}

#[test]
fn every_vector_gives_its_expected_bytes() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors/books.json");
    let text = std::fs::read_to_string(path).unwrap();
    let vectors: Vectors = serde_json::from_str(&text).unwrap();
    assert_eq!(vectors.v, 1);
    assert!(vectors.cases.len() >= 8);
    let bless = std::env::var_os("ZUGABE_BLESS").is_some();
    let (mut different, mut lines) = (Vec::new(), Vec::new());
    for case in vectors.cases {
        let input = case.input.to_string();
        let got = match case.op.as_str() {
            "plan" => answer(plan_text(&input)),
            "finish" => answer(finish_text(&input, &case.results.to_string())),
            "order_event" => answer(order_event_text(&input)),
            "script" => answer(script(case.input.as_array().unwrap())),
            "tables" => answer(Ok(tables())),
            other => panic!("nobody knows how to {other}"),
        };
        if zugabe::canonical::text(&got).unwrap() != zugabe::canonical::text(&case.expected).unwrap() {
            different.push(format!("{}\n  expected {}\n  got      {got}", case.name, case.expected));
        }
        let mut line = json!({ "name": case.name, "op": case.op, "expected": got });
        for (field, value) in [("input", case.input), ("results", case.results)] {
            if !value.is_null() {
                line[field] = value;
            }
        }
        lines.push(format!("    {line}"));
    }
    if bless {
        std::fs::write(path, format!("{{\n  \"v\": 1,\n  \"cases\": [\n{}\n  ]\n}}\n", lines.join(",\n"))).unwrap();
        return;
    }
    assert!(different.is_empty(), "{}", different.join("\n"));
}
