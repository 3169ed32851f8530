//! The sign-in throttle: wrong guesses at a password first delay the next guess, then refuse all of them
//! for a while.
//!
//! One [`WrongGuesses`] is kept per account and client network, so that a stranger who guesses locks out
//! nobody but themselves; and one per account, with a limit that many networks together reach. A source that
//! tries many accounts is counted as [`NetworkGuesses`](crate::NetworkGuesses). What was typed is counted
//! whether or not there is such an account, so that the throttle does not reveal which accounts exist; an
//! account is counted besides, however it was named.

use domain::time::later;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// The time for which a wrong guess counts.
const WINDOW: SignedDuration = SignedDuration::from_mins(15);
/// The duration of a lock.
const LOCK: SignedDuration = SignedDuration::from_mins(15);

/// The number of wrong guesses within 15 minutes that are tolerated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GuessLimit {
    /// From this many wrong guesses on, each further guess has to wait: 2, 4, 8, 16, 32 … seconds.
    slow_from: usize,
    /// From this many wrong guesses on, every guess is refused for 15 minutes.
    lock_at: usize,
}

impl GuessLimit {
    /// The limit of one account from one client network: slower after 5 wrong guesses, locked after 10.
    pub const ACCOUNT_FROM_NETWORK: Self = Self {
        slow_from: 5,
        lock_at: 10,
    };
    /// The limit of one account from all client networks: locked after 100, which takes ten networks.
    pub const ACCOUNT: Self = Self {
        slow_from: 100,
        lock_at: 100,
    };
    /// The limit of the password resets that one client network asks for: refused after 50.
    pub const RESETS: Self = Self {
        slow_from: 50,
        lock_at: 50,
    };
}

/// Whether a password may be compared now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GuessVerdict {
    /// The password may be compared.
    Allowed,
    /// The guess came too soon after the last wrong one and is refused until this time.
    Wait(Timestamp),
    /// There were too many wrong guesses; every guess is refused until this time.
    Locked(Timestamp),
}

/// The wrong guesses that still count, as they are stored.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WrongGuesses {
    /// The times of the wrong guesses, oldest first; at most `lock_at` of them.
    wrong_at: Vec<Timestamp>,
    /// The end of the lock; `None` while there is no lock.
    locked_until: Option<Timestamp>,
}

impl WrongGuesses {
    /// Returns whether a password may be compared now. A refused guess does not count, because
    /// nothing was compared.
    pub fn verdict(&self, limit: GuessLimit, now: Timestamp) -> GuessVerdict {
        if let Some(until) = self.locked_until.filter(|until| now < *until) {
            return GuessVerdict::Locked(until);
        }
        let counting = self.counting(now).count();
        let Some(last) = self.wrong_at.last() else {
            return GuessVerdict::Allowed;
        };
        if counting < limit.slow_from {
            return GuessVerdict::Allowed;
        }
        let until = later(*last, delay(counting - limit.slow_from));
        if now < until {
            GuessVerdict::Wait(until)
        } else {
            GuessVerdict::Allowed
        }
    }

    /// Returns the record with a wrong guess at `now` added. Store it on the condition that the record
    /// is still the one that was read: otherwise many guesses at once would count as one.
    #[must_use]
    pub fn with_guess(&self, limit: GuessLimit, now: Timestamp) -> Self {
        let mut wrong_at: Vec<Timestamp> = self.counting(now).collect();
        wrong_at.push(now);
        let locks = wrong_at.len() >= limit.lock_at;
        Self {
            wrong_at,
            locked_until: locks.then(|| later(now, LOCK)),
        }
    }

    /// Returns the record without the guess that was counted at `counted_at` and turned out right.
    /// All other guesses still count.
    #[must_use]
    pub fn without_guess(&self, limit: GuessLimit, counted_at: Timestamp) -> Self {
        let mut wrong_at = self.wrong_at.clone();
        if let Some(position) = wrong_at.iter().rposition(|wrong| *wrong == counted_at) {
            wrong_at.remove(position);
        }
        let still_locks = wrong_at.len() >= limit.lock_at;
        Self {
            wrong_at,
            locked_until: self.locked_until.filter(|_| still_locks),
        }
    }

    /// Returns whether every guess is refused at `now` because there were too many wrong ones.
    pub fn is_locked(&self, now: Timestamp) -> bool {
        self.locked_until.is_some_and(|until| now < until)
    }

