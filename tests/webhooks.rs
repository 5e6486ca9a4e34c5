//! Deliveries of the platforms: signed as they sign, with the payloads they publish, in any order and any number of times.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::collections::BTreeMap;

use zugabe::books::{Memory, OrderEventKind, Table, order_event};
use zugabe::order::import::HashKey;
use zugabe::plug::{Secret, SignatureText, Webhook, WebhookContent, WebhookRequest, receive, shop_of, sign};
use zugabe::price::Platform;
use zugabe::reject::{Code, Result};
use zugabe::time::Instant;

const SECRET: &str = "shpss_0123456789abcdef";
const NOW: i64 = 1_800_000_000;

fn headers(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

/// A delivery, signed as its platform signs.
fn delivery(platform: Platform, topic: &str, body: &[u8]) -> WebhookRequest {
    let signed = |text| sign(SECRET.as_bytes(), body, text);
    let base64 = signed(SignatureText::Base64);
    let headers = match platform {
        Platform::Shopify => headers(&[
            ("X-Shopify-Topic", topic),
            ("X-Shopify-Hmac-Sha256", &base64),
            ("X-Shopify-Shop-Domain", "Tea.myshopify.com"),
            ("X-Shopify-Webhook-Id", "b54557e4-bdd9-4b37-8a5f-bf7d70bcd043"),
            ("X-Shopify-Triggered-At", "2026-11-23T10:00:00.123456789Z"),
        ]),
        Platform::Woocommerce => headers(&[
            ("X-WC-Webhook-Topic", topic),
            ("X-WC-Webhook-Signature", &base64),
            ("X-WC-Webhook-Source", "https://tea.example/"),
            ("X-WC-Webhook-Delivery-ID", "fdff54eadb6ab8e7ff7a8c1a31bbb6d7"),
        ]),
        Platform::Shopware => headers(&[("shopware-shop-signature", &signed(SignatureText::Hex))]),
    };
    WebhookRequest {
        v: 1,
        platform,
        headers,
        secrets: vec![Secret::new(SECRET.to_owned())],
        now: Instant::from_unix(NOW),
        shop: None,
        tenant: Some("teehaus".to_owned()),
        currency: None,
        time_zone: None,
        hash_key: Some(HashKey::new([7; 32])),
    }
}

fn read(platform: Platform, topic: &str, body: &[u8]) -> Result<Webhook> {
    receive(&delivery(platform, topic, body), body)
}

/// The body of a Shopware webhook.
fn shopware(event: &str, payload: &str) -> Vec<u8> {
    let source = r#"{"url":"https://tea.example","appVersion":"0.1.0","shopId":"dgrH7nLU6tlE","eventId":"7b04ebe416db4ebc93de4d791325e1d9"}"#;
    format!(r#"{{"data":{{"payload":{payload},"event":"{event}"}},"source":{source},"timestamp":{NOW}}}"#).into_bytes()
}

/// The fields of a Shopify order that matter here.
fn shopify(id: u64, more: &str) -> Vec<u8> {
    format!(
        r##"{{"id":{id},"name":"#1001","created_at":"2026-11-20T10:00:00Z","processed_at":"2026-11-20T10:01:00Z","currency":"EUR","taxes_included":true,
        "total_price":"35.00","subtotal_price":"30.00","total_discounts":"5.00","total_shipping_price_set":{{"shop_money":{{"amount":"5.00","currency_code":"EUR"}}}},
        "discount_codes":[{{"code":"03VC-1S2Q-4HX0","amount":"5.00","type":"fixed_amount"}},{{"code":"SUMMER","amount":"1.00","type":"fixed_amount"}}],
        "customer":{{"id":115310627314723954,"email":"jo@example.test"}},"email":"jo@example.test",
        "line_items":[{{"id":866550311766439020,"price":"35.00","quantity":1,"total_discount":"5.00"}}],{more}}}"##
    )
    .into_bytes()
}

