//! Which fields does an object of JavaScript have? One type with every field: a getter does not care whose it is.

use wasm_bindgen::prelude::*;

// An import for each field.
#[cfg(not(feature = "keyed"))]
#[wasm_bindgen]
extern "C" {
    pub type Js;
    #[wasm_bindgen(method, getter)]
    pub fn now(this: &Js) -> Option<String>;
    #[wasm_bindgen(method, getter)]
    pub fn locale(this: &Js) -> Option<String>;
    #[wasm_bindgen(method, getter)]
    pub fn at(this: &Js) -> Option<String>;
    #[wasm_bindgen(method, getter)]
    pub fn id(this: &Js) -> Option<String>;
    #[wasm_bindgen(method, getter)]
    pub fn identity(this: &Js) -> Option<String>;
    #[wasm_bindgen(method, getter)]
    pub fn email(this: &Js) -> Option<String>;
    #[wasm_bindgen(method, getter)]
    pub fn stage(this: &Js) -> Option<String>;
    #[wasm_bindgen(method, getter)]
    pub fn tier(this: &Js) -> Option<String>;
    #[wasm_bindgen(method, getter)]
    pub fn code(this: &Js) -> Option<String>;
    #[wasm_bindgen(method, getter)]
    pub fn currency(this: &Js) -> Option<String>;
    #[wasm_bindgen(method, getter)]
    pub fn source(this: &Js) -> Option<String>;
    #[wasm_bindgen(method, getter)]
    pub fn country(this: &Js) -> Option<String>;
    #[wasm_bindgen(method, getter, js_name = "lastOption")]
    pub fn last_option(this: &Js) -> Option<String>;
    #[wasm_bindgen(method, getter)]
    pub fn hash(this: &Js) -> Option<String>;
    #[wasm_bindgen(method, getter)]
    pub fn audience(this: &Js) -> Option<String>;
    #[wasm_bindgen(method, getter, js_name = "publishedAt")]
    pub fn published_at(this: &Js) -> Option<String>;
    #[wasm_bindgen(method, getter, js_name = "expiresAt")]
    pub fn expires_at(this: &Js) -> Option<String>;
    #[wasm_bindgen(method, getter)]
    pub fn name(this: &Js) -> Option<String>;
    #[wasm_bindgen(method, getter)]
    pub fn kind(this: &Js) -> Option<String>;
    #[wasm_bindgen(method, getter)]
    pub fn purpose(this: &Js) -> Option<String>;
    #[wasm_bindgen(method, getter)]
    pub fn url(this: &Js) -> Option<String>;
    #[wasm_bindgen(method, getter)]
    pub fn rule(this: &Js) -> Option<String>;
    #[wasm_bindgen(method, getter)]
    pub fn min(this: &Js) -> Option<String>;
    #[wasm_bindgen(method, getter)]
    pub fn counter(this: &Js) -> Option<String>;
    #[wasm_bindgen(method, getter)]
    pub fn condition(this: &Js) -> Option<String>;
    #[wasm_bindgen(method, getter)]
    pub fn headline(this: &Js) -> Option<String>;
    #[wasm_bindgen(method, getter)]
    pub fn body(this: &Js) -> Option<String>;
    #[wasm_bindgen(method, getter)]
    pub fn conditions(this: &Js) -> Option<String>;
    #[wasm_bindgen(method, getter)]
    pub fn why(this: &Js) -> Option<String>;
    #[wasm_bindgen(method, getter, js_name = "type")]
    pub fn moment_type(this: &Js) -> Option<String>;
    #[wasm_bindgen(method, getter)]
    pub fn v(this: &Js) -> Option<f64>;
    #[wasm_bindgen(method, getter, js_name = "orderNumber")]
    pub fn order_number(this: &Js) -> Option<f64>;
    #[wasm_bindgen(method, getter)]
    pub fn days(this: &Js) -> Option<f64>;
    #[wasm_bindgen(method, getter)]
    pub fn subtotal(this: &Js) -> Option<f64>;
    #[wasm_bindgen(method, getter)]
    pub fn attempts(this: &Js) -> Option<f64>;
    #[wasm_bindgen(method, getter)]
    pub fn bp(this: &Js) -> Option<f64>;
    #[wasm_bindgen(method, getter)]
    pub fn amount(this: &Js) -> Option<f64>;
    #[wasm_bindgen(method, getter)]
    pub fn limit(this: &Js) -> Option<f64>;
    #[wasm_bindgen(method, getter)]
    pub fn minimum(this: &Js) -> Option<f64>;
    #[wasm_bindgen(method, getter, js_name = "customerValue")]
    pub fn customer_value(this: &Js) -> Option<f64>;
    #[wasm_bindgen(method, getter)]
    pub fn objected(this: &Js) -> Option<bool>;
    #[wasm_bindgen(method, getter)]
    pub fn profiling(this: &Js) -> Option<bool>;
    #[wasm_bindgen(method, getter)]
    pub fn ads(this: &Js) -> Option<bool>;
    #[wasm_bindgen(method, getter)]
    pub fn phone(this: &Js) -> Option<bool>;
    #[wasm_bindgen(method, getter)]
    pub fn storage(this: &Js) -> Option<bool>;
    #[wasm_bindgen(method, getter)]
    pub fn parcel(this: &Js) -> Option<bool>;
    #[wasm_bindgen(method, getter, js_name = "openProblem")]
    pub fn open_problem(this: &Js) -> Option<bool>;
    #[wasm_bindgen(method, getter)]
    pub fn moment(this: &Js) -> Option<Js>;
    #[wasm_bindgen(method, getter)]
    pub fn subject(this: &Js) -> Option<Js>;
    #[wasm_bindgen(method, getter)]
    pub fn consent(this: &Js) -> Option<Js>;
    #[wasm_bindgen(method, getter)]
    pub fn facts(this: &Js) -> Option<Js>;
    #[wasm_bindgen(method, getter)]
    pub fn order(this: &Js) -> Option<Js>;
    #[wasm_bindgen(method, getter)]
    pub fn state(this: &Js) -> Option<Js>;
    #[wasm_bindgen(method, getter)]
    pub fn shop(this: &Js) -> Option<Js>;
    #[wasm_bindgen(method, getter)]
    pub fn holdout(this: &Js) -> Option<Js>;
    #[wasm_bindgen(method, getter)]
    pub fn terms(this: &Js) -> Option<Js>;
    #[wasm_bindgen(method, getter)]
    pub fn tags(this: &Js) -> JsValue;
    #[wasm_bindgen(method, getter)]
    pub fn sent(this: &Js) -> JsValue;
    #[wasm_bindgen(method, getter)]
    pub fn stock(this: &Js) -> JsValue;
    #[wasm_bindgen(method, getter)]
    pub fn options(this: &Js) -> JsValue;
    #[wasm_bindgen(method, getter)]
    pub fn cells(this: &Js) -> JsValue;
    #[wasm_bindgen(method, getter)]
    pub fn texts(this: &Js) -> JsValue;
    #[wasm_bindgen(method, getter)]
    pub fn channels(this: &Js) -> JsValue;
    #[wasm_bindgen(method, getter)]
    pub fn moments(this: &Js) -> JsValue;
    #[wasm_bindgen(method, getter)]
    pub fn rules(this: &Js) -> JsValue;
    #[wasm_bindgen(method, getter)]
    pub fn any(this: &Js) -> JsValue;
    #[wasm_bindgen(method, getter)]
    pub fn ranked(this: &Js) -> JsValue;
    #[wasm_bindgen(method, getter)]
    pub fn labels(this: &Js) -> JsValue;
    #[wasm_bindgen(method, getter, js_name = "stage")]
    pub fn stages(this: &Js) -> JsValue;
    #[wasm_bindgen(method, getter, js_name = "tier")]
    pub fn tiers(this: &Js) -> JsValue;
}

