//! How fast are decisions natively? One JSON line per measurement, for `benches/decide/run.mjs`, which hands over policy
//! and request. Processor time would be fairer on a busy machine, but a decision is far shorter than its ticks.
//!
//! `cargo run --release --example bench_decide -- PROGRAM REQUEST`

use std::hint::black_box;
use std::time::Instant as Clock;

use zugabe::map::Map;
use zugabe::offer::economics::knapsack::{Item, choose};
use zugabe::offer::words::Channel;
use zugabe::offer::{Adviser, Program, PublishOptions, Request, decide, publish};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args().skip(1);
    let mut read = || std::fs::read_to_string(args.next().unwrap_or_default());
    let program = Program::parse(&read()?)?;
    let request = Request::parse(&read()?)?;
    let options = PublishOptions { now: request.now, audience: Channel::Page, days: 30, spent: Map::default() };
    let policy = publish(&program, None, &options)?;
    let adviser = Adviser::new(program, None, &options)?;
    measure("decide by policy, native", 2000, || drop(black_box(decide(&policy, black_box(&request)))));
    measure("decide by program with all numbers, native", 500, || {
        drop(black_box(adviser.decide(Channel::Page, black_box(&request))));
    });
    let customers: Vec<Vec<Item>> = (0..100_000_i64)
        .map(|n| (1..=4).map(|k| Item { cost: k * 60 + n % 37, value: k * 45 + n * 7 % 211 }).collect())
        .collect();
    let start = Clock::now();
    let choice = choose(&customers, 5_000_000)?;
    let took = start.elapsed().as_secs_f64() * 1e6;
    println!(r#"{{"name":"plan 100,000 customers with 4 options each, native","median":{took:.0}}}"#);
    println!(
        r#"{{"name":"  lost against the bound, in parts of a million","parts":{}}}"#,
        (choice.bound - choice.value) * 1_000_000 / choice.bound
    );
    Ok(())
}

/// The median of single runs: the machine is shared, and a mean would count its other work.
fn measure(name: &str, times: usize, work: impl Fn()) {
    (0..times / 4).for_each(|_| work());
    let mut micros: Vec<f64> = (0..times)
        .map(|_| {
            let start = Clock::now();
            work();
            start.elapsed().as_secs_f64() * 1e6
        })
        .collect();
    micros.sort_by(f64::total_cmp);
    println!(r#"{{"name":"{name}","median":{:.1}}}"#, micros[times / 2]);
}
