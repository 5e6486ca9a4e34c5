//! What the law asks of a decision, rule by rule: L01 to L23 of `docs/requirements.md`, as far as decisions are meant.

use super::*;
use crate::offer::policy::PolicyOption;
use crate::offer::words::{EmailConsent, Identity, Moment};

/// Everything a mail could say, with money in it.
const MAIL: &str = r#"{ "zugabe": 1,
  "shop": { "name": "Teehaus", "currency": "EUR", "timeZone": "Europe/Berlin", "locales": ["de", "en", "fr", "es"], "contact": "hallo@tee.example" },
  "marginBp": 5000,
  "options": [
    { "id": "guide", "kind": "guide" }, { "id": "ask", "kind": "feedback", "moments": ["delivered", "order_completed"] },
    { "id": "voucher", "kind": "discount", "promotion": { "amount": 500, "minimumOrder": 5000 } } ] }"#;

fn by_mail(consent: Value) -> Decision {
    let mut request = with("consent", consent);
    request["facts"]["codes"] = json!({ "voucher": CODE });
    request["state"]["sent"]["email"] = json!(0);
    decided(&policy(MAIL, Channel::Email), &request)
}

fn says_something(decision: &Decision) -> bool {
    decision.main.as_ref().is_some_and(|main| main.kind != Kind::Thanks) || decision.beside.is_some()
}

#[test]
fn advertising_by_mail_needs_a_confirmed_consent() {
    for state in EmailConsent::ALL {
        let decision = by_mail(json!({ "email": state.as_str() }));
        assert_eq!(says_something(&decision), *state == EmailConsent::Confirmed, "{state:?}");
        if *state != EmailConsent::Confirmed {
            assert_eq!(rejection(&decision, "guide"), Some(Rejection::ConsentMissing), "{state:?}");
        }
    }
}

#[test]
fn of_the_sixteen_ways_to_be_an_existing_customer_one_allows_a_mail() {
    let conditions = ["addressFromSale", "similarGoods", "noObjection", "notified"];
    let mut allowed = Vec::new();
    for row in 0..16_u32 {
        let mut existing = json!({});
        for (bit, name) in conditions.iter().enumerate() {
            existing[name] = json!(row & (1 << bit) != 0);
        }
        let decision = by_mail(json!({ "email": "existing_customer", "existingCustomer": existing }));
        if says_something(&decision) {
            allowed.push(row);
            continue;
        }
        // The first condition that does not hold is named.
        let first = conditions.iter().position(|name| existing[name] == json!(false)).unwrap();
        let line = decision.rejected.iter().find(|line| line.option == "guide").unwrap();
        assert_eq!(line.code, Rejection::ConsentMissing);
        assert_eq!(line.field, format!("consent.existingCustomer.{}", conditions[first]));
    }
    assert_eq!(allowed, [15]);
}

#[test]
fn a_question_how_it_was_is_advertising_by_mail_and_none_on_the_page() {
    let mut request = with("moment.type", json!("delivered"));
    request["state"]["sent"]["email"] = json!(0);
    let mail = decided(&policy(MAIL, Channel::Email), &{
        let mut request = request.clone();
        request["consent"] = json!({ "email": "none" });
        request
    });
    assert_eq!(rejection(&mail, "ask"), Some(Rejection::ConsentMissing));
    let page = decided(&policy(MAIL, Channel::Page), &request);
    assert!(
        page.beside.as_ref().is_some_and(|beside| beside.kind == Kind::Feedback) || rejection(&page, "ask").is_none()
    );
}

#[test]
fn a_confirmation_of_shipping_carries_no_promotion_without_consent() {
    for (moment, email) in [("shipped", "none"), ("shipped", "pending"), ("order_completed", "withdrawn")] {
        let mut request = with("moment.type", json!(moment));
        request["consent"] = json!({ "email": email });
        request["facts"]["codes"] = json!({ "voucher": CODE });
        let decision = decided(&policy(MAIL, Channel::Email), &request);
        assert!(!says_something(&decision), "{moment} {email}");
    }
}

