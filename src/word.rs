//! How is a closed list of words written in JSON? One lookup for all of them: derived code per list would cost a page
//! a kilobyte each.

use core::fmt;

use serde::de::{Deserializer, Error, Visitor};

/// A closed list of words.
pub trait Word: Copy + 'static {
    /// Every value.
    const VALUES: &'static [Self];
    /// Their texts, in the same order.
    const TEXTS: &'static [&'static str];
}

/// Reads a word of the list.
pub(crate) fn read<'de, W: Word, D: Deserializer<'de>>(deserializer: D) -> Result<W, D::Error> {
    let text = deserializer.deserialize_str(Text)?;
    match W::TEXTS.iter().position(|word| *word == text).and_then(|index| W::VALUES.get(index)) {
        Some(value) => Ok(*value),
        None => Err(D::Error::custom(unknown(&text, W::TEXTS))),
    }
}

/// What is said about a word that is not on the list.
#[must_use]
pub fn unknown(text: &str, known: &[&str]) -> String {
    format!("unknown value \"{}\", expected one of {}", text.chars().take(40).collect::<String>(), known.join(", "))
}

struct Text;

impl Visitor<'_> for Text {
    type Value = String;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a word")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<String, E> {
        Ok(text.to_owned())
    }
}

/// Defines a closed list of words with its JSON form and its schema, whose name may be another than the type's.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident $(as $schema:literal)? { $($(#[$variant_doc:meta])* $variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $($(#[$variant_doc])* $variant),+
        }

        impl $name {
            /// Every value, in the order of the documentation.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The value as it appears in JSON.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                <Self as $crate::word::Word>::TEXTS[self as usize]
            }
        }

        $crate::word::word_in_json!($name $(as $schema)? { $($variant = $text),+ });
    };
}

/// Gives an enum its JSON form: the words and nothing else.
macro_rules! word_in_json {
    ($name:ident $(as $schema:literal)? { $($variant:ident = $text:literal),+ $(,)? }) => {
        impl $crate::word::Word for $name {
            const VALUES: &'static [Self] = &[$(Self::$variant),+];
            const TEXTS: &'static [&'static str] = &[$($text),+];
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> core::result::Result<S::Ok, S::Error> {
                // As a variant rather than a text: whoever writes it knows that it is one of a few.
                serializer.serialize_unit_variant(stringify!($name), *self as u32, self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> core::result::Result<Self, D::Error> {
                $crate::word::read(deserializer)
            }
        }

        #[cfg(feature = "schema")]
        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                [$($schema,)? stringify!($name)][0].into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({ "type": "string", "enum": [$($text),+] })
            }
        }
    };
}

pub(crate) use {word_in_json, words};
