//! What does a shop page call? A policy once, then decisions; all as JavaScript objects.

use serde::Serialize;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use zugabe::code;
use zugabe::offer::{self, FriendRequest, Policy, Request};
use zugabe::reject::{Code, Error, Result};

use crate::error::thrown;
use crate::read::document;
use crate::write::to_js;

/// Decides by one policy.
#[wasm_bindgen]
pub struct Engine {
    policy: Policy,
}

#[wasm_bindgen]
impl Engine {
    /// Reads a policy.
    ///
    /// # Errors
    /// Throws a `ZugabeError`: `unsupported_version`, or what is wrong with the policy.
    #[wasm_bindgen(constructor)]
    pub fn new(policy: JsValue) -> core::result::Result<Self, JsValue> {
        document::<Policy>(&policy, "policy")
            .and_then(Policy::checked)
            .map(|policy| Self { policy })
            .map_err(|error| thrown(&error))
    }

    /// Decides for one customer at one moment.
    ///
    /// # Errors
    /// Throws a `ZugabeError` naming what is wrong with the request.
    pub fn decide(&self, request: JsValue) -> core::result::Result<JsValue, JsValue> {
        document::<Request>(&request, "request")
            .and_then(Request::checked)
            .and_then(|request| write(&offer::decide(&self.policy, &request)))
            .map_err(|error| thrown(&error))
    }

    /// What a friend reads who comes with a code.
    ///
    /// # Errors
    /// Throws a `ZugabeError` naming what is wrong with the request.
    pub fn friend(&self, request: JsValue) -> core::result::Result<JsValue, JsValue> {
        document::<FriendRequest>(&request, "request")
            .and_then(|request| write(&offer::friend(&self.policy, &request)))
            .map_err(|error| thrown(&error))
    }
}

/// Whether a text is a code and typed right. Needs no key: tells nothing about whether the code is live.
///
/// # Errors
/// None in practice; the answer is always a small object.
#[wasm_bindgen(js_name = parseCode)]
pub fn parse_code(text: &str) -> core::result::Result<JsValue, JsValue> {
    write(&code::check(text)).map_err(|error| thrown(&error))
}

fn write<T: Serialize>(value: &T) -> Result<JsValue> {
    to_js(value).map_err(|error| Error::new(Code::InvalidState, format!("The answer cannot be handed over: {error}.")))
}
