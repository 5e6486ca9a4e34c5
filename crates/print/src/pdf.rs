//! How does a page become PDF? Draws what the layout placed: fonts embedded in part, text tagged for reading aloud,
//! black printed in black ink alone, trim and bleed marked for the print shop.

use core::num::NonZeroU16;

use krilla::color::{luma, rgb};
use krilla::configure::{Accessibility, ConfigurationBuilder};
use krilla::destination::XyzDestination;
use krilla::geom::{Path, PathBuilder, Point, Rect as Area, Size, Transform};
use krilla::metadata::{DateTime, Metadata};
use krilla::outline::{Outline, OutlineNode};
use krilla::page::PageSettings;
use krilla::paint::Fill;
use krilla::surface::Surface;
use krilla::tagging::{Artifact, ArtifactType, ContentTag, Identifier, SpanTag, Tag, TagGroup, TagKind, TagTree};
use krilla::text::{Font, GlyphId, KrillaGlyph};
use krilla::{Document, SerializeSettings};
use krilla_svg::{SurfaceExt, SvgSettings};
use zugabe::insert::ink::Ink;
use zugabe::insert::qr::Square;
use zugabe::reject::{Code, Error, Result};
use zugabe::time::Instant;

use crate::face::{Face, Faces};
use crate::logo::{Logo, Picture};
use crate::page::{BLEED, Item, Page, Part, Rect, Role, Shape, Text, Um, mm, pt};

/// What surrounds the sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Marks {
    /// Colour goes 3 mm beyond the edge.
    pub bleed: bool,
    /// Crop marks stand outside of it, and what the sheet is. Includes the bleed.
    pub crop: bool,
}

/// Room for crop marks on every side.
const MARGIN: Um = mm(100);

impl Marks {
    const fn around(self) -> Um {
        match (self.crop, self.bleed) {
            (true, _) => MARGIN,
            (false, true) => BLEED,
            (false, false) => 0,
        }
    }
}

/// A PDF that is being made.
pub struct Booklet<'a> {
    document: Document,
    faces: &'a Faces,
    fonts: Vec<Font>,
    logo: Option<&'a Logo>,
    marks: Marks,
    tags: TagTree,
    outline: Outline,
    pages: usize,
}

impl<'a> Booklet<'a> {
    /// Begins. The same title, language, instant and pages give the same bytes.
    ///
    /// # Errors
    /// `invalid_state` when an embedded font cannot be read: never with the fonts that come along.
    pub fn new(
        faces: &'a Faces,
        logo: Option<&'a Logo>,
        marks: Marks,
        (title, language): (&str, &str),
        now: Instant,
    ) -> Result<Self> {
        let configuration = ConfigurationBuilder::new()
            .with_accessibility_validator(Accessibility::UA1)
            .finish()
            .map_err(|error| broken(&format!("{error:?}")))?;
        // Colours stay device colours: a grey without a profile is black ink alone, on every press.
        let settings = SerializeSettings { configuration, enable_tagging: true, ..SerializeSettings::default() };
        let mut document = Document::new_with(settings);
        document.set_metadata(
            Metadata::new()
                .title(title.to_owned())
                .language(language.to_owned())
                .creator("Zugabe".to_owned())
                .producer(concat!("zugabe ", env!("CARGO_PKG_VERSION")).to_owned())
                .creation_date(date(now)),
        );
        let fonts: Option<Vec<Font>> = Face::ALL.iter().map(|face| Font::new(face.file().into(), 0)).collect();
        let fonts = fonts.ok_or_else(|| broken("a font cannot be read"))?;
        Ok(Self { document, faces, fonts, logo, marks, tags: TagTree::new(), outline: Outline::new(), pages: 0 })
    }

