//! `zugabe mint`: codes of a batch, as many as asked for or one for each purchase; the files with which a platform takes
//! them over, and what is printed.

use std::io::Write;
use std::path::{Path, PathBuf};

use serde::Serialize;
use zugabe::code::{IssuedBatch, KeySet, Minted, Minter, check_live_codes};
use zugabe::insert::block::{PAGE_END, PAGE_START};
use zugabe::issue::{PlatformTerms, block, promotion_of};
use zugabe::money::Currency;
use zugabe::order::Order;
use zugabe::price::{Limits, Platform, PlatformFile, Promotion};
use zugabe::reject::{Code, Error, Result, parse_json};
use zugabe::time::Instant;

use crate::args::Mint;
use crate::files::{Outputs, document, print_aside, read_text, shown};
use crate::{keys, orders, program};

/// A code and the order it is for.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ForOrder<'a> {
    order: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    number: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    customer: Option<&'a str>,
    code: String,
    shown_code: String,
    batch: u32,
    serial: u32,
}

/// Where the next minting of the batch begins, and what was written beside the codes.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Done {
    codes: usize,
    batch: u32,
    next_start: u32,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    beside: Vec<String>,
    /// The entry for the list of issued batches.
    #[serde(skip_serializing_if = "Option::is_none")]
    issued: Option<IssuedBatch>,
}

pub fn run(args: &Mint, now: Instant) -> Result<()> {
    let keys = keys::read(&args.keys)?;
    let terms = args.platform.map(|platform| terms(platform, args, now)).transpose()?;
    let file = terms.as_ref().map(PlatformTerms::file).transpose()?;
    let purchases = args.orders.as_ref().map(|path| purchases(path, args, now)).transpose()?;
    let count = purchases.as_ref().map_or(args.count.unwrap_or(0) as usize, Vec::len);
    check_live_codes(args.format, count as u64)?;

    let batch = Batch { keys: &keys, args, count };
    let mut outputs = Outputs::default();
    let mut next_start = args.start;
    outputs.add(&args.out, |out| {
        for (index, minted) in batch.codes()?.enumerate() {
            let minted = minted?;
            next_start = minted.serial + 1;
            let line = match purchases.as_ref().and_then(|purchases| purchases.get(index)) {
                Some(order) => document(&for_order(order, minted), false)?,
                None => document(&minted, false)?,
            };
            write(out, &line)?;
        }
        Ok(())
    })?;
    let mut beside = Vec::new();
    if let (Some(platform), Some(file)) = (args.platform, &file) {
        beside = platform_files(&mut outputs, &batch, platform, file)?;
    }
    if let (Some(path), Some(link)) = (&args.blocks, &args.link) {
        outputs.add(path, |out| blocks(out, &batch, link))?;
        beside.push(shown(path));
    }
    outputs.commit()?;
    let (kid, _) = keys.minting(None)?;
    let issued = terms.as_ref().map(|terms| terms.entry(args.format, kid, args.batch, next_start)).transpose()?;
    print_aside(&Done { codes: count, batch: args.batch, next_start, beside, issued })
}

/// The codes to be minted. They are minted anew for every file: that takes no memory, and gives the same ones.
struct Batch<'a> {
    keys: &'a KeySet,
    args: &'a Mint,
    count: usize,
}

impl Batch<'_> {
    fn codes(&self) -> Result<impl Iterator<Item = Result<Minted>> + use<>> {
        let (args, count) = (self.args, self.count);
        let mut minter = Minter::new(self.keys, args.format, None, args.batch, args.start)?;
        Ok((0..count).map(move |_| {
            minter.next().ok_or_else(|| {
                let message = format!("The batch has fewer than {count} codes left: begin a new batch.");
                Error::at(Code::OutOfRange, "count", message)
            })
        }))
    }

    /// As they are written outside. The first file has shown that there are as many as are wanted.
    fn spelled(&self) -> Result<impl Iterator<Item = String>> {
        let spelling = self.args.spelling;
        Ok(self.codes()?.filter_map(move |minted| minted.ok().map(|minted| spelling.of(&minted).to_owned())))
    }
}

