//! How should the file be read? What the merchant may say about it, and the names of the columns.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::money::Currency;
use crate::reject::{Code, Error, Result};
use crate::time::{Day, Instant};

/// How to read order exports. Only `now` must be said; everything else has a default.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ImportOptions {
    /// Which export it is; found out from its content unless said.
    #[serde(default)]
    pub from: Format,
    /// The currency of amounts that name none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<Currency>,
    /// The IANA time zone of times that name none, such as `Europe/Berlin`. UTC unless said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<String>,
    /// Column by field, for files whose columns are not guessed right. An empty name leaves the field out.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub mapping: BTreeMap<Field, String>,
    /// In every file but the one that begins first, orders before this local day are left out: the first file has
    /// them. Where it is not said and two files share order numbers, the day after the earlier file's last day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub count_from: Option<Day>,
    /// The present: dates more than a day later are refused.
    pub now: Instant,
    /// The key under which e-mail addresses are hashed: 64 hexadecimal digits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub hash_key: Option<HashKey>,
    /// Keep the lines of each order (what was bought), not only their number.
    #[serde(default)]
    pub keep_lines: bool,
    /// Keep the names of customers, to greet them with.
    #[serde(default)]
    pub keep_names: bool,
    /// How `01/02/2026` is read where the whole column does not tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date_order: Option<DateOrder>,
    /// What separates decimals, where the whole column does not tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decimal: Option<DecimalMark>,
}

impl ImportOptions {
    /// Everything by default, at this instant.
    #[must_use]
    pub fn at(now: Instant) -> Self {
        Self {
            from: Format::Auto,
            currency: None,
            time_zone: None,
            mapping: BTreeMap::new(),
            count_from: None,
            now,
            hash_key: None,
            keep_lines: false,
            keep_names: false,
            date_order: None,
            decimal: None,
        }
    }
}

/// What kind of export a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// Found out from the content.
    #[default]
    Auto,
    /// CSV with columns of its own.
    Csv,
    /// Shopify: order CSV or order JSON.
    Shopify,
    /// Shopware 6 order JSON.
    Shopware,
    /// WooCommerce order JSON.
    Woocommerce,
    /// Canonical orders, as this importer writes them.
    Orders,
}

impl Format {
    /// The format of that name.
    ///
    /// # Errors
    /// `invalid_value` when there is none.
    pub fn parse(text: &str) -> Result<Self> {
        [Self::Auto, Self::Csv, Self::Shopify, Self::Shopware, Self::Woocommerce, Self::Orders]
            .into_iter()
            .find(|format| format.as_str() == text)
            .ok_or_else(|| {
                Error::new(
                    Code::InvalidValue,
                    "The format is one of auto, csv, shopify, shopware, woocommerce and orders.",
                )
            })
    }

    /// Its name in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Csv => "csv",
            Self::Shopify => "shopify",
            Self::Shopware => "shopware",
            Self::Woocommerce => "woocommerce",
            Self::Orders => "orders",
        }
    }
}

/// Which part of `01/02/2026` comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum DateOrder {
    /// The day: 1 February.
    DayFirst,
    /// The month: January 2.
    MonthFirst,
}

/// What stands before the decimals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum DecimalMark {
    /// `1,234.56`
    Point,
    /// `1.234,56`
    Comma,
}

