//! How fast is a price natively? One JSON line per measurement, for `benches/price/run.mjs`: processor time of one core.
//!
//! `cargo run --release --example bench_price`; with a number, only that many prices and no clock, for a profiler:
//! `valgrind --tool=callgrind target/release/examples/bench_price 100`

use std::hint::black_box;

use zugabe::price::{PriceRequest, price, price_text};
use zugabe::reject::parse_json;

#[path = "support/clock.rs"]
mod clock;

use clock::Clock;

/// Prices in one measurement, and measurements, of which the median is told.
const PRICES: u32 = 5_000;
const ROUNDS: usize = 7;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let text = cart(200, 10);
    let request: PriceRequest = parse_json(&text)?;
    if let Some(count) = std::env::args().nth(1) {
        (0..count.parse()?).for_each(|_: u32| drop(black_box(price(black_box(&request)))));
        return Ok(());
    }
    let small: PriceRequest = parse_json(&cart(3, 2))?;
    measure("200 lines, 10 promotions", || drop(black_box(price(black_box(&request)))));
    measure("the same from JSON text", || drop(black_box(price_text(black_box(&text)))));
    measure("3 lines, 2 promotions", || drop(black_box(price(black_box(&small)))));
    Ok(())
}

fn measure(name: &str, work: impl Fn()) {
    let mut times: Vec<f64> = (0..ROUNDS)
        .map(|_| {
            let start = Clock::start();
            (0..PRICES).for_each(|_| work());
            start.elapsed().as_secs_f64() * 1e6 / f64::from(PRICES)
        })
        .collect();
    times.sort_by(f64::total_cmp);
    println!(r#"{{"name":"{name}","microseconds":{:.1},"fastest":{:.1}}}"#, times[ROUNDS / 2], times[0]);
}

/// A cart of uneven prices with percentages, amounts and tags.
fn cart(lines: u32, promotions: u32) -> String {
    let line = |n: u32| {
        let (unit, quantity, tag) = (199 + n * 37 % 4000, 1 + n % 4, ["tea", "ware", "book"][n as usize % 3]);
        format!(r#"{{"id":"line-{n}","unit":{unit},"quantity":{quantity},"taxRateBp":1900,"tags":["{tag}"]}}"#)
    };
    let promotion = |n: u32| match n % 3 {
        0 => format!(r#"{{"id":"p{n}","effect":{{"type":"percent","bp":{}}}}}"#, 300 + n * 10),
        1 => format!(r#"{{"id":"p{n}","currency":"EUR","effect":{{"type":"fixed","amount":{}}}}}"#, 500 + n),
        _ => {
            format!(r#"{{"id":"p{n}","effect":{{"type":"percent","bp":500}},"conditions":{{"tags":["tea","book"]}}}}"#)
        }
    };
    let all = |count: u32, one: &dyn Fn(u32) -> String| (0..count).map(one).collect::<Vec<_>>().join(",");
    format!(
        r#"{{"v":1,"now":"2026-11-23T10:00:00Z","currency":"EUR","lines":[{}],"promotions":[{}]}}"#,
        all(lines, &line),
        all(promotions, &promotion)
    )
}