    /// Adds a page; `name` is its bookmark, and stands beside the crop marks.
    ///
    /// # Errors
    /// `invalid_state` for a sheet without a size.
    pub fn add(&mut self, page: &Page, name: &str) -> Result<()> {
        let around = self.marks.around();
        let sheet = page.sheet();
        let area = |rect: Rect| area(rect).ok_or_else(|| broken("a sheet has no size"));
        let moved = |rect: Rect| Rect { x: rect.x + around, y: rect.y + around, ..rect };
        let media = area(Rect { x: 0, y: 0, ..sheet.grown(around) })?;
        let bleed = if around == 0 { sheet } else { sheet.grown(BLEED) };
        let settings = PageSettings::from_wh(media.width(), media.height())
            .ok_or_else(|| broken("a sheet has no size"))?
            .with_trim_box(Some(area(moved(sheet))?))
            .with_bleed_box(Some(area(moved(bleed))?));
        let top = Point::from_xy(0.0, 0.0);
        self.outline.push_child(OutlineNode::new(name.to_owned(), XyzDestination::new(self.pages, top)));
        self.pages += 1;

        let mut section = TagGroup::new(Tag::Section.with_lang(Some(page.language.to_owned())));
        let mut drawn = self.document.start_page_with(settings);
        let mut surface = drawn.surface();
        surface.push_transform(&Transform::from_translate(points(around), points(around)));
        let mut pen = Pen { surface: &mut surface, faces: self.faces, fonts: &self.fonts, logo: self.logo };
        for part in &page.blocks {
            if let Some(group) = pen.part(part) {
                section.push(group);
            }
        }
        if self.marks.crop {
            pen.crop_marks(sheet, name);
        }
        surface.pop();
        surface.finish();
        drawn.finish();
        self.tags.push(section);
        Ok(())
    }

    /// The PDF.
    ///
    /// # Errors
    /// `invalid_state` when it does not hold what PDF/UA-1 demands.
    pub fn finish(mut self) -> Result<Vec<u8>> {
        self.document.set_outline(self.outline);
        self.document.set_tag_tree(self.tags);
        self.document.finish().map_err(|error| broken(&format!("{error:?}")))
    }
}

fn broken(why: &str) -> Error {
    let why: String = why.chars().take(300).collect();
    Error::new(Code::InvalidState, format!("The PDF cannot be made: {why}."))
}

fn date(now: Instant) -> DateTime {
    let text = now.to_string();
    let part = |from: usize, to: usize| text.get(from..to).and_then(|digits| digits.parse::<u8>().ok()).unwrap_or(0);
    let year = text.get(0..4).and_then(|digits| digits.parse().ok()).unwrap_or(1970);
    DateTime::new(year)
        .month(part(5, 7).max(1))
        .day(part(8, 10).max(1))
        .hour(part(11, 13))
        .minute(part(14, 16))
        .second(part(17, 19))
        .utc_offset_hour(0)
        .utc_offset_minute(0)
}

/// The words of a part.
fn said(part: &Part) -> String {
    let lines = part.items.iter().filter_map(|item| match item {
        Item::Text(text) => Some(text.text.as_str()),
        _ => None,
    });
    lines.collect::<Vec<_>>().join(" ")
}

/// Micrometres as points.
fn points(length: Um) -> f32 {
    (f64::from(length) * 72.0 / 25_400.0) as f32
}

fn area(rect: Rect) -> Option<Area> {
    Area::from_xywh(points(rect.x), points(rect.y), points(rect.width), points(rect.height))
}

/// Draws on one page.
struct Pen<'s, 'd, 'a> {
    surface: &'s mut Surface<'d>,
    faces: &'a Faces,
    fonts: &'s [Font],
    logo: Option<&'a Logo>,
}

