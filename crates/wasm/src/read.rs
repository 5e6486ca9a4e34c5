//! How does a JavaScript object become a document? Field by field, with the path of what is wrong, unknown fields
//! refused. Written out rather than derived: derived readers through serde-wasm-bindgen weigh more than all the rest
//! of the page artefact together and see neither paths nor unknown fields (`docs/benchmarks.md`, "Boundary").
//!
//! Reading never stops half-way: the first refusal is noted, the rest is read as if it were blank, and the document is
//! thrown away at the end. Leaving early at every field would have to clean up behind itself at every field, and
//! weigh as much again.

use std::cell::OnceCell;

use js_sys::{Array, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use zugabe::insert::Locale;
use zugabe::map::Map;
use zugabe::money::{Currency, MAX_MINOR};
use zugabe::offer::policy::{
    Caps, Cell, Conditions, Holdout, MonthDay, OptionText, Policy, PolicyOption, PolicyShop, Season, Terms,
};
use zugabe::offer::request::{Consent, ExistingCustomer, Facts, MomentAt, Request, RequestOrder, State, Subject};
use zugabe::offer::words::{Basis, Channel, EmailConsent, Identity, Kind, Moment, Purpose};
use zugabe::offer::{FriendRequest, policy::VERSION};
use zugabe::reject::{Code, Error, Result};
use zugabe::score::stage::Stage;
use zugabe::score::tier::Tier;
use zugabe::time::{Day, Instant};
use zugabe::word::Word;

/// Read from a JavaScript value. Whatever comes back after a refusal is blank and never used.
pub(crate) trait FromJs: Sized {
    /// Reads the value that stands at this place.
    fn from_js(value: &JsValue, at: &At<'_>) -> Self;
}

/// A place in the document, and where the first refusal is noted.
pub(crate) struct At<'a> {
    refused: &'a OnceCell<Error>,
    outer: Option<&'a At<'a>>,
    /// The field; empty in a list, where `index` counts.
    name: &'a str,
    index: usize,
}

impl<'a> At<'a> {
    const fn field(&'a self, name: &'a str) -> Self {
        Self { refused: self.refused, outer: Some(self), name, index: 0 }
    }

    const fn item(&'a self, index: usize) -> Self {
        Self { refused: self.refused, outer: Some(self), name: "", index }
    }

    /// Notes a refusal, unless there was one before.
    #[inline(never)]
    fn refuse(&self, code: Code, message: String) {
        let _ = self.refused.set(Error::at(code, self.path(), message));
    }

    #[inline(never)]
    fn wrong_type(&self, expected: &str) {
        self.refuse(Code::InvalidType, format!("This must be {expected}."));
    }

    fn path(&self) -> String {
        let Some(outer) = self.outer else { return String::new() };
        let mut path = outer.path();
        if self.name.is_empty() {
            path.push_str(&format!("[{}]", self.index));
        } else {
            if !path.is_empty() {
                path.push('.');
            }
            path.push_str(self.name);
        }
        path
    }
}

/// Reads a document after its version, so that a newer one is refused by name and not by its first unknown field.
pub(crate) fn document<T: FromJs>(value: &JsValue, what: &str) -> Result<T> {
    version(value, what)?;
    let refused = OnceCell::new();
    let document = T::from_js(value, &At { refused: &refused, outer: None, name: "", index: 0 });
    refused.into_inner().map_or(Ok(document), Err)
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

#[inline(never)]
fn get(object: &JsValue, name: &str) -> JsValue {
    // Only a getter that throws or a value that is no object fails: both read as absent.
    Reflect::get(object, &JsValue::from_str(name)).unwrap_or(JsValue::UNDEFINED)
}

/// A field that must be there.
#[inline(never)]
fn required<T: FromJs>(object: &JsValue, name: &str, at: &At<'_>) -> T {
    let value = get(object, name);
    let at = at.field(name);
    if value.is_undefined() {
        at.refuse(Code::MissingField, "This field must be there.".to_owned());
    }
    T::from_js(&value, &at)
}

/// A field with a default.
#[inline(never)]
fn or_default<T: FromJs + Default>(object: &JsValue, name: &str, at: &At<'_>) -> T {
    optional(object, name, at).unwrap_or_default()
}

/// A field that may be absent.
#[inline(never)]
fn optional<T: FromJs>(object: &JsValue, name: &str, at: &At<'_>) -> Option<T> {
    let value = get(object, name);
    (!value.is_undefined()).then(|| T::from_js(&value, &at.field(name)))
}

fn keys(object: &JsValue, at: &At<'_>) -> Array {
    if !object.is_object() || Array::is_array(object) {
        at.wrong_type("an object");
        return Array::new();
    }
    Object::keys(object.unchecked_ref::<Object>())
}

/// Refuses what is no object and every field that is not known.
#[inline(never)]
fn known(object: &JsValue, names: &[&str], at: &At<'_>) {
    for key in keys(object, at).iter() {
        let key = key.as_string().unwrap_or_default();
        if !names.contains(&key.as_str()) {
            let message = format!("This field is not known here. Known are: {}.", names.join(", "));
            at.field(&key).refuse(Code::UnknownField, message);
        }
    }
}

#[inline(never)]
fn text(value: &JsValue, at: &At<'_>) -> String {
    value.as_string().unwrap_or_else(|| {
        at.wrong_type("a text");
        String::new()
    })
}

#[inline(never)]
fn whole(value: &JsValue, least: i64, most: i64, at: &At<'_>) -> i64 {
    let Some(number) = value.as_f64() else {
        at.wrong_type("a number");
        return 0;
    };
    let integer = number as i64;
    if integer as f64 != number || integer < least || integer > most {
        at.refuse(Code::InvalidValue, format!("This must be a whole number from {least} to {most}."));
    }
    integer
}

/// The place of a word in its list.
#[inline(never)]
fn word(value: &JsValue, texts: &[&str], at: &At<'_>) -> usize {
    let text = text(value, at);
    texts.iter().position(|word| *word == text).unwrap_or_else(|| {
        at.refuse(Code::InvalidValue, zugabe::word::unknown(&text, texts));
        0
    })
}

impl FromJs for bool {
    fn from_js(value: &JsValue, at: &At<'_>) -> Self {
        value.as_bool().unwrap_or_else(|| {
            at.wrong_type("true or false");
            false
        })
    }
}

impl FromJs for String {
    fn from_js(value: &JsValue, at: &At<'_>) -> Self {
        text(value, at)
    }
}

impl FromJs for u32 {
    fn from_js(value: &JsValue, at: &At<'_>) -> Self {
        whole(value, 0, i64::from(Self::MAX), at) as Self
    }
}

impl FromJs for i64 {
    fn from_js(value: &JsValue, at: &At<'_>) -> Self {
        whole(value, -MAX_MINOR, MAX_MINOR, at)
    }
}

impl<T: FromJs> FromJs for Vec<T> {
    #[inline(never)]
    fn from_js(value: &JsValue, at: &At<'_>) -> Self {
        let Some(array) = value.dyn_ref::<Array>() else {
            at.wrong_type("a list");
            return Self::new();
        };
        array.iter().enumerate().map(|(index, item)| T::from_js(&item, &at.item(index))).collect()
    }
}

/// An option with its weight.
impl FromJs for (String, u32) {
    fn from_js(value: &JsValue, at: &At<'_>) -> Self {
        let Some(pair) = value.dyn_ref::<Array>().filter(|pair| pair.length() == 2) else {
            at.wrong_type("a list of two");
            return (String::new(), 0);
        };
        (text(&pair.get(0), at), u32::from_js(&pair.get(1), at))
    }
}

impl<V: FromJs> FromJs for Map<V> {
    #[inline(never)]
    fn from_js(value: &JsValue, at: &At<'_>) -> Self {
        let mut map = Self::default();
        for key in keys(value, at).iter() {
            let key = key.as_string().unwrap_or_default();
            let entry = V::from_js(&get(value, &key), &at.field(&key));
            map.insert(key, entry);
        }
        map
    }
}

macro_rules! parsed {
    ($($type:ty = $blank:expr),+) => {
        $(impl FromJs for $type {
            #[inline(never)]
            fn from_js(value: &JsValue, at: &At<'_>) -> Self {
                Self::parse(&text(value, at)).unwrap_or_else(|error| {
                    at.refuse(error.code, error.message);
                    $blank
                })
            }
        })+
    };
}

parsed!(Instant = Self::from_unix(0), Day = Self::from_number(0), Currency = Self::NONE, MonthDay = Self::NEW_YEAR);

macro_rules! words {
    ($($type:ty),+) => {
        $(impl FromJs for $type {
            fn from_js(value: &JsValue, at: &At<'_>) -> Self {
                Self::VALUES[word(value, Self::TEXTS, at)]
            }
        })+
    };
}

words!(Basis, Channel, EmailConsent, Identity, Kind, Locale, Moment, Purpose, Stage, Tier);

/// Reads the named fields: `required`, `optional` or `or_default`.
macro_rules! fields {
    ($type:ident { $($field:ident: $how:ident $name:literal),+ $(,)? }) => {
        impl FromJs for $type {
            #[inline(never)]
            fn from_js(value: &JsValue, at: &At<'_>) -> Self {
                known(value, &[$($name),+], at);
                Self { $($field: $how(value, $name, at)),+ }
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
    surprise_bp: or_default "surpriseBp",
    terms: optional "terms",
    url: optional "url",
    text: or_default "text",
});

fn basis(object: &JsValue, name: &str, at: &At<'_>) -> Basis {
    optional(object, name, at).unwrap_or(Basis::Segment)
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

fields!(Cell {
    id: required "id",
    stage: required "stage",
    tier: required "tier",
    moment: or_default "moment",
    ranked: required "ranked",
});

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
    existing_customer: optional "existingCustomer",
    ads: or_default "ads",
    phone: or_default "phone",
    storage: or_default "storage",
});

fields!(ExistingCustomer {
    address_from_sale: or_default "addressFromSale",
    similar_goods: or_default "similarGoods",
    no_objection: or_default "noObjection",
    notified: or_default "notified",
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
    spent: or_default "spent",
});

fields!(FriendRequest { v: required "v", now: required "now", locale: or_default "locale", code: required "code" });
