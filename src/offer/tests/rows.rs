//! What the rows of `docs/requirements.md` ask of a decision, as far as no other test shows it.

use super::*;
use crate::offer::words::{Identity, Moment, Purpose};
use crate::score::stage::Stage;

/// One option of a kind, in every channel that can carry it.
fn single(kind: &str, more: &str) -> String {
    format!(
        r#"{{ "zugabe": 1,
          "shop": {{ "name": "T", "currency": "EUR", "timeZone": "UTC", "locales": ["de"], "contact": "hallo@t.example" }},
          "options": [ {{ "id": "it", "kind": "{kind}"{more} }} ] }}"#
    )
}

fn at_stage(stage: &str) -> Value {
    let mut request = with("facts", json!({ "stage": stage }));
    request.as_object_mut().unwrap().remove("order");
    request["moment"]["type"] = json!("content_consumed");
    request
}

#[test]
fn a_lead_is_to_be_won_and_a_customer_to_be_kept() {
    let page = policy(FIVE_LINES, Channel::Page);
    for (stage, purpose) in
        [("lead", Purpose::Acquire), ("follower", Purpose::Acquire), ("relationship", Purpose::Retain)]
    {
        let main = decided(&page, &at_stage(stage)).main.unwrap();
        assert_eq!((main.option.as_str(), main.purpose), ("brew-guide", purpose), "{stage}");
    }
}

#[test]
fn every_decision_says_what_for_whom_and_why() {
    proptest!(ProptestConfig::with_cases(64), |(request in any_request())| {
        for audience in [Channel::Page, Channel::Parcel] {
            let decision = decided(&policy(RICH, audience), &request);
            let steps = serde_json::to_value(&decision.steps).unwrap();
            let order: Vec<&str> = steps.as_array().unwrap().iter().map(|step| step["step"].as_str().unwrap()).collect();
            prop_assert_eq!(order, ["data", "segment", "economics", "message"]);
            prop_assert!(!steps[0]["read"].as_array().unwrap().is_empty());
            for chosen in decision.main.iter().chain(&decision.beside) {
                prop_assert!(!chosen.option.is_empty() && !chosen.text.headline.is_empty(), "{:?}", chosen);
                prop_assert!(!chosen.text.body.is_empty() && !chosen.text.why.is_empty(), "{:?}", chosen);
            }
            prop_assert!(decision.main.is_some() || !decision.rejected.is_empty());
        }
    });
}

