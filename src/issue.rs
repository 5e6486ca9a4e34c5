//! What leaves the house with a batch of codes? The codes, the files with which a platform takes them over, and what is
//! printed: composed of `code`, `price`, `insert` and the program.
//!
//! Codes are spelled one way wherever they leave the house. Platforms compare letter by letter (whatever the case), so a
//! code with dashes and the same code without are two codes there: what is printed must be what is imported.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::code::{Format, IssuedBatch, KeySet, LIST_VERSION, MintRequest, Minted, mint};
use crate::insert::block;
use crate::money::Currency;
use crate::offer::program::Program;
use crate::offer::publish::complete;
use crate::offer::words::Kind;
use crate::price::{Boundary, Conditions, Effect, Limits, Platform, PlatformFile, Promotion, platform_file};
use crate::reject::{Code, Error, Result, parse_json};
use crate::time::Instant;
use crate::time::zone::Zone;

/// How codes are written wherever they leave the house.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Spelling {
    /// In groups with dashes, as people read and type them.
    #[default]
    Shown,
    /// Without dashes.
    Plain,
}

impl Spelling {
    /// The code in this spelling.
    #[must_use]
    pub fn of(self, minted: &Minted) -> &str {
        match self {
            Self::Shown => &minted.shown_code,
            Self::Plain => &minted.code,
        }
    }
}

/// On what terms which platform is to take the codes over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PlatformTerms {
    /// The platform.
    pub platform: Platform,
    /// What the codes stand for. Its own `code` is not used: these codes are many.
    pub promotion: Promotion,
    /// How often they may be redeemed.
    #[serde(default)]
    pub limits: Limits,
    /// The shop's currency; absent, the promotion's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<Currency>,
    /// The shop's time zone, in which dates are meant. Default UTC.
    #[serde(default = "utc")]
    pub time_zone: String,
    /// The platform's own id of the promotion: Shopify's `gid://shopify/…` once the discount is created, for Shopware 32
    /// hexadecimal digits of one's choice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub promotion_id: Option<String>,
}

fn utc() -> String {
    "UTC".to_owned()
}

impl PlatformTerms {
    /// Prepares the import.
    ///
    /// # Errors
    /// Those of [`platform_file`]; `missing_field` without any currency, `invalid_value` for a zone that is none.
    pub fn file(&self) -> Result<PlatformFile> {
        let currency = self.currency.or(self.promotion.currency);
        let currency = currency.ok_or_else(|| {
            Error::at(Code::MissingField, "currency", "In which currency are the shop's prices? Name it, such as EUR.")
        })?;
        let zone = Zone::named(&self.time_zone).map_err(|error| error.under("timeZone"))?;
        let id = self.promotion_id.as_deref();
        platform_file(self.platform, &self.promotion, self.limits, (currency, &zone), id).map_err(|error| {
            match error.path.as_str() {
                "promotionId" => error,
                "usesPerCode" => error.under("limits"),
                _ => error.under("promotion"),
            }
        })
    }

    /// The batch's entry in the list of issued batches, with all serials below `issued` given out.
    ///
    /// # Errors
    /// As [`PlatformTerms::file`].
    pub fn entry(&self, format: Format, kid: u8, batch: u32, issued: u32) -> Result<IssuedBatch> {
        let zone = Zone::named(&self.time_zone).map_err(|error| error.under("timeZone"))?;
        Ok(IssuedBatch {
            format,
            kid,
            batch,
            promotion: self.promotion.id.clone(),
            issued,
            list: LIST_VERSION,
            expires_at: self.promotion.valid_until.as_ref().map(|until| until.end(&zone)),
            revoked: false,
            revoked_serials: Vec::new(),
        })
    }
}

