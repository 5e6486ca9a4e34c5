//! What may be said on the command line?

use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};

use clap::{Args, Parser, Subcommand};
use zugabe::code::Format;
use zugabe::time::{Day, Instant};

/// Thanks the right customer in the right way at the right moment.
///
/// Documents are JSON: camelCase, money in minor units, instants in RFC 3339. A failure is one JSON object
/// { "error": { "code", "message", "path" } } on standard error; exit code 2 for bad input, 1 otherwise.
/// Files are written whole or not at all; "-" is standard input or output.
#[derive(Parser)]
#[command(name = "zugabe", version, max_term_width = 100)]
pub struct Cli {
    /// The present, as an instant such as 2026-11-23T10:05:00+01:00, instead of the clock's
    #[arg(long, global = true, value_parser = instant)]
    pub now: Option<Instant>,
    /// What to do
    #[command(subcommand)]
    pub command: Command,
}

/// What the tool can do.
#[derive(Subcommand)]
pub enum Command {
    /// Score customers: orders in; model, one row per customer and a summary out
    Score(Score),
    /// The keys that make and open codes
    #[command(subcommand)]
    Keys(Keys),
    /// Mint codes: one JSON object a line, and on standard error where the next minting begins
    Mint(Mint),
    /// Check codes with the keys: one verdict a line, in the order of the codes
    Verify(Verify),
}

/// `zugabe score`
#[derive(Args)]
pub struct Score {
    /// Orders: canonical NDJSON, or any export that `import` reads
    #[arg(required = true, value_name = "ORDERS")]
    pub orders: Vec<PathBuf>,
    /// Write the model here
    #[arg(long, value_name = "FILE")]
    pub model_out: Option<PathBuf>,
    /// Write one row per customer here, as CSV
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Leave out orders after this day (UTC) and count from it; without it, the day of the last order
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub as_of: Option<Day>,
}

/// `zugabe keys`
#[derive(Subcommand)]
pub enum Keys {
    /// Make a new key file from the operating system's random source. Keep it secret, keep a copy: who has it can mint
    New {
        /// Write it here, readable by its owner only; an existing file is never overwritten
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
}

/// `zugabe mint`
#[derive(Args)]
pub struct Mint {
    /// The key file
    #[arg(long, value_name = "FILE")]
    pub keys: PathBuf,
    /// The batch, 0 to 4095 (c10: 63)
    #[arg(long, value_name = "NUMBER")]
    pub batch: u32,
    /// How many codes
    #[arg(long, value_name = "NUMBER", required_unless_present = "orders", conflicts_with = "orders")]
    pub count: Option<u32>,
    /// The first serial: where the last minting of this batch ended
    #[arg(long, value_name = "NUMBER", default_value_t = 0)]
    pub start: u32,
    /// The format: c12, or c10 for a few codes of little value
    #[arg(long, default_value = "c12", value_parser = format)]
    pub format: Format,
    /// One code for each purchase in these orders, the earliest first
    #[arg(long = "for", value_name = "ORDERS", id = "orders")]
    pub orders: Option<PathBuf>,
    /// Write the codes here instead of to standard output
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

/// `zugabe verify`
#[derive(Args)]
pub struct Verify {
    /// The key file
    #[arg(long, value_name = "FILE")]
    pub keys: PathBuf,
    /// The codes as they were typed; without any, one a line from standard input
    #[arg(value_name = "CODE")]
    pub codes: Vec<String>,
}

/// The instant that the machine's clock shows.
pub fn clock() -> Instant {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    Instant::from_unix(i64::try_from(seconds).unwrap_or(0))
}

fn instant(text: &str) -> Result<Instant, String> {
    Instant::parse(text).map_err(|error| error.message)
}

fn format(text: &str) -> Result<Format, String> {
    match text {
        "c12" => Ok(Format::C12),
        "c10" => Ok(Format::C10),
        _ => Err("take c12 or c10".to_owned()),
    }
}

fn day(text: &str) -> Result<Day, String> {
    Day::parse(text).map_err(|error| error.message)
}
