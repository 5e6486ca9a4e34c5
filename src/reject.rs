//! Why was an input refused? One error type, a closed list of stable codes, and the path to what is wrong.

use serde::{Deserialize, Serialize};

/// A refusal: what is wrong, in words a person can act on, and where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "Failure"))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Error {
    /// The stable code.
    pub code: Code,
    /// What is wrong and what to do about it. Never contains personal data or key material.
    pub message: String,
    /// Where: a JSON path (`options[0].issueCost`), or `line 12` / `line 12, column Total` in a file. Empty when the
    /// input as a whole is meant.
    pub path: String,
}

/// The closed list of error codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "FailureCode"))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Code {
    /// The text is not JSON at all.
    InvalidJson,
    /// A field this version does not know.
    UnknownField,
    /// A field that must be there is not.
    MissingField,
    /// The value has another type or shape than the field takes.
    InvalidType,
    /// The value has the right type but is out of range or not on the list.
    InvalidValue,
    /// The document says a version this reader does not know.
    UnsupportedVersion,
    /// Two parts of the document cannot both hold.
    Contradiction,
    /// Not an ISO 4217 currency, or none could be found.
    UnknownCurrency,
    /// Amounts in another currency than the shop's.
    CurrencyMismatch,
    /// Not an amount of money, or one that is too large to be exact.
    InvalidAmount,
    /// Not a date, or not an existing one.
    InvalidDate,
    /// A date that has not come yet.
    DateInFuture,
    /// The file is not an order export this reader knows.
    NotAnOrderExport,
    /// A column that is needed could not be found.
    MissingColumn,
    /// A line that cannot be read.
    MalformedLine,
    /// An order id seen before with other content.
    DuplicateOrder,
    /// A warning: the input does not say, so one reading was assumed.
    Assumption,
    /// More was refused than a sound file would have.
    TooManyRefused,
    /// The file or text is larger than this reader takes.
    TooLarge,
    /// The file is empty or has no usable row.
    Empty,
    /// A key set that cannot be used.
    InvalidKeys,
    /// No key in the asked slot, or one that may not mint.
    KeyUnavailable,
    /// A range of serials or batches outside the format.
    OutOfRange,
    /// An id that is not there.
    NotFound,
    /// The policy is too old to be used.
    Expired,
    /// Reading or writing failed outside the core.
    Io,
    /// A call that does not fit the state of the object it was made on.
    InvalidState,
    /// The number asked for does not exist: a mean of amounts that vary without limit, for example.
    NoFiniteValue,
    /// A request whose signature does not hold: nothing more is said of it.
    BadSignature,
}

impl Code {
    /// The code as it appears in JSON.
    ///
    /// ```
    /// assert_eq!(zugabe::reject::Code::UnknownField.as_str(), "unknown_field");
    /// ```
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::InvalidJson => "invalid_json",
            Self::UnknownField => "unknown_field",
            Self::MissingField => "missing_field",
            Self::InvalidType => "invalid_type",
            Self::InvalidValue => "invalid_value",
            Self::UnsupportedVersion => "unsupported_version",
            Self::Contradiction => "contradiction",
            Self::UnknownCurrency => "unknown_currency",
            Self::CurrencyMismatch => "currency_mismatch",
            Self::InvalidAmount => "invalid_amount",
            Self::InvalidDate => "invalid_date",
            Self::DateInFuture => "date_in_future",
            Self::NotAnOrderExport => "not_an_order_export",
            Self::MissingColumn => "missing_column",
            Self::MalformedLine => "malformed_line",
            Self::DuplicateOrder => "duplicate_order",
            Self::Assumption => "assumption",
            Self::TooManyRefused => "too_many_refused",
            Self::TooLarge => "too_large",
            Self::Empty => "empty",
            Self::InvalidKeys => "invalid_keys",
            Self::KeyUnavailable => "key_unavailable",
            Self::OutOfRange => "out_of_range",
            Self::NotFound => "not_found",
            Self::Expired => "expired",
            Self::Io => "io",
            Self::InvalidState => "invalid_state",
            Self::NoFiniteValue => "no_finite_value",
            Self::BadSignature => "bad_signature",
        }
    }
}

