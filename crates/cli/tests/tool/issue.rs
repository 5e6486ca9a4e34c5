//! `zugabe mint` with what leaves the house beside the codes: a platform's import files, printable blocks.

use serde_json::{Value, json};

use crate::support::{Folder, KEYS, Ran, orders};

const ID: &str = "0123456789abcdef0123456789abcdef";

fn folder() -> Folder {
    let folder = Folder::new();
    folder.write_secret("keys.json", KEYS);
    let promotion = json!({
        "id": "five", "currency": "EUR", "validUntil": "2026-12-31", "effect": { "type": "fixed", "amount": 500 },
        "conditions": { "minSubtotal": 4000 } });
    folder.write("five.json", &promotion.to_string());
    folder
}

fn mint(folder: &Folder, more: &[&str]) -> Ran {
    let args = ["mint", "--keys", "keys.json", "--batch", "7", "--start", "123456", "--out", "codes.ndjson"];
    folder.run(&[&args[..], more].concat())
}

fn done(ran: &Ran) -> Value {
    assert_eq!((ran.code, ran.out.as_str()), (0, ""), "{}", ran.err);
    serde_json::from_str(&ran.err).unwrap()
}

const FIVE: [&str; 6] = ["--promotion", "five.json", "--time-zone", "Europe/Berlin", "--count", "3"];

#[test]
fn shopify_gets_the_discount_and_the_calls_that_add_its_codes() {
    let folder = folder();
    let id = "gid://shopify/DiscountCodeNode/42";
    let ran = mint(&folder, &[&FIVE[..], &["--platform", "shopify", "--promotion-id", id]].concat());
    let said = done(&ran);
    assert_eq!(said["beside"], json!(["codes.shopify.jsonl", "codes.shopify-discount.json"]));
    let entry = json!({
        "format": "c12", "kid": 0, "batch": 7, "promotion": "five", "issued": said["nextStart"], "list": 1,
        "expiresAt": "2026-12-31T22:59:59Z" });
    assert_eq!(said["issued"], entry);
    let call: Value = folder.json("codes.shopify.jsonl");
    assert_eq!((call["discountId"].as_str(), call["codes"].as_array().unwrap().len()), (Some(id), 3));
    assert_eq!(call["codes"][0]["code"], "03VC-1S2Q-4HX0", "as it is printed: Shopify compares dashes too");
    let discount = folder.json("codes.shopify-discount.json");
    assert_eq!(discount["basicCodeDiscount"]["endsAt"], "2026-12-31T22:59:59Z");
    assert_eq!(discount["basicCodeDiscount"]["usageLimit"], 1);
}

#[test]
fn shopware_and_woocommerce_get_the_columns_they_import() {
    let folder = folder();
    let ran = mint(&folder, &[&FIVE[..], &["--platform", "shopware", "--promotion-id", ID]].concat());
    assert_eq!(done(&ran)["beside"], json!(["codes.shopware.csv", "codes.shopware-promotion.json"]));
    let csv = folder.read("codes.shopware.csv");
    assert!(csv.starts_with(&format!("id;promotion_id;code\n;{ID};03VC-1S2Q-4HX0\n")), "{csv}");
    assert_eq!(csv.lines().count(), 4);
    assert_eq!(folder.json("codes.shopware-promotion.json")["id"], ID);

    let more = ["--platform", "woocommerce", "--spelling", "plain", "--uses-per-code", "2", "--many-per-customer"];
    assert_eq!(done(&mint(&folder, &[&FIVE[..], &more].concat()))["beside"], json!(["codes.woocommerce.csv"]));
    let csv = folder.read("codes.woocommerce.csv");
    let rows: Vec<Vec<&str>> = csv.lines().map(|line| line.split(',').collect()).collect();
    assert_eq!((rows.len(), rows[1][0]), (4, "03VC1S2Q4HX0"));
    let column = |name: &str| rows[1][rows[0].iter().position(|column| *column == name).unwrap()];
    assert_eq!((column("usage_limit"), column("usage_limit_per_user"), column("expiry_date")), ("2", "", "2027-01-01"));
}

