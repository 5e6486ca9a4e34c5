//! How are rows shared among threads without changing a bit? In chunks of fixed size, put together in their order.

pub use crate::run::{Run, Serial};

/// Rows in a chunk. Part of the answer: another size would round sums differently.
pub const CHUNK: usize = 4096;

/// The rows of one chunk.
pub(super) fn chunk<T>(rows: &[T], index: usize) -> &[T] {
    let from = index.saturating_mul(CHUNK).min(rows.len());
    &rows[from..rows.len().min(from + CHUNK)]
}
