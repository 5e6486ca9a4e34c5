//! What the decision promises, from program to text.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::advise::public;
use super::words::{Channel, Kind, Reason, Rejection};
use super::*;
use crate::reject::Code;

#[path = "tests/law.rs"]
mod by_law;
mod rows;

const NOW: &str = "2026-11-23T10:05:00+01:00";
const CODE: &str = "03VC1S2Q4HX0";

const FIVE_LINES: &str = r#"{ "zugabe": 1,
  "shop": { "name": "Teehaus am Markt", "currency": "EUR", "timeZone": "Europe/Berlin", "locales": ["de", "en"] },
  "allowance": { "rateBp": 200, "max": 200 },
  "options": [ { "id": "first-flush", "kind": "sample", "issueCost": 45 },
               { "id": "brew-guide", "kind": "guide", "url": "https://example.test/guide" } ] }"#;

fn program(text: &str) -> Program {
    Program::parse(text).unwrap()
}

fn policy(program_text: &str, audience: Channel) -> Policy {
    let options = PublishOptions {
        now: crate::time::Instant::parse(NOW).unwrap(),
        audience,
        days: 30,
        spent: crate::map::Map::default(),
    };
    publish(&program(program_text), None, &options).unwrap()
}

fn request() -> Value {
    json!({
        "v": 1, "now": NOW, "locale": "de",
        "moment": { "type": "order_completed", "at": "2026-11-23T10:04:10+01:00" },
        "subject": { "id": "c_4711", "identity": "login" },
        "facts": { "stage": "relationship", "tier": "vip", "orderNumber": 7, "days": 412, "code": CODE },
        "order": { "id": "1001", "currency": "EUR", "subtotal": 4890, "parcel": true, "tags": ["tea"], "country": "DE" },
        "state": { "attempts": 0, "sent": { "page": 0, "parcel": 0 }, "stock": { "first-flush": 120 } }
    })
}

fn with(path: &str, value: Value) -> Value {
    let mut request = request();
    set(&mut request, path, value);
    request
}

fn set(request: &mut Value, path: &str, value: Value) {
    let mut place = request;
    for part in path.split('.') {
        place = &mut place[part];
    }
    *place = value;
}

fn decided(policy: &Policy, request: &Value) -> Decision {
    decide(policy, &Request::parse(&request.to_string()).unwrap())
}

fn main_of(decision: &Decision) -> &str {
    decision.main.as_ref().map_or("", |main| main.option.as_str())
}

fn rejection(decision: &Decision, option: &str) -> Option<Rejection> {
    decision.rejected.iter().find(|line| line.option == option).map(|line| line.code)
}

#[test]
fn five_lines_give_a_regular_customer_a_guide_and_a_code_for_a_friend() {
    let decision = decided(&policy(FIVE_LINES, Channel::Page), &request());
    let main = decision.main.as_ref().unwrap();
    assert_eq!((main.option.as_str(), main.kind, decision.reason), ("brew-guide", Kind::Guide, Reason::TargetingMatch));
    assert_eq!(
        main.text.why,
        "Weil du gerade bestellt hast und dies dein 7. Einkauf ist. Kein Profil wurde verwendet."
    );
    let beside = decision.beside.as_ref().unwrap();
    assert_eq!((beside.kind, beside.shown_code.as_deref()), (Kind::Referral, Some("03VC-1S2Q-4HX0")));
    assert_eq!(
        beside.text.conditions.as_deref(),
        Some(
            "Für die erste Bestellung deiner Freundin oder deines Freundes, ab 40,00\u{a0}€ Einkaufswert, \
             bis 22.\u{a0}Januar 2027."
        )
    );
    assert_eq!(beside.expires_at.unwrap().to_string(), "2027-01-22T22:59:59Z");
}

#[test]
fn a_guests_first_order_gets_more_than_plain_thanks_and_a_code() {
    let mut request = request();
    request["facts"] = json!({ "orderNumber": 1, "code": CODE });
    request["subject"] = json!({ "id": "1001", "identity": "order" });
    let decision = decided(&policy(FIVE_LINES, Channel::Page), &request);
    assert_eq!(main_of(&decision), "brew-guide");
    assert_eq!(decision.beside.unwrap().code.as_deref(), Some(CODE));
}

