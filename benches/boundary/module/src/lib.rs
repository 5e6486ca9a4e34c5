//! What does a boundary cost? The same decision behind each way of crossing from JavaScript to Rust and back.

// Each leg uses its own part of the shared types.
#![allow(dead_code)]

#[cfg(any(feature = "policy-serde", feature = "policy-getters", feature = "policy-text"))]
mod engine;

/// The floor: what every module carries before it does anything.
#[cfg(not(any(feature = "policy-serde", feature = "policy-getters", feature = "policy-text")))]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn floor(bytes: Vec<u8>) -> Vec<u8> {
    bytes
}

#[cfg(any(feature = "policy-serde", feature = "policy-getters", feature = "policy-text"))]
mod documents;
#[cfg(any(feature = "policy-getters", feature = "request-getters"))]
mod get;
#[cfg(feature = "policy-getters")]
mod get_policy;
#[cfg(feature = "request-getters")]
mod get_request;
#[cfg(any(feature = "policy-getters", feature = "request-getters"))]
mod js;
#[cfg(any(feature = "policy-serde", feature = "policy-getters", feature = "policy-text"))]
mod select;
#[cfg(feature = "decision-setters")]
mod set_decision;
