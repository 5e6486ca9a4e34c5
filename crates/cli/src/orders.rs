//! Where do the orders of a command come from?

use std::path::Path;

use zugabe::order::Order;
use zugabe::reject::{Result, parse_json};
use zugabe::time::Instant;

use crate::files;

/// Reads canonical orders, one a line.
pub fn read(path: &Path, _now: Instant) -> Result<Vec<Order>> {
    let text = files::read_text(path)?;
    text.lines()
        .enumerate()
        .filter(|(_, line)| !line.trim().is_empty())
        .map(|(number, line)| parse_json(line).map_err(|error| error.under(&format!("line {}", number + 1))))
        .collect()
}
