//! A quiet letter: serif, flush left, and as much white as the words leave.

use zugabe::insert::budget::Block;
use zugabe::insert::ink::Ink;

use super::{Align, Composer, DARK, SOFT, Stack, Type};
use crate::face::Face;
use crate::page::{Page, Rect, Shape, Um, mm};

const NAME: Type = Type::new(Face::Serif, 130, 118).whole();
const NAME_BY_LOGO: Type = Type::new(Face::Serif, 110, 118).whole();
const TAGLINE: Type = Type::new(Face::SerifItalic, 90, 128);
const HEADLINE: Type = Type::new(Face::Serif, 210, 112).phrased();
const BODY: Type = Type::new(Face::Serif, 110, 140);
const GIFT: Type = Type::new(Face::SerifItalic, 120, 132).even();
const SMALL: Type = Type::new(Face::Serif, 90, 124);

pub(crate) fn compose(c: &Composer<'_>) -> Option<Page> {
    let margin = mm(75) + c.gap(45);
    let width = c.width - 2 * margin;
    let accent = c.brand.readable_on(Ink::WHITE);
    let edge = mm(if c.tall { 120 } else { 90 }) - mm(20) + c.gap(20);

    let mut head = brand(c, margin, width, edge, accent);
    head.space(c.gap(26));
    head.fill(rule(margin, head.y, mm(110), mm(5)), accent).space(mm(5));

    let mut words = Stack::at(0);
    words.para(c.block(Block::Headline, HEADLINE, DARK, Align::Left, margin, width).as_ref()).space(c.gap(30));
    words.para(c.block(Block::Body, BODY, DARK, Align::Left, margin, width).as_ref());
    if let Some(gift) = c.block(Block::Gift, GIFT, accent, Align::Left, margin, width) {
        words.space(c.gap(24)).para(Some(&gift));
    }

    let mut foot = Stack::at(0);
    if let Some(claim) = c.claim(SMALL, SOFT, 160, margin, width) {
        let claim = claim.down(foot.y);
        foot.y = claim.y;
        foot.parts.extend(claim.parts);
        foot.space(c.gap(34));
    }
    let small = c.foot(SMALL, SOFT, Align::Left, margin, width);
    if small.y > 0 {
        foot.fill(rule(margin, foot.y, width, mm(2)), Ink([0xb4; 3])).space(c.gap(26));
        let small = small.down(foot.y);
        foot.y = small.y;
        foot.parts.extend(small.parts);
    }
    let foot_at = c.height - edge - foot.y;
    let room = foot_at - head.y - words.y;
    if room < c.gap(90) {
        return None;
    }
    // A letter begins in the upper part of its white.
    let words = words.down(head.y + room * 2 / 5);
    let foot = foot.down(foot_at);
    Some(c.page([head.parts, words.parts, foot.parts].concat()))
}

const fn rule(x: Um, y: Um, width: Um, height: Um) -> Shape {
    Shape::Rect(Rect { x, y, width, height }, 0)
}

fn brand(c: &Composer<'_>, x: Um, width: Um, y: Um, accent: Ink) -> Stack {
    let mut head = Stack::at(y);
    let Some((wide, high)) = c.logo_in(mm(140) + c.gap(160), mm(60) + c.gap(60)) else {
        head.para(c.block(Block::Name, NAME, accent, Align::Left, x, width).as_ref());
        head.para(c.block(Block::Tagline, TAGLINE, SOFT, Align::Left, x, width).as_ref());
        return head;
    };
    let beside = x + wide + mm(40);
    let column = width - wide - mm(40);
    let mut name = Stack::at(0);
    name.para(c.block(Block::Name, NAME_BY_LOGO, accent, Align::Left, beside, column).as_ref());
    name.para(c.block(Block::Tagline, TAGLINE, SOFT, Align::Left, beside, column).as_ref());
    let high_enough = name.y.max(high);
    let logo = Rect { x, y: y + (high_enough - high) / 2, width: wide, height: high };
    let by = y + (high_enough - name.y) / 2;
    let mut name = name.down(by);
    head.parts.push(c.logo_at(logo));
    head.parts.append(&mut name.parts);
    head.y = y + high_enough;
    head
}
