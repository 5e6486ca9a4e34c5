//! The fits and forecasts of `tests/vectors/lifetime.json`, which every runtime must give byte for byte.
//! `ZUGABE_BLESS=1 cargo test --test lifetime_vectors` writes the expectations anew.

#![allow(clippy::unwrap_used, clippy::expect_used)] // What cannot be read must fail the test.

use serde_json::Value;
use zugabe::canonical;
use zugabe::reject::{Error, parse_json};
use zugabe::score::lifetime::rows::{self, Form};
use zugabe::score::lifetime::run::Serial;
use zugabe::score::lifetime::{ModelName, Outlook, Params, fit, predict};

const PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors/lifetime.json");

fn answer(case: &Value, tables: &Value) -> Result<Value, Error> {
    let table = tables[case["table"].as_str().unwrap()].as_str().unwrap();
    let model: ModelName = serde_json::from_value(case["model"].clone()).unwrap();
    let rows = rows::read(table.as_bytes(), &Serial)?;
    if case["op"] == "fit" {
        let fitted = fit(model, &rows.customers, case["penalty"].as_f64().unwrap_or(0.0), &Serial)?;
        return Ok(serde_json::to_value(fitted).unwrap());
    }
    let outlook: Outlook = parse_json(&case["outlook"].to_string())?;
    let params = Params::parse(&case["params"].to_string())?;
    let forecasts = predict(model, &params, &rows.customers, &outlook, &Serial)?;
    Ok(Value::from(rows::write(&rows, &forecasts, Form::Csv, &Serial)))
}

#[test]
fn fits_and_forecasts_are_byte_for_byte_those_of_the_vectors() {
    let mut vectors: Value = serde_json::from_str(&std::fs::read_to_string(PATH).unwrap()).unwrap();
    let tables = vectors["tables"].clone();
    let cases = vectors["cases"].as_array_mut().unwrap();
    assert!(cases.len() > 8);
    let bless = std::env::var_os("ZUGABE_BLESS").is_some();
    for case in cases.iter_mut() {
        let got = answer(case, &tables).unwrap_or_else(
            |error| serde_json::json!({ "error": { "code": error.code.as_str(), "path": error.path } }),
        );
        if bless {
            case["expected"] = got;
        } else {
            assert_eq!(canonical::text(&got).unwrap(), canonical::text(&case["expected"]).unwrap(), "{}", case["name"]);
        }
    }
    if bless {
        std::fs::write(PATH, serde_json::to_string_pretty(&vectors).unwrap() + "\n").unwrap();
    }
}
