//! The mail to the person whose account is locked from everywhere: once a day, and nothing to people without
//! an address. Writes the same whether or not there is such an account; mail-delivery finds out whether
//! anybody is mailed.

use credentials::TokenHash;
use domain::time::later;
use domain::{MailKind, OutboxMail};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use storage::StoreError;

use crate::account::Account;
use crate::app::App;
use crate::sign_in::nobody;

/// The time between two notices to one person.
const PAUSE: SignedDuration = SignedDuration::from_hours(24);

/// The last notice, as stored under a hash of the name that the account is counted by.
#[derive(Default, Serialize, Deserialize)]
struct LastNotice {
    at: Option<Timestamp>,
}

/// Mails the person of `account`, which is counted by `name`, that it is locked, unless they were told within
/// the last day.
///
/// # Errors
/// [`StoreError`] when DynamoDB does not answer.
pub(crate) async fn mail(
    app: &App,
    name: &str,
    account: Option<&Account>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let name = format!("lock-notice#{}", TokenHash::of(&name.into()).as_str());
    let mut last = app.store.versioned::<LastNotice>(&name).await?;
    if last.value.at.is_some_and(|at| now < later(at, PAUSE)) {
        return Ok(());
    }
    last.value.at = Some(now);
    let (workspace_id, user_id) = account.map_or_else(
        || {
            let (workspace_id, user_id, _) = nobody(&app.random);
            (workspace_id, user_id)
        },
        |it| (it.workspace_id.clone(), it.user.user_id.clone()),
    );
    let mail = OutboxMail::new(MailKind::AccountLocked { user_id }, now);
    let mail_ids = [mail.mail_id.clone()];
    let written = app
        .store
        .put_versioned_with(&name, &last, later(now, PAUSE), &workspace_id, &[mail], &[])
        .await;
    match written {
        // Another attempt told them at the same moment.
        Err(StoreError::Conflict(_)) => return Ok(()),
        written => written?,
    }
    if let Err(error) = app.queues.send_mails(&workspace_id, &mail_ids).await {
        tracing::warn!(%error, "a mail waits in the outbox");
    }
    Ok(())
}