#[test]
fn a_parcel_carries_the_sample_and_a_page_never_promises_it() {
    let parcel = with("moment.type", json!("parcel_packed"));
    assert_eq!(main_of(&decided(&policy(FIVE_LINES, Channel::Parcel), &parcel)), "first-flush");
    let page = policy(FIVE_LINES, Channel::Page);
    assert!(!serde_json::to_string(&page).unwrap().contains("first-flush"));
}

#[test]
fn an_objection_leaves_plain_thanks_and_says_why() {
    let decision = decided(&policy(FIVE_LINES, Channel::Page), &with("consent", json!({ "objected": true })));
    assert_eq!((main_of(&decision), decision.reason), ("thanks", Reason::Disabled));
    assert!(decision.beside.is_none());
    assert_eq!(rejection(&decision, "recommend"), Some(Rejection::Objected));
    assert!(decision.main.unwrap().text.why.contains("keine Werbung"));
}

#[test]
fn an_open_complaint_brings_help_and_nothing_else() {
    let decision = decided(&policy(FIVE_LINES, Channel::Page), &with("facts.openProblem", json!(true)));
    assert_eq!(main_of(&decision), "service-contact");
    assert!(decision.beside.is_none());
    assert_eq!(rejection(&decision, "brew-guide"), Some(Rejection::OpenProblem));
    assert_eq!(rejection(&decision, "thanks"), Some(Rejection::OpenProblem));
}

#[test]
fn moments_without_joy_and_moments_that_are_over_promote_nothing() {
    let page = policy(FIVE_LINES, Channel::Page);
    for (request, code) in [
        (with("moment.type", json!("cart_viewed")), Rejection::NoMoment),
        (with("moment.at", json!("2026-11-23T09:54:59+01:00")), Rejection::MomentExpired),
    ] {
        let decision = decided(&page, &request);
        assert_eq!((main_of(&decision), decision.reason), ("thanks", Reason::Default));
        assert_eq!(rejection(&decision, "brew-guide"), Some(code));
    }
    // Ten minutes exactly are still in the window.
    assert_eq!(main_of(&decided(&page, &with("moment.at", json!("2026-11-23T09:55:00+01:00")))), "brew-guide");
}

#[test]
fn a_mistyped_code_is_never_shown() {
    let decision = decided(&policy(FIVE_LINES, Channel::Page), &with("facts.code", json!("03VC1S2Q4HX1")));
    assert_eq!(rejection(&decision, "recommend"), Some(Rejection::NoCode));
    assert!(decision.beside.is_none());
}

#[test]
fn an_expired_policy_only_says_thanks() {
    let mut request = request();
    for path in ["now", "moment.at"] {
        set(&mut request, path, json!("2027-01-01T00:00:00Z"));
    }
    let decision = decided(&policy(FIVE_LINES, Channel::Page), &request);
    assert_eq!((main_of(&decision), decision.reason), ("thanks", Reason::Stale));
    assert!(decision.beside.is_none());
}

const RICH: &str = r#"{ "zugabe": 1,
  "shop": { "name": "Teehaus", "currency": "EUR", "timeZone": "Europe/Berlin", "locales": ["de", "en"],
            "friendUrl": "https://tee.example/f", "contact": "hallo@tee.example" },
  "allowance": { "rateBp": 200, "max": 200 }, "marginBp": 3000,
  "options": [
    { "id": "guide-a", "kind": "guide", "weight": 7 }, { "id": "guide-b", "kind": "guide", "weight": 3 },
    { "id": "winter", "kind": "sample", "issueCost": 50, "stock": 3, "season": { "from": "11-15", "to": "02-28" } },
    { "id": "evening", "kind": "event", "conditions": { "countries": ["DE"] } },
    { "id": "boss", "kind": "ceo_line", "minTier": "top_vip" },
    { "id": "voucher", "kind": "discount", "promotion": { "amount": 500, "minimumOrder": 5000 },
      "conditions": { "minimumOrder": 2000, "excludedTags": ["sale"] } },
    { "id": "profile-only", "kind": "accessory", "basis": "profile" } ] }"#;

