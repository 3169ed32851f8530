//! Whether the browser proves that somebody has a passkey of their account.

use axum::Json;
use credentials::passkey::PasskeyError;
use jiff::Timestamp;
use serde_json::Value;
use storage::StoreError;
use storage::second_factors::SecondFactorChange;
use storage::transaction::Commit;
use web::{Problem, SignedIn};

use super::asked::{answered, ask, refused};
use crate::app::App;
use crate::refusals::{self, Method};
use crate::sign_in_throttle::name_of_user;

/// Returns the options with which the browser asks for a passkey of the user.
///
/// # Errors
/// The 422 `passkey_refused` when the user has none, the 503 when a table does not answer.
pub(crate) async fn ask_for_passkey(
    app: &App,
    signed_in: &SignedIn,
    now: Timestamp,
) -> Result<Json<Value>, Problem> {
    let factors = app
        .store
        .second_factors(&signed_in.workspace_id, &signed_in.user.user_id)
        .await?;
    let started = app
        .relying_party
        .start_authentication(&factors.passkeys, now);
    ask(app, signed_in, started).await
}

/// Checks the browser's answer, and notes the use of the passkey. Logs a refusal. Whatever the answer is, there is no
/// second one to the same options, so that nothing can be guessed.
///
/// # Errors
/// The 422 `passkey_refused`, the 503 when a table does not answer.
pub(crate) async fn check_passkey(
    app: &App,
    signed_in: &SignedIn,
    answer: &str,
    network: &str,
    now: Timestamp,
) -> Result<(), Problem> {
    let checked = verify(app, signed_in, answer, now).await;
    if let Err(problem) = &checked {
        let account = name_of_user(&signed_in.workspace_id, &signed_in.user.user_id);
        let attempt = (Method::SecondFactor, &*account);
        refusals::log_problem(app, attempt, network, problem, now).await;
    }
    checked
}

async fn verify(
    app: &App,
    signed_in: &SignedIn,
    answer: &str,
    now: Timestamp,
) -> Result<(), Problem> {
    let (challenge, answer) = answered(app, signed_in, answer).await?;
    let (workspace_id, user_id) = (&signed_in.workspace_id, &signed_in.user.user_id);
    let passkeys = app
        .store
        .second_factors(workspace_id, user_id)
        .await?
        .passkeys;
    let used = app
        .relying_party
        .finish_authentication(&challenge, &answer, &passkeys, now)
        .map_err(|error| refused(signed_in, error))?;
    let before = passkeys.into_iter().find(|it| it.id == used.id);
    let state_before = before.map(|it| it.authenticator_state).unwrap_or_default();
    let change = SecondFactorChange::UsePasskey { used, state_before };
    let commit = Commit {
        second_factors: vec![(user_id.clone(), change)],
        ..Commit::default()
    };
    match app.store.commit(workspace_id, &commit, now).await {
        // It was removed, or its counter grew, since it was read.
        Err(StoreError::Conflict(_)) => Err(refused(signed_in, PasskeyError::UnknownPasskey)),
        used => Ok(used?),
    }
}
