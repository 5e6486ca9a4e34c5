//! What did the merchant set? The private program: options, costs, allowance, referral terms. Five lines are complete.

use serde::{Deserialize, Serialize};

use crate::insert::design::{Design, Sheet};
use crate::insert::ink::Ink;
use crate::insert::{Address, Locale, texts};
use crate::map::Map;
use crate::money::{Currency, Minor};
use crate::offer::economics::settings::{Budget, Economics, Effect, Size, check_budgets};
use crate::offer::law::{Reduction, Voucher};
use crate::offer::policy::{Caps, Conditions, Holdout, OptionText, Season};
use crate::offer::words::{Basis, Channel, Kind, Moment, Purpose};
use crate::referral::Terms;
use crate::reject::{Code, Error, Result, parse_json, uncommented};
use crate::score::stage::Stage;
use crate::score::tier::{Tier, Tiers};
use crate::time::zone::Zone;

/// The version of programs that this reader knows.
pub const VERSION: u32 = 1;

/// A merchant's program. Never leaves the merchant: `publish` compiles the public policy from it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Program {
    /// Where its JSON Schema lies: editors complete and check by it. Nothing else reads it.
    #[serde(default, rename = "$schema", skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// Version of this document: 1.
    pub zugabe: u32,
    /// The shop.
    pub shop: Shop,
    /// What a thank-you may cost.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub allowance: Option<Allowance>,
    /// What the shop has to give.
    #[serde(default)]
    pub options: Vec<ProgramOption>,
    /// Contribution margin of an average order, in basis points (default 3,000, an assumption).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub margin_bp: Option<u32>,
    /// How the shop reckons.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub economics: Option<Economics>,
    /// What may be spent per stage and period.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub budgets: Vec<Budget>,
    /// How receptive customers are, by moment, in basis points of the usual (10,000, the default): uplifts are weighed
    /// with it.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub receptivity: Map<u32>,
    /// What a recommendation brings to whom.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub referral: Option<Referral>,
    /// Who is TOP VIP, VIP, Premium.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tiers: Option<Tiers>,
    /// When a customer counts as dormant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stages: Option<Stages>,
    /// The seed of every choice by chance (default: the shop's name). A new seed shuffles all groups anew.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seed: Option<String>,
    /// How often something promoting may be said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub caps: Option<Caps>,
    /// Who is left alone so that the effect can be measured (default nobody).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub holdout: Option<Holdout>,
    /// The parcel insert.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub insert: Option<InsertSettings>,
    /// Own wording, by language and key.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub texts: Map<Map<String>>,
}

/// The shop.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Shop {
    /// Its name.
    pub name: String,
    /// The currency of every amount in the program.
    pub currency: Currency,
    /// Its time zone, such as `Europe/Berlin`.
    pub time_zone: String,
    /// The languages of its texts, the first one first.
    pub locales: Vec<Locale>,
    /// How it addresses its customers, by language: `{ "de": "sie" }` (default `du`, `tu`; English has one form only).
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub address: Map<Address>,
    /// Its address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The page that greets a friend; the code goes in place of `{code}` or behind `#`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub friend_url: Option<String>,
    /// How customers reach it: shown in every text that offers help.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<String>,
    /// A line below the name on the insert.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tagline: Option<String>,
    /// Its colour, `#rrggbb`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub color: Option<String>,
    /// The file of its logo (SVG, PNG or JPEG), seen from the folder of this program. For the printed insert.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub logo: Option<String>,
}

/// How the parcel insert looks and what it says about the shop.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct InsertSettings {
    /// Its look (default `letter`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub design: Option<Design>,
    /// Its sheet (default `a6`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sheet: Option<Sheet>,
    /// Where the shop sells, by language: "Markt 3, Lübeck, und teehaus.example".
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub where_to_buy: Map<String>,
    /// What the shop does beside selling, by language: "Beratung, Aufbau, Reparatur".
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub services: Map<String>,
}

/// What a thank-you may cost: a share of the order, and never more than `max`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Allowance {
    /// Share of the order in basis points, 0 to 10,000.
    pub rate_bp: u32,
    /// Upper limit in minor units.
    pub max: Minor,
}

