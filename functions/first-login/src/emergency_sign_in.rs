//! The start of a session of somebody who came in by a password or a mailed link. The other システム管理者 are mailed
//! about a sign-in with 緊急用アカウント.

use domain::{AuditAction, AuditEvent, MailKind, OutboxMail, User};
use jiff::Timestamp;
use storage::StoreError;
use storage::sessions::SessionStep;
use web::{SessionStart, StartedSession, browser_name};

use crate::app::App;
use crate::client::Client;

/// Starts a session of `user`. If they are an emergency account and no second factor is to follow, the mail to the
/// other システム管理者 and the entry of the audit trail are written with it.
///
/// # Errors
/// [`StoreError`] when DynamoDB does not answer.
pub(crate) async fn start_session(
    app: &App,
    user: &User,
    start: SessionStart,
    client: &Client,
    now: Timestamp,
) -> Result<StartedSession, StoreError> {
    let browser = browser_name(&client.headers);
    let is_complete = start.awaits != Some(SessionStep::SecondFactor);
    if !user.is_emergency_account || !is_complete {
        return web::start_session(&app.store, start, browser, &app.random, now).await;
    }
    let workspace_id = start.workspace_id.clone();
    let kind = MailKind::EmergencySignIn {
        user_id: user.user_id.clone(),
        network: client.source.network.clone(),
    };
    let mail = OutboxMail::new(kind, now);
    let author = client.source.author(&user.user_id);
    let event = AuditEvent::new(&author, AuditAction::EmergencySignIn, now);
    let record = (&mail, &event);
    let session =
        web::start_recorded_session(&app.store, start, browser, record, &app.random, now).await?;
    if let Err(error) = app.queues.send_mails(&workspace_id, &[mail.mail_id]).await {
        tracing::warn!(%error, "a mail waits in the outbox");
    }
    Ok(session)
}
