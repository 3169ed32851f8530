//! Sign-in with a password, by the form and by the API.

mod account_identifier;
pub(crate) mod api;
mod candidates;
mod fields;
pub(crate) mod page;
mod password_match;

use axum::http::{HeaderMap, StatusCode};
use jiff::Timestamp;
use secrecy::SecretString;
use storage::StoreError;
use storage::password_resets::password_reset_name;
use web::{Problem, SessionStart, StartedSession, start_session, token_hash_of};

pub(crate) use account_identifier::{AccountIdentifier, nobody};
pub(crate) use fields::SignInFields;

use crate::app::App;
use crate::client::Client;
use crate::refusals;
use crate::sign_in::password_match::PasswordMatch;
use crate::sign_in_throttle::SignInThrottle;

/// Signs a user in and ends the session that the browser had before. Logs a refusal.
///
/// # Errors
/// The same 401 whatever was wrong, the 429 of the throttle, the 503 when a table does not answer.
async fn sign_in(
    app: &App,
    identifier: &AccountIdentifier,
    password: SecretString,
    client: &Client,
    now: Timestamp,
) -> Result<StartedSession, Problem> {
    let answer = match_and_start(app, identifier, password, client, now).await;
    if let Err(problem) = &answer {
        let attempt = (identifier.method(), &*identifier.normalized());
        refusals::log_problem(app, attempt, &client.source.network, problem, now).await;
    }
    answer
}

/// Compares the password and starts the session, as far as the throttle lets it.
async fn match_and_start(
    app: &App,
    identifier: &AccountIdentifier,
    password: SecretString,
    client: &Client,
    now: Timestamp,
) -> Result<StartedSession, Problem> {
    let typed = identifier.normalized();
    let from_everywhere = [
        SignInThrottle::of_network(&client.source.network),
        SignInThrottle::of_account(&typed),
    ];
    for throttle in &from_everywhere {
        throttle.check(&app.store, now).await?;
    }
    let throttle = SignInThrottle::of_account_from(&typed, &client.source.network);
    throttle.count_guess(&app.store, now).await?;
    for throttle in &from_everywhere {
        throttle.count_guess(&app.store, now).await?;
    }

    let candidates = identifier.find(&app.store).await?;
    let Some((account, matched)) = candidates.opened_by(&password, now).await? else {
        return Err(sign_in_failed());
    };
    let (workspace_id, user_id) = (&account.workspace_id, &account.user.user_id);
    tracing::info!(%workspace_id, %user_id, method = ?identifier.method(), "signed in");
    let [network, everywhere] = &from_everywhere;
    let name = format!("{workspace_id} {user_id}");
    network.note_sign_in(&app.store, &name, now).await?;
    everywhere.take_back(&app.store, now).await?;
    // The others' guesses at an address still count after a sign-in by somebody whose workspace merely says
    // that it is theirs.
    if identifier.is_of_one_account() || account.has_proven_email() {
        throttle.reset(&app.store).await?;
    } else {
        throttle.take_back(&app.store, now).await?;
    }
    // Who knows the password needs no link: an open one may be in the wrong hands.
    let reset = password_reset_name(&account.workspace_id, &account.user.user_id);
    app.store.delete_counter(&reset).await?;
    let start = SessionStart {
        workspace_id: account.workspace_id,
        user_id: account.user.user_id,
        epoch: account.hashes.session_epoch,
        must_replace_password: matched == PasswordMatch::Initial,
    };
    let session = start_session(&app.store, start, &app.random, now).await?;
    end_previous_session(app, &client.headers).await?;
    Ok(session)
}

/// Ends the session that the browser had before it started a new one.
///
/// # Errors
/// [`StoreError`] when DynamoDB does not answer.
pub(crate) async fn end_previous_session(app: &App, headers: &HeaderMap) -> Result<(), StoreError> {
    match token_hash_of(headers) {
        Some(token_hash) => app.store.delete_session(&token_hash).await,
        None => Ok(()),
    }
}

/// Returns the 401 that is the same for every reason.
fn sign_in_failed() -> Problem {
    Problem::new(
        StatusCode::UNAUTHORIZED,
        "sign_in_failed",
        "ログインできませんでした。入力内容をご確認ください。複数の企業でKiteRaをご利用の場合は、企業コードも入力してください。",
    )
}
