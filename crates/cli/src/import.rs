//! `zugabe import`: order exports in, canonical orders out, with a report.

use zugabe::reject::{Code, Error, Result};
use zugabe::time::Instant;

use crate::args::Import;
use crate::files::{Outputs, document, print_aside};
use crate::orders;

pub fn run(args: &Import, now: Instant) -> Result<()> {
    let mut options = orders::options(&args.reading, args.keys.as_ref(), now)?;
    options.keep_lines = args.keep_lines;
    let (orders, report) = orders::read(&args.files, &options)?;
    let mut outputs = Outputs::default();
    outputs.add(&args.out, |out| {
        for order in &orders {
            out.write_all(document(order, false)?.as_bytes())
                .map_err(|error| Error::new(Code::Io, format!("The orders cannot be written: {error}.")))?;
        }
        Ok(())
    })?;
    if let Some(path) = &args.report {
        outputs.add_document(path, &report)?;
    }
    outputs.commit()?;
    if args.report.is_none() { print_aside(&report) } else { Ok(()) }
}
