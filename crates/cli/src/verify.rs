//! `zugabe verify`: is that a code or a link token of ours, and which one?

use std::path::Path;

use zugabe::code::{Verifier, looks_like_token, verify_token};
use zugabe::reject::Result;
use zugabe::time::Instant;

use crate::args::Verify;
use crate::files::{document, print, read_text};
use crate::keys;

pub fn run(args: &Verify, now: Instant) -> Result<()> {
    let keys = keys::read(&args.keys)?;
    let verifier = Verifier::new(&keys);
    let typed = if args.codes.is_empty() { read_text(Path::new("-"))? } else { String::new() };
    let mut verdicts = String::new();
    for code in args.codes.iter().map(String::as_str).chain(typed.lines().filter(|line| !line.trim().is_empty())) {
        let code = code.trim();
        // No code is as long as a token without a space or dash in it.
        verdicts.push_str(&match looks_like_token(code) {
            true => document(&verify_token(&keys, code, now), false)?,
            false => document(&verifier.verify(code), false)?,
        });
    }
    print(verdicts.as_bytes())
}
