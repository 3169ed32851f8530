//! The throttle of a client network, which tries many accounts, or which a whole company shares.
//!
//! One person who mistypes again and again is one account that failed. A person who gets in at last does not count as
//! failed. An office of thousands has few accounts that fail and many that sign in; somebody who sprays passwords has
//! it the other way round.

use std::collections::BTreeMap;

use domain::time::later;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// The time for which a failure or a sign-in counts, and the duration of a lock.
const WINDOW: SignedDuration = SignedDuration::from_mins(15);

/// From this many accounts that failed on, every guess is refused.
const LOCKED_AT_ACCOUNTS: usize = 50;

/// From this many wrong guesses on, at however few accounts, every guess is refused.
const LOCKED_AT_GUESSES: usize = 150;

/// At most this many more of both are tolerated, one for each account that signed in.
const MOST_MORE: usize = 150;

/// The guesses from one network that still count, as they are stored.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NetworkGuesses {
    /// The times of the wrong guesses, oldest first, by the hash of what was typed.
    wrong_at: BTreeMap<String, Vec<Timestamp>>,
    /// The last sign-ins of different accounts, by the hash of the account.
    signed_in_at: BTreeMap<String, Timestamp>,
    /// The end of the lock; `None` while there is no lock.
    locked_until: Option<Timestamp>,
}

impl NetworkGuesses {
    /// Returns the end of the lock during which every guess is refused; `None` if a password may be compared at `now`.
    pub fn locked_until(&self, now: Timestamp) -> Option<Timestamp> {
        self.locked_until.filter(|until| now < *until)
    }

    /// Returns the record with a wrong guess at the account of this hash. Store it on the condition that the record is
    /// still the one that was read: otherwise many guesses at once would count as one.
    #[must_use]
    pub fn with_guess(&self, typed: &str, now: Timestamp) -> Self {
        let mut next = self.counting(now);
        next.wrong_at.entry(typed.to_owned()).or_default().push(now);
        if next.is_too_much() {
            next.locked_until = Some(later(now, WINDOW));
        }
        next
    }

    /// Returns the record after the last guess at what was typed turned out right and `account` signed in: one more
    /// guess is tolerated for it, whatever its number of sign-ins. The wrong guesses before it are forgiven if
    /// `forgives`.
    #[must_use]
    pub fn after_sign_in(
        &self,
        (typed, account): (&str, &str),
        forgives: bool,
        now: Timestamp,
    ) -> Self {
        let mut next = self.counting(now);
        if let Some(wrong_at) = next.wrong_at.get_mut(typed) {
            wrong_at.pop();
            if forgives || wrong_at.is_empty() {
                next.wrong_at.remove(typed);
            }
        }
        if next.signed_in_at.contains_key(account) || next.signed_in_at.len() < MOST_MORE {
            next.signed_in_at.insert(account.to_owned(), now);
        }
        if !next.is_too_much() {
            next.locked_until = None;
        }
        next
    }

    /// Returns the moment from which the record has no effect and may be deleted; `None` when it is empty.
    pub fn counts_until(&self) -> Option<Timestamp> {
        let wrong_at = self.wrong_at.values().flatten();
        let times = wrong_at.chain(self.signed_in_at.values());
        let last_counts_until = times.max().map(|last| later(*last, WINDOW));
        last_counts_until.max(self.locked_until)
    }

    /// Returns the record with what still counts at `now`.
    fn counting(&self, now: Timestamp) -> Self {
        let mut counting = self.clone();
        let counts = |at: &Timestamp| now < later(*at, WINDOW);
        counting.wrong_at.retain(|_, wrong_at| {
            wrong_at.retain(counts);
            !wrong_at.is_empty()
        });
        counting.signed_in_at.retain(|_, at| counts(at));
        counting.locked_until = self.locked_until(now);
        counting
    }

