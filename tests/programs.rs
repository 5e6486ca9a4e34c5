//! Two shops that could not be more different: the committed examples, one customer, and what each of them gets.

#![allow(clippy::unwrap_used)] // An example that cannot be read must fail the test.

use serde_json::{Value, json};
use zugabe::map::Map;
use zugabe::offer::check::{Severity, check};
use zugabe::offer::words::{Channel, Kind};
use zugabe::offer::{Adviser, Program, PublishOptions, Request};
use zugabe::time::Instant;

const NOW: &str = "2026-11-23T10:05:00+01:00";

fn adviser(name: &str) -> Adviser {
    let path = format!("{}/examples/programs/{name}.json", env!("CARGO_MANIFEST_DIR"));
    let program = Program::parse(&std::fs::read_to_string(path).unwrap()).unwrap();
    let lint = check(&program);
    assert!(lint.findings.iter().all(|finding| finding.severity != Severity::Error), "{name}: {lint:?}");
    let options =
        PublishOptions { now: Instant::parse(NOW).unwrap(), audience: Channel::Page, days: 30, spent: Map::default() };
    Adviser::new(program, None, &options).unwrap()
}

fn request(moment: &str) -> Value {
    let code = "03VC1S2Q4HX0";
    json!({
        "v": 1, "now": NOW, "locale": "en",
        "moment": { "type": moment, "at": NOW },
        "subject": { "id": "c_4711", "identity": "login" },
        "facts": { "stage": "relationship", "tier": "premium", "orderNumber": 4,
                   "codes": { "recommend": code, "next-time": code, "five-percent": code, "five-euro": code } },
        "order": { "id": "1001", "currency": "EUR", "subtotal": 6200, "parcel": true, "country": "DE" },
        "state": { "attempts": 0, "sent": { "page": 0, "parcel": 0 }, "spent": { "month": 0 } }
    })
}

fn main_kind(adviser: &Adviser, channel: Channel, moment: &str) -> (String, Kind) {
    let request = Request::parse(&request(moment).to_string()).unwrap();
    let main = adviser.decide(channel, &request).unwrap().decision.main.unwrap();
    (main.option, main.kind)
}

#[test]
fn one_customer_gets_gifts_from_the_tea_shop_and_money_off_from_the_outlet() {
    let (tea, outlet) = (adviser("tea-shop"), adviser("outlet"));
    let (page, parcel) = ("order_completed", "parcel_packed");
    // Guide and story share by chance: both are gifts.
    assert!(main_kind(&tea, Channel::Page, page).1.is_gift());
    assert_eq!(main_kind(&tea, Channel::Parcel, parcel), ("first-flush".to_owned(), Kind::Sample));
    assert_eq!(main_kind(&outlet, Channel::Page, page), ("five-percent".to_owned(), Kind::Discount));
    assert_eq!(main_kind(&outlet, Channel::Parcel, parcel).1, Kind::Discount);
}
