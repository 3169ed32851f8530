//! 02:30: warns admins who paused the sync for long that SmartHR may end the connection, whose token nothing uses.

use domain::{MailKind, OutboxMail};
use jiff::SignedDuration;
use storage::StoreError;

use crate::watch::Watch;

/// The time after which admins are warned. SmartHR takes a refresh token that nobody uses for 90 days.
const WARNED_AFTER: SignedDuration = SignedDuration::from_hours(60 * 24);

/// The time after which nobody is warned any more. The outbox remembers for 30 days that a mail was sent, so that
/// nobody gets a second one.
const NOT_WARNED_AFTER: SignedDuration = SignedDuration::from_hours(85 * 24);

impl Watch {
    /// Writes the warning once for each pause. Returns how many were written.
    ///
    /// # Errors
    /// [`StoreError`] when the database or the queue does not answer.
    pub(crate) async fn warn_of_paused_workspaces(&self) -> Result<u32, StoreError> {
        let now = (self.clock)();
        let mut warned = 0;
        for workspace_id in self.store.paused_workspaces().await? {
            let connection = self.store.connection_to_show(&workspace_id).await?;
            // None: the index is a moment behind, or the record cannot be read.
            let Some(since) = connection.and_then(|connection| connection.paused_since()) else {
                continue;
            };
            if !(WARNED_AFTER..NOT_WARNED_AFTER).contains(&now.duration_since(since)) {
                continue;
            }
            let mail = OutboxMail::new(MailKind::ConnectionMayEnd { since }, now);
            warned += u32::from(self.mail_once(&workspace_id, mail).await?);
        }
        Ok(warned)
    }
}
