//! Any bytes as a table of customers, CSV and NDJSON: what is read has numbers that models may have.
#![no_main]

use libfuzzer_sys::fuzz_target;
use zugabe::run::Serial;
use zugabe::score::lifetime::{Observation, rows};

fuzz_target!(|bytes: &[u8]| {
    if let Ok(rows) = rows::read(bytes, &Serial) {
        for (one, mean) in &rows.customers {
            let Observation { recency, t, .. } = *one;
            assert!(recency.is_finite() && t.is_finite() && recency <= t);
            assert!(mean.is_none_or(|mean| mean.is_finite() && mean >= 0.0));
        }
    }
});