#[test]
fn every_rejection_names_the_field_and_what_it_would_have_to_say() {
    let decision = decided(&policy(RICH, Channel::Page), &request());
    let lines: Vec<_> =
        decision.rejected.iter().map(|line| (line.option.as_str(), line.code.as_str(), line.field.as_ref())).collect();
    assert_eq!(
        lines,
        [
            ("evening", "stage_too_low", "facts.stage"),
            ("boss", "stage_too_low", "facts.stage"),
            ("voucher", "no_code", "facts.codes.voucher"),
            ("profile-only", "consent_missing", "consent.profiling"),
            ("service-contact", "not_offered", "facts.openProblem"),
        ]
    );
}

#[test]
fn stock_that_nobody_counted_counts_as_none() {
    let parcel = policy(RICH, Channel::Parcel);
    let mut request = with("moment.type", json!("parcel_packed"));
    request["state"]["stock"] = json!({ "winter": 1 });
    assert_eq!(main_of(&decided(&parcel, &request)), "winter");
    request["state"]["stock"] = json!({ "winter": 0 });
    assert_eq!(rejection(&decided(&parcel, &request), "winter"), Some(Rejection::OutOfStock));
    request["state"]["stock"] = json!({});
    assert_eq!(rejection(&decided(&parcel, &request), "winter"), Some(Rejection::OutOfStock));
}

#[test]
fn a_season_runs_over_new_year() {
    let season: super::policy::Season = serde_json::from_value(json!({ "from": "11-15", "to": "02-28" })).unwrap();
    for (day, inside) in [("2026-01-15", true), ("2026-07-15", false), ("2026-11-15", true), ("2026-03-01", false)] {
        assert_eq!(season.holds(crate::time::Day::parse(day).unwrap()), inside, "{day}");
    }
}

#[test]
fn chance_shares_out_between_equals_by_weight_and_says_how() {
    let page = policy(RICH, Channel::Page);
    let mut chosen = std::collections::BTreeMap::new();
    for customer in 0..2000 {
        let decision = decided(&page, &with("subject.id", json!(format!("c_{customer}"))));
        let bucket = decision.bucket.unwrap();
        let expected = if main_of(&decision) == "guide-a" { 7000 } else { 3000 };
        assert_eq!((bucket.propensity_bp, decision.reason), (expected, Reason::Split));
        assert_eq!(bucket.n, crate::bucket::bucket(&page.seed, &format!("c_{customer}")));
        *chosen.entry(main_of(&decision).to_owned()).or_insert(0) += 1;
    }
    assert!((1300..1500).contains(&chosen["guide-a"]), "{chosen:?}");
    assert_eq!(chosen.len(), 2);
}

#[test]
fn publishing_anew_shuffles_nobody() {
    let now = crate::time::Instant::parse(NOW).unwrap();
    let again = PublishOptions { now, audience: Channel::Page, days: 1, spent: crate::map::Map::default() };
    let (first, second) = (policy(RICH, Channel::Page), publish(&program(RICH), None, &again).unwrap());
    assert_ne!(first.hash, second.hash);
    for customer in 0..50 {
        let request = with("subject.id", json!(format!("c_{customer}")));
        assert_eq!(main_of(&decided(&first, &request)), main_of(&decided(&second, &request)));
    }
}

#[test]
fn the_same_gift_is_not_given_twice_in_a_row_where_there_is_another() {
    let page = policy(RICH, Channel::Page);
    let decision = decided(&page, &with("state.lastOption", json!("guide-a")));
    assert_eq!((main_of(&decision), rejection(&decision, "guide-a")), ("guide-b", Some(Rejection::Repeat)));
    let only = policy(FIVE_LINES, Channel::Page);
    assert_eq!(main_of(&decided(&only, &with("state.lastOption", json!("brew-guide")))), "brew-guide");
}

