//! `zugabe plan`: who gets what, what it costs and what it is expected to bring.

use std::io::Write;

use zugabe::offer::plan::PlanRow;
use zugabe::reject::{Code, Error, Result};
use zugabe::score::Options;
use zugabe::shop::{PlanRequest, Shop};
use zugabe::time::Instant;

use crate::args::Plan;
use crate::files::{Outputs, print_document, read_text};
use crate::{customers, orders, program};

/// Rows in the document where all rows go to a file.
const SHOWN: usize = 20;

pub fn run(args: &Plan, now: Instant) -> Result<()> {
    let program_text = read_text(&args.program)?;
    let settings = program::settings(&program::read(&args.program).map_err(|error| error.under("program"))?);
    let mut shop = Shop::new(orders::read_quietly(&args.orders, &orders::options(&args.reading, None, now)?)?);
    shop.score(&Options { settings, ..Options::default() })?;
    let mut plan = shop.plan(&PlanRequest {
        program_text,
        now,
        audience: args.audience,
        customers: args.customers,
        since: args.since,
        until: args.until,
        budget: args.budget,
        spent: args.spent.iter().cloned().collect(),
        option: None,
        offset: 0,
        limit: Some(usize::MAX),
    })?;
    if let Some(path) = &args.out {
        let mut outputs = Outputs::default();
        outputs.add(path, |out| {
            write_csv(&plan.rows, out)
                .map_err(|error| Error::new(Code::Io, format!("The plan cannot be written: {error}.")))
        })?;
        outputs.commit()?;
        plan.rows.truncate(SHOWN);
    }
    print_document(&plan)
}

fn write_csv(rows: &[PlanRow], out: &mut dyn Write) -> csv::Result<()> {
    let mut writer = csv::Writer::from_writer(out);
    writer.write_record([
        "customer",
        "order",
        "stage",
        "tier",
        "orderNumber",
        "option",
        "cost",
        "gross",
        "profit",
        "breakEvenBp",
    ])?;
    for row in rows {
        writer.write_record([
            &*customers::inert(&row.customer),
            &*customers::inert(row.order.as_deref().unwrap_or_default()),
            row.stage.as_str(),
            row.tier.as_str(),
            &row.order_number.to_string(),
            row.option.as_deref().unwrap_or_default(),
            &row.cost.to_string(),
            &row.gross.to_string(),
            &row.profit.to_string(),
            &row.break_even_bp.map_or_else(String::new, |bp| bp.to_string()),
        ])?;
    }
    writer.flush()?;
    Ok(())
}