    fn is_too_much(&self) -> bool {
        let more = self.signed_in_at.len();
        let guesses: usize = self.wrong_at.values().map(Vec::len).sum();
        self.wrong_at.len() >= LOCKED_AT_ACCOUNTS + more || guesses >= LOCKED_AT_GUESSES + more
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn second(seconds: usize) -> Timestamp {
        Timestamp::UNIX_EPOCH + SignedDuration::from_secs(i64::try_from(seconds).unwrap())
    }

    /// Returns how many accounts somebody can guess at, once each, before the network is locked.
    fn sprayed(mut network: NetworkGuesses, now: Timestamp) -> usize {
        let mut accounts = 0;
        while network.locked_until(now).is_none() {
            network = network.with_guess(&format!("victim {accounts}"), now);
            accounts += 1;
        }
        accounts
    }

    #[test]
    fn the_fiftieth_account_that_fails_locks_for_a_quarter_of_an_hour() {
        let network = (0..49).fold(NetworkGuesses::default(), |network, account: usize| {
            network.with_guess(&account.to_string(), second(account))
        });
        assert_eq!(network.locked_until(second(49)), None);
        let locked = network.with_guess("one more", second(60));
        let until = second(16 * 60);
        assert_eq!(locked.locked_until(second(16 * 60 - 1)), Some(until));
        assert_eq!(locked.locked_until(until), None);
        assert_eq!(locked.counts_until(), Some(until));
    }

    #[test]
    fn failures_older_than_a_quarter_of_an_hour_are_forgotten() {
        let network = (0..49).fold(NetworkGuesses::default(), |network, account: usize| {
            network.with_guess(&account.to_string(), second(0))
        });
        assert_eq!(sprayed(network.clone(), second(15 * 60)), 50);
        assert_eq!(sprayed(network, second(15 * 60 - 1)), 1);
    }

    #[test]
    fn an_office_of_three_thousand_signs_in_at_nine_although_every_third_mistypes_twice() {
        let mut office = NetworkGuesses::default();
        for person in 0..3_000 {
            // Five a second, so that all have come in within ten minutes.
            let now = second(person / 5);
            let account = person.to_string();
            // One in fifty does not get in at all.
            let (mistakes, gets_in) = match person {
                _ if person % 50 == 0 => (3, false),
                _ if person % 3 == 0 => (2, true),
                _ => (0, true),
            };
            for _ in 0..mistakes + usize::from(gets_in) {
                assert_eq!(office.locked_until(now), None, "{person}");
                office = office.with_guess(&account, now);
            }
            if gets_in {
                office = office.after_sign_in((&account, &account), true, now);
            }
        }
    }

    #[test]
    fn a_source_that_tries_one_password_at_many_accounts_is_stopped_even_if_some_let_it_in() {
        for (own_accounts, guesses) in [(0, 50), (1, 51), (20, 70), (1_000, 200)] {
            let mut network = NetworkGuesses::default();
            // They sign in to their own accounts again and again.
            for time in 0..3 * own_accounts {
                let own = format!("own {}", time % own_accounts);
                network = network.with_guess(&own, second(0));
                network = network.after_sign_in((&own, &own), true, second(0));
            }
            let sprayed = sprayed(network, second(60));
            assert_eq!(sprayed, guesses, "with {own_accounts} accounts");
        }
    }

    #[test]
    fn many_guesses_at_few_accounts_lock_as_well() {
        let mut network = NetworkGuesses::default();
        for guess in 0..149 {
            network = network.with_guess(&(guess % 20).to_string(), second(guess));
        }
        assert_eq!(network.locked_until(second(149)), None);
        let locked = network.with_guess("0", second(149));
        assert!(locked.locked_until(second(149)).is_some());
    }

    #[test]
    fn programs_that_try_an_old_password_all_day_lock_nobody() {
        let mut network = NetworkGuesses::default();
        for minute in 0..24 * 60 {
            let now = second(60 * minute);
            assert_eq!(network.locked_until(now), None, "{minute}");
            if minute % 2 == 0 {
                for program in 0..10 {
                    network = network.with_guess(&program.to_string(), now);
                }
            }
        }
    }

    #[test]
    fn a_sign_in_that_forgives_nothing_takes_back_its_own_guess_only() {
        let mut network = NetworkGuesses::default();
        for _ in 0..3 {
            network = network.with_guess("typed", second(0));
        }
        let after = network.after_sign_in(("typed", "account"), false, second(0));
        assert_eq!(after.wrong_at.get("typed").unwrap().len(), 2);
        let forgiven = network.after_sign_in(("typed", "account"), true, second(0));
        assert!(forgiven.wrong_at.is_empty());
    }

    #[test]
    fn a_lock_by_the_guess_that_was_right_is_taken_back() {
        let network = (0..50).fold(NetworkGuesses::default(), |network, account: usize| {
            network.with_guess(&account.to_string(), second(0))
        });
        assert!(network.locked_until(second(1)).is_some());
        let after = network.after_sign_in(("49", "49"), true, second(1));
        assert_eq!(after.locked_until(second(1)), None);
    }
}
