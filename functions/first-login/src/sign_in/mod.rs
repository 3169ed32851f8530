//! Sign-in with a password, by the form and by the API.

mod account_identifier;
pub(crate) mod api;
mod budgets;
mod candidates;
mod fields;
mod lock_notice;
pub(crate) mod page;
mod password_match;

use std::collections::BTreeSet;

use axum::http::StatusCode;
use jiff::Timestamp;
use secrecy::SecretString;
use storage::password_resets::password_reset_name;
use web::{Problem, SessionStart};

pub(crate) use account_identifier::{AccountIdentifier, nobody};
pub(crate) use budgets::forget_guesses_at;
pub(crate) use fields::SignInFields;
pub(crate) use lock_notice::mail as mail_lock_notice;

use crate::app::App;
use crate::client::Client;
use crate::known_browser::KnownBrowser;
use crate::new_session::NewSession;
use crate::refusals;
use crate::sign_in::budgets::{Budgets, Counted};
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
) -> Result<NewSession, Problem> {
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
) -> Result<NewSession, Problem> {
    let mut candidates = identifier.find(&app.store).await?;
    let browser = KnownBrowser::of(&client.headers, &app.random);
    let known = candidates.known_to(&browser, &app.store, now).await?;
    let budgets = Budgets::of(identifier, candidates.first(), &client.source.network);
    let counted = budgets.count_guess(&app.store, now).await?;
    if let Counted::Allowed { locks: true } = counted {
        lock_notice::mail(app, &budgets.name, candidates.first(), now).await?;
    }
    let own_budget = match counted {
        Counted::Allowed { .. } => None,
        refused => {
            let own = budget_of_browser(app, &known, now).await?;
            match refused {
                Counted::Refused(problem) if own.is_none() => return Err(problem),
                _ => candidates.keep(own.as_ref().map(|_| (&browser, &known))),
            }
            own
        }
    };

    let Some((account, matched)) = candidates.opened_by(&password, now).await? else {
        return Err(sign_in_failed());
    };
    let (workspace_id, user_id) = (&account.workspace_id, &account.user.user_id);
    tracing::info!(%workspace_id, %user_id, method = ?identifier.method(), "signed in");
    match own_budget {
        Some(own) => own.reset(&app.store).await?,
        None => budgets.take_back(&app.store, &account, now).await?,
    }
    // Somebody who knows the password needs no link: an open one may be in the wrong hands.
    let reset = password_reset_name(workspace_id, user_id);
    app.store.delete_versioned(&reset).await?;
    let start = SessionStart {
        workspace_id: account.workspace_id,
        user_id: account.user.user_id.clone(),
        epoch: account.hashes.session_epoch,
        must_replace_password: matched == PasswordMatch::Initial,
        awaits: None,
        ends_by: None,
        others: Vec::new(),
    };
    Ok(NewSession::begin(app, client, &account.user, start, now).await?)
}

/// Counts a guess in the budget that this browser has at accounts that are `known` in it: strangers who
/// guess do not keep their people out. Returns the budget; `None` if there is none, or none is left.
async fn budget_of_browser(
    app: &App,
    known: &BTreeSet<String>,
    now: Timestamp,
) -> Result<Option<SignInThrottle>, Problem> {
    let Some(hash) = known.first() else {
        return Ok(None);
    };
    let own = SignInThrottle::of_browser(hash);
    match own.count_guess(&app.store, now).await {
        Err(problem) if problem.status == StatusCode::TOO_MANY_REQUESTS => Ok(None),
        counted => counted.map(|_| Some(own)),
    }
}

/// Returns the 401 that is the same for every reason.
fn sign_in_failed() -> Problem {
    Problem::new(
        StatusCode::UNAUTHORIZED,
        "sign_in_failed",
        "ログインできませんでした。入力内容をご確認ください。複数の企業でKiteRaをご利用の場合は、企業コードも入力してください。正しいパスワードでもログインできない場合は、15分ほど待つか、「パスワードをお忘れの方」から再設定してください。",
    )
}