#[test]
fn an_order_without_a_parcel_gets_nothing_to_hold() {
    let mut digital = with("order.parcel", json!(false));
    digital["moment"]["type"] = json!("parcel_packed");
    for kind in ["sample", "haptic_gift", "zugabe"] {
        let text =
            single(kind, r#", "channels": ["parcel"], "stages": ["relationship"], "moments": ["parcel_packed"]"#);
        let decision = decided(&policy(&text, Channel::Parcel), &digital);
        assert_eq!(rejection(&decision, "it"), Some(Rejection::NoParcel), "{kind}");
    }
}

#[test]
fn a_course_goes_with_technical_products() {
    let page = policy(&single("course", r#", "conditions": { "tags": ["technical"] }"#), Channel::Page);
    assert_eq!(rejection(&decided(&page, &request()), "it"), Some(Rejection::ProductNotTagged));
    assert_eq!(main_of(&decided(&page, &with("order.tags", json!(["tea", "technical"])))), "it");
}

#[test]
fn content_gifts_are_kinds_and_what_is_none_is_refused() {
    for kind in [
        "checklist",
        "guide",
        "ebook",
        "course",
        "insight",
        "story",
        "service",
        "freemium",
        "trial",
        "thanks",
        "feedback",
        "service_contact",
    ] {
        assert!(Program::parse(&single(kind, "")).is_ok(), "{kind}");
    }
    assert_eq!(Program::parse(&single("lottery", "")).unwrap_err().path, "options[0].kind");
}

#[test]
fn a_seasonal_gift_is_given_in_its_season_by_the_clock_of_the_request() {
    let parcel = policy(RICH, Channel::Parcel);
    for (day, code) in [("2026-11-24", None), ("2026-11-15", None), ("2026-12-03", None)] {
        let mut request = with("moment", json!({ "type": "parcel_packed", "at": format!("{day}T10:00:00Z") }));
        request["now"] = json!(format!("{day}T10:00:00Z"));
        request["state"]["stock"] = json!({ "winter": 3 });
        assert_eq!(rejection(&decided(&parcel, &request), "winter"), code, "{day}");
    }
    let summer = RICH.replace("\"from\": \"11-15\", \"to\": \"02-28\"", "\"from\": \"06-01\", \"to\": \"08-31\"");
    let mut request = with("moment.type", json!("parcel_packed"));
    request["state"]["stock"] = json!({ "winter": 3 });
    assert_eq!(
        rejection(&decided(&policy(&summer, Channel::Parcel), &request), "winter"),
        Some(Rejection::OutOfSeason)
    );
}

#[test]
fn the_parcels_arrival_opens_two_days() {
    let page = policy(FIVE_LINES, Channel::Page);
    let after = |hours: i64, seconds: i64| {
        let at = crate::time::Instant::parse(NOW).unwrap().plus(-(hours * 3600 + seconds));
        decided(&page, &with("moment", json!({ "type": "delivered", "at": at.to_string() })))
    };
    assert_eq!(main_of(&after(48, 0)), "brew-guide");
    assert_eq!(rejection(&after(48, 1), "brew-guide"), Some(Rejection::MomentExpired));
    assert_eq!(rejection(&after(49, 0), "brew-guide"), Some(Rejection::MomentExpired));
}

#[test]
fn one_channels_cap_says_nothing_about_another() {
    let text = single("discount", r#", "promotion": { "amount": 300, "minimumOrder": 5000 }"#);
    let mut request = with("state.sent", json!({ "page": 3, "parcel": 2, "email": 0 }));
    request["facts"]["codes"] = json!({ "it": CODE });
    request["consent"] = json!({ "email": "confirmed" });
    for (channel, code) in
        [(Channel::Page, Some(Rejection::CapReached)), (Channel::Parcel, None), (Channel::Email, None)]
    {
        request["moment"]["type"] = json!(if channel == Channel::Parcel { "parcel_packed" } else { "order_completed" });
        assert_eq!(rejection(&decided(&policy(&text, channel), &request), "it"), code, "{channel:?}");
    }
    // Each channel has a consent of its own, too.
    request["consent"] = json!({});
    assert_eq!(rejection(&decided(&policy(&text, Channel::Email), &request), "it"), Some(Rejection::UnknownBasis));
    request["state"]["sent"]["page"] = json!(0);
    request["moment"]["type"] = json!("order_completed");
    assert_eq!(rejection(&decided(&policy(&text, Channel::Page), &request), "it"), None);
}

#[test]
fn over_a_simulated_month_the_cap_per_week_holds() {
    let text = single("discount", r#", "promotion": { "amount": 300, "minimumOrder": 5000 }"#);
    let page = policy(&text, Channel::Page);
    let start = crate::time::Instant::parse(NOW).unwrap();
    let mut shown: Vec<i64> = Vec::new();
    // Four visits a day with an order, for 28 days. The host counts what the decision adds.
    for visit in 0..28 * 4 {
        let now = visit * 6 * 3600;
        let last_week = shown.iter().filter(|at| now - **at < 7 * 86_400).count();
        let mut request = with("state.sent", json!({ "page": last_week }));
        let at = start.plus(now).to_string();
        request["now"] = json!(at);
        request["moment"] = json!({ "type": "order_completed", "at": at });
        request["facts"]["codes"] = json!({ "it": CODE });
        let decision = decided(&page, &request);
        if decision.caps.iter().any(|cap| cap.counter == "page.week" && cap.adds > 0) {
            shown.push(now);
        }
    }
    for at in &shown {
        assert!(shown.iter().filter(|other| (*at..at + 7 * 86_400).contains(other)).count() <= 3);
    }
    assert_eq!(shown.len(), 12, "three a week, in four weeks");
}

#[test]
fn a_prospect_is_asked_six_times_and_no_seventh_time() {
    let page = policy(FIVE_LINES, Channel::Page);
    for (attempts, code) in
        [(0, None), (5, None), (6, Some(Rejection::AttemptsExhausted)), (7, Some(Rejection::AttemptsExhausted))]
    {
        let mut request = at_stage("lead");
        request["state"]["attempts"] = json!(attempts);
        assert_eq!(rejection(&decided(&page, &request), "brew-guide"), code, "{attempts} before this one");
        // Whoever has bought is no prospect: then the caps of the channels hold.
        request["facts"]["stage"] = json!("first_buyer");
        assert_eq!(rejection(&decided(&page, &request), "brew-guide"), None);
    }
}

#[test]
fn a_late_parcel_and_an_open_complaint_bring_help_and_no_offer() {
    for (moment, open) in
        [("delivered", true), ("order_completed", true), ("delay", false), ("refund", false), ("payment_failed", false)]
    {
        let mut request = with("moment.type", json!(moment));
        request["facts"]["openProblem"] = json!(open);
        let decision = decided(&policy(RICH, Channel::Page), &request);
        assert_eq!(main_of(&decision), "service-contact", "{moment}");
        assert!(decision.beside.is_none());
    }
}

#[test]
fn only_legitimate_ways_to_know_somebody_are_accepted() {
    for identity in Identity::ALL {
        assert!(Request::parse(&with("subject.identity", json!(identity)).to_string()).is_ok());
    }
    for other in ["fingerprint", "cookie", "ip", "device", ""] {
        let error = Request::parse(&with("subject.identity", json!(other)).to_string()).unwrap_err();
        assert_eq!(error.path, "subject.identity", "{other}");
    }
}

#[test]
fn somebody_unknown_sees_the_brand_and_no_product() {
    let text = RICH
        .replace("\"kind\": \"event\"", "\"kind\": \"brand\"")
        .replace("\"conditions\": { \"countries\": [\"DE\"] }", "\"weight\": 1");
    let mut request = with("subject", json!({ "id": "visitor-77", "identity": "anonymous" }));
    request["moment"]["type"] = json!("visit_ended");
    request["facts"] = json!({});
    request.as_object_mut().unwrap().remove("order");
    let decision = decided(&policy(&text, Channel::Page), &request);
    assert_eq!((main_of(&decision), decision.main.as_ref().unwrap().kind), ("evening", Kind::Brand));
    assert!(decision.beside.is_none());
    let brands = ["evening", "thanks", "service-contact"];
    for option in policy(&text, Channel::Page).options.iter().filter(|option| !brands.contains(&option.id.as_str())) {
        assert!(rejection(&decision, &option.id).is_some(), "{}", option.id);
    }
    // Nothing of a person is in the trace: not the id, and no field of a customer or an order but those that are empty.
    let whole = serde_json::to_string(&decision).unwrap();
    assert!(!whole.contains("visitor-77"), "{whole}");
    let trace = serde_json::to_string(&decision.steps).unwrap();
    for field in ["subject.name", "facts.days", "order.subtotal", "order.tags", "order.id"] {
        assert!(!trace.contains(&format!("\"{field}\"")), "{trace}");
    }
}

#[test]
fn nobody_is_followed_by_products() {
    let text = r#"{ "zugabe": 1,
      "shop": { "name": "T", "currency": "EUR", "timeZone": "UTC", "locales": ["de"] },
      "options": [
        { "id": "shoes", "kind": "accessory", "channels": ["ads"], "moments": ["visit_ended", "delivered"] },
        { "id": "story", "kind": "story", "channels": ["ads"], "moments": ["visit_ended", "delivered"] },
        { "id": "brand", "kind": "brand", "channels": ["ads"], "moments": ["visit_ended"] } ] }"#;
    let ads = policy(text, Channel::Ads);
    let of = |stage: &str, moment: &str, allowed: bool| {
        let mut request = with("consent", json!({ "ads": allowed }));
        request["moment"]["type"] = json!(moment);
        request["facts"] = json!({ "stage": stage });
        request["state"] = json!({ "attempts": 0, "sent": { "ads": 0 } });
        request.as_object_mut().unwrap().remove("order");
        decided(&ads, &request)
    };
    // Without consent to ads there is none at all.
    for option in ["shoes", "story", "brand"] {
        assert_eq!(rejection(&of("follower", "visit_ended", false), option), Some(Rejection::ConsentMissing));
    }
    // Followers read the story; whoever left without buying is not followed by shoes, known or not.
    assert_eq!(main_of(&of("follower", "delivered", true)), "story");
    assert!(rejection(&of("follower", "delivered", true), "shoes").is_some());
    assert_eq!(rejection(&of("relationship", "visit_ended", true), "shoes"), Some(Rejection::NoMoment));
    assert_eq!(rejection(&of("relationship", "delivered", true), "shoes"), None);
}

#[test]
fn a_visit_without_a_purchase_is_thanked_for_and_help_stands_before_any_offer() {
    let text = RICH.replace("\"kind\": \"event\"", "\"kind\": \"guide\", \"moments\": [\"visit_ended\"]");
    let page = policy(&text, Channel::Page);
    let mut request = at_stage("relationship");
    request["moment"]["type"] = json!("visit_ended");
    let decision = decided(&page, &request);
    let main = decision.main.unwrap();
    assert_eq!(main.kind, Kind::ServiceContact);
    assert_eq!(main.text.body, "Danke für deinen Besuch. Brauchst du Hilfe? So erreichst du uns: hallo@tee.example");
    assert_eq!(main.text.why, "Weil du uns besuchst. Kein Profil wurde verwendet.");
    for part in ["headline", "body"] {
        let shown = serde_json::to_value(&main.text).unwrap()[part].as_str().unwrap().to_owned();
        assert!(!shown.contains('€') && !shown.contains("Bestell"), "{shown}");
    }
    // In every language it thanks and helps, and names neither price nor product.
    for locale in crate::insert::Locale::ALL {
        let words = crate::insert::texts::default(*locale, None, "thanks.visit").unwrap();
        assert_eq!(crate::insert::template::placeholders(&words), ["contact"]);
    }
}

#[test]
fn nothing_is_sold_to_somebody_who_has_not_bought_yet() {
    for kind in ["discount", "zugabe", "accessory", "partner"] {
        for stage in ["interested", "lead", "follower"] {
            let more = format!(r#", "stages": ["relationship", "{stage}"], "promotion": {{ "amount": 100 }}"#);
            let error = Program::parse(&single(kind, &more)).unwrap_err();
            assert_eq!(
                (error.code, error.path.as_str()),
                (Code::Contradiction, "options[0].stages[1]"),
                "{kind} {stage}"
            );
        }
    }
    let voucher = single("discount", r#", "promotion": { "amount": 100 }"#);
    let mut request = at_stage("lead");
    request["facts"]["codes"] = json!({ "it": CODE });
    request["moment"]["type"] = json!("order_completed");
    assert!(
        rejection(&decided(&policy(&voucher, Channel::Page), &request), "it")
            .is_none_or(|code| code == Rejection::StageTooLow)
    );
}

#[test]
fn information_and_stories_are_for_leads() {
    for kind in ["info", "story", "insight", "guide"] {
        assert_eq!(main_of(&decided(&policy(&single(kind, ""), Channel::Page), &at_stage("lead"))), "it", "{kind}");
    }
}

#[test]
fn the_first_three_stages_need_to_know_nobody() {
    let page = policy(&single("story", ""), Channel::Page);
    for stage in ["interested", "lead", "follower"] {
        let read = |id: &str, tier: &str| {
            let mut request = at_stage(stage);
            request["subject"]["id"] = json!(id);
            request["facts"]["tier"] = json!(tier);
            request["facts"]["days"] = json!(900);
            let mut decision = serde_json::to_value(decided(&page, &request)).unwrap();
            decision.as_object_mut().unwrap().remove("bucket");
            decision
        };
        assert_eq!(read("a", "none"), read("somebody-else", "top_vip"), "{stage}");
    }
}

#[test]
fn a_first_buyer_is_offered_what_goes_with_it_before_anything_to_read() {
    let text =
        single("accessory", "").replace("\"options\": [", "\"options\": [ { \"id\": \"guide\", \"kind\": \"guide\" },");
    let page = policy(&text, Channel::Page);
    assert_eq!(main_of(&decided(&page, &with("facts.stage", json!("first_buyer")))), "it");
    assert_eq!(main_of(&decided(&page, &with("facts.stage", json!("relationship")))), "guide");
}

#[test]
fn events_gifts_to_hold_and_the_line_to_the_boss_are_for_vips() {
    for (kind, channel) in [("event", Channel::Page), ("ceo_line", Channel::Page), ("haptic_gift", Channel::Parcel)] {
        let policy = policy(&single(kind, ""), channel);
        let mut request =
            with("moment.type", json!(if channel == Channel::Parcel { "parcel_packed" } else { "order_completed" }));
        for stage in Stage::ALL {
            request["facts"]["stage"] = json!(stage);
            let code = rejection(&decided(&policy, &request), "it");
            let wanted = match stage {
                Stage::Vip => None,
                Stage::Dormant => Some(Rejection::NotOffered),
                _ => Some(Rejection::StageTooLow),
            };
            assert_eq!(code, wanted, "{kind} {stage:?}");
        }
    }
}

#[test]
fn what_is_for_vips_is_never_given_to_premium() {
    let page = policy(&single("guide", r#", "minTier": "vip""#), Channel::Page);
    for (tier, code) in [
        ("none", Some(Rejection::TierTooLow)),
        ("premium", Some(Rejection::TierTooLow)),
        ("vip", None),
        ("top_vip", None),
    ] {
        assert_eq!(rejection(&decided(&page, &with("facts.tier", json!(tier))), "it"), code, "{tier}");
    }
}

#[test]
fn a_free_version_is_for_what_is_not_sent_in_a_parcel() {
    let page = policy(&single("freemium", ""), Channel::Page);
    let mut request = with("order.parcel", json!(true));
    request["state"]["sent"] = json!({ "page": 0 });
    assert_eq!(rejection(&decided(&page, &request), "it"), Some(Rejection::ProductExcluded));
    request["order"]["parcel"] = json!(false);
    assert_eq!(main_of(&decided(&page, &request)), "it");
}

#[test]
fn a_service_without_time_left_is_not_offered() {
    let page = policy(&single("service", r#", "stock": 2"#), Channel::Page);
    for (left, code) in [
        (json!({ "it": 0 }), Some(Rejection::OutOfCapacity)),
        (json!({}), Some(Rejection::OutOfCapacity)),
        (json!({ "it": 1 }), None),
    ] {
        assert_eq!(rejection(&decided(&page, &with("state.stock", left)), "it"), code);
    }
}

#[test]
fn every_anniversary_may_be_thanked_for() {
    let mut request = with("moment.type", json!("anniversary"));
    request["facts"]["days"] = json!(365);
    request.as_object_mut().unwrap().remove("order");
    let decision = decided(&policy(&single("story", ""), Channel::Page), &request);
    assert_eq!(main_of(&decision), "it");
    assert!(Moment::Anniversary.window().is_some());
}

#[test]
fn somebody_is_invited_once_in_three_months_and_not_who_has_answered() {
    let page = policy(&single("invitation", ""), Channel::Page);
    let of = |path: &str, value: Value| {
        let mut request = request();
        request["facts"].as_object_mut().unwrap().remove("code");
        set(&mut request, path, value);
        decided(&page, &request)
    };
    let invited = |decision: &Decision| decision.beside.as_ref().is_some_and(|beside| beside.kind == Kind::Invitation);
    assert!(invited(&of("state.sent", json!({ "page": 0 }))));
    assert!(invited(&of("state.sent", json!({ "page": 0, "invitation": 0 }))));
    assert_eq!(rejection(&of("state.sent", json!({ "invitation": 1 })), "it"), Some(Rejection::CapReached));
    for answer in ["pending", "confirmed", "withdrawn", "existing_customer"] {
        assert_eq!(
            rejection(&of("consent", json!({ "email": answer })), "it"),
            Some(Rejection::NotOffered),
            "{answer}"
        );
    }
}

#[test]
fn a_recommendation_is_asked_for_after_something_good_and_never_in_trouble() {
    let page = policy(RICH, Channel::Page);
    for (moment, asked) in
        [("order_completed", true), ("delivered", true), ("refund", false), ("cart_viewed", false), ("delay", false)]
    {
        let decision = decided(&page, &with("moment.type", json!(moment)));
        assert_eq!(decision.beside.is_some_and(|beside| beside.kind == Kind::Referral), asked, "{moment}");
    }
    assert_eq!(
        rejection(&decided(&page, &with("facts.openProblem", json!(true))), "recommend"),
        Some(Rejection::OpenProblem)
    );
}

#[test]
fn thanks_are_always_possible_and_cost_nothing() {
    let off = r#"{ "zugabe": 1, "shop": { "name": "T", "currency": "EUR", "timeZone": "UTC", "locales": ["de"] },
                   "options": [], "referral": { "enabled": false } }"#;
    for audience in [Channel::Page, Channel::Parcel] {
        let decision = decided(&policy(off, audience), &request());
        assert_eq!((main_of(&decision), decision.reason), ("thanks", Reason::Default));
        assert!(decision.beside.is_none());
    }
}

#[test]
fn what_somebody_known_sees_differs_from_what_everybody_sees() {
    let page = policy(RICH, Channel::Page);
    let mut known = with("facts.stage", json!("vip"));
    known["consent"] = json!({ "profiling": true });
    let mut nobody = with("subject.identity", json!("anonymous"));
    nobody["facts"] = json!({});
    assert_ne!(main_of(&decided(&page, &known)), main_of(&decided(&page, &nobody)));
}

#[test]
fn an_offer_that_is_worth_nothing_to_the_customer_is_none() {
    for (value, code) in [("0", Some(Code::InvalidAmount)), ("-1", Some(Code::InvalidAmount)), ("1", None)] {
        let parsed = Program::parse(&single("guide", &format!(r#", "customerValue": {value}"#)));
        assert_eq!(
            parsed.err().map(|error| (error.code, error.path)),
            code.map(|code| (code, "options[0].customerValue".to_owned()))
        );
    }
}

#[test]
fn every_text_carries_a_way_to_reach_the_shop() {
    for locale in ["de", "en"] {
        let decision = decided(&policy(RICH, Channel::Page), &with("locale", json!(locale)));
        assert!(decision.labels.get("contact").unwrap().contains("hallo@tee.example"), "{locale}");
    }
}

#[test]
fn the_words_for_sharing_are_there_in_every_language() {
    let text = RICH.replace("[\"de\", \"en\"]", "[\"de\", \"en\", \"fr\", \"es\"]");
    for locale in ["de", "en", "fr", "es"] {
        let decision = decided(&policy(&text, Channel::Page), &with("locale", json!(locale)));
        for label in [
            "share",
            "share_with",
            "share_text",
            "share_subject",
            "whatsapp",
            "mail",
            "qr",
            "link_copied",
            "accept",
            "accepted",
            "apply",
            "applied",
        ] {
            assert!(
                decision.labels.get(label).is_some_and(|text| !text.is_empty() && !text.contains('{')),
                "{locale} {label}"
            );
        }
        assert_eq!(decision.locale.as_str(), locale);
    }
}
