//! What do the designs have in common? Cleaned words, paragraphs set in a column, and stacks of them.

pub mod card;
pub mod letter;
pub mod poster;

use zugabe::insert::budget::Block;
use zugabe::insert::design::Sheet;
use zugabe::insert::ink::Ink;
use zugabe::insert::parcel::Insert;
use zugabe::insert::{Locale, qr};
use zugabe::reject::Result;

use crate::clean::clean;
use crate::face::{Face, Faces};
use crate::layout::{Look, Tightness};
use crate::page::{Item, Page, Part, Rect, Role, SMALLEST, Shape, Text, Um, mm, pt};
use crate::wrap::{Line, Setter, Style};

/// The colour of shops that name none.
const TERRACOTTA: Ink = Ink([0x9a, 0x43, 0x26]);
/// Body text: grey, so that it is printed in black ink alone.
pub(crate) const DARK: Ink = Ink([0x1e; 3]);
/// What is said beside: still 8.6 to 1 on white.
pub(crate) const SOFT: Ink = Ink([0x4a; 3]);

/// The insert's texts, cleaned; what is empty is absent.
pub struct Words<'a> {
    /// The insert they are from.
    pub insert: &'a Insert,
    /// The QR code of its address.
    pub qr: Option<qr::Square>,
    texts: Vec<(Block, String)>,
}

impl<'a> Words<'a> {
    /// Cleans the texts.
    ///
    /// # Errors
    /// `too_large` when the address does not fit into a QR code.
    pub fn of(insert: &'a Insert) -> Result<Self> {
        let some = |text: &str| Some(text.to_owned());
        let all = [
            (Block::Name, some(&insert.brand.name)),
            (Block::Tagline, insert.brand.tagline.clone()),
            (Block::Headline, some(&insert.headline)),
            (Block::Body, some(&insert.body)),
            // What the text says already is not said twice: the gift, or what a voucher is for.
            (
                Block::Gift,
                insert.gift.clone().filter(|gift| !insert.body.to_lowercase().contains(&gift.to_lowercase())),
            ),
            (Block::CodeText, insert.code_text.clone().filter(|text| *text != insert.body)),
            (Block::Link, insert.short_link.clone()),
            (Block::Conditions, insert.conditions.clone()),
            (Block::Why, insert.why.clone()),
            (Block::WhereToBuy, insert.where_to_buy.clone()),
            (Block::Services, insert.services.clone()),
            (Block::Contact, insert.contact.clone()),
        ];
        let cleaned = all.into_iter().filter_map(|(block, text)| Some((block, clean(&text?))));
        let texts = cleaned.filter(|(_, text)| !text.is_empty()).collect();
        let qr = insert.link.as_deref().map(qr::square).transpose()?;
        Ok(Self { insert, qr, texts })
    }

    /// Every text with its block.
    #[must_use]
    pub fn texts(&self) -> Vec<(Block, &str)> {
        self.texts.iter().map(|(block, text)| (*block, text.as_str())).collect()
    }

    /// The text of a block.
    #[must_use]
    pub fn get(&self, block: Block) -> Option<&str> {
        self.texts.iter().find(|(other, _)| *other == block).map(|(_, text)| text.as_str())
    }

    fn code(&self) -> Option<&str> {
        self.insert.shown_code.as_deref().or(self.insert.code.as_deref())
    }
}

/// Which way lines lean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    /// To the left.
    Left,
    /// To the middle.
    Middle,
    /// To the right.
    Right,
}

/// How a design sets a text: its wish, before it is tightened.
#[derive(Debug, Clone, Copy)]
pub struct Type {
    face: Face,
    /// In tenths of a point.
    size: i32,
    /// In hundredths of the size.
    leading: i32,
    tracking: i32,
    divide: bool,
    even: bool,
    phrased: bool,
}

impl Type {
    pub(crate) const fn new(face: Face, size: i32, leading: i32) -> Self {
        Self { face, size, leading, tracking: 0, divide: true, even: false, phrased: false }
    }

    pub(crate) const fn tracked(self, tracking: i32) -> Self {
        Self { tracking, ..self }
    }

