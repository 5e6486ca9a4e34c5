//! `zugabe sample` and `zugabe schema`.

use crate::support::Folder;

const END: [&str; 4] = ["--seed", "7", "--end", "2026-10-31"];

#[test]
fn the_same_seed_gives_the_same_shop_and_its_orders_say_that_they_are_generated() {
    let folder = Folder::new();
    let sample = |args: &[&str]| folder.run(&[&["sample"], args].concat());
    let orders = sample(&END);
    assert_eq!(orders.out, sample(&END).out);
    assert_ne!(orders.out, sample(&["--seed", "8", "--end", "2026-10-31"]).out);
    assert!(orders.lines().iter().all(|order| order["source"] == "generated"));
    let yesterday = folder.run(&["--now", "2026-11-01T10:00:00Z", "sample", "--seed", "7"]);
    assert_eq!(yesterday.out, orders.out);
}

#[test]
fn both_formats_are_read_and_scored_alike() {
    let folder = Folder::new();
    let sample = |args: &[&str]| folder.run(&[&["sample"], &END[..], args].concat());
    assert_eq!(sample(&["--out", "orders.ndjson"]).code, 0);
    assert_eq!(sample(&["--format", "csv", "--out", "orders.csv"]).code, 0);
    let score = |file| folder.run(&["--now", "2026-11-23T00:00:00Z", "score", file]).json();
    assert_eq!(score("orders.ndjson"), score("orders.csv"));
    assert!(score("orders.csv")["customers"].as_u64().unwrap() > 1000);
}

#[test]
fn every_document_has_a_schema_and_another_has_none() {
    let folder = Folder::new();
    let names = folder.run(&["schema"]).out;
    assert!(names.lines().count() > 20);
    for name in names.lines() {
        let schema = folder.run(&["schema", name]).json();
        assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema", "{name}");
    }
    folder.run(&["schema", "horoscope"]).refused(2, "not_found", "NAME");
}
