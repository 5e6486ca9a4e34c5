//! The boundary: how does JavaScript call the core? Conversion only, no logic.

use wasm_bindgen::prelude::*;

/// The version of Zugabe this artefact was built from.
#[wasm_bindgen]
pub fn version() -> String {
    env!("CARGO_PKG_VERSION").to_owned()
}
