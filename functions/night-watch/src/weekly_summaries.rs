//! Every Monday: asks for 週次サマリー of the workspaces that chose it.

use domain::{MailKind, NotificationKind, OutboxMail, WorkspaceId};
use jiff::Timestamp;
use storage::{Store, StoreError};

use crate::of_each::{AT_ONCE, of_each};
use crate::watch::{RoundReport, Watch};

impl Watch {
    /// Writes the summary of the week before `scheduled_at` once for each workspace that chose it, those included that no run
    /// syncs any more. A workspace that cannot be read gets none.
    ///
    /// # Errors
    /// [`StoreError`] when the database or the queue does not answer; a repeated round writes the rest.
    pub(crate) async fn write_weekly_summaries(
        &self,
        scheduled_at: Timestamp,
    ) -> Result<RoundReport, StoreError> {
        let mut workspaces = self.store.workspaces_for_tonight().await?;
        workspaces.extend(self.store.stopped_workspaces().await?);
        let mut summaries = 0;
        for some in workspaces.chunks(AT_ONCE) {
            let asked = of_each(some, |workspace_id| {
                let (store, now) = (self.store.clone(), (self.clock)());
                async move { summary(&store, &workspace_id, scheduled_at, now).await }
            });
            for (workspace_id, written) in asked.await {
                match written {
                    Ok(None) => {}
                    Ok(Some(mail_id)) => {
                        summaries += 1;
                        self.queues.send_mails(&workspace_id, &[mail_id]).await?;
                    }
                    Err(error) if error.is_unreadable() => {
                        tracing::error!(%workspace_id, "a workspace gets no summary of the week");
                    }
                    Err(error) => return Err(error),
                }
            }
        }
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
