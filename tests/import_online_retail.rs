//! Two years of real orders: what the importer makes of them equals what a plain loop counts.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant as Clock;

use zugabe::money::Currency;
use zugabe::order::import::{ImportOptions, Imported, Importer, combine};
use zugabe::order::{Order, OrderKind};
use zugabe::time::Instant;

const CUT: &str = "2010-12-10";

fn options() -> ImportOptions {
    ImportOptions {
        currency: Some(Currency::parse("GBP").unwrap()),
        time_zone: Some("Europe/London".to_owned()),
        ..ImportOptions::at(Instant::parse("2026-11-23T10:00:00Z").unwrap())
    }
}

fn import(name: &str, text: &[u8], options: &ImportOptions) -> Imported {
    let mut importer = Importer::new(name, options.clone()).unwrap();
    for chunk in text.chunks(1 << 18) {
        importer.push(chunk).unwrap();
    }
    importer.finish().unwrap()
}

fn both() -> Option<[Vec<u8>; 2]> {
    Some([
        support::shared_zst("online_retail_ii_2009_2010.csv.zst")?,
        support::shared_zst("online_retail_2010_2011.csv.zst")?,
    ])
}

/// What a plain loop counts, without any part of the importer.
#[derive(Debug, Default, PartialEq, Eq)]
struct Counted {
    lines: u64,
    known: BTreeSet<String>,
    buyers: BTreeSet<String>,
    /// Thousandths of a pound, before rounding.
    raw_sold: i128,
    raw_returned: i128,
    /// Pence, each line rounded.
    sold: i128,
    returned: i128,
    /// Pence per order number or return, for comparison one by one.
    by_order: BTreeMap<String, i128>,
}

/// Cells of a line; the files have no line break in a cell.
fn cells(line: &str) -> Vec<String> {
    let (mut cells, mut quoted) = (vec![String::new()], false);
    for c in line.chars() {
        match c {
            '"' => quoted = !quoted,
            ',' if !quoted => cells.push(String::new()),
            c => cells.last_mut().unwrap().push(c),
        }
    }
    cells
}

fn thousandths(price: &str) -> i128 {
    let (negative, digits) = price.strip_prefix('-').map_or((false, price), |rest| (true, rest));
    let (whole, decimals) = digits.split_once('.').unwrap_or((digits, ""));
    let value: i128 = format!("{whole}{decimals:0<3}").parse().unwrap();
    if negative { -value } else { value }
}

/// Thousandths of a pound to pence, half away from zero.
fn pence(raw: i128) -> i128 {
    (raw.abs() + 5) / 10 * raw.signum()
}

fn count(files: &[Vec<u8>; 2]) -> Counted {
    let mut counted = Counted::default();
    for (index, file) in files.iter().enumerate() {
        for line in std::str::from_utf8(file).unwrap().lines().skip(1) {
            let cells = cells(line);
            let [invoice, _, _, quantity, date, price, customer, _] = cells.as_slice() else { panic!("{line}") };
            if index == 1 && &date[..10] < CUT {
                continue;
            }
            counted.lines += 1;
            let (quantity, price) = (quantity.parse::<i128>().unwrap(), thousandths(price));
            let raw = quantity * price;
            let id = match (invoice.as_str(), customer.as_str()) {
                ("", "") => format!("anonymous {date}"),
                ("", customer) => format!("{customer} {date}"),
                (invoice, _) => invoice.to_owned(),
            };
            *counted.by_order.entry(id).or_default() += pence(raw).abs();
            if customer.is_empty() {
                continue;
            }
            counted.known.insert(customer.clone());
            if quantity > 0 && price > 0 {
                counted.buyers.insert(customer.clone());
                counted.raw_sold += raw;
                counted.sold += pence(raw);
            } else if quantity < 0 {
                counted.raw_returned -= raw;
                counted.returned -= pence(raw);
            }
        }
    }
    counted
}

fn amount(order: &Order) -> i128 {
    i128::from(order.total + order.refunded)
}

