//! Where do the orders of a command come from? Exports of any kind, read in chunks by the core's importer.

use std::io::Read;
use std::path::{Path, PathBuf};

use indicatif::{ProgressBar, ProgressStyle};
use zugabe::order::Order;
use zugabe::order::base::Days;
use zugabe::order::flat::Flat;
use zugabe::order::history::HistoryPolicy;
use zugabe::order::import::plain::Plain;
use zugabe::order::import::{HashKey, ImportOptions, Imported, Importer, Report, combine};
use zugabe::reject::{Code, Error, Result};
use zugabe::time::{Day, Instant};

use crate::args::{KeySource, Reading};
use crate::threads::Pool;
use crate::{files, keys};

/// Bytes read at a time.
const CHUNK: usize = 1 << 18;

/// Bytes of a plain file read at a time: enough to keep every core busy.
const BLOCK: usize = 1 << 23;

/// What the command line says about reading.
pub fn options(reading: &Reading, keys: Option<&KeySource>, now: Instant) -> Result<ImportOptions> {
    let mut options = ImportOptions::at(now);
    options.from = reading.from;
    options.mapping = reading.map.iter().cloned().collect();
    options.currency = reading.currency;
    options.time_zone = reading.time_zone.clone();
    options.count_from = reading.count_from;
    options.date_order = reading.date_order;
    options.decimal = reading.decimal;
    options.keep_names = reading.keep_names;
    options.hash_key = keys.map(|source| keys::read(source).map(|keys| HashKey::new(keys.email_key()))).transpose()?;
    Ok(options)
}

/// Reads the files and puts them together. A path in an error begins with the name of the file.
pub fn read(paths: &[PathBuf], options: &ImportOptions) -> Result<(Vec<Order>, Report)> {
    let files = paths.iter().map(|path| read_file(path, options)).collect::<Result<_>>()?;
    combine(files, options)
}

/// Reads one plain CSV file at a stroke, without keeping its orders. None where the general importer must read it; then
/// nothing was said and nothing is lost. `days` are those that will be asked for; `sorted` puts the customers in the order
/// of their ids.
pub fn read_plain(
    paths: &[PathBuf],
    options: &ImportOptions,
    policy: &HistoryPolicy,
    until: Option<Day>,
    (days, sorted): (Days, bool),
    pool: &Pool,
) -> Result<Option<Flat>> {
    // What cannot be read a second time is read by the importer alone.
    let [path] = paths else { return Ok(None) };
    if !std::fs::metadata(path).is_ok_and(|data| data.is_file()) {
        return Ok(None);
    }
    let name = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let mut file = files::open(path)?;
    let mut block = vec![0; BLOCK];
    let mut length = fill(&mut *file, &mut block, path)?;
    let Some(mut plain) = Plain::begin(&name, &block[..length], options, policy, until, days) else { return Ok(None) };
    let bar = progress(path, &name);
    let mut bytes = 0;
    while length > 0 {
        if !plain.push(&block[..length], pool) {
            bar.finish_and_clear();
            return Ok(None);
        }
        bytes += length as u64;
        bar.set_message(format!("{} orders", plain.orders()));
        bar.set_position(bytes);
        length = fill(&mut *file, &mut block, path)?;
    }
    drop(block);
    let finished = plain.finish(sorted, pool);
    bar.finish_and_clear();
    let Some((flat, report)) = finished else { return Ok(None) };
    say(&report)?;
    Ok(Some(flat))
}

/// Reads until the block is full or the file is over.
fn fill(file: &mut dyn Read, block: &mut [u8], path: &Path) -> Result<usize> {
    let mut filled = 0;
    while filled < block.len() {
        match file.read(&mut block[filled..]) {
            Ok(0) => break,
            Ok(length) => filled += length,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => {
                return Err(Error::at(Code::Io, files::shown(path), format!("The file cannot be read: {error}.")));
            }
        }
    }
    Ok(filled)
}

/// What was refused or doubtful, on standard error.
fn say(report: &Report) -> Result<()> {
    if report.files.iter().any(|file| file.refused_count > 0 || file.warning_count > 0) {
        files::print_aside(report)?;
    }
    Ok(())
}

/// As [`read`], for commands that are not about reading: what was refused or doubtful goes to standard error.
pub fn read_quietly(paths: &[PathBuf], options: &ImportOptions) -> Result<Vec<Order>> {
    let (orders, report) = read(paths, options)?;
    say(&report)?;
    Ok(orders)
}

fn read_file(path: &Path, options: &ImportOptions) -> Result<Imported> {
    let name =
        path.file_name().filter(|name| *name != "-").map_or("standard input".into(), |name| name.to_string_lossy());
    let mut importer = Importer::new(name.as_ref(), options.clone())?;
    let named = |mut error: Error| {
        error.path = if error.path.is_empty() { name.to_string() } else { format!("{name}: {}", error.path) };
        error
    };
    let mut file = files::open(path)?;
    let bar = progress(path, &name);
    let mut chunk = vec![0; CHUNK];
    loop {
        let length = file
            .read(&mut chunk)
            .map_err(|error| Error::at(Code::Io, files::shown(path), format!("The file cannot be read: {error}.")))?;
        if length == 0 {
            break;
        }
        let read = importer.push(&chunk[..length]).map_err(named)?;
        bar.set_message(format!("{} orders", read.orders));
        bar.set_position(read.bytes);
    }
    let imported = importer.finish().map_err(named);
    bar.finish_and_clear();
    imported
}

/// A bar on standard error when that is a terminal; otherwise nothing is drawn.
fn progress(path: &Path, name: &str) -> ProgressBar {
    let length = std::fs::metadata(path).map_or(0, |data| data.len());
    let style = ProgressStyle::with_template("{prefix}  {wide_bar}  {bytes} of {total_bytes}, {msg}, {eta} left")
        .unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(length).with_style(style).with_prefix(name.to_owned())
}
