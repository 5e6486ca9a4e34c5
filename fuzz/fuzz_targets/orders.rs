//! Any bytes as an order export, CSV, JSON and NDJSON: what is plain enough to be read at a stroke says what the importer says.
#![no_main]

use std::collections::BTreeSet;

use libfuzzer_sys::fuzz_target;
use zugabe::money::Currency;
use zugabe::order::base::{Base, Days};
use zugabe::order::history::HistoryPolicy;
use zugabe::order::import::plain::Plain;
use zugabe::order::import::{ImportOptions, import};
use zugabe::run::Serial;
use zugabe::time::Instant;

fuzz_target!(|bytes: &[u8]| {
    let options =
        ImportOptions { currency: Currency::parse("EUR").ok(), ..ImportOptions::at(Instant::from_unix(1_800_000_000)) };
    let read = import("fuzz", bytes, &options);
    let Some(mut plain) = Plain::begin("fuzz", bytes, &options, &HistoryPolicy::default(), None, Days::All) else {
        return;
    };
    if plain.push(bytes, &Serial) {
        if let Some((flat, report)) = plain.finish(true, &Serial) {
            let (orders, expected) = read.expect("the importer reads what is plain");
            assert_eq!(report, expected);
            let customers: BTreeSet<_> =
                orders.iter().filter_map(|order| order.customer.as_ref()).map(|customer| &customer.id).collect();
            assert_eq!(flat.count(), customers.len());
        }
    }
});
