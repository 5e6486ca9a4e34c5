//! What can a reader of a published policy learn? No more than `docs/policy.md` says, field by field, and not too much
//! of it for a page.

#![allow(clippy::unwrap_used)] // What cannot be read must fail the test.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use zugabe::map::Map;
use zugabe::offer::words::Channel;
use zugabe::offer::{Policy, Program, PublishOptions, publish};
use zugabe::time::Instant;

fn publish_for(program: &Value, audience: Channel) -> Policy {
    let now = Instant::parse("2026-11-23T10:05:00+01:00").unwrap();
    let options = PublishOptions { now, audience, days: 30, spent: Map::default() };
    publish(&Program::parse(&program.to_string()).unwrap(), None, &options).unwrap()
}

/// A program that says everything a program can say, with numbers nobody else uses.
fn everything() -> Value {
    let text = json!({ "en": { "title": "a tin", "headline": "A tin", "body": "For you." } });
    json!({
        "zugabe": 1, "seed": "seed",
        "shop": { "name": "S", "currency": "EUR", "timeZone": "UTC", "locales": ["en"], "url": "https://s.example",
                  "friendUrl": "https://s.example/f", "contact": "hello", "tagline": "x", "color": "#000000" },
        "allowance": { "rateBp": 7771, "max": 77_720 }, "marginBp": 7773,
        "economics": { "mode": "enforce", "strategy": "profit", "horizon": 37, "discountBp": 7774, "keepBp": 7775, "overrides": ["growth_mode"] },
        "budgets": [{ "id": "hush-hush", "period": "year", "amount": 777_600, "stages": ["vip"], "from": "2026-07-07", "to": "2027-07-07" }],
        "receptivity": { "delivered": 17_770 },
        "tiers": { "dwellDays": 7779, "inactiveDays": 7770 }, "stages": { "dormantDays": 7778 },
        "caps": { "perWeek": 2, "attempts": 5 }, "holdout": { "bp": 100 },
        "referral": { "friend": { "amount": 500, "minimumOrder": 4000, "days": 20, "excludes": { "en": "books" } },
                      "referrerGift": { "en": "a tin" } },
        "options": [
            { "id": "a", "kind": "ebook", "issueCost": 7777, "stock": 77_710, "weight": 777, "url": "https://s.example/a",
              "text": text, "minTier": "premium", "basis": "profile", "season": { "from": "11-15", "to": "02-28" }, "surpriseBp": 2500,
              "effect": { "upliftBp": 777, "laterUpliftBp": 778, "counts": { "issued": 77_711, "redeemed": 7771, "orderedAgain": 7772, "without": 77_712, "orderedAgainWithout": 7773 } },
              "conditions": { "tags": ["tea"], "excludedTags": ["sale"], "countries": ["DE"], "excludedCountries": ["CH"], "minimumOrder": 1500 } },
            { "id": "d", "kind": "guide", "effect": { "upliftBp": 300 } },
            { "id": "e", "kind": "ebook", "issueCost": 150, "effect": { "upliftBp": 700 } },
            { "id": "b", "kind": "sample", "size": "large", "issueCost": 77_713, "minTier": "vip" },
            { "id": "c", "kind": "discount", "promotion": { "percentBp": 500 }, "redemptionCost": 778,
              "effect": { "upliftBp": 9779, "redeemBp": 7779 } }
        ]
    })
}

/// The path of every field; lists lose their index, and where keys are words of the shop there is a star.
fn paths(value: &Value, path: &str, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => {
            let free = path == "texts"
                || path.ends_with(".text")
                || path.ends_with(".excludes")
                || path.ends_with(".referrerGift");
            for (key, value) in fields {
                let key = if free || path == "texts.*" { "*" } else { key };
                let path = if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
                paths(value, &path, found);
            }
        }
        Value::Array(items) if items.iter().any(Value::is_object) => {
            items.iter().for_each(|item| paths(item, &format!("{path}[]"), found));
        }
        _ => {
            found.insert(path.to_owned());
        }
    }
}

#[test]
fn a_reader_of_the_policy_learns_what_the_documentation_lists_and_nothing_else() {
    let mut found = BTreeSet::new();
    for audience in [Channel::Page, Channel::Parcel, Channel::Email] {
        paths(&serde_json::to_value(publish_for(&everything(), audience)).unwrap(), "", &mut found);
    }
    let page = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/policy.md")).unwrap();
    let told: BTreeSet<String> = page
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split_once('`'))
        .map(|(path, _)| path.to_owned())
        .collect();
    assert_eq!(found, told, "left: what policies hold, right: what docs/policy.md says");
}

#[test]
fn no_number_and_no_word_of_the_merchants_economics_is_published() {
    for audience in [Channel::Page, Channel::Parcel, Channel::Email] {
        let policy = publish_for(&everything(), audience);
        let text = serde_json::to_string(&policy).unwrap().replace(&policy.hash, "");
        assert!(!text.contains("77"), "{text}");
        for word in [
            "issueCost",
            "margin",
            "allowance",
            "weight",
            "budget",
            "hush",
            "uplift",
            "receptivity",
            "economics",
            "strategy",
            "enforce",
            "redemption",
            "dwellDays",
        ] {
            assert!(!text.contains(word), "{word}: {text}");
        }
    }
}

#[test]
fn forty_options_with_money_moments_and_surprises_fit_into_twenty_kilobytes() {
    let mut program = everything();
    let kinds = ["guide", "story", "ebook", "info", "checklist", "course", "insight", "service"];
    program["options"] = (0..40)
        .map(|n| {
            let mut option = json!({ "id": format!("option-{n}"), "kind": kinds[n % 8], "issueCost": n });
            if n % 10 == 0 {
                option["surpriseBp"] = json!(1000);
            }
            option
        })
        .collect();
    program["shop"]["locales"] = json!(["de", "en"]);
    for audience in [Channel::Page, Channel::Parcel, Channel::Email] {
        let size = serde_json::to_string(&publish_for(&program, audience)).unwrap().len();
        println!("{audience:?}: {size} bytes");
        assert!(size <= 20 * 1024, "{audience:?}: {size} bytes");
    }
}
