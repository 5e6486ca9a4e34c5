//! How does a refusal reach JavaScript? As an `Error` named `ZugabeError` with `code`, `message` and `path`.

use js_sys::{Error as JsError, Reflect};
use wasm_bindgen::JsValue;
use zugabe::reject::Error;

/// The refusal as a JavaScript error.
pub(crate) fn thrown(error: &Error) -> JsValue {
    let thrown = JsError::new(&error.message);
    thrown.set_name("ZugabeError");
    for (key, value) in [("code", error.code.as_str()), ("path", &error.path)] {
        // Setting a property of a fresh error object cannot fail.
        let _ = Reflect::set(&thrown, &JsValue::from_str(key), &JsValue::from_str(value));
    }
    thrown.into()
}
