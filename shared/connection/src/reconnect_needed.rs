//! SmartHR refuses us: an admin must link again.

use domain::ConnectionState;
use domain::{MailKind, OutboxMail};
use domain::{TenantId, WorkspaceId};
use storage::StoreError;

use crate::connections::Connections;
use crate::update::ATTEMPTS;

impl Connections {
    /// 「再連携が必要です」, with one mail to the admins, whoever finds out first. Nothing happens
    /// when `refused` is no longer the linked company.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn mark_reconnect_needed(
        &self,
        workspace_id: &WorkspaceId,
        refused: &TenantId,
    ) -> Result<(), StoreError> {
        for _ in 0..ATTEMPTS {
            let link = self.store.connection(workspace_id).await?;
            let still_ours = link.filter(|link| {
                link.state == ConnectionState::Connected && link.company.tenant_id == *refused
            });
            let Some(mut link) = still_ours else {
                return Ok(());
            };
            link.state = ConnectionState::ReconnectNeeded;
            let mail = OutboxMail::new(MailKind::ReconnectNeeded, (self.clock)());
            let put = self
                .store
                .put_connection_and_mail(workspace_id, &mut link, &mail)
                .await;
            match put {
                Ok(()) => {
                    let asked = self.queues.send_mails(workspace_id, &[mail.mail_id]).await;
                    if let Err(error) = asked {
                        tracing::warn!(%error, "the mail waits in the outbox");
                    }
                    return Ok(());
                }
                Err(StoreError::Conflict(_)) => {}
                Err(error) => return Err(error),
            }
        }
        Err(StoreError::Conflict("the connection kept changing"))
    }
}
