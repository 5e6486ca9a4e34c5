//! How fast are codes natively? One JSON line per measurement, for `benches/codes/run.mjs`. One core, in
//! processor time where the system tells it, so that a busy machine does not count.
//!
//! `cargo run --release --example bench_codes`

use std::hint::black_box;

use zugabe::code::{Format, KeySet, Minter, Verifier, check};

#[path = "support/clock.rs"]
mod clock;

use clock::Clock;

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
    Ok(())
}

fn measure<T>(name: &str, count: u32, work: impl Iterator<Item = T>) {
    let start = Clock::start();
    work.for_each(drop);
    let per_second = f64::from(count) / start.elapsed().as_secs_f64();
    println!(r#"{{"name":"{name}, per second","value":{per_second:.0}}}"#);
}

/// The process's largest resident set so far, where the system tells it.
fn peak_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|kib| kib.parse().ok()).unwrap_or(0)
}
