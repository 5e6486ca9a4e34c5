//! How does a JavaScript object become a document? Field by field, with the path of what is wrong, unknown fields
//! refused. Written out rather than derived: derived readers through serde-wasm-bindgen weigh more than all the rest
//! of the page artefact together and see neither paths nor unknown fields (`docs/benchmarks.md`, "Boundary").

use js_sys::{Array, Object, Reflect};
use serde::Deserialize;
use serde::de::IntoDeserializer;
use serde::de::value::{Error as WordError, StrDeserializer};
use wasm_bindgen::{JsCast, JsValue};
use zugabe::insert::Locale;
use zugabe::map::Map;
use zugabe::money::{Currency, MAX_MINOR};
use zugabe::offer::policy::{
    Caps, Cell, Conditions, Holdout, MonthDay, OptionText, Policy, PolicyOption, PolicyShop, Season, Terms,
};
use zugabe::offer::request::{Consent, Facts, MomentAt, Request, RequestOrder, State, Subject};
use zugabe::offer::words::{Basis, Channel, EmailConsent, Identity, Kind, Moment, Purpose};
use zugabe::offer::{FriendRequest, policy::VERSION};
use zugabe::reject::{Code, Error, Result};
use zugabe::score::stage::Stage;
use zugabe::score::tier::Tier;
use zugabe::time::{Day, Instant};

/// Read from a JavaScript value.
pub(crate) trait FromJs: Sized {
    /// Reads the value.
    fn from_js(value: &JsValue) -> Result<Self>;
}

/// Reads a document after its version, so that a newer one is refused by name and not by its first unknown field.
pub(crate) fn document<T: FromJs>(value: &JsValue, what: &str) -> Result<T> {
    version(value, what)?;
    T::from_js(value)
}

fn version(value: &JsValue, what: &str) -> Result<()> {
    let v = get(value, "v").as_f64();
    if v == Some(f64::from(VERSION)) {
        return Ok(());
    }
    let (code, message) = match v {
        Some(v) => (
            Code::UnsupportedVersion,
            format!("This {what} has version {}, this release reads version {VERSION}.", v as i64),
        ),
        None => (Code::MissingField, format!("This is no {what}: it does not say its version in \"v\".")),
    };
    Err(Error::at(code, "v", message))
}

fn get(object: &JsValue, name: &str) -> JsValue {
    // Only a getter that throws or a value that is no object fails: both read as absent.
    Reflect::get(object, &JsValue::from_str(name)).unwrap_or(JsValue::UNDEFINED)
}

/// A field that must be there.
fn required<T: FromJs>(object: &JsValue, name: &str) -> Result<T> {
    let value = get(object, name);
    if value.is_undefined() {
        return Err(missing(name));
    }
    T::from_js(&value).map_err(|error| error.under(name))
}

fn missing(name: &str) -> Error {
    Error::at(Code::MissingField, name, "This field must be there.")
}

/// A field with a default.
fn or_default<T: FromJs + Default>(object: &JsValue, name: &str) -> Result<T> {
    Ok(optional(object, name)?.unwrap_or_default())
}

/// A field that may be absent.
fn optional<T: FromJs>(object: &JsValue, name: &str) -> Result<Option<T>> {
    let value = get(object, name);
    if value.is_undefined() {
        return Ok(None);
    }
    T::from_js(&value).map(Some).map_err(|error| error.under(name))
}

/// Refuses what is no object and every field that is not known.
fn known(object: &JsValue, names: &[&str]) -> Result<()> {
    if !object.is_object() || Array::is_array(object) {
        return Err(wrong_type("an object"));
    }
    for key in Object::keys(object.unchecked_ref::<Object>()).iter() {
        let key = key.as_string().unwrap_or_default();
        if !names.contains(&key.as_str()) {
            return Err(Error::at(
                Code::UnknownField,
                key,
                format!("This field is not known here. Known are: {}.", names.join(", ")),
            ));
        }
    }
    Ok(())
}

fn wrong_type(expected: &str) -> Error {
    Error::new(Code::InvalidType, format!("This must be {expected}."))
}

fn text(value: &JsValue) -> Result<String> {
    value.as_string().ok_or_else(|| wrong_type("a text"))
}

fn whole(value: &JsValue, least: i64, most: i64) -> Result<i64> {
    let number = value.as_f64().ok_or_else(|| wrong_type("a number"))?;
    let integer = number as i64;
    if integer as f64 != number || integer < least || integer > most {
        return Err(Error::new(Code::InvalidValue, format!("This must be a whole number from {least} to {most}.")));
    }
    Ok(integer)
}

impl FromJs for bool {
    fn from_js(value: &JsValue) -> Result<Self> {
        value.as_bool().ok_or_else(|| wrong_type("true or false"))
    }
}

impl FromJs for String {
    fn from_js(value: &JsValue) -> Result<Self> {
        text(value)
    }
}

impl FromJs for u32 {
    fn from_js(value: &JsValue) -> Result<Self> {
        whole(value, 0, i64::from(Self::MAX)).map(|number| number as Self)
    }
}

impl FromJs for i64 {
    fn from_js(value: &JsValue) -> Result<Self> {
        whole(value, -MAX_MINOR, MAX_MINOR)
    }
}

impl<T: FromJs> FromJs for Vec<T> {
    fn from_js(value: &JsValue) -> Result<Self> {
        let array = value.dyn_ref::<Array>().ok_or_else(|| wrong_type("a list"))?;
        let mut list = Self::with_capacity(array.length() as usize);
        for (index, item) in array.iter().enumerate() {
            list.push(T::from_js(&item).map_err(|error| error.under(&format!("[{index}]")))?);
        }
        Ok(list)
    }
}

