//! Signing in: the same for the form and for the API.

use axum::http::{HeaderMap, StatusCode};
use credentials::{InitialPasswordHash, PasswordHash, verify_dummy};
use domain::{Credential, LoginMethod, Status};
use jiff::Timestamp;
use secrecy::SecretString;
use storage::StoreError;
use web::{Problem, StartedSession, start_session, token_hash_of};

use crate::account::{Account, Person, nobody};
use crate::app::{App, hashing_failed};
use crate::brake::Guarded;
use crate::source::Source;

/// Somebody who signed in.
#[derive(Debug)]
pub(crate) struct Entered {
    /// The session that began.
    pub(crate) session: StartedSession,
    /// Came in with an initial password.
    pub(crate) must_replace_password: bool,
}

/// With which password somebody came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fits {
    /// One of their own.
    Own,
    /// The initial one.
    Initial,
    /// Neither.
    No,
}

/// Signs somebody in and ends the session that the browser had before.
///
/// # Errors
/// One and the same 401 whatever was wrong, the 429 under guessing, the 503 when a table does not
/// answer.
pub(crate) async fn sign_in(
    app: &App,
    account: &Account,
    password: SecretString,
    (source, headers): (&Source, &HeaderMap),
    now: Timestamp,
) -> Result<Entered, Problem> {
    let source = Guarded::source(&source.0);
    source.check(&app.store, now).await?;
    let guarded = Guarded::account(&account.as_typed());
    let locked = guarded.note_guess(&app.store, now).await?;
    source.note_guess(&app.store, now).await?;

    let person = account.person(&app.store).await?;
    let fits = fits(person.as_ref(), password, now).await?;
    if fits == Fits::No && locked {
        end_sessions_of(app, person.as_ref()).await?;
    }
    let Some(person) = person.filter(|_| fits != Fits::No) else {
        tracing::warn!(locked, "a sign-in was refused");
        return Err(wrong());
    };
    let (workspace_id, user_id) = (&person.workspace_id, &person.user.user_id);
    tracing::info!(%workspace_id, %user_id, "signed in");
    source.take_back(&app.store, now).await?;
    guarded.forgive(&app.store).await?;
    let must_replace_password = fits == Fits::Initial;
    let session = start_session(
        &app.store,
        (workspace_id, user_id),
        person.hashes.session_epoch,
        must_replace_password,
        &app.random,
        now,
    )
    .await?;
    end_previous_session(app, headers).await?;
    Ok(Entered {
        session,
        must_replace_password,
    })
}

/// Ends the session that the browser had before, so that it does not live on unseen.
///
/// # Errors
/// [`StoreError`] when DynamoDB does not answer.
pub(crate) async fn end_previous_session(app: &App, headers: &HeaderMap) -> Result<(), StoreError> {
    match token_hash_of(headers) {
        Some(token_hash) => app.store.delete_session(&token_hash).await,
        None => Ok(()),
    }
}

/// Ends every session of an account that was locked: whoever guesses at it may be in already. Not of
/// somebody who signs in by SSO, whom no password lets in. Writes as much when there is nobody, so
/// that the time of the answer tells nothing.
async fn end_sessions_of(app: &App, person: Option<&Person>) -> Result<(), StoreError> {
    let (workspace_id, user_id) = match person {
        Some(person) if person.user.login_method == LoginMethod::Password => {
            (person.workspace_id.clone(), person.user.user_id.clone())
        }
        _ => nobody(),
    };
    tracing::warn!(%workspace_id, %user_id, "an account was locked, and its sessions ended");
    app.store.end_sessions(&workspace_id, &user_id).await
}

/// Whether the password is the person's. Takes one argon2 whoever it is, so that the time of the
/// answer tells nothing.
async fn fits(
    person: Option<&Person>,
    password: SecretString,
    now: Timestamp,
) -> Result<Fits, Problem> {
    let person = person.filter(|person| {
        person.user.status == Status::Active && person.user.login_method == LoginMethod::Password
    });
    if let Some(Person { user, hashes, .. }) = person
        && user.credential == Credential::Password
        && let Some(hash) = &hashes.password_hash
    {
        let own = PasswordHash::from(hash.clone()).verify(password).await;
        return match own {
            Ok(true) => Ok(Fits::Own),
            Ok(false) => Ok(Fits::No),
            Err(error) => Err(hashing_failed(&error)),
        };
    }
    verify_dummy(password.clone())
        .await
        .map_err(|error| hashing_failed(&error))?;
    if let Some(Person { user, hashes, .. }) = person
        && let Credential::Initial { expires_at } = user.credential
        && now < expires_at
        && let Some(hash) = &hashes.initial_password_hash
        && InitialPasswordHash::from(hash.clone()).matches(&password)
    {
        return Ok(Fits::Initial);
    }
    Ok(Fits::No)
}

/// What everybody is told who does not get in.
fn wrong() -> Problem {
    Problem::new(
        StatusCode::UNAUTHORIZED,
        "sign_in_failed",
        "ログインできませんでした。入力内容をご確認ください。複数の企業でKiteRaをご利用の場合は、企業コードも入力してください。",
    )
}
