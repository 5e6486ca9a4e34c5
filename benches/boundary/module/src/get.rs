//! How does a getter refuse? A field of another type is named by its path.

use std::collections::BTreeMap;

use js_sys::{Array, Object};
use wasm_bindgen::{JsCast, JsValue};

use crate::js::Js;

/// The path to what could not be read.
pub type Refused = String;

/// What a getter yields for a field: a value, nothing, or the path when something else stands there.
pub trait Field<T> {
    fn read(self, path: &str) -> Result<Option<T>, Refused>;
}

/// A typed getter has already turned a value of another type into nothing.
impl<T> Field<T> for Option<T> {
    fn read(self, _: &str) -> Result<Option<T>, Refused> {
        Ok(self)
    }
}

/// Nothing, or of the right type, or refused.
fn strict<T>(value: JsValue, read: impl FnOnce(JsValue) -> Option<T>, path: &str) -> Result<Option<T>, Refused> {
    if value.is_null_or_undefined() { Ok(None) } else { read(value).map(Some).ok_or_else(|| path.to_owned()) }
}

impl Field<String> for JsValue {
    fn read(self, path: &str) -> Result<Option<String>, Refused> {
        strict(self, |v| v.as_string(), path)
    }
}

impl Field<f64> for JsValue {
    fn read(self, path: &str) -> Result<Option<f64>, Refused> {
        strict(self, |v| v.as_f64(), path)
    }
}

impl Field<bool> for JsValue {
    fn read(self, path: &str) -> Result<Option<bool>, Refused> {
        strict(self, |v| v.as_bool(), path)
    }
}

impl Field<Js> for JsValue {
    fn read(self, path: &str) -> Result<Option<Js>, Refused> {
        strict(self, |v| v.is_object().then(|| v.unchecked_into()), path)
    }
}

pub fn maybe<T>(field: impl Field<T>, path: &str) -> Result<Option<T>, Refused> {
    field.read(path)
}

pub fn need<T>(field: impl Field<T>, path: &str) -> Result<T, Refused> {
    field.read(path)?.ok_or_else(|| path.to_owned())
}

/// A number that must be a whole one, exact in JavaScript too, and fit.
pub fn whole<T: TryFrom<i64>>(field: impl Field<f64>, path: &str) -> Result<T, Refused> {
    need(maybe_whole(field, path)?, path)
}

pub fn maybe_whole<T: TryFrom<i64>>(field: impl Field<f64>, path: &str) -> Result<Option<T>, Refused> {
    maybe(field, path)?.map(|number| to_whole(number).ok_or_else(|| path.to_owned())).transpose()
}

fn to_whole<T: TryFrom<i64>>(number: f64) -> Option<T> {
    let whole = number as i64;
    let exact = whole as f64 == number && whole.unsigned_abs() < 1 << 53;
    if exact { T::try_from(whole).ok() } else { None }
}

/// A word of a closed list.
pub fn word<T>(field: impl Field<String>, parse: fn(&str) -> Option<T>, path: &str) -> Result<T, Refused> {
    need(maybe_word(field, parse, path)?, path)
}

pub fn maybe_word<T>(
    field: impl Field<String>,
    parse: fn(&str) -> Option<T>,
    path: &str,
) -> Result<Option<T>, Refused> {
    maybe(field, path)?.map(|text| parse(&text).ok_or_else(|| path.to_owned())).transpose()
}

/// Every item of an array.
pub fn list<T>(value: JsValue, path: &str, read: impl Fn(JsValue) -> Result<T, Refused>) -> Result<Vec<T>, Refused> {
    let array: Array = value.dyn_into().map_err(|_| path.to_owned())?;
    array.iter().map(read).collect()
}

pub fn texts(value: JsValue, path: &str) -> Result<Vec<String>, Refused> {
    list(value, path, |item| need(item, path))
}

#[cfg(feature = "policy-getters")]
pub fn words<T>(value: JsValue, parse: fn(&str) -> Option<T>, path: &str) -> Result<Vec<T>, Refused> {
    list(value, path, |item| word(item, parse, path))
}

/// Every entry of an object that is used as a map.
pub fn map<T>(
    value: JsValue,
    path: &str,
    read: impl Fn(JsValue) -> Result<T, Refused>,
) -> Result<BTreeMap<String, T>, Refused> {
    let object: Js = need(value, path)?;
    let mut entries = BTreeMap::new();
    for pair in Object::entries(object.unchecked_ref()).iter() {
        let pair: Array = pair.unchecked_into();
        entries.insert(need(pair.get(0), path)?, read(pair.get(1))?);
    }
    Ok(entries)
}
