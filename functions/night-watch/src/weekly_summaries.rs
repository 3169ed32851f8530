//! Every Monday: asks for 週次サマリー of the workspaces that chose it.

use domain::{MailKind, NotificationKind, OutboxMail, WorkspaceId};
use futures_util::StreamExt;
use jiff::Timestamp;
use storage::queues::MailMessage;
use storage::{Store, StoreError};

use crate::of_each::of_each;
use crate::watch::{RoundReport, Watch};

/// How many summaries are written before they are asked for: eight requests of ten, sent at the same time.
const MAILS_AT_ONCE: usize = 80;

impl Watch {
    /// Writes the summary of the week before `scheduled_at` once for each workspace that chose it, those included that
    /// no run syncs any more. A workspace that cannot be read gets none. What was written and not asked for is found by
    /// the next round for waiting mails.
    ///
    /// # Errors
    /// [`StoreError`] when the database or the queue does not answer; a repeated round writes the rest.
    pub(crate) async fn write_weekly_summaries(
        &self,
        scheduled_at: Timestamp,
    ) -> Result<RoundReport, StoreError> {
        let mut workspaces = self.store.workspaces_for_tonight().await?;
        workspaces.extend(self.store.stopped_workspaces().await?);
        let (mut summaries, mut unsent) = (0, Vec::new());
        let mut asked = of_each(workspaces, |workspace_id| async move {
            summary(&self.store, &workspace_id, scheduled_at, (self.clock)()).await
        });
        while let Some((workspace_id, written)) = asked.next().await {
            match written {
                Ok(None) => {}
                Ok(Some(mail_id)) => {
                    summaries += 1;
                    unsent.push(MailMessage {
                        workspace_id,
                        mail_id,
                    });
                }
                Err(error) if error.is_unreadable() => {
                    tracing::error!(%workspace_id, "a workspace gets no summary of the week");
                }
                Err(error) => return Err(error),
            }
            if unsent.len() >= MAILS_AT_ONCE {
                self.queues.send_mail_messages(&unsent).await?;
                unsent.clear();
            }
        }
        self.queues.send_mail_messages(&unsent).await?;
        Ok(RoundReport::Week { summaries })
    }
}

/// Writes the summary of a workspace if it chose it, and returns the id of the mail if it is new.
async fn summary(
    store: &Store,
    workspace_id: &WorkspaceId,
    until: Timestamp,
    now: Timestamp,
) -> Result<Option<String>, StoreError> {
    let workspace = store.workspace(workspace_id).await?;
    let kind = NotificationKind::WeeklySummary;
    if !workspace.is_some_and(|workspace| workspace.notifications.sends(kind)) {
        return Ok(None);
    }
    let mail = OutboxMail::new(MailKind::WeeklySummary { until }, now);
    let is_new = store.put_mail_once(workspace_id, &mail).await?;
    Ok(is_new.then_some(mail.mail_id))
}
