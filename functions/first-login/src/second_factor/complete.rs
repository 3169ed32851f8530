//! Completes the sign-in of somebody who gave the password and now gives the second factor.

use domain::AuditAction;
use jiff::Timestamp;
use secrecy::SecretString;
use web::{Problem, SessionStart, SignedIn};

use super::check_code::check_code;
use crate::account::Account;
use crate::app::App;
use crate::client::Client;
use crate::new_session::NewSession;
use crate::passkeys::verify::check_passkey;

/// Checks the code and begins a new session in place of the one that awaited it.
///
/// # Errors
/// The 401 when the sessions were ended meanwhile, and those of [`check_code`].
pub(super) async fn complete(
    app: &App,
    signed_in: &SignedIn,
    code: &SecretString,
    client: &Client,
    now: Timestamp,
) -> Result<NewSession, Problem> {
    let account = Account::of_session(app, signed_in).await?;
    let recorded_as = Some(AuditAction::RecoveryCodeUsed);
    check_code(app, &account, code, recorded_as, &client.source, now).await?;
    begin(app, signed_in, account, client, now).await
}

/// Checks the browser's answer about a passkey and begins a new session in place of the one that awaited it.
///
/// # Errors
/// The 401 when the sessions were ended meanwhile, and those of [`check_passkey`].
pub(crate) async fn complete_with_passkey(
    app: &App,
    signed_in: &SignedIn,
    answer: &str,
    client: &Client,
    now: Timestamp,
) -> Result<NewSession, Problem> {
    let account = Account::of_session(app, signed_in).await?;
    check_passkey(app, signed_in, answer, &client.source.network, now).await?;
    begin(app, signed_in, account, client, now).await
}

async fn begin(
    app: &App,
    signed_in: &SignedIn,
    account: Account,
    client: &Client,
    now: Timestamp,
) -> Result<NewSession, Problem> {
    let start = SessionStart {
        workspace_id: account.workspace_id,
        user_id: account.user.user_id.clone(),
        epoch: account.hashes.session_epoch,
        must_replace_password: signed_in.session.must_replace_password,
        awaits: None,
        ends_by: None,
        others: Vec::new(),
    };
    Ok(NewSession::go_on(app, client, &account.user, start, now).await?)
}
