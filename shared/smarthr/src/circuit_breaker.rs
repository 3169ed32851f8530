//! A circuit breaker: while SmartHR is unavailable for everybody, a process does not repeat its requests for minutes
//! for each customer again, which would keep thousands of runs waiting.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::error::SmartHrError;

/// How long the circuit stays open after the last request that was given up.
const OPEN_FOR: Duration = Duration::from_mins(10);

/// Closed while SmartHR answers. A request that was repeated in vain opens it, and any answer closes it.
#[derive(Debug, Default)]
pub(crate) struct CircuitBreaker {
    open_until: Mutex<Option<Instant>>,
}

impl CircuitBreaker {
    /// Returns until when a request that fails is repeated: until `deadline`, and no longer than `while_open` while the
    /// circuit is open.
    pub(crate) fn limit(&self, deadline: Instant, while_open: Instant, now: Instant) -> Instant {
        let open_until = *self
            .open_until
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if open_until.is_some_and(|until| until > now) {
            deadline.min(while_open)
        } else {
            deadline
        }
    }

    /// Learns from a request that ended with `error`, or with an answer.
    pub(crate) fn learn(&self, error: Option<&SmartHrError>, now: Instant) {
        let is_out_of_order = match error {
            // It says nothing about SmartHR.
            Some(SmartHrError::OutOfTime) => return,
            Some(SmartHrError::RateLimited { .. }) | None => false,
            Some(error) => error.is_transient(),
        };
        *self
            .open_until
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = is_out_of_order.then(|| now + OPEN_FOR);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DOWN: SmartHrError = SmartHrError::ServerError {
        status: 503,
        retry_after: None,
    };

    /// Returns for how many seconds a request is repeated that could be repeated for ten minutes.
    fn repeated_for(breaker: &CircuitBreaker, now: Instant) -> u64 {
        let while_open = now + Duration::from_secs(30);
        let deadline = breaker.limit(now + Duration::from_mins(10), while_open, now);
        deadline.duration_since(now).as_secs()
    }

    #[test]
    fn after_a_request_in_vain_the_next_ones_are_repeated_for_half_a_minute_until_one_is_answered()
    {
        let (breaker, now) = (CircuitBreaker::default(), Instant::now());
        assert_eq!(repeated_for(&breaker, now), 600);
        breaker.learn(Some(&DOWN), now);
        assert_eq!(repeated_for(&breaker, now), 30);
        breaker.learn(Some(&SmartHrError::OutOfTime), now);
        assert_eq!(repeated_for(&breaker, now), 30);
        for answer in [
            None,
            Some(SmartHrError::NotFound),
            Some(SmartHrError::RateLimited { retry_after: None }),
        ] {
            breaker.learn(Some(&DOWN), now);
            breaker.learn(answer.as_ref(), now);
            assert_eq!(repeated_for(&breaker, now), 600, "{answer:?}");
        }
    }

    #[test]
    fn a_sooner_deadline_stays_and_the_circuit_closes_by_itself() {
        let (breaker, now) = (CircuitBreaker::default(), Instant::now());
        breaker.learn(Some(&DOWN), now);
        let soon = now + Duration::from_secs(5);
        let while_open = now + Duration::from_secs(30);
        assert_eq!(breaker.limit(soon, while_open, now), soon);
        assert_eq!(repeated_for(&breaker, now + OPEN_FOR), 600);
    }
}