    /// Returns the moment from which the record has no effect and may be deleted; `None` when it is
    /// empty.
    pub fn counts_until(&self) -> Option<Timestamp> {
        let last_counts_until = self.wrong_at.last().map(|last| later(*last, WINDOW));
        last_counts_until.max(self.locked_until)
    }

    fn counting(&self, now: Timestamp) -> impl Iterator<Item = Timestamp> {
        self.wrong_at
            .iter()
            .copied()
            .filter(move |wrong| now < later(*wrong, WINDOW))
    }
}

/// Returns 2 seconds, doubled for every guess beyond the first slow one.
fn delay(beyond: usize) -> SignedDuration {
    let doublings = u32::try_from(beyond).unwrap_or(u32::MAX).min(8);
    SignedDuration::from_secs(2_i64.pow(doublings + 1))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const ACCOUNT: GuessLimit = GuessLimit::ACCOUNT_FROM_NETWORK;

    fn minute(minutes: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + SignedDuration::from_mins(minutes)
    }

    fn wrong(limit: GuessLimit, guesses: usize) -> WrongGuesses {
        (0..guesses).fold(WrongGuesses::default(), |wrong, _| {
            wrong.with_guess(limit, minute(0))
        })
    }

    #[test]
    fn from_the_fifth_on_each_wrong_guess_waits_twice_as_long() {
        let four = wrong(ACCOUNT, 4);
        assert_eq!(four.verdict(ACCOUNT, minute(0)), GuessVerdict::Allowed);
        for (guesses, seconds) in [(5, 2), (6, 4), (7, 8), (8, 16), (9, 32)] {
            let wrong = wrong(ACCOUNT, guesses);
            let until = minute(0) + SignedDuration::from_secs(seconds);
            assert_eq!(wrong.verdict(ACCOUNT, minute(0)), GuessVerdict::Wait(until));
            assert_eq!(wrong.verdict(ACCOUNT, until), GuessVerdict::Allowed);
        }
    }

    #[test]
    fn the_tenth_wrong_guess_locks_for_a_quarter_of_an_hour() {
        let locked = wrong(ACCOUNT, 10);
        let until = GuessVerdict::Locked(minute(15));
        assert_eq!(locked.verdict(ACCOUNT, minute(14)), until);
        assert_eq!(locked.verdict(ACCOUNT, minute(15)), GuessVerdict::Allowed);
    }

    #[test]
    fn guesses_spread_over_the_window_lock_for_the_full_time_as_well() {
        let spread = (0..10).fold(WrongGuesses::default(), |wrong, guess| {
            wrong.with_guess(ACCOUNT, minute(guess))
        });
        let until = GuessVerdict::Locked(minute(24));
        assert_eq!(spread.verdict(ACCOUNT, minute(23)), until);
    }

    #[test]
    fn guesses_older_than_a_quarter_of_an_hour_are_forgotten() {
        let nine = wrong(ACCOUNT, 9);
        assert_eq!(nine.verdict(ACCOUNT, minute(15)), GuessVerdict::Allowed);
        let one_more = nine.with_guess(ACCOUNT, minute(15));
        assert_eq!(one_more.verdict(ACCOUNT, minute(15)), GuessVerdict::Allowed);
        assert_eq!(one_more.counts_until(), Some(minute(30)));
    }

    #[test]
    fn a_guess_that_was_right_is_given_back_and_no_other() {
        let wrong = wrong(ACCOUNT, 9);
        let locked = wrong.with_guess(ACCOUNT, minute(1));
        assert!(locked.is_locked(minute(1)));
        assert_eq!(locked.without_guess(ACCOUNT, minute(1)), wrong);
        assert!(wrong.with_guess(ACCOUNT, minute(2)).is_locked(minute(2)));
    }

    #[test]
    fn the_record_is_read_as_it_was_stored() {
        for (locked_until, stored) in [
            (None, json!(null)),
            (Some(minute(15)), json!("1970-01-01T00:15:00Z")),
        ] {
            let wrong = WrongGuesses {
                locked_until,
                ..wrong(ACCOUNT, 1)
            };
            let stored = json!({"wrong_at": ["1970-01-01T00:00:00Z"], "locked_until": stored});
            assert_eq!(serde_json::to_value(&wrong).unwrap(), stored);
            let read: WrongGuesses = serde_json::from_value(stored).unwrap();
            assert_eq!(read, wrong);
        }
    }
}
