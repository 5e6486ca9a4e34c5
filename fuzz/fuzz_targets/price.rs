//! Any text as a price request and as a refund request. What is priced adds up.
#![no_main]

use libfuzzer_sys::fuzz_target;
use zugabe::price::{price_text, refund_text};

fuzz_target!(|text: &str| {
    if let Ok(result) = price_text(text) {
        let lines: i64 = result.lines.iter().map(|line| line.total).sum();
        assert_eq!(result.total, lines + result.shipping - result.shipping_discount);
        for line in &result.lines {
            assert!((0..=line.gross).contains(&line.net));
            assert_eq!(line.shares.iter().sum::<i64>(), line.discount);
        }
    }
    let _ = refund_text(text);
});
