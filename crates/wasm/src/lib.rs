//! The boundary: how does JavaScript call the core? Conversion only, no logic.

mod error;
#[cfg(feature = "full")]
mod full;
#[cfg(feature = "page")]
mod page;
#[cfg(feature = "page")]
mod read;
#[cfg(feature = "full")]
mod service;
#[cfg(feature = "page")]
mod write;

use wasm_bindgen::prelude::wasm_bindgen;

/// The version of Zugabe this artefact was built from.
#[wasm_bindgen]
#[must_use]
pub fn version() -> String {
    env!("CARGO_PKG_VERSION").to_owned()
}
