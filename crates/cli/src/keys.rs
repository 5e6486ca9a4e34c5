//! `zugabe keys`: the secrets that make and open codes.

use std::path::Path;

use zeroize::Zeroizing;
use zugabe::code::KeySet;
use zugabe::reject::{Code, Error, Result};

use crate::args::Keys;
use crate::files;

pub fn run(args: &Keys) -> Result<()> {
    match args {
        Keys::New { out } => {
            let text = KeySet::new(*entropy()?).to_text();
            match out {
                Some(path) => files::write_secret(path, text.as_bytes()),
                None => files::print(text.as_bytes()),
            }
        }
        Keys::Rotate { keys, token } => {
            let mut set = read(keys)?;
            set.rotate(*entropy()?, *token).map_err(|error| error.under("keys"))?;
            files::replace_secret(keys, set.to_text().as_bytes())?;
            files::print_document(&set.overview())
        }
        Keys::Show { keys } => files::print_document(&read(keys)?.overview()),
    }
}

/// 32 bytes from the operating system's random source: the only ones the tool ever asks for.
fn entropy() -> Result<Zeroizing<[u8; 32]>> {
    let mut entropy = Zeroizing::new([0; 32]);
    getrandom::fill(&mut *entropy).map_err(|_| {
        Error::new(Code::Io, "The operating system gives no random numbers, so no key can be made: try again later.")
    })?;
    Ok(entropy)
}

/// Reads a key file.
pub fn read(path: &Path) -> Result<KeySet> {
    let text = Zeroizing::new(files::read_text(path)?);
    KeySet::parse(&text).map_err(|error| error.under("keys"))
}
