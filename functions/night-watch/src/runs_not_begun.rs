//! 02:30, and an hour later: reports workspaces whose run of this night has not begun and is not in the queue.

use domain::{Trigger, WorkspaceId};
use futures_util::StreamExt;
use jiff::Timestamp;
use lambda::metrics::Metrics;
use storage::{Store, StoreError};

use crate::of_each::of_each;
use crate::watch::Watch;

/// The runs of the night that should have begun and have not.
#[derive(Debug, Default)]
pub(crate) struct NotBegun {
    /// The number of runs.
    pub(crate) runs: u32,
    /// The number of those whose workspace has a record that cannot be read.
    pub(crate) unreadable: u32,
    /// The number of runs whose message waits.
    pub(crate) in_queue: u32,
}

impl NotBegun {
    /// Measures all runs that have not begun, those whose message waits included, as `RunsLate`: SQS's age of the
    /// oldest message counts no message that was received more than three times.
    pub(crate) fn print_runs_late(&self, now: Timestamp) {
        let late = self.runs.saturating_add(self.in_queue);
        Metrics::new(now).count("RunsLate", late).print();
    }
}

impl Watch {
    /// Counts the enabled workspaces of which there is neither a run of this night nor a message that asks for one, as
    /// `RunsNotBegun`. SQS only tells how many messages its queue holds: what these do not account for is missing. In a
    /// long night the round an hour later finds what they hid.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub(crate) async fn find_runs_not_begun(
        &self,
        start: Timestamp,
    ) -> Result<NotBegun, StoreError> {
        let tonight = domain::run_id(start, Trigger::Schedule);
        // Before it is looked who is without a run: messages turn into runs meanwhile, and not the other way round.
        let messages = self.queues.run_messages().await?;
        let workspaces = self.store.workspaces_for_tonight().await?;
        let without = self
            .store
            .workspaces_without_run(&workspaces, &tonight)
            .await?;
        let mut not_begun = NotBegun::default();
        let mut missed = Vec::new();
        let mut asked = of_each(without, |workspace_id| async move {
            is_missed(&self.store, &workspace_id, start, (self.clock)()).await
        });
        while let Some((workspace_id, is_missed)) = asked.next().await {
            match is_missed {
                Ok(false) => {}
                Ok(true) => missed.push(workspace_id),
                Err(error) if error.is_unreadable() => {
                    not_begun.unreadable += 1;
                    let reason = "unreadable";
                    tracing::error!(%workspace_id, run_id = %tonight, reason, "the run has not begun");
                }
                Err(error) => return Err(error),
            }
        }
        let without_message = (missed.len() as u64).saturating_sub(messages);
        if without_message > 0 {
            for workspace_id in &missed {
                let reason = "unknown";
                tracing::error!(%workspace_id, run_id = %tonight, reason, "the run has not begun");
            }
        } else if !missed.is_empty() {
            let (runs, messages) = (missed.len(), messages);
            tracing::warn!(runs, messages, "runs wait for their turn");
        }
        let without_message = u32::try_from(without_message).unwrap_or(u32::MAX);
        let missed = u32::try_from(missed.len()).unwrap_or(u32::MAX);
        not_begun.in_queue = missed.saturating_sub(without_message);
        not_begun.runs = without_message.saturating_add(not_begun.unreadable);
        Metrics::new((self.clock)())
            .property("run_id", &tonight)
            .count("RunsNotBegun", not_begun.runs)
            .print();
        Ok(not_begun)
    }
}

/// Returns whether the workspace should have had a run at `start` and none is under way. It should not
/// if it is being disconnected, or was connected or enabled later in the night; and its run may be
/// waiting for one that an admin started.
async fn is_missed(
    store: &Store,
    workspace_id: &WorkspaceId,
    start: Timestamp,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let connection = store.connection(workspace_id).await?;
    let should_run = connection.is_some_and(|connection| {
        connection.syncs_at_night()
            && connection.connected_at <= start
            && connection.switched_at.is_none_or(|at| at <= start)
    });
    Ok(should_run
        && store
            .seats_and_lease(workspace_id)
            .await?
            .running(now)
            .is_none())
}
