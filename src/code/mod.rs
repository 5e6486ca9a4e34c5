//! Which code is that? Codes that people type (C12, C10) and tokens that links carry (LT1): parsed, minted and
//! verified without a database.
//!
//! Two halves that never meet: [`check()`] needs no key and catches typing errors, so it may run in a page;
//! [`verify()`] and [`mint()`] need the key set and stay with the merchant.

mod api;
mod attempts;
mod batch;
mod c12;
mod check;
mod crockford;
mod damm;
mod issued;
mod key_file;
mod keys;
mod prefix;
mod profanity;
mod seal;
mod security;
mod token;

pub use api::{MintRequest, Minted, Verified, email_key_text, mint, mint_text, verify, verify_text};
pub use attempts::{AttemptLimit, Attempts, attempt};
pub use batch::Minter;
pub use c12::{CodeKey, Opened, Verifier};
pub use check::{Checked, Code, CodeVerdict, Format, MAX_INPUT, check, parse};
pub use issued::{Inspected, Issued, IssuedBatch, IssuedList, Refusal};
pub use key_file::{KeyDocument, SlotDocument, new_key_set};
pub use keys::{KeyOverview, KeySet, Slot, SlotOverview, SlotState, TokenKind};
pub use prefix::{Prefix, parse_with_prefixes};
pub use profanity::LIST_VERSION;
pub use security::{C10_LIVE_MAX, Security, check_live_codes, security};
#[cfg(feature = "ed25519")]
pub use token::{PublicKey, PublicKeys, public_keys, verify_token_public};
pub use token::{
    TokenRequest, VerifiedToken, looks_like_token, mint_token, mint_token_text, verify_token, verify_token_text,
};