/// An option with its weight.
impl FromJs for (String, u32) {
    fn from_js(value: &JsValue) -> Result<Self> {
        let pair = value.dyn_ref::<Array>().filter(|pair| pair.length() == 2);
        let pair = pair.ok_or_else(|| wrong_type("a list of two"))?;
        Ok((text(&pair.get(0))?, u32::from_js(&pair.get(1))?))
    }
}

impl<V: FromJs> FromJs for Map<V> {
    fn from_js(value: &JsValue) -> Result<Self> {
        if !value.is_object() || Array::is_array(value) {
            return Err(wrong_type("an object"));
        }
        let mut map = Self::default();
        for key in Object::keys(value.unchecked_ref::<Object>()).iter() {
            let key = key.as_string().unwrap_or_default();
            let entry = V::from_js(&get(value, &key)).map_err(|error| error.under(&key))?;
            map.insert(key, entry);
        }
        Ok(map)
    }
}

macro_rules! parsed {
    ($($type:ty),+) => {
        $(impl FromJs for $type {
            fn from_js(value: &JsValue) -> Result<Self> {
                Self::parse(&text(value)?)
            }
        })+
    };
}

parsed!(Instant, Day, Currency, MonthDay);

macro_rules! words {
    ($($type:ty),+) => {
        $(impl FromJs for $type {
            fn from_js(value: &JsValue) -> Result<Self> {
                let text = text(value)?;
                let word: StrDeserializer<'_, WordError> = text.as_str().into_deserializer();
                Self::deserialize(word).map_err(|error| Error::new(Code::InvalidValue, error.to_string()))
            }
        })+
    };
}

words!(Basis, Channel, EmailConsent, Identity, Kind, Locale, Moment, Purpose, Stage, Tier);

/// Reads the named fields: `required`, `optional` or `or_default`.
macro_rules! fields {
    ($type:ident { $($field:ident: $how:ident $name:literal),+ $(,)? }) => {
        impl FromJs for $type {
            fn from_js(value: &JsValue) -> Result<Self> {
                known(value, &[$($name),+])?;
                Ok(Self { $($field: $how(value, $name)?),+ })
            }
        }
    };
}

fields!(Policy {
    v: required "v",
    hash: or_default "hash",
    audience: required "audience",
    seed: required "seed",
    shop: required "shop",
    published_at: required "publishedAt",
    expires_at: required "expiresAt",
    options: required "options",
    cells: required "cells",
    caps: or_default "caps",
    holdout: or_default "holdout",
    texts: required "texts",
});

fields!(PolicyShop {
    name: required "name",
    currency: required "currency",
    url: optional "url",
    friend_url: optional "friendUrl",
    contact: optional "contact",
});

fields!(PolicyOption {
    id: required "id",
    kind: required "kind",
    purpose: required "purpose",
    moments: required "moments",
    stages: required "stages",
    basis: basis "basis",
    min_tier: optional "minTier",
    conditions: or_default "conditions",
    season: optional "season",
    stock: or_default "stock",
    terms: optional "terms",
    url: optional "url",
    text: or_default "text",
});

fn basis(object: &JsValue, name: &str) -> Result<Basis> {
    Ok(optional(object, name)?.unwrap_or(Basis::Segment))
}

fields!(Conditions {
    tags: or_default "tags",
    excluded_tags: or_default "excludedTags",
    countries: or_default "countries",
    excluded_countries: or_default "excludedCountries",
    minimum_order: optional "minimumOrder",
});

fields!(Season { from: required "from", to: required "to" });

fields!(Terms {
    amount: optional "amount",
    percent_bp: optional "percentBp",
    minimum_order: optional "minimumOrder",
    until: optional "until",
    until_day: optional "untilDay",
    excludes: or_default "excludes",
    referrer_gift: or_default "referrerGift",
});

fields!(OptionText { title: optional "title", headline: optional "headline", body: optional "body" });

fields!(Cell { id: required "id", stage: required "stage", tier: required "tier", ranked: required "ranked" });

fields!(Caps { per_week: required "perWeek", attempts: required "attempts" });

fields!(Holdout { bp: required "bp" });

fields!(Request {
    v: required "v",
    now: required "now",
    locale: or_default "locale",
    moment: required "moment",
    subject: required "subject",
    consent: or_default "consent",
    facts: or_default "facts",
    order: optional "order",
    state: or_default "state",
});

fields!(MomentAt { kind: required "type", at: required "at" });

fields!(Subject { id: required "id", identity: required "identity", name: optional "name" });

fields!(Consent {
    objected: or_default "objected",
    profiling: or_default "profiling",
    email: optional "email",
    ads: or_default "ads",
    phone: or_default "phone",
    storage: or_default "storage",
});

fields!(Facts {
    stage: optional "stage",
    tier: optional "tier",
    order_number: optional "orderNumber",
    days: optional "days",
    open_problem: or_default "openProblem",
    code: optional "code",
    codes: or_default "codes",
});

fields!(RequestOrder {
    id: optional "id",
    currency: required "currency",
    subtotal: required "subtotal",
    parcel: or_default "parcel",
    tags: or_default "tags",
    source: optional "source",
    country: optional "country",
});

fields!(State {
    attempts: optional "attempts",
    last_option: optional "lastOption",
    sent: or_default "sent",
    stock: or_default "stock",
});

fields!(FriendRequest { v: required "v", now: required "now", locale: or_default "locale", code: required "code" });
