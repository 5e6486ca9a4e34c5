//! Which code is that? Codes that people type (C12, C10): parsed, minted and verified without a database.
//!
//! Two halves that never meet: [`check()`] needs no key and catches typing errors, so it may run in a page;
//! [`verify()`] and [`mint()`] need the key set and stay with the merchant.

mod api;
mod batch;
mod c12;
mod check;
mod crockford;
mod damm;
mod keys;
mod profanity;

pub use api::{MintRequest, Minted, Verified, mint, mint_text, verify, verify_text};
pub use batch::Minter;
pub use c12::{CodeKey, Opened, Verifier};
pub use check::{Checked, Code, CodeVerdict, Format, MAX_INPUT, check, parse};
pub use keys::{KeyDocument, KeySet, Slot, SlotDocument, SlotState, new_key_set};
pub use profanity::LIST_VERSION;
