//! SmartHR refuses us: an admin must link again.

use aws::StoreError;
use aws::integrations::IntegrationState;
use aws::outbox::{MailKind, OutboxMail};
use directory::{TenantId, WorkspaceId};

use crate::integrations::Integrations;
use crate::update::ATTEMPTS;

impl Integrations {
    /// 「再連携が必要です」, with one mail to the admins, whoever finds out first. Nothing happens
    /// when `refused` is no longer the linked company.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn note_relink_needed(
        &self,
        workspace_id: &WorkspaceId,
        refused: &TenantId,
    ) -> Result<(), StoreError> {
        for _ in 0..ATTEMPTS {
            let link = self.store.integration(workspace_id).await?;
            let still_ours = link.filter(|link| {
                link.state == IntegrationState::Linked && link.company.tenant_id == *refused
            });
            let Some(mut link) = still_ours else {
                return Ok(());
            };
            link.state = IntegrationState::RelinkNeeded;
            let mail = OutboxMail::new(MailKind::RelinkNeeded, (self.clock)());
            let put = self
                .store
                .put_integration_and_mail(workspace_id, &mut link, &mail)
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
        Err(StoreError::Conflict("the integration kept changing"))
    }
}
