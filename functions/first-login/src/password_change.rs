//! A new password for somebody who is signed in: in place of the initial one, or of their own.

use axum::http::StatusCode;
use credentials::{InitialPasswordHash, PasswordHash};
use domain::{Credential, LoginMethod};
use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use storage::StoreError;
use web::{Problem, SignedIn, StartedSession, start_session};

use crate::account::Person;
use crate::app::{App, hashing_failed};
use crate::brake::Guarded;
use crate::set_password::{TRIES, accepted_hash, refused, set_password};

/// Sets a new password, ends all sessions of the person and begins a new one for this browser.
/// `current` is not asked for while an initial password is to be replaced.
///
/// # Errors
/// The 422 `password_refused` by the rules, the 403 `current_password_wrong`, the 409 `single_sign_on`,
/// the 429 under guessing, the 503 when a table does not answer.
pub(crate) async fn change_password(
    app: &App,
    signed_in: &SignedIn,
    current: Option<SecretString>,
    new: SecretString,
    now: Timestamp,
) -> Result<StartedSession, Problem> {
    let mut person = still_signed_in(app, signed_in).await?;
    if person.user.login_method == LoginMethod::Sso {
        return Err(Problem::conflict(
            "single_sign_on",
            "認証方法がSSOのため、KiteRaのパスワードはありません。",
        ));
    }
    if signed_in.session.must_replace_password {
        if !has_live_initial_password(&person, now) {
            return Err(Problem::not_signed_in());
        }
        if initial_password_is(&person, &new) {
            return Err(refused("初期パスワードとは別のパスワードにしてください。"));
        }
    } else {
        check_current(app, &person, current, &new, now).await?;
    }
    let hash = accepted_hash(app, &person.workspace_id, &person.user, new).await?;
    for _ in 0..TRIES {
        match set_password(app, &person, &hash, now).await {
            Ok(epoch) => {
                app.store.delete_session(&signed_in.token_hash).await?;
                let who = (&person.workspace_id, &person.user.user_id);
                let session =
                    start_session(&app.store, who, epoch, false, &app.random, now).await?;
                return Ok(session);
            }
            // The nightly run changed the person's name, say.
            Err(StoreError::Conflict(_)) => person = still_signed_in(app, signed_in).await?,
            Err(error) => return Err(error.into()),
        }
    }
    Err(StoreError::Conflict("the user is changed again and again").into())
}

/// The person as stored now, unless all sessions ended meanwhile: somebody else replaced the
/// initial password first, say.
async fn still_signed_in(app: &App, signed_in: &SignedIn) -> Result<Person, Problem> {
    let workspace_id = &signed_in.workspace_id;
    let found = app
        .store
        .user_with_hashes(workspace_id, &signed_in.user.user_id)
        .await?;
    found
        .filter(|(_, hashes)| hashes.session_epoch == signed_in.session.epoch)
        .map(|(user, hashes)| Person {
            workspace_id: workspace_id.clone(),
            user,
            hashes,
        })
        .ok_or_else(Problem::not_signed_in)
}

/// Whether the initial password that somebody signed in with still counts: it may have run out since, or
/// an invitation taken its place.
fn has_live_initial_password(person: &Person, now: Timestamp) -> bool {
    matches!(person.user.credential, Credential::Initial { expires_at } if now < expires_at)
}

fn initial_password_is(person: &Person, new: &SecretString) -> bool {
    let hash = person.hashes.initial_password_hash.clone();
    hash.is_some_and(|hash| InitialPasswordHash::from(hash).matches(new))
}

/// A browser that somebody left signed in must not be enough.
async fn check_current(
    app: &App,
    person: &Person,
    current: Option<SecretString>,
    new: &SecretString,
    now: Timestamp,
) -> Result<(), Problem> {
    let user_id = &person.user.user_id;
    let guarded = Guarded::account(&format!("password of {} {user_id}", person.workspace_id));
    let locked = guarded.note_guess(&app.store, now).await?;
    let right = match (&person.hashes.password_hash, current.clone()) {
        (Some(hash), Some(current)) => PasswordHash::from(hash.clone())
            .verify(current)
            .await
            .map_err(|error| hashing_failed(&error))?,
        _ => false,
    };
    if !right {
        if locked {
            app.store
                .end_sessions(&person.workspace_id, user_id)
                .await?;
        }
        return Err(Problem::new(
            StatusCode::FORBIDDEN,
            "current_password_wrong",
            "現在のパスワードが正しくありません。",
        ));
    }
    guarded.forgive(&app.store).await?;
    if current.is_some_and(|current| current.expose_secret() == new.expose_secret()) {
        return Err(refused(
            "現在のパスワードとは別のパスワードにしてください。",
        ));
    }
    Ok(())
}