fn write(out: &mut dyn Write, text: &str) -> Result<()> {
    out.write_all(text.as_bytes())
        .map_err(|error| Error::new(Code::Io, format!("The codes cannot be written: {error}.")))
}

/// What codes stand for, by the promotion's own file or by an option of the program; of the latter with currency and zone.
pub fn promotion(
    file: Option<&Path>,
    program: Option<&Path>,
    option: Option<&str>,
    now: Instant,
) -> Result<(Promotion, Option<Currency>, Option<String>)> {
    match (file, program, option) {
        (Some(path), _, _) => {
            let promotion = parse_json(&read_text(path)?).map_err(|error| error.under("promotion"))?;
            Ok((promotion, None, None))
        }
        (None, Some(path), Some(option)) => {
            let program = program::read(path)?;
            let promotion = promotion_of(&program, option, now)?;
            Ok((promotion, Some(program.shop.currency), Some(program.shop.time_zone)))
        }
        _ => Err(Error::at(
            Code::MissingField,
            "--promotion",
            "What do the codes stand for? Name a file with the promotion, or --program and --option.",
        )),
    }
}

fn terms(platform: Platform, args: &Mint, now: Instant) -> Result<PlatformTerms> {
    let (promotion, currency, zone) =
        promotion(args.promotion.as_deref(), args.program.as_deref(), args.option.as_deref(), now)?;
    Ok(PlatformTerms {
        platform,
        promotion,
        limits: Limits { uses_per_code: args.uses_per_code, once_per_customer: !args.many_per_customer },
        currency: currency.or(args.reading.currency),
        time_zone: args.reading.time_zone.clone().or(zone).unwrap_or_else(|| "UTC".to_owned()),
        promotion_id: args.promotion_id.clone(),
    })
}

/// Writes the platform's files beside the codes and gives their names.
fn platform_files(
    outputs: &mut Outputs,
    batch: &Batch<'_>,
    platform: Platform,
    file: &PlatformFile,
) -> Result<Vec<String>> {
    let out = &batch.args.out;
    if out.as_os_str() == "-" {
        return Err(Error::at(Code::InvalidValue, "--out", "Name a file: the platform's files are written beside it."));
    }
    let (codes, terms) = match platform {
        Platform::Shopify => ("shopify.jsonl", "shopify-discount.json"),
        Platform::Shopware => ("shopware.csv", "shopware-promotion.json"),
        Platform::Woocommerce => ("woocommerce.csv", ""),
    };
    let beside = |ending: &str| -> PathBuf { out.with_extension(ending) };
    let path = beside(codes);
    outputs.add(&path, |out| file.lines(batch.spelled()?).try_for_each(|line| write(out, &(line + "\n"))))?;
    let mut written = vec![shown(&path)];
    if let Some(document) = file.terms() {
        let path = beside(terms);
        outputs.add_document(&path, document)?;
        written.push(shown(&path));
    }
    Ok(written)
}

fn blocks(out: &mut dyn Write, batch: &Batch<'_>, link: &str) -> Result<()> {
    write(out, PAGE_START)?;
    for code in batch.spelled()? {
        write(out, &(block(&code, link)? + "\n"))?;
    }
    write(out, PAGE_END)
}

/// The purchases, the earliest first: a later export of the same shop then begins with the same ones.
fn purchases(path: &Path, args: &Mint, now: Instant) -> Result<Vec<Order>> {
    let options = orders::options(&args.reading, Some(&args.keys), now)?;
    let mut orders = orders::read_quietly(&[path.to_path_buf()], &options)?;
    orders.retain(Order::is_purchase);
    orders.sort_by(|a, b| (a.created_at, &a.id).cmp(&(b.created_at, &b.id)));
    Ok(orders)
}

fn for_order(order: &Order, minted: Minted) -> ForOrder<'_> {
    ForOrder {
        order: &order.id,
        number: order.number.as_deref(),
        customer: order.customer.as_ref().map(|customer| customer.id.as_str()),
        code: minted.code,
        shown_code: minted.shown_code,
        batch: minted.batch,
        serial: minted.serial,
    }
}