#[test]
fn a_vip_gets_what_only_vips_get() {
    let page = policy(RICH, Channel::Page);
    let mut request = with("facts.stage", json!("vip"));
    assert_eq!(main_of(&decided(&page, &request)), "evening");
    request["order"]["country"] = json!("FR");
    assert_eq!(rejection(&decided(&page, &request), "evening"), Some(Rejection::CountryExcluded));
    request["facts"]["tier"] = json!("top_vip");
    assert_eq!(main_of(&decided(&page, &request)), "boss");
}

#[test]
fn a_holdout_never_loses_its_thanks() {
    let held = RICH.replace("\"marginBp\"", "\"holdout\": { \"bp\": 10000 }, \"marginBp\"");
    let decision = decided(&policy(&held, Channel::Page), &request());
    assert_eq!(main_of(&decision), "thanks");
    assert_eq!(rejection(&decision, "guide-a"), Some(Rejection::Holdout));
}

#[test]
fn what_is_price_bound_gets_no_money_off() {
    let mut request = with("order.tags", json!(["book_fixed_price"]));
    request["facts"]["codes"] = json!({ "voucher": CODE });
    let decision = decided(&policy(RICH, Channel::Page), &request);
    assert_eq!(rejection(&decision, "voucher"), Some(Rejection::LawForbids));
}

#[test]
fn a_link_carries_the_code_behind_the_hash_where_no_server_sees_it() {
    let decision = decided(&policy(RICH, Channel::Page), &request());
    assert_eq!(decision.beside.unwrap().link.unwrap(), format!("https://tee.example/f#{CODE}"));
}

#[test]
fn the_name_is_in_the_greeting_and_in_nothing_else() {
    let page = policy(FIVE_LINES, Channel::Page);
    let anna = decided(&page, &with("subject.name", json!("Anna")));
    assert_eq!(anna.labels.get("greeting").unwrap(), "Danke für deine Bestellung, Anna.");
    let mut without = decided(&page, &with("subject.name", json!("Jürgen")));
    assert_ne!(anna, without);
    without.labels = anna.labels.clone();
    assert_eq!(anna, without);
    assert!(!format!("{:?}", anna.steps).contains("name"));
}

#[test]
fn the_trace_lists_only_what_was_looked_at() {
    let decision = decided(&policy(FIVE_LINES, Channel::Page), &request());
    let text = serde_json::to_string(&decision.steps).unwrap();
    assert!(text.contains("facts.stage") && text.contains("consent.objected"));
    assert!(!text.contains("profiling") && !text.contains("facts.days"), "{text}");
}

#[test]
fn a_published_policy_holds_nothing_private() {
    let marked = r#"{ "zugabe": 1,
      "shop": { "name": "S", "currency": "EUR", "timeZone": "UTC", "locales": ["en"] },
      "allowance": { "rateBp": 7771, "max": 7772 }, "marginBp": 7773,
      "tiers": { "dwellDays": 7779, "inactiveDays": 7770 },
      "stages": { "dormantDays": 7774 },
      "options": [ { "id": "a", "kind": "ebook", "issueCost": 7775, "stock": 7776, "weight": 7777 },
                   { "id": "b", "kind": "sample", "issueCost": 7778 } ] }"#;
    for audience in [Channel::Page, Channel::Parcel] {
        let policy = policy(marked, audience);
        let published = serde_json::to_string(&policy).unwrap().replace(&policy.hash, "");
        assert!(!published.contains("777"), "{published}");
        for word in ["issueCost", "margin", "allowance", "weight", "dormantDays", "dwellDays"] {
            assert!(!published.contains(word), "{word}: {published}");
        }
        let mut request = with("moment.type", json!("parcel_packed"));
        set(&mut request, "state.stock", json!({ "a": 1 }));
        let trace = serde_json::to_string(&decided(&policy, &request)).unwrap().replace(&policy.hash, "");
        assert!(!trace.contains("777"), "{trace}");
    }
}

