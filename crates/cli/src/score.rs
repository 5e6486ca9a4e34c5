//! `zugabe score`: orders in; model, one row per customer and a summary out.

use zugabe::reject::Result;
use zugabe::score::{Options, Settings, from_orders};
use zugabe::time::Instant;

use crate::args::Score;
use crate::files::{Outputs, print_document};
use crate::{customers, orders, program};

pub fn run(args: &Score, now: Instant) -> Result<()> {
    let settings = match &args.program {
        Some(path) => program::settings(&program::read(path)?),
        None => Settings::default(),
    };
    let orders = orders::read_quietly(&args.orders, &orders::options(&args.reading, args.keys.as_deref(), now)?)?;
    let options = Options { as_of: args.as_of, settings };
    let scored = from_orders(&orders, &options)?;
    let mut outputs = Outputs::default();
    if let Some(path) = &args.model_out {
        outputs.add_document(path, &scored.model)?;
    }
    if let Some(path) = &args.out {
        outputs.add(path, |out| customers::write(&scored.rows, out))?;
    }
    outputs.commit()?;
    print_document(&scored.summary)
}
