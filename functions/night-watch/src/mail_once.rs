//! The mails of the rounds, each of which is written once.

use domain::{OutboxMail, WorkspaceId};
use storage::StoreError;

use crate::watch::Watch;

impl Watch {
    /// Writes a mail and asks for its delivery, unless it was written before. Returns whether it is new.
    ///
    /// # Errors
    /// [`StoreError`] when the database or the queue does not answer.
    pub(crate) async fn mail_once(
        &self,
        workspace_id: &WorkspaceId,
        mail: OutboxMail,
    ) -> Result<bool, StoreError> {
        let is_new = self.store.put_mail_once(workspace_id, &mail).await?;
        if is_new {
            let mail_ids = [mail.mail_id];
            self.queues.send_mails(workspace_id, &mail_ids).await?;
        }
        Ok(is_new)
    }
}
