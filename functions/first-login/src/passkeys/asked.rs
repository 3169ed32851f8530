//! What a browser was asked, and its answer.

use axum::Json;
use axum::http::StatusCode;
use credentials::passkey::{PasskeyError, StartedCeremony};
use serde::Deserialize;
use serde_json::Value;
use web::{Problem, SignedIn};

use crate::app::App;

/// The fields of the forms that the script submits. Asking for options sends `csrf` only.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct AnswerForm {
    pub(crate) csrf: String,
    /// The browser's answer, as `PublicKeyCredential.toJSON()` writes it.
    pub(crate) answer: String,
    /// The page to return to after the sign-in.
    pub(crate) return_to: String,
}

/// Keeps the challenge for the session, and returns the options for its browser.
pub(super) async fn ask(
    app: &App,
    signed_in: &SignedIn,
    started: Result<StartedCeremony, PasskeyError>,
) -> Result<Json<Value>, Problem> {
    let started = started.map_err(|error| refused(signed_in, error))?;
    app.store
        .put_passkey_challenge(
            &signed_in.token_hash,
            &started.challenge,
            started.expires_at,
        )
        .await?;
    Ok(Json(started.options))
}

/// Uses the session's challenge up, and returns it with the answer. So whatever the answer is, there is no
/// second one.
pub(super) async fn answered(
    app: &App,
    signed_in: &SignedIn,
    answer: &str,
) -> Result<(String, Value), Problem> {
    let challenge = app
        .store
        .take_passkey_challenge(&signed_in.token_hash)
        .await?
        .ok_or_else(|| refused(signed_in, PasskeyError::OtherChallenge))?;
    let answer =
        serde_json::from_str(answer).map_err(|_| refused(signed_in, PasskeyError::Invalid))?;
    Ok((challenge, answer))
}

/// Logs why an answer is refused, and returns the 422 that is shown. A passkey that cannot be read is our own failure.
pub(super) fn refused(signed_in: &SignedIn, error: PasskeyError) -> Problem {
    let (workspace_id, user_id) = (&signed_in.workspace_id, &signed_in.user.user_id);
    if error == PasskeyError::Corrupt {
        tracing::error!(%workspace_id, %user_id, %error, "a passkey cannot be read");
        return Problem::internal();
    }
    tracing::warn!(%workspace_id, %user_id, reason = ?error, "a passkey was refused");
    let detail = match error {
        PasskeyError::AlreadyRegistered => "このパスキーは登録済みです。",
        PasskeyError::Expired => {
            "時間が経過したため、パスキーを確認できませんでした。もう一度お試しください。"
        }
        PasskeyError::UserNotVerified => {
            "画面ロック(PIN・指紋・顔など)で本人確認ができる端末のパスキーをご利用ください。"
        }
        _ => "パスキーを確認できませんでした。もう一度お試しください。",
    };
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "passkey_refused", detail)
}