#[test]
fn nothing_costs_more_than_the_allowance_and_the_merchant_is_told_what_it_would_take() {
    let options = PublishOptions {
        now: crate::time::Instant::parse(NOW).unwrap(),
        audience: Channel::Parcel,
        days: 30,
        spent: crate::map::Map::default(),
    };
    let adviser = Adviser::new(program(FIVE_LINES), None, &options).unwrap();
    let mut request = with("moment.type", json!("parcel_packed"));
    for (subtotal, option) in [(2225, "first-flush"), (2224, "brew-guide")] {
        set(&mut request, "order.subtotal", json!(subtotal));
        let request = Request::parse(&request.to_string()).unwrap();
        let decided = adviser.decide(Channel::Parcel, &request).unwrap();
        assert_eq!(main_of(&decided.decision), option);
        assert!(decided.numbers.issue_cost <= decided.numbers.allowed.unwrap());
        if option == "brew-guide" {
            let line = decided.decision.rejected.iter().find(|line| line.option == "first-flush").unwrap();
            assert_eq!((line.code, line.required.clone()), (Rejection::Unprofitable, Some(2225_i64.into())));
            let shown = serde_json::to_string(&public(decided.decision.clone())).unwrap();
            assert!(shown.contains("not_offered") && !shown.contains("unprofitable") && !shown.contains("2225"));
        }
    }
}

#[test]
fn programs_that_cannot_hold_are_refused_with_the_path() {
    for (from, to, code, path) in [
        ("\"zugabe\": 1", "\"zugabe\": 2", Code::UnsupportedVersion, "zugabe"),
        ("\"issueCost\": 45", "\"issueCosts\": 45", Code::UnknownField, "options[0].issueCosts"),
        ("\"issueCost\": 45", "\"issueCost\": -1", Code::InvalidAmount, "options[0].issueCost"),
        ("\"kind\": \"guide\"", "\"kind\": \"coupon\"", Code::InvalidValue, "options[1].kind"),
        ("\"brew-guide\"", "\"first-flush\"", Code::Contradiction, "options[1].id"),
        ("\"EUR\"", "\"EURO\"", Code::InvalidValue, "shop.currency"),
        ("Europe/Berlin", "Europe/Teehaus", Code::InvalidValue, "shop.timeZone"),
        ("[\"de\", \"en\"]", "[]", Code::InvalidValue, "shop.locales"),
        ("\"kind\": \"guide\"", "\"kind\": \"discount\"", Code::MissingField, "options[1].promotion"),
        ("\"url\": \"https", "\"url\": \"javascript", Code::InvalidValue, "options[1].url"),
    ] {
        let text = FIVE_LINES.replacen(from, to, 1);
        assert_ne!(text, FIVE_LINES, "{from}");
        let error = Program::parse(&text).unwrap_err();
        assert_eq!((error.code, error.path.as_str()), (code, path), "{}", error.message);
    }
}

#[test]
fn policies_and_requests_of_another_version_are_refused_by_name() {
    let mut newer = serde_json::to_value(policy(FIVE_LINES, Channel::Page)).unwrap();
    newer["v"] = json!(2);
    newer["fields"] = json!("nobody knows yet");
    let error = Policy::parse(&newer.to_string()).unwrap_err();
    assert_eq!((error.code, error.path.as_str()), (Code::UnsupportedVersion, "v"));
    let error = Request::parse(&with("v", json!(2)).to_string()).unwrap_err();
    assert_eq!(error.code, Code::UnsupportedVersion);
}

#[test]
fn requests_that_cannot_be_are_refused_with_the_path() {
    for (path, value, code) in [
        ("moment.at", json!("2026-11-24T00:00:00Z"), Code::DateInFuture),
        ("order.subtotal", json!(-1), Code::InvalidAmount),
        ("facts.orderNumber", json!(0), Code::InvalidValue),
        ("subject.identity", json!("fingerprint"), Code::InvalidValue),
        ("facts.gender", json!("f"), Code::UnknownField),
        ("moment.type", json!("full_moon"), Code::InvalidValue),
    ] {
        let error = Request::parse(&with(path, value).to_string()).unwrap_err();
        assert_eq!((error.code, error.path.as_str()), (code, path), "{}", error.message);
    }
}

