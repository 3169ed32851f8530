//! 02:30: has every workspace's run of this night begun?

use domain::ConnectionState;
use domain::Trigger;
use domain::WorkspaceId;
use jiff::{SignedDuration, Timestamp};
use lambda::metrics::Metrics;
use storage::Store;
use storage::StoreError;
use tokio::task::JoinSet;

use crate::watch::{Found, Watch};

/// How long after the night's beginning the watch comes.
const AFTER_THE_BEGINNING: SignedDuration = SignedDuration::from_mins(30);

/// How many workspaces are asked about at the same time.
const AT_ONCE: usize = 20;

impl Watch {
    /// Counts the enabled workspaces without a run of this night, as `RunsNotBegun`.
    ///
    /// # Errors
    /// [`StoreError`] when the database does not answer.
    pub(crate) async fn night(&self, scheduled_at: Timestamp) -> Result<Found, StoreError> {
        let began_at = scheduled_at
            .checked_sub(AFTER_THE_BEGINNING)
            .unwrap_or(scheduled_at);
        let tonight = domain::run_id(began_at, Trigger::Schedule);
        let workspaces = self.store.workspaces_for_tonight().await?;
        let without = self.store.without_run(&workspaces, &tonight).await?;
        let mut not_begun = 0_u32;
        for some in without.chunks(AT_ONCE) {
            let mut asked = JoinSet::new();
            for workspace_id in some.iter().cloned() {
                let (store, now) = (self.store.clone(), (self.clock)());
                asked.spawn(async move {
                    let is_missed = is_missed(&store, &workspace_id, began_at, now).await;
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
        Ok(Found::Night { not_begun })
    }
}

/// Whether the workspace was to have a run at `began_at` and nothing is under way: not one that is only
/// being disconnected, or that was linked or switched on later in the night, and not one whose run
/// waits for one that an admin started.
async fn is_missed(
    store: &Store,
    workspace_id: &WorkspaceId,
    began_at: Timestamp,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let connection = store.connection(workspace_id).await?;
    let should_run = connection.is_some_and(|connection| {
        connection.state == ConnectionState::Connected
            && connection.settings.enabled
            && connection.linked_at <= began_at
            && connection.enabled_at.is_none_or(|at| at <= began_at)
    });
    Ok(should_run
        && store
            .seats_and_lease(workspace_id)
            .await?
            .running(now)
            .is_none())
}
