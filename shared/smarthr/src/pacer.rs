//! Makes requests wait their turn under the company's request limit.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use reqwest::header::HeaderMap;
use tokio::sync::Notify;
use tokio::time::{Instant, sleep_until, timeout_at};

use crate::error::SmartHrError;
use crate::limits::{Limits, Turn};

/// Shared by all requests under one access token.
#[derive(Debug, Default)]
pub(crate) struct Pacer {
    limits: Mutex<Limits>,
    answered: Notify,
}

/// Leave for one request. Dropped unanswered, the request counts as used up.
pub(crate) struct Permit<'a> {
    pacer: &'a Pacer,
    sent: Instant,
    answered: bool,
}

impl Pacer {
    /// Waits until one more request stays within the limit.
    ///
    /// # Errors
    /// [`SmartHrError::RateLimited`] at once when the wait would end after the deadline,
    /// [`SmartHrError::OutOfTime`] when the deadline has passed.
    pub(crate) async fn permit(&self, deadline: Instant) -> Result<Permit<'_>, SmartHrError> {
        loop {
            // Registered before looking, so that an answer between the two is not missed.
            let mut answered = std::pin::pin!(self.answered.notified());
            answered.as_mut().enable();
            let now = Instant::now();
            if now >= deadline {
                return Err(SmartHrError::OutOfTime);
            }
            let turn = self.limits().turn(now);
            match turn {
                Turn::Go => {
                    return Ok(Permit {
                        pacer: self,
                        sent: now,
                        answered: false,
                    });
                }
                Turn::At(then) if then >= deadline => {
                    return Err(SmartHrError::RateLimited {
                        retry_after: Some(then - now),
                    });
                }
                Turn::At(then) => sleep_until(then).await,
                Turn::AfterAnAnswer(at_latest) => {
                    // Either is a reason to look again.
                    let _ = timeout_at(at_latest.min(deadline), answered).await;
                }
            }
        }
    }

    fn limits(&self) -> MutexGuard<'_, Limits> {
        self.limits.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Permit<'_> {
    /// An answer other than 429 came.
    pub(crate) fn answered(mut self, headers: &HeaderMap) {
        self.answered = true;
        self.pacer
            .limits()
            .answered(self.sent, Instant::now(), headers);
    }

    /// A 429 came: everybody waits as long as it asks, or `otherwise`.
    pub(crate) fn refused(mut self, headers: &HeaderMap, otherwise: Duration) {
        self.answered = true;
        self.pacer
            .limits()
            .refused(self.sent, Instant::now(), headers, otherwise);
    }
}

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        if !self.answered {
            self.pacer.limits().lost();
        }
        self.pacer.answered.notify_waiters();
    }
}
