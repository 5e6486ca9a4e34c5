//! What stands on the card in the parcel? One insert as data; pages and print only set it.

use serde::{Deserialize, Serialize};

use crate::insert::{Locale, qr};
use crate::reject::Result;

/// A parcel insert. Every text is final: nothing is added by whoever prints it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Insert {
    /// Version of this document: 1.
    pub v: u8,
    /// Its language.
    pub locale: Locale,
    /// Who sends it.
    pub brand: Brand,
    /// The greeting.
    pub headline: String,
    /// What we say.
    pub body: String,
    /// The gift that lies beside it, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gift: Option<String>,
    /// The code, twelve symbols without dashes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// The code as it is printed, in groups of four.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shown_code: Option<String>,
    /// What the code is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code_text: Option<String>,
    /// The address in the QR code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
    /// The same address for people who type.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub short_link: Option<String>,
    /// The QR code of `link`, an SVG document.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub qr_svg: Option<String>,
    /// Under what conditions the code holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conditions: Option<String>,
    /// How to reach the shop.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<String>,
    /// Why this customer reads this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    /// Where the shop sells.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub where_to_buy: Option<String>,
    /// What the shop does for its customers beside selling.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub services: Option<String>,
    /// The order's number, so that the right card goes into the right parcel.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order: Option<String>,
}

/// Who sends it: mandatory on every insert.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Brand {
    /// The shop's name.
    pub name: String,
    /// A line below it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tagline: Option<String>,
    /// Its colour, `#rrggbb`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub color: Option<String>,
    /// The file of its logo, as the program names it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub logo: Option<String>,
}

impl Insert {
    /// Puts code, address and the QR code of that very address on the insert.
    ///
    /// # Errors
    /// `too_large` when the address does not fit into a QR code.
    pub fn set_code(&mut self, code: String, shown: String, text: String, link: Option<String>) -> Result<()> {
        self.qr_svg = link.as_deref().map(qr::svg).transpose()?;
        self.short_link = link.as_deref().map(short);
        self.link = link;
        self.code = Some(code);
        self.shown_code = Some(shown);
        self.code_text = Some(text);
        Ok(())
    }
}

/// An address as a person types it: without `https://` and `www.`.
#[must_use]
pub fn short(link: &str) -> String {
    let bare = link.strip_prefix("https://").or_else(|| link.strip_prefix("http://")).unwrap_or(link);
    bare.strip_prefix("www.").unwrap_or(bare).to_owned()
}
