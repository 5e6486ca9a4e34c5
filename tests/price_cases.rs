//! What went wrong in other shops with discounts, money, codes and dates: cases 32 to 59, each by its number.

#![allow(clippy::unwrap_used, clippy::panic)] // A case that cannot be read must fail the test.

use serde_json::{Value, json};
use zugabe::code::{
    CodeVerdict, Format, Inspected, Issued, KeySet, Minter, Refusal, Verifier, check, check_live_codes, security,
    verify,
};
use zugabe::money::{Currency, decimal};
use zugabe::price::{Boundary, NotApplied, PriceResult, price_text, refund_text};
use zugabe::reject::{Code, Error};
use zugabe::time::Instant;
use zugabe::time::zone::Zone;

/// A request with defaults, the given fields put over them.
fn request(fields: Value) -> Value {
    let mut request = json!({ "v": 1, "now": "2026-11-23T10:00:00Z", "currency": "EUR", "lines": [] });
    let (Value::Object(all), Value::Object(fields)) = (&mut request, fields) else { panic!("objects") };
    all.extend(fields);
    request
}

fn try_price(fields: Value) -> Result<PriceResult, Error> {
    price_text(&request(fields).to_string())
}

/// Prices a cart and proves that every sum in the result holds.
fn price(fields: Value) -> PriceResult {
    let result = try_price(fields).unwrap();
    prove(&result);
    result
}

fn prove(result: &PriceResult) {
    for line in &result.lines {
        assert_eq!(line.shares.iter().sum::<i64>(), line.discount, "{}", line.id);
        assert_eq!(line.gross - line.discount, line.net, "{}", line.id);
        assert!((0..=line.gross).contains(&line.net), "{}", line.id);
        assert!(line.shares.iter().all(|share| *share >= 0), "{}", line.id);
    }
    for (index, applied) in result.applied.iter().enumerate() {
        assert_eq!(result.lines.iter().map(|line| line.shares[index]).sum::<i64>(), applied.discount);
    }
    let lines: i64 = result.lines.iter().map(|line| line.total).sum();
    assert_eq!(result.total, lines + result.shipping - result.shipping_discount);
    assert_eq!(result.discount, result.applied.iter().map(|applied| applied.discount).sum::<i64>());
}

fn line(id: &str, unit: i64, quantity: u32) -> Value {
    json!({ "id": id, "unit": unit, "quantity": quantity })
}

fn taxed(id: &str, unit: i64, quantity: u32, bp: u32) -> Value {
    json!({ "id": id, "unit": unit, "quantity": quantity, "taxRateBp": bp })
}

fn percent(id: &str, bp: u32) -> Value {
    json!({ "id": id, "effect": { "type": "percent", "bp": bp } })
}

fn fixed(id: &str, amount: i64) -> Value {
    json!({ "id": id, "currency": "EUR", "effect": { "type": "fixed", "amount": amount } })
}

fn with(mut promotion: Value, fields: Value) -> Value {
    let (Value::Object(all), Value::Object(fields)) = (&mut promotion, fields) else { panic!("objects") };
    all.extend(fields);
    promotion
}

fn reasons(result: &PriceResult) -> Vec<(&str, NotApplied)> {
    result.rejected.iter().map(|rejected| (rejected.promotion.as_str(), rejected.reason)).collect()
}

#[test]
fn case_32_half_off_and_ten_off_never_go_below_zero() {
    for promotions in [[percent("half", 5000), fixed("ten", 1000)], [fixed("ten", 1000), percent("half", 5000)]] {
        let result = price(json!({ "lines": [line("a", 1299, 1)], "promotions": promotions }));
        let expected = if promotions[0]["id"] == "half" { 0 } else { 149 };
        assert_eq!(result.total, expected, "{promotions:?}");
    }
}

#[test]
fn case_33_ten_percent_and_the_whole_price_in_either_order_leave_nothing() {
    for promotions in [[percent("p", 1000), fixed("f", 5000)], [fixed("f", 5000), percent("p", 1000)]] {
        assert_eq!(price(json!({ "lines": [line("a", 5000, 1)], "promotions": promotions })).total, 0);
    }
}