#[test]
fn a_policy_read_back_decides_the_same() {
    let page = policy(RICH, Channel::Page);
    let read = Policy::parse(&serde_json::to_string(&page).unwrap()).unwrap();
    assert_eq!(read, page);
    assert_eq!(decided(&read, &request()), decided(&page, &request()));
}

#[test]
fn a_starter_is_a_program_with_nothing_wrong_in_it() {
    let answers =
        serde_json::from_value(json!({ "name": "Tee \"&\" Kanne", "currency": "JPY", "locales": ["en"], "max": 300 }))
            .unwrap();
    let program = program(&starter::starter(&answers).unwrap());
    assert_eq!((program.shop.name.as_str(), program.allowance().max), ("Tee \"&\" Kanne", 300));
    let lint = check::check(&program);
    assert!(lint.findings.iter().all(|finding| finding.severity != check::Severity::Error), "{lint:?}");
}

#[test]
fn five_lines_are_complete_and_every_value_they_leave_open_is_named_as_assumed() {
    let answers: starter::Answers =
        serde_json::from_value(json!({ "name": "Tee", "currency": "EUR", "locales": ["de"], "start": "five_lines" }))
            .unwrap();
    let text = starter::starter(&answers).unwrap();
    assert_eq!(text.lines().count(), 5, "{text}");
    let assumed = |text: &str| check::check(&program(text)).assumed;
    let silent = assumed(&text);
    assert_eq!(silent.get("marginBp"), Some(&json!(3000)));
    assert_eq!(silent.get("referral.friend.amount"), Some(&json!(500)));
    assert_eq!(silent.get("referral.friend.days"), Some(&json!(60)));
    assert_eq!(silent.get("options[0].channels"), Some(&json!(["parcel"])));
    assert_eq!(silent.get("allowance.max"), None, "what is said is not assumed");
    let said = text
        .replace("\"options\"", "\"marginBp\": 4000, \"options\"")
        .replace("\"allowance\": { \"rateBp\": 200, \"max\": 200 },", "");
    let (silent, lint) = (assumed(&said), check::check(&program(&said)));
    assert_eq!((silent.get("marginBp"), silent.get("allowance.max")), (None, Some(&json!(200))));
    // The findings and the values tell of the same silence.
    for finding in lint.findings.iter().filter(|one| one.code == check::FindingCode::Assumption) {
        let told = silent.iter().any(|(path, _)| path.starts_with(finding.path.as_str()));
        assert!(told || ["tiers", "stages", "caps"].contains(&finding.path.as_str()), "{finding:?}");
    }
}

#[test]
fn the_lint_names_what_can_never_be_chosen_and_what_presses() {
    let text = RICH
        .replace("\"issueCost\": 50", "\"issueCost\": 500")
        .replace("\"id\": \"guide-a\",", "\"id\": \"guide-a\", \"text\": { \"de\": { \"body\": \"Nur heute {x}!\" } },")
        .replace("\"amount\": 500", "\"amount\": 2000");
    let lint = check::check(&program(&text));
    let found = |path: &str| lint.findings.iter().filter(|f| f.path == path).map(|f| f.code).collect::<Vec<_>>();
    assert_eq!(found("options[2].issueCost"), [check::FindingCode::NeverChosen]);
    assert_eq!(
        found("options[0].text.de.body"),
        [check::FindingCode::DeniedWord, check::FindingCode::UnknownPlaceholder]
    );
    assert_eq!(found("options[5].promotion"), [check::FindingCode::BelowMargin]);
}

#[test]
fn a_friend_reads_terms_for_a_good_code_and_a_hint_for_a_mistyped_one() {
    let page = policy(RICH, Channel::Page);
    let ask = |code: &str, now: &str| {
        let request = json!({ "v": 1, "now": now, "locale": "en", "code": code });
        friend(&page, &serde_json::from_value(request).unwrap())
    };
    let offer = ask("o3vc-1s2q-4hxo", NOW);
    assert_eq!((offer.code.as_deref(), offer.expired), (Some(CODE), false));
    assert_eq!(offer.body, "With this code you get €5.00 off your first order at Teehaus.");
    let typo = ask("03VC-1S2Q-4HX1", NOW);
    assert_eq!((typo.code, typo.conditions), (None, None));
    assert!(typo.body.starts_with("One character"));
    assert!(ask(CODE, "2027-06-01T00:00:00Z").expired);
}