impl Pen<'_, '_, '_> {
    fn part(&mut self, part: &Part) -> Option<TagGroup> {
        let kind: TagKind = match &part.role {
            Role::Ornament => {
                self.surface.start_tagged(ContentTag::Artifact(Artifact::with_kind(ArtifactType::Layout)));
                part.items.iter().for_each(|item| self.item(item, true));
                self.surface.end_tagged();
                return None;
            }
            Role::Heading => Tag::Hn(NonZeroU16::MIN, Some(said(part))).into(),
            Role::Paragraph => Tag::P.into(),
            Role::Figure(words) => Tag::Figure(Some(words.clone())).into(),
        };
        let mut group = TagGroup::new(kind);
        let last = part.items.len().saturating_sub(1);
        for (index, item) in part.items.iter().enumerate() {
            group.push(self.tagged(item, index == last));
        }
        Some(group)
    }

    fn tagged(&mut self, item: &Item, last: bool) -> Identifier {
        let tag = match item {
            Item::Text(_) => ContentTag::Span(SpanTag::empty()),
            _ => ContentTag::Other,
        };
        let id = self.surface.start_tagged(tag);
        self.item(item, last);
        self.surface.end_tagged();
        id
    }

    fn item(&mut self, item: &Item, last: bool) {
        match item {
            Item::Fill(shape, ink) => {
                self.ink(*ink);
                if let Some(path) = outline(*shape) {
                    self.surface.draw_path(&path);
                }
            }
            Item::Text(text) => self.text(text, last),
            Item::Qr(square, rect) => {
                self.ink(Ink::BLACK);
                if let Some(path) = modules(square, *rect) {
                    self.surface.draw_path(&path);
                }
            }
            Item::Logo(rect) => self.picture(*rect),
        }
    }

    /// A grey is printed in black ink alone.
    fn ink(&mut self, Ink([red, green, blue]): Ink) {
        let paint = if red == green && green == blue {
            luma::Color::new(red).into()
        } else {
            rgb::Color::new(red, green, blue).into()
        };
        self.surface.set_stroke(None);
        self.surface.set_fill(Some(Fill { paint, ..Fill::default() }));
    }

    fn text(&mut self, text: &Text, last: bool) {
        let Some(font) = self.fonts.get(text.face as usize) else { return };
        self.ink(text.ink);
        // Read aloud or copied, a line ends with a space, or a divided word with a hyphen that is none.
        let (shaped, read) = match (text.divided, last) {
            (true, _) => (format!("{}-", text.text), format!("{}\u{ad}", text.text)),
            (false, false) => (format!("{} ", text.text), format!("{} ", text.text)),
            (false, true) => (text.text.clone(), text.text.clone()),
        };
        let part = |thousandths: i32| (f64::from(thousandths) / 1000.0) as f32;
        let glyphs: Vec<KrillaGlyph> = self
            .faces
            .shape(text.face, &shaped)
            .into_iter()
            .map(|glyph| {
                let end = if glyph.range.end == shaped.len() { read.len() } else { glyph.range.end };
                KrillaGlyph::new(
                    GlyphId::new(glyph.id),
                    part(glyph.advance + text.tracking),
                    part(glyph.right),
                    part(glyph.up),
                    0.0,
                    glyph.range.start..end,
                    None,
                )
            })
            .collect();
        let start = Point::from_xy(points(text.x), points(text.y));
        self.surface.draw_glyphs(start, &glyphs, font.clone(), &read, points(text.size), false);
    }

    fn picture(&mut self, rect: Rect) {
        let (Some(logo), Some(size)) = (self.logo, Size::from_wh(points(rect.width), points(rect.height))) else {
            return;
        };
        self.surface.push_transform(&Transform::from_translate(points(rect.x), points(rect.y)));
        match &logo.picture {
            Picture::Drawing(tree) => {
                let settings = SvgSettings { embed_text: false, ..SvgSettings::default() };
                self.surface.draw_svg(tree, size, settings);
            }
            Picture::Pixels(image) => self.surface.draw_image(image.clone(), size),
        }
        self.surface.pop();
    }

    /// Where to cut, and whose sheet it is.
    fn crop_marks(&mut self, sheet: Rect, name: &str) {
        self.surface.start_tagged(ContentTag::Artifact(Artifact::with_kind(ArtifactType::Page)));
        let (near, length, hair) = (BLEED + mm(10), mm(50), pt(3));
        for x in [0, sheet.width] {
            for y in [-near - length, sheet.height + near] {
                self.item(
                    &Item::Fill(Shape::Rect(Rect { x: x - hair / 2, y, width: hair, height: length }, 0), Ink::BLACK),
                    true,
                );
            }
        }
        for y in [0, sheet.height] {
            for x in [-near - length, sheet.width + near] {
                self.item(
                    &Item::Fill(Shape::Rect(Rect { x, y: y - hair / 2, width: length, height: hair }, 0), Ink::BLACK),
                    true,
                );
            }
        }
        // Cut off with the rest, so it may be small.
        let text = format!("{name}   {} × {} mm", sheet.width / 1000, sheet.height / 1000);
        let known = self.faces.missing(Face::Sans, &text).is_none();
        let text = if known { text } else { format!("{} × {} mm", sheet.width / 1000, sheet.height / 1000) };
        let (x, y) = (mm(80), sheet.height + BLEED + mm(45));
        let line =
            Text { x, y, width: 0, face: Face::Sans, size: pt(60), tracking: 0, ink: Ink::BLACK, text, divided: false };
        self.text(&line, true);
        self.surface.end_tagged();
    }
}

