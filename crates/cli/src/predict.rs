//! `zugabe predict`: a table of customers and the parameters of a model in, one row per customer out.

use std::path::Path;

use zugabe::reject::{Code, Error, Result};
use zugabe::score::lifetime::rows::{self, Form};
use zugabe::score::lifetime::{Outlook, Params, predict};

use crate::args::{Predict, RowFormat};
use crate::files::{self, Outputs};
use crate::threads::Pool;

pub fn run(args: &Predict) -> Result<()> {
    let pool = Pool::new(&args.threads)?;
    let mut params = read(&args.params, "--params")?;
    if let Some(spend) = &args.spend {
        let spend = read(spend, "--spend")?;
        (params.p, params.q, params.v) = (spend.p, spend.q, spend.v);
    }
    let outlook = Outlook { horizon: args.horizon, discount: args.discount, discount_period: args.discount_period };
    let rows = rows::read(&files::read_bytes(&args.table)?, &pool)?;
    let forecasts = predict(args.model, &params, &rows.customers, &outlook, &pool)?;
    let form = if args.format == RowFormat::Csv { Form::Csv } else { Form::Ndjson };
    let mut outputs = Outputs::default();
    outputs.add(&args.out, |out| {
        rows::write_to(&rows, &forecasts, form, &pool, &mut |part| {
            out.write_all(part.as_bytes())
                .map_err(|error| Error::new(Code::Io, format!("The forecasts cannot be written: {error}.")))
        })
    })?;
    outputs.commit()
}

/// JSON on the command line, or a file with it.
fn read(given: &str, name: &str) -> Result<Params> {
    let text = if given.trim_start().starts_with('{') { given.to_owned() } else { files::read_text(Path::new(given))? };
    Params::parse(&text).map_err(|error| error.under(name))
}
