//! The brake on guessing passwords: sign-in slows down, then locks for a while.
//!
//! One [`Attempts`] is kept per account tried (by what was typed, whether or not there is such an
//! account, so that the brake tells nothing) and one per source address.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::session::later;

/// A wrong guess counts for this long.
const WINDOW: SignedDuration = SignedDuration::from_mins(15);
/// How long a lock lasts.
const LOCK: SignedDuration = SignedDuration::from_mins(15);

/// How many wrong guesses within 15 minutes are borne.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Brake {
    /// From this many on, each further guess has to wait: 2, 4, 8, 16, 32 … seconds.
    slow_from: usize,
    /// From this many on, nothing is tried for 15 minutes.
    lock_at: usize,
}

impl Brake {
    /// For one account: slower after 5 wrong guesses, locked after 10.
    pub const ACCOUNT: Self = Self {
        slow_from: 5,
        lock_at: 10,
    };
    /// For one source address, behind which a whole office may sit: locked after 50.
    pub const SOURCE: Self = Self {
        slow_from: 50,
        lock_at: 50,
    };
}

/// Whether a password may be tried now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Go on and check it.
    Allowed,
    /// Too soon after the last wrong one. Not before this moment.
    Wait(Timestamp),
    /// Locked until this moment.
    Locked(Timestamp),
}

/// The wrong guesses that still count. Starts out empty, and is stored as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempts {
    /// When the wrong guesses were made, oldest first; never more than the brake's `lock_at`.
    wrong_at: Vec<Timestamp>,
    /// The end of the lock, once there were too many.
    locked_until: Option<Timestamp>,
}

impl Attempts {
    /// Whether a password may be tried now. A refused try is not counted: it was no guess, as
    /// nothing was compared.
    pub fn verdict(&self, brake: Brake, now: Timestamp) -> Verdict {
        if let Some(until) = self.locked_until.filter(|until| now < *until) {
            return Verdict::Locked(until);
        }
        let counting = self.counting(now).count();
        let Some(last) = self.wrong_at.last() else {
            return Verdict::Allowed;
        };
        if counting < brake.slow_from {
            return Verdict::Allowed;
        }
        let until = later(*last, delay(counting - brake.slow_from));
        if now < until {
            Verdict::Wait(until)
        } else {
            Verdict::Allowed
        }
    }

    /// After a wrong guess at `now`. Many sign-ins at once must not count as one: store it under
    /// the condition that the record is still the one that was read.
    #[must_use]
    pub fn after_wrong_guess(&self, brake: Brake, now: Timestamp) -> Self {
        let mut wrong_at: Vec<Timestamp> = self.counting(now).collect();
        wrong_at.push(now);
        let locks = wrong_at.len() >= brake.lock_at;
        Self {
            wrong_at,
            locked_until: locks.then(|| later(now, LOCK)),
        }
    }

    /// After a guess that was noted as wrong at `noted` turned out right. What was wrong besides
    /// still counts.
    #[must_use]
    pub fn without_guess(&self, brake: Brake, noted: Timestamp) -> Self {
        let mut wrong_at = self.wrong_at.clone();
        if let Some(position) = wrong_at.iter().rposition(|wrong| *wrong == noted) {
            wrong_at.remove(position);
        }
        let still_locks = wrong_at.len() >= brake.lock_at;
        Self {
            wrong_at,
            locked_until: self.locked_until.filter(|_| still_locks),
        }
    }

    /// Whether nothing is tried any more at `now`, however long one waits between two guesses.
    pub fn is_locked(&self, now: Timestamp) -> bool {
        self.locked_until.is_some_and(|until| now < until)
    }

