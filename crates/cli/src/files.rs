//! Where do documents come from and go to? Files are written whole and then renamed, so nobody sees half of one.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{self, BufWriter, ErrorKind, IsTerminal, Read, Seek, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;
use tempfile::{NamedTempFile, SpooledTempFile, TempPath};
use zeroize::Zeroizing;
use zugabe::canonical;
use zugabe::reject::{Code, Error, Result};

/// The name that stands for standard input or output.
const STANDARD: &str = "-";

/// A key file is far smaller: what is larger is another file.
const MAX_SECRET: u64 = 1 << 16;

/// What is meant for standard output waits in memory up to here, and beyond in a file of its own.
const WAITING: usize = 1 << 20;

/// Reads a file, unpacked, or standard input when it is called `-`.
pub fn read_bytes(path: &Path) -> Result<Vec<u8>> {
    let mut bytes =
        Vec::with_capacity(fs::metadata(path).map_or(0, |data| usize::try_from(data.len()).unwrap_or(0)) + 1);
    open(path)?.read_to_end(&mut bytes).map_err(|error| unreadable(path, &error))?;
    Ok(bytes)
}

/// Reads a text file, or standard input when it is called `-`.
pub fn read_text(path: &Path) -> Result<String> {
    let bytes = read_bytes(path)?;
    String::from_utf8(bytes)
        .map_err(|_| Error::at(Code::InvalidValue, shown(path), "The file is not text in UTF-8: save it as UTF-8."))
}

/// Reads a file that holds secrets, or standard input when it is called `-`. On Unix a file that others may touch is
/// refused: whoever can read a key file can mint.
pub fn read_secret(path: &Path) -> Result<Zeroizing<String>> {
    if path.as_os_str() == STANDARD {
        return read_text(path).map(Zeroizing::new);
    }
    let file = open_file(path)?;
    // Of the opened file, not of its name: that may mean another file by now.
    let data = file.metadata().map_err(|error| unreadable(path, &error))?;
    #[cfg(unix)]
    if data.is_file() && std::os::unix::fs::PermissionsExt::mode(&data.permissions()) & 0o077 != 0 {
        let message = format!(
            "Others on this machine may touch this key file, and whoever reads it can mint codes: run chmod 600 {}. If \
             others had access, rotate the keys.",
            shown(path)
        );
        return Err(Error::at(Code::InvalidKeys, shown(path), message));
    }
    // Room for all of it at once: a buffer that grows leaves copies behind.
    let mut text = Zeroizing::new(String::with_capacity(usize::try_from(data.len()).unwrap_or(0) + 1));
    (&file).take(MAX_SECRET).read_to_string(&mut text).map_err(|error| match error.kind() {
        ErrorKind::InvalidData => Error::at(Code::InvalidKeys, shown(path), "The file is not text in UTF-8."),
        _ => unreadable(path, &error),
    })?;
    Ok(text)
}

/// Opens a file for reading, or standard input when it is called `-`. What gzip or Zstandard packed is unpacked on the
/// way: told by its first bytes, not by its name.
pub fn open(path: &Path) -> Result<Box<dyn Read>> {
    let mut file = open_packed(path)?;
    let mut head = Vec::with_capacity(4);
    file.by_ref().take(4).read_to_end(&mut head).map_err(|error| unreadable(path, &error))?;
    let magic: [u8; 4] = [0, 1, 2, 3].map(|at| head.get(at).copied().unwrap_or(0));
    let whole = io::Cursor::new(head).chain(file);
    match magic {
        [0x1f, 0x8b, ..] => Ok(Box::new(flate2::read::MultiGzDecoder::new(whole))),
        [0x28, 0xb5, 0x2f, 0xfd] => {
            let unpacked = ruzstd::decoding::StreamingDecoder::new(whole);
            unpacked
                .map(|reader| Box::new(reader) as Box<dyn Read>)
                .map_err(|error| Error::at(Code::Io, shown(path), format!("The file cannot be unpacked: {error}.")))
        }
        _ => Ok(Box::new(whole)),
    }
}

fn open_packed(path: &Path) -> Result<Box<dyn Read>> {
    if path.as_os_str() == STANDARD {
        return Ok(Box::new(io::stdin().lock()));
    }
    Ok(Box::new(open_file(path)?))
}

fn open_file(path: &Path) -> Result<File> {
    let file = File::open(path).map_err(|error| unreadable(path, &error))?;
    if file.metadata().is_ok_and(|data| data.is_dir()) {
        return Err(Error::at(Code::InvalidValue, shown(path), "This is a folder: name a file in it."));
    }
    Ok(file)
}

fn unreadable(path: &Path, error: &io::Error) -> Error {
    match error.kind() {
        ErrorKind::NotFound => Error::at(Code::NotFound, shown(path), "There is no such file."),
        _ => Error::at(Code::Io, shown(path), format!("The file cannot be read: {error}.")),
    }
}

fn unwritable(path: &Path, error: &io::Error) -> Error {
    Error::at(Code::Io, shown(path), format!("The file cannot be written: {error}."))
}

/// A path in a message.
pub fn shown(path: &Path) -> String {
    path.display().to_string()
}

/// A document as text: RFC 8785 and a line end; on a terminal indented, because a person reads it there.
pub fn document<T: Serialize>(value: &T, indented: bool) -> Result<String> {
    let mut text = if indented {
        serde_json::to_string_pretty(value)
            .map_err(|error| Error::new(Code::InvalidValue, format!("This document has no JSON text: {error}.")))?
    } else {
        canonical::text(value)?
    };
    text.push('\n');
    Ok(text)
}

/// Writes a document to standard output.
pub fn print_document<T: Serialize>(value: &T) -> Result<()> {
    print(document(value, io::stdout().is_terminal())?.as_bytes())
}

