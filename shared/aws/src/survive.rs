//! Work whose panic is its own failure, and nobody else's: one record of a batch, one run.

use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::task::Poll;

/// The work panicked. What it said is in the log.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("the work panicked")]
pub struct Panicked;

/// Does the work; a panic is an error. Works in binaries that unwind only: `make package` refuses others.
///
/// # Errors
/// [`Panicked`].
pub async fn survive<T>(work: impl Future<Output = T>) -> Result<T, Panicked> {
    let mut work = Box::pin(work);
    poll_fn(|context| {
        // Work that panicked is not polled again, so that nobody sees what it left half done.
        match catch_unwind(AssertUnwindSafe(|| work.as_mut().poll(context))) {
            Ok(Poll::Pending) => Poll::Pending,
            Ok(Poll::Ready(done)) => Poll::Ready(Ok(done)),
            Err(_) => Poll::Ready(Err(Panicked)),
        }
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn work_that_panics_after_a_wait_has_failed_and_other_work_has_not() {
        let panics = survive(async {
            tokio::task::yield_now().await;
            panic!("poison");
        });
        assert_eq!(panics.await, Err::<(), _>(Panicked));
        assert_eq!(survive(async { 1 }).await, Ok(1));
    }
}
