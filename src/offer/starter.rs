//! How does a merchant begin? A starter program from three answers.

use serde::{Deserialize, Serialize};

use crate::insert::Locale;
use crate::money::{Currency, Minor};
use crate::reject::{Code, Error, Result};
use crate::word::words;

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
    /// How much of a beginning (default `usual`).
    #[serde(default)]
    pub start: Start,
}

words! {
    /// How much of a beginning a starter is.
    #[derive(Default)]
    Start {
        /// One of each kind that most shops use.
        #[default]
        Usual = "usual",
        /// Five lines: everything else is left to its default.
        FiveLines = "five_lines",
    }
}

fn utc() -> String {
    "UTC".to_owned()
}

/// A starter program as text: complete, small, and easy to change.
///
/// # Errors
/// `invalid_value` when an answer cannot be used.
pub fn starter(answers: &Answers) -> Result<String> {
    written(answers, None)
}

/// As [`starter`], with a comment to every part and the address of its JSON Schema, for people who write it by hand.
///
/// # Errors
/// `invalid_value` when an answer cannot be used.
pub fn commented(answers: &Answers, schema: &str) -> Result<String> {
    written(answers, Some(schema))
}

fn written(answers: &Answers, schema: Option<&str>) -> Result<String> {
    let scale = answers.currency.scale();
    let say = |words: &str| if schema.is_some() { format!("  // {words}\n") } else { String::new() };
    let friend_url =
        answers.friend_url.as_ref().map_or_else(String::new, |url| format!(", \"friendUrl\": {}", quote(url)));
    if answers.start == Start::FiveLines {
        return sound(five_lines(answers, &friend_url));
    }
    let text = format!(
        r#"{{
{schema}  "zugabe": 1,
{about}  "shop": {{ "name": {name}, "currency": {currency}, "timeZone": {zone}, "locales": {locales}{friend_url} }},
{allowed}  "allowance": {{ "rateBp": 200, "max": {max} }},
{what}  "options": [
    {{ "id": "sample", "kind": "sample", "issueCost": {sample} }},
    {{ "id": "guide", "kind": "guide" }},
    {{ "id": "story", "kind": "story" }},
    {{ "id": "next-time", "kind": "discount", "promotion": {{ "amount": {five}, "minimumOrder": {fifty}, "days": 60 }} }},
    {{ "id": "ask-the-boss", "kind": "ceo_line" }}
  ],
{friends}  "referral": {{ "friend": {{ "amount": {five}, "minimumOrder": {fifty}, "days": 60 }} }}
}}
"#,
        schema = schema.map_or_else(String::new, |at| format!("  \"$schema\": {},\n", quote(&at))),
        about = say(
            "Who you are. Add \"contact\", \"friendUrl\" (the page that greets a friend) and \"address\": { \"de\": \"sie\" }."
        ),
        allowed =
            say("What a thank-you may cost: 200 is 2 % of the order; \"max\" is in the smallest unit, 200 is 2.00."),
        what = say(
            "What you have to give. Things lie in the parcel, all else is on the page, too. Write your own words under \"text\"."
        ),
        friends = say(
            "What a friend gets who comes on somebody's word. \"marginBp\": 3000 (30 %) says what an order leaves over."
        ),
        name = quote(&answers.name),
        currency = quote(&answers.currency),
        zone = quote(&answers.time_zone),
        locales = quote(&answers.locales),
        max = answers.max.unwrap_or(2 * scale),
        sample = ((45 * scale + 50) / 100).min(answers.max.unwrap_or(2 * scale).max(0)),
        five = 5 * scale,
        fifty = 50 * scale,
    );
    sound(text)
}

fn five_lines(answers: &Answers, friend_url: &str) -> String {
    let scale = answers.currency.scale();
    let max = answers.max.unwrap_or(2 * scale);
    format!(
        r#"{{ "zugabe": 1,
  "shop": {{ "name": {name}, "currency": {currency}, "timeZone": {zone}, "locales": {locales}{friend_url} }},
  "allowance": {{ "rateBp": 200, "max": {max} }},
  "options": [ {{ "id": "sample", "kind": "sample", "issueCost": {sample} }},
               {{ "id": "guide", "kind": "guide" }} ] }}
"#,
        name = quote(&answers.name),
        currency = quote(&answers.currency),
        zone = quote(&answers.time_zone),
        locales = quote(&answers.locales),
        sample = ((45 * scale + 50) / 100).min(max.max(0)),
    )
}

fn sound(text: String) -> Result<String> {
    super::Program::parse(&text).map(|_| text).map_err(|error| Error::at(Code::InvalidValue, error.path, error.message))
}

/// The JSON text of a part. Strings, lists of languages and currencies always have one.
fn quote<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_starter_with_comments_is_the_same_program_as_the_one_without() {
        for locale in Locale::ALL {
            let answers = Answers {
                name: "Tee // Kanne".to_owned(),
                currency: Currency::parse("EUR").unwrap(),
                time_zone: "Europe/Berlin".to_owned(),
                locales: vec![*locale],
                max: Some(30),
                friend_url: Some("https://tee.example/f".to_owned()),
                start: Start::Usual,
            };
            let (plain, told) = (starter(&answers).unwrap(), commented(&answers, "./program.schema.json").unwrap());
            assert_eq!(told.matches("  // ").count(), 4);
            assert!(!plain.contains("  // "));
            let mut read = crate::offer::Program::parse(&told).unwrap();
            assert_eq!(read.schema.take().as_deref(), Some("./program.schema.json"));
            assert_eq!(read, crate::offer::Program::parse(&plain).unwrap());
            assert_eq!(read.shop.name, "Tee // Kanne");
        }
    }
}
