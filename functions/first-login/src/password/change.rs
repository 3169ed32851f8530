//! Changes the password of a signed-in user: their own, or the initial one.

use credentials::{InitialPasswordHash, is_same_password};
use domain::{AuditAction, AuditEvent, Credential, LoginMethod};
use jiff::Timestamp;
use secrecy::SecretString;
use web::{Problem, SessionStart, SignedIn, StartedSession, start_session};

use crate::account::Account;
use crate::app::App;
use crate::password::current::check_current_password;
use crate::password::set::{Way, accepted_hash, refused, set_password};
use crate::refusals::{self, Method};
use crate::sign_in_throttle::name_of_user;

/// Sets a new password, ends all sessions of the user and starts a new one for this browser. Logs a
/// refusal. The `current` password is not compared while an initial one has to be replaced.
///
/// # Errors
/// The 422 `password_refused` of the rules, the 403 `current_password_wrong`, the 409 `single_sign_on`,
/// the 429 of the throttle, the 503 when a table does not answer.
pub(crate) async fn change_password(
    app: &App,
    signed_in: &SignedIn,
    (current, new): (Option<SecretString>, SecretString),
    now: Timestamp,
) -> Result<StartedSession, Problem> {
    let answer = replace_password(app, signed_in, current, new, now).await;
    if let Err(problem) = &answer {
        let method = if signed_in.session.must_replace_password {
            Method::InitialPassword
        } else {
            Method::PasswordChange
        };
        let account = name_of_user(&signed_in.workspace_id, &signed_in.user.user_id);
        let network = &signed_in.source.network;
        refusals::log_problem(app, (method, &account), network, problem, now).await;
    }
    answer
}

async fn replace_password(
    app: &App,
    signed_in: &SignedIn,
    current: Option<SecretString>,
    new: SecretString,
    now: Timestamp,
) -> Result<StartedSession, Problem> {
    let account = Account::of_session(app, signed_in).await?;
    if account.user.login_method == LoginMethod::Sso {
        return Err(Problem::conflict(
            "single_sign_on",
            "認証方法がSSOのため、KiteRaのパスワードはありません。",
        ));
    }
    let action = if signed_in.session.must_replace_password {
        if !has_unexpired_initial_password(&account, now) {
            return Err(Problem::not_signed_in());
        }
        if is_initial_password(&account, &new) {
            return Err(refused("初期パスワードとは別のパスワードにしてください。"));
        }
        AuditAction::InitialPasswordReplaced
    } else {
        check_current(app, &account, current, &new, now).await?;
        AuditAction::PasswordChanged
    };
    let hash = accepted_hash(app, &account, new).await?;
    let reload = || Account::of_session(app, signed_in);
    let event = AuditEvent::new(&signed_in.author(), action, now);
    let event = event.about_user(&signed_in.user.user_id);
    let start = set_password(
        app,
        account,
        &hash,
        Way::FirstLoginOrPassword,
        &event,
        reload,
    )
    .await?;
    let start = SessionStart {
        awaits: signed_in.session.awaits,
        ends_by: None,
        others: signed_in.session.others.clone(),
        ..start
    };
    app.store.delete_session(&signed_in.token_hash).await?;
    let browser = signed_in.session.browser.clone();
    Ok(start_session(&app.store, start, browser, &app.random, now).await?)
}

/// Returns whether the initial password of the session still works: it may have expired since, or an
/// invitation may have replaced it.
fn has_unexpired_initial_password(account: &Account, now: Timestamp) -> bool {
    matches!(account.user.credential, Credential::Initial { expires_at } if now < expires_at)
}

fn is_initial_password(account: &Account, new: &SecretString) -> bool {
    let hash = account.hashes.initial_password_hash.clone();
    hash.is_some_and(|hash| InitialPasswordHash::from(hash).matches(new))
}

/// Checks the current password, which the new one may not be.
async fn check_current(
    app: &App,
    account: &Account,
    current: Option<SecretString>,
    new: &SecretString,
    now: Timestamp,
) -> Result<(), Problem> {
    check_current_password(app, account, current.clone(), now).await?;
    if current.is_some_and(|current| is_same_password(&current, new)) {
        return Err(refused(
            "現在のパスワードとは別のパスワードにしてください。",
        ));
    }
    Ok(())
}