#[test]
fn no_request_takes_an_address_of_somebody_else() {
    for path in ["friendEmail", "recipient", "subject.friend", "facts.friendEmail", "consent.friend", "state.invite"] {
        let error = Request::parse(&with(path, json!("somebody@example.test")).to_string()).unwrap_err();
        assert_eq!((error.code, error.path.as_str()), (Code::UnknownField, path));
    }
    let decision = decided(&policy(RICH, Channel::Page), &request());
    let beside = decision.beside.unwrap();
    assert_eq!(beside.kind, Kind::Referral);
    assert!(beside.text.body.contains("wir schreiben niemandem"));
    assert_eq!((beside.code.as_deref(), beside.link.is_some()), (Some(CODE), true));
}

#[test]
fn a_gift_for_consent_says_what_for_and_stays_when_the_consent_is_taken_back() {
    for (locale, words) in
        [("de", "das Geschenk bleibt"), ("en", "stays yours"), ("fr", "le cadeau reste"), ("es", "es para siempre")]
    {
        let text = MAIL.replace("\"kind\": \"guide\"", "\"kind\": \"exchange\"");
        let mut request = with("locale", json!(locale));
        request["state"]["sent"]["page"] = json!(0);
        let main = decided(&policy(&text, Channel::Page), &request).main.unwrap();
        assert_eq!(main.kind, Kind::Exchange);
        assert!(main.text.body.contains(words), "{}", main.text.body);
    }
}

#[test]
fn an_objection_ends_advertising_in_every_channel_but_for_the_leaflet_that_all_get() {
    let text = RICH.replace(
        "{ \"id\": \"guide-a\", \"kind\": \"guide\", \"weight\": 7 }",
        "{ \"id\": \"guide-a\", \"kind\": \"guide\", \"weight\": 7 }, { \"id\": \"leaflet\", \"kind\": \"story\", \"basis\": \"unselected\" }",
    );
    let objected = |moment: &str| {
        let mut request = with("consent", json!({ "objected": true, "email": "confirmed" }));
        request["moment"]["type"] = json!(moment);
        request
    };
    for channel in [Channel::Page, Channel::Email] {
        assert!(!says_something(&decided(&policy(&text, channel), &objected("order_completed"))), "{channel:?}");
    }
    let parcel = decided(&policy(&text, Channel::Parcel), &objected("parcel_packed"));
    assert_eq!(main_of(&parcel), "leaflet");
    for line in &parcel.rejected {
        assert_ne!(line.option, "leaflet");
    }
    // Without it the parcel carries plain thanks.
    assert_eq!(main_of(&decided(&policy(RICH, Channel::Parcel), &objected("parcel_packed"))), "thanks");
}

#[test]
fn a_profile_needs_consent_and_everything_simpler_does_not() {
    let mut request = with("consent", json!({ "profiling": false }));
    let page = policy(RICH, Channel::Page);
    assert_eq!(rejection(&decided(&page, &request), "profile-only"), Some(Rejection::ConsentMissing));
    request["consent"]["profiling"] = json!(true);
    assert_eq!(rejection(&decided(&page, &request), "profile-only"), None);
    let decision = decided(&page, &super::request());
    assert_eq!(serde_json::to_value(&decision.basis).unwrap(), json!({ "page": "segment" }));
}

#[test]
fn the_reason_names_the_profile_only_where_one_was_used() {
    let alone = r#"{ "zugabe": 1,
      "shop": { "name": "T", "currency": "EUR", "timeZone": "UTC", "locales": ["de", "en", "fr", "es"] },
      "options": [ { "id": "mine", "kind": "story", "basis": "profile" }, { "id": "usual", "kind": "guide" } ] }"#;
    for (locale, none) in [("de", "Kein Profil"), ("en", "No profile"), ("fr", "Aucun profil"), ("es", "ningún perfil")]
    {
        let why = |profiling: bool| {
            let mut request = with("locale", json!(locale));
            request["consent"] = json!({ "profiling": profiling });
            request["state"]["lastOption"] = json!("usual");
            let main = decided(&policy(alone, Channel::Page), &request).main.unwrap();
            (main.option, main.text.why)
        };
        let (without, with) = (why(false), why(true));
        assert!(without.0 == "usual" && without.1.contains(none), "{without:?}");
        assert!(with.0 == "mine" && !with.1.contains(none), "{with:?}");
    }
}

