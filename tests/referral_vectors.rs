//! Do recommendations come to the same in every runtime? The native half of `tests/vectors/referral.json`; Node and Chromium
//! run the same file through the full artefact. `ZUGABE_BLESS=1` writes the expected answers anew: read the difference.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use serde::Deserialize;
use serde_json::{Value, json};
use zugabe::books::Memory;
use zugabe::desk;
use zugabe::order::Order;
use zugabe::reject::{Error, parse_json};
use zugabe::settle::settle_text;

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
    #[serde(default)]
    orders: Value,
    expected: Value,
}

fn answer<T: serde::Serialize>(result: Result<T, Error>) -> Value {
    match result {
        Ok(value) => serde_json::to_value(&value).unwrap(),
        // The words of an error may change; its code and path are the contract.
        Err(error) => json!({ "error": { "code": error.code, "path": error.path } }),
    }
}

/// Calls one after the other; then the rows.
fn script(calls: &[Value]) -> Result<Value, Error> {
    let mut books = Memory::default();
    let mut answers = Vec::new();
    for call in calls {
        answers.push(desk::apply(&mut books, &parse_json(&call.to_string())?)?);
    }
    assert!(books.verify().ok);
    Ok(json!({ "answers": answers, "rows": books }))
}

fn settled(orders: &Value, request: &str) -> Result<Value, Error> {
    let orders: Vec<Order> = parse_json(&orders.to_string())?;
    let (settled, books_text) = settle_text(&orders, request)?;
    Ok(json!({ "settled": settled, "booksText": books_text }))
}

#[test]
fn every_vector_gives_its_expected_bytes() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors/referral.json");
    let vectors: Vectors = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    assert_eq!(vectors.v, 1);
    assert!(vectors.cases.len() >= 16);
    let bless = std::env::var_os("ZUGABE_BLESS").is_some();
    let (mut different, mut lines) = (Vec::new(), Vec::new());
    for case in vectors.cases {
        let input = case.input.to_string();
        let part = |name: &str| case.input.get(name).map(Value::to_string).unwrap_or_default();
        let got = match case.op.as_str() {
            "next" => answer(desk::next_text(&part("call"), &part("rows"))),
            "terms" => answer(desk::terms_text(&input)),
            "person" => answer(desk::hash_person_text(&part("keys"), &part("person"))),
            "script" => answer(script(case.input.as_array().unwrap())),
            "settle" => answer(settled(&case.orders, &input)),
            other => panic!("nobody knows how to {other}"),
        };
        if zugabe::canonical::text(&got).unwrap() != zugabe::canonical::text(&case.expected).unwrap() {
            different.push(format!("{}\n  expected {}\n  got      {got}", case.name, case.expected));
        }
        let mut line = json!({ "name": case.name, "op": case.op, "input": case.input, "expected": got });
        if !case.orders.is_null() {
            line["orders"] = case.orders;
        }
        lines.push(format!("    {line}"));
    }
    if bless {
        std::fs::write(path, format!("{{\n  \"v\": 1,\n  \"cases\": [\n{}\n  ]\n}}\n", lines.join(",\n"))).unwrap();
        return;
    }
    assert!(different.is_empty(), "{}", different.join("\n"));
}
