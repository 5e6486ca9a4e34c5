//! How does a platform take these codes? Import files in the platform's own form; terms that it cannot express are
//! refused by name instead of being dropped.
//!
//! A code belongs to one promotion, and a platform enforces only the terms it was given. So nothing is written unless
//! every term arrives: what is missing would be a discount that nobody meant to give.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::request::{Effect, Promotion};
use super::validate::promotion_alone;
use crate::money::{Currency, Minor};
use crate::reject::{Code, Error, Result};
use crate::time::Instant;
use crate::time::zone::Zone;

/// Codes in one call to Shopify's bulk creation.
const SHOPIFY_CHUNK: usize = 250;

/// A platform that redeems codes in its own checkout.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Platform {
    /// Terms: the variables of `discountCodeBasicCreate` or `discountCodeFreeShippingCreate`. Codes: JSON lines, the
    /// variables of `discountRedeemCodeBulkAdd`, 250 codes each.
    Shopify,
    /// Terms: a promotion as the Admin API takes it. Codes: the CSV of the import profile "Default promotion codes".
    Shopware,
    /// Codes and terms in one CSV with the columns of coupon importers (`post_title`, `discount_type`, ...).
    Woocommerce,
}

/// How often codes may be redeemed: enforced by the platform.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Limits {
    /// Redemptions per code: at least one (default one).
    pub uses_per_code: u32,
    /// Whether a customer may use the promotion only once (default yes).
    pub once_per_customer: bool,
}

impl Default for Limits {
    fn default() -> Self {
        Self { uses_per_code: 1, once_per_customer: true }
    }
}

/// What to give to the platform.
#[derive(Debug, Clone, PartialEq)]
pub struct PlatformFile {
    platform: Platform,
    terms: Option<Value>,
    promotion: Option<String>,
    /// WooCommerce: the columns after the code, the same for every row.
    columns: String,
}

/// Prepares the import of a promotion's codes. `promotion_id` is the platform's own id of it, where codes refer to one:
/// Shopify gives one when the discount is created (without it the lines have no `discountId`), for Shopware one is
/// chosen, 32 hexadecimal digits. Dates are days in `zone`.
///
/// # Errors
/// Those of a request with this promotion; `invalid_value` at the first term that the platform cannot express, and for
/// an id that is none; `missing_field` for Shopware without an id; `currency_mismatch` when its amounts are not in the
/// shop's currency.
pub fn platform_file(
    platform: Platform,
    promotion: &Promotion,
    limits: Limits,
    (currency, zone): (Currency, &Zone),
    promotion_id: Option<&str>,
) -> Result<PlatformFile> {
    promotion_alone(promotion)?;
    check_id(platform, promotion_id)?;
    if promotion.currency.is_some_and(|own| own != currency) {
        return Err(Error::at(
            Code::CurrencyMismatch,
            "currency",
            "The promotion's amounts are not in the shop's currency.",
        ));
    }
    if limits.uses_per_code == 0 {
        return Err(Error::at(Code::InvalidValue, "usesPerCode", "A code can be used at least once."));
    }
    if let Some((path, term)) = inexpressible(platform, promotion, limits, zone) {
        let name = match platform {
            Platform::Shopify => "Shopify",
            Platform::Shopware => "Shopware",
            Platform::Woocommerce => "WooCommerce",
        };
        return Err(Error::at(
            Code::InvalidValue,
            path,
            format!("{name} cannot express {term} for imported codes: leave it out, or redeem these codes elsewhere."),
        ));
    }
    let from = promotion.valid_from.as_ref().map(|from| from.start(zone));
    let until = promotion.valid_until.as_ref().map(|until| until.end(zone));
    let terms = match platform {
        Platform::Shopify => Some(shopify(promotion, limits, currency, from, until)),
        Platform::Shopware => {
            Some(shopware(promotion, limits, currency, promotion_id.unwrap_or_default(), from, until))
        }
        Platform::Woocommerce => None,
    };
    let columns = if platform == Platform::Woocommerce {
        woocommerce(promotion, limits, currency, until, zone)
    } else {
        String::new()
    };
    Ok(PlatformFile { platform, terms, promotion: promotion_id.map(str::to_owned), columns })
}

impl PlatformFile {
    /// The promotion itself, where it is created apart from its codes.
    #[must_use]
    pub const fn terms(&self) -> Option<&Value> {
        self.terms.as_ref()
    }