#[test]
fn no_decision_refuses_a_contract_or_a_way_to_pay() {
    // All that can be decided is given, never taken: the kinds are a closed list.
    let kinds: Vec<&str> = Kind::ALL.iter().map(|kind| kind.as_str()).collect();
    for word in ["payment", "credit", "contract", "delivery", "price", "block", "deny"] {
        assert!(!kinds.iter().any(|kind| kind.contains(word)), "{word}");
    }
    // And every decision can be told: what was read, and the four steps.
    let decision = decided(&policy(RICH, Channel::Page), &request());
    let told = explain::explain(&decision);
    for part in ["1. Data:", "2. Segment:", "3. Economics:", "4. Message:"] {
        assert!(told.contains(part), "{told}");
    }
}

#[test]
fn nobody_is_chosen_by_what_tells_of_health_intimacy_or_belief() {
    for tag in law::SENSITIVE {
        let text = RICH
            .replace("\"weight\": 7", &format!("\"weight\": 7, \"conditions\": {{ \"tags\": [\"tea\", \"{tag}\"] }}"));
        let found = law::forbidden(&program(&text));
        assert_eq!(
            found.iter().map(|error| error.path.as_str()).collect::<Vec<_>>(),
            ["options[0].conditions.tags[1]"]
        );
        // And no profile is used for an order that has such a thing.
        let mut request = with("order.tags", json!([tag]));
        request["consent"] = json!({ "profiling": true });
        request["state"]["sent"]["page"] = json!(0);
        let decision = decided(&policy(RICH, Channel::Page), &request);
        assert_eq!(rejection(&decision, "profile-only"), Some(Rejection::LawForbids), "{tag}");
    }
}

#[test]
fn a_price_made_for_one_customer_is_said_to_be_so_in_four_languages() {
    for (locale, words) in [
        ("de", "Dieser Rabatt wurde automatisch für dich berechnet."),
        ("en", "This discount was calculated automatically for you."),
        ("fr", "Cette remise a été calculée automatiquement pour toi."),
        ("es", "Este descuento se ha calculado automáticamente para ti."),
    ] {
        let only = MAIL.replace("{ \"id\": \"guide\", \"kind\": \"guide\" },", "");
        let shown = |text: &str| {
            let mut request = with("locale", json!(locale));
            request["facts"]["codes"] = json!({ "voucher": CODE });
            let main = decided(&policy(text, Channel::Page), &request).main.unwrap();
            assert_eq!(main.option, "voucher");
            main.text.notice
        };
        assert_eq!(shown(&only).as_deref(), Some(words));
        // What everybody gets is nobody's own price.
        let for_all = only.replace("\"kind\": \"discount\"", "\"kind\": \"discount\", \"basis\": \"unselected\"");
        assert_eq!(shown(&for_all), None);
    }
}

#[test]
fn what_the_law_forbids_is_found_by_the_lint_and_not_published() {
    let now = crate::time::Instant::parse(NOW).unwrap();
    let options = PublishOptions { now, audience: Channel::Page, days: 30, spent: crate::map::Map::default() };
    let sale = "\"kind\": \"accessory\", \"reduction\": { \"now\": 129, \"before\": 169, \"lowest30Days\": 129 }";
    for (from, to, path) in [
        ("\"kind\": \"accessory\"", sale, "options[6].reduction.now"),
        (
            "\"minimumOrder\": 5000 }",
            "\"minimumOrder\": 5000, \"voucher\": \"paid\", \"days\": 730 }",
            "options[5].promotion.days",
        ),
        ("\"excludedTags\": [\"sale\"]", "\"tags\": [\"book_fixed_price\"]", "options[5].conditions.tags[0]"),
        (
            "\"marginBp\"",
            "\"texts\": { \"de\": { \"conditions.discount\": \"Gilt bis {date}.\" } }, \"marginBp\"",
            "texts.de.conditions.discount",
        ),
    ] {
        let text = RICH.replacen(from, to, 1);
        assert_ne!(text, RICH, "{from}");
        let program = program(&text);
        let lint = check::check(&program);
        let worst: Vec<_> = lint.findings.iter().filter(|one| one.severity == check::Severity::Error).collect();
        assert_eq!(
            (worst.len(), worst[0].path.as_str(), worst[0].code),
            (1, path, check::FindingCode::LawForbids),
            "{lint:?}"
        );
        let error = publish(&program, None, &options).unwrap_err();
        assert_eq!((error.code, error.path.as_str()), (Code::Contradiction, path));
    }
}

