//! The sign-in throttle of an account with its stored records: delays and then refuses guesses at passwords.

use credentials::{GuessLimit, GuessVerdict, WrongGuesses};
use domain::{UserId, WorkspaceId};
use jiff::Timestamp;
use storage::Store;
use web::Problem;

use crate::guess_records::{change_record, hash_of};
use crate::guess_refusals::{seconds_until, too_many_guesses};

/// Returns the name that a known user's guesses are counted by, where nobody typed an account.
pub(crate) fn name_of_user(workspace_id: &WorkspaceId, user_id: &UserId) -> String {
    format!("{workspace_id} {user_id}")
}

/// The throttle of one account, from everywhere or from one network, or of the password resets from one network.
#[derive(Clone, Debug)]
pub(crate) struct SignInThrottle {
    key: String,
    limit: GuessLimit,
}

impl SignInThrottle {
    /// Returns the throttle of an account as it was typed, whether or not it exists, from everywhere.
    pub(crate) fn of_account(typed: &str) -> Self {
        Self {
            key: format!("guesses#account#{}", hash_of(typed)),
            limit: GuessLimit::ACCOUNT,
        }
    }

    /// Returns the throttle of an account as it was typed, from one client network.
    pub(crate) fn of_account_from(typed: &str, network: &str) -> Self {
        Self {
            key: format!("guesses#account#{}#{network}", hash_of(typed)),
            limit: GuessLimit::ACCOUNT_FROM_NETWORK,
        }
    }

    /// Returns the throttle of what somebody with a session is asked for, such as a second factor, from all networks
    /// together. `name` is that of [`name_of_user`].
    pub(crate) fn of_session_proof(name: &str, proof: &str) -> Self {
        Self::of_account_from(name, proof)
    }

    /// Returns the throttle of an account in a browser that knows it; the hash is of both.
    pub(crate) fn of_browser(hash: &str) -> Self {
        Self {
            key: format!("guesses#browser#{hash}"),
            limit: GuessLimit::ACCOUNT_FROM_NETWORK,
        }
    }

    /// Returns the throttle of the password resets that a client network asks for.
    pub(crate) fn of_resets_from(network: &str) -> Self {
        Self {
            key: format!("guesses#resets#{network}"),
            limit: GuessLimit::RESETS,
        }
    }

    /// Refuses a guess that the throttle does not allow. Reads the record once and counts nothing.
    ///
    /// # Errors
    /// The 429, or the 503 when the table does not answer.
    pub(crate) async fn check(&self, store: &Store, now: Timestamp) -> Result<(), Problem> {
        let guesses = store.versioned::<WrongGuesses>(&self.key).await?;
        self.refuse(&guesses.value, now)
    }

    /// Counts a guess as wrong, or refuses it. Callers count before they compare the password, so that
    /// a thousand guesses at once get no further than ten in a row. After a right guess they call
    /// [`Self::reset`] or [`Self::take_back`].
    ///
    /// Returns whether this guess locked the throttle.
    ///
    /// # Errors
    /// The same errors as [`Self::check`].
    pub(crate) async fn count_guess(&self, store: &Store, now: Timestamp) -> Result<bool, Problem> {
        let guesses = self
            .update(store, now, |guesses| {
                self.refuse(guesses, now)?;
                Ok(guesses.with_guess(self.limit, now))
            })
            .await?;
        Ok(guesses.is_locked(now))
    }

    /// Removes the guess that was counted at `counted_at` and turned out right. Wrong guesses still
    /// count.
    ///
    /// # Errors
    /// The 503 when the table does not answer.
    pub(crate) async fn take_back(
        &self,
        store: &Store,
        counted_at: Timestamp,
    ) -> Result<(), Problem> {
        self.update(store, counted_at, |guesses| {
            Ok(guesses.without_guess(self.limit, counted_at))
        })
        .await
        .map(|_| ())
    }

    /// Deletes the record after a right guess.
    ///
    /// # Errors
    /// The 503 when the table does not answer.
    pub(crate) async fn reset(&self, store: &Store) -> Result<(), Problem> {
        Ok(store.delete_versioned(&self.key).await?)
    }

    /// Writes the result of `change` on the record.
    async fn update(
        &self,
        store: &Store,
        now: Timestamp,
        change: impl Fn(&WrongGuesses) -> Result<WrongGuesses, Problem>,
    ) -> Result<WrongGuesses, Problem> {
        let until = |guesses: &WrongGuesses| guesses.counts_until().unwrap_or(now);
        change_record(store, &self.key, change, until, too_many_guesses).await
    }

    fn refuse(&self, guesses: &WrongGuesses, now: Timestamp) -> Result<(), Problem> {
        match guesses.verdict(self.limit, now) {
            GuessVerdict::Allowed => Ok(()),
            GuessVerdict::Wait(until) | GuessVerdict::Locked(until) => {
                Err(too_many_guesses(seconds_until(until, now)))
            }
        }
    }
}