    /// The moment from which this record says nothing any more and may be deleted; `None` when
    /// it is empty.
    pub fn forgotten_at(&self) -> Option<Timestamp> {
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

/// 2 seconds, doubled with every guess beyond the first slow one.
fn delay(beyond: usize) -> SignedDuration {
    let doublings = u32::try_from(beyond).unwrap_or(u32::MAX).min(8);
    SignedDuration::from_secs(2_i64.pow(doublings + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn minute(minutes: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + SignedDuration::from_mins(minutes)
    }

    fn after_wrong_guesses(brake: Brake, guesses: usize, now: Timestamp) -> Attempts {
        (0..guesses).fold(Attempts::default(), |attempts, _| {
            attempts.after_wrong_guess(brake, now)
        })
    }

    #[test]
    fn four_wrong_guesses_cost_nothing() {
        let attempts = after_wrong_guesses(Brake::ACCOUNT, 4, minute(0));
        assert_eq!(
            attempts.verdict(Brake::ACCOUNT, minute(0)),
            Verdict::Allowed
        );
    }

    #[test]
    fn from_the_fifth_on_each_guess_waits_twice_as_long() {
        for (guesses, seconds) in [(5, 2), (6, 4), (7, 8), (8, 16), (9, 32)] {
            let attempts = after_wrong_guesses(Brake::ACCOUNT, guesses, minute(0));
            let until = minute(0) + SignedDuration::from_secs(seconds);
            assert_eq!(
                attempts.verdict(Brake::ACCOUNT, minute(0)),
                Verdict::Wait(until)
            );
            assert_eq!(attempts.verdict(Brake::ACCOUNT, until), Verdict::Allowed);
        }
    }

    #[test]
    fn the_tenth_wrong_guess_locks_for_a_quarter_of_an_hour() {
        let attempts = after_wrong_guesses(Brake::ACCOUNT, 10, minute(0));
        assert_eq!(
            attempts.verdict(Brake::ACCOUNT, minute(14)),
            Verdict::Locked(minute(15))
        );
        assert_eq!(
            attempts.verdict(Brake::ACCOUNT, minute(15)),
            Verdict::Allowed
        );
    }

    #[test]
    fn guesses_spread_over_the_window_lock_for_the_full_time_as_well() {
        let attempts = (0..10).fold(Attempts::default(), |attempts, guess| {
            attempts.after_wrong_guess(Brake::ACCOUNT, minute(guess))
        });
        assert_eq!(
            attempts.verdict(Brake::ACCOUNT, minute(23)),
            Verdict::Locked(minute(24))
        );
    }

    #[test]
    fn guesses_older_than_a_quarter_of_an_hour_are_forgotten() {
        let attempts = after_wrong_guesses(Brake::ACCOUNT, 9, minute(0));
        assert_eq!(
            attempts.verdict(Brake::ACCOUNT, minute(15)),
            Verdict::Allowed
        );
        let one_more = attempts.after_wrong_guess(Brake::ACCOUNT, minute(15));
        assert_eq!(
            one_more.verdict(Brake::ACCOUNT, minute(15)),
            Verdict::Allowed
        );
        assert_eq!(one_more.forgotten_at(), Some(minute(30)));
    }

    #[test]
    fn an_office_behind_one_address_may_err_49_times_and_not_50() {
        let attempts = after_wrong_guesses(Brake::SOURCE, 49, minute(0));
        assert_eq!(attempts.verdict(Brake::SOURCE, minute(0)), Verdict::Allowed);
        let attempts = attempts.after_wrong_guess(Brake::SOURCE, minute(1));
        assert_eq!(
            attempts.verdict(Brake::SOURCE, minute(1)),
            Verdict::Locked(minute(16))
        );
        assert_eq!(attempts.forgotten_at(), Some(minute(16)));
    }

    #[test]
    fn a_source_gets_back_the_guess_that_was_right_and_no_other() {
        let brake = Brake::SOURCE;
        let locked = after_wrong_guesses(brake, 49, minute(0)).after_wrong_guess(brake, minute(1));
        assert!(locked.is_locked(minute(1)));
        let attempts = locked.without_guess(brake, minute(1));
        assert_eq!(attempts, after_wrong_guesses(brake, 49, minute(0)));
        let attempts = attempts.after_wrong_guess(brake, minute(2));
        assert!(attempts.is_locked(minute(2)));
    }

    #[test]
    fn the_record_survives_storing() {
        let attempts = after_wrong_guesses(Brake::ACCOUNT, 6, minute(0));
        let stored = serde_json::to_string(&attempts).expect("serialise");
        assert_eq!(
            serde_json::from_str::<Attempts>(&stored).expect("deserialise"),
            attempts
        );
    }
}