#[test]
fn a_voucher_tells_amount_minimum_end_and_what_is_left_out() {
    let text = MAIL
        .replace("{ \"id\": \"guide\", \"kind\": \"guide\" },", "")
        .replace("\"minimumOrder\": 5000", "\"minimumOrder\": 5000, \"excludes\": { \"de\": \"Bücher\", \"en\": \"books\", \"fr\": \"livres\", \"es\": \"libros\" }");
    for (locale, conditions) in [
        ("de", "Gilt einmal, bis 22.\u{a0}Januar 2027, ab 50,00\u{a0}€ Einkaufswert. Ausgenommen: Bücher."),
        ("en", "Valid once, until 22\u{a0}January 2027, from a basket of €50.00. Excludes: books."),
        ("fr", "Valable une fois, jusqu'au 22\u{a0}janvier 2027, dès 50,00\u{a0}€ d'achat. Hors\u{202f}: livres."),
        ("es", "Válido una vez, hasta el 22\u{a0}de enero de 2027, a partir de 50,00\u{a0}€. Excepto: libros."),
    ] {
        let mut request = with("locale", json!(locale));
        request["facts"]["codes"] = json!({ "voucher": CODE });
        let main = decided(&policy(&text, Channel::Page), &request).main.unwrap();
        assert_eq!(main.text.conditions.as_deref(), Some(conditions));
        assert_eq!(main.expires_at.unwrap().to_string(), "2027-01-22T22:59:59Z");
    }
}

#[test]
fn a_voucher_whose_conditions_nobody_can_read_is_not_given() {
    let mut document = serde_json::to_value(policy(RICH, Channel::Page)).unwrap();
    for locale in ["de", "en"] {
        document["texts"][locale].as_object_mut().unwrap().remove("conditions.discount");
    }
    let silent = Policy::parse(&document.to_string()).unwrap();
    let mut request = request();
    request["facts"]["codes"] = json!({ "voucher": CODE });
    assert_eq!(rejection(&decided(&policy(RICH, Channel::Page), &request), "voucher"), None);
    assert_eq!(rejection(&decided(&silent, &request), "voucher"), Some(Rejection::LawForbids));
}

#[test]
fn with_price_bound_products_no_money_is_given_and_a_free_gift_may_be() {
    for tag in law::PRICE_BOUND {
        let mut page = with("order.tags", json!(["tea", tag]));
        page["facts"]["codes"] = json!({ "voucher": CODE });
        let decision = decided(&policy(RICH, Channel::Page), &page);
        assert_eq!(rejection(&decision, "voucher"), Some(Rejection::LawForbids), "{tag}");
        assert_eq!(rejection(&decision, "guide-a"), None, "{tag}");
        let extra = RICH.replace("\"kind\": \"event\"", "\"kind\": \"zugabe\"");
        let mut parcel = with("order.tags", json!([tag]));
        parcel["moment"]["type"] = json!("parcel_packed");
        assert_eq!(
            rejection(&decided(&policy(&extra, Channel::Parcel), &parcel), "evening"),
            Some(Rejection::LawForbids)
        );
    }
}

