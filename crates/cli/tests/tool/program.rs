//! `zugabe init`, `check`, `publish` and `decide`.

use serde_json::{Value, json};

use crate::support::{Folder, Ran, orders};

const NOW: [&str; 2] = ["--now", "2026-11-23T10:05:00+01:00"];

/// A folder with a program, a model and a request.
fn shop() -> Folder {
    let folder = Folder::new();
    let args = ["init", "--name", "Teehaus am Markt", "--locales", "de,en", "--time-zone", "Europe/Berlin"];
    let args =
        [&args[..], &["--friend-url", "https://example.test/freund", "--plain", "--out", "program.json"]].concat();
    assert_eq!(folder.run(&args).code, 0);
    folder.write("orders.ndjson", &orders());
    assert_eq!(folder.run(&["score", "orders.ndjson", "--model-out", "model.json"]).code, 0);
    folder
}

fn request() -> Value {
    json!({
        "v": 1, "now": "2026-11-23T10:05:00+01:00", "locale": "de",
        "moment": { "type": "order_completed", "at": "2026-11-23T10:04:10+01:00" },
        "subject": { "id": "c_4711", "identity": "order" },
        "facts": { "stage": "first_buyer", "orderNumber": 1, "code": "03VC1S2Q4HX0", "openProblem": false },
        "order": { "id": "1001", "currency": "EUR", "subtotal": 4890, "parcel": true, "tags": [], "source": "shop", "country": "DE" },
        "state": { "attempts": 0, "sent": { "page": 0, "parcel": 0 }, "stock": { "sample": 120 } },
    })
}

fn publish(folder: &Folder) -> Ran {
    folder.run(
        &[&NOW[..], &["publish", "--program", "program.json", "--model", "model.json", "--out", "policy.json"]]
            .concat(),
    )
}

#[test]
fn from_a_starter_program_to_a_decision() {
    let folder = shop();
    let lint = folder.run(&["check", "program.json"]).json();
    assert!(lint["findings"].is_array());
    assert_eq!((publish(&folder).code, publish(&folder).out.as_str()), (0, ""));
    let decision = folder.run_with(&["decide", "--policy", "policy.json"], &request().to_string()).json();
    assert!(decision["main"]["option"].is_string(), "{decision}");
    assert_eq!(decision["policy"], folder.json("policy.json")["hash"]);

    folder.write("request.json", &request().to_string());
    let from_file = folder.run(&["decide", "--policy", "policy.json", "request.json"]).json();
    assert_eq!(from_file, decision);

    let args = ["decide", "--program", "program.json", "--model", "model.json"];
    let private = folder.run_with(&args, &request().to_string()).json();
    assert!(private["numbers"]["allowed"].is_number(), "{private}");
    assert_eq!(private["decision"]["main"]["option"], decision["main"]["option"]);
}

#[test]
fn the_program_sets_the_tiers_that_orders_are_scored_by() {
    let folder = shop();
    let mut program = folder.json("program.json");
    program["tiers"] = json!({ "dwellDays": 7, "premium": { "score": 2, "recency": 1 } });
    program["stages"] = json!({ "dormantDays": 5 });
    folder.write("program.json", &program.to_string());
    let args = ["score", "orders.ndjson", "--program", "program.json", "--model-out", "model.json"];
    let summary = folder.run(&args).json();
    assert_eq!(summary["tiers"][3]["customers"], 0, "nobody is without a tier now");
    assert_eq!(
        (&folder.json("model.json")["dormantDays"], &folder.json("model.json")["tiers"]["dwellDays"]),
        (&5.into(), &7.into())
    );
}

#[test]
fn a_starter_for_people_has_comments_and_its_schema_beside_it() {
    let folder = Folder::new();
    assert_eq!(folder.run(&["init", "--name", "Tee", "--locales", "fr,es", "--out", "program.json"]).code, 0);
    assert_eq!(folder.files(), ["program.json", "program.schema.json"]);
    let text = folder.read("program.json");
    assert!(
        text.contains("// What a thank-you may cost") && text.contains("\"$schema\": \"./program.schema.json\""),
        "{text}"
    );
    let schema = folder.json("program.schema.json");
    assert!(schema["properties"]["$schema"].is_object() && schema["properties"]["options"].is_object());
    assert_eq!(folder.run(&["check", "program.json"]).code, 0);
    let args = [&NOW[..], &["publish", "--program", "program.json", "--out", "policy.json"]].concat();
    assert_eq!(folder.run(&args).code, 0);
}

#[test]
fn a_model_answers_for_currency_and_cost() {
    let folder = shop();
    assert_eq!(folder.run(&["init", "--model", "model.json", "--plain", "--out", "own.json"]).code, 0);
    let (program, model) = (folder.json("own.json"), folder.json("model.json"));
    assert_eq!(program["shop"]["currency"], model["currency"]);
    assert_eq!(program["allowance"]["max"].as_i64().unwrap(), (model["basketMedian"].as_i64().unwrap() / 50).max(1));
}

#[test]
fn what_the_law_forbids_is_an_error_of_the_check_and_is_not_published() {
    let folder = shop();
    let mut program = folder.json("program.json");
    program["options"][3]["promotion"]["voucher"] = json!("paid");
    folder.write("program.json", &program.to_string());
    let checked = folder.run(&["check", "program.json"]);
    assert!(checked.code == 2 && checked.out.contains("law_forbids"), "{}", checked.out);
    assert!(
        checked.err.contains("options[3].promotion.days") && checked.err.contains("contradiction"),
        "{}",
        checked.err
    );
    publish(&folder).refused(2, "contradiction", "options[3].promotion.days");
}

