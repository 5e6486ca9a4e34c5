//! Any bytes as a table of customers (CSV and NDJSON) and as an order export. What is read can be fitted to and forecast.
#![no_main]

use libfuzzer_sys::fuzz_target;
use zugabe::order::import::{ImportOptions, import};
use zugabe::score::lifetime::run::Serial;
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
    let _ = import("fuzz", bytes, &ImportOptions::at(Instant::from_unix(1_800_000_000)));
});
