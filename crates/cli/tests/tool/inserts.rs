//! `zugabe inserts`.

use serde_json::{Value, json};

use crate::support::{Folder, KEYS, Ran};

const NOW: [&str; 2] = ["--now", "2026-11-23T10:05:00+01:00"];

fn program() -> Value {
    json!({
        "zugabe": 1,
        "shop": { "name": "Teehaus", "currency": "EUR", "timeZone": "Europe/Berlin", "locales": ["de"],
                  "friendUrl": "https://teehaus.example/f", "contact": "hallo@teehaus.example", "color": "#1f6f5c" },
        "options": [{ "id": "probe", "kind": "sample", "issueCost": 45 }],
    })
}

/// Orders with these names of customers; the last one is of nobody known.
fn orders(names: &[&str]) -> String {
    let order = |index: usize, name: Option<&&str>| {
        let mut order = json!({
            "v": 1, "id": format!("{index}"), "source": "csv", "createdAt": format!("2026-10-0{}T10:00:00Z", index + 1),
            "status": "paid", "currency": "EUR", "subtotal": 4000, "total": 4000, "lineCount": 1,
        });
        if let Some(name) = name {
            order["customer"] = json!({ "id": format!("c{index}"), "name": name });
        }
        format!("{order}\n")
    };
    (0..=names.len()).map(|index| order(index, names.get(index))).collect()
}

fn shop(program: &Value, names: &[&str]) -> Folder {
    let folder = Folder::new();
    folder.write("program.json", &program.to_string());
    folder.write_secret("keys.json", KEYS);
    folder.write("orders.ndjson", &orders(names));
    folder
}

fn inserts(folder: &Folder, more: &[&str]) -> Ran {
    let args = [
        "inserts",
        "--orders",
        "orders.ndjson",
        "--keep-names",
        "--program",
        "program.json",
        "--keys",
        "keys.json",
        "--out",
        "out.pdf",
    ];
    folder.run(&[&NOW[..], &args, more].concat())
}

fn totals(ran: &Ran) -> Value {
    assert_eq!(ran.code, 0, "{}", ran.err);
    serde_json::from_str::<Value>(ran.err.lines().last().unwrap()).unwrap()["totals"].clone()
}

#[test]
fn a_name_that_cannot_be_printed_is_left_out_and_counted() {
    let long = "x".repeat(10_000);
    let names = ["Ana Núñez", "王小明", "Eva 🎁", "An\u{202e}na", long.as_str()];
    let folder = shop(&program(), &names);
    let totals = totals(&inserts(&folder, &[]));
    assert_eq!(
        totals,
        json!({ "orders": 6, "inserts": 6, "withCode": 6, "guests": 1, "greetedByName": 2, "namesLeftOut": 3 })
    );
    assert!(std::fs::read(folder.path("out.pdf")).unwrap().starts_with(b"%PDF-1.7"));
}

#[test]
fn an_order_gets_the_code_that_mint_gives_it() {
    let folder = shop(&program(), &["Ana", "Eva"]);
    let minted = folder.run(&["mint", "--keys", "keys.json", "--batch", "3", "--for", "orders.ndjson"]).lines();
    totals(&inserts(&folder, &["--batch", "3", "--codes", "codes.csv", "--design", "poster", "--size", "dinlang"]));
    let listed = folder.read("codes.csv");
    assert_eq!(minted.len(), 3);
    for code in minted {
        let line = listed.lines().find(|line| line.starts_with(&format!("{},", code["order"].as_str().unwrap())));
        assert!(line.unwrap().contains(code["code"].as_str().unwrap()));
    }
}

#[test]
fn the_latest_orders_those_since_a_day_or_named_ones_can_be_asked_for() {
    let folder = shop(&program(), &["Ana", "Eva", "Ida"]);
    let count = |more: &[&str]| totals(&inserts(&folder, more))["inserts"].clone();
    assert_eq!(count(&["--limit", "2"]), 2);
    assert_eq!(count(&["--since", "2026-10-02"]), 3);
    assert_eq!(count(&["--only", "0", "--only", "2"]), 2);
    inserts(&folder, &["--only", "17"]).refused(2, "not_found", "");
    inserts(&folder, &["--since", "2026-11-01"]).refused(2, "empty", "orders");
}

