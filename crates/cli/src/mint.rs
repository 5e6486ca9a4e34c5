//! `zugabe mint`: codes of a batch, as many as asked for or one for each purchase.

use std::path::Path;

use serde::Serialize;
use zugabe::code::{Minted, Minter};
use zugabe::order::Order;
use zugabe::reject::{Code, Error, Result};
use zugabe::time::Instant;

use crate::args::Mint;
use crate::files::{Outputs, document, print_aside};
use crate::{keys, orders};

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

/// Where the next minting of the batch begins.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Done {
    codes: usize,
    batch: u32,
    next_start: u32,
}

pub fn run(args: &Mint, now: Instant) -> Result<()> {
    let keys = keys::read(&args.keys)?;
    let mut minter = Minter::new(&keys, args.format, None, args.batch, args.start)?;
    let purchases = args.orders.as_ref().map(|path| purchases(path, args, now)).transpose()?;
    let count = purchases.as_ref().map_or(args.count.unwrap_or(0) as usize, Vec::len);

    let mut outputs = Outputs::default();
    outputs.add(&args.out, |out| {
        for index in 0..count {
            let minted = minter.next().ok_or_else(|| exhausted(count))?;
            let line = match purchases.as_ref().and_then(|purchases| purchases.get(index)) {
                Some(order) => document(&for_order(order, minted), false)?,
                None => document(&minted, false)?,
            };
            out.write_all(line.as_bytes())
                .map_err(|error| Error::new(Code::Io, format!("The codes cannot be written: {error}.")))?;
        }
        Ok(())
    })?;
    outputs.commit()?;
    print_aside(&Done { codes: count, batch: args.batch, next_start: minter.next_serial() })
}

fn exhausted(count: usize) -> Error {
    Error::at(Code::OutOfRange, "count", format!("The batch has fewer than {count} codes left: begin a new batch."))
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
