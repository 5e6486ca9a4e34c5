//! `zugabe score`: orders in; model, one row per customer and a summary out.

use zugabe::order::Order;
use zugabe::reject::{Code, Error, Result, parse_json};
use zugabe::score::check::calibrate;
use zugabe::score::tier::{Earlier, Evaluation};
use zugabe::score::{Options, Scored, Settings, from_orders_with};
use zugabe::time::{Day, Instant};

use crate::args::Score;
use crate::files::{Outputs, document, print_document, read_text};
use crate::threads::Pool;
use crate::{customers, orders, program};

pub fn run(args: &Score, now: Instant) -> Result<()> {
    let pool = Pool::new(&args.threads)?;
    let settings = settings(args)?;
    let orders = orders::read_quietly(&args.orders, &orders::options(&args.reading, args.keys.as_ref(), now)?)?;
    if args.check {
        return check(args, &orders, &settings, &pool);
    }
    let previous = args.previous.as_ref().map(|path| parse_json::<Evaluation>(&read_text(path)?)).transpose();
    let options = Options { as_of: args.as_of, settings, previous: previous.map_err(|error| error.under("previous"))? };
    let scored = from_orders_with(&orders, &options, &pool)?;
    let mut outputs = Outputs::default();
    if let Some(path) = &args.model_out {
        outputs.add_document(path, &scored.model)?;
    }
    if let Some(path) = &args.out {
        if path.extension().is_some_and(|extension| extension == "ndjson") {
            outputs.add(path, |out| {
                for row in &scored.rows {
                    let written = out.write_all(document(row, false)?.as_bytes());
                    written
                        .map_err(|error| Error::new(Code::Io, format!("The customers cannot be written: {error}.")))?;
                }
                Ok(())
            })?;
        } else {
            outputs.add(path, |out| customers::write(&scored.rows, out))?;
        }
    }
    if let Some(path) = &args.evaluation_out {
        outputs.add_document(path, &evaluation(&scored))?;
    }
    outputs.commit()?;
    print_document(&scored.summary)
}

fn settings(args: &Score) -> Result<Settings> {
    if let Some(path) = &args.settings {
        return parse_json(&read_text(path)?).map_err(|error| error.under("settings"));
    }
    if let Some(path) = &args.program {
        return Ok(program::settings(&program::read(path)?));
    }
    let mut settings = Settings::default();
    settings.history.time_zone.clone_from(&args.reading.time_zone);
    Ok(settings)
}

fn evaluation(scored: &Scored) -> Evaluation {
    let rows = scored.rows.iter().map(|row| Earlier { id: row.id.clone(), tier: row.tier, below: row.below });
    Evaluation { as_of: scored.summary.as_of, rows: rows.collect() }
}

fn check(args: &Score, orders: &[Order], settings: &Settings, pool: &Pool) -> Result<()> {
    let cut = settings.history.day_cut()?;
    let days = || orders.iter().filter(|order| order.is_purchase()).map(|order| cut.day(order.created_at).number());
    let (Some(first), Some(last)) = (days().min(), days().max()) else {
        return Err(Error::new(Code::Empty, "There is no order to score. Import an order export first."));
    };
    let until = args.as_of.unwrap_or_else(|| Day::from_number(last));
    let third = u32::try_from((until.number() - first) / 3).unwrap_or(0).max(1);
    let compared = calibrate(orders, until, args.check_days.unwrap_or(third), settings, pool)?;
    if let Some(path) = &args.plot {
        let mut outputs = Outputs::default();
        outputs.add(path, |out| {
            out.write_all(compared.svg().as_bytes())
                .map_err(|error| Error::new(Code::Io, format!("The drawing cannot be written: {error}.")))
        })?;
        outputs.commit()?;
    }
    print_document(&compared)
}
