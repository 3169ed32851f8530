//! Comparison of the current password that somebody types who is signed in.

use axum::http::StatusCode;
use credentials::PasswordHash;
use jiff::Timestamp;
use secrecy::SecretString;
use web::Problem;

use crate::account::Account;
use crate::app::App;
use crate::password::hashing_failed;
use crate::sign_in_throttle::{SignInThrottle, name_of_user};

/// Checks the current password: an unattended browser or a stolen cookie is not to be enough. Guesses are counted for
/// all sessions of the user together, and apart from those of strangers, who could otherwise keep the person from it.
/// The 10th wrong one ends all sessions.
///
/// # Errors
/// The 403 `current_password_wrong`, the 429 of the throttle, the 503 when a table does not answer.
pub(crate) async fn check_current_password(
    app: &App,
    account: &Account,
    typed: Option<SecretString>,
    now: Timestamp,
) -> Result<(), Problem> {
    let (workspace_id, user_id) = (&account.workspace_id, &account.user.user_id);
    let name = name_of_user(workspace_id, user_id);
    let throttle = SignInThrottle::of_session_proof(&name, "password");
    let locked = throttle.count_guess(&app.store, now).await?;
    let right = match (&account.hashes.password_hash, typed) {
        (Some(hash), Some(typed)) => PasswordHash::from(hash.clone())
            .verify(typed)
            .await
            .map_err(|error| hashing_failed(&error))?,
        _ => false,
    };
    if right {
        return throttle.reset(&app.store).await;
    }
    if locked {
        app.store.end_sessions(workspace_id, user_id).await?;
    }
    Err(Problem::new(
        StatusCode::FORBIDDEN,
        "current_password_wrong",
        "現在のパスワードが正しくありません。",
    ))
}