#[test]
fn many_inserts_may_go_into_several_files_each_a_pdf_of_its_own() {
    let folder = shop(&program(), &["Anna", "Berta", "Carla", "Dora"]);
    let ran = inserts(&folder, &["--per-file", "2"]);
    let said: Value = serde_json::from_str(ran.err.lines().last().unwrap()).unwrap();
    assert_eq!((said["totals"]["inserts"].as_u64(), said["files"].as_u64()), (Some(5), Some(3)), "{}", ran.err);
    let read = |name: &str| std::fs::read(folder.path(name)).unwrap();
    assert!(["out-001.pdf", "out-002.pdf", "out-003.pdf"].iter().all(|name| read(name).starts_with(b"%PDF-")));
    assert!(!folder.path("out.pdf").exists());
    // The first of several is the same as if it were the only one.
    let alone = inserts(&folder, &["--only", "0", "--only", "1"]);
    assert_eq!(alone.code, 0, "{}", alone.err);
    assert!(read("out.pdf") == read("out-001.pdf"));
    let aside = ["inserts", "--orders", "orders.ndjson", "--program", "program.json", "--keys", "keys.json"];
    let refused = folder.run(&[&NOW[..], &aside, &["--out", "-", "--per-file", "2"]].concat());
    assert_eq!(refused.code, 2);
    assert!(refused.err.contains("--per-file"), "{}", refused.err);
}

#[test]
fn what_does_not_fit_or_cannot_be_printed_is_refused_with_its_path_and_nothing_is_written() {
    let refused = |change: &dyn Fn(&mut Value), code: &str, path: &str| {
        let mut changed = program();
        change(&mut changed);
        let folder = shop(&changed, &["Ana"]);
        inserts(&folder, &[]).refused(2, code, path);
        assert!(!folder.files().contains(&"out.pdf".to_owned()));
    };
    let long = "Donau".repeat(2_000);
    refused(&|program| program["shop"]["name"] = json!(long), "too_large", "shop.name");
    refused(
        &|program| program["shop"]["friendUrl"] = json!(format!("https://{long}.example")),
        "too_large",
        "shop.friendUrl",
    );
    refused(
        &|program| program["options"][0]["text"] = json!({ "de": { "body": long } }),
        "too_large",
        "options[0].text.de.body",
    );
    refused(
        &|program| program["texts"] = json!({ "de": { "thanks.parcel": long } }),
        "too_large",
        "texts.de.thanks.parcel",
    );
    refused(&|program| program["insert"] = json!({ "services": { "de": long } }), "too_large", "insert.services.de");
    refused(&|program| program["insert"] = json!({ "design": "flyer" }), "invalid_value", "insert.design");
    refused(&|program| program["shop"]["tagline"] = json!("Tee 🍵"), "invalid_value", "order 0: insert.tagline");
    refused(&|program| program["shop"]["logo"] = json!("logo.svg"), "not_found", "shop.logo");
    refused(&|program| program["shop"]["logo"] = json!("https://x.example/logo.svg"), "invalid_value", "shop.logo");
}

#[test]
fn the_lint_says_beforehand_what_does_not_fit_and_what_is_printed_darker() {
    let mut changed = program();
    changed["shop"]["color"] = json!("#ffd000");
    changed["shop"]["tagline"] = json!("x".repeat(60));
    changed["shop"]["locales"] = json!(["de", "en"]);
    changed["insert"] = json!({ "whereToBuy": { "de": "Markt 3, Lübeck" } });
    let folder = shop(&changed, &[]);
    let lint = folder.run(&["check", "program.json"]).json();
    let found = |code: &str| {
        let findings = lint["findings"].as_array().unwrap();
        findings.iter().find(|finding| finding["code"] == code).map(|finding| finding["path"].clone())
    };
    assert_eq!(found("text_too_long"), Some(json!("shop.tagline")));
    assert_eq!(found("color_darkened"), Some(json!("shop.color")));
    assert_eq!(found("missing_translation"), Some(json!("insert.whereToBuy.en")));
}