    /// The lines of the code file, without line ends, as the codes come: memory does not grow with their number.
    pub fn lines<'a>(&'a self, codes: impl Iterator<Item = String> + 'a) -> impl Iterator<Item = String> + 'a {
        let header = match self.platform {
            Platform::Shopify => None,
            Platform::Shopware => Some("id;promotion_id;code".to_owned()),
            Platform::Woocommerce => Some(WOOCOMMERCE_COLUMNS.to_owned()),
        };
        let chunk = if self.platform == Platform::Shopify { SHOPIFY_CHUNK } else { 1 };
        let mut codes = codes;
        let rows = core::iter::from_fn(move || {
            let part: Vec<String> = codes.by_ref().take(chunk).collect();
            (!part.is_empty()).then_some(part)
        });
        header.into_iter().chain(rows.map(|part| self.row(&part)))
    }

    fn row(&self, codes: &[String]) -> String {
        match self.platform {
            Platform::Shopify => {
                let codes: Vec<Value> = codes.iter().map(|code| json!({ "code": code })).collect();
                match &self.promotion {
                    Some(id) => json!({ "discountId": id, "codes": codes }).to_string(),
                    None => json!({ "codes": codes }).to_string(),
                }
            }
            Platform::Shopware => {
                format!(";{};{}", self.promotion.as_deref().unwrap_or_default(), cell(&codes.concat(), ';'))
            }
            Platform::Woocommerce => format!("{},{}", cell(&codes.concat(), ','), self.columns),
        }
    }
}

/// Refuses an id that the platform would refuse, or take for another one.
fn check_id(platform: Platform, id: Option<&str>) -> Result<()> {
    let refused = |code, message| Err(Error::at(code, "promotionId", message));
    match (platform, id) {
        (Platform::Shopify, Some(id)) if !id.starts_with("gid://shopify/") => refused(
            Code::InvalidValue,
            "Shopify's id of a discount begins with gid://shopify/: it is in the answer when the discount is created.",
        ),
        (Platform::Shopware, None) => refused(
            Code::MissingField,
            "Shopware's codes refer to their promotion: choose an id for it, 32 hexadecimal digits, and name it here.",
        ),
        (Platform::Shopware, Some(id))
            if id.len() != 32 || !id.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b)) =>
        {
            refused(Code::InvalidValue, "An id in Shopware is 32 hexadecimal digits in lower case.")
        }
        (Platform::Woocommerce, Some(_)) => {
            refused(Code::InvalidValue, "In WooCommerce codes are coupons of their own: leave the id out.")
        }
        _ => Ok(()),
    }
}

/// A CSV cell: quoted where it must be, and never a formula in a spreadsheet.
fn cell(text: &str, delimiter: char) -> String {
    let guarded = if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() };
    if guarded.contains([delimiter, '"', '\n', '\r']) {
        format!("\"{}\"", guarded.replace('"', "\"\""))
    } else {
        guarded
    }
}

/// The first term that the platform has no field for.
fn inexpressible(
    platform: Platform,
    promotion: &Promotion,
    limits: Limits,
    zone: &Zone,
) -> Option<(&'static str, &'static str)> {
    use Platform::{Shopify, Shopware, Woocommerce};
    let conditions = &promotion.conditions;
    let effect = match (&promotion.effect, platform) {
        (Effect::BuyGet { .. }, _) => Some("buy X get Y"),
        (Effect::Tiers { .. }, _) => Some("tiers"),
        (Effect::Gift { .. }, _) => Some("a gift"),
        (Effect::FixedPerItem { .. }, Shopware) => Some("an amount per item"),
        _ => None,
    };
    let percent = matches!(promotion.effect, Effect::Percent { .. });
    let days_only = |end: Instant| zone.end_of(zone.day(end)) != end;
    [
        (effect.is_some(), "effect.type", effect.unwrap_or_default()),
        (promotion.cap.is_some() && !(platform == Shopware && percent), "cap", "a highest discount"),
        (promotion.max_units.is_some() && platform != Woocommerce, "maxUnits", "a limit on units"),
        (promotion.group.is_some(), "group", "a stacking group"),
        (promotion.tax_included.is_some(), "taxIncluded", "amounts with or without tax"),
        (!conditions.tags.is_empty(), "conditions.tags", "product tags"),
        (!conditions.without_tags.is_empty(), "conditions.withoutTags", "product tags"),
        (conditions.first_order_only, "conditions.firstOrderOnly", "first orders only"),
        (conditions.max_quantity.is_some(), "conditions.maxQuantity", "a highest quantity"),
        (conditions.min_quantity.is_some() && platform != Shopify, "conditions.minQuantity", "a lowest quantity"),
        (
            conditions.min_quantity.is_some() && conditions.min_subtotal.is_some(),
            "conditions.minQuantity",
            "a lowest quantity beside a lowest subtotal",
        ),
        (conditions.max_subtotal.is_some() && platform != Woocommerce, "conditions.maxSubtotal", "a highest subtotal"),
        (promotion.valid_from.is_some() && platform == Woocommerce, "validFrom", "a beginning"),
        (
            platform == Woocommerce && promotion.valid_until.as_ref().is_some_and(|until| days_only(until.end(zone))),
            "validUntil",
            "an end within a day",
        ),
        (limits.uses_per_code != 1 && platform == Shopware, "usesPerCode", "more than one use per code"),
    ]
    .into_iter()
    .find_map(|(found, path, term)| found.then_some((path, term)))
}

