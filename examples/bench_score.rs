//! What a fit and a forecast take alone, without starting, reading and writing: `bench_score fit|clv TABLE THREADS [PARAMS]`
//! prints one JSON line. Called by `npm run bench score`.

#![allow(clippy::unwrap_used, clippy::expect_used)] // A benchmark that cannot run must say so.

use std::time::Instant;

use zugabe::run::Run;
use zugabe::score::lifetime::{ModelName, Outlook, Params, fit, predict, rows};

/// Threads that take the next piece as they get ready.
struct Threads(usize);

impl Run for Threads {
    fn map<T: Send, F: Fn(usize) -> T + Sync + Send>(&self, count: usize, work: F) -> Vec<T> {
        if self.0 < 2 || count < 2 {
            return (0..count).map(work).collect();
        }
        let next = std::sync::atomic::AtomicUsize::new(0);
        let take = || {
            let mut done = Vec::new();
            loop {
                let at = next.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                if at >= count {
                    return done;
                }
                done.push((at, work(at)));
            }
        };
        let mut done: Vec<(usize, T)> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..self.0).map(|_| scope.spawn(take)).collect();
            threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
        });
        done.sort_by_key(|(at, _)| *at);
        done.into_iter().map(|(_, value)| value).collect()
    }
}

/// Processor seconds of this process so far, from Linux; 0 elsewhere.
fn spent() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let ticks: f64 = stat.split(' ').skip(13).take(2).filter_map(|field| field.parse::<f64>().ok()).sum();
    ticks / 100.0
}

/// The most memory it had, in MiB.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok()).unwrap_or(0) / 1024
}

fn main() {
    let args: Vec<String> = std::env::args().collect();
    let (task, table, threads) = (&args[1], &args[2], Threads(args[3].parse().expect("a number of threads")));
    let table = rows::read(&std::fs::read(table).expect("a table"), &threads).expect("a table of customers");
    let (start, before) = (Instant::now(), spent());
    let told = if task == "fit" {
        let fitted = fit(ModelName::Bgnbd, &table.customers, 0.0, &threads).unwrap();
        fitted.log_likelihood
    } else {
        let params = Params::parse(&std::fs::read_to_string(&args[4]).expect("parameters")).unwrap();
        let outlook = Outlook { horizon: 52.14, discount: 0.01, discount_period: 4.345 };
        let forecasts = predict(ModelName::Bgnbd, &params, &table.customers, &outlook, &threads).unwrap();
        forecasts.iter().filter_map(|forecast| forecast.clv).sum()
    };
    let (seconds, cpu) = (start.elapsed().as_secs_f64(), spent() - before);
    println!("{{\"seconds\":{seconds},\"cpu\":{cpu},\"peakMiB\":{},\"told\":{told}}}", peak());
}
