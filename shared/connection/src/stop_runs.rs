//! A link that ends, or changes hands, takes the run under way with it.

use domain::{Mode, Trigger};
use domain::{RunId, WorkspaceId};
use storage::StoreError;
use storage::queues::RunMessage;

use crate::connections::Connections;

impl Connections {
    /// Takes the lease from a run under way, so that it writes nothing any more, and asks for its
    /// end: what it did is reported, and the initial passwords it made are sent. Called after the
    /// record says that no further run may begin.
    ///
    /// # Errors
    /// [`StoreError`] when AWS does not answer.
    pub(crate) async fn stop_runs(&self, workspace_id: &WorkspaceId) -> Result<(), StoreError> {
        // Asked for before the lease is taken away: nobody else would ask for the end of a run that
        // finds itself without one. A message that comes too early waits.
        let asked = self.store.seats_and_lease(workspace_id).await?.unended;
        if let Some(run_id) = asked.first() {
            self.ask_for_end(workspace_id, run_id).await?;
        }
        let unended = self.store.revoke_lease(workspace_id).await?;
        // One that began in between.
        match unended.first().filter(|run_id| !asked.contains(run_id)) {
            Some(run_id) => self.ask_for_end(workspace_id, run_id).await,
            None => Ok(()),
        }
    }

    async fn ask_for_end(
        &self,
        workspace_id: &WorkspaceId,
        run_id: &RunId,
    ) -> Result<(), StoreError> {
        let message = RunMessage {
            workspace_id: workspace_id.clone(),
            run_id: run_id.clone(),
            trigger: Trigger::Schedule,
            mode: Mode::Apply,
            continuation: 0,
        };
        self.queues.send_run(&message, 0).await
    }
}
