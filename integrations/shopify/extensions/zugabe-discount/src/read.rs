//! How is a document read here? Field by field from Shopify's values, each with its path. The core's own reader of JSON
//! text would take a quarter of what a Function may weigh; a test holds the two to the same result.

use shopify_function::scalars::JsonValue;
use std::collections::BTreeMap;
use zugabe::money::{Currency, MAX_MINOR};
use zugabe::price::{
    Conditions, Effect, Group, Promotion, Remainder, Rounding, RoundingLevel, RoundingMode, Stacking, StackingMode,
    TierBasis, TierStep,
};
use zugabe::reject::{Code, Error, Result};

/// An object, whose fields are all known.
pub struct Object<'a> {
    path: String,
    fields: &'a BTreeMap<String, JsonValue>,
}

/// A value and where it stands.
pub struct At<'a> {
    path: String,
    value: &'a JsonValue,
}

impl<'a> At<'a> {
    /// The document itself.
    pub const fn root(value: &'a JsonValue) -> Self {
        Self { path: String::new(), value }
    }

    fn wrong<T>(self, wanted: &str) -> Result<T> {
        Err(Error::at(Code::InvalidType, self.path, format!("This must be {wanted}.")))
    }

    /// An object with these fields and no others.
    pub fn object(self, known: &[&str]) -> Result<Object<'a>> {
        let JsonValue::Object(fields) = self.value else { return self.wrong("an object") };
        if let Some(unknown) = fields.keys().find(|name| !known.contains(&name.as_str())) {
            let error = Error::at(Code::UnknownField, unknown.as_str(), "This version knows no such field.");
            return Err(error.under(&self.path));
        }
        Ok(Object { path: self.path, fields })
    }

    /// Each field of an object with any names.
    pub fn entries(self) -> Result<Vec<(&'a str, At<'a>)>> {
        let JsonValue::Object(fields) = self.value else { return self.wrong("an object") };
        let path = |name: &str| if self.path.is_empty() { name.to_owned() } else { format!("{}.{name}", self.path) };
        Ok(fields.iter().map(|(name, value)| (name.as_str(), At { path: path(name), value })).collect())
    }

    /// Each element of a list.
    pub fn list<T>(self, read: impl Fn(At<'a>) -> Result<T>) -> Result<Vec<T>> {
        let JsonValue::Array(items) = self.value else { return self.wrong("a list") };
        let at = |(index, value)| At { path: format!("{}[{index}]", self.path), value };
        items.iter().enumerate().map(|item| read(at(item))).collect()
    }

    /// A text.
    pub fn text(self) -> Result<&'a str> {
        match self.value {
            JsonValue::String(text) => Ok(text),
            _ => self.wrong("a text"),
        }
    }

    /// Yes or no.
    pub fn flag(self) -> Result<bool> {
        match self.value {
            JsonValue::Boolean(flag) => Ok(*flag),
            _ => self.wrong("true or false"),
        }
    }

    /// A whole number that the type holds.
    pub fn whole<T: TryFrom<i64>>(self) -> Result<T> {
        if let JsonValue::Number(number) = *self.value
            && (-(MAX_MINOR as f64)..=MAX_MINOR as f64).contains(&number)
            && number as i64 as f64 == number
            && let Ok(whole) = T::try_from(number as i64)
        {
            return Ok(whole);
        }
        self.wrong("a whole number that fits")
    }

    /// One word of a list.
    fn word<T: Copy>(self, words: &[(&str, T)]) -> Result<T> {
        let text = At { path: self.path.clone(), ..self }.text()?;
        let found = words.iter().find(|(word, _)| *word == text).map(|(_, value)| *value);
        found.ok_or_else(|| Error::at(Code::InvalidValue, self.path, "This word is not on the list."))
    }
}