/// One thing the shop has to give.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ProgramOption {
    /// Its id: letters, digits, dashes, at most 40.
    pub id: String,
    /// What it is.
    pub kind: Kind,
    /// What it is for (default `retain`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purpose: Option<Purpose>,
    /// Where it may be said; the default depends on the kind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channels: Option<Vec<Channel>>,
    /// When; the default depends on the kind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub moments: Option<Vec<Moment>>,
    /// To whom; the default depends on the kind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stages: Option<Vec<Stage>>,
    /// The lowest tier.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_tier: Option<Tier>,
    /// On what ground it may be chosen (default `segment`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub basis: Option<Basis>,
    /// Conditions on the order.
    #[serde(default, skip_serializing_if = "Conditions::is_empty")]
    pub conditions: Conditions,
    /// The part of the year.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub season: Option<Season>,
    /// How many there are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stock: Option<u32>,
    /// What one costs, in minor units.
    #[serde(default)]
    pub issue_cost: Minor,
    /// What one costs when it is redeemed, in minor units (default what its code takes off).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub redemption_cost: Option<Minor>,
    /// What it is worth to the customer, in minor units, where the shop can say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer_value: Option<Minor>,
    /// The reduced price it announces, if it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reduction: Option<Reduction>,
    /// How large a gift it is (default small). A large one may cost more than the allowance, and needs a lowest tier or
    /// an expected profit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<Size>,
    /// What it does, as far as the shop knows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effect: Option<Effect>,
    /// A surprise: only this share of orders gets it, in basis points, by seeded chance.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub surprise_bp: Option<u32>,
    /// What its code takes off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub promotion: Option<Promotion>,
    /// Its share among options that are equally good (default 1).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weight: Option<u32>,
    /// Where it leads: `https://…`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// What it is called and how it is said.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub text: Map<OptionText>,
}

/// What a code takes off: an amount or a share.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Promotion {
    /// Amount off, in minor units.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<Minor>,
    /// Share off, in basis points.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub percent_bp: Option<u32>,
    /// From this basket on, in minor units.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minimum_order: Option<Minor>,
    /// How its owner came to it (default free): what was paid for or earned holds to the end of the third year after.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub voucher: Option<Voucher>,
    /// How many days it holds, the last one to its end in the shop's zone (default 60).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub days: Option<u16>,
    /// What it does not hold for, in words.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub excludes: Map<String>,
}

/// What a recommendation brings to whom.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Referral {
    /// Whether customers are asked to recommend (default yes).
    #[serde(default = "yes", skip_serializing_if = "Clone::clone")]
    pub enabled: bool,
    /// What the friend gets.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub friend: Option<Promotion>,
    /// What the one who recommends gets, in words.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub referrer_gift: Map<String>,
    /// On what terms a recommendation is rewarded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub terms: Option<Terms>,
}

const fn yes() -> bool {
    true
}

/// When a customer counts as dormant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Stages {
    /// Days without an order (default 365).
    pub dormant_days: u32,
}

impl Program {
    /// Reads a program and checks that it can hold. Comments, `// ...` to the end of the line, are allowed in it.
    ///
    /// # Errors
    /// `unsupported_version`, `unknown_field` and the like with the path, or the first contradiction.
    pub fn parse(text: &str) -> Result<Self> {
        #[derive(Deserialize)]
        struct VersionOnly {
            zugabe: u32,
        }
        let text = &*uncommented(text);
        if let Ok(VersionOnly { zugabe }) = serde_json::from_str(text)
            && zugabe != VERSION
        {
            return Err(Error::at(
                Code::UnsupportedVersion,
                "zugabe",
                format!("This program has version {zugabe}, this release reads version {VERSION}."),
            ));
        }
        let program: Self = parse_json(text)?;
        program.contradictions()?;
        Ok(program)
    }

    /// The zone local days are cut in.
    ///
    /// # Errors
    /// `invalid_value` when there is no such zone.
    pub fn zone(&self) -> Result<Zone> {
        Zone::named(&self.shop.time_zone).map_err(|error| error.under("shop.timeZone"))
    }

    /// What a thank-you may cost, with the default of 2 % and 2.00.
    #[must_use]
    pub fn allowance(&self) -> Allowance {
        self.allowance.unwrap_or(Allowance { rate_bp: 200, max: 2 * self.shop.currency.scale() })
    }

    /// What may be spent on an order of this worth, in minor units.
    #[must_use]
    pub fn allowed(&self, subtotal: Minor) -> Minor {
        let Allowance { rate_bp, max } = self.allowance();
        crate::money::basis_points(subtotal, i64::from(rate_bp)).min(max)
    }

    /// The friend's discount: what the program says, or the suggested 5.00 from 40.00 for 60 days.
    #[must_use]
    pub fn friend_promotion(&self) -> Promotion {
        self.referral.as_ref().and_then(|referral| referral.friend.clone()).unwrap_or_else(|| Promotion {
            amount: Some(5 * self.shop.currency.scale()),
            minimum_order: Some(40 * self.shop.currency.scale()),
            ..Promotion::default()
        })
    }