    /// In even lines of whole words.
    pub(crate) const fn even(self) -> Self {
        Self { divide: false, even: true, ..self }
    }

    /// In even lines of whole words, and two of them divided at a comma.
    pub(crate) const fn phrased(self) -> Self {
        Self { divide: false, phrased: true, ..self }
    }

    pub(crate) const fn whole(self) -> Self {
        Self { divide: false, ..self }
    }
}

/// A text in lines.
#[derive(Debug, Clone)]
pub struct Para {
    lines: Vec<Line>,
    style: Style,
    ink: Ink,
    align: Align,
    x: Um,
    width: Um,
    role: Role,
    /// From the upper edge of a line to its base line.
    rise: Um,
}

impl Para {
    pub(crate) fn step(&self) -> Um {
        self.style.size * self.style.leading / 100
    }

    pub(crate) fn height(&self) -> Um {
        self.step() * i32::try_from(self.lines.len()).unwrap_or(0)
    }

    pub(crate) fn widest(&self) -> Um {
        self.lines.iter().map(|line| line.width).max().unwrap_or(0)
    }

    pub(crate) fn is_whole(&self) -> bool {
        self.lines.iter().all(|line| !line.divided && line.width <= self.width)
    }

    pub(crate) fn lines(&self) -> usize {
        self.lines.len()
    }

    pub(crate) fn read_as(mut self, role: Role) -> Self {
        self.role = role;
        self
    }

    /// Where the first base line is below the paragraph's upper edge.
    pub(crate) fn at(&self, y: Um) -> Part {
        let items = self.lines.iter().enumerate().map(|(index, line)| {
            let room = self.width - line.width;
            let x = match self.align {
                Align::Left => self.x,
                Align::Middle => self.x + room / 2,
                Align::Right => self.x + room,
            };
            Item::Text(Text {
                x,
                y: y + self.rise + self.step() * i32::try_from(index).unwrap_or(0),
                width: line.width,
                face: self.style.face,
                size: self.style.size,
                tracking: self.style.tracking,
                ink: self.ink,
                text: line.text.clone(),
                divided: line.divided,
            })
        });
        Part { role: self.role.clone(), items: items.collect() }
    }
}

/// Parts below each other.
#[derive(Debug, Clone, Default)]
pub struct Stack {
    pub(crate) parts: Vec<Part>,
    pub(crate) y: Um,
}

impl Stack {
    pub(crate) fn at(y: Um) -> Self {
        Self { parts: Vec::new(), y }
    }

    pub(crate) fn space(&mut self, space: Um) -> &mut Self {
        self.y += space;
        self
    }

    pub(crate) fn para(&mut self, para: Option<&Para>) -> &mut Self {
        if let Some(para) = para {
            self.parts.push(para.at(self.y));
            self.y += para.height();
        }
        self
    }

    pub(crate) fn fill(&mut self, shape: Shape, ink: Ink) -> &mut Self {
        self.parts.push(Part { role: Role::Ornament, items: vec![Item::Fill(shape, ink)] });
        self
    }

    /// Everything, further down by this much.
    pub(crate) fn down(mut self, by: Um) -> Self {
        for item in self.parts.iter_mut().flat_map(|part| &mut part.items) {
            match item {
                Item::Fill(Shape::Rect(rect, _) | Shape::Bowl(rect, _), _) | Item::Qr(_, rect) | Item::Logo(rect) => {
                    rect.y += by;
                }
                Item::Text(text) => text.y += by,
            }
        }
        self.y += by;
        self
    }
}

/// Sets the parts of one insert at one tightness.
pub struct Composer<'a> {
    pub(crate) words: &'a Words<'a>,
    pub(crate) width: Um,
    pub(crate) height: Um,
    /// The shop's colour.
    pub(crate) brand: Ink,
    pub(crate) tall: bool,
    setter: Setter<'a>,
    logo: Option<(u32, u32)>,
    tightness: Tightness,
}

