//! `zugabe sample`: the orders of a shop that does not exist.

use zugabe::order::sample::{sample, to_csv};
use zugabe::reject::{Code, Error, Result};
use zugabe::time::Instant;

use crate::args::{Sample, SampleFormat};
use crate::files::{Outputs, document};

pub fn run(args: &Sample, now: Instant) -> Result<()> {
    let orders = sample(args.seed, args.end.unwrap_or_else(|| now.day().plus(-1)));
    let mut outputs = Outputs::default();
    outputs.add(&args.out, |out| {
        let failed = |error| Error::new(Code::Io, format!("The orders cannot be written: {error}."));
        if args.format == SampleFormat::Csv {
            return out.write_all(to_csv(&orders).as_bytes()).map_err(failed);
        }
        orders.iter().try_for_each(|order| out.write_all(document(order, false)?.as_bytes()).map_err(failed))
    })?;
    outputs.commit()
}
