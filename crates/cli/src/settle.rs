//! `zugabe settle`: order exports in, who is owed what for a recommendation out. The books are kept in a file from run to
//! run; it is written in the same moment as the results, or not at all.

use std::path::Path;

use zugabe::price::Platform;
use zugabe::reject::{Code, Error, Result, parse_json};
use zugabe::settle::{GivenCode, RewardCode, SettleRequest, Settled, Settlement, settle};
use zugabe::time::Instant;

use crate::args::Settle;
use crate::files::{Outputs, read_text};
use crate::{keys, orders, program};

pub fn run(args: &Settle, now: Instant) -> Result<()> {
    let keys_text = keys::read(&args.keys)?.to_text();
    let program_text = read_text(&args.program)?;
    let shop = program::read(&args.program)?.shop;
    let mut options = orders::options(&args.reading, Some(&args.keys), now)?;
    options.currency = options.currency.or(Some(shop.currency));
    options.time_zone = options.time_zone.or(Some(shop.time_zone));
    let orders = orders::read_quietly(&args.orders, &options)?;
    let request = SettleRequest {
        program_text,
        keys_text: keys_text.to_string(),
        now,
        batch: args.batch,
        reward_batch: args.reward_batch,
        codes: args.codes.as_deref().map(given).transpose()?.unwrap_or_default(),
        books_text: args.books.as_deref().filter(|path| path.exists()).map(read_text).transpose()?,
        platform: args.platform,
        promotion_id: args.promotion_id.clone(),
        approve: args.approve.clone(),
        void: args.void.clone(),
    };
    let settled = settle(&orders, &request)?;
    let mut outputs = Outputs::default();
    outputs.add_document(Path::new("-"), &settled)?;
    if let Some(path) = &args.books {
        outputs.add_document(path, &settled.books)?;
    }
    if let Some(path) = &args.out {
        outputs.add(path, |out| text(out, &referrals(&settled.referrals)))?;
    }
    if let Some(path) = &args.rewards {
        outputs.add(path, |out| text(out, &rewards(&settled.rewards)))?;
        files(&mut outputs, path, args.platform, &settled)?;
    }
    outputs.commit()
}

/// The codes that `zugabe mint --for` wrote, one a line.
fn given(path: &Path) -> Result<Vec<GivenCode>> {
    let lines = read_text(path)?;
    let read = |(index, line): (usize, &str)| {
        let code: Result<GivenCode> = parse_json(line).map_err(|error| error.under(&format!("line {}", index + 1)));
        code
    };
    lines.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()).map(read).collect()
}

/// The platform's files stand beside the rewards.
fn files(outputs: &mut Outputs, beside: &Path, platform: Option<Platform>, settled: &Settled) -> Result<()> {
    let Some(platform) = platform else { return Ok(()) };
    let (codes, terms) = match platform {
        Platform::Shopify => ("shopify.jsonl", "shopify-discount.json"),
        Platform::Shopware => ("shopware.csv", "shopware-promotion.json"),
        Platform::Woocommerce => ("woocommerce.csv", ""),
    };
    for file in &settled.files {
        outputs.add(&beside.with_extension(format!("{}.{codes}", file.promotion)), |out| text(out, &file.codes))?;
        if let Some(document) = &file.terms {
            outputs.add_document(&beside.with_extension(format!("{}.{terms}", file.promotion)), document)?;
        }
    }
    Ok(())
}

fn referrals(all: &[Settlement]) -> String {
    let mut csv = String::from("id,code,referrer,friend,order,state,reason,why,due_at,signals,cost\n");
    for one in all {
        let signals: Vec<&str> = one.signals.iter().map(|signal| signal.as_str()).collect();
        line(
            &mut csv,
            &[
                &one.id,
                &one.code,
                &one.referrer,
                &one.friend,
                one.order.as_deref().unwrap_or_default(),
                one.state.as_str(),
                one.reason.map(|reason| reason.as_str()).unwrap_or_default(),
                &one.why,
                &one.due_at.map(|at| at.to_string()).unwrap_or_default(),
                &signals.join(" "),
                &one.cost.to_string(),
            ],
        );
    }
    csv
}

fn rewards(all: &[RewardCode]) -> String {
    let mut csv = String::from("reward,referral,order,side,who,kind,cost,code,expires_at\n");
    for one in all {
        line(
            &mut csv,
            &[
                &one.reward,
                &one.referral,
                &one.order,
                one.side.as_str(),
                &one.who,
                one.what.kind.as_str(),
                &one.cost.to_string(),
                one.shown_code.as_deref().unwrap_or_default(),
                &one.expires_at.map(|at| at.to_string()).unwrap_or_default(),
            ],
        );
    }
    csv
}

fn line(csv: &mut String, cells: &[&str]) {
    let cells: Vec<String> = cells.iter().map(|cell| zugabe::shop::csv_cell(cell)).collect();
    csv.push_str(&cells.join(","));
    csv.push('\n');
}

fn text(out: &mut dyn std::io::Write, text: &str) -> Result<()> {
    out.write_all(text.as_bytes())
        .map_err(|error| Error::new(Code::Io, format!("What was settled cannot be written: {error}.")))
}
