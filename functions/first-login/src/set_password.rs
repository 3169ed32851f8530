//! A password of one's own: its rules, its hash, and the write that makes it count.

use axum::http::StatusCode;
use credentials::{PasswordHash, PersonalWords, check_new_password};
use domain::{Credential, EmailAddress, EmployeeCode, Status, User, WorkspaceId};
use jiff::Timestamp;
use secrecy::SecretString;
use storage::StoreError;
use storage::transaction::{Commit, CredentialHashChanges, UserWrite};
use web::Problem;

use crate::account::Person;
use crate::app::{App, hashing_failed};

/// How often a password is set anew when something else changes the user at the same moment.
pub(crate) const TRIES: u32 = 4;

/// Checks a new password against the rules and hashes it.
///
/// # Errors
/// The 422 `password_refused` with the rule, in Japanese.
pub(crate) async fn accepted_hash(
    app: &App,
    workspace_id: &WorkspaceId,
    user: &User,
    password: SecretString,
) -> Result<PasswordHash, Problem> {
    let workspace = app.store.workspace(workspace_id).await?;
    let personal = PersonalWords {
        email: user.email.as_ref().map(EmailAddress::as_str),
        employee_code: user.code.as_ref().map(EmployeeCode::as_str),
        company_code: workspace.as_ref().map(|it| it.company_code.as_str()),
    };
    check_new_password(&password, &personal).map_err(|refusal| refused(refusal.to_string()))?;
    PasswordHash::create(password, &app.random)
        .await
        .map_err(|error| hashing_failed(&error))
}

/// The 422 for a password that may not be set.
pub(crate) fn refused(why: impl Into<String>) -> Problem {
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "password_refused", why)
}

/// Makes the password count: the user is 有効, an open invitation and an initial password are used
/// up, and every session ends. Gives the session epoch for the sessions from now on.
///
/// # Errors
/// [`StoreError::Conflict`] when the user was changed since it was read: of two who set a password
/// at once with one invitation, one gets this.
pub(crate) async fn set_password(
    app: &App,
    person: &Person,
    hash: &PasswordHash,
    now: Timestamp,
) -> Result<u64, StoreError> {
    let mut after = person.user.clone();
    after.status = Status::Active;
    after.credential = Credential::Password;
    after.invitation = None;
    after.version += 1;
    let commit = Commit {
        users: vec![UserWrite::Change {
            before: person.user.clone(),
            after,
            hashes: CredentialHashChanges {
                password_hash: Some(hash.expose_to_store().to_owned()),
                end_sessions: true,
                ..CredentialHashChanges::default()
            },
        }],
        ..Commit::default()
    };
    app.store.commit(&person.workspace_id, &commit, now).await?;
    Ok(person.hashes.session_epoch + 1)
}
