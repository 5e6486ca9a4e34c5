//! A warm card: a band in the shop's colour that bows into the sheet, soft type in the middle, the code on a white field.

use zugabe::insert::budget::Block;
use zugabe::insert::ink::Ink;

use super::{Align, Composer, DARK, SOFT, Stack, Type};
use crate::face::Face;
use crate::page::{BLEED, Item, Page, Part, Rect, Role, Shape, Um, mm};

const NAME: Type = Type::new(Face::Soft, 160, 116).even();
const TAGLINE: Type = Type::new(Face::Sans, 92, 132).even();
const HEADLINE: Type = Type::new(Face::Soft, 200, 114).phrased();
const BODY: Type = Type::new(Face::Sans, 104, 140).even();
const GIFT: Type = Type::new(Face::SansBold, 100, 130).even();
const SMALL: Type = Type::new(Face::Sans, 90, 124);
/// Paper that was never quite white.
const CREAM: Ink = Ink([0xfd, 0xf8, 0xef]);

pub(crate) fn compose(c: &Composer<'_>) -> Option<Page> {
    let margin = mm(70) + c.gap(20);
    let width = c.width - 2 * margin;
    let ground = CREAM.mixed(c.brand, 3);
    let accent = c.brand.readable_on(ground);
    let bow = if c.tall { mm(60) } else { mm(45) };

    let sheet = Rect { x: 0, y: 0, width: c.width, height: c.height }.grown(BLEED);
    let mut page = vec![ornament(Shape::Rect(sheet, 0), ground)];
    let (band, band_end) = band(c, margin, width, bow);
    page.extend(band);

    let mut words = Stack::at(0);
    words.para(c.block(Block::Headline, HEADLINE, accent, Align::Middle, margin, width).as_ref()).space(c.gap(22));
    words.para(c.block(Block::Body, BODY, DARK, Align::Middle, margin, width).as_ref());
    if let Some(gift) = c.block(Block::Gift, GIFT, c.brand.text_on(), Align::Middle, margin + mm(60), width - mm(120)) {
        words.space(c.gap(26));
        let pill = Rect {
            x: (c.width - gift.widest()) / 2 - mm(50),
            y: words.y,
            width: gift.widest() + mm(100),
            height: gift.height() + mm(26),
        };
        words.fill(Shape::Rect(pill, (pill.height / 2).min(mm(40))), c.brand).space(mm(13));
        words.para(Some(&gift)).space(mm(13));
    }

    let mut foot = Stack::at(0);
    if let Some(claim) = c.claim(SMALL, SOFT, 150, margin + mm(20), width - mm(40)) {
        // The quiet zone of the QR code lies on the white field.
        let padding = mm(25) + c.gap(15);
        let field = Rect { x: margin - mm(25), y: 0, width: width + mm(50), height: claim.y + 2 * padding };
        foot.fill(Shape::Rect(field, mm(35)), Ink::WHITE);
        let claim = claim.down(padding);
        foot.parts.extend(claim.parts);
        foot.y = field.height;
        foot.space(c.gap(26));
    }
    let small = c.foot(SMALL.even(), SOFT, Align::Middle, margin, width).down(foot.y);
    foot.y = small.y;
    foot.parts.extend(small.parts);

    let bottom = mm(50) + c.gap(30);
    let foot_at = c.height - bottom - foot.y;
    let room = foot_at - band_end - words.y;
    if room < c.gap(70) {
        return None;
    }
    page.extend(words.down(band_end + room / 2).parts);
    page.extend(foot.down(foot_at).parts);
    Some(c.page(page))
}

fn ornament(shape: Shape, ink: Ink) -> Part {
    Part { role: Role::Ornament, items: vec![Item::Fill(shape, ink)] }
}

/// The band with name and tagline, and on its lower edge the logo on a white plate. Says where it ends.
fn band(c: &Composer<'_>, margin: Um, width: Um, bow: Um) -> (Vec<Part>, Um) {
    let on = c.brand.text_on();
    let mut name = Stack::at(mm(45) + c.gap(if c.tall { 90 } else { 45 }));
    name.para(c.block(Block::Name, NAME, on, Align::Middle, margin, width).as_ref());
    name.para(c.block(Block::Tagline, TAGLINE, on, Align::Middle, margin, width).as_ref());
    name.space(c.gap(if c.tall { 60 } else { 30 }));
    let logo = c.logo_in(mm(200) + c.gap(100), mm(60) + c.gap(60));
    let plate = logo.map_or(0, |(_, high)| high + mm(50));
    // Half of the plate lies on the band; the bow begins where the words end.
    let straight = name.y + plate / 2 - if logo.is_some() { bow } else { 0 };
    let rect = Rect { x: -BLEED, y: -BLEED, width: c.width + 2 * BLEED, height: straight.max(name.y) + BLEED };
    let mut parts = vec![ornament(Shape::Bowl(rect, bow), c.brand)];
    parts.append(&mut name.parts);
    let mut end = rect.y + rect.height + bow;
    if let Some((wide, high)) = logo {
        let at = Rect { x: (c.width - wide) / 2, y: end - high / 2, width: wide, height: high };
        parts.push(ornament(Shape::Rect(at.grown(mm(25)), mm(40)), Ink::WHITE));
        parts.push(c.logo_at(at));
        end = at.y + at.height + mm(25);
    }
    (parts, end)
}
