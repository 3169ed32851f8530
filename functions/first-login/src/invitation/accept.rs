//! Acceptance of an invitation with a first password.

use domain::{AuditAction, AuditEvent};
use jiff::Timestamp;
use secrecy::SecretString;
use web::Problem;

use crate::account::Account;
use crate::app::App;
use crate::client::Client;
use crate::invitation::status::InvitationStatus;
use crate::new_session::NewSession;
use crate::password::set::{Way, accepted_hash, set_password};

/// The reason why an invitation was not accepted.
pub(super) enum AcceptError {
    /// The URL no longer works, perhaps because another browser used it at the same moment.
    NotOpen(InvitationStatus),
    /// The password was refused, or a table does not answer.
    Problem(Problem),
}

impl<E: Into<Problem>> From<E> for AcceptError {
    fn from(error: E) -> Self {
        Self::Problem(error.into())
    }
}

/// Accepts the invitation: the user becomes 有効 with this password and is signed in. It works once: of
/// two browsers that accept at the same moment, one finds the URL unusable.
///
/// # Errors
/// [`AcceptError`] when the URL or the password is not accepted, or a table does not answer.
pub(super) async fn accept(
    app: &App,
    token: &str,
    password: SecretString,
    client: &Client,
    now: Timestamp,
) -> Result<NewSession, AcceptError> {
    let open_account = || open_account(app, token, now);
    let account = open_account().await?;
    let user = account.user.clone();
    let hash = accepted_hash(app, &account, password).await?;
    let (user_id, accepted) = (&user.user_id, AuditAction::InvitationAccepted);
    let event = AuditEvent::new(&client.source.author(user_id), accepted, now).about_user(user_id);
    let start = set_password(
        app,
        account,
        &hash,
        Way::FirstLoginOrPassword,
        &event,
        open_account,
    )
    .await?;
    Ok(NewSession::begin(app, client, &user, start, now).await?)
}

async fn open_account(app: &App, token: &str, now: Timestamp) -> Result<Account, AcceptError> {
    match InvitationStatus::of(&app.store, token, now).await? {
        InvitationStatus::Open(account) => Ok(*account),
        status => Err(AcceptError::NotOpen(status)),
    }
}