#[test]
fn two_years_of_orders_are_what_a_plain_loop_counts() {
    let Some(files) = both() else { return };
    let counted = count(&files);
    assert_eq!(counted.lines, 1_044_847);
    assert_eq!((counted.known.len(), counted.buyers.len()), (5942, 5878));
    assert_eq!((counted.raw_sold, counted.sold), (17_431_533_178, 1_743_153_316));
    assert_eq!((counted.raw_returned, counted.returned), (1_087_882_140, 108_788_214));

    let clock = Clock::now();
    let options = options();
    let imported = vec![import("2009-2010", &files[0], &options), import("2010-2011", &files[1], &options)];
    let (orders, report) = combine(imported, &options).unwrap();
    println!("imported and combined in {:?}", clock.elapsed());

    assert_eq!((report.lines.read, report.lines.kept), (525_461 + 541_909, 1_044_847));
    assert_eq!((report.lines.refused, report.lines.merged), (0, 525_461 + 541_909 - 1_044_847));
    assert_eq!(orders.iter().map(|order| u64::from(order.line_count)).sum::<u64>(), counted.lines);
    assert_eq!(report.files[1].count_from.unwrap().to_string(), CUT);
    assert_eq!(report.files[0].count_from, None);
    assert_eq!(report.customers, 5942);

    let known = || orders.iter().filter(|order| order.customer.is_some());
    let customers: BTreeSet<&str> = known().map(|order| order.customer.as_ref().unwrap().id.as_str()).collect();
    assert!(customers.iter().copied().eq(counted.known.iter().map(String::as_str)));
    let buyers: BTreeSet<&str> = known()
        .filter(|order| order.kind == OrderKind::Sale && order.total > 0)
        .map(|order| order.customer.as_ref().unwrap().id.as_str())
        .collect();
    assert!(buyers.iter().copied().eq(counted.buyers.iter().map(String::as_str)));
    let sum = |kind| known().filter(|order| order.kind == kind).map(amount).sum::<i128>();
    assert_eq!((sum(OrderKind::Sale), sum(OrderKind::Return)), (counted.sold, counted.returned));

    let mut by_order = BTreeMap::new();
    for order in &orders {
        let id = match order.id.strip_prefix("return-") {
            Some(_) => {
                let who = order.customer.as_ref().map_or("anonymous", |customer| &customer.id);
                format!("{who} {}", order.created_at)
            }
            None => order.id.clone(),
        };
        *by_order.entry(id).or_insert(0) += amount(order);
    }
    let numbered = |id: &&String| !id.contains(' ');
    assert!(counted.by_order.iter().filter(|(id, _)| numbered(id)).eq(by_order.iter().filter(|(id, _)| numbered(id))));
    let rest = |orders: &BTreeMap<String, i128>| {
        let of: Vec<i128> = orders.iter().filter(|(id, _)| !numbered(id)).map(|(_, amount)| *amount).collect();
        (of.len(), of.iter().sum::<i128>())
    };
    assert_eq!(rest(&counted.by_order), rest(&by_order), "returns without an order number, by customer and time");
}

#[test]
fn chunks_of_any_size_give_the_same_orders_and_report() {
    let Some(text) = support::shared_zst("online_retail_ii_2009_2010.csv.zst") else { return };
    let options = ImportOptions { keep_lines: true, ..options() };
    // The first 3 MB, cut in the middle of a line.
    let text = &text[..3_000_000];
    let whole = import("part", text, &options);
    for size in [1_usize, 4097, 65_536, 1_000_000] {
        let mut importer = Importer::new("part", options.clone()).unwrap();
        for chunk in text.chunks(size) {
            importer.push(chunk).unwrap();
        }
        let imported = importer.finish().unwrap();
        assert_eq!(imported.report, whole.report, "chunks of {size}");
        assert!(imported.orders == whole.orders, "chunks of {size}");
    }
    assert!(whole.orders.iter().all(|order| order.lines.len() == order.line_count as usize));
}

#[test]
fn the_day_from_which_the_later_file_counts_can_be_said() {
    let Some(files) = both() else { return };
    let mut options = options();
    options.count_from = Some(zugabe::time::Day::parse("2011-01-01").unwrap());
    let imported = vec![import("a", &files[0], &options), import("b", &files[1], &options)];
    let (_, report) = combine(imported, &options).unwrap();
    assert_eq!(report.files[0].lines.kept, 525_461, "the file that begins first is whole");
    assert_eq!(report.files[1].first_at.unwrap().to_string().get(..4), Some("2011"));
}
