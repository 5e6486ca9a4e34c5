//! Which look and which sheet? The closed lists of both.

use crate::word::words;

words! {
    /// A look of the printed insert.
    Design {
        /// A quiet letter with generous white.
        Letter = "letter",
        /// A warm card with a band in the shop's colour.
        Card = "card",
        /// Bold type on the shop's colour.
        Poster = "poster",
    }
}

words! {
    /// A sheet, upright.
    Sheet {
        /// A6: 105 × 148 mm.
        A6 = "a6",
        /// DIN lang: 99 × 210 mm, a third of A4.
        Dinlang = "dinlang",
    }
}

impl Sheet {
    /// Width and height in micrometres.
    #[must_use]
    pub const fn size(self) -> (i32, i32) {
        match self {
            Self::A6 => (105_000, 148_000),
            Self::Dinlang => (99_000, 210_000),
        }
    }
}
