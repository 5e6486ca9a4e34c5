//! The scores of `tests/vectors/score.json`, which every runtime must give byte for byte.
//! `ZUGABE_BLESS=1 cargo test --test score_vectors` writes the expectations anew.

#![allow(clippy::unwrap_used, clippy::expect_used)] // What cannot be read must fail the test.

use std::fmt::Write as _;

use serde_json::Value;
use zugabe::canonical;
use zugabe::order::Order;
use zugabe::reject::parse_json;
use zugabe::score::{Options, from_orders};

const PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors/score.json");

#[test]
fn scores_are_byte_for_byte_those_of_the_vectors() {
    let mut vectors: Value = serde_json::from_str(&std::fs::read_to_string(PATH).unwrap()).unwrap();
    let cases = vectors["cases"].as_array_mut().unwrap();
    assert!(!cases.is_empty());
    let bless = std::env::var_os("ZUGABE_BLESS").is_some();
    for case in cases.iter_mut() {
        let options: Options = parse_json(&case["options"].to_string()).unwrap();
        let orders: Vec<Order> = parse_json(&case["orders"].to_string()).unwrap();
        let scored = serde_json::to_value(from_orders(&orders, &options).unwrap()).unwrap();
        if bless {
            case["expected"] = scored;
            continue;
        }
        for part in ["rows", "summary", "model"] {
            assert_eq!(
                canonical::text(&scored[part]).unwrap(),
                canonical::text(&case["expected"][part]).unwrap(),
                "{part} of {}",
                case["name"]
            );
        }
    }
    if bless {
        std::fs::write(PATH, lines(&vectors)).unwrap();
    }
}

/// The vectors with an order and a row on a line of its own, so that a change can be read.
fn lines(vectors: &Value) -> String {
    let listed = |values: &Value| {
        let values: Vec<String> = values.as_array().unwrap().iter().map(|value| format!("     {value}")).collect();
        if values.is_empty() { "[]".to_owned() } else { format!("[\n{}]", values.join(",\n")) }
    };
    let mut out = String::from("{\"cases\": [\n");
    let cases = vectors["cases"].as_array().unwrap();
    for (index, case) in cases.iter().enumerate() {
        let expected = &case["expected"];
        let end = if index + 1 == cases.len() { "\n" } else { ",\n" };
        let _ = write!(
            out,
            "  {{\"name\": {},\n   \"options\": {},\n   \"orders\": {},\n   \"expected\": {{\n    \"rows\": {},\n    \
             \"summary\": {},\n    \"model\": {}}}}}{end}",
            case["name"],
            case["options"],
            listed(&case["orders"]),
            listed(&expected["rows"]),
            expected["summary"],
            expected["model"]
        );
    }
    out + "]}\n"
}