impl Error {
    /// An error about the input as a whole.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), path: String::new() }
    }

    /// An error at a path.
    pub fn at(code: Code, path: impl Into<String>, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), path: path.into() }
    }

    /// The same error, one level further out: `prefix` is put before its path.
    #[must_use]
    pub fn under(mut self, prefix: &str) -> Self {
        self.path = match (prefix.is_empty(), self.path.is_empty()) {
            (_, true) => prefix.to_owned(),
            (true, false) => self.path,
            (false, false) if self.path.starts_with('[') => format!("{prefix}{}", self.path),
            (false, false) => format!("{prefix}.{}", self.path),
        };
        self
    }
}

impl core::fmt::Display for Error {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        if self.path.is_empty() {
            write!(f, "{}: {}", self.code.as_str(), self.message)
        } else {
            write!(f, "{} at {}: {}", self.code.as_str(), self.path, self.message)
        }
    }
}

impl core::error::Error for Error {}

/// The result of everything that can refuse its input.
pub type Result<T> = core::result::Result<T, Error>;

/// Reads a document that a person may have written: knows the path of what is wrong and refuses unknown fields
/// (where the type denies them).
///
/// # Errors
/// `invalid_json`, `unknown_field`, `missing_field`, `invalid_type` or `invalid_value`, with the path.
pub fn parse_json<'a, T: Deserialize<'a>>(text: &'a str) -> Result<T> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader = serde_json::Deserializer::from_str(text);
    let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let path = error.path().to_string();
        // "." is the document itself, and "?" a part of it that has no name yet.
        let path = path.trim_end_matches('?').trim_end_matches('.');
        from_serde_json(error.inner(), path)
    })?;
    reader.end().map_err(|error| from_serde_json(&error, ""))?;
    Ok(value)
}

/// A document without its comments: every `// ...` outside of a text becomes spaces, so that lines and columns stay.
pub(crate) fn uncommented(text: &str) -> std::borrow::Cow<'_, str> {
    if !text.contains("//") {
        return text.into();
    }
    let mut out = String::with_capacity(text.len());
    let (mut quoted, mut escaped, mut comment) = (false, false, false);
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        if comment {
            comment = letter != '\n';
        } else if quoted {
            quoted = letter != '"' || escaped;
            escaped = letter == '\\' && !escaped;
        } else {
            quoted = letter == '"';
            comment = letter == '/' && letters.peek() == Some(&'/');
        }
        out.push(if comment { ' ' } else { letter });
    }
    out.into()
}

fn from_serde_json(error: &serde_json::Error, path: &str) -> Error {
    use serde_json::error::Category;
    let text = error.to_string();
    if matches!(error.classify(), Category::Syntax | Category::Eof | Category::Io) {
        return Error::at(Code::InvalidJson, path, format!("This is not valid JSON: {text}."));
    }
    let code = if text.starts_with("unknown field") {
        Code::UnknownField
    } else if text.starts_with("missing field") {
        Code::MissingField
    } else if text.starts_with("invalid type") || text.starts_with("invalid length") {
        Code::InvalidType
    } else {
        Code::InvalidValue
    };
    let error = Error::new(code, in_words(&text).unwrap_or_else(|| capitalised(&text)));
    // The reader stops at the object in which a field is missing; the path goes on to the field.
    let missing = text.strip_prefix("missing field `").and_then(|rest| rest.split('`').next());
    error.under(missing.unwrap_or_default()).under(path)
}

