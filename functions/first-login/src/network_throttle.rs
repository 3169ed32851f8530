//! The throttle of a client network with its stored record: refuses sign-ins after too many accounts failed from there.

use credentials::NetworkGuesses;
use jiff::Timestamp;
use storage::Store;
use web::Problem;

use crate::guess_records::{change_record, hash_of};
use crate::guess_refusals::{network_locked, seconds_until};

/// The throttle of one client network.
#[derive(Clone, Debug)]
pub(crate) struct NetworkThrottle {
    key: String,
}

impl NetworkThrottle {
    /// Returns the throttle of a network.
    pub(crate) fn of(network: &str) -> Self {
        Self {
            key: format!("guesses#network#{network}"),
        }
    }

    /// Refuses a guess while the network is locked. Reads the record once and counts nothing.
    ///
    /// # Errors
    /// The 429, or the 503 when the table does not answer.
    pub(crate) async fn check(&self, store: &Store, now: Timestamp) -> Result<(), Problem> {
        let guesses = store.versioned::<NetworkGuesses>(&self.key).await?;
        refuse(&guesses.value, now)
    }

    /// Counts a guess at the account that was typed as wrong, or refuses it. Callers count before they compare the
    /// password, and call [`Self::note_sign_in`] after a right one.
    ///
    /// # Errors
    /// The same errors as [`Self::check`].
    pub(crate) async fn count_guess(
        &self,
        store: &Store,
        typed: &str,
        now: Timestamp,
    ) -> Result<(), Problem> {
        let typed = hash_of(typed);
        self.change(store, now, |guesses| {
            refuse(guesses, now)?;
            Ok(guesses.with_guess(&typed, now))
        })
        .await
    }

    /// Takes back the last guess at what was typed, which let `account` in, and the ones before it if `forgives`.
    ///
    /// # Errors
    /// The 503 when the table does not answer.
    pub(crate) async fn note_sign_in(
        &self,
        store: &Store,
        (typed, account): (&str, &str),
        forgives: bool,
        now: Timestamp,
    ) -> Result<(), Problem> {
        let (typed, account) = (hash_of(typed), hash_of(account));
        self.change(store, now, |guesses| {
            Ok(guesses.after_sign_in((&typed, &account), forgives, now))
        })
        .await
    }

    async fn change(
        &self,
        store: &Store,
        now: Timestamp,
        change: impl Fn(&NetworkGuesses) -> Result<NetworkGuesses, Problem>,
    ) -> Result<(), Problem> {
        let until = |guesses: &NetworkGuesses| guesses.counts_until().unwrap_or(now);
        let changed = change_record(store, &self.key, change, until, network_locked);
        changed.await.map(drop)
    }
}

fn refuse(guesses: &NetworkGuesses, now: Timestamp) -> Result<(), Problem> {
    match guesses.locked_until(now) {
        None => Ok(()),
        Some(until) => Err(network_locked(seconds_until(until, now))),
    }
}
