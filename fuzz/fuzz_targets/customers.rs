//! Any bytes as a table of customers (CSV and NDJSON) and as an order export (CSV, JSON and NDJSON). What is read as a
//! table has numbers that models may have; what is plain enough to be read at a stroke says what the importer says.
#![no_main]

use libfuzzer_sys::fuzz_target;
use zugabe::money::Currency;
use zugabe::order::base::{Base, Days};
use zugabe::order::history::HistoryPolicy;
use zugabe::order::import::plain::Plain;
use zugabe::order::import::{ImportOptions, import};
use zugabe::run::Serial;
use zugabe::score::lifetime::{Observation, rows};
use zugabe::time::Instant;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(rows) = rows::read(bytes, &Serial) {
        for (one, mean) in &rows.customers {
            let Observation { recency, t, .. } = *one;
            assert!(recency.is_finite() && t.is_finite() && recency <= t);
            assert!(mean.is_none_or(|mean| mean.is_finite() && mean >= 0.0));
        }
    }
    let options =
        ImportOptions { currency: Currency::parse("EUR").ok(), ..ImportOptions::at(Instant::from_unix(1_800_000_000)) };
    let read = import("fuzz", bytes, &options);
    if let Some(mut plain) = Plain::begin("fuzz", bytes, &options, &HistoryPolicy::default(), None, Days::All) {
        if plain.push(bytes, &Serial) {
            if let Some((flat, report)) = plain.finish(true, &Serial) {
                let (orders, expected) = read.expect("the importer reads what is plain");
                assert_eq!(report, expected);
                let customers: std::collections::BTreeSet<_> =
                    orders.iter().filter_map(|order| order.customer.as_ref()).map(|customer| &customer.id).collect();
                assert_eq!(flat.count(), customers.len());
            }
        }
    }
});
