//! The brake on guessing, as it is stored.

use credentials::TokenHash;
use credentials::throttle::{Attempts, Brake, Verdict};
use jiff::Timestamp;
use storage::Store;
use storage::StoreError;
use web::Problem;

/// How often a guess is noted anew when others are noted at the same moment, from a large office
/// at nine in the morning. One that cannot be noted is not compared.
const TRIES: u32 = 16;

/// What is guessed at.
#[derive(Clone, Debug)]
pub(crate) struct Guarded {
    of: String,
    brake: Brake,
}

impl Guarded {
    /// An account, by what was typed, whether or not there is such an account. Only a hash is
    /// kept: people type passwords into the wrong field.
    pub(crate) fn account(typed: &str) -> Self {
        Self {
            of: format!("account#{}", TokenHash::of(&typed.into()).as_str()),
            brake: Brake::ACCOUNT,
        }
    }

    /// Where the guesses come from.
    pub(crate) fn source(network: &str) -> Self {
        Self {
            of: format!("source#{network}"),
            brake: Brake::SOURCE,
        }
    }

    /// Refuses while the brake is on, at the cost of one read; notes nothing.
    ///
    /// # Errors
    /// The 429, or the 503 when the table does not answer.
    pub(crate) async fn check(&self, store: &Store, now: Timestamp) -> Result<(), Problem> {
        let seen = store.guesses::<Attempts>(&self.of).await?;
        allowed(&seen.value, self.brake, now)
    }

    /// Notes a guess as a wrong one, and refuses it while the brake is on. Where that is done
    /// before the password is compared, a thousand guesses at once get no further than ten in a
    /// row; [`Guarded::forgive`] or [`Guarded::take_back`] follows on the right one.
    ///
    /// Tells whether this guess locked what is guarded.
    ///
    /// # Errors
    /// As [`Guarded::check`].
    pub(crate) async fn note_guess(&self, store: &Store, now: Timestamp) -> Result<bool, Problem> {
        self.change(store, now, |seen| {
            allowed(seen, self.brake, now)?;
            Ok(seen.after_wrong_guess(self.brake, now))
        })
        .await
        .map(|noted| noted.is_locked(now))
    }

    /// Takes back the guess noted at `noted`, which was right; wrong ones still count.
    ///
    /// # Errors
    /// The 503 when the table does not answer.
    pub(crate) async fn take_back(&self, store: &Store, noted: Timestamp) -> Result<(), Problem> {
        self.change(store, noted, |seen| {
            Ok(seen.without_guess(self.brake, noted))
        })
        .await
        .map(|_| ())
    }

    /// Writes what `change` makes of the record, decided anew when somebody else wrote first.
    async fn change(
        &self,
        store: &Store,
        now: Timestamp,
        change: impl Fn(&Attempts) -> Result<Attempts, Problem>,
    ) -> Result<Attempts, Problem> {
        for _ in 0..TRIES {
            let mut guesses = store.guesses::<Attempts>(&self.of).await?;
            guesses.value = change(&guesses.value)?;
            let until = guesses.value.forgotten_at().unwrap_or(now);
            match store.put_guesses(&self.of, &guesses, until).await {
                Ok(()) => return Ok(guesses.value),
                Err(StoreError::Conflict(_)) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(not_before(1))
    }

    /// Forgets the wrong guesses, after the right one.
    ///
    /// # Errors
    /// The 503 when the table does not answer.
    pub(crate) async fn forgive(&self, store: &Store) -> Result<(), Problem> {
        Ok(store.forget_guesses(&self.of).await?)
    }
}

fn allowed(attempts: &Attempts, brake: Brake, now: Timestamp) -> Result<(), Problem> {
    match attempts.verdict(brake, now) {
        Verdict::Allowed => Ok(()),
        Verdict::Wait(until) | Verdict::Locked(until) => {
            let seconds = until.duration_since(now).as_secs().max(0);
            Err(not_before(seconds.unsigned_abs() + 1))
        }
    }
}

fn not_before(seconds: u64) -> Problem {
    let wait = match seconds {
        0..=90 => format!("{seconds}秒"),
        _ => format!("{}分", seconds.div_ceil(60)),
    };
    Problem::too_many_requests(
        seconds,
        format!(
            "ログインの失敗が続いたため、一時的に制限しています。{wait}ほど待ってから、もう一度お試しください。"
        ),
    )
}
