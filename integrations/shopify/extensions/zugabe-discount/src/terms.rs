//! What does the merchant give? The discount's metafield: promotions in the core's own words.

use crate::read::{At, promotion, rounding, stacking};
use shopify_function::scalars::JsonValue;
use zugabe::price::{Promotion, Rounding, Stacking};
use zugabe::reject::{Code, Error, Result};

/// The metafield `$app:terms` of a discount.
#[derive(Debug)]
pub struct Terms {
    /// What the cart says about the discount, by language in two letters. For automatic discounts: a code shows itself.
    pub message: Vec<(String, String)>,
    /// The promotions, each for everybody or for tiers.
    pub promotions: Vec<Tiered>,
    /// Whether somebody who is not logged in counts as a new customer. What they bought before is checked afterwards.
    pub guests_are_new: bool,
    /// How discounts are rounded.
    pub rounding: Rounding,
    /// How promotions combine.
    pub stacking: Stacking,
}

/// A promotion, and for whom.
#[derive(Debug)]
pub struct Tiered {
    /// The tiers it is for; absent, it is for everybody.
    pub tiers: Option<Vec<String>>,
    /// What it takes off.
    pub promotion: Promotion,
}

impl Terms {
    /// Reads the metafield, and refuses what Shopify does itself or what a Function cannot do.
    pub fn read(value: &JsonValue) -> Result<Self> {
        let object = At::root(value).object(&["v", "message", "promotions", "guestsAreNew", "rounding", "stacking"])?;
        if object.need("v")?.whole::<u32>()? != 1 {
            return Err(Error::at(Code::UnsupportedVersion, "v", "These terms have another version than 1."));
        }
        let message = object.maybe("message", |at| {
            at.entries()?.into_iter().map(|(name, at)| Ok((name.to_owned(), at.text()?.to_owned()))).collect()
        })?;
        Ok(Self {
            message: message.unwrap_or_default(),
            promotions: object.need("promotions")?.list(tiered)?,
            guests_are_new: object.maybe("guestsAreNew", At::flag)?.unwrap_or(true),
            rounding: object.maybe("rounding", rounding)?.unwrap_or_default(),
            stacking: object.maybe("stacking", stacking)?.unwrap_or_default(),
        })
    }

    /// The message in this language, else in English, else the first.
    pub fn message_in(&self, language: &str) -> Option<&str> {
        let said = |wanted: &str| self.message.iter().find(|(name, _)| name.eq_ignore_ascii_case(wanted));
        let found = language.get(..2).and_then(said).or_else(|| said("en")).or_else(|| self.message.first());
        found.map(|(_, text)| text.as_str())
    }
}

fn tiered(at: At<'_>) -> Result<Tiered> {
    let object = at.object(&["tiers", "promotion"])?;
    let tiers = object.maybe("tiers", |at| at.list(|tier| tier.text().map(str::to_owned)))?;
    Ok(Tiered { tiers, promotion: promotion(object.need("promotion")?)? })
}