/// A circle's quarter as a Bézier curve: how far its handles reach.
const ROUND: f64 = 0.552_284_75;

fn outline(shape: Shape) -> Option<Path> {
    let mut path = PathBuilder::new();
    let to = |length: i32| points(length);
    match shape {
        Shape::Rect(rect, 0) => path.push_rect(area(rect)?),
        Shape::Rect(Rect { x, y, width, height }, radius) => {
            let radius = radius.min(width / 2).min(height / 2);
            let reach = (f64::from(radius) * (1.0 - ROUND)) as i32;
            let (right, bottom) = (x + width, y + height);
            path.move_to(to(x + radius), to(y));
            path.line_to(to(right - radius), to(y));
            path.cubic_to(to(right - reach), to(y), to(right), to(y + reach), to(right), to(y + radius));
            path.line_to(to(right), to(bottom - radius));
            path.cubic_to(to(right), to(bottom - reach), to(right - reach), to(bottom), to(right - radius), to(bottom));
            path.line_to(to(x + radius), to(bottom));
            path.cubic_to(to(x + reach), to(bottom), to(x), to(bottom - reach), to(x), to(bottom - radius));
            path.line_to(to(x), to(y + radius));
            path.cubic_to(to(x), to(y + reach), to(x + reach), to(y), to(x + radius), to(y));
            path.close();
        }
        Shape::Bowl(Rect { x, y, width, height }, bow) => {
            let (right, bottom) = (x + width, y + height);
            // A curve reaches three quarters of the way to its handles.
            let handle = bottom + bow * 4 / 3;
            path.move_to(to(x), to(y));
            path.line_to(to(right), to(y));
            path.line_to(to(right), to(bottom));
            path.cubic_to(to(right - width / 4), to(handle), to(x + width / 4), to(handle), to(x), to(bottom));
            path.close();
        }
    }
    path.finish()
}

fn modules(square: &Square, rect: Rect) -> Option<Path> {
    let mut path = PathBuilder::new();
    let module = f64::from(rect.width) * 72.0 / 25_400.0 / f64::from(square.size.max(1));
    let (left, top) = (f64::from(points(rect.x)), f64::from(points(rect.y)));
    for (x, y, length) in &square.runs {
        // A hair higher than its row, so that no viewer shows a seam between two rows.
        let height = if *y + 1 < square.size { module * 1.015 } else { module };
        let run = Area::from_xywh(
            (left + f64::from(*x) * module) as f32,
            (top + f64::from(*y) * module) as f32,
            (f64::from(*length) * module) as f32,
            height as f32,
        )?;
        path.push_rect(run);
    }
    path.finish()
}