/// The promotion behind an option of a program: what its code takes off, until the last day that a policy published
/// now would name.
///
/// # Errors
/// `not_found` when the program has no such option, `invalid_value` when it takes nothing off, or excludes something in
/// words: no platform reads them.
pub fn promotion_of(program: &Program, option: &str, now: Instant) -> Result<Promotion> {
    let at = |code, path: &str, message: String| Err(Error::at(code, path, message));
    let options = complete(program);
    let Some(found) = options.iter().find(|one| one.id == option) else {
        let ids: Vec<&str> = options.iter().filter(|one| one.kind.needs_code()).map(|one| one.id.as_str()).collect();
        let message = format!("The program has no option \"{option}\". Those with a code are: {}.", ids.join(", "));
        return at(Code::NotFound, "option", message);
    };
    let friend = || (found.kind == Kind::Referral).then(|| program.friend_promotion());
    let Some(terms) = found.promotion.clone().or_else(friend) else {
        return at(
            Code::InvalidValue,
            "option",
            format!("The option \"{option}\" takes nothing off, so it has no codes."),
        );
    };
    if !terms.excludes.is_empty() {
        let message = "What a code does not hold for stands here in words, and no platform can enforce words: \
                       leave it out, or redeem these codes elsewhere.";
        return at(Code::InvalidValue, "promotion.excludes", message.to_owned());
    }
    let effect = match (terms.amount, terms.percent_bp) {
        (Some(amount), _) => Effect::Fixed { amount },
        (None, Some(bp)) => Effect::Percent { bp },
        (None, None) => return at(Code::InvalidValue, "option", format!("The option \"{option}\" takes nothing off.")),
    };
    let last = program.zone()?.day(now).plus(i32::from(terms.days.unwrap_or(60)));
    Ok(Promotion {
        id: found.id.clone(),
        code: None,
        currency: Some(program.shop.currency),
        tax_included: None,
        effect,
        conditions: Conditions { min_subtotal: terms.minimum_order, ..Conditions::default() },
        max_units: None,
        cap: None,
        priority: 0,
        exclusive: false,
        group: None,
        valid_from: None,
        valid_until: Some(Boundary::parse(&last.to_string())?),
    })
}

/// Codes to be minted, and what is to come with them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct IssueRequest {
    /// The codes.
    pub mint: MintRequest,
    /// The platform that takes them over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub platform: Option<PlatformTerms>,
    /// How they are written in the platform's file and on what is printed.
    #[serde(default)]
    pub spelling: Spelling,
    /// The address that printed blocks lead to, with `{code}` where the code belongs; absent, nothing is printed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
}

/// What leaves the house.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct IssuedCodes {
    /// The codes.
    pub codes: Vec<Minted>,
    /// Where the next minting of the batch begins.
    pub next_start: u32,
    /// The promotion, where the platform creates it apart from its codes (Shopify, Shopware).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub terms: Option<Value>,
    /// The file of codes as the platform imports it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub platform_file: Option<String>,
    /// The batch's entry in the list of issued batches, when it is known what the codes stand for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issued: Option<IssuedBatch>,
    /// A page of printable blocks: HTML.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub blocks: Option<String>,
}

/// Mints codes and makes what is to come with them; nothing at all when any of it cannot be made.
///
/// # Errors
/// Those of [`mint`], [`PlatformTerms::file`] and [`block::svg`].
pub fn issue(keys: &KeySet, request: &IssueRequest) -> Result<IssuedCodes> {
    let asked = &request.mint;
    let file = request.platform.as_ref().map(|terms| terms.file().map_err(|e| e.under("platform"))).transpose()?;
    let codes = mint(keys, asked).map_err(|error| error.under("mint"))?;
    let (kid, _) = keys.minting(asked.kid)?;
    let next_start = codes.last().map_or(asked.start, |last| last.serial + 1);
    let spelled = || codes.iter().map(|minted| request.spelling.of(minted));
    let text = |lines: &mut dyn Iterator<Item = String>| lines.fold(String::new(), |text, line| text + &line + "\n");
    let entry = |terms: &PlatformTerms| terms.entry(asked.format, kid, asked.batch, next_start);
    let blocks = request.link.as_deref().map(|link| {
        let page = spelled().try_fold(block::PAGE_START.to_owned(), |page, code| Ok(page + &block(code, link)? + "\n"));
        page.map(|page: String| page + block::PAGE_END)
    });
    Ok(IssuedCodes {
        next_start,
        terms: file.as_ref().and_then(|file| file.terms().cloned()),
        platform_file: file.as_ref().map(|file| text(&mut file.lines(spelled().map(str::to_owned)))),
        issued: request.platform.as_ref().map(entry).transpose()?,
        blocks: blocks.transpose()?,
        codes,
    })
}

