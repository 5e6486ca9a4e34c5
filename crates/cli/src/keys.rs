//! `zugabe keys`: the secrets that make and open codes.

use zeroize::Zeroizing;
use zugabe::code::KeySet;
use zugabe::reject::{Code, Error, Result};

use crate::args::{KeySource, Keys};
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
            let KeySource::File(path) = keys else {
                return Err(Error::at(
                    Code::InvalidValue,
                    "--keys",
                    "An environment variable cannot be rewritten from here: rotate in a file, and set the variable from it.",
                ));
            };
            let mut set = read(keys)?;
            set.rotate(*entropy()?, *token).map_err(|error| error.under("keys"))?;
            files::replace_secret(path, set.to_text().as_bytes())?;
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

/// Reads a key set: a key file's text, or one master secret. No error repeats anything of it.
pub fn read(source: &KeySource) -> Result<KeySet> {
    KeySet::parse_or_secret(&secret(source)?).map_err(|error| error.under("keys"))
}

/// What a file for its owner only or an environment variable holds.
pub fn secret(source: &KeySource) -> Result<Zeroizing<String>> {
    match source {
        KeySource::File(path) => files::read_secret(path),
        KeySource::Environment(name) => variable(name),
    }
}

fn variable(name: &str) -> Result<Zeroizing<String>> {
    let refused = |code, message| Err(Error::at(code, format!("env:{name}"), message));
    // A name with = or NUL in it would make the standard library panic on some systems.
    if name.is_empty() || name.contains(['=', '\0']) {
        return refused(Code::InvalidValue, "Name the variable: env:ZUGABE_KEYS.");
    }
    match std::env::var(name) {
        Ok(text) => Ok(Zeroizing::new(text)),
        Err(std::env::VarError::NotPresent) => refused(Code::NotFound, "There is no such environment variable."),
        Err(std::env::VarError::NotUnicode(_)) => refused(Code::InvalidKeys, "This environment variable is not text."),
    }
}