#[test]
fn a_voucher_that_was_earned_ends_with_the_third_year_in_the_shops_zone() {
    for voucher in ["paid", "earned"] {
        let text =
            RICH.replace("\"minimumOrder\": 5000 }", &format!("\"minimumOrder\": 5000, \"voucher\": \"{voucher}\" }}"));
        let page = policy(&text, Channel::Page);
        let terms = page.options.iter().find(|option| option.id == "voucher").and_then(|o| o.terms.clone()).unwrap();
        assert_eq!(terms.until.unwrap().to_string(), "2029-12-31T22:59:59Z");
    }
}

#[test]
fn a_gift_asks_for_nothing_and_is_no_line_of_the_cart() {
    for kind in Kind::ALL.iter().filter(|kind| kind.is_gift()) {
        let text = RICH.replace("\"kind\": \"event\"", &format!("\"kind\": \"{}\"", kind.as_str()));
        let bought = text.replace("\"conditions\": { \"countries\": [\"DE\"] }", "\"promotion\": { \"amount\": 100 }");
        let error = Program::parse(&bought).unwrap_err();
        assert_eq!((error.code, error.path.as_str()), (Code::Contradiction, "options[3].promotion"), "{kind:?}");
    }
    let decision = decided(&policy(FIVE_LINES, Channel::Parcel), &with("moment.type", json!("parcel_packed")));
    let main = serde_json::to_value(decision.main.unwrap()).unwrap();
    assert_eq!((&main["kind"], &main["condition"]), (&json!("sample"), &json!("none")));
    for field in ["price", "amount", "lines", "sku", "code"] {
        assert!(main.get(field).is_none(), "{field}");
    }
}

#[test]
fn an_end_is_only_said_where_something_truly_ends() {
    let decision = decided(&policy(RICH, Channel::Page), &request());
    assert_eq!(decision.main.unwrap().expires_at, None, "a guide does not end");
    let until = decision.beside.unwrap().expires_at.unwrap();
    let page = policy(RICH, Channel::Page);
    let terms = page.options.iter().find(|option: &&PolicyOption| option.kind == Kind::Referral).unwrap();
    assert_eq!(terms.terms.as_ref().unwrap().until, Some(until));
    // And what is given for an answer cannot hang on the answer: nobody tells the decision what it was.
    for path in ["facts.score", "facts.rating", "moment.score"] {
        assert_eq!(Request::parse(&with(path, json!(5)).to_string()).unwrap_err().code, Code::UnknownField);
    }
}

#[test]
fn a_call_needs_consent_and_the_offer_to_call_back_does_not() {
    let text = RICH.replace("\"kind\": \"event\"", "\"kind\": \"service\", \"channels\": [\"phone\", \"page\"]");
    let mut request = with("consent", json!({ "phone": false }));
    request["state"]["sent"]["phone"] = json!(0);
    let phone = policy(&text, Channel::Phone);
    assert_eq!(rejection(&decided(&phone, &request), "evening"), Some(Rejection::ConsentMissing));
    assert_eq!(rejection(&decided(&policy(&text, Channel::Page), &request), "evening"), None);
    request["consent"]["phone"] = json!(true);
    assert_eq!(rejection(&decided(&phone, &request), "evening"), None);
}

#[test]
fn a_marketplaces_parcel_carries_no_marketing_and_a_third_partys_only_what_all_get() {
    let text = RICH.replace(
        "{ \"id\": \"guide-a\", \"kind\": \"guide\", \"weight\": 7 }",
        "{ \"id\": \"guide-a\", \"kind\": \"guide\", \"weight\": 7 }, { \"id\": \"leaflet\", \"kind\": \"story\", \"basis\": \"unselected\" }",
    );
    let of = |source: &str, identity: Identity| {
        let mut request = with("order.source", json!(source));
        request["moment"]["type"] = json!(Moment::ParcelPacked);
        request["subject"]["identity"] = json!(identity);
        request["state"]["stock"] = json!({ "winter": 5 });
        main_of(&decided(&policy(&text, Channel::Parcel), &request)).to_owned()
    };
    assert_eq!(of("shop", Identity::Order), "winter");
    assert_eq!(of("marketplace", Identity::Order), "thanks");
    assert_eq!(of("third_party", Identity::Order), "leaflet");
    assert_eq!(of("third_party", Identity::Anonymous), "leaflet");
}
