//! Stops the run under way when the workspace disconnects, changes the company or switches the sync off.

use domain::{Mode, Trigger};
use domain::{RunId, WorkspaceId};
use storage::StoreError;
use storage::queues::RunMessage;

use crate::connections::Connections;

impl Connections {
    /// Takes the lease from a run under way, so that it writes nothing more, and sends the message that
    /// ends it: the end reports what the run did and sends the initial passwords that it issued.
    /// Callers first store that no further run may begin.
    ///
    /// # Errors
    /// [`StoreError`] when AWS does not answer.
    pub(crate) async fn stop_runs(&self, workspace_id: &WorkspaceId) -> Result<(), StoreError> {
        // Sent before the lease is taken away: nothing else would end a run without a lease. A message
        // that arrives too early is postponed.
        let sent = self.store.seats_and_lease(workspace_id).await?.unended;
        let asked = match sent.first() {
            Some(run_id) => self.send_end(workspace_id, run_id).await,
            None => Ok(()),
        };
        // Taken away although the queue may have failed: the run must not write what an admin stopped. It is shown as
        // under way until they try again.
        let unended = self.store.revoke_lease(workspace_id).await?;
        asked?;
        // A run that began in between.
        match unended.first().filter(|run_id| !sent.contains(run_id)) {
            Some(run_id) => self.send_end(workspace_id, run_id).await,
            None => Ok(()),
        }
    }

    async fn send_end(&self, workspace_id: &WorkspaceId, run_id: &RunId) -> Result<(), StoreError> {
        let message = RunMessage::first(
            workspace_id.clone(),
            run_id.clone(),
            Trigger::Schedule,
            Mode::Apply,
        );
        self.queues.send_run(&message, 0).await
    }
}
