//! 週次サマリー: what the stored runs of a week did.

use domain::{NotificationKind, Run, WEEK, WeekCounts, Workspace, WorkspaceId};
use jiff::Timestamp;
use mail::{MailName, WeeklySummary};
use storage::StoreError;

use crate::deliver_once::Delivery;
use crate::error::DeliveryError;
use crate::render::Rendered;

/// The number of runs that are read at once; most weeks have fewer.
const PAGE: i32 = 50;

impl Delivery {
    /// Renders the summary of the week before `until`, unless nothing ran.
    pub(crate) async fn weekly_summary(
        &self,
        workspace: &Workspace,
        until: Timestamp,
    ) -> Result<Rendered, DeliveryError> {
        let Some(counts) = self.week_counts(&workspace.workspace_id, until).await? else {
            return Ok(Rendered::Dropped("nothing ran in the week"));
        };
        let mail = WeeklySummary {
            workspace_name: MailName::new(&workspace.name),
            until,
            counts,
            history_url: &self.history_url(),
        };
        self.to_recipients(workspace, NotificationKind::WeeklySummary, |from, to| {
            mail.mail(from, to)
        })
        .await
    }

    /// Counts the runs of the week before `until`; `None` if nothing ran.
    pub(crate) async fn week_counts(
        &self,
        workspace_id: &WorkspaceId,
        until: Timestamp,
    ) -> Result<Option<WeekCounts>, StoreError> {
        let since = until.checked_sub(WEEK).unwrap_or(until);
        let mut runs: Vec<Run> = Vec::new();
        loop {
            let before = runs.last().map(|run| run.run_id.clone());
            let page = self.store.runs(workspace_id, before.as_ref(), PAGE).await?;
            let is_last = page.last().is_none_or(|run| run.started_at < since);
            runs.extend(page);
            if is_last {
                return Ok(WeekCounts::of(&runs, until));
            }
        }
    }
}
