//! Makes requests wait until they stay within the company's request limit.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use reqwest::header::HeaderMap;
use tokio::sync::Notify;
use tokio::time::{Instant, sleep_until, timeout_at};

use crate::error::SmartHrError;
use crate::rate_limit_windows::{Admission, Limits};

/// Shared by all requests under one access token.
#[derive(Debug, Default)]
pub(crate) struct RateLimiter {
    limits: Mutex<Limits>,
    answered: Notify,
}

/// The permission to send one request. Dropped without a response, it counts as used.
pub(crate) struct Permit<'a> {
    rate_limiter: &'a RateLimiter,
    sent: Instant,
    answered: bool,
}

impl RateLimiter {
    /// Waits until one more request stays within the limit.
    ///
    /// # Errors
    /// [`SmartHrError::RateLimited`] when the wait would end after the deadline,
    /// [`SmartHrError::OutOfTime`] when the deadline has passed.
    pub(crate) async fn permit(&self, deadline: Instant) -> Result<Permit<'_>, SmartHrError> {
        loop {
            // Registered before the check, so that a response between the two is not missed.
            let mut answered = std::pin::pin!(self.answered.notified());
            answered.as_mut().enable();
            let now = Instant::now();
            if now >= deadline {
                return Err(SmartHrError::OutOfTime);
            }
            let admission = self.limits().admit(now);
            match admission {
                Admission::Granted => {
                    return Ok(Permit {
                        rate_limiter: self,
                        sent: now,
                        answered: false,
                    });
                }
                Admission::At(then) if then >= deadline => {
                    return Err(SmartHrError::RateLimited {
                        retry_after: Some(then - now),
                    });
                }
                Admission::At(then) => sleep_until(then).await,
                Admission::AfterResponse(at_latest) => {
                    // A response and the end of the wait are both reasons to check again.
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
    /// Notes a response other than 429.
    pub(crate) fn answered(mut self, headers: &HeaderMap) {
        self.answered = true;
        self.rate_limiter
            .limits()
            .answered(self.sent, Instant::now(), headers);
    }

    /// Notes a 429: all requests wait as long as it says, or `otherwise`.
    pub(crate) fn refused(mut self, headers: &HeaderMap, otherwise: Duration) {
        self.answered = true;
        self.rate_limiter
            .limits()
            .refused(self.sent, Instant::now(), headers, otherwise);
    }
}

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        if !self.answered {
            self.rate_limiter.limits().lost();
        }
        self.rate_limiter.answered.notify_waiters();
    }
}