#[test]
fn init_never_overwrites_a_program() {
    let folder = shop();
    let before = folder.read("program.json");
    folder.run(&["init", "--out", "program.json"]).refused(1, "invalid_state", "program.json");
    assert_eq!(folder.read("program.json"), before);
    folder.run(&["init", "--time-zone", "Mars/Olympus"]).refused(2, "invalid_value", "shop.timeZone");
    folder.run(&["init", "--currency", "EURO"]).refused(2, "invalid_value", "--currency");
    folder.run(&["init", "--locales", "tlh"]).refused(2, "invalid_value", "--locales");
}

#[test]
fn a_program_that_is_wrong_is_refused_with_its_path_and_the_old_policy_stays() {
    let folder = shop();
    assert_eq!(publish(&folder).code, 0);
    let before = folder.read("policy.json");
    let mut program = folder.json("program.json");
    program["options"][0]["prize"] = json!(1);
    folder.write("program.json", &program.to_string());
    publish(&folder).refused(2, "unknown_field", "options[0].prize");
    folder.run(&["check", "program.json"]).refused(2, "unknown_field", "options[0].prize");

    program["options"][0] = json!({ "id": "sample", "kind": "sample", "issueCost": 45 });
    program["tiers"] = json!({ "topVip": { "score": 5, "recency": 3 } });
    folder.write("program.json", &program.to_string());
    publish(&folder).refused(2, "contradiction", "tiers.topVip.score");
    assert_eq!(folder.read("policy.json"), before);
    assert_eq!(folder.files(), ["model.json", "orders.ndjson", "policy.json", "program.json"]);
}

#[test]
fn documents_of_another_version_are_refused_by_name() {
    let folder = shop();
    assert_eq!(publish(&folder).code, 0);
    let newer = |name: &str, field: &str| {
        let mut document = folder.json(name);
        document[field] = json!(2);
        document["later"] = json!(true);
        folder.write(name, &document.to_string());
    };
    newer("policy.json", "v");
    folder.run_with(&["decide", "--policy", "policy.json"], &request().to_string()).refused(
        2,
        "unsupported_version",
        "policy.v",
    );
    newer("model.json", "v");
    publish(&folder).refused(2, "unsupported_version", "model.v");
    newer("program.json", "zugabe");
    folder.run(&["check", "program.json"]).refused(2, "unsupported_version", "zugabe");
}

#[test]
fn a_wrong_request_is_refused_with_its_path() {
    let folder = shop();
    assert_eq!(publish(&folder).code, 0);
    let decide = |request: &Value| folder.run_with(&["decide", "--policy", "policy.json"], &request.to_string());
    let mut wrong = request();
    wrong["subject"]["identity"] = json!("horoscope");
    decide(&wrong).refused(2, "invalid_value", "subject.identity");
    folder.run_with(&["decide", "--policy", "policy.json"], "{").refused(2, "invalid_json", "");
    folder.run(&["decide"]).refused(2, "missing_field", "--policy");
    folder.run(&["decide", "--policy", "a", "--program", "b"]).refused(2, "contradiction", "--policy");
}

#[test]
fn a_decision_is_told_to_a_person_and_why_an_option_was_not_chosen() {
    let folder = shop();
    let by_program = ["decide", "--program", "program.json", "--model", "model.json"];
    let told = folder.run_with(&[&by_program[..], &["--explain"]].concat(), &request().to_string());
    assert_eq!((told.code, told.err.as_str()), (0, ""));
    for part in
        ["1. Data:", "2. Segment:", "3. Economics:", "4. Message:", "Not given:", "buyers come back today", "Assumed:"]
    {
        assert!(told.out.contains(part), "{part}: {}", told.out);
    }
    let why = folder.run_with(&[&by_program[..], &["--why-not", "ask-the-boss"]].concat(), &request().to_string());
    assert!(why.out.contains("customers further along") && why.out.contains("\"vip\""), "{}", why.out);
    let unknown = folder.run_with(&[&by_program[..], &["--why-not", "no-such-thing"]].concat(), &request().to_string());
    unknown.refused(2, "not_found", "option");

    assert_eq!(publish(&folder).code, 0);
    let public = folder.run_with(&["decide", "--policy", "policy.json", "--explain"], &request().to_string());
    assert!(public.out.contains("1. Data:") && !public.out.contains("Only the merchant"), "{}", public.out);
}

#[test]
fn a_plan_says_who_gets_what_within_a_budget() {
    let folder = shop();
    let plan = |more: &[&str]| {
        let args = ["plan", "orders.ndjson", "--program", "program.json", "--since", "2020-01-01"];
        folder.run(&[&NOW[..], &args, more].concat())
    };
    let all = plan(&[]).json();
    assert!(all["total"].as_u64().unwrap() > 0 && all["words"].is_string(), "{all}");
    assert_eq!(all["rows"].as_array().unwrap().len() as u64, all["total"].as_u64().unwrap());
    let none = plan(&["--budget", "0", "--out", "plan.csv"]).json();
    assert_eq!((none["cost"].as_i64(), none["budgets"][0]["id"].as_str()), (Some(0), Some("all")));
    let rows = folder.read("plan.csv").lines().count() as u64;
    assert_eq!(rows, none["total"].as_u64().unwrap() + 1);
    plan(&["--audience", "phone"]).refused(2, "invalid_value", "audience");
}
