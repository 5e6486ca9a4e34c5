//! What text stands for this document, whoever writes it? RFC 8785 JSON and its hash.

use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::reject::{Code, Error, Result};

/// The RFC 8785 text of a document: sorted keys, shortest numbers, no white space.
///
/// # Errors
/// `invalid_value` when the document holds a number that JSON cannot carry.
pub fn text<T: Serialize>(value: &T) -> Result<String> {
    serde_json_canonicalizer::to_string(value)
        .map_err(|error| Error::new(Code::InvalidValue, format!("This document has no JSON text: {error}.")))
}

/// The same for what is in order already and holds no number but whole ones below 2^53: a list of texts, say. Several
/// times as fast, for where every request needs it.
///
/// # Errors
/// As [`text`].
pub(crate) fn sorted<T: Serialize + ?Sized>(value: &T) -> Result<String> {
    serde_json::to_string(value)
        .map_err(|error| Error::new(Code::InvalidValue, format!("This document has no JSON text: {error}.")))
}

/// `sha256-` and the hex SHA-256 of the RFC 8785 text.
///
/// # Errors
/// As [`text`].
pub fn hash<T: Serialize>(value: &T) -> Result<String> {
    let digest = Sha256::digest(text(value)?.as_bytes());
    let mut out = String::with_capacity(7 + 64);
    out.push_str("sha256-");
    for byte in digest {
        for nibble in [byte >> 4, byte & 15] {
            out.push(char::from(b"0123456789abcdef"[usize::from(nibble)]));
        }
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_sorted_by_utf16_and_numbers_are_shortest() {
        let value = serde_json::json!({ "b": 1.0, "a": [1e21, 0.5], "€": "\u{1f600}" });
        assert_eq!(text(&value).unwrap(), "{\"a\":[1e+21,0.5],\"b\":1,\"€\":\"\u{1f600}\"}");
    }

    proptest::proptest! {
        #[test]
        fn a_list_of_texts_has_the_same_text_whichever_way_it_is_written(list in proptest::collection::vec("\\PC*|[\\x00-\\x7f\u{80}-\u{9f}\u{2028}\u{feff}]*", 0..4)) {
            let list: Vec<&str> = list.iter().map(String::as_str).collect();
            proptest::prop_assert_eq!(sorted(&list).unwrap(), text(&list).unwrap());
        }
    }

    #[test]
    fn the_hash_does_not_depend_on_the_order_of_fields() {
        let one = serde_json::json!({ "a": 1, "b": 2 });
        let two: serde_json::Value = serde_json::from_str(r#"{ "b": 2, "a": 1 }"#).unwrap();
        assert_eq!(hash(&one).unwrap(), hash(&two).unwrap());
        assert_ne!(hash(&one).unwrap(), hash(&serde_json::json!({ "a": 1, "b": 3 })).unwrap());
    }
}
