//! How wide is this text, and which glyphs is it? The embedded faces, shaped by HarfBuzz's rules.

use std::cell::RefCell;
use std::collections::HashMap;

use rustybuzz::UnicodeBuffer;

/// A face. All are under the SIL Open Font License; texts and licences are in `fonts/`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Face {
    /// Source Serif 4, with Greek and Cyrillic: what the others lack is set in it.
    Serif,
    /// Source Serif 4 Italic.
    SerifItalic,
    /// Figtree.
    Sans,
    /// Figtree Bold.
    SansBold,
    /// Fraunces SemiBold: the card's headline.
    Soft,
    /// Bricolage Grotesque ExtraBold: the poster's headline.
    Grotesque,
    /// Atkinson Hyperlegible Mono Bold: made by the Braille Institute to tell 0 from O and 1 from l.
    Code,
}

impl Face {
    /// Every face.
    pub const ALL: [Self; 7] =
        [Self::Serif, Self::SerifItalic, Self::Sans, Self::SansBold, Self::Soft, Self::Grotesque, Self::Code];

    /// The font file.
    #[must_use]
    pub const fn file(self) -> &'static [u8] {
        match self {
            Self::Serif => include_bytes!("../fonts/SourceSerif4-Regular.ttf"),
            Self::SerifItalic => include_bytes!("../fonts/SourceSerif4-Italic.ttf"),
            Self::Sans => include_bytes!("../fonts/Figtree-Regular.ttf"),
            Self::SansBold => include_bytes!("../fonts/Figtree-Bold.ttf"),
            Self::Soft => include_bytes!("../fonts/Fraunces-SemiBold.ttf"),
            Self::Grotesque => include_bytes!("../fonts/BricolageGrotesque-ExtraBold.ttf"),
            Self::Code => include_bytes!("../fonts/AtkinsonHyperlegibleMono-Bold.ttf"),
        }
    }
}

/// A glyph in thousandths of the font size.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Glyph {
    /// Its number in the font; 0 is the box that stands for "missing".
    pub id: u32,
    /// Which bytes of the text it shows.
    pub range: core::ops::Range<usize>,
    /// How far the pen moves.
    pub advance: i32,
    /// Where it is drawn from the pen: to the right.
    pub right: i32,
    /// And up.
    pub up: i32,
}

/// The faces, ready to shape. Widths of words are kept: a thousand inserts say mostly the same.
pub struct Faces {
    faces: Vec<rustybuzz::Face<'static>>,
    widths: RefCell<HashMap<(Face, String), i32>>,
}

/// Words kept at most: beyond that names and codes would only pile up.
const KEPT: usize = 20_000;

impl Default for Faces {
    fn default() -> Self {
        Self::new()
    }
}

impl Faces {
    /// Reads the embedded fonts.
    #[must_use]
    pub fn new() -> Self {
        let faces = Face::ALL.iter().filter_map(|face| rustybuzz::Face::from_slice(face.file(), 0)).collect();
        Self { faces, widths: RefCell::default() }
    }

    /// The glyphs of a text, with kerning and ligatures. Letter-spacing is for whoever draws.
    #[must_use]
    pub fn shape(&self, face: Face, text: &str) -> Vec<Glyph> {
        let Some(font) = self.faces.get(face as usize) else { return Vec::new() };
        let mut buffer = UnicodeBuffer::new();
        buffer.push_str(text);
        buffer.guess_segment_properties();
        buffer.set_direction(rustybuzz::Direction::LeftToRight);
        let shaped = rustybuzz::shape(font, &[], buffer);
        let scale = |units: i32| (units * 1000) / font.units_per_em().max(1);
        let starts: Vec<usize> = shaped.glyph_infos().iter().map(|info| info.cluster as usize).collect();
        shaped
            .glyph_infos()
            .iter()
            .zip(shaped.glyph_positions())
            .map(|(info, position)| {
                let start = info.cluster as usize;
                let end = starts.iter().copied().filter(|other| *other > start).min().unwrap_or(text.len());
                Glyph {
                    id: info.glyph_id,
                    range: start..end,
                    advance: scale(position.x_advance),
                    right: scale(position.x_offset),
                    up: scale(position.y_offset),
                }
            })
            .collect()
    }

    /// The width of a text in thousandths of the font size.
    #[must_use]
    pub fn width(&self, face: Face, text: &str) -> i32 {
        if let Some(width) = self.widths.borrow().get(&(face, text.to_owned())) {
            return *width;
        }
        let width = self.shape(face, text).iter().map(|glyph| glyph.advance).sum();
        let mut widths = self.widths.borrow_mut();
        if widths.len() >= KEPT {
            widths.clear();
        }
        widths.insert((face, text.to_owned()), width);
        width
    }

    /// The first letter that the face cannot show.
    #[must_use]
    pub fn missing(&self, face: Face, text: &str) -> Option<char> {
        let shown = text.replace(['\n', '\u{ad}'], "");
        let glyph = self.shape(face, &shown).into_iter().find(|glyph| glyph.id == 0)?;
        shown.get(glyph.range).and_then(|letters| letters.chars().next())
    }

    /// The face to set a text in: the wanted one, or where it lacks a letter the serif, which has most.
    ///
    /// # Errors
    /// The letter that the serif lacks, too.
    pub fn able(&self, wanted: Face, text: &str) -> Result<Face, char> {
        if self.missing(wanted, text).is_none() {
            return Ok(wanted);
        }
        self.missing(Face::Serif, text).map_or(Ok(Face::Serif), Err)
    }

    /// Ascender and descender in thousandths of the font size, both positive.
    #[must_use]
    pub fn extent(&self, face: Face) -> (i32, i32) {
        let Some(font) = self.faces.get(face as usize) else { return (800, 200) };
        let scale = |units: i16| i32::from(units) * 1000 / font.units_per_em().max(1);
        (scale(font.ascender()), -scale(font.descender()))
    }
}