    /// On what terms a recommendation is rewarded, with the shop's currency and time zone.
    #[must_use]
    pub fn referral_terms(&self) -> Terms {
        let mut terms = self.referral.as_ref().and_then(|referral| referral.terms.clone()).unwrap_or_default();
        terms.currency = terms.currency.or(Some(self.shop.currency));
        terms.time_zone = terms.time_zone.or_else(|| Some(self.shop.time_zone.clone()));
        terms
    }

    /// The wording of a key: the program's own, or the default in the shop's form of address.
    #[must_use]
    pub fn wording(&self, locale: Locale, key: &str) -> Option<String> {
        let own = self.texts.get(locale.as_str()).and_then(|own| own.get(key)).map(|own| locale.typeset(own));
        own.or_else(|| texts::default(locale, self.shop.address.get(locale.as_str()).copied(), key))
    }

    /// The tiers, with the default thresholds.
    #[must_use]
    pub fn tiers(&self) -> Tiers {
        self.tiers.clone().unwrap_or_default()
    }

    fn contradictions(&self) -> Result<()> {
        let invalid = |path: &str, message: &str| Err(Error::at(Code::InvalidValue, path, message));
        if self.shop.name.trim().is_empty() {
            return invalid("shop.name", "The shop needs a name: customers read it.");
        }
        if self.shop.locales.is_empty() {
            return invalid("shop.locales", "Name at least one language, such as [\"de\"].");
        }
        for (tag, address) in self.shop.address.iter() {
            let path = format!("shop.address.{tag}");
            let forms = Locale::ALL.iter().find(|locale| locale.as_str() == tag).map(|locale| Address::of(*locale));
            match forms {
                None => return invalid(&path, "There are no texts in this language."),
                Some([]) => return invalid(&path, "This language has one form of address only: leave it out."),
                Some(forms) if !forms.contains(address) => {
                    let known: Vec<&str> = forms.iter().map(|form| form.as_str()).collect();
                    return invalid(&path, &format!("This language has \"{}\".", known.join("\" and \"")));
                }
                Some(_) => {}
            }
        }
        self.zone()?;
        if let Some(colour) = &self.shop.color {
            Ink::parse(colour).map_err(|error| error.under("shop.color"))?;
        }
        if self.shop.logo.as_deref().is_some_and(|logo| logo.trim().is_empty() || logo.contains("://")) {
            return invalid("shop.logo", "A logo is a file beside the program, such as logo.svg: nothing is fetched.");
        }
        for (path, url) in [("shop.url", &self.shop.url), ("shop.friendUrl", &self.shop.friend_url)] {
            check_url(path, url.as_deref())?;
        }
        let Allowance { rate_bp, max } = self.allowance();
        if rate_bp > 10_000 {
            return invalid("allowance.rateBp", "More than the whole order: 200 means 2 %.");
        }
        if max < 0 {
            return invalid("allowance.max", "An allowance is never negative.");
        }
        if self.margin_bp.is_some_and(|margin| margin > 10_000) {
            return invalid("marginBp", "More than the whole order: 3000 means 30 %.");
        }
        if self.holdout.is_some_and(|holdout| holdout.bp > 10_000) {
            return invalid("holdout.bp", "More than all customers: 1000 means 10 %.");
        }
        self.tiers().check().map_err(|error| error.under("tiers"))?;
        if let Some(economics) = &self.economics {
            economics.check().map_err(|error| error.under("economics"))?;
        }
        check_budgets(&self.budgets)?;
        for (moment, weight) in self.receptivity.iter() {
            let path = format!("receptivity.{moment}");
            if !Moment::ALL.iter().any(|known| known.as_str() == moment) {
                return invalid(&path, "There is no such moment.");
            }
            if *weight > 100_000 {
                return invalid(
                    &path,
                    "10000 is as receptive as usual, 20000 twice as much; more than ten times is none.",
                );
            }
        }
        if let Some(promotion) = self.referral.as_ref().and_then(|referral| referral.friend.as_ref()) {
            promotion.contradictions("referral.friend")?;
        }
        if let Some(terms) = self.referral.as_ref().and_then(|referral| referral.terms.as_ref()) {
            terms.check().map_err(|error| error.under("referral.terms"))?;
        }
        for (index, option) in self.options.iter().enumerate() {
            let path = format!("options[{index}]");
            option.contradictions().map_err(|error| error.under(&path))?;
            if self.options[..index].iter().any(|earlier| earlier.id == option.id) {
                return Err(Error::at(
                    Code::Contradiction,
                    format!("{path}.id"),
                    format!("There is another option \"{}\": every option needs an id of its own.", option.id),
                ));
            }
        }
        Ok(())
    }
}

