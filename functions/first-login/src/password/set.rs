//! Sets a password that the user chose: checks the rules, hashes it, and writes the user.

use axum::http::StatusCode;
use credentials::{PasswordHash, PersonalWords, check_new_password};
use domain::{
    AuditEvent, Credential, EmailAddress, EmployeeCode, MailKind, OutboxMail, Status, User,
};
use jiff::Timestamp;
use secrecy::SecretString;
use storage::StoreError;
use storage::transaction::{Commit, CredentialHashChanges, UserWrite};
use web::{Problem, SessionStart};

use crate::account::Account;
use crate::app::App;
use crate::password::hashing_failed;

/// The number of attempts to write a password when another write, such as the nightly run's, changes
/// the user at the same moment.
const MAX_ATTEMPTS: u32 = 4;

/// Checks a new password against the rules and hashes it.
///
/// # Errors
/// The 422 `password_refused` with the broken rule, in Japanese.
pub(crate) async fn accepted_hash(
    app: &App,
    account: &Account,
    password: SecretString,
) -> Result<PasswordHash, Problem> {
    let user = &account.user;
    let workspace = app.store.workspace_to_show(&account.workspace_id).await?;
    let personal = PersonalWords {
        name: &user.name,
        email: user.email.as_ref().map(EmailAddress::as_str),
        employee_code: user.code.as_ref().map(EmployeeCode::as_str),
        company_code: workspace.as_ref().map(|it| it.company_code.as_str()),
        company_name: workspace.as_ref().map(|it| it.name.as_str()),
    };
    check_new_password(&password, &personal).map_err(|refusal| refused(refusal.to_string()))?;
    PasswordHash::create(password, &app.random)
        .await
        .map_err(|error| hashing_failed(&error))
}

/// Returns the 422 for a password that may not be set.
pub(crate) fn refused(why: impl Into<String>) -> Problem {
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "password_refused", why)
}

/// The way in which somebody who sets a password came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    /// By an invitation, or with a password.
    FirstLoginOrPassword,
    /// By the link of a password reset.
    PasswordReset,
}

impl Way {
    /// Returns the address that is proven by it.
    fn proven_email(self, user: &User) -> Option<&EmailAddress> {
        match self {
            Self::FirstLoginOrPassword => address_of_link(user),
            Self::PasswordReset => user.email.as_ref(),
        }
    }
}

/// Sets the password: the user becomes 有効, an open invitation or an initial password is used up, and
/// every session ends; the audit trail gets `event` with it. Somebody who had a password of their own is
/// mailed that it changed. When another write changed the user in between, `reload` reads them again, or
/// fails if they may no longer set a password: it fails for one of two browsers that use the same link.
///
/// Returns the basis of the next session.
///
/// # Errors
/// The errors of `reload`, and [`StoreError`] when a table does not answer.
pub(crate) async fn set_password<E, Reload>(
    app: &App,
    mut account: Account,
    hash: &PasswordHash,
    way: Way,
    event: &AuditEvent,
    reload: impl Fn() -> Reload,
) -> Result<SessionStart, E>
where
    E: From<StoreError>,
    Reload: Future<Output = Result<Account, E>>,
{
    for _ in 0..MAX_ATTEMPTS {
        match write_password(app, &account, hash, way, event).await {
            Ok(()) => {
                return Ok(SessionStart {
                    workspace_id: account.workspace_id,
                    user_id: account.user.user_id,
                    epoch: account.hashes.session_epoch + 1,
                    must_replace_password: false,
                    awaits: None,
                    ends_by: None,
                    others: Vec::new(),
                });
            }
            Err(StoreError::Conflict(_)) => account = reload().await?,
            Err(error) => return Err(error.into()),
        }
    }
    Err(StoreError::Conflict("the user is changed again and again").into())
}

async fn write_password(
    app: &App,
    account: &Account,
    hash: &PasswordHash,
    way: Way,
    event: &AuditEvent,
) -> Result<(), StoreError> {
    let mut after = account.user.clone();
    after.status = Status::Active;
    after.credential = Credential::Password;
    after.invitation = None;
    after.version += 1;
    let came_in = account.user.credential == Credential::Password;
    after.note_admin_since(Some(&account.user).filter(|_| came_in), event.at);
    let mails = notice(account, event.at);
    let mail_ids: Vec<String> = mails.iter().map(|mail| mail.mail_id.clone()).collect();
    let commit = Commit {
        mails,
        users: vec![UserWrite::Change {
            before: account.user.clone(),
            after,
            hashes: CredentialHashChanges {
                password_hash: Some(hash.expose_to_store().to_owned()),
                proven_email: way
                    .proven_email(&account.user)
                    .map(|email| email.as_str().to_owned()),
                end_sessions: true,
                ..CredentialHashChanges::default()
            },
        }],
        audit: vec![event.clone()],
        ..Commit::default()
    };
    let workspace_id = &account.workspace_id;
    app.store.commit(workspace_id, &commit, event.at).await?;
    if let Err(error) = app.queues.send_mails(workspace_id, &mail_ids).await {
        tracing::warn!(%error, "a mail waits in the outbox");
    }
    Ok(())
}

/// Returns the notice to a person with an address whose own password is replaced with another one.
fn notice(account: &Account, now: Timestamp) -> Vec<OutboxMail> {
    let user = &account.user;
    if user.credential != Credential::Password || user.email.is_none() {
        return Vec::new();
    }
    let kind = MailKind::PasswordChanged {
        user_id: user.user_id.clone(),
    };
    vec![OutboxMail::new(kind, now)]
}

/// Returns the address that an open link was mailed to, unless the user has another one by now. A person
/// who sets a password while a link is open came through the link: it ends what let in before.
fn address_of_link(user: &User) -> Option<&EmailAddress> {
    let mailed_to = user
        .invitation
        .as_ref()?
        .fields_at_invitation
        .email
        .as_ref()?;
    user.email.as_ref().filter(|email| *email == mailed_to)
}
