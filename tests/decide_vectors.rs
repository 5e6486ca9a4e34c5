//! Do decisions read the same in every runtime? The native half of `tests/vectors/decide.json`; Node and Chromium run
//! the same file through both artefacts.
//!
//! `ZUGABE_BLESS=1 cargo test --test decide_vectors` writes what the core answers now into the file: read the
//! difference before you commit it.

#![allow(clippy::unwrap_used)] // A vector that cannot be read must fail the test.

use serde_json::{Value, json};
use zugabe::canonical;
use zugabe::offer::explain::{explain_privately, why_not};
use zugabe::offer::{self, Adviser, FriendRequest, Policy, Program, PublishOptions, Request};
use zugabe::reject::{Result, parse_json};
use zugabe::score::model::Model;

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors/decide.json");

fn answer(vectors: &Value, case: &Value) -> Result<String> {
    let document = |group: &str| {
        let named = case[group].as_str().map(|name| &vectors[group][name]).unwrap_or(&case[group]);
        named.to_string()
    };
    let model = || case.get("model").map(|model| Model::parse(&model.to_string())).transpose();
    match case["op"].as_str().unwrap() {
        "publish" => {
            let options: PublishOptions = parse_json(&document("options"))?;
            canonical::text(&offer::publish(&Program::parse(&document("program"))?, model()?.as_ref(), &options)?)
        }
        "decide" => canonical::text(&offer::decide(
            &Policy::parse(&document("policy"))?,
            &Request::parse(&document("request"))?,
        )),
        "friend" => canonical::text(&offer::friend(
            &Policy::parse(&document("policy"))?,
            &parse_json::<FriendRequest>(&document("request"))?,
        )),
        "decide_privately" => {
            let options: PublishOptions = parse_json(&document("options"))?;
            let adviser = Adviser::new(Program::parse(&document("program"))?, model()?, &options)?;
            canonical::text(&adviser.decide(options.audience, &Request::parse(&document("request"))?).unwrap())
        }
        op @ ("explain" | "why_not") => {
            let options: PublishOptions = parse_json(&document("options"))?;
            let program = Program::parse(&document("program"))?;
            let currency = program.shop.currency;
            let adviser = Adviser::new(program, model()?, &options)?;
            let private = adviser.decide(options.audience, &Request::parse(&document("request"))?).unwrap();
            canonical::text(&if op == "explain" {
                explain_privately(&private, currency)
            } else {
                why_not(&private.decision, Some(&private), case["option"].as_str().unwrap())?
            })
        }
        op => unreachable!("nobody knows how to {op}"),
    }
}

/// One document or case a line: differences stay readable.
fn lines(vectors: &Value) -> String {
    let documents = |group: &str| {
        let named = vectors[group].as_object().unwrap().iter();
        named.map(|(name, document)| format!("    {}: {document}", json!(name))).collect::<Vec<_>>().join(",\n")
    };
    let cases: Vec<String> = vectors["cases"].as_array().unwrap().iter().map(|case| format!("    {case}")).collect();
    format!(
        "{{\n  \"v\": 1,\n  \"program\": {{\n{}\n  }},\n  \"policy\": {{\n{}\n  }},\n  \"cases\": [\n{}\n  ]\n}}\n",
        documents("program"),
        documents("policy"),
        cases.join(",\n")
    )
}

#[test]
fn every_case_of_the_decide_vectors_is_answered_to_the_byte() {
    let mut vectors: Value = serde_json::from_str(&std::fs::read_to_string(FILE).unwrap()).unwrap();
    let bless = std::env::var_os("ZUGABE_BLESS").is_some();
    if bless {
        for (name, program, audience) in [
            ("page_five", "five", "page"),
            ("page_rich", "rich", "page"),
            ("parcel_rich", "rich", "parcel"),
            ("page_money", "money", "page"),
            ("email_money", "money", "email"),
            ("page_near", "near", "page"),
            ("page_far", "far", "page"),
            ("parcel_near", "near", "parcel"),
            ("parcel_far", "far", "parcel"),
        ] {
            let spent = json!({ "regulars": 0, "rest": 0 });
            let options = json!({ "now": "2026-11-23T10:05:00+01:00", "audience": audience, "spent": spent });
            let case = json!({ "op": "publish", "program": program, "options": options });
            vectors["policy"][name] = serde_json::from_str(&answer(&vectors, &case).unwrap()).unwrap();
        }
    }
    let count = vectors["cases"].as_array().unwrap().len();
    assert!(count >= 20, "only {count} cases");
    for index in 0..count {
        let case = &vectors["cases"][index];
        let got = match answer(&vectors, case) {
            Ok(text) => text,
            Err(error) => json!({ "error": { "code": error.code.as_str(), "path": error.path } }).to_string(),
        };
        if bless {
            vectors["cases"][index]["expected"] = serde_json::from_str(&got).unwrap();
        } else {
            assert_eq!(got, canonical::text(&case["expected"]).unwrap(), "{}", case["name"]);
        }
    }
    if bless {
        std::fs::write(FILE, lines(&vectors)).unwrap();
    }
}
