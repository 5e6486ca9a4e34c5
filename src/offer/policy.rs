//! What may a page know? The public file that `publish` compiles: no cost, margin, uplift, budget, threshold or key.

use serde::{Deserialize, Serialize};

use crate::insert::Locale;
use crate::map::Map;
use crate::money::{Currency, Minor};
use crate::offer::words::{Basis, Channel, Kind, Moment, Purpose};
use crate::reject::{Code, Error, Result};
use crate::score::stage::Stage;
use crate::score::tier::Tier;
use crate::time::{Day, Instant};

/// The version of policies that this reader knows.
pub const VERSION: u32 = 1;

/// A published policy for one audience.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Policy {
    /// Version of this document: 1.
    pub v: u32,
    /// `sha256-` and the hash of the policy's RFC 8785 text without this field.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub hash: String,
    /// The channel it was made for.
    pub audience: Channel,
    /// The seed of every choice by chance. It stays when the policy is published anew, so that a customer who is left
    /// alone today is left alone tomorrow.
    pub seed: String,
    /// The shop as everybody may know it.
    pub shop: PolicyShop,
    /// When it was published.
    pub published_at: Instant,
    /// After this only plain thanks is said.
    pub expires_at: Instant,
    /// What may be done.
    pub options: Vec<PolicyOption>,
    /// Who gets what, best first.
    pub cells: Vec<Cell>,
    /// How often something promoting may be said.
    #[serde(default)]
    pub caps: Caps,
    /// Who is left alone so that the effect can be measured.
    #[serde(default)]
    pub holdout: Holdout,
    /// Wording per language and key.
    pub texts: Map<Map<String>>,
}

/// The shop as everybody may know it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PolicyShop {
    /// Its name.
    pub name: String,
    /// The currency of every amount in the policy.
    pub currency: Currency,
    /// Its address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The page that greets a friend; the code is appended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub friend_url: Option<String>,
    /// How to reach it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<String>,
}

/// One thing that may be done, without what it costs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PolicyOption {
    /// Its id in the program.
    pub id: String,
    /// What it is.
    pub kind: Kind,
    /// What it is for.
    pub purpose: Purpose,
    /// The moments it is for.
    pub moments: Vec<Moment>,
    /// The stages it is for.
    pub stages: Vec<Stage>,
    /// On what ground it may be chosen.
    #[serde(default = "segment", skip_serializing_if = "is_segment")]
    pub basis: Basis,
    /// The lowest tier it is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_tier: Option<Tier>,
    /// Conditions on the order.
    #[serde(default, skip_serializing_if = "Conditions::is_empty")]
    pub conditions: Conditions,
    /// The part of the year it is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub season: Option<Season>,
    /// It can run out: the request has to say how many are left.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub stock: bool,
    /// A surprise: only this share of orders gets it, in basis points; 0 means every order.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub surprise_bp: u32,
    /// What its code takes off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub terms: Option<Terms>,
    /// Where it leads.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// What it is called and how it is said, where the default wording is not meant.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub text: Map<OptionText>,
}

impl PolicyOption {
    /// Whether it makes a price for this very customer: money off that not everybody gets. The customer is told so before
    /// she buys (EGBGB Art. 246a § 1(1) No. 6).
    #[must_use]
    pub const fn is_personal_price(&self) -> bool {
        matches!(self.kind, Kind::Discount) && !matches!(self.basis, Basis::Unselected)
    }

    /// Whether everybody gets it and nobody was selected.
    #[must_use]
    pub const fn is_for_everybody(&self) -> bool {
        matches!(self.basis, Basis::Unselected) && !matches!(self.kind, Kind::Thanks)
    }
}

const fn segment() -> Basis {
    Basis::Segment
}

#[allow(clippy::trivially_copy_pass_by_ref)]
fn is_segment(basis: &Basis) -> bool {
    *basis == Basis::Segment
}

#[allow(clippy::trivially_copy_pass_by_ref)]
const fn is_zero(number: &u32) -> bool {
    *number == 0
}

/// Conditions on the order in front of us.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Conditions {
    /// At least one of these product tags.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// None of these product tags.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub excluded_tags: Vec<String>,
    /// Only these countries.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub countries: Vec<String>,
    /// Not these countries.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub excluded_countries: Vec<String>,
    /// The goods must be worth this much, in minor units.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minimum_order: Option<Minor>,
}

impl Conditions {
    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// A part of every year, both days included; `from` after `to` runs over New Year.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Season {
    /// First day, `11-15`.
    pub from: MonthDay,
    /// Last day, `02-28`.
    pub to: MonthDay,
}

impl Season {
    /// Whether a day lies in it.
    #[must_use]
    pub fn holds(&self, day: Day) -> bool {
        let now = MonthDay::of(day);
        if self.from <= self.to { (self.from..=self.to).contains(&now) } else { now >= self.from || now <= self.to }
    }
}

/// A day of every year, `11-15`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct MonthDay {
    month: u8,
    day: u8,
}

impl MonthDay {
    /// 1 January.
    pub const NEW_YEAR: Self = Self { month: 1, day: 1 };

    /// Reads `11-15`; 29 February is a day.
    ///
    /// # Errors
    /// `invalid_date` when the year has no such day.
    pub fn parse(text: &str) -> Result<Self> {
        Day::parse(&format!("2024-{text}")).map(Self::of).map_err(|_| {
            Error::new(Code::InvalidDate, "A day of the year is written like 11-15 (month, then day).".to_owned())
        })
    }