/// The printable block of a code; `{code}` in the link is where the code belongs, otherwise it follows a `#`.
///
/// # Errors
/// Those of [`block::svg`].
pub fn block(code: &str, link: &str) -> Result<String> {
    let link: Cow<'_, str> = crate::offer::link(link, code).into();
    block::svg(code, &link)
}

/// [`issue`] with the key file and the [`IssueRequest`] as text.
///
/// # Errors
/// Those of [`KeySet::parse`], [`parse_json`] and [`issue`].
pub fn issue_text(keys: &str, request: &str) -> Result<IssuedCodes> {
    issue(&KeySet::parse(keys).map_err(|error| error.under("keys"))?, &parse_json(request)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const KEYS: &str = r#"{"v":1,"slots":[{"kid":0,"state":"active","secret":"000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"}]}"#;

    fn request(fields: Value) -> Value {
        let mut all = json!({
            "mint": { "batch": 7, "start": 123_456, "count": 2 },
            "platform": {
                "platform": "shopware", "timeZone": "Europe/Berlin", "promotionId": "0123456789abcdef0123456789abcdef",
                "promotion": { "id": "five", "currency": "EUR", "validUntil": "2026-12-31", "effect": { "type": "fixed", "amount": 500 } } },
            "link": "https://tea.example/f#{code}" });
        all.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
        all
    }

    fn refused(fields: Value) -> (Code, String) {
        let error = issue_text(KEYS, &request(fields).to_string()).unwrap_err();
        (error.code, error.path)
    }

    #[test]
    fn a_batch_leaves_with_its_import_file_its_terms_its_entry_and_its_blocks() {
        let issued = issue_text(KEYS, &request(json!({})).to_string()).unwrap();
        assert_eq!(issued.codes[0].shown_code, "03VC-1S2Q-4HX0");
        assert_eq!(issued.next_start, issued.codes[1].serial + 1);
        let id = "0123456789abcdef0123456789abcdef";
        let second = &issued.codes[1].shown_code;
        let file = format!("id;promotion_id;code\n;{id};03VC-1S2Q-4HX0\n;{id};{second}\n");
        assert_eq!(issued.platform_file.as_deref(), Some(&*file));
        assert_eq!(issued.terms.unwrap()["validUntil"], "2026-12-31T22:59:59Z");
        let entry = issued.issued.unwrap();
        assert_eq!((entry.promotion.as_str(), entry.issued, entry.list), ("five", issued.next_start, LIST_VERSION));
        assert_eq!(entry.expires_at.unwrap().to_string(), "2026-12-31T22:59:59Z");
        let blocks = issued.blocks.unwrap();
        assert_eq!(blocks.matches("<title>").count(), 3, "the page's own and one for each code");
        assert!(blocks.contains(">tea.example/f#03VC-1S2Q-4HX0</text>"));
    }

    #[test]
    fn one_spelling_holds_for_the_file_the_print_and_the_address() {
        let issued = issue_text(KEYS, &request(json!({ "spelling": "plain" })).to_string()).unwrap();
        assert!(issued.platform_file.unwrap().contains(";03VC1S2Q4HX0\n"));
        let blocks = issued.blocks.unwrap();
        assert!(blocks.contains(">03VC1S2Q4HX0</text>") && blocks.contains("f#03VC1S2Q4HX0<"));
        assert!(!blocks.contains("03VC-1S2Q"));
    }

    #[test]
    fn nothing_leaves_when_any_of_it_cannot_be_made() {
        let terms = |fields: Value| {
            let mut platform = request(json!({}))["platform"].clone();
            platform.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
            json!({ "platform": platform })
        };
        let promotion = |fields: Value| {
            let mut promotion = json!({ "id": "p", "currency": "EUR", "effect": { "type": "percent", "bp": 1000 } });
            promotion.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
            terms(json!({ "promotion": promotion }))
        };
        for (fields, code, path) in [
            (promotion(json!({ "group": "g" })), Code::InvalidValue, "platform.promotion.group"),
            (
                promotion(json!({ "effect": { "type": "gift", "product": "x" } })),
                Code::InvalidValue,
                "platform.promotion.effect.type",
            ),
            (terms(json!({ "currency": "USD" })), Code::CurrencyMismatch, "platform.promotion.currency"),
            (terms(json!({ "timeZone": "Berlin" })), Code::InvalidValue, "platform.timeZone"),
            (terms(json!({ "limits": { "usesPerCode": 2 } })), Code::InvalidValue, "platform.limits.usesPerCode"),
            (terms(json!({ "promotionId": "7" })), Code::InvalidValue, "platform.promotionId"),
            (json!({ "mint": { "batch": 4096, "count": 1 } }), Code::OutOfRange, "mint.batch"),
            (json!({ "link": format!("https://tea.example/{}", "x".repeat(200)) }), Code::TooLarge, "link"),
        ] {
            assert_eq!(refused(fields.clone()), (code, path.to_owned()), "{fields}");
        }
    }

    #[test]
    fn the_terms_of_a_programs_option_are_those_that_its_policy_names() {
        let program = |promotion: Value| {
            let text = json!({
                "zugabe": 1,
                "shop": { "name": "Tea", "currency": "EUR", "timeZone": "Europe/Berlin", "locales": ["de"] },
                "options": [{ "id": "five", "kind": "discount", "promotion": promotion }, { "id": "story", "kind": "story" }] });
            Program::parse(&text.to_string()).unwrap()
        };
        let now = Instant::parse("2026-11-23T23:30:00Z").unwrap();
        let five = program(json!({ "amount": 500, "minimumOrder": 4000, "days": 7 }));
        let promotion = promotion_of(&five, "five", now).unwrap();
        assert_eq!(promotion.effect, Effect::Fixed { amount: 500 });
        assert_eq!(promotion.conditions.min_subtotal, Some(4000));
        // In Berlin it is the 24th already.
        assert_eq!(promotion.valid_until.as_ref().unwrap().as_str(), "2026-12-01");
        let options = parse_json(&json!({ "now": now }).to_string()).unwrap();
        let policy = crate::offer::publish(&five, None, &options).unwrap();
        let named = policy.options.iter().find(|o| o.id == "five").unwrap().terms.as_ref().unwrap().until;
        assert_eq!(Some(promotion.valid_until.unwrap().end(&Zone::named("Europe/Berlin").unwrap())), named);
        assert!(promotion_of(&five, "recommend", now).is_ok(), "the friend's discount has codes too");
        let ten = program(json!({ "percentBp": 1000 }));
        assert_eq!(promotion_of(&ten, "five", now).unwrap().effect, Effect::Percent { bp: 1000 });
        for (program, option, code, path) in [
            (&five, "six", Code::NotFound, "option"),
            (&five, "story", Code::InvalidValue, "option"),
            (
                &program(json!({ "amount": 500, "excludes": { "de": "Bücher" } })),
                "five",
                Code::InvalidValue,
                "promotion.excludes",
            ),
        ] {
            let error = promotion_of(program, option, now).unwrap_err();
            assert_eq!((error.code, error.path.as_str()), (code, path));
        }
    }
}
