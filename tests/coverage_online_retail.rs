//! Two years of real orders and a program of five lines: nearly everybody is thanked with more than plain thanks and
//! with a code that verifies, guests included, and nobody's thank-you costs more than the allowance.

#![allow(clippy::unwrap_used, clippy::expect_used)] // What cannot be read must fail the test.

mod support;

use zugabe::code::new_key_set;
use zugabe::map::Map;
use zugabe::money::Currency;
use zugabe::offer::words::Channel;
use zugabe::order::import::{ImportOptions, Importer, combine};
use zugabe::score::Options;
use zugabe::shop::{CodesRequest, PlanRequest, Shop};
use zugabe::time::Instant;

const FIVE_LINES: &str = r#"{ "zugabe": 1,
  "shop": { "name": "Gift shop", "currency": "GBP", "timeZone": "Europe/London", "locales": ["en"] },
  "allowance": { "rateBp": 200, "max": 200 },
  "options": [ { "id": "ribbon", "kind": "sample", "issueCost": 45 },
               { "id": "wrapping-guide", "kind": "guide", "url": "https://example.test/guide" } ] }"#;

#[test]
fn at_least_99_percent_of_real_orders_get_more_than_plain_thanks_and_a_code() {
    let now = Instant::parse("2026-11-23T10:00:00Z").unwrap();
    let options = ImportOptions {
        currency: Some(Currency::parse("GBP").unwrap()),
        time_zone: Some("Europe/London".to_owned()),
        ..ImportOptions::at(now)
    };
    let mut files = Vec::new();
    for name in ["online_retail_ii_2009_2010.csv.zst", "online_retail_2010_2011.csv.zst"] {
        let Some(text) = support::shared_zst(name) else { return };
        let mut importer = Importer::new(name, options.clone()).unwrap();
        importer.push(&text).unwrap();
        files.push(importer.finish().unwrap());
    }
    let (orders, _) = combine(files, &options).unwrap();
    let anonymous = orders.iter().filter(|order| order.is_purchase() && order.customer.is_none()).count();
    let purchases = orders.iter().filter(|order| order.is_purchase()).count();
    let mut shop = Shop::new(orders);
    shop.score(&Options::default()).unwrap();
    let coverage = shop
        .coverage(&CodesRequest {
            program_text: FIVE_LINES.to_owned(),
            keys_text: new_key_set([7; 32]),
            now,
            batch: 1,
            since: None,
            friend_url: None,
        })
        .unwrap();
    println!("{coverage:?}, {anonymous} of them anonymous");
    assert_eq!(coverage.orders, purchases);
    assert!(anonymous > 1000, "guests are among them");
    assert!(coverage.both * 100 >= coverage.orders * 99, "{coverage:?}");
    assert_eq!((coverage.above_allowance, coverage.highest_cost), (0, 45));
    // What to fill in next, and what it would change: the margin is assumed, and so is what the gifts do.
    let missing: Vec<&str> = coverage.missing.iter().map(|one| one.path.as_str()).collect();
    for path in ["marginBp", "options[0].effect.upliftBp", "options[1].effect.upliftBp"] {
        assert!(missing.contains(&path), "{path} is not in {missing:?}");
    }
    let swing = |index: usize| (coverage.missing[index].high - coverage.missing[index].low).abs();
    assert!((1..missing.len()).all(|index| swing(index - 1) >= swing(index)), "the widest swing comes first");
    assert!(coverage.missing[0].words.contains('£'), "{:?}", coverage.missing[0]);

    let mut request = PlanRequest {
        program_text: FIVE_LINES.to_owned(),
        now,
        audience: Channel::Parcel,
        customers: false,
        since: None,
        until: None,
        budget: None,
        spent: Map::default(),
        option: None,
        offset: 0,
        limit: None,
    };
    let month = shop.plan(&request).unwrap();
    println!("{}\n{:?}\n{:?}", month.words, month.missing, month.holdout);
    assert!(month.total > 1000 && month.rows.len() == 200 && month.budgets.is_empty());
    assert!(month.rows.iter().all(|row| row.cost <= 45));
    // Half of what the month would cost: as many thank-yous as that pays for, and a price of budget.
    request.budget = Some(month.cost / 2);
    let half = shop.plan(&request).unwrap();
    println!("{}", half.words);
    let budget = &half.budgets[0];
    assert!(half.cost <= month.cost / 2 && half.cost * 100 >= month.cost / 2 * 99, "{} of {}", half.cost, month.cost);
    assert!(budget.price_bp > 0 && budget.value <= budget.bound);
    request.budget = Some(month.cost);
    assert_eq!(shop.plan(&request).unwrap().budgets[0].price_bp, 0);
    request.customers = true;
    assert!(shop.plan(&request).unwrap().total > 5000);
}
