//! How does the tool use all cores? A pool of threads that does the core's pieces of work and keeps their order.

use rayon::prelude::*;
use rayon::{ThreadPool, ThreadPoolBuilder};
use zugabe::reject::{Code, Error, Result};
use zugabe::score::lifetime::run::Run;

use crate::args;

/// A pool of threads.
pub struct Pool(ThreadPool);

impl Pool {
    /// As many threads as the command line says; 0 is one per core.
    pub fn new(args: &args::Threads) -> Result<Self> {
        let pool = ThreadPoolBuilder::new().num_threads(args.threads).build();
        pool.map(Self).map_err(|error| Error::at(Code::Io, "--threads", format!("No threads can be made: {error}.")))
    }
}

impl Run for Pool {
    fn map<T: Send, F: Fn(usize) -> T + Sync + Send>(&self, count: usize, work: F) -> Vec<T> {
        if count < 2 {
            return (0..count).map(work).collect();
        }
        self.0.install(|| (0..count).into_par_iter().map(work).collect())
    }
}
