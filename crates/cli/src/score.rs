//! `zugabe score`: orders in; model, one row per customer and a summary out.

use zugabe::order::Order;
use zugabe::order::base::{Base, Days, Listed};
use zugabe::reject::{Code, Error, Result, parse_json};
use zugabe::score::check::calibrate;
use zugabe::score::model::Row;
use zugabe::score::referral::referral_values;
use zugabe::score::tier::{Earlier, Evaluation};
use zugabe::score::{Options, Settings, evaluate_base, histories};
use zugabe::shop::value::ReferralRequest;
use zugabe::time::{Day, Instant};

use crate::args::Score;
use crate::files::{Outputs, print_document, read_text};
use crate::threads::Pool;
use crate::{customers, orders, program};

pub fn run(args: &Score, now: Instant) -> Result<()> {
    let pool = Pool::new(&args.threads)?;
    let settings = settings(args)?;
    let reading = orders::options(&args.reading, args.keys.as_ref(), now)?;
    if args.check {
        return check(args, &orders::read_quietly(&args.orders, &reading)?, &settings, &pool);
    }
    let previous = args.previous.as_ref().map(|path| parse_json::<Evaluation>(&read_text(path)?)).transpose();
    let options = Options {
        as_of: args.as_of,
        settings,
        previous: previous.map_err(|error| error.under("previous"))?,
        without_value: args.without_value,
    };
    // Sums of fractions are made in the order of the ids, and so are rows.
    let sorted = !args.without_value || args.out.is_some() || args.evaluation_out.is_some();
    let days = if args.without_value { Days::Ends } else { Days::All };
    let history = &options.settings.history;
    let plain = orders::read_plain(&args.orders, &reading, history, args.as_of, (days, sorted), &pool)?;
    if let Some(flat) = plain {
        return write(args, &flat, &options, &pool);
    }
    let orders = orders::read_quietly(&args.orders, &reading)?;
    let histories = histories(&orders, options.as_of, &options.settings)?;
    drop(orders);
    write(args, &Listed::new(&histories), &options, &pool)
}

fn write<B: Base>(args: &Score, base: &B, options: &Options, pool: &Pool) -> Result<()> {
    let mut outputs = Outputs::default();
    let (mut evaluated, mut own) = (Vec::new(), Vec::new());
    let mut keep = |rows: &[Row]| {
        if args.evaluation_out.is_some() {
            evaluated.extend(rows.iter().map(|row| Earlier { id: row.id.clone(), tier: row.tier, below: row.below }));
        }
        if args.friends.is_some() {
            own.extend(rows.iter().map(|row| (row.id.clone(), row.clv.unwrap_or(0))));
        }
    };
    let (summary, model) = if let Some(path) = &args.out {
        let ndjson = path.extension().is_some_and(|extension| extension == "ndjson");
        let mut told = None;
        outputs.add(path, |out| {
            let mut writer = customers::Writer::new(out, ndjson)?;
            let mut take = |rows: Vec<Row>| {
                keep(&rows);
                writer.write(&rows)
            };
            told = Some(evaluate_base(base, options, Some(&mut take), pool)?);
            writer.finish()
        })?;
        told.ok_or_else(|| Error::new(Code::InvalidState, "The customers were not written."))?
    } else if args.evaluation_out.is_some() || args.friends.is_some() {
        let mut take = |rows: Vec<Row>| {
            keep(&rows);
            Ok(())
        };
        evaluate_base(base, options, Some(&mut take), pool)?
    } else {
        evaluate_base(base, options, None, pool)?
    };
    if let Some(path) = &args.model_out {
        outputs.add_document(path, &model)?;
    }
    if let Some(path) = &args.evaluation_out {
        outputs.add_document(path, &Evaluation { as_of: summary.as_of, rows: evaluated })?;
    }
    if let (Some(friends), Some(path)) = (&args.friends, &args.referral_out) {
        let friends: ReferralRequest = parse_json(&read_text(friends)?).map_err(|error| error.under("friends"))?;
        if model.value.is_none() {
            return Err(Error::at(Code::Empty, "friends", "There are too few customers to tell what one is worth."));
        }
        let values = referral_values(&own, &friends.friends, &friends.terms);
        outputs.add(path, |out| customers::write_referrals(&values, out))?;
    }
    outputs.commit()?;
    print_document(&summary)
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