#[test]
fn case_34_everything_off_and_anything_more_is_zero_and_the_more_has_no_effect() {
    let result = price(json!({
        "lines": [line("a", 1299, 3)],
        "promotions": [percent("all", 10_000), fixed("more", 500), percent("again", 10_000)] }));
    assert_eq!((result.total, result.applied.len()), (0, 1));
    assert_eq!(reasons(&result), [("more", NotApplied::NoEffect), ("again", NotApplied::NoEffect)]);
}

#[test]
fn case_35_promotions_with_and_without_tax_leave_every_base_between_zero_and_its_price() {
    for tax_included in [true, false] {
        let result = price(json!({
            "taxIncluded": tax_included,
            "lines": [taxed("a", 1000, 1, 1900), taxed("b", 500, 2, 700)],
            "promotions": [
                with(fixed("net", 900), json!({ "taxIncluded": false })),
                with(fixed("gross", 900), json!({ "taxIncluded": true })),
                with(fixed("rest", 9000), json!({ "taxIncluded": false }))] }));
        for line in &result.lines {
            let base = if tax_included { line.net - line.tax } else { line.net };
            assert!((0..=line.gross).contains(&base), "{line:?}");
        }
        assert_eq!(result.total, 0);
        let (net, gross) = (result.applied[0].discount, result.applied[1].discount);
        assert!(net > gross, "900 before tax are more than 900 with tax in them: {net} {gross}");
        assert_eq!(if tax_included { gross } else { net }, 900);
    }
}

#[test]
fn case_36_the_lines_are_the_total_to_the_last_unit() {
    for mode in ["half_up", "half_even", "down"] {
        for level in ["order", "line", "unit"] {
            for remainder in ["largest", "first", "last"] {
                for tax_included in [true, false] {
                    let result = price(json!({
                        "taxIncluded": tax_included, "shipping": 495,
                        "rounding": { "mode": mode, "level": level, "remainder": remainder },
                        "lines": [taxed("a", 333, 7, 1900), taxed("b", 1299, 1, 700), taxed("c", 1, 13, 0)],
                        "promotions": [percent("p", 333), fixed("f", 777), percent("q", 1250)] }));
                    assert_eq!(result.applied.len(), 3, "{mode} {level} {remainder}");
                }
            }
        }
    }
}

