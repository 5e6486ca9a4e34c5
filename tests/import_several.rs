//! Several files: what overlaps counts once, what contradicts is refused.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use zugabe::money::Currency;
use zugabe::order::Order;
use zugabe::order::import::{ImportOptions, Imported, Importer, Report, combine};
use zugabe::reject::Code;
use zugabe::time::{Day, Instant};

const LINES: &str = "invoice,quantity,invoice_date,price,customer_id\n";
const ORDERS: &str = "order,date,customer,total\n";

fn options() -> ImportOptions {
    ImportOptions {
        currency: Some(Currency::parse("EUR").unwrap()),
        time_zone: Some("Europe/Berlin".to_owned()),
        ..ImportOptions::at(Instant::parse("2026-11-23T10:00:00Z").unwrap())
    }
}

fn read(name: &str, text: &str, options: &ImportOptions) -> Imported {
    let mut importer = Importer::new(name, options.clone()).unwrap();
    importer.push(text.as_bytes()).unwrap();
    importer.finish().unwrap()
}

fn together(files: &[(&str, String)], options: &ImportOptions) -> (Vec<Order>, Report) {
    combine(files.iter().map(|(name, text)| read(name, text, options)).collect(), options).unwrap()
}

fn ids(orders: &[Order]) -> Vec<&str> {
    orders.iter().map(|order| order.id.as_str()).collect()
}

/// The earlier export names the number of a return (C3), the later one does not.
fn overlapping() -> [(&'static str, String); 2] {
    let later = "2,1,2025-03-09 23:30:00,5.00,b\n,-1,2025-03-09 23:40:00,5.00,b\n3,2,2025-03-10 00:10:00,5.00,c\n";
    let earlier = "1,1,2025-03-01 10:00:00,5.00,a\n2,1,2025-03-09 23:30:00,5.00,b\nC3,-1,2025-03-09 23:40:00,5.00,b\n";
    [("later", format!("{LINES}{later}")), ("earlier", format!("{LINES}{earlier}"))]
}

#[test]
fn of_overlapping_files_the_later_counts_from_the_day_after_the_other_ends() {
    let (orders, report) = together(&overlapping(), &options());
    assert_eq!(ids(&orders), ["3", "1", "2", "C3"], "the orders of the first file given come first");
    let [later, earlier] = report.files.as_slice() else { panic!("two files") };
    assert_eq!(later.count_from, Some(Day::parse("2025-03-10").unwrap()));
    assert_eq!((later.lines.read, later.lines.kept, later.lines.merged), (3, 1, 2));
    assert_eq!((earlier.count_from, earlier.lines.kept), (None, 3));
    assert_eq!(later.warnings.last().map(|warning| warning.code), Some(Code::Assumption));
    assert_eq!((report.lines.kept, report.lines.merged, report.returns, report.customers), (4, 2, 1, 3));
    assert_eq!(report.duplicates, 0);
}

#[test]
fn the_day_can_be_said_for_files_that_overlap() {
    let said = ImportOptions { count_from: Some(Day::parse("2025-03-09").unwrap()), ..options() };
    let (orders, report) = together(&overlapping(), &said);
    assert_eq!(ids(&orders), ["2", "return-b-2025-03-09T22:40:00Z", "3", "1", "C3"]);
    assert_eq!(report.duplicates, 1, "order 2 is the same in both");
    let [later, earlier] = report.files.as_slice() else { panic!("two files") };
    assert_eq!((earlier.lines.kept, earlier.lines.merged), (2, 1));
    assert_eq!(later.warning_count, 0, "what the merchant said needs no warning");
}

#[test]
fn equal_numbers_at_other_times_are_no_overlap() {
    let files = [
        ("one", format!("{LINES}1,1,2025-03-01 10:00:00,5.00,a\n")),
        ("other", format!("{LINES}1,1,2025-04-01 10:00:00,5.00,z\n2,1,2025-02-01 10:00:00,5.00,z\n")),
    ];
    let (orders, report) = together(&files, &options());
    assert_eq!(ids(&orders), ["1", "2"]);
    assert!(report.files.iter().all(|file| file.count_from.is_none()));
    assert_eq!(report.files[1].refused[0].code, Code::DuplicateOrder);
    assert_eq!((report.lines.kept, report.lines.refused), (2, 1));
}

#[test]
fn an_order_in_two_files_is_merged_when_equal_and_refused_when_not() {
    let files = [
        ("march", format!("{ORDERS}1,2025-03-01,a,5.00\n2,2025-03-02,b,6.00\n")),
        ("april", format!("{ORDERS}1,2025-03-01,a,5.00\n2,2025-03-02,b,7.00\n3,2025-04-02,b,8.00\n")),
    ];
    let (orders, report) = together(&files, &options());
    assert_eq!((ids(&orders), orders[1].total), (vec!["1", "2", "3"], 600));
    assert_eq!((report.duplicates, report.orders), (1, 3));
    let april = &report.files[1];
    assert_eq!((april.lines.kept, april.lines.merged, april.lines.refused, april.refused_count), (1, 1, 1, 1));
    assert_eq!(april.refused[0].code, Code::DuplicateOrder);
    assert!(april.refused[0].message.contains("Order 2 "), "{}", april.refused[0].message);
    for file in &report.files {
        assert_eq!(file.lines.read, file.lines.kept + file.lines.merged + file.lines.refused);
    }
}

#[test]
fn lines_of_one_order_in_two_currencies_are_refused() {
    let text = "invoice,quantity,invoice_date,price,customer_id,currency\n1,1,2025-03-01,5.00,a,EUR\n\
                1,1,2025-03-01,5.00,a,USD\n";
    let (orders, report) = together(&[("mixed", text.to_owned())], &options());
    assert_eq!((orders.len(), orders[0].total), (1, 500));
    assert_eq!(report.files[0].refused[0].code, Code::CurrencyMismatch);
    assert_eq!(report.files[0].refused[0].path, "line 3, column currency");
}

#[test]
fn progress_counts_bytes_lines_and_orders() {
    let mut importer = Importer::new("a.csv", options()).unwrap();
    let head = LINES.as_bytes();
    assert_eq!(importer.push(head).unwrap().bytes, head.len() as u64);
    let rows = "1,1,2025-03-01 10:00:00,5.00,a\n1,1,2025-03-01 10:00:00,6.00,a\n".repeat(2_000);
    let progress = importer.push(rows.as_bytes()).unwrap();
    assert_eq!((progress.bytes as usize, progress.lines, progress.orders), (head.len() + rows.len(), 4_000, 1));
}