/// Writes a document to standard error: what a command has to say beside its output.
pub fn print_aside<T: Serialize>(value: &T) -> Result<()> {
    eprint!("{}", document(value, io::stderr().is_terminal())?);
    Ok(())
}

/// Writes to standard output. Whoever stops reading early has what they wanted: that is no failure.
pub fn print(bytes: &[u8]) -> Result<()> {
    let mut out = io::stdout().lock();
    whole(out.write_all(bytes).and_then(|()| out.flush()))
}

fn whole(written: io::Result<()>) -> Result<()> {
    match written {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(Error::new(Code::Io, format!("Standard output cannot be written: {error}.")))
        }
        _ => Ok(()),
    }
}

/// Output that appears all at once: every file is written beside its place, and [`commit`](Self::commit) moves all of
/// them there. Dropped before that, nothing has changed.
pub struct Outputs {
    ready: Vec<Ready>,
    standard: SpooledTempFile,
}

impl Default for Outputs {
    fn default() -> Self {
        Self { ready: Vec::new(), standard: tempfile::spooled_tempfile(WAITING) }
    }
}

enum Ready {
    /// Written beside its place.
    Beside(TempPath, PathBuf),
    /// A device or a pipe: there is nothing to move.
    Device(Vec<u8>, PathBuf),
}

impl Outputs {
    /// Adds an output; `-` is standard output.
    pub fn add(&mut self, path: &Path, fill: impl FnOnce(&mut dyn Write) -> Result<()>) -> Result<()> {
        if path.as_os_str() == STANDARD {
            return fill(&mut self.standard);
        }
        // A link is followed: the file it points to is replaced, not the link.
        let place = fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
        match fs::metadata(&place) {
            Ok(data) if data.is_dir() => {
                return Err(Error::at(Code::InvalidValue, shown(path), "This is a folder: name a file in it."));
            }
            Ok(data) if !data.is_file() => {
                let mut bytes = Vec::new();
                fill(&mut bytes)?;
                self.ready.push(Ready::Device(bytes, place));
                return Ok(());
            }
            _ => {}
        }
        let beside = write_beside(&place, 0o666, fill)?;
        self.ready.push(Ready::Beside(beside.into_temp_path(), place));
        Ok(())
    }

    /// Adds a document.
    pub fn add_document<T: Serialize>(&mut self, path: &Path, value: &T) -> Result<()> {
        let text = document(value, path.as_os_str() == STANDARD && io::stdout().is_terminal())?;
        self.add(path, |out| out.write_all(text.as_bytes()).map_err(|error| unwritable(path, &error)))
    }

    /// Puts every output in its place.
    pub fn commit(mut self) -> Result<()> {
        for ready in self.ready {
            match ready {
                Ready::Beside(file, place) => {
                    file.persist(&place).map_err(|error| unwritable(&place, &error.error))?;
                }
                Ready::Device(bytes, place) => {
                    fs::write(&place, bytes).map_err(|error| unwritable(&place, &error))?;
                }
            }
        }
        let waiting = |error| Error::new(Code::Io, format!("What was written cannot be read again: {error}."));
        self.standard.rewind().map_err(waiting)?;
        let mut out = io::stdout().lock();
        whole(io::copy(&mut self.standard, &mut out).and_then(|_| out.flush()))
    }
}

/// Writes a new file. Never overwrites.
pub fn write_new(path: &Path, bytes: &[u8]) -> Result<()> {
    write_mode(path, 0o666, bytes)
}

/// Writes a new file that only its owner may read. Never overwrites.
pub fn write_secret(path: &Path, bytes: &[u8]) -> Result<()> {
    write_mode(path, 0o600, bytes)
}

/// Replaces a file that only its owner may read.
pub fn replace_secret(path: &Path, bytes: &[u8]) -> Result<()> {
    let place = fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
    let file = write_beside(&place, 0o600, |out| out.write_all(bytes).map_err(|error| unwritable(path, &error)))?;
    file.persist(&place).map(|_| ()).map_err(|error| unwritable(path, &error.error))
}

fn write_mode(path: &Path, mode: u32, bytes: &[u8]) -> Result<()> {
    let file = write_beside(path, mode, |out| out.write_all(bytes).map_err(|error| unwritable(path, &error)))?;
    file.persist_noclobber(path).map(|_| ()).map_err(|error| match error.error.kind() {
        ErrorKind::AlreadyExists => Error::at(
            Code::InvalidState,
            shown(path),
            "There is such a file already, and it is not overwritten: name another file.",
        ),
        _ => unwritable(path, &error.error),
    })
}

fn write_beside(place: &Path, mode: u32, fill: impl FnOnce(&mut dyn Write) -> Result<()>) -> Result<NamedTempFile> {
    let folder = place.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."));
    let name = place.file_name().unwrap_or_else(|| OsStr::new("zugabe")).to_string_lossy();
    let prefix = format!(".{name}.");
    let mut builder = tempfile::Builder::new();
    builder.prefix(&prefix).suffix(".part");
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(mode));
    #[cfg(not(unix))]
    let _ = mode;
    let mut file = builder.tempfile_in(folder).map_err(|error| match error.kind() {
        ErrorKind::NotFound => {
            Error::at(Code::NotFound, shown(place), "There is no such folder: make it, or name another file.")
        }
        _ => unwritable(place, &error),
    })?;
    let mut out = BufWriter::new(file.as_file_mut());
    fill(&mut out)?;
    out.flush().map_err(|error| unwritable(place, &error))?;
    drop(out);
    file.as_file().sync_all().map_err(|error| unwritable(place, &error))?;
    Ok(file)
}
