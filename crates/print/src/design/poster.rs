//! Bold type: the thanks as large as the sheet allows, on the shop's colour; below it the code across the sheet.

use zugabe::insert::budget::Block;
use zugabe::insert::ink::Ink;

use super::{Align, Composer, DARK, Para, SOFT, Stack, Type};
use crate::face::Face;
use crate::page::{BLEED, Item, Page, Part, Rect, Role, Shape, Um, mm, pt};

const NAME: Type = Type::new(Face::SansBold, 110, 120).whole();
const TAGLINE: Type = Type::new(Face::Sans, 92, 128);
const HEADLINE: Type = Type::new(Face::Grotesque, 440, 104).phrased().tracked(-12);
const BODY: Type = Type::new(Face::Sans, 110, 136);
const GIFT: Type = Type::new(Face::SansBold, 106, 128).even();
const SMALL: Type = Type::new(Face::Sans, 90, 124);
/// The headline in tenths of a point: from, to, and how many lines it may take.
const HEADLINE_FROM: i32 = 440;
const HEADLINE_TO: i32 = 150;

pub(crate) fn compose(c: &Composer<'_>) -> Option<Page> {
    let margin = mm(60) + c.gap(20);
    let width = c.width - 2 * margin;
    let on = c.brand.text_on();

    let mut head = brand(c, margin, width, on);
    let mut words = Stack::at(0);
    words.para(headline(c, on, margin, width).as_ref()).space(c.gap(34));
    words.para(c.block(Block::Body, BODY, on, Align::Left, margin, width - mm(40)).as_ref());
    if let Some(gift) =
        c.block(Block::Gift, GIFT, c.brand.readable_on(on), Align::Left, margin + mm(30), width - mm(60))
    {
        words.space(c.gap(28));
        let tag = Rect { x: margin, y: words.y, width: gift.widest() + mm(60), height: gift.height() + mm(24) };
        words.fill(Shape::Rect(tag, 0), on).space(mm(12)).para(Some(&gift)).space(mm(12));
    }

    let foot = foot(c, margin, width);
    let foot_at = c.height - mm(45) - c.gap(25) - foot.y;
    let below = c.gap(44);
    let split = foot_at - c.gap(40);
    let room = split - below - head.y - words.y;
    if room < c.gap(60) {
        return None;
    }
    // The words stand on the lower edge of the colour, the free space above them.
    let words = words.down(head.y + room);
    let field = Rect { x: -BLEED, y: -BLEED, width: c.width + 2 * BLEED, height: split + BLEED };
    let mut page = vec![Part { role: Role::Ornament, items: vec![Item::Fill(Shape::Rect(field, 0), c.brand)] }];
    page.append(&mut head.parts);
    page.extend(words.parts);
    page.extend(foot.down(foot_at).parts);
    Some(c.page(page))
}

/// The largest size at which the thanks stands in few lines of whole words.
fn headline(c: &Composer<'_>, ink: Ink, x: Um, width: Um) -> Option<Para> {
    let text = c.words.get(Block::Headline)?;
    let lines = if c.tall { 4 } else { 3 };
    let largest = c.size(HEADLINE_FROM) * 100 / pt(1000).max(1) * 10;
    let sizes = (HEADLINE_TO..=largest.max(HEADLINE_TO)).rev().step_by(10);
    let set = |tenths: i32| c.set_at(HEADLINE, pt(tenths), text, ink, Align::Left, (x, width)).read_as(Role::Heading);
    Some(sizes.map(set).find(|para| para.lines() <= lines && para.is_whole()).unwrap_or_else(|| set(HEADLINE_TO)))
}

fn brand(c: &Composer<'_>, margin: Um, width: Um, on: Ink) -> Stack {
    let top = mm(50) + c.gap(35);
    let logo = c.logo_in(mm(160) + c.gap(100), mm(60) + c.gap(50));
    let column = logo.map_or(width, |(wide, _)| width - wide - mm(60));
    let mut head = Stack::at(top);
    head.para(c.block(Block::Name, NAME, on, Align::Left, margin, column).as_ref());
    head.para(c.block(Block::Tagline, TAGLINE, on, Align::Left, margin, column).as_ref());
    if let Some((wide, high)) = logo {
        let at = Rect { x: margin + width - wide - mm(20), y: top + mm(20), width: wide, height: high };
        let plate = at.grown(mm(20));
        head.fill(Shape::Rect(plate, mm(10)), Ink::WHITE);
        head.parts.push(c.logo_at(at));
        head.y = head.y.max(plate.y + plate.height);
    }
    head
}

fn foot(c: &Composer<'_>, margin: Um, width: Um) -> Stack {
    let mut foot = Stack::at(0);
    if let Some(code) = c.code(300, DARK, Align::Left, margin, width) {
        foot.para(Some(&code)).space(c.gap(16));
        let side = c.qr_side();
        let gap = c.quiet(side).max(mm(30));
        let column = if c.words.qr.is_some() { width - side - gap } else { width };
        let mut beside = Stack::at(0);
        for (block, kind) in [(Block::CodeText, SMALL), (Block::Link, SMALL.whole())] {
            let para = c.block(block, kind, SOFT, Align::Left, margin, column);
            beside.para(para.as_ref());
            if para.is_some() && block == Block::CodeText {
                beside.space(c.gap(12));
            }
        }
        let beside = beside.down(foot.y);
        let height = beside.y - foot.y;
        let qr = c.qr(margin + width - side, foot.y, side);
        let used = if qr.is_some() { height.max(side) } else { height };
        foot.parts.extend(beside.parts);
        foot.parts.extend(qr);
        foot.space(used + c.gap(24));
    }
    let small = c.foot(SMALL, SOFT, Align::Left, margin, width).down(foot.y);
    foot.y = small.y;
    foot.parts.extend(small.parts);
    foot
}
