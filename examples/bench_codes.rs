//! How fast are codes and prices natively? One JSON line per measurement, for `benches/codes/run.mjs`. One core, in
//! processor time where the system tells it, so that a busy machine does not count.
//!
//! `cargo run --release --example bench_codes`

use std::hint::black_box;
use std::time::{Duration, Instant};

use zugabe::code::{Format, KeySet, Minter, Verifier, check};
use zugabe::price::{price, price_text};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let keys = KeySet::new([7; 32]);
    let verifier = Verifier::new(&keys);
    let minted: Vec<String> =
        Minter::new(&keys, Format::C12, None, 2, 0)?.take(20_000).map(|minted| minted.shown_code).collect();

    let before = peak_kib();
    measure("mint C12", 1_000_000, Minter::new(&keys, Format::C12, None, 1, 0)?.take(1_000_000).map(black_box));
    println!(r#"{{"name":"minting 1,000,000 C12, growth of peak memory in KiB","value":{}}}"#, peak_kib() - before);
    measure("verify C12", 500_000, minted.iter().cycle().take(500_000).map(|code| black_box(verifier.verify(code))));
    measure("check C12 without a key", 500_000, minted.iter().cycle().take(500_000).map(|code| black_box(check(code))));

    let text = cart(200, 10);
    let request = zugabe::reject::parse_json(&text)?;
    let mut times: Vec<f64> = (0..5)
        .map(|_| {
            let start = Clock::start();
            (0..5_000).for_each(|_| drop(black_box(price(black_box(&request)))));
            start.elapsed().as_secs_f64() * 1e6 / 5_000.0
        })
        .collect();
    println!(r#"{{"name":"price, 200 lines, 10 promotions, median in us","value":{:.1}}}"#, median(&mut times));
    let mut times: Vec<f64> = (0..5)
        .map(|_| {
            let start = Clock::start();
            (0..5_000).for_each(|_| drop(black_box(price_text(black_box(&text)))));
            start.elapsed().as_secs_f64() * 1e6 / 5_000.0
        })
        .collect();
    println!(r#"{{"name":"the same from JSON text, median in us","value":{:.1}}}"#, median(&mut times));
    Ok(())
}

fn measure<T>(name: &str, count: u32, work: impl Iterator<Item = T>) {
    let start = Clock::start();
    work.for_each(drop);
    let per_second = f64::from(count) / start.elapsed().as_secs_f64();
    println!(r#"{{"name":"{name}, per second","value":{per_second:.0}}}"#);
}

/// Processor time of this thread, which Linux counts in ticks of some milliseconds: measure long stretches; wall time where the system does not tell it.
enum Clock {
    Processor(u64),
    Wall(Instant),
}

impl Clock {
    fn start() -> Self {
        nanoseconds().map_or_else(|| Self::Wall(Instant::now()), Self::Processor)
    }

    fn elapsed(&self) -> Duration {
        match self {
            Self::Processor(start) => Duration::from_nanos(nanoseconds().unwrap_or(*start) - start),
            Self::Wall(start) => start.elapsed(),
        }
    }
}

fn nanoseconds() -> Option<u64> {
    std::fs::read_to_string("/proc/thread-self/schedstat").ok()?.split_whitespace().next()?.parse().ok()
}

fn median(times: &mut [f64]) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

/// The process's largest resident set so far, where the system tells it.
fn peak_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|kib| kib.parse().ok()).unwrap_or(0)
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