#[test]
fn terms_that_a_platform_cannot_express_are_refused_by_name_and_nothing_is_written() {
    let folder = folder();
    let before = folder.files();
    let mut promotion = folder.json("five.json");
    promotion["conditions"]["firstOrderOnly"] = json!(true);
    folder.write("five.json", &promotion.to_string());
    for (platform, id) in [("shopify", None), ("shopware", Some(ID)), ("woocommerce", None)] {
        let id = id.map_or(Vec::new(), |id| vec!["--promotion-id", id]);
        let ran = mint(&folder, &[&FIVE[..], &["--platform", platform], &id].concat());
        ran.refused(2, "invalid_value", "promotion.conditions.firstOrderOnly");
        assert!(ran.err.contains("first orders only"), "{}", ran.err);
    }
    folder.write("five.json", "{}");
    mint(&folder, &[&FIVE[..], &["--platform", "shopify"]].concat()).refused(2, "missing_field", "promotion.id");
    mint(&folder, &["--count", "1", "--platform", "shopify"]).refused(2, "missing_field", "--promotion");
    let to_standard_output = ["mint", "--keys", "keys.json", "--batch", "7", "--out", "-", "--platform", "woocommerce"];
    folder.write("five.json", r#"{"id":"five","currency":"EUR","effect":{"type":"fixed","amount":500}}"#);
    folder.run(&[&to_standard_output[..], &FIVE].concat()).refused(2, "invalid_value", "--out");
    assert_eq!(folder.files(), before);
}

#[test]
fn an_option_of_the_program_is_what_the_codes_stand_for() {
    let folder = folder();
    let program = json!({
        "zugabe": 1, "shop": { "name": "Tea", "currency": "EUR", "timeZone": "Europe/Berlin", "locales": ["de"] },
        "options": [{ "id": "ten", "kind": "discount", "promotion": { "percentBp": 1000, "minimumOrder": 4000, "days": 30 } }] });
    folder.write("program.json", &program.to_string());
    let asked =
        ["--now", "2026-11-23T10:00:00Z", "--platform", "woocommerce", "--program", "program.json", "--count", "1"];
    let said = done(&mint(&folder, &[&asked[..], &["--option", "ten"]].concat()));
    assert_eq!(
        (&said["issued"]["promotion"], &said["issued"]["expiresAt"]),
        (&json!("ten"), &json!("2026-12-23T22:59:59Z"))
    );
    assert!(folder.read("codes.woocommerce.csv").contains(",percent,10,no,1,1,,2026-12-24,no,40.00,"));
    mint(&folder, &[&asked[..], &["--option", "story"]].concat()).refused(2, "not_found", "option");
}

#[test]
fn every_row_of_a_customer_file_gets_one_code_and_the_platform_gets_the_same_ones() {
    let folder = folder();
    folder.write("orders.ndjson", &orders());
    let more = ["--promotion", "five.json", "--for", "orders.ndjson", "--platform", "woocommerce"];
    assert_eq!(done(&mint(&folder, &more))["codes"], 5);
    let rows: Vec<Value> =
        folder.read("codes.ndjson").lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let ids: Vec<&str> = rows.iter().map(|row| row["order"].as_str().unwrap()).collect();
    assert_eq!(ids, ["1", "2", "3", "4", "5"], "one row for each order, none twice");
    let codes: std::collections::BTreeSet<&str> = rows.iter().map(|row| row["shownCode"].as_str().unwrap()).collect();
    assert_eq!(codes.len(), 5);
    let csv = folder.read("codes.woocommerce.csv");
    let imported: std::collections::BTreeSet<&str> =
        csv.lines().skip(1).filter_map(|line| line.split(',').next()).collect();
    assert_eq!(imported, codes);
}

#[test]
fn a_page_of_blocks_is_written_with_the_codes() {
    let folder = folder();
    let link = "https://tea.example/discount/{code}";
    let said = done(&mint(&folder, &["--count", "3", "--blocks", "blocks.html", "--link", link]));
    assert_eq!(said["beside"], json!(["blocks.html"]));
    let page = folder.read("blocks.html");
    assert_eq!((page.matches("<svg x=").count(), page.matches("<title>").count()), (3, 4));
    assert!(page.contains(">tea.example/discount/</text>") && page.contains(">03VC-1S2Q-4HX0</text></svg>"), "{page}");
    assert!(page.ends_with("</html>\n"));
    let long = format!("https://tea.example/{}", "x".repeat(100));
    mint(&folder, &["--count", "3", "--blocks", "more.html", "--link", &long]).refused(2, "too_large", "link");
    assert!(!folder.path("more.html").exists());
}
