//! What do several exports say together? Overlapping periods cut, orders that come twice merged.

use std::collections::{BTreeSet, HashMap};

use super::options::ImportOptions;
use super::report::{LineCounts, Report, count};
use super::{Imported, zone_of};
use crate::order::{Order, OrderKind};
use crate::reject::{Code, Error, Result};
use crate::time::{Day, zone::Zone};

/// Puts the orders of several files together, in the order of the files.
///
/// Where two files with a row per line share order numbers at the same times, their periods overlap, and the file
/// that begins later counts from the day after the other's last day: returns without an order number would count
/// twice otherwise. `countFrom` says another day. After that, an order that comes twice with the same content is
/// merged, and one with other content is refused as `duplicate_order`; the first is kept.
///
/// # Errors
/// `invalid_value` when the options name an unknown time zone.
pub fn combine(files: Vec<Imported>, options: &ImportOptions) -> Result<(Vec<Order>, Report)> {
    let zone = zone_of(options)?;
    let mut files = files;
    cut(&mut files, options, &zone);
    let mut report = Report {
        v: 1,
        files: Vec::with_capacity(files.len()),
        orders: 0,
        returns: 0,
        anonymous: 0,
        customers: 0,
        duplicates: 0,
        lines: LineCounts::default(),
    };
    let mut orders: Vec<Order> = Vec::with_capacity(files.iter().map(|file| file.orders.len()).sum());
    let several = files.len() > 1;
    let mut by_id: HashMap<String, usize> = HashMap::new();
    for file in files {
        let Imported { orders: new, report: mut file_report, duplicates, .. } = file;
        let start = orders.len();
        report.duplicates += duplicates;
        for order in new {
            let first = by_id.get(&order.id).and_then(|index| orders.get(*index));
            match first {
                Some(first) if *first == order => {
                    report.duplicates += 1;
                    let lines = weight(&order, file.by_line);
                    file_report.lines.kept -= lines.min(file_report.lines.kept);
                    file_report.lines.merged += lines;
                }
                Some(_) => {
                    let message = format!(
                        "Order {} is in another file too, with other content; the one in the file given first was kept. \
                         Give the newer export first, or only that one.",
                        order.number.as_deref().unwrap_or(&order.id)
                    );
                    file_report.refuse_kept(weight(&order, file.by_line), Error::at(Code::DuplicateOrder, "", message));
                }
                None => {
                    if several {
                        by_id.insert(order.id.clone(), orders.len());
                    }
                    orders.push(order);
                }
            }
        }
        file_report.describe(&orders[start..]);
        let lines = file_report.lines;
        report.lines.read += lines.read;
        report.lines.kept += lines.kept;
        report.lines.merged += lines.merged;
        report.lines.refused += lines.refused;
        report.files.push(file_report);
    }
    report.returns = count(orders.iter().filter(|order| order.kind == OrderKind::Return));
    report.orders = count(orders.iter()) - report.returns;
    report.anonymous = count(orders.iter().filter(|order| order.customer.is_none()));
    let customers: BTreeSet<&str> =
        orders.iter().filter_map(|order| order.customer.as_ref().map(|customer| customer.id.as_str())).collect();
    report.customers = count(customers.iter());
    Ok((orders, report))
}

/// How many lines of its file an order stands for.
fn weight(order: &Order, by_line: bool) -> u64 {
    if by_line { u64::from(order.line_count) } else { 1 }
}

/// Leaves out what an earlier file has already.
fn cut(files: &mut [Imported], options: &ImportOptions, zone: &Zone) {
    let mut by_begin: Vec<usize> = (0..files.len()).filter(|index| files[*index].report.first_at.is_some()).collect();
    by_begin.sort_by_key(|index| (files[*index].report.first_at, *index));
    for (rank, later) in by_begin.iter().enumerate().skip(1) {
        let said = files[*later].count_from.or(options.count_from);
        let earlier = &by_begin[..rank];
        let overlap = earlier
            .iter()
            .filter(|earlier| overlaps(&files[**earlier], &files[*later]))
            .max_by_key(|earlier| files[**earlier].report.last_at);
        let last_day = overlap.and_then(|earlier| files[*earlier].report.last_at).map(|last| zone.day(last));
        let Some(from) = said.or(last_day.map(|day| day.plus(1))) else { continue };
        if said.is_none()
            && let (Some(last_day), Some(earlier)) = (last_day, overlap)
        {
            let message = format!(
                "The file {} goes to {last_day} and holds some of the same orders, so this one counts from {from} on. Set \
                 countFrom to change that.",
                files[*earlier].report.name
            );
            files[*later].report.warn(Error::new(Code::Assumption, message));
        }
        count_from(&mut files[*later], from, zone);
    }
}

fn count_from(file: &mut Imported, from: Day, zone: &Zone) {
    let by_line = file.by_line;
    let mut left_out = 0;
    file.orders.retain(|order| {
        let counts = zone.day(order.created_at) >= from;
        left_out += if counts { 0 } else { weight(order, by_line) };
        counts
    });
    file.report.count_from = Some(from);
    file.report.lines.kept -= left_out.min(file.report.lines.kept);
    file.report.lines.merged += left_out;
}

/// Whether two files with a row per line share orders, and not only numbers: half of what they share was ordered at
/// the same time.
fn overlaps(earlier: &Imported, later: &Imported) -> bool {
    if !(earlier.by_line && later.by_line) {
        return false;
    }
    let times: HashMap<&str, _> = earlier.orders.iter().map(|order| (order.id.as_str(), order.created_at)).collect();
    let (mut shared, mut same) = (0_u64, 0_u64);
    for order in &later.orders {
        if let Some(time) = times.get(order.id.as_str()) {
            shared += 1;
            same += u64::from(*time == order.created_at);
        }
    }
    shared > 0 && same * 2 >= shared
}