#[test]
fn forty_options_fit_into_twenty_kilobytes() {
    let options: Vec<String> = (0..40)
        .map(|n| format!(r#"{{ "id": "option-{n}", "kind": "{}" }}"#, ["guide", "story", "ebook", "info"][n % 4]))
        .collect();
    let text = FIVE_LINES.replace("\"options\": [", &format!("\"options\": [ {},", options.join(",")));
    let size = serde_json::to_string(&policy(&text, Channel::Page)).unwrap().len();
    assert!(size <= 20 * 1024, "{size} bytes");
}

fn any_request() -> impl Strategy<Value = Value> {
    let stages = proptest::sample::select(vec!["interested", "lead", "first_buyer", "relationship", "vip", "dormant"]);
    let tiers = proptest::sample::select(vec!["none", "premium", "vip", "top_vip"]);
    let moments =
        proptest::sample::select(vec!["order_completed", "parcel_packed", "delivered", "refund", "anniversary"]);
    (stages, tiers, moments, any::<[bool; 6]>(), 0_i64..20_000, 0_i64..4000).prop_map(
        |(stage, tier, moment, flags, subtotal, ago)| {
            let mut request = request();
            set(&mut request, "facts.stage", json!(stage));
            set(&mut request, "facts.tier", json!(tier));
            set(&mut request, "moment.type", json!(moment));
            let now = crate::time::Instant::parse(NOW).unwrap();
            set(&mut request, "moment.at", json!(now.plus(-ago).to_string()));
            set(&mut request, "facts.openProblem", json!(flags[0] && flags[1]));
            set(&mut request, "consent", json!({ "objected": flags[1] && flags[2], "profiling": flags[3] }));
            set(&mut request, "order.parcel", json!(flags[4]));
            set(&mut request, "order.subtotal", json!(subtotal));
            if flags[5] {
                set(&mut request, "state", json!({}));
            }
            request
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_field_at_its_required_value_removes_exactly_that_rejection(request in any_request()) {
        for audience in [Channel::Page, Channel::Parcel] {
            let policy = policy(RICH, audience);
            for line in decided(&policy, &request).rejected {
                let (Some(required), true) = (line.required, line.field.contains('.')) else { continue };
                if matches!(line.code, Rejection::Holdout | Rejection::NoCode) {
                    continue;
                }
                let mut changed = request.clone();
                set(&mut changed, &line.field, serde_json::to_value(required).unwrap());
                let after = decided(&policy, &changed);
                prop_assert!(
                    !after.rejected.iter().any(|other| other.option == line.option && other.code == line.code),
                    "{} {:?}", line.option, line.code
                );
            }
        }
    }

    #[test]
    fn without_consent_to_profiling_no_profile_option_is_chosen(request in any_request()) {
        let mut request = request;
        set(&mut request, "consent.profiling", json!(false));
        for audience in [Channel::Page, Channel::Parcel] {
            let decision = decided(&policy(RICH, audience), &request);
            prop_assert_ne!(main_of(&decision), "profile-only");
            prop_assert!(decision.rejected.iter().any(|line| line.option == "profile-only"));
        }
    }

    #[test]
    fn an_objection_always_wins(request in any_request()) {
        let mut request = request;
        set(&mut request, "consent.objected", json!(true));
        for audience in [Channel::Page, Channel::Parcel] {
            let decision = decided(&policy(RICH, audience), &request);
            prop_assert!(decision.beside.is_none());
            let main = decision.main.map(|main| main.kind);
            prop_assert!(matches!(main, None | Some(Kind::Thanks | Kind::ServiceContact)), "{main:?}");
        }
    }
}