impl<'a> Object<'a> {
    /// A field; null is absent.
    pub fn get(&self, name: &str) -> Option<At<'a>> {
        let value = self.fields.get(name).filter(|value| **value != JsonValue::Null)?;
        let path = if self.path.is_empty() { name.to_owned() } else { format!("{}.{name}", self.path) };
        Some(At { path, value })
    }

    /// A field that must be there.
    pub fn need(&self, name: &str) -> Result<At<'a>> {
        self.get(name).ok_or_else(|| Error::at(Code::MissingField, name, "This field is missing.").under(&self.path))
    }

    /// A field that may be absent.
    pub fn maybe<T>(&self, name: &str, read: impl FnOnce(At<'a>) -> Result<T>) -> Result<Option<T>> {
        self.get(name).map(read).transpose()
    }

    /// Why a field has no business here.
    fn refuse(&self, name: &str, why: &str) -> Result<()> {
        match self.get(name) {
            Some(At { path, .. }) => Err(Error::at(Code::Contradiction, path, why)),
            None => Ok(()),
        }
    }
}

fn texts(at: At<'_>) -> Result<Vec<String>> {
    at.list(|item| item.text().map(str::to_owned))
}

/// A promotion, less what Shopify does itself and what a Function cannot do.
pub fn promotion(at: At<'_>) -> Result<Promotion> {
    let known = [
        "id",
        "currency",
        "effect",
        "conditions",
        "maxUnits",
        "cap",
        "priority",
        "exclusive",
        "group",
        "code",
        "validFrom",
        "validUntil",
        "taxIncluded",
    ];
    let object = at.object(&known)?;
    object.refuse("code", "Codes belong to the discount in Shopify, which decides whether one was entered.")?;
    for name in ["validFrom", "validUntil"] {
        object.refuse(name, "Dates belong to the discount in Shopify: a Function has no clock.")?;
    }
    object.refuse("taxIncluded", "A Function does not know tax rates: leave it out and mean the shop's prices.")?;
    let currency = object.maybe("currency", |at| {
        let path = at.path.clone();
        Currency::parse(at.text()?).map_err(|error| error.under(&path))
    })?;
    Ok(Promotion {
        id: object.need("id")?.text()?.to_owned(),
        code: None,
        currency,
        tax_included: None,
        effect: effect(object.need("effect")?)?,
        conditions: object.maybe("conditions", conditions)?.unwrap_or_default(),
        max_units: object.maybe("maxUnits", At::whole)?,
        cap: object.maybe("cap", At::whole)?,
        priority: object.maybe("priority", At::whole)?.unwrap_or_default(),
        exclusive: object.maybe("exclusive", At::flag)?.unwrap_or_default(),
        group: object.maybe("group", At::text)?.map(str::to_owned),
        valid_from: None,
        valid_until: None,
    })
}

fn effect(at: At<'_>) -> Result<Effect> {
    let path = at.path.clone();
    let At { value, .. } = at;
    let again = || At { path: path.clone(), value };
    let JsonValue::Object(fields) = value else { return again().wrong("an object") };
    let kind = match fields.get("type") {
        Some(JsonValue::String(kind)) => kind.as_str(),
        _ => "",
    };
    match kind {
        "percent" => Ok(Effect::Percent { bp: again().object(&["type", "bp"])?.need("bp")?.whole()? }),
        "fixed" => Ok(Effect::Fixed { amount: again().object(&["type", "amount"])?.need("amount")?.whole()? }),
        "fixed_per_item" => {
            Ok(Effect::FixedPerItem { amount: again().object(&["type", "amount"])?.need("amount")?.whole()? })
        }
        "buy_get" => {
            let object = again().object(&["type", "buy", "get", "bp"])?;
            Ok(Effect::BuyGet {
                buy: object.need("buy")?.whole()?,
                get: object.need("get")?.whole()?,
                bp: object.maybe("bp", At::whole)?.unwrap_or(10_000),
            })
        }
        "tiers" => {
            let object = again().object(&["type", "by", "steps"])?;
            let by =
                object.need("by")?.word(&[("subtotal", TierBasis::Subtotal), ("quantity", TierBasis::Quantity)])?;
            Ok(Effect::Tiers { by, steps: object.need("steps")?.list(step)? })
        }
        "free_shipping" => {
            Err(Error::at(Code::Contradiction, path, "Free shipping is a discount type of its own in Shopify."))
        }
        "gift" => Err(Error::at(
            Code::Contradiction,
            path,
            "A Function adds no lines: a gift is a \"buy X get Y\" discount in Shopify.",
        )),
        _ => Err(Error::at(
            Code::InvalidValue,
            path,
            "\"type\" is one of percent, fixed, fixed_per_item, buy_get, tiers.",
        )),
    }
}

