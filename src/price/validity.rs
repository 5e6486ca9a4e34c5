//! From when until when is a promotion good? Dates mean whole local days in the shop's zone, for both ends.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::reject::Result;
use crate::time::zone::Zone;
use crate::time::{Day, Instant, Local};

/// One end of a period: a date (`2026-02-22`, a whole local day) or an instant with offset. It is written exactly as it
/// was read, so that saving another field never moves it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Boundary {
    text: String,
    at: At,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum At {
    Day(Day),
    Instant(Instant),
}

impl Boundary {
    /// Reads a date or an instant.
    ///
    /// # Errors
    /// `invalid_date` when it is neither.
    pub fn parse(text: &str) -> Result<Self> {
        let at = match Day::parse(text) {
            Ok(day) => At::Day(day),
            Err(_) => At::Instant(Instant::parse(text)?),
        };
        Ok(Self { text: text.to_owned(), at })
    }

    /// The text as it was read.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The first instant of a period that begins here.
    #[must_use]
    pub fn start(&self, zone: &Zone) -> Instant {
        match self.at {
            At::Day(day) => zone.instant(Local::new(day, 0)),
            At::Instant(instant) => instant,
        }
    }

    /// The last instant of a period that ends here: a date includes its whole day.
    #[must_use]
    pub fn end(&self, zone: &Zone) -> Instant {
        match self.at {
            At::Day(day) => zone.end_of(day),
            At::Instant(instant) => instant,
        }
    }
}

impl Serialize for Boundary {
    fn serialize<S: Serializer>(&self, serializer: S) -> core::result::Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

impl<'de> Deserialize<'de> for Boundary {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> core::result::Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(|error| de::Error::custom(error.message))
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Boundary {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Boundary".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "description": "A date (a whole local day) or an RFC 3339 instant." })
    }
}