fn check_url(path: &str, url: Option<&str>) -> Result<()> {
    match url {
        Some(url) if !(url.starts_with("https://") || url.starts_with("http://")) => {
            Err(Error::at(Code::InvalidValue, path, "An address begins with https://."))
        }
        _ => Ok(()),
    }
}

impl ProgramOption {
    fn contradictions(&self) -> Result<()> {
        let id_ok = !self.id.is_empty()
            && self.id.len() <= 40
            && self.id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
        if !id_ok {
            return Err(Error::at(Code::InvalidValue, "id", "An id has letters, digits and dashes, 40 at most."));
        }
        if self.issue_cost < 0 {
            return Err(Error::at(Code::InvalidAmount, "issueCost", "A cost is never negative."));
        }
        if self.redemption_cost.is_some_and(|cost| cost < 0) {
            return Err(Error::at(Code::InvalidAmount, "redemptionCost", "A cost is never negative."));
        }
        if self.surprise_bp.is_some_and(|bp| bp == 0 || bp > 10_000) {
            return Err(Error::at(
                Code::InvalidValue,
                "surpriseBp",
                "A share is 1 to 10000: 3000 means 30 % of orders.",
            ));
        }
        if self.customer_value.is_some_and(|value| value <= 0) {
            return Err(Error::at(
                Code::InvalidAmount,
                "customerValue",
                "An offer that is worth nothing to the customer is none: leave it out, or say what it is worth.",
            ));
        }
        if let Some(place) = self.sells_too_early() {
            return Err(Error::at(
                Code::Contradiction,
                format!("stages[{place}]"),
                "Nothing is sold to somebody who has not bought yet: give a story, a guide or some information instead.",
            ));
        }
        if let Some(effect) = &self.effect {
            effect.check().map_err(|error| error.under("effect"))?;
        }
        check_url("url", self.url.as_deref())?;
        if self.kind.is_gift() && self.promotion.is_some() {
            return Err(Error::at(
                Code::Contradiction,
                "promotion",
                "A gift asks for nothing. Something that hangs on a purchase is a \"zugabe\" or a \"discount\".",
            ));
        }
        match (&self.promotion, self.kind) {
            (None, Kind::Discount) => Err(Error::at(
                Code::MissingField,
                "promotion",
                "A discount needs what it takes off: \"promotion\": { \"amount\": 500, \"minimumOrder\": 4000 }.",
            )),
            (Some(promotion), _) => promotion.contradictions("promotion"),
            (None, _) => Ok(()),
        }
    }
}

impl ProgramOption {
    /// The stage without a purchase at which it would sell, if there is one.
    fn sells_too_early(&self) -> Option<usize> {
        let sells = matches!(self.kind, Kind::Discount | Kind::Zugabe | Kind::Accessory | Kind::Partner);
        self.stages.iter().flatten().position(|stage| sells && *stage < Stage::FirstBuyer)
    }
}

impl Promotion {
    /// How many days it holds, with the default of 60.
    #[must_use]
    pub fn days(&self) -> u16 {
        self.days.unwrap_or(60)
    }

    fn contradictions(&self, path: &str) -> Result<()> {
        let at = |field: &str| format!("{path}.{field}");
        match (self.amount, self.percent_bp) {
            (Some(_), Some(_)) => Err(Error::at(Code::Contradiction, path, "Either an amount or a share, not both.")),
            (None, None) => Err(Error::at(Code::MissingField, path, "Say \"amount\" (cents) or \"percentBp\".")),
            (Some(amount), None) if amount <= 0 => {
                Err(Error::at(Code::InvalidAmount, at("amount"), "A discount takes off more than nothing."))
            }
            (None, Some(percent)) if percent == 0 || percent > 10_000 => {
                Err(Error::at(Code::InvalidValue, at("percentBp"), "A share is 1 to 10000: 1000 means 10 %."))
            }
            _ if self.minimum_order.is_some_and(|minimum| minimum < 0) => {
                Err(Error::at(Code::InvalidAmount, at("minimumOrder"), "A minimum is never negative."))
            }
            _ if self.days == Some(0) => {
                Err(Error::at(Code::InvalidValue, at("days"), "It has to hold for at least one day."))
            }
            _ => Ok(()),
        }
    }
}