impl<'a> Composer<'a> {
    /// Begins.
    #[must_use]
    pub fn new(faces: &'a Faces, words: &'a Words<'a>, look: &Look, tightness: Tightness) -> Self {
        let (width, height) = look.sheet.size();
        let brand = words.insert.brand.color.as_deref().and_then(|colour| Ink::parse(colour).ok());
        Self {
            words,
            width,
            height,
            brand: brand.unwrap_or(TERRACOTTA),
            tall: look.sheet == Sheet::Dinlang,
            setter: Setter { faces, locale: words.insert.locale },
            logo: look.logo.filter(|(width, height)| *width > 0 && *height > 0),
            tightness,
        }
    }

    pub(crate) fn locale(&self) -> Locale {
        self.words.insert.locale
    }

    /// A space between blocks, in tenths of a millimetre.
    pub(crate) fn gap(&self, tenths: i32) -> Um {
        mm(tenths) * self.tightness.space / 100
    }

    /// A type size in tenths of a point, tightened, never below 9 pt.
    pub(crate) fn size(&self, tenths: i32) -> Um {
        let wished = if self.tall { pt(tenths) * 108 / 100 } else { pt(tenths) };
        (wished * self.tightness.type_size / 100).max(SMALLEST)
    }

    /// The side of the QR code: 25 mm, on a tall sheet 28, and 22 at the tightest.
    pub(crate) fn qr_side(&self) -> Um {
        if self.tall { mm(280) } else { mm(210) + self.gap(40) }
    }

    /// Sets a text in a column.
    pub(crate) fn set(&self, kind: Type, text: &str, ink: Ink, align: Align, x: Um, width: Um) -> Para {
        self.set_at(kind, self.size(kind.size), text, ink, align, (x, width))
    }

    pub(crate) fn set_at(&self, kind: Type, size: Um, text: &str, ink: Ink, align: Align, column: (Um, Um)) -> Para {
        let (x, width) = column;
        // Whether there is such a face was asked before composing began.
        let face = self.setter.faces.able(kind.face, text).unwrap_or(Face::Serif);
        // Lines move together a little, too: by 6 in 100 at the very tightest.
        let leading = kind.leading * (940 + 60 * (self.tightness.space - 28).max(0) / 72) / 1000;
        let style = Style { face, size, leading, tracking: kind.tracking, divide: kind.divide };
        let lines = match (kind.phrased, kind.even) {
            (true, _) => self.setter.phrased(style, text, width),
            (_, true) => self.setter.balanced(style, text, width),
            _ => self.setter.settled(style, text, width),
        };
        let (ascent, descent) = self.setter.faces.extent(face);
        let rise = size * (leading * 10 - ascent - descent) / 2000 + size * ascent / 1000;
        Para { lines, style, ink, align, x, width, role: Role::Paragraph, rise }
    }

    /// Sets the text of a block, if it has one.
    pub(crate) fn block(&self, block: Block, kind: Type, ink: Ink, align: Align, x: Um, width: Um) -> Option<Para> {
        let para = self.set(kind, self.words.get(block)?, ink, align, x, width);
        Some(if block == Block::Headline { para.read_as(Role::Heading) } else { para })
    }

    /// The code, as large as the column allows and no larger than this (in tenths of a point).
    pub(crate) fn code(&self, largest: i32, ink: Ink, align: Align, x: Um, width: Um) -> Option<Para> {
        let code = self.words.code()?;
        let kind = Type::new(Face::Code, largest, 116).whole();
        let ems = self.setter.faces.width(Face::Code, code).max(1);
        let fitting = i64::from(width) * 1000 / i64::from(ems);
        let size = i32::try_from(fitting).unwrap_or(Um::MAX).min(self.size(largest)).max(SMALLEST);
        Some(self.set_at(kind, size, code, ink, align, (x, width)))
    }

    /// The QR code with this side (dark modules only), its upper left corner here.
    pub(crate) fn qr(&self, x: Um, y: Um, side: Um) -> Option<Part> {
        let square = self.words.qr.clone()?;
        let link = self.words.get(Block::Link).unwrap_or_default();
        let rect = Rect { x, y, width: side, height: side };
        Some(Part { role: Role::Figure(format!("QR-Code: {link}")), items: vec![Item::Qr(square, rect)] })
    }

