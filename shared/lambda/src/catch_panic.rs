//! A guard against panics: one message of a batch or one run fails, and not the whole invocation.

use std::panic::AssertUnwindSafe;

use futures_util::FutureExt;

/// The error of work that panicked. The panic's message is in the log.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("the work panicked")]
pub struct Panicked;

/// Runs the work, and turns a panic into an error. This needs a binary that unwinds: `make package` refuses
/// others.
///
/// # Errors
/// [`Panicked`] when the work panics.
pub async fn catch_panic<T>(work: impl Future<Output = T>) -> Result<T, Panicked> {
    // Work that panicked is not polled again, so its broken state is never used.
    AssertUnwindSafe(work)
        .catch_unwind()
        .await
        .map_err(|_| Panicked)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_panic_after_a_wait_is_an_error() {
        let panics = catch_panic(async {
            tokio::task::yield_now().await;
            panic!("poison");
        });
        assert_eq!(panics.await, Err::<(), _>(Panicked));
        assert_eq!(catch_panic(async { 1 }).await, Ok(1));
    }
}