#[test]
fn an_order_event_has_the_order_with_every_digit_and_what_it_means_for_the_books() {
    let body = shopify(820_982_911_946_154_508, r#""financial_status":"paid""#);
    let webhook = read(Platform::Shopify, "orders/paid", &body).unwrap();
    assert_eq!((webhook.shop.as_str(), webhook.topic.as_str()), ("tea.myshopify.com", "orders/paid"));
    assert_eq!(webhook.at.unwrap().to_string(), "2026-11-23T10:00:00Z");
    assert_eq!(webhook.delivery.as_deref(), Some("b54557e4-bdd9-4b37-8a5f-bf7d70bcd043"));
    let WebhookContent::Order { order, books, once } = webhook.content else { panic!() };
    assert_eq!(order.id, "820982911946154508");
    assert_eq!(once.as_deref(), Some("shopify/tea.myshopify.com/820982911946154508/paid"));
    let books = books.unwrap();
    assert_eq!((books.event, books.order.as_str(), books.total), (OrderEventKind::Paid, "820982911946154508", 3_500));
    let codes: Vec<_> = books.codes.iter().map(|code| (code.code.as_str(), code.amount)).collect();
    assert_eq!(codes, [("03VC1S2Q4HX0", Some(500))], "in our spelling; codes of others are none of ours");
    assert_eq!(books.holder.customer.as_deref(), Some("115310627314723954"));
    assert_eq!(books.holder.email.as_deref(), Some("321cff7342ffd7c291e9a2a1e94733ddecd9ff2dcc741283e2242ee173174918"));
}

#[test]
fn what_has_happened_is_told_by_the_orders_state_whatever_brought_it() {
    let event = |more: &str| {
        let body = shopify(1, more);
        match read(Platform::Shopify, "orders/updated", &body).unwrap().content {
            WebhookContent::Order { books, .. } => books.map(|books| (books.event, books.refunded)),
            _ => panic!(),
        }
    };
    assert_eq!(event(r#""financial_status":"pending""#), None);
    assert_eq!(event(r#""financial_status":"paid","test":true"#), None, "a test order");
    assert_eq!(event(r#""financial_status":"paid""#), Some((OrderEventKind::Paid, 0)));
    let refunds = r#""refunds":[{"transactions":[{"kind":"refund","status":"success","amount":"10.00"}]}]"#;
    let part = format!(r#""financial_status":"partially_refunded",{refunds}"#);
    assert_eq!(event(&part), Some((OrderEventKind::Refunded, 1_000)));
    let whole = format!(r#""financial_status":"refunded",{refunds}"#);
    assert_eq!(event(&whole), Some((OrderEventKind::Refunded, 3_500)), "as the platform calls it");
    let cancelled = r#""financial_status":"paid","cancelled_at":"2026-11-21T10:00:00Z""#;
    assert_eq!(event(cancelled), Some((OrderEventKind::Cancelled, 0)));
}

#[test]
fn deliveries_in_any_order_and_any_number_of_times_leave_the_same_books() {
    let refunds = r#""refunds":[{"transactions":[{"kind":"refund","status":"success","amount":"35.00"}]}]"#;
    let bodies = [
        shopify(7, r#""financial_status":"pending""#),
        shopify(7, r#""financial_status":"paid""#),
        shopify(7, &format!(r#""financial_status":"refunded",{refunds}"#)),
        shopify(7, &format!(r#""financial_status":"refunded","cancelled_at":"2026-11-21T10:00:00Z",{refunds}"#)),
    ];
    let end = |order: &[usize]| {
        let mut books = Memory::default();
        for action in [
            r#"{"type":"campaign","campaign":"autumn"}"#,
            r#"{"type":"issue","code":"03VC1S2Q4HX0","campaign":"autumn","uses":1}"#,
        ] {
            let operation = format!(r#"{{"v":1,"tenant":"teehaus","now":"2026-11-01T00:00:00Z","action":{action}}}"#);
            assert!(books.apply(zugabe::reject::parse_json(&operation).unwrap()).unwrap().commit);
        }
        for index in order {
            let content = read(Platform::Shopify, "orders/updated", &bodies[*index]).unwrap().content;
            let WebhookContent::Order { books: Some(event), .. } = content else { continue };
            for operation in order_event(&event).unwrap() {
                books.apply(operation).unwrap();
            }
        }
        let rows: Vec<_> = books.rows(Table::Code).map(|row| serde_json::to_value(row).unwrap()).collect();
        let code = &rows[0];
        (code["available"].clone(), code["redeemed"].clone(), code["void"].clone())
    };
    let wanted = end(&[0, 1, 2, 3]);
    for order in [vec![3, 2, 1, 0], vec![1, 1, 3, 2, 3], vec![2, 3, 0, 1, 1], vec![3], vec![3, 1, 3, 1, 2, 2]] {
        assert_eq!(end(&order), wanted, "{order:?}");
    }
    assert_eq!(wanted.0, 1, "the use came back");
}

#[test]
fn every_refusal_reads_the_same_whatever_is_wrong() {
    let body = shopify(1, r#""financial_status":"paid""#);
    let good = delivery(Platform::Shopify, "orders/paid", &body);
    assert!(receive(&good, &body).is_ok());
    let refusal = |request: &WebhookRequest, body: &[u8]| receive(request, body).unwrap_err();
    let words = refusal(&WebhookRequest { secrets: Vec::new(), ..good.clone() }, &body);
    assert_eq!(words.code, Code::BadSignature);
    let other = |name: &str, value: Option<&str>| {
        let mut request = good.clone();
        match value {
            Some(value) => request.headers.insert(name.to_owned(), value.to_owned()),
            None => request.headers.remove(name),
        };
        request
    };
    let signature = &good.headers["X-Shopify-Hmac-Sha256"];
    let cut = &signature[..20];
    let mut tampered = body.clone();
    tampered[10] = b'9';
    for (request, body) in [
        (good.clone(), &tampered),
        (other("X-Shopify-Hmac-Sha256", None), &body),
        (other("X-Shopify-Hmac-Sha256", Some(cut)), &body),
        (other("X-Shopify-Hmac-Sha256", Some("")), &body),
        (WebhookRequest { secrets: vec![Secret::new("another".to_owned())], ..good.clone() }, &body),
        (WebhookRequest { shop: Some("coffee.myshopify.com".to_owned()), ..good.clone() }, &body),
    ] {
        assert_eq!(refusal(&request, body), words);
    }
    let mut both = good.clone();
    both.secrets.insert(0, Secret::new("the new one".to_owned()));
    assert!(receive(&both, &body).is_ok(), "while secrets are exchanged");
    let only = WebhookRequest { shop: Some("tea.myshopify.com".to_owned()), ..good };
    assert!(receive(&only, &body).is_ok());
}

#[test]
fn shopware_says_when_it_was_sent_and_an_old_delivery_is_refused() {
    let body = shopware("app.deleted", r#"{"keepUserData":false}"#);
    let mut request = delivery(Platform::Shopware, "", &body);
    assert_eq!(shop_of(Platform::Shopware, &request.headers, &body).shop.as_deref(), Some("dgrH7nLU6tlE"));
    let webhook = receive(&request, &body).unwrap();
    assert_eq!(webhook.content, WebhookContent::Uninstalled { keep: false });
    assert_eq!(webhook.delivery.as_deref(), Some("7b04ebe416db4ebc93de4d791325e1d9"), "the same in every repetition");
    for late in [301, -301] {
        request.now = Instant::from_unix(NOW + late);
        assert_eq!(receive(&request, &body).unwrap_err().code, Code::BadSignature);
    }
    request.now = Instant::from_unix(NOW + 300);
    assert!(receive(&request, &body).is_ok());
    let without = String::from_utf8(body).unwrap().replace("timestamp", "time");
    assert_eq!(read(Platform::Shopware, "", without.as_bytes()).unwrap_err().code, Code::BadSignature);
}

#[test]
fn privacy_webhooks_name_people_by_id_and_keyed_hash_alone() {
    let body = br#"{"shop_id":954889,"shop_domain":"tea.myshopify.com","orders_requested":[299938,280263,820982911946154508],
        "customer":{"id":191167999999999999,"email":"Jo@Example.test","phone":"555-625-1199"},"data_request":{"id":9999}}"#;
    let webhook = read(Platform::Shopify, "customers/data_request", body).unwrap();
    let text = serde_json::to_string(&webhook).unwrap();
    assert!(!text.contains('@') && !text.contains("555"), "{text}");
    let WebhookContent::DataRequest { person, request } = webhook.content else { panic!() };
    assert_eq!(person.customer.as_deref(), Some("191167999999999999"));
    assert_eq!(person.orders, ["299938", "280263", "820982911946154508"]);
    assert!(person.email.unwrap().starts_with("321cff73"));
    assert_eq!(request.as_deref(), Some("9999"));

    let body = br#"{"shop_id":954889,"shop_domain":"tea.myshopify.com","customer":{"id":191167,"email":"jo@example.test","phone":"1"},"orders_to_redact":[299938]}"#;
    let WebhookContent::Redact { people } = read(Platform::Shopify, "customers/redact", body).unwrap().content else {
        panic!()
    };
    assert_eq!((people[0].customer.as_deref(), &*people[0].orders), (Some("191167"), &["299938".to_owned()][..]));
    let body = br#"{"shop_id":954889,"shop_domain":"tea.myshopify.com"}"#;
    assert_eq!(read(Platform::Shopify, "shop/redact", body).unwrap().content, WebhookContent::RedactShop {});
    let other = br#"{"shop_id":954889,"shop_domain":"coffee.myshopify.com"}"#;
    assert_eq!(
        read(Platform::Shopify, "shop/redact", other).unwrap_err().code,
        Code::BadSignature,
        "the header is not signed: another shop's body must not delete this one's data"
    );
    let order = shopify(1, r#""financial_status":"paid""#);
    let content = read(Platform::Shopify, "shop/redact", &order).unwrap().content;
    assert!(matches!(content, WebhookContent::Unreadable { .. }), "nor an order under another topic: {content:?}");

    let body = shopware(
        "customer.deleted",
        r#"[{"entity":"customer","operation":"delete","primaryKey":"aa","updatedFields":[]},{"entity":"customer","operation":"delete","primaryKey":"bb"}]"#,
    );
    let WebhookContent::Redact { people } = read(Platform::Shopware, "", &body).unwrap().content else { panic!() };
    assert_eq!(people.iter().map(|who| who.customer.as_deref().unwrap()).collect::<Vec<_>>(), ["aa", "bb"]);
    let WebhookContent::Redact { people } =
        read(Platform::Woocommerce, "customer.deleted", br#"{"id":26}"#).unwrap().content
    else {
        panic!()
    };
    assert_eq!(people[0].customer.as_deref(), Some("26"));
}

#[test]
fn woocommerce_asks_whether_somebody_is_here_without_a_signature() {
    let mut request = delivery(Platform::Woocommerce, "", b"webhook_id=7");
    request.headers.clear();
    assert_eq!(receive(&request, b"webhook_id=7").unwrap().content, WebhookContent::Ping {});
    for other in [&b"webhook_id="[..], b"webhook_id=7&x=1", b"{}"] {
        assert_eq!(receive(&request, other).unwrap_err().code, Code::BadSignature);
    }
    request.headers = headers(&[("X-WC-Webhook-Topic", "order.updated")]);
    assert_eq!(receive(&request, b"webhook_id=7").unwrap_err().code, Code::BadSignature, "a topic must be signed");
}

#[test]
fn a_signed_body_that_cannot_be_read_says_why_and_is_no_refusal() {
    for (platform, topic, body) in [
        (Platform::Shopify, "orders/paid", &b"nonsense"[..]),
        (Platform::Shopify, "orders/paid", br#"{"id":1}"#),
        (Platform::Shopify, "refunds/create", br#"{"id":1}"#),
        (Platform::Woocommerce, "order.updated", br#"[1]"#),
        (Platform::Woocommerce, "order.updated", b"\xff\xfe"),
    ] {
        let content = read(platform, topic, body).unwrap().content;
        assert!(matches!(content, WebhookContent::Unreadable { .. }), "{topic}: {content:?}");
    }
    let body = br#"{"id":509562969,"order_id":820982911946154508,"transactions":[{"kind":"refund","status":"success","amount":"41.94","currency":"USD"},{"kind":"refund","status":"failure","amount":"1.00","currency":"USD"}]}"#;
    let content = read(Platform::Shopify, "refunds/create", body).unwrap().content;
    let WebhookContent::Refund { order, amount, once, .. } = content else { panic!() };
    assert_eq!((order.as_str(), amount), ("820982911946154508", 4_194));
    assert!(once.ends_with("/820982911946154508/refund/509562969"));
    let other = read(Platform::Shopify, "products/update", br#"{"id":788032119674292922}"#).unwrap().content;
    assert_eq!(other, WebhookContent::Other { id: Some("788032119674292922".to_owned()) });
}

/// Every payload the platforms publish, signed and delivered: an order or a refund of ours at the end, and no address.
#[test]
fn every_published_payload_arrives() {
    let orders = [
        (
            Platform::Shopify,
            "orders/cancelled",
            "shopify/webhook_orders_cancelled_test_notification.json",
            "820982911946154508",
        ),
        (Platform::Shopify, "orders/updated", "shopify/order_full_rest_refunds.json", "450789469"),
        (Platform::Shopify, "orders/create", "shopify/order_rest_discount_code.json", "450789469"),
        (Platform::Woocommerce, "order.created", "woocommerce/order_processing.json", "727"),
        (Platform::Woocommerce, "order.updated", "woocommerce/order_updated_completed.json", "727"),
        (Platform::Shopware, "state_enter.order_transaction.state.paid", "shopware/order.json", ""),
    ];
    for (platform, topic, name, id) in orders {
        let Some(file) = support::shared(&format!("platform/{name}")) else { return };
        let text = String::from_utf8(file).unwrap();
        let body = match platform {
            Platform::Shopware => shopware(topic, &format!(r#"{{"order":{text}}}"#)),
            // Files hold the answer of the API, a webhook the order alone.
            _ => {
                let value: serde_json::Value = serde_json::from_str(&text).unwrap();
                value.get("order").unwrap_or(&value).to_string().into_bytes()
            }
        };
        let webhook = read(platform, topic, &body).unwrap();
        let said = serde_json::to_string(&webhook).unwrap();
        assert!(!said.contains('@') && !said.contains("Norman"), "{name}: {said}");
        let WebhookContent::Order { order, .. } = webhook.content else { panic!("{name}: {said}") };
        assert!(id.is_empty() || order.id == id, "{name}: {}", order.id);
    }
    let Some(refund) = support::shared("platform/shopify/refund.json") else { return };
    let value: serde_json::Value = serde_json::from_slice(&refund).unwrap();
    let body = value.get("refund").unwrap_or(&value).to_string().into_bytes();
    let content = read(Platform::Shopify, "refunds/create", &body).unwrap().content;
    assert!(matches!(content, WebhookContent::Refund { ref order, .. } if order == "450789469"), "{content:?}");
}
