//! Which way does each leg cross? One feature for each leg picks it; the work between is the same.

use wasm_bindgen::prelude::*;

use crate::documents::{Decision, Policy, Request};
use crate::select::select;

/// A policy, read once.
#[wasm_bindgen]
pub struct Engine(Policy);

#[wasm_bindgen]
impl Engine {
    #[wasm_bindgen(constructor)]
    pub fn new(policy: JsValue) -> Result<Engine, JsError> {
        read_policy(policy).map(Engine)
    }

    pub fn decide(&self, request: JsValue) -> Result<JsValue, JsError> {
        let request = read_request(request)?;
        write_decision(&select(&self.0, &request))
    }
}

#[cfg(any(feature = "policy-text", feature = "request-text"))]
fn read_text<T: serde::de::DeserializeOwned>(text: JsValue) -> Result<T, JsError> {
    let text = text.as_string().ok_or_else(|| JsError::new("the document must be JSON text"))?;
    serde_json::from_str(&text).map_err(|error| JsError::new(&error.to_string()))
}

#[cfg(feature = "policy-text")]
fn read_policy(policy: JsValue) -> Result<Policy, JsError> {
    read_text(policy)
}

#[cfg(feature = "policy-serde")]
fn read_policy(policy: JsValue) -> Result<Policy, JsError> {
    Ok(serde_wasm_bindgen::from_value(policy)?)
}

#[cfg(feature = "policy-getters")]
fn read_policy(policy: JsValue) -> Result<Policy, JsError> {
    crate::get_policy::read(policy).map_err(|path| JsError::new(&path))
}

#[cfg(feature = "request-text")]
fn read_request(request: JsValue) -> Result<Request, JsError> {
    read_text(request)
}

#[cfg(feature = "request-serde")]
fn read_request(request: JsValue) -> Result<Request, JsError> {
    Ok(serde_wasm_bindgen::from_value(request)?)
}

#[cfg(feature = "request-getters")]
fn read_request(request: JsValue) -> Result<Request, JsError> {
    crate::get_request::read(request).map_err(|path| JsError::new(&path))
}

#[cfg(feature = "decision-text")]
fn write_decision(decision: &Decision) -> Result<JsValue, JsError> {
    Ok(JsValue::from_str(&serde_json::to_string(decision)?))
}

#[cfg(feature = "decision-serde")]
fn write_decision(decision: &Decision) -> Result<JsValue, JsError> {
    use serde::Serialize;
    Ok(decision.serialize(&serde_wasm_bindgen::Serializer::json_compatible())?)
}

#[cfg(feature = "decision-setters")]
fn write_decision(decision: &Decision) -> Result<JsValue, JsError> {
    Ok(crate::set_decision::write(decision))
}