/// What stands where something else belongs, without the names of Rust's types.
fn in_words(text: &str) -> Option<String> {
    let (found, expected) = text
        .strip_prefix("invalid type: ")
        .or_else(|| text.strip_prefix("invalid value: "))?
        .split_once(", expected ")?;
    let (expected, place) = expected.rsplit_once(" at line ").map_or((expected, None), |(what, at)| (what, Some(at)));
    let expected = match expected {
        "i64" | "i32" | "i16" | "i8" => "a whole number",
        "u64" | "u32" | "u16" | "u8" | "usize" => "a whole number from 0 on",
        "a string" | "a word" | "a borrowed string" => "a text in quotes",
        "a boolean" => "true or false",
        "a sequence" => "a list in brackets: [ … ]",
        other if other.starts_with("struct ") || other == "a map" => "a block in braces: { … }",
        _ => return None,
    };
    let found = match found.split_once(' ') {
        Some(("string", value)) => value,
        Some(("integer" | "boolean", value)) => value.trim_matches('`'),
        Some(("floating", value)) => value.trim_start_matches("point ").trim_matches('`'),
        _ => match found {
            "map" => "a block in braces",
            "sequence" => "a list",
            other => other,
        },
    };
    let place = place.map(|place| format!(" (line {})", place.replacen(" column", ", column", 1))).unwrap_or_default();
    Some(format!("This takes {expected}, not {found}{place}."))
}

fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| {
        let mut out: String = first.to_uppercase().collect();
        out.push_str(chars.as_str());
        if !out.ends_with('.') {
            out.push('.');
        }
        out
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code)]
    struct Inner {
        cost: u32,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code)]
    struct Outer {
        options: Vec<Inner>,
    }

    #[test]
    fn an_unknown_field_is_named_with_its_path() {
        let error = parse_json::<Outer>(r#"{"options":[{"cost":1},{"cost":1,"prize":2}]}"#).unwrap_err();
        assert_eq!(error.code, Code::UnknownField);
        assert_eq!(error.path, "options[1].prize");
    }

    #[test]
    fn a_wrong_type_is_named_with_its_path() {
        let error = parse_json::<Outer>(r#"{"options":[{"cost":"much"}]}"#).unwrap_err();
        assert_eq!((error.code, error.path.as_str()), (Code::InvalidType, "options[0].cost"));
        assert_eq!(error.message, "This takes a whole number from 0 on, not \"much\" (line 1, column 26).");
        let said =
            |cost: &str| parse_json::<Outer>(&format!(r#"{{"options":[{{"cost":{cost}}}]}}"#)).unwrap_err().message;
        assert!(said("1.5").starts_with("This takes a whole number from 0 on, not 1.5 ("));
        assert!(said("-1").starts_with("This takes a whole number from 0 on, not -1 ("));
        assert!(said("[]").starts_with("This takes a whole number from 0 on, not a list ("));
        assert!(
            parse_json::<Outer>("{\"options\":3}").unwrap_err().message.starts_with("This takes a list in brackets")
        );
    }

    #[test]
    fn a_missing_field_is_named_with_its_path() {
        let error = parse_json::<Outer>(r#"{"options":[{}]}"#).unwrap_err();
        assert_eq!((error.code, error.path.as_str()), (Code::MissingField, "options[0].cost"));
    }

    #[test]
    fn text_after_the_document_and_broken_text_are_invalid_json() {
        assert_eq!(parse_json::<Outer>(r#"{"options":[]} x"#).unwrap_err().code, Code::InvalidJson);
        let error = parse_json::<Outer>(r#"{"options":["#).unwrap_err();
        assert_eq!((error.code, error.path.as_str()), (Code::InvalidJson, "options"));
        let error = parse_json::<Outer>("{").unwrap_err();
        assert_eq!((error.code, error.path.as_str()), (Code::InvalidJson, ""));
    }

    #[test]
    fn comments_become_spaces_and_addresses_stay() {
        assert_eq!(
            uncommented("{ // so\n \"a\": \"https://x\\\"//\" } // end"),
            "{      \n \"a\": \"https://x\\\"//\" }       "
        );
        assert_eq!(uncommented("{}"), "{}");
    }

    #[test]
    fn the_code_in_json_is_the_code_in_text() {
        for code in [Code::InvalidJson, Code::DateInFuture, Code::TooManyRefused, Code::InvalidState] {
            assert_eq!(serde_json::to_string(&code).unwrap(), format!("\"{}\"", code.as_str()));
        }
    }

    #[test]
    fn a_prefix_goes_before_the_path() {
        let error = Error::at(Code::InvalidValue, "issueCost", "x").under("options[0]");
        assert_eq!(error.path, "options[0].issueCost");
        assert_eq!(Error::at(Code::InvalidValue, "[0]", "x").under("options").path, "options[0]");
    }
}