    /// How wide the quiet zone of the QR code is at this side.
    pub(crate) fn quiet(&self, side: Um) -> Um {
        self.words.qr.as_ref().map_or(0, |square| side * qr::QUIET / square.size.max(1))
    }

    /// Width and height of the logo within a box.
    pub(crate) fn logo_in(&self, width: Um, height: Um) -> Option<(Um, Um)> {
        let (wide, high) = self.logo?;
        let (wide, high) = (i64::from(wide), i64::from(high));
        let fitted = if wide * i64::from(height) > high * i64::from(width) {
            (i64::from(width), i64::from(width) * high / wide)
        } else {
            (i64::from(height) * wide / high, i64::from(height))
        };
        Some((i32::try_from(fitted.0).ok()?.max(1), i32::try_from(fitted.1).ok()?.max(1)))
    }

    pub(crate) fn logo_at(&self, rect: Rect) -> Part {
        let name = self.words.get(Block::Name).unwrap_or_default();
        Part { role: Role::Figure(format!("Logo: {name}")), items: vec![Item::Logo(rect)] }
    }

    /// Code, address and what they are for, beside the QR code.
    pub(crate) fn claim(&self, kind: Type, ink: Ink, largest_code: i32, x: Um, width: Um) -> Option<Stack> {
        self.words.code()?;
        let side = self.qr_side();
        let quiet = self.quiet(side).max(mm(30));
        let column = if self.words.qr.is_some() { width - side - quiet } else { width };
        let mut stack = Stack::at(0);
        let text = self.block(Block::CodeText, kind, ink, Align::Left, x, column);
        stack.para(text.as_ref());
        if text.is_some() {
            stack.space(self.gap(14));
        }
        stack.para(self.code(largest_code, DARK, Align::Left, x, column).as_ref());
        stack.para(self.block(Block::Link, kind.whole(), ink, Align::Left, x, column).as_ref());
        if let Some(qr) = self.qr(x + width - side, 0, side) {
            let text_height = stack.y;
            let by = ((side - text_height) / 2).max(0);
            stack = stack.down(by);
            let mut qr = Stack { parts: vec![qr], y: 0 }.down(((text_height - side) / 2).max(0));
            stack.parts.append(&mut qr.parts);
            stack.y = text_height.max(side);
        }
        Some(stack)
    }

    /// What stands below: conditions, reason, points of sale, services, contact.
    pub(crate) fn foot(&self, kind: Type, ink: Ink, align: Align, x: Um, width: Um) -> Stack {
        let mut stack = Stack::at(0);
        let all = [Block::Conditions, Block::Why, Block::WhereToBuy, Block::Services, Block::Contact];
        let paras: Vec<Para> =
            all.into_iter().filter_map(|block| self.block(block, kind, ink, align, x, width)).collect();
        for (index, para) in paras.iter().enumerate() {
            if index > 0 {
                stack.space(self.gap(12));
            }
            if index + 1 == paras.len() {
                self.order(&mut stack, para, kind, ink, align);
            }
            stack.para(Some(para));
        }
        stack
    }

    /// The order's number at the end of the last line, where there is room: whoever packs looks for it there.
    fn order(&self, stack: &mut Stack, beside: &Para, kind: Type, ink: Ink, align: Align) {
        let Some(number) = self.words.insert.order.as_deref().map(clean) else { return };
        if self.setter.faces.able(kind.face, &number).is_err() {
            return;
        }
        let line = beside.lines.last().map_or(0, |line| line.width);
        // How far into the column the last line reaches.
        let last = if align == Align::Middle { (beside.width + line) / 2 } else { line };
        let para = self.set(kind.whole(), &number, ink, Align::Right, beside.x, beside.width);
        if para.lines() == 1 && last + para.widest() + mm(60) <= beside.width {
            stack.parts.push(para.at(stack.y + beside.height() - beside.step()));
        }
    }

    /// The finished page.
    pub(crate) fn page(&self, parts: Vec<Part>) -> Page {
        Page { width: self.width, height: self.height, language: self.locale().as_str(), blocks: parts }
    }
}
