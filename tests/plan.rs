//! Who gets what over a month, and what does a budget change? On the generated tea shop.

#![allow(clippy::unwrap_used)] // A shop that cannot be read must fail the test.

use zugabe::map::Map;
use zugabe::offer::economics::knapsack::Method;
use zugabe::offer::words::Channel;
use zugabe::order::sample::sample;
use zugabe::reject::Code;
use zugabe::score::Options;
use zugabe::shop::{PlanRequest, Shop};
use zugabe::time::{Day, Instant};

const PROGRAM: &str = r#"{ "zugabe": 1,
  "shop": { "name": "Teehaus", "currency": "EUR", "timeZone": "Europe/Berlin", "locales": ["de"] },
  "allowance": { "rateBp": 500, "max": 200 }, "marginBp": 4000,
  "options": [ { "id": "pouch", "kind": "sample", "issueCost": 45, "effect": { "upliftBp": 200 } },
               { "id": "tin", "kind": "sample", "issueCost": 120, "effect": { "upliftBp": 500 } },
               { "id": "first", "kind": "sample", "issueCost": 10, "stock": 7, "effect": { "upliftBp": 50 } },
               { "id": "guide", "kind": "guide", "effect": { "upliftBp": 40 } } ] }"#;

fn shop() -> Shop {
    let mut shop = Shop::new(sample(1, Day::parse("2026-11-20").unwrap()));
    shop.score(&Options::default()).unwrap();
    shop
}

fn request(program: &str) -> PlanRequest {
    PlanRequest {
        program_text: program.to_owned(),
        now: Instant::parse("2026-11-21T10:00:00Z").unwrap(),
        audience: Channel::Parcel,
        customers: false,
        since: None,
        until: None,
        budget: None,
        spent: Map::default(),
        option: None,
        offset: 0,
        limit: Some(usize::MAX),
    }
}

#[test]
fn without_a_budget_everybody_gets_what_the_decision_gives() {
    let month = shop().plan(&request(PROGRAM)).unwrap();
    assert_eq!(month.rows.len(), month.total);
    let sum = |of: fn(&zugabe::offer::plan::PlanRow) -> i64| month.rows.iter().map(of).sum::<i64>();
    assert_eq!(
        (sum(|row| row.cost), sum(|row| row.gross), sum(|row| row.profit)),
        (month.cost, month.gross, month.profit)
    );
    for one in &month.options {
        let own: Vec<_> = month.rows.iter().filter(|row| row.option.as_deref() == Some(&one.option)).collect();
        let needed: i64 = own.iter().filter_map(|row| row.break_even_bp).sum();
        assert_eq!(one.pays_from, Some((needed + 9_999) / 10_000), "{one:?}");
        assert_eq!(one.never_pays, own.iter().filter(|row| row.break_even_bp.is_none()).count(), "{one:?}");
        assert!(one.back > 0 && one.back <= i64::try_from(one.customers).unwrap(), "{one:?}");
        // Every effect was filled in, and so was the margin: nothing is left to assume.
        assert!(one.assumed.is_empty(), "{one:?}");
    }
    let tin = month.options.iter().find(|one| one.option == "tin");
    assert!(tin.is_none_or(|tin| tin.uplift_bp == 500 && tin.redeem_bp == 0));
    // One option's rows alone, with the sums over all.
    let some = month.options[0].clone();
    let only = shop().plan(&PlanRequest { option: Some(some.option.clone()), ..request(PROGRAM) }).unwrap();
    assert_eq!((only.rows.len(), only.cost), (some.customers, month.cost));
    assert!(only.rows.iter().all(|row| row.option.as_deref() == Some(&some.option)));
    // What can run out goes to the first, and to no more than there are.
    let first = month.options.iter().find(|one| one.option == "first").unwrap();
    assert_eq!(first.customers, 7);
    assert!(month.rows.iter().all(|row| row.option.is_some()));
    assert!(month.words.contains("orders: thanking them costs €"), "{}", month.words);
    assert!(month.holdout.is_some_and(|advice| advice.customers > 1000 && !advice.words.is_empty()));
    assert!(month.missing.is_empty(), "everything that matters here was filled in: {:?}", month.missing);
}

#[test]
fn what_is_left_to_the_default_is_named_as_assumed_for_every_option() {
    let silent = PROGRAM.replace(r#""marginBp": 4000,"#, "").replace(r#", "effect": { "upliftBp": 200 }"#, "");
    let month = shop().plan(&request(&silent)).unwrap();
    let of = |id: &str| month.options.iter().find(|one| one.option == id).map(|one| one.assumed.clone());
    let pouch = of("pouch").unwrap();
    assert!(
        pouch.contains(&"marginBp".to_owned()) && pouch.contains(&"options[0].effect.upliftBp".to_owned()),
        "{pouch:?}"
    );
    assert_eq!(of("first").unwrap(), ["marginBp"]);
}

#[test]
fn a_budget_goes_where_it_brings_most_and_has_a_price() {
    let shop = shop();
    let all = shop.plan(&request(PROGRAM)).unwrap();
    let mut last = 0;
    for share in [0, 10, 40, 80, 100] {
        let budget = all.cost * share / 100;
        let plan = shop.plan(&PlanRequest { budget: Some(budget), ..request(PROGRAM) }).unwrap();
        let told = &plan.budgets[0];
        assert!(plan.cost <= budget && told.planned == plan.cost && told.value <= told.bound, "{share}: {told:?}");
        assert!(told.value >= last, "more budget never brings less: {share}");
        last = told.value;
        assert_eq!(told.price_bp == 0, share == 100, "{share}: {told:?}");
        if share == 0 {
            assert!(plan.rows.iter().all(|row| row.cost == 0));
            assert!(told.words.starts_with("Another €1.00 of budget would bring about €"), "{}", told.words);
            assert_eq!(told.method, Method::Exact);
        }
    }
}

#[test]
fn budgets_of_the_program_pay_each_for_its_stages() {
    let budgets = r#""budgets": [ { "id": "new", "stages": ["first_buyer"], "period": "month", "amount": 500 },
        { "id": "old", "stages": ["relationship", "vip", "dormant"], "period": "month", "amount": 100000 } ], "options""#;
    let program = PROGRAM.replacen("\"options\"", budgets, 1);
    let plan = shop().plan(&request(&program)).unwrap();
    let spent = |new: bool| {
        let rows = plan.rows.iter().filter(|row| (row.stage.as_str() == "first_buyer") == new);
        rows.map(|row| row.cost).sum::<i64>()
    };
    assert_eq!((plan.budgets[0].planned, plan.budgets[1].planned), (spent(true), spent(false)));
    assert!(spent(true) <= 500 && plan.budgets[0].price_bp > 0);
    assert!(spent(false) > 500 && plan.budgets[1].price_bp == 0);
}

#[test]
fn what_cannot_be_planned_is_refused() {
    let shop = shop();
    let refused = |request: PlanRequest| shop.plan(&request).unwrap_err();
    assert_eq!(refused(PlanRequest { budget: Some(-1), ..request(PROGRAM) }).path, "budget");
    assert_eq!(refused(PlanRequest { audience: Channel::Phone, ..request(PROGRAM) }).path, "audience");
    assert_eq!(Shop::new(Vec::new()).plan(&request("{")).unwrap_err().code, Code::InvalidJson);
    let unscored = Shop::new(sample(1, Day::parse("2026-11-20").unwrap()));
    assert_eq!(unscored.plan(&request(PROGRAM)).unwrap_err().code, Code::InvalidState);
}
