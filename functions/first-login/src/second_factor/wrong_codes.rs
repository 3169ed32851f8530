//! How many wrong codes of an authenticator app are tolerated: ten in a quarter of an hour, from everywhere, and
//! a hundred in a row (NIST SP 800-63B). Somebody who types them knows the password, so after the hundredth no code is
//! accepted until the password is another one. A recovery code cannot be guessed, and always works.

use axum::http::StatusCode;
use credentials::TokenHash;
use domain::time::later;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use storage::{Store, StoreError};
use web::Problem;

use crate::account::Account;
use crate::sign_in_throttle::{SignInThrottle, name_of_user};

/// The wrong codes in a row after which none is accepted.
const MOST_IN_A_ROW: u32 = 100;
/// How long a series of wrong codes is remembered after the last one.
const REMEMBERED: SignedDuration = SignedDuration::from_hours(180 * 24);

/// A series of wrong codes, as stored.
#[derive(Default, Serialize, Deserialize)]
struct Series {
    /// The session epoch in which they were typed: a new password begins a new one.
    epoch: u64,
    wrong: u32,
}

/// The wrong codes of one account.
pub(super) struct WrongCodes {
    pace: SignInThrottle,
    series: String,
    epoch: u64,
}

impl WrongCodes {
    pub(super) fn of(account: &Account) -> Self {
        let name = name_of_user(&account.workspace_id, &account.user.user_id);
        let hash = TokenHash::of(&name.as_str().into());
        Self {
            pace: SignInThrottle::of_session_proof(&name, "second-factor"),
            series: format!("wrong-codes#{}", hash.as_str()),
            epoch: account.hashes.session_epoch,
        }
    }

    /// Counts a code as wrong before it is compared, or refuses it. Returns whether no further one is accepted
    /// for a quarter of an hour.
    ///
    /// # Errors
    /// The 429 of the pace, the 403 `second_factor_locked` after too many in a row, the 503 when the table does
    /// not answer.
    pub(super) async fn count(&self, store: &Store, now: Timestamp) -> Result<bool, Problem> {
        let mut series = store.versioned::<Series>(&self.series).await?;
        if series.value.epoch != self.epoch {
            series.value = Series {
                epoch: self.epoch,
                wrong: 0,
            };
        }
        if series.value.wrong >= MOST_IN_A_ROW {
            return Err(locked());
        }
        let locks = self.pace.count_guess(store, now).await?;
        series.value.wrong += 1;
        let until = later(now, REMEMBERED);
        match store.put_versioned(&self.series, &series, until).await {
            // Another code was counted at the same moment; a code that is not counted is not compared.
            Err(StoreError::Conflict(_)) => Err(Problem::too_many_requests(
                1,
                "もう一度お試しください。".to_owned(),
            )),
            counted => {
                counted?;
                Ok(locks)
            }
        }
    }

    /// Forgets the wrong codes after a right one.
    ///
    /// # Errors
    /// The 503 when the table does not answer.
    pub(super) async fn forget(&self, store: &Store) -> Result<(), Problem> {
        self.pace.reset(store).await?;
        Ok(store.delete_versioned(&self.series).await?)
    }
}

fn locked() -> Problem {
    Problem::new(
        StatusCode::FORBIDDEN,
        "second_factor_locked",
        "誤ったコードが続けて入力されたため、認証アプリのコードは、パスワードを再設定するまで使用できません。「パスワードをお忘れの方」から再設定するか、リカバリーコードを入力してください。",
    )
}
