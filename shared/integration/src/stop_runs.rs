//! A link that ends, or changes hands, takes the run under way with it.

use aws::StoreError;
use aws::queues::RunMessage;
use aws::runs::{Mode, Trigger};
use directory::WorkspaceId;

use crate::integrations::Integrations;

impl Integrations {
    /// Takes the lease from a run under way, so that it writes nothing any more, and asks for its
    /// end: what it did is reported, and the initial passwords it made are sent. Called after the
    /// record says that no further run may begin.
    ///
    /// # Errors
    /// [`StoreError`] when AWS does not answer.
    pub(crate) async fn stop_runs(&self, workspace_id: &WorkspaceId) -> Result<(), StoreError> {
        let unended = self.store.break_lease(workspace_id).await?;
        let Some(run_id) = unended.into_iter().next() else {
            return Ok(());
        };
        let message = RunMessage {
            workspace_id: workspace_id.clone(),
            run_id,
            trigger: Trigger::Schedule,
            mode: Mode::Apply,
            continuation: 0,
        };
        self.queues.send_run(&message, 0).await
    }
}
