//! 02:30: reports workspaces whose run of this night has not begun.

use domain::{Trigger, WorkspaceId};
use jiff::{SignedDuration, Timestamp};
use lambda::metrics::Metrics;
use storage::{Store, StoreError};
use tokio::task::JoinSet;

use crate::watch::Watch;

/// The time between the scheduled start of the runs and this round.
const AFTER_START: SignedDuration = SignedDuration::from_mins(30);

/// The number of workspaces that are looked up at the same time.
const AT_ONCE: usize = 20;

/// The runs of the night that should have begun and have not.
#[derive(Debug, Default)]
pub(crate) struct NotBegun {
    /// The number of runs.
    pub(crate) runs: u32,
    /// The number of those whose workspace has a record that cannot be read.
    pub(crate) unreadable: u32,
}

impl Watch {
    /// Counts the enabled workspaces without a run of this night, as `RunsNotBegun`.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub(crate) async fn find_runs_not_begun(
        &self,
        scheduled_at: Timestamp,
    ) -> Result<NotBegun, StoreError> {
        let start = scheduled_at
            .checked_sub(AFTER_START)
            .unwrap_or(scheduled_at);
        let tonight = domain::run_id(start, Trigger::Schedule);
        let workspaces = self.store.workspaces_for_tonight().await?;
        let without = self
            .store
            .workspaces_without_run(&workspaces, &tonight)
            .await?;
        let mut not_begun = NotBegun::default();
        for some in without.chunks(AT_ONCE) {
            let mut asked = JoinSet::new();
            for workspace_id in some.iter().cloned() {
                let (store, now) = (self.store.clone(), (self.clock)());
                asked.spawn(async move {
                    let is_missed = is_missed(&store, &workspace_id, start, now).await;
                    (workspace_id, is_missed)
                });
            }
            for (workspace_id, is_missed) in asked.join_all().await {
                let reason = match is_missed {
                    Ok(false) => continue,
                    Ok(true) => "unknown",
                    Err(error) if error.is_unreadable() => {
                        not_begun.unreadable += 1;
                        "unreadable"
                    }
                    Err(error) => return Err(error),
                };
                tracing::error!(%workspace_id, run_id = %tonight, reason, "the run has not begun");
                not_begun.runs += 1;
            }
        }
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
        connection.is_connected()
            && connection.settings.enabled
            && connection.linked_at <= start
            && connection.enabled_at.is_none_or(|at| at <= start)
    });
    Ok(should_run
        && store
            .seats_and_lease(workspace_id)
            .await?
            .running(now)
            .is_none())
}
