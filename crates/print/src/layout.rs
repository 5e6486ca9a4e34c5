//! What goes where? Tries a design at its full size and then step by step tighter, never below 9 pt, until everything
//! has room; what has none is refused by name.

use zugabe::insert::budget::Block;
use zugabe::insert::design::{Design, Sheet};
use zugabe::insert::parcel::Insert;
use zugabe::reject::{Code, Error, Result};

use crate::clean::clean;
use crate::design::{Composer, Words, card, letter, poster};
use crate::face::{Face, Faces};
use crate::page::Page;

/// How an insert is to look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look {
    /// The design.
    pub design: Design,
    /// The sheet.
    pub sheet: Sheet,
    /// Width and height of the logo, in any unit.
    pub logo: Option<(u32, u32)>,
}

/// How tight: type and space in hundredths of what the design would like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tightness {
    /// Type sizes, with 9 pt as the floor.
    pub type_size: i32,
    /// Space between blocks.
    pub space: i32,
}

const STEPS: [Tightness; 10] = {
    const fn step(type_size: i32, space: i32) -> Tightness {
        Tightness { type_size, space }
    }
    [
        step(100, 100),
        step(100, 82),
        step(94, 82),
        step(94, 66),
        step(88, 66),
        step(88, 52),
        step(80, 52),
        step(80, 40),
        step(72, 34),
        step(64, 28),
    ]
};

/// Sets an insert on its sheet.
///
/// # Errors
/// `invalid_value` with the block's path for a letter that no embedded font has; `too_large` with the path of the block
/// that is too long for its room.
pub fn lay_out(faces: &Faces, insert: &Insert, look: &Look) -> Result<Page> {
    let words = Words::of(insert)?;
    for (block, text) in words.texts() {
        faces.able(Face::Serif, text).map_err(|letter| unprintable(block, letter))?;
    }
    for tightness in STEPS {
        let composer = Composer::new(faces, &words, look, tightness);
        let page = match look.design {
            Design::Letter => letter::compose(&composer),
            Design::Card => card::compose(&composer),
            Design::Poster => poster::compose(&composer),
        };
        if let Some(page) = page {
            return Ok(page);
        }
    }
    Err(no_room(&words, look))
}

/// Whether a text has only letters that can be printed. For names: a greeting does without one that has others.
#[must_use]
pub fn prints(faces: &Faces, text: &str) -> bool {
    let text = clean(text);
    !text.is_empty() && faces.able(Face::Serif, &text).is_ok()
}

fn unprintable(block: Block, letter: char) -> Error {
    Error::at(
        Code::InvalidValue,
        format!("insert.{}", block.as_str()),
        format!(
            "{} has a sign that no embedded font can show (U+{:04X}): leave it out or say it in letters.",
            capitalised(block.words()),
            u32::from(letter)
        ),
    )
}

/// Names the block that goes furthest beyond its budget, or when all keep to theirs, the fullest one.
fn no_room(words: &Words<'_>, look: &Look) -> Error {
    let fullest = words.texts().into_iter().max_by_key(|(block, text)| text.chars().count() * 1000 / block.budget());
    let (block, text) = fullest.unwrap_or((Block::Body, ""));
    Error::at(
        Code::TooLarge,
        format!("insert.{}", block.as_str()),
        format!(
            "There is no room for all of it on {} in the design \"{}\", even at 9 pt. Shorten {} first: it has {} characters.",
            look.sheet.as_str(),
            look.design.as_str(),
            block.words(),
            text.chars().count()
        ),
    )
}

fn capitalised(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests;