fn step(at: At<'_>) -> Result<TierStep> {
    let object = at.object(&["from", "bp", "amount"])?;
    Ok(TierStep {
        from: object.need("from")?.whole()?,
        bp: object.maybe("bp", At::whole)?,
        amount: object.maybe("amount", At::whole)?,
    })
}

fn conditions(at: At<'_>) -> Result<Conditions> {
    let object = at.object(&[
        "minSubtotal",
        "maxSubtotal",
        "minQuantity",
        "maxQuantity",
        "tags",
        "withoutTags",
        "firstOrderOnly",
    ])?;
    Ok(Conditions {
        min_subtotal: object.maybe("minSubtotal", At::whole)?,
        max_subtotal: object.maybe("maxSubtotal", At::whole)?,
        min_quantity: object.maybe("minQuantity", At::whole)?,
        max_quantity: object.maybe("maxQuantity", At::whole)?,
        tags: object.maybe("tags", texts)?.unwrap_or_default(),
        without_tags: object.maybe("withoutTags", texts)?.unwrap_or_default(),
        first_order_only: object.maybe("firstOrderOnly", At::flag)?.unwrap_or_default(),
    })
}

/// How discounts are rounded.
pub fn rounding(at: At<'_>) -> Result<Rounding> {
    let object = at.object(&["mode", "level", "remainder"])?;
    let modes =
        [("half_up", RoundingMode::HalfUp), ("half_even", RoundingMode::HalfEven), ("down", RoundingMode::Down)];
    let levels = [("order", RoundingLevel::Order), ("line", RoundingLevel::Line), ("unit", RoundingLevel::Unit)];
    let rest = [("largest", Remainder::Largest), ("first", Remainder::First), ("last", Remainder::Last)];
    Ok(Rounding {
        mode: object.maybe("mode", |at| at.word(&modes))?.unwrap_or_default(),
        level: object.maybe("level", |at| at.word(&levels))?.unwrap_or_default(),
        remainder: object.maybe("remainder", |at| at.word(&rest))?.unwrap_or_default(),
    })
}

/// How promotions combine.
pub fn stacking(at: At<'_>) -> Result<Stacking> {
    let object = at.object(&["mode", "cap", "capBp", "groups"])?;
    let modes = [("in_order", StackingMode::InOrder), ("best", StackingMode::Best)];
    Ok(Stacking {
        mode: object.maybe("mode", |at| at.word(&modes))?.unwrap_or_default(),
        cap: object.maybe("cap", At::whole)?,
        cap_bp: object.maybe("capBp", At::whole)?,
        groups: object.maybe("groups", |at| at.list(group))?.unwrap_or_default(),
    })
}

fn group(at: At<'_>) -> Result<Group> {
    let object = at.object(&["id", "oneOf", "cap", "capBp"])?;
    Ok(Group {
        id: object.need("id")?.text()?.to_owned(),
        one_of: object.maybe("oneOf", At::flag)?.unwrap_or_default(),
        cap: object.maybe("cap", At::whole)?,
        cap_bp: object.maybe("capBp", At::whole)?,
    })
}