// One import; the name of the field crosses with every call, and what stands there is judged on this side.
#[cfg(feature = "keyed")]
#[wasm_bindgen]
extern "C" {
    pub type Js;
    #[wasm_bindgen(method, structural, indexing_getter)]
    fn get(this: &Js, key: &str) -> JsValue;
}

#[cfg(feature = "keyed")]
macro_rules! fields {
    ($($name:ident $key:literal),+ $(,)?) => {
        impl Js {
            $(pub fn $name(&self) -> JsValue { self.get($key) })+
        }
    };
}

#[cfg(feature = "keyed")]
fields! {
    now "now", locale "locale", at "at", id "id", identity "identity", email "email", stage "stage", tier "tier",
    code "code", currency "currency", source "source", country "country", last_option "lastOption", hash "hash",
    audience "audience", published_at "publishedAt", expires_at "expiresAt", name "name", kind "kind",
    purpose "purpose", url "url", rule "rule", min "min", counter "counter", condition "condition",
    headline "headline", body "body", conditions "conditions", why "why", moment_type "type", v "v",
    order_number "orderNumber", days "days", subtotal "subtotal", attempts "attempts", bp "bp", amount "amount",
    limit "limit", minimum "minimum", customer_value "customerValue", objected "objected", profiling "profiling",
    ads "ads", phone "phone", storage "storage", parcel "parcel", open_problem "openProblem", moment "moment",
    subject "subject", consent "consent", facts "facts", order "order", state "state", shop "shop", holdout "holdout",
    terms "terms", tags "tags", sent "sent", stock "stock", options "options", cells "cells", texts "texts",
    channels "channels", moments "moments", rules "rules", any "any", ranked "ranked", labels "labels",
    stages "stage", tiers "tier",
}
