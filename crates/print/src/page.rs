//! What is on a page? Shapes and lines of text at their places, in micrometres from the top left corner of the sheet,
//! in the order in which they are read.

use zugabe::insert::ink::Ink;
use zugabe::insert::qr::Square;

use crate::face::Face;

/// A length in micrometres.
pub type Um = i32;

/// Millimetres, in tenths.
#[must_use]
pub const fn mm(tenths: i32) -> Um {
    tenths * 100
}

/// Points, in tenths: 90 are 9 pt.
#[must_use]
pub const fn pt(tenths: i32) -> Um {
    tenths * 25_400 / 720
}

/// The smallest type that is printed: 9 pt.
pub const SMALLEST: Um = pt(90);

/// How far colour goes beyond the edge of the sheet, so that no white shows where the knife slips: 3 mm.
pub const BLEED: Um = mm(30);

/// A page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// Width of the sheet.
    pub width: Um,
    /// Height of the sheet.
    pub height: Um,
    /// Its language.
    pub language: &'static str,
    /// The blocks, as they are read.
    pub blocks: Vec<Part>,
}

/// What a part is to whoever has it read aloud.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Role {
    /// Ornament: not read.
    Ornament,
    /// The headline.
    Heading,
    /// A paragraph.
    Paragraph,
    /// A picture, with the words for it.
    Figure(String),
}

/// A part of the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// What it is.
    pub role: Role,
    /// What is drawn.
    pub items: Vec<Item>,
}

/// Something that is drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Item {
    /// A filled shape.
    Fill(Shape, Ink),
    /// A line of text.
    Text(Text),
    /// A QR code of this side, without its quiet zone.
    Qr(Square, Rect),
    /// The logo.
    Logo(Rect),
}

/// A rectangle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rect {
    /// Left edge.
    pub x: Um,
    /// Upper edge.
    pub y: Um,
    /// Width.
    pub width: Um,
    /// Height.
    pub height: Um,
}

/// A shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// A rectangle with corners of this radius (0: sharp).
    Rect(Rect, Um),
    /// A rectangle whose lower edge bows down by this much in the middle.
    Bowl(Rect, Um),
}

/// A line of text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// Where it begins.
    pub x: Um,
    /// Its base line.
    pub y: Um,
    /// Its width.
    pub width: Um,
    /// The face.
    pub face: Face,
    /// The font size.
    pub size: Um,
    /// Letter-spacing in thousandths of the size.
    pub tracking: i32,
    /// The colour.
    pub ink: Ink,
    /// The words.
    pub text: String,
    /// Whether a word was divided at its end: a hyphen is drawn.
    pub divided: bool,
}

impl Rect {
    /// The rectangle, larger by this much on every side.
    #[must_use]
    pub const fn grown(self, by: Um) -> Self {
        Self { x: self.x - by, y: self.y - by, width: self.width + 2 * by, height: self.height + 2 * by }
    }

    /// Whether the other one lies in it.
    #[must_use]
    pub const fn holds(self, other: Self) -> bool {
        other.x >= self.x
            && other.y >= self.y
            && other.x + other.width <= self.x + self.width
            && other.y + other.height <= self.y + self.height
    }
}

impl Page {
    /// The sheet.
    #[must_use]
    pub const fn sheet(&self) -> Rect {
        Rect { x: 0, y: 0, width: self.width, height: self.height }
    }

    /// Every line of text.
    pub fn lines(&self) -> impl Iterator<Item = &Text> {
        self.blocks.iter().flat_map(|part| &part.items).filter_map(|item| match item {
            Item::Text(text) => Some(text),
            _ => None,
        })
    }
}
