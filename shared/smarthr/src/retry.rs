//! Retries: exponential backoff with full jitter, within the time that is left.

use std::time::Duration;

use tokio::time::{Instant, sleep};

use crate::client::Client;
use crate::error::SmartHrError;

/// How often a request is repeated whose answer is no JSON. One that was cut short, or a proxy's page in its place, is
/// whole at the next attempts, seconds later; one that never is has another shape than SmartHR's, which asking for ten
/// minutes does not mend.
const BROKEN_ANSWERS: u32 = 3;

/// The bounds of the waits before retries. They are apart from AWS's, `lambda::backoff`, whose patience begins with the
/// first attempt: here the deadline of the caller, SmartHR's `Retry-After` and the circuit breaker decide when to stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BackoffBounds {
    /// The upper bound of the first wait; it doubles with every further failure.
    pub base: Duration,
    /// The upper bound of any wait.
    pub cap: Duration,
}

impl BackoffBounds {
    /// Returns the wait after `failures` failures in a row (0 for the first), for a random number in
    /// `0.0..1.0`. Full jitter: anything from zero to the bound, so that requests which failed together
    /// are not repeated together.
    pub(crate) fn wait(self, failures: u32, random: f64) -> Duration {
        let doubled = self.base.saturating_mul(2_u32.saturating_pow(failures));
        doubled.min(self.cap).mul_f64(random.clamp(0.0, 1.0))
    }
}

/// Calls `attempt` until it succeeds, fails with an error that is not `repeatable`, is no JSON too often, or the next
/// wait would end after the deadline, which comes sooner while SmartHR is unavailable for all. Then the result is the
/// last error that says what is wrong with SmartHR, not that our time ran out.
pub(crate) async fn with_retries<T, A>(
    client: &Client,
    deadline: Instant,
    repeatable: fn(&SmartHrError) -> bool,
    attempt: impl Fn() -> A,
) -> Result<T, SmartHrError>
where
    A: Future<Output = Result<T, SmartHrError>>,
{
    let now = Instant::now();
    let while_open = now + client.tuning().repeated_while_down;
    let deadline = client.breaker().limit(deadline, while_open, now);
    let outcome = repeat(client, deadline, repeatable, attempt).await;
    client
        .breaker()
        .learn(outcome.as_ref().err(), Instant::now());
    outcome
}

async fn repeat<T, A>(
    client: &Client,
    deadline: Instant,
    repeatable: fn(&SmartHrError) -> bool,
    attempt: impl Fn() -> A,
) -> Result<T, SmartHrError>
where
    A: Future<Output = Result<T, SmartHrError>>,
{
    let (mut failures, mut broken) = (0, 0);
    let mut earlier = None;
    loop {
        let error = match attempt().await {
            Err(error) if repeatable(&error) => error,
            outcome => return outcome,
        };
        broken += u32::from(error == SmartHrError::BrokenAnswer);
        if broken > BROKEN_ANSWERS {
            return Err(error);
        }
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() && error.is_lack_of_time() {
            return Err(earlier.unwrap_or(error));
        }
        let backoff = client.tuning().backoff.wait(failures, client.random());
        let wait = error
            .retry_after()
            .map_or(backoff, |asked| backoff.max(asked));
        if left <= wait {
            return Err(error);
        }
        let wait_seconds = wait.as_secs_f64();
        tracing::warn!(%error, failures, wait_seconds, "repeating a request to SmartHR");
        earlier = Some(error);
        sleep(wait).await;
        client.counters().retry();
        failures += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BACKOFF: BackoffBounds = BackoffBounds {
        base: Duration::from_millis(500),
        cap: Duration::from_secs(30),
    };

    #[test]
    fn the_bound_of_the_wait_doubles_up_to_the_cap() {
        let bounds: Vec<_> = [0, 1, 2, 10, u32::MAX]
            .map(|failures| BACKOFF.wait(failures, 1.0).as_millis())
            .into();
        assert_eq!(bounds, [500, 1000, 2000, 30_000, 30_000]);
    }

    #[test]
    fn randomness_spreads_the_wait_over_the_whole_range() {
        assert_eq!(BACKOFF.wait(1, 0.0), Duration::ZERO);
        assert_eq!(BACKOFF.wait(1, 0.25), Duration::from_millis(250));
    }
}
