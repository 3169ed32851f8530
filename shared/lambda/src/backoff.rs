//! Waits before AWS is asked again: exponential backoff with full jitter, so that functions which were refused together
//! do not come again together, for a limited time.

use std::time::Duration;

use tokio::time::Instant;

/// The waits of one attempt after another.
#[derive(Clone, Copy, Debug)]
pub struct Backoff {
    /// The upper bound of the next wait.
    bound: Duration,
    /// The upper bound of any wait.
    longest: Duration,
    /// The time at which patience ends.
    until: Instant,
}

impl Backoff {
    /// Creates waits that end within `patience` from now. The first one is at most `first`, each further one at most
    /// twice as long as that, and none longer than `longest`.
    pub fn begin(first: Duration, longest: Duration, patience: Duration) -> Self {
        Self {
            bound: first.min(longest),
            longest,
            until: Instant::now() + patience,
        }
    }

    /// Returns the next wait, for a random number from 0 (included) to 1 (excluded); `None` if it would not end in
    /// time.
    pub fn next_wait(&mut self, random: f64) -> Option<Duration> {
        let wait = self.bound.mul_f64(random);
        self.bound = self.longest.min(self.bound * 2);
        (Instant::now() + wait < self.until).then_some(wait)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bound_of_the_waits_doubles_up_to_the_longest() {
        let [first, longest, patience] = [100, 350, 60_000].map(Duration::from_millis);
        let mut backoff = Backoff::begin(first, longest, patience);
        let halves = [(); 4].map(|()| backoff.next_wait(0.5).unwrap().as_millis());
        assert_eq!(halves, [50, 100, 175, 175]);
        assert_eq!(backoff.next_wait(0.0), Some(Duration::ZERO));
    }

    #[test]
    fn no_wait_ends_after_the_patience() {
        let second = Duration::from_secs(1);
        let mut backoff = Backoff::begin(second * 4, second * 4, second);
        assert_eq!(backoff.next_wait(0.5), None);
        assert!(backoff.next_wait(0.1).is_some());
        let mut impatient = Backoff::begin(second, second, Duration::ZERO);
        assert_eq!(impatient.next_wait(0.0), None);
    }
}
