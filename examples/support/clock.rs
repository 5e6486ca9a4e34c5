//! How long did it take? In processor time, so that a busy machine does not count.

use std::time::{Duration, Instant};

/// Processor time of this thread, which Linux counts in ticks of some milliseconds: measure long stretches. Wall time where
/// the system does not tell it.
pub enum Clock {
    /// Nanoseconds on the processor.
    Processor(u64),
    /// Where nobody counts them.
    Wall(Instant),
}

impl Clock {
    /// Starts it.
    pub fn start() -> Self {
        nanoseconds().map_or_else(|| Self::Wall(Instant::now()), Self::Processor)
    }

    /// What has passed.
    pub fn elapsed(&self) -> Duration {
        match self {
            Self::Processor(start) => Duration::from_nanos(nanoseconds().unwrap_or(*start) - start),
            Self::Wall(start) => start.elapsed(),
        }
    }
}

fn nanoseconds() -> Option<u64> {
    std::fs::read_to_string("/proc/thread-self/schedstat").ok()?.split_whitespace().next()?.parse().ok()
}