macro_rules! fields {
    ($($variant:ident $name:literal $doc:literal,)*) => {
        /// What a column means.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        #[serde(rename_all = "snake_case")]
        pub enum Field { $(#[doc = $doc] $variant,)* }

        impl Field {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// Its name in JSON and in mappings.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }
        }
    };
}

fields! {
    Order "order" "Order or invoice number; rows that share it are one order.",
    Number "number" "The number a customer sees, when it is not the id.",
    Date "date" "When it was ordered.",
    PaidAt "paid_at" "When it was paid.",
    CancelledAt "cancelled_at" "When it was cancelled.",
    Customer "customer" "Customer number.",
    Email "email" "E-mail address of the customer; kept as a keyed hash only.",
    Name "name" "Name of the customer; kept on request only.",
    Guest "guest" "Whether the customer ordered without an account.",
    Quantity "quantity" "How many of the product; negative for a return.",
    Price "price" "Price of one.",
    Total "total" "What the order came to.",
    Subtotal "subtotal" "Goods after discounts.",
    Shipping "shipping" "Shipping costs.",
    Tax "tax" "Tax.",
    Discount "discount" "All discounts.",
    DiscountCode "discount_code" "The code that was typed in.",
    Refunded "refunded" "What was paid back.",
    Currency "currency" "ISO 4217 code.",
    Status "status" "How far the order has come.",
    Country "country" "Where the parcel went.",
    BillingCountry "billing_country" "Where the bill went.",
    Lines "lines" "How many lines the order has.",
    Sku "sku" "Stock-keeping unit of the product.",
    Title "title" "Name of the product.",
    LineDiscount "line_discount" "What was taken off this line.",
    Cost "cost" "What the goods cost the shop: of the whole order, or of one piece where a row is a line.",
}

impl Field {
    /// The field of that name.
    ///
    /// # Errors
    /// `invalid_value` when there is none; the message lists them.
    pub fn parse(text: &str) -> Result<Self> {
        Self::ALL.iter().copied().find(|field| field.as_str() == text).ok_or_else(|| {
            let names: Vec<&str> = Self::ALL.iter().map(|field| field.as_str()).collect();
            Error::new(Code::InvalidValue, format!("The fields of a mapping are {}.", names.join(", ")))
        })
    }
}

/// A secret of 32 bytes under which e-mail addresses are hashed. Never shown, wiped when dropped.
#[derive(Clone, PartialEq, Eq)]
pub struct HashKey([u8; 32]);

impl HashKey {
    /// The key of these bytes.
    #[must_use]
    pub const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Reads 64 hexadecimal digits.
    ///
    /// # Errors
    /// `invalid_keys` when the text is anything else; it is not repeated.
    pub fn parse(text: &str) -> Result<Self> {
        let wrong = || Error::new(Code::InvalidKeys, "A hash key is 64 hexadecimal digits.");
        let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
        let mut bytes = [0; 32];
        if text.len() != 64 {
            return Err(wrong());
        }
        for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
            *byte = digit(pair[0]).zip(digit(pair[1])).map(|(high, low)| high << 4 | low).ok_or_else(wrong)?;
        }
        Ok(Self(bytes))
    }

    pub(super) const fn bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl Drop for HashKey {
    fn drop(&mut self) {
        zeroize::Zeroize::zeroize(&mut self.0);
    }
}

impl core::fmt::Debug for HashKey {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("HashKey(…)")
    }
}

impl Serialize for HashKey {
    fn serialize<S: Serializer>(&self, serializer: S) -> core::result::Result<S::Ok, S::Error> {
        serializer.serialize_str(&super::person::hex(&self.0))
    }
}

impl<'de> Deserialize<'de> for HashKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> core::result::Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(|error| de::Error::custom(error.message))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_key_is_never_shown() {
        let key = HashKey::parse(&"a7".repeat(32)).unwrap();
        assert_eq!(format!("{key:?}"), "HashKey(…)");
        assert_eq!(key.bytes(), &[0xa7; 32]);
        let error = HashKey::parse("a7a7").unwrap_err();
        assert_eq!(error.code, Code::InvalidKeys);
        assert!(!error.message.contains("a7"));
    }

    #[test]
    fn the_name_of_a_field_is_its_name_in_json() {
        for field in Field::ALL {
            assert_eq!(serde_json::to_string(field).unwrap(), format!("\"{}\"", field.as_str()));
            assert_eq!(Field::parse(field.as_str()), Ok(*field));
        }
        assert_eq!(Field::parse("colour").map_err(|e| e.code), Err(Code::InvalidValue));
    }

    #[test]
    fn options_take_a_mapping_and_refuse_what_they_do_not_know() {
        let text = r#"{"now":"2026-11-23T10:00:00Z","mapping":{"order":"Beleg"},"currency":"EUR"}"#;
        let options: ImportOptions = crate::reject::parse_json(text).unwrap();
        assert_eq!(options.mapping[&Field::Order], "Beleg");
        let unknown = crate::reject::parse_json::<ImportOptions>(r#"{"now":"2026-11-23T10:00:00Z","colour":1}"#);
        assert_eq!(unknown.unwrap_err().code, Code::UnknownField);
    }
}
