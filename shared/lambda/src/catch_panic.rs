//! Work whose panic is its own failure, and nobody else's: one record of a batch, one run.

use std::panic::AssertUnwindSafe;

use futures_util::FutureExt;

/// The work panicked. The panic's message is in the log.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("the work panicked")]
pub struct Panicked;

/// Does the work and turns a panic into an error. Works only in binaries that unwind: `make package` refuses others.
///
/// # Errors
/// [`Panicked`].
pub async fn catch_panic<T>(work: impl Future<Output = T>) -> Result<T, Panicked> {
    // Work that panicked is not polled again, so nobody sees what it left half done.
    AssertUnwindSafe(work)
        .catch_unwind()
        .await
        .map_err(|_| Panicked)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn work_that_panics_after_a_wait_has_failed_and_other_work_has_not() {
        let panics = catch_panic(async {
            tokio::task::yield_now().await;
            panic!("poison");
        });
        assert_eq!(panics.await, Err::<(), _>(Panicked));
        assert_eq!(catch_panic(async { 1 }).await, Ok(1));
    }
}
