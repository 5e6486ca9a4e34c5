//! What has to be read, and what has to be written, when something happens to a recommendation? `referral` and `books`
//! put together: whoever holds the books asks [`next`], reads, asks again, writes.
//!
//! ```text
//! rows = {}
//! loop: next(call, rows) -> read:   run the statements, add what they gave to rows, ask again
//!                        -> write:  apply the operation; where it is refused as `stale`, begin anew with no rows
//!                        -> answer: what came of it
//! ```
//!
//! Nothing that was read is relied on when it is written: the row of the recommendation changes only from the version
//! that was read, counters only from what they were. Two that decide at the same time do not both write.

mod call;
mod decide;
mod find;
mod person;
mod write;

pub use person::{RawPerson, hash_person};

pub use call::{ReferralAnswer, ReferralCall, ReferralEvent, ReferralNext, ReferralOutcome};

use std::collections::BTreeMap;

use crate::books::{Memory, Refusal, Row};
use crate::code::KeySet;
use crate::offer::Program;
use crate::referral::{Person, Terms};
use crate::reject::{Code, Error, Result, parse_json};

/// What the statements that were read gave, by their names.
pub type Found = BTreeMap<String, Vec<Row>>;

/// What is to be done next for a call, by what has been read for it so far.
///
/// # Errors
/// What the call is refused for before anything is looked at; `invalid_state` when a row is not what was written.
pub fn next(call: &ReferralCall, found: &Found) -> Result<ReferralNext> {
    // What was sound in the first round is sound in the next.
    if found.is_empty() {
        call.check()?;
    }
    decide::next(call, found)
}

/// [`next`] with the [`ReferralCall`] and the rows as text; no text at all is no rows.
///
/// # Errors
/// Those of [`parse_json`] and [`next`].
pub fn next_text(call: &str, found: &str) -> Result<ReferralNext> {
    let found = if found.is_empty() { Found::new() } else { parse_json(found).map_err(|error| error.under("rows"))? };
    next(&parse_json(call).map_err(|error| error.under("call"))?, &found)
}

/// The terms of a program, complete with its currency and time zone.
///
/// # Errors
/// Those of [`Program::parse`].
pub fn terms_text(program: &str) -> Result<Terms> {
    Ok(Program::parse(program).map_err(|error| error.under("program"))?.referral_terms())
}

/// [`hash_person`] with the key file and the [`RawPerson`] as text.
///
/// # Errors
/// Those of [`KeySet::parse`], [`parse_json`] and [`hash_person`].
pub fn hash_person_text(keys: &str, raw: &str) -> Result<Person> {
    let keys = KeySet::parse(keys).map_err(|error| error.under("keys"))?;
    hash_person(&keys.email_key(), &parse_json(raw)?)
}

/// A call on books in memory, from the beginning to its answer.
///
/// # Errors
/// Those of [`next`] and of [`Memory::apply`].
pub fn apply(books: &mut Memory, call: &ReferralCall) -> Result<ReferralAnswer> {
    let mut found = Found::new();
    loop {
        let next = next(call, &found)?;
        if !next.read.is_empty() {
            found.extend(books.execute(&next.read)?.rows);
            continue;
        }
        if let Some(operation) = next.write {
            match books.apply(operation)?.answer.refusal {
                None => {}
                Some(Refusal::Stale) => {
                    found.clear();
                    continue;
                }
                Some(refusal) => {
                    let message = format!("The books refuse what they should take: {}.", refusal.as_str());
                    return Err(Error::new(Code::InvalidState, message));
                }
            }
        }
        return next.answer.ok_or_else(|| Error::new(Code::InvalidState, "There is nothing to read and no answer."));
    }
}
