//! How long may a text on the insert be? A number of characters per block, so that every sheet and language has room.

use crate::word::words;

words! {
    /// A part of the insert.
    Block {
        /// The shop's name.
        Name = "name",
        /// The line below it.
        Tagline = "tagline",
        /// The greeting.
        Headline = "headline",
        /// What we say.
        Body = "body",
        /// The gift in words.
        Gift = "gift",
        /// What the code is for.
        CodeText = "code_text",
        /// The address for people who type.
        Link = "link",
        /// Under what conditions the code holds.
        Conditions = "conditions",
        /// Why this customer reads this.
        Why = "why",
        /// Points of sale.
        WhereToBuy = "where_to_buy",
        /// Services.
        Services = "services",
        /// How to reach the shop.
        Contact = "contact",
    }
}

/// The longest name a customer is greeted by; longer ones are left out, and the greeting with them.
pub const GREETED: usize = 32;

impl Block {
    /// How many characters it may have when every placeholder is filled. All blocks full at once fit on every sheet in
    /// every design: a test sets them.
    #[must_use]
    pub const fn budget(self) -> usize {
        match self {
            Self::Name => 32,
            Self::Tagline | Self::Gift => 44,
            Self::Headline => 64,
            Self::Body | Self::CodeText => 180,
            Self::Conditions => 140,
            Self::Why => 130,
            Self::Link | Self::Contact => 52,
            Self::WhereToBuy | Self::Services => 88,
        }
    }

    /// What it is called in a message.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Name => "the name of the shop",
            Self::Tagline => "the line below the name",
            Self::Headline => "the greeting",
            Self::Body => "the text",
            Self::Gift => "the gift",
            Self::CodeText => "the text beside the code",
            Self::Link => "the address",
            Self::Conditions => "the conditions",
            Self::Why => "the reason",
            Self::WhereToBuy => "the points of sale",
            Self::Services => "the services",
            Self::Contact => "the contact",
        }
    }
}