    /// The day of the year a day falls on.
    #[must_use]
    pub fn of(day: Day) -> Self {
        let (_, month, day) = day.civil();
        Self { month: month as u8, day: day as u8 }
    }
}

impl core::fmt::Display for MonthDay {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "{:02}-{:02}", self.month, self.day)
    }
}

impl Serialize for MonthDay {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> core::result::Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for MonthDay {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "MonthDay".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "pattern": "^[0-9]{2}-[0-9]{2}$" })
    }
}

impl<'de> Deserialize<'de> for MonthDay {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> core::result::Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(|error| serde::de::Error::custom(error.message))
    }
}

/// What a code takes off, and under what conditions.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Terms {
    /// Amount off, in minor units.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<Minor>,
    /// Share off, in basis points.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub percent_bp: Option<u32>,
    /// From this basket on, in minor units.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minimum_order: Option<Minor>,
    /// The last second at which it holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Instant>,
    /// The local day of `until`, as it is said to people: pages have no time-zone data.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until_day: Option<Day>,
    /// What it does not hold for, in words per language.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub excludes: Map<String>,
    /// What the one who recommends gets, in words per language. Referral only.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub referrer_gift: Map<String>,
}

/// A merchant's own words for an option. What is absent is said in the default wording.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OptionText {
    /// What it is called, for `{title}` in the default wording.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The headline.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub headline: Option<String>,
    /// The text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
}

/// Customers of certain stages and tiers, and what they get.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Cell {
    /// An opaque id.
    pub id: String,
    /// Any of these stages.
    pub stage: Vec<Stage>,
    /// Any of these tiers.
    pub tier: Vec<Tier>,
    /// Any of these moments; empty means all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub moment: Vec<Moment>,
    /// Option ids with their weight, best first. Options that are equally good follow each other, their weights sum to
    /// 10,000 and share out chance among them; where the sum is reached the next rank begins.
    pub ranked: Vec<(String, u32)>,
}

/// How often something promoting may be said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Caps {
    /// Per week and channel.
    pub per_week: u32,
    /// Attempts per prospect before a first purchase.
    pub attempts: u32,
}

impl Default for Caps {
    fn default() -> Self {
        Self { per_week: 3, attempts: 6 }
    }
}

/// Who is left alone so that the effect can be measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Holdout {
    /// Share of customers in basis points.
    pub bp: u32,
}

#[derive(Deserialize)]
struct VersionOnly {
    v: u32,
}

/// Reads the version field of a document and compares it, before anything else is read.
///
/// # Errors
/// `unsupported_version` with both versions, or what reading gave.
pub fn check_version<'de, D: serde::Deserializer<'de>>(deserializer: D, what: &str) -> Result<()> {
    let VersionOnly { v } = VersionOnly::deserialize(deserializer).map_err(|_| {
        Error::at(Code::MissingField, "v", format!("This is no {what}: it does not say its version in \"v\"."))
    })?;
    if v == VERSION {
        return Ok(());
    }
    Err(Error::at(
        Code::UnsupportedVersion,
        "v",
        format!(
            "This {what} has version {v}, this release reads version {VERSION}. {}",
            if v > VERSION { "Update the package." } else { "Publish it again." }
        ),
    ))
}

impl Policy {
    /// Reads a policy from text.
    ///
    /// # Errors
    /// `unsupported_version`, or what [`crate::reject::parse_json`] gives, or what [`Policy::checked`] finds.
    pub fn parse(text: &str) -> Result<Self> {
        match check_version(&mut serde_json::Deserializer::from_str(text), "policy") {
            Err(error) if error.code == Code::UnsupportedVersion => return Err(error),
            _ => {}
        }
        crate::reject::parse_json::<Self>(text)?.checked()
    }

    /// The language for a BCP 47 tag: that one, or the first the policy has.
    #[must_use]
    pub fn locale(&self, tag: &str) -> Locale {
        Locale::of_tag(tag)
            .filter(|locale| self.texts.get(locale.as_str()).is_some())
            .or_else(|| self.texts.iter().find_map(|(tag, _)| Locale::of_tag(tag)))
            .unwrap_or(Locale::En)
    }

    /// Checks what types cannot: every ranked option exists, and the weights of every rank sum to 10,000.
    ///
    /// # Errors
    /// `contradiction` with the path of the cell.
    pub fn checked(self) -> Result<Self> {
        for (index, cell) in self.cells.iter().enumerate() {
            let whole = cell.ranked.iter().fold(0_u32, |sum, (_, weight)| {
                let sum = sum.saturating_add(*weight);
                if sum == crate::bucket::BUCKETS { 0 } else { sum }
            });
            if whole != 0 {
                return Err(Error::at(
                    Code::Contradiction,
                    format!("cells[{index}].ranked"),
                    "The weights do not sum to 10000 rank by rank. Publish the policy again.",
                ));
            }
            if let Some((id, _)) = cell.ranked.iter().find(|(id, _)| !self.options.iter().any(|o| o.id == *id)) {
                return Err(Error::at(
                    Code::Contradiction,
                    format!("cells[{index}].ranked"),
                    format!("The cell ranks \"{id}\", which is not among the options. Publish the policy again."),
                ));
            }
        }
        Ok(self)
    }
}
