//! How is work shared among threads without changing a bit? In pieces, put together in their order.

/// Does pieces of work, on one thread or on many. The answers come in the order of the pieces, so whatever is added up
/// from them is the same for any number of threads.
pub trait Run {
    /// `work(0)`, `work(1)`, … `work(count - 1)`, in this order.
    fn map<T: Send, F: Fn(usize) -> T + Sync + Send>(&self, count: usize, work: F) -> Vec<T>;
}

/// One piece after the other.
#[derive(Debug, Clone, Copy, Default)]
pub struct Serial;

impl Run for Serial {
    fn map<T: Send, F: Fn(usize) -> T + Sync + Send>(&self, count: usize, work: F) -> Vec<T> {
        (0..count).map(work).collect()
    }
}
