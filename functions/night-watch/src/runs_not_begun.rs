//! 02:30: reports workspaces whose run of this night has not begun.

use domain::{Trigger, WorkspaceId};
use jiff::{SignedDuration, Timestamp};
use lambda::metrics::Metrics;
use storage::{Store, StoreError};
use tokio::task::JoinSet;

use crate::watch::{RoundReport, Watch};

/// The time between the scheduled start of the runs and this round.
const AFTER_START: SignedDuration = SignedDuration::from_mins(30);

/// The number of workspaces that are looked up at the same time.
const AT_ONCE: usize = 20;

impl Watch {
    /// Counts the enabled workspaces without a run of this night, as `RunsNotBegun`.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub(crate) async fn find_runs_not_begun(
        &self,
        scheduled_at: Timestamp,
    ) -> Result<RoundReport, StoreError> {
        let start = scheduled_at
            .checked_sub(AFTER_START)
            .unwrap_or(scheduled_at);
        let tonight = domain::run_id(start, Trigger::Schedule);
        let workspaces = self.store.workspaces_for_tonight().await?;
        let without = self
            .store
            .workspaces_without_run(&workspaces, &tonight)
            .await?;
        let mut not_begun = 0_u32;
        for some in without.chunks(AT_ONCE) {
            let mut asked = JoinSet::new();
            for workspace_id in some.iter().cloned() {
                let (store, now) = (self.store.clone(), (self.clock)());
                asked.spawn(async move {
                    let is_missed = is_missed(&store, &workspace_id, start, now).await;
                    is_missed.map(|is_missed| is_missed.then_some(workspace_id))
                });
            }
            for missed in asked.join_all().await {
                if let Some(workspace_id) = missed? {
                    tracing::error!(%workspace_id, run_id = %tonight, "the run has not begun");
                    not_begun += 1;
                }
            }
        }
        Metrics::new((self.clock)())
            .property("run_id", &tonight)
            .count("RunsNotBegun", not_begun)
            .print();
        Ok(RoundReport::Night { not_begun })
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
