//! `zugabe verify`: is that a code of ours, and which one?

use std::path::Path;

use zugabe::code::Verifier;
use zugabe::reject::Result;

use crate::args::Verify;
use crate::files::{document, print, read_text};
use crate::keys;

pub fn run(args: &Verify) -> Result<()> {
    let verifier = Verifier::new(&keys::read(&args.keys)?);
    let typed = if args.codes.is_empty() { read_text(Path::new("-"))? } else { String::new() };
    let mut verdicts = String::new();
    for code in args.codes.iter().map(String::as_str).chain(typed.lines().filter(|line| !line.trim().is_empty())) {
        verdicts.push_str(&document(&verifier.verify(code.trim()), false)?);
    }
    print(verdicts.as_bytes())
}