/// An amount as decimal text: `12.50`.
pub(crate) fn decimal(amount: Minor, currency: Currency) -> String {
    let scale = currency.scale();
    match usize::from(currency.exponent()) {
        0 => amount.to_string(),
        digits => format!("{}.{:0digits$}", amount / scale, amount % scale),
    }
}

/// Basis points as a percentage: `10.5`.
pub(crate) fn percentage(bp: u32) -> String {
    let text = format!("{}.{:02}", bp / 100, bp % 100);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// The number that a decimal text stands for, as JSON writes it.
fn number(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|_| Value::String(text.to_owned()))
}

fn shopify(
    promotion: &Promotion,
    limits: Limits,
    currency: Currency,
    from: Option<Instant>,
    until: Option<Instant>,
) -> Value {
    let combines = !promotion.exclusive;
    let mut basic = json!({
        "title": promotion.id,
        "usageLimit": limits.uses_per_code,
        "appliesOncePerCustomer": limits.once_per_customer,
        "combinesWith": { "orderDiscounts": combines, "productDiscounts": combines, "shippingDiscounts": combines },
        // Who may use it has to be said when a discount is made.
        "context": { "all": "ALL" },
    });
    for (field, instant) in [("startsAt", from), ("endsAt", until)] {
        if let Some(instant) = instant {
            basic[field] = json!(instant);
        }
    }
    if let Some(least) = promotion.conditions.min_subtotal {
        basic["minimumRequirement"] =
            json!({ "subtotal": { "greaterThanOrEqualToSubtotal": decimal(least, currency) } });
    }
    if let Some(least) = promotion.conditions.min_quantity {
        basic["minimumRequirement"] = json!({ "quantity": { "greaterThanOrEqualToQuantity": least.to_string() } });
    }
    let value = match promotion.effect {
        // Shopify writes a tenth as 0.1.
        Effect::Percent { bp } => json!({ "percentage": number(&format!("{}.{:04}", bp / 10_000, bp % 10_000)) }),
        Effect::Fixed { amount } => {
            json!({ "discountAmount": { "amount": decimal(amount, currency), "appliesOnEachItem": false } })
        }
        Effect::FixedPerItem { amount } => {
            json!({ "discountAmount": { "amount": decimal(amount, currency), "appliesOnEachItem": true } })
        }
        _ => {
            basic["destination"] = json!({ "all": true });
            return json!({ "freeShippingCodeDiscount": basic });
        }
    };
    basic["customerGets"] = json!({ "value": value, "items": { "all": true } });
    json!({ "basicCodeDiscount": basic })
}

fn shopware(
    promotion: &Promotion,
    limits: Limits,
    currency: Currency,
    id: &str,
    from: Option<Instant>,
    until: Option<Instant>,
) -> Value {
    let (scope, kind, value) = match promotion.effect {
        Effect::Percent { bp } => ("cart", "percentage", percentage(bp)),
        Effect::Fixed { amount } => ("cart", "absolute", decimal(amount, currency)),
        _ => ("delivery", "percentage", "100".to_owned()),
    };
    let mut discount = json!({ "scope": scope, "type": kind, "value": number(&value), "considerAdvancedRules": false });
    if let Some(cap) = promotion.cap {
        discount["maxValue"] = number(&decimal(cap, currency));
    }
    let mut out = json!({
        "id": id, "name": promotion.id, "active": true, "useCodes": true, "useIndividualCodes": true,
        "preventCombination": promotion.exclusive, "discounts": [discount],
    });
    for (field, instant) in [("validFrom", from), ("validUntil", until)] {
        if let Some(instant) = instant {
            out[field] = json!(instant);
        }
    }
    if limits.once_per_customer {
        out["maxRedemptionsPerCustomer"] = json!(1);
    }
    if let Some(least) = promotion.conditions.min_subtotal {
        let value = json!({ "operator": ">=", "amount": number(&decimal(least, currency)) });
        let rule = json!({ "name": promotion.id, "priority": 1, "conditions": [{ "type": "cartGoodsPrice", "value": value }] });
        out["cartRules"] = json!([rule]);
    }
    out
}

