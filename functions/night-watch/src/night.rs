//! 02:30: has every workspace's run of this night begun?

use aws::StoreError;
use aws::integrations::IntegrationState;
use aws::runs::Trigger;
use directory::WorkspaceId;
use jiff::{SignedDuration, Timestamp};
use lambda_runtime::tracing;
use metrics::Metrics;

use crate::watch::{Found, Watch};

/// How long after the night's beginning the watch comes.
const AFTER_THE_BEGINNING: SignedDuration = SignedDuration::from_mins(30);

impl Watch {
    /// Counts the enabled workspaces without a run of this night, as `RunsNotBegun`.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub(crate) async fn night(&self, scheduled_at: Timestamp) -> Result<Found, StoreError> {
        let began_at = scheduled_at
            .checked_sub(AFTER_THE_BEGINNING)
            .unwrap_or(scheduled_at);
        let tonight = sync::run_id(began_at, Trigger::Schedule);
        let workspaces = self.store.workspaces_for_tonight().await?;
        let mut not_begun = 0_u32;
        for workspace_id in self.store.without_run(&workspaces, &tonight).await? {
            if self.should_run(&workspace_id, began_at).await? {
                tracing::error!(%workspace_id, run_id = %tonight, "the run has not begun");
                not_begun += 1;
            }
        }
        Metrics::new((self.clock)())
            .property("run_id", &tonight)
            .count("RunsNotBegun", not_begun)
            .print();
        Ok(Found::Night { not_begun })
    }

    /// Whether the workspace was to have a run at `began_at`: not one that is only being disconnected,
    /// or that was linked later in the night.
    async fn should_run(
        &self,
        workspace_id: &WorkspaceId,
        began_at: Timestamp,
    ) -> Result<bool, StoreError> {
        let integration = self.store.integration(workspace_id).await?;
        Ok(integration.is_some_and(|integration| {
            integration.state == IntegrationState::Linked
                && integration.settings.enabled
                && integration.linked_at <= began_at
        }))
    }
}