#[test]
fn case_37_everything_off_is_the_integer_zero() {
    let result = price(json!({ "lines": [taxed("a", 39_900, 1, 1900)], "promotions": [percent("all", 10_000)] }));
    assert_eq!((result.total, result.tax), (0, 0));
    assert!(serde_json::to_string(&result).unwrap().contains(r#""total":0"#));
}

#[test]
fn case_38_a_million_units_of_one_cent_are_exact() {
    let result = price(json!({ "lines": [line("a", 1, 1_000_000)], "promotions": [percent("p", 1000)] }));
    assert_eq!((result.discount, result.total), (100_000, 900_000));
    let last = price(json!({ "lines": [line("a", 9_007_199_254, 1_000_000)], "promotions": [percent("p", 1)] }));
    assert_eq!(last.discount, 900_719_925_400);
}

#[test]
fn case_39_ten_divided_by_three_equal_lines_is_ten() {
    let lines = [line("a", 10_000, 1), line("b", 10_000, 1), line("c", 10_000, 1)];
    let result = price(json!({ "lines": lines, "promotions": [fixed("f", 1000)] }));
    assert_eq!(result.lines.iter().map(|line| line.discount).collect::<Vec<_>>(), [334, 333, 333]);
    assert_eq!(result.lines.iter().map(|line| line.net).collect::<Vec<_>>(), [9666, 9667, 9667]);
}

#[test]
fn case_40_ten_off_three_lines_of_ten_is_twenty() {
    for remainder in ["largest", "first", "last"] {
        let result = price(json!({
            "rounding": { "remainder": remainder },
            "lines": [line("a", 1000, 1), line("b", 1000, 1), line("c", 1000, 1)], "promotions": [fixed("f", 1000)] }));
        assert_eq!(result.total, 2000);
        let nets: Vec<i64> = result.lines.iter().map(|line| line.net).collect();
        assert_eq!(nets, if remainder == "last" { [667, 667, 666] } else { [666, 667, 667] });
    }
}

#[test]
fn case_41_ten_off_a_line_of_three_seven_or_eleven_units_is_ten() {
    for quantity in [3, 7, 11] {
        for level in ["order", "line", "unit"] {
            let result = price(json!({
                "rounding": { "level": level }, "lines": [line("a", 999, quantity)], "promotions": [fixed("f", 1000)] }));
            assert_eq!(result.discount, 1000, "{quantity} {level}");
        }
    }
}

#[test]
fn case_42_everything_off_two_lines_with_fifteen_percent_tax_leaves_nothing() {
    for tax_included in [true, false] {
        let result = price(json!({
            "taxIncluded": tax_included,
            "lines": [taxed("a", 1150, 1, 1500), taxed("b", 1150, 1, 1500)], "promotions": [percent("all", 10_000)] }));
        assert_eq!((result.total, result.tax), (0, 0));
    }
}

#[test]
fn case_43_mode_and_level_decide_the_side_and_stand_in_the_result() {
    let discount = |mode: &str, level: &str| {
        let result = price(json!({
            "rounding": { "mode": mode, "level": level },
            "lines": [line("a", 5, 3), line("b", 5, 1)], "promotions": [percent("p", 1000)] }));
        let text = serde_json::to_value(result.rounding).unwrap();
        assert_eq!((text["mode"].as_str(), text["level"].as_str()), (Some(mode), Some(level)));
        result.discount
    };
    // A tenth of 5 is 0.5, of 15 is 1.5, of 20 is 2.
    assert_eq!(["unit", "line", "order"].map(|level| discount("half_up", level)), [4, 3, 2]);
    assert_eq!(["unit", "line", "order"].map(|level| discount("half_even", level)), [0, 2, 2]);
    assert_eq!(["unit", "line", "order"].map(|level| discount("down", level)), [0, 1, 2]);
}

#[test]
fn case_44_yen_have_no_cents_and_dinars_have_three_digits() {
    for (currency, exponent, text, minor) in [("JPY", 0, "275", 275), ("EUR", 2, "2.75", 275), ("BHD", 3, "0.275", 275)]
    {
        let amount = decimal(text, Currency::parse(currency).unwrap().exponent()).unwrap();
        assert_eq!(amount, minor, "{currency}");
        let result =
            price(json!({ "currency": currency, "lines": [line("a", amount, 1)], "promotions": [percent("p", 1000)] }));
        assert_eq!((result.exponent, result.total), (exponent, 247), "{currency}");
    }
}

#[test]
fn case_45_an_amount_in_another_currency_is_never_converted() {
    let dollars = with(fixed("usd", 500), json!({ "currency": "USD", "code": "FIVE" }));
    let result = price(json!({
        "currency": "GBP", "lines": [line("a", 5000, 1)], "codes": ["five"], "promotions": [dollars] }));
    assert_eq!((result.discount, result.total), (0, 5000));
    assert_eq!(reasons(&result), [("usd", NotApplied::CurrencyMismatch)]);
    let unsaid = json!({ "id": "f", "effect": { "type": "fixed", "amount": 500 } });
    let error = try_price(json!({ "promotions": [unsaid] })).unwrap_err();
    assert_eq!((error.code, error.path.as_str()), (Code::MissingField, "promotions[0].currency"));
}

#[test]
fn case_46_ten_and_a_half_percent_of_fifty_is_five_and_a_quarter() {
    assert_eq!(price(json!({ "lines": [line("a", 5000, 1)], "promotions": [percent("p", 1050)] })).discount, 525);
}

#[test]
fn case_47_more_than_everything_is_refused_where_it_is_defined() {
    for bp in [0, 10_001, 1_000_000] {
        let error = try_price(json!({ "promotions": [percent("p", bp)] })).unwrap_err();
        assert_eq!((error.code, error.path.as_str()), (Code::InvalidValue, "promotions[0].effect.bp"), "{bp}");
    }
}

#[test]
fn case_48_case_and_spaces_do_not_make_another_code() {
    let promotion = with(percent("p", 1000), json!({ "code": "ABC12345" }));
    for typed in ["abc12345", "ABC12345", " Abc12345 ", "abc-12345\n"] {
        let result = price(json!({ "lines": [line("a", 1000, 1)], "codes": [typed], "promotions": [promotion] }));
        assert_eq!((result.discount, result.entered[0].code.as_str()), (100, "ABC12345"), "{typed}");
        assert!(result.entered[0].applied);
    }
    // The same for codes of our own: one canonical text, whatever was typed, so the books see one code.
    for typed in ["03vc1s2q4hx0", " 03VC-1S2Q-4HX0 ", "O3VC 1S2Q 4HXO"] {
        assert_eq!(check(typed).code.as_deref(), Some("03VC1S2Q4HX0"), "{typed}");
    }
}

#[test]
fn case_49_a_code_entered_twice_in_another_case_applies_once() {
    let promotion = with(fixed("p", 100), json!({ "code": "danke" }));
    let result = price(json!({
        "lines": [line("a", 1000, 1)], "codes": ["DANKE", "danke", "Danke "], "promotions": [promotion] }));
    assert_eq!((result.discount, result.applied.len(), result.entered.len()), (100, 1, 1));
}

#[test]
fn case_50_a_second_promotion_with_the_same_code_is_refused_at_creation() {
    let promotions = [
        with(percent("old", 1000), json!({ "code": "promo" })),
        with(percent("new", 500), json!({ "code": "Promo " })),
    ];
    let error = try_price(json!({ "promotions": promotions })).unwrap_err();
    assert_eq!((error.code, error.path.as_str()), (Code::Contradiction, "promotions[1].code"));
}

#[test]
fn case_51_a_code_is_told_back_in_its_canonical_form() {
    let result = price(json!({ "lines": [line("a", 1, 1)], "codes": ["straße 7"] }));
    assert_eq!(result.entered[0].code, "STRASSE7");
    assert_eq!(check("03vc 1s2q 4hx0").shown_code.as_deref(), Some("03VC-1S2Q-4HX0"));
}

#[test]
fn case_52_unknown_expired_and_unfit_codes_are_told_alike() {
    let base = json!({ "lines": [line("a", 1000, 1)], "codes": ["geheim"] });
    let told = |promotion: Option<Value>| {
        let mut fields = base.clone();
        fields["promotions"] = json!(promotion.into_iter().collect::<Vec<_>>());
        let result = price(fields);
        (serde_json::to_string(&result.entered).unwrap(), result.rejected.first().map(|rejected| rejected.reason))
    };
    let coded = |fields: Value| Some(with(with(fixed("p", 100), json!({ "code": "GEHEIM" })), fields));
    let answers = [
        told(None),
        told(coded(json!({ "validUntil": "2026-11-22" }))),
        told(coded(json!({ "validFrom": "2026-11-24" }))),
        told(coded(json!({ "conditions": { "minSubtotal": 1001 } }))),
        told(coded(json!({ "currency": "USD" }))),
        told(coded(json!({ "conditions": { "firstOrderOnly": true } }))),
    ];
    assert!(answers.iter().all(|(text, _)| *text == r#"[{"code":"GEHEIM","applied":false}]"#), "{answers:?}");
    let inside: Vec<_> = answers.into_iter().filter_map(|(_, reason)| reason).collect();
    use NotApplied::{CurrencyMismatch, Expired, MinimumSubtotal, NotFirstOrder, NotStarted};
    assert_eq!(inside, [Expired, NotStarted, MinimumSubtotal, CurrencyMismatch, NotFirstOrder]);
}

#[test]
fn attack_13_an_unknown_an_expired_and_a_minimum_spend_code_are_refused_in_the_same_bytes() {
    case_52_unknown_expired_and_unfit_codes_are_told_alike();
}

#[test]
fn case_53_the_owner_of_a_code_may_be_told_why_and_nobody_else() {
    let keys = KeySet::new([1; 32]);
    let code = Minter::new(&keys, Format::C12, None, 1, 0).unwrap().next().unwrap().shown_code;
    let list = r#"{"v":1,"batches":[{"kid":0,"batch":1,"promotion":"p","issued":9,"revokedSerials":[0]}]}"#;
    let issued = Issued::parse(list).unwrap();
    let inspected = issued.inspect(&Verifier::new(&keys), &code, Instant::from_unix(0));
    assert_eq!(inspected, Inspected::Refused(Refusal::Revoked), "inside the reason is known");
    assert_eq!(inspected.told().verdict, CodeVerdict::Unknown, "outside it is not");
}

#[test]
fn case_54_entropy_is_reported_and_too_many_codes_for_the_space_are_refused() {
    assert_eq!(security(Format::C12, 1_000_000).bits, 53);
    assert!(security(Format::C12, 1_000_000).tries_to_hit > 9_000_000_000);
    assert_eq!(check_live_codes(Format::C10, 314_432).unwrap_err().code, Code::OutOfRange);
}

#[test]
fn case_55_ten_thousand_codes_are_unique_and_one_validates_without_a_scan() {
    let keys = KeySet::new([1; 32]);
    let codes: Vec<String> =
        Minter::new(&keys, Format::C12, None, 1, 0).unwrap().take(10_000).map(|minted| minted.code).collect();
    let mut unique = codes.clone();
    unique.sort_unstable();
    unique.dedup();
    assert_eq!(unique.len(), 10_000);
    // The verifier gets the keys and one code: there is nothing it could scan.
    assert_eq!(verify(&keys, &codes[9_999]).verdict, CodeVerdict::Ok);
}

fn valid_at(promotion: Value, zone: &str, now: &str) -> Result<(), NotApplied> {
    let result = price(json!({
        "now": now, "timeZone": zone, "lines": [line("a", 1000, 1)], "promotions": [promotion] }));
    result.rejected.first().map_or(Ok(()), |rejected| Err(rejected.reason))
}

#[test]
fn case_56_an_end_date_is_the_end_of_that_day_in_the_shops_zone() {
    let promotion = with(percent("p", 1000), json!({ "validUntil": "2026-02-22" }));
    for zone in ["Asia/Bangkok", "Asia/Ho_Chi_Minh"] {
        assert_eq!(valid_at(promotion.clone(), zone, "2026-02-22T16:59:59Z"), Ok(()));
        assert_eq!(valid_at(promotion.clone(), zone, "2026-02-22T17:00:00Z"), Err(NotApplied::Expired));
    }
}

#[test]
fn case_57_a_date_only_end_includes_the_whole_day() {
    let promotion = with(percent("p", 1000), json!({ "validUntil": "2026-11-23" }));
    assert_eq!(valid_at(promotion.clone(), "UTC", "2026-11-23T00:00:00Z"), Ok(()));
    assert_eq!(valid_at(promotion.clone(), "UTC", "2026-11-23T23:59:59Z"), Ok(()));
    assert_eq!(valid_at(promotion, "UTC", "2026-11-24T00:00:00Z"), Err(NotApplied::Expired));
}

#[test]
fn case_58_reading_and_writing_leaves_an_end_byte_identical() {
    for text in ["2026-02-22", "2026-02-22T23:59:59+07:00", "2026-02-22T16:59:59.250Z", "2026-02-22t16:59:59z"] {
        let boundary: Boundary = serde_json::from_value(json!(text)).unwrap();
        assert_eq!(serde_json::to_value(&boundary).unwrap(), json!(text));
    }
}

#[test]
fn case_59_both_ends_are_in_one_zone_on_days_of_23_and_25_hours_too() {
    // Berlin: 2026-03-29 has 23 hours, 2026-10-25 has 25.
    for (day, first, last) in [
        ("2026-03-29", "2026-03-28T23:00:00Z", "2026-03-29T21:59:59Z"),
        ("2026-10-25", "2026-10-24T22:00:00Z", "2026-10-25T22:59:59Z"),
        ("2026-06-01", "2026-05-31T22:00:00Z", "2026-06-01T21:59:59Z"),
    ] {
        let promotion = with(percent("p", 1000), json!({ "validFrom": day, "validUntil": day }));
        let berlin = |instant: Instant| valid_at(promotion.clone(), "Europe/Berlin", &instant.to_string());
        let (first, last) = (Instant::parse(first).unwrap(), Instant::parse(last).unwrap());
        assert_eq!(berlin(first), Ok(()), "{day}");
        assert_eq!(berlin(first.plus(-1)), Err(NotApplied::NotStarted), "{day}");
        assert_eq!(berlin(last), Ok(()), "{day}");
        assert_eq!(berlin(last.plus(1)), Err(NotApplied::Expired), "{day}");
        let zone = Zone::named("Europe/Berlin").unwrap();
        let boundary = Boundary::parse(day).unwrap();
        assert_eq!((boundary.start(&zone), boundary.end(&zone)), (first, last));
    }
}

// Refunds: the cases of the list that stand before 32 and are about price.

fn refunded(priced: &PriceResult, line: &str, quantity: u32, already: u32) -> i64 {
    let request =
        json!({ "v": 1, "priced": priced, "returns": [{ "line": line, "quantity": quantity, "already": already }] });
    refund_text(&request.to_string()).unwrap().amount
}

#[test]
fn case_27_a_limit_on_units_discounts_no_more_units() {
    let promotion = with(percent("p", 5000), json!({ "maxUnits": 2 }));
    let result = price(json!({ "lines": [line("a", 1000, 5), line("b", 3000, 1)], "promotions": [promotion] }));
    assert_eq!(result.lines.iter().map(|line| line.discount).collect::<Vec<_>>(), [500, 1500], "the dearest first");
}

#[test]
fn case_28_cancelling_a_line_leaves_the_shares_of_the_others_alone() {
    let result = price(json!({
        "lines": [line("a", 10_000, 1), line("b", 10_000, 1), line("c", 10_000, 1)], "promotions": [fixed("f", 1000)] }));
    let parts = ["a", "b", "c"].map(|id| refunded(&result, id, 1, 0));
    assert_eq!(parts, [9666, 9667, 9667]);
    assert_eq!(parts.iter().sum::<i64>(), result.total);
}

#[test]
fn case_29_a_refund_is_the_price_less_its_own_share() {
    let result =
        price(json!({ "lines": [line("a", 15_000, 1), line("b", 6000, 1)], "promotions": [fixed("f", 4200)] }));
    assert_eq!(refunded(&result, "a", 1, 0), 12_000);
}

#[test]
fn case_30_two_of_three_come_back_at_what_they_cost_and_the_minimum_is_not_tried_again() {
    let result = price(json!({ "lines": [line("a", 10_000, 3)], "promotions": [percent("p", 1000)] }));
    assert_eq!(refunded(&result, "a", 2, 0), 18_000);
    let promotion = with(percent("p", 1000), json!({ "currency": "EUR", "conditions": { "minSubtotal": 30_000 } }));
    let result = price(json!({ "lines": [line("a", 5000, 6)], "promotions": [promotion] }));
    assert_eq!((result.total, refunded(&result, "a", 5, 0)), (27_000, 22_500));
}

#[test]
fn case_31_units_returned_one_by_one_return_exactly_what_the_line_cost() {
    let result = price(json!({ "lines": [line("a", 333, 7)], "promotions": [fixed("f", 100)] }));
    let one_by_one: i64 = (0..7).map(|already| refunded(&result, "a", 1, already)).sum();
    assert_eq!((one_by_one, refunded(&result, "a", 7, 0)), (2231, 2231));
    assert_eq!(refunded(&result, "a", 3, 0) + refunded(&result, "a", 4, 3), 2231);
}

#[test]
fn a_refund_of_what_was_never_bought_or_of_a_changed_order_is_refused() {
    let result = price(json!({ "lines": [line("a", 333, 7)], "promotions": [fixed("f", 100)] }));
    let refused = |returns: Value, change: &dyn Fn(&mut Value)| {
        let mut priced = serde_json::to_value(&result).unwrap();
        change(&mut priced);
        let error = refund_text(&json!({ "v": 1, "priced": priced, "returns": returns }).to_string()).unwrap_err();
        (error.code, error.path)
    };
    let one = json!([{ "line": "a", "quantity": 1 }]);
    for (returns, code, path) in [
        (json!([{ "line": "z", "quantity": 1 }]), Code::NotFound, "returns[0].line"),
        (json!([{ "line": "a", "quantity": 8 }]), Code::OutOfRange, "returns[0].quantity"),
        (json!([{ "line": "a", "quantity": 0 }]), Code::OutOfRange, "returns[0].quantity"),
        (json!([{ "line": "a", "quantity": 3, "already": 5 }]), Code::OutOfRange, "returns[0].quantity"),
        (
            json!([{ "line": "a", "quantity": 1 }, { "line": "a", "quantity": 1 }]),
            Code::Contradiction,
            "returns[1].line",
        ),
    ] {
        assert_eq!(refused(returns, &|_| ()), (code, path.to_owned()));
    }
    for (field, value) in
        [("total", json!(9999)), ("discount", json!(0)), ("shares", json!([])), ("shares", json!([-100]))]
    {
        let (code, path) = refused(one.clone(), &|priced| priced["lines"][0][field] = value.clone());
        assert_eq!((code, path.as_str()), (Code::Contradiction, "priced.lines[0]"), "{field} {value}");
    }
}
