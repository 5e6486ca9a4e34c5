//! `zugabe score`: orders in; model, one row per customer and a summary out.

use zugabe::reject::Result;
use zugabe::score::{Options, Settings, from_orders};
use zugabe::time::Instant;

use crate::args::Score;
use crate::files::{Outputs, print_document};
use crate::{customers, orders};

pub fn run(args: &Score, now: Instant) -> Result<()> {
    let mut orders = Vec::new();
    for path in &args.orders {
        orders.extend(orders::read(path, now)?);
    }
    let options = Options { as_of: args.as_of, settings: Settings::default() };
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