const WOOCOMMERCE_COLUMNS: &str = "post_title,post_excerpt,post_status,discount_type,coupon_amount,individual_use,\
usage_limit,usage_limit_per_user,limit_usage_to_x_items,expiry_date,free_shipping,minimum_amount,maximum_amount";

fn woocommerce(
    promotion: &Promotion,
    limits: Limits,
    currency: Currency,
    until: Option<Instant>,
    zone: &Zone,
) -> String {
    let yes = |is: bool| if is { "yes" } else { "no" }.to_owned();
    let money = |amount: Option<Minor>| amount.map(|amount| decimal(amount, currency)).unwrap_or_default();
    let (kind, amount) = match promotion.effect {
        Effect::Percent { bp } => ("percent", percentage(bp)),
        Effect::FixedPerItem { amount } => ("fixed_product", decimal(amount, currency)),
        Effect::Fixed { amount } => ("fixed_cart", decimal(amount, currency)),
        _ => ("fixed_cart", "0".to_owned()),
    };
    [
        cell(&promotion.id, ','),
        "publish".to_owned(),
        kind.to_owned(),
        amount,
        yes(promotion.exclusive),
        limits.uses_per_code.to_string(),
        if limits.once_per_customer { "1".to_owned() } else { String::new() },
        promotion.max_units.map(|units| units.to_string()).unwrap_or_default(),
        // WooCommerce ends a coupon as its expiry day begins, so the day after the last one is written.
        until.map(|end| zone.day(end).plus(1).to_string()).unwrap_or_default(),
        yes(matches!(promotion.effect, Effect::FreeShipping {})),
        money(promotion.conditions.min_subtotal),
        money(promotion.conditions.max_subtotal),
    ]
    .join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "0123456789abcdef0123456789abcdef";

    fn file(platform: Platform, promotion: Value) -> Result<PlatformFile> {
        let mut all = json!({ "id": "thanks-5", "currency": "EUR", "effect": { "type": "fixed", "amount": 500 } });
        all.as_object_mut().unwrap().extend(promotion.as_object().unwrap().clone());
        let promotion = serde_json::from_value(all).unwrap();
        let zone = Zone::named("Europe/Berlin").unwrap();
        let id = (platform == Platform::Shopware).then_some(ID);
        platform_file(platform, &promotion, Limits::default(), (Currency::parse("EUR").unwrap(), &zone), id)
    }

    fn lines(file: &PlatformFile, count: usize) -> Vec<String> {
        file.lines((0..count).map(|n| format!("CODE{n}"))).collect()
    }

    const TERMS: &str = r#"{"conditions":{"minSubtotal":4000},"validUntil":"2026-12-31","exclusive":true}"#;

    fn terms() -> Value {
        serde_json::from_str(TERMS).unwrap()
    }

    #[test]
    fn shopify_gets_its_own_variables_and_codes_in_portions_of_250() {
        let file = file(Platform::Shopify, terms()).unwrap();
        let basic = &file.terms().unwrap()["basicCodeDiscount"];
        assert_eq!(basic["endsAt"], "2026-12-31T22:59:59Z");
        assert_eq!(basic["minimumRequirement"]["subtotal"]["greaterThanOrEqualToSubtotal"], "40.00");
        assert_eq!(basic["customerGets"]["value"]["discountAmount"]["amount"], "5.00");
        assert_eq!(basic["combinesWith"]["orderDiscounts"], false);
        let lines = lines(&file, 501);
        let counts: Vec<usize> = lines
            .iter()
            .map(|line| serde_json::from_str::<Value>(line).unwrap()["codes"].as_array().unwrap().len())
            .collect();
        assert_eq!(counts, [250, 250, 1]);
        let tenth =
            super::tests::file(Platform::Shopify, json!({ "effect": { "type": "percent", "bp": 1050 } })).unwrap();
        assert_eq!(
            tenth.terms().unwrap()["basicCodeDiscount"]["customerGets"]["value"]["percentage"].to_string(),
            "0.105"
        );
    }

    #[test]
    fn shopware_gets_a_promotion_with_a_rule_and_the_columns_of_its_profile() {
        let file = file(Platform::Shopware, terms()).unwrap();
        let promotion = file.terms().unwrap();
        assert_eq!(promotion["discounts"][0]["value"].to_string(), "5.0");
        assert_eq!(promotion["cartRules"][0]["conditions"][0]["value"]["amount"].to_string(), "40.0");
        assert_eq!(promotion["preventCombination"], true);
        assert_eq!(
            lines(&file, 2),
            ["id;promotion_id;code".to_owned(), format!(";{ID};CODE0"), format!(";{ID};CODE1")]
        );
    }

    #[test]
    fn woocommerce_gets_one_row_per_code_and_the_day_after_the_last() {
        let file = file(Platform::Woocommerce, terms()).unwrap();
        let lines = lines(&file, 1);
        let row: Vec<(&str, &str)> = lines[0].split(',').zip(lines[1].split(',')).collect();
        for wanted in [
            ("post_title", "CODE0"),
            ("discount_type", "fixed_cart"),
            ("coupon_amount", "5.00"),
            ("expiry_date", "2027-01-01"),
            ("minimum_amount", "40.00"),
            ("usage_limit", "1"),
            ("individual_use", "yes"),
        ] {
            assert!(row.contains(&wanted), "{wanted:?} in {row:?}");
        }
        assert_eq!(lines[0].split(',').count(), lines[1].split(',').count());
    }

    #[test]
    fn terms_that_a_platform_cannot_express_are_refused_by_name() {
        use Platform::{Shopify, Shopware, Woocommerce};
        for (platform, promotion, path) in [
            (Shopify, json!({ "cap": 1000 }), "cap"),
            (Shopify, json!({ "effect": { "type": "gift", "product": "x" } }), "effect.type"),
            (Shopify, json!({ "conditions": { "maxSubtotal": 1 } }), "conditions.maxSubtotal"),
            (Shopware, json!({ "effect": { "type": "fixed_per_item", "amount": 1 } }), "effect.type"),
            (Shopware, json!({ "conditions": { "firstOrderOnly": true } }), "conditions.firstOrderOnly"),
            (Woocommerce, json!({ "validFrom": "2026-11-23" }), "validFrom"),
            (Woocommerce, json!({ "validUntil": "2026-11-23T12:00:00Z" }), "validUntil"),
            (Woocommerce, json!({ "conditions": { "tags": ["tea"] } }), "conditions.tags"),
            (Woocommerce, json!({ "effect": { "type": "buy_get", "buy": 1, "get": 1 } }), "effect.type"),
            (Woocommerce, json!({ "group": "g" }), "group"),
        ] {
            let error = file(platform, promotion).unwrap_err();
            assert_eq!((error.code, error.path.as_str()), (Code::InvalidValue, path));
            assert!(
                error.message.starts_with(["Shopify", "Shopware", "WooCommerce"][platform as usize]),
                "{}",
                error.message
            );
        }
        assert_eq!(file(Shopify, json!({ "currency": "USD" })).unwrap_err().code, Code::CurrencyMismatch);
    }

    #[test]
    fn an_id_is_that_of_the_platform_or_refused() {
        let promotion =
            serde_json::from_value(json!({ "id": "p", "effect": { "type": "percent", "bp": 1000 } })).unwrap();
        let with = |platform, id| {
            let shop = (Currency::parse("EUR").unwrap(), &Zone::utc());
            platform_file(platform, &promotion, Limits::default(), shop, id)
        };
        let line = |id| lines(&with(Platform::Shopify, id).unwrap(), 1).remove(0);
        assert_eq!(line(None), r#"{"codes":[{"code":"CODE0"}]}"#);
        let id = "gid://shopify/DiscountCodeNode/1";
        assert_eq!(line(Some(id)), format!(r#"{{"codes":[{{"code":"CODE0"}}],"discountId":"{id}"}}"#));
        for (platform, id, code) in [
            (Platform::Shopify, Some("1"), Code::InvalidValue),
            (Platform::Shopware, None, Code::MissingField),
            (Platform::Shopware, Some("0123456789ABCDEF0123456789ABCDEF"), Code::InvalidValue),
            (Platform::Woocommerce, Some("7"), Code::InvalidValue),
        ] {
            let error = with(platform, id).unwrap_err();
            assert_eq!((error.code, error.path.as_str()), (code, "promotionId"), "{platform:?}");
        }
    }

    #[test]
    fn a_cell_is_quoted_and_never_a_formula() {
        assert_eq!(cell("=1+1", ','), "'=1+1");
        assert_eq!(cell("a,\"b\"", ','), "\"a,\"\"b\"\"\"");
        assert_eq!(cell("plain", ';'), "plain");
    }
}
