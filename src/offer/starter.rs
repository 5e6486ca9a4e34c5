//! How does a merchant begin? A starter program from three answers.

use serde::{Deserialize, Serialize};

use crate::insert::Locale;
use crate::money::{Currency, Minor};
use crate::reject::{Code, Error, Result};

/// The answers a starter is made from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Answers {
    /// The shop's name.
    pub name: String,
    /// Its currency.
    pub currency: Currency,
    /// Its time zone (default UTC).
    #[serde(default = "utc")]
    pub time_zone: String,
    /// The languages of its texts.
    pub locales: Vec<Locale>,
    /// What a thank-you may cost at most, in minor units (default 2.00).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<Minor>,
    /// The page that greets a friend.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub friend_url: Option<String>,
}

fn utc() -> String {
    "UTC".to_owned()
}

/// A starter program as text: complete, small, and easy to change.
///
/// # Errors
/// `invalid_value` when an answer cannot be used.
pub fn starter(answers: &Answers) -> Result<String> {
    let scale = answers.currency.scale();
    let friend_url =
        answers.friend_url.as_ref().map_or_else(String::new, |url| format!(", \"friendUrl\": {}", quote(url)));
    let text = format!(
        r#"{{
  "zugabe": 1,
  "shop": {{ "name": {name}, "currency": {currency}, "timeZone": {zone}, "locales": {locales}{friend_url} }},
  "allowance": {{ "rateBp": 200, "max": {max} }},
  "options": [
    {{ "id": "sample", "kind": "sample", "issueCost": {sample} }},
    {{ "id": "guide", "kind": "guide" }},
    {{ "id": "story", "kind": "story" }},
    {{ "id": "next-time", "kind": "discount", "promotion": {{ "amount": {five}, "minimumOrder": {fifty}, "days": 60 }} }},
    {{ "id": "ask-the-boss", "kind": "ceo_line" }}
  ],
  "referral": {{ "friend": {{ "amount": {five}, "minimumOrder": {fifty}, "days": 60 }} }}
}}
"#,
        name = quote(&answers.name),
        currency = quote(&answers.currency),
        zone = quote(&answers.time_zone),
        locales = quote(&answers.locales),
        max = answers.max.unwrap_or(2 * scale),
        sample = (45 * scale + 50) / 100,
        five = 5 * scale,
        fifty = 50 * scale,
    );
    super::Program::parse(&text).map(|_| text).map_err(|error| Error::at(Code::InvalidValue, error.path, error.message))
}

/// The JSON text of a part. Strings, lists of languages and currencies always have one.
fn quote<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).unwrap_or_default()
}
