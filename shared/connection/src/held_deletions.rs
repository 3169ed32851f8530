//! 「退職による削除を保留しました」: an admin allows or refuses what the deletion guard held.

use domain::guard::MAX_LISTED;
use domain::{ConnectionState, Decision, Mode, Plan, RunId, TenantId, WorkspaceId};
use storage::StoreError;

use crate::connections::Connections;

/// Why nothing was decided.
#[derive(Debug, thiserror::Error)]
pub enum DecideHeldDeletionsError {
    /// There is no such run.
    #[error("there is no such run")]
    UnknownRun,
    /// The run held nobody, a newer one has come to them, or the workspace is no longer linked.
    #[error("nothing is held")]
    NothingHeld,
    /// Database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Connections {
    /// Remembers the answer for exactly the people whom the run held, and gives how many they are. The
    /// next run acts on it, and drops it for whoever is no longer retired by then, so that it says
    /// nothing about a later departure. Only the newest run asks: an answer on an old page would be such
    /// a word about a later departure. The last answer counts.
    ///
    /// # Errors
    /// [`DecideHeldDeletionsError`].
    pub async fn decide_held_deletions(
        &self,
        workspace_id: &WorkspaceId,
        run_id: &RunId,
        decision: Decision,
    ) -> Result<usize, DecideHeldDeletionsError> {
        let newest = self.store.newest_run(workspace_id).await?;
        let Some(run) = newest.filter(|run| run.run_id == *run_id) else {
            let older = self.store.run(workspace_id, run_id, Mode::Apply).await?;
            return Err(older.map_or(DecideHeldDeletionsError::UnknownRun, |_| {
                DecideHeldDeletionsError::NothingHeld
            }));
        };
        if run.held.is_empty() {
            return Err(DecideHeldDeletionsError::NothingHeld);
        }
        self.update(workspace_id, |link| {
            if link.state == ConnectionState::Disconnecting
                || link.state == ConnectionState::Disconnected
            {
                return Err(DecideHeldDeletionsError::NothingHeld);
            }
            let decisions = &mut link.decisions;
            let (answered, other) = match decision {
                Decision::Allow => (&mut decisions.allowed, &mut decisions.refused),
                Decision::Refuse => (&mut decisions.refused, &mut decisions.allowed),
            };
            let mut people = 0;
            for user_id in &run.held {
                // Whoever does not fit in stays held, and can be answered later.
                if answered.len() == MAX_LISTED && !answered.contains(user_id) {
                    continue;
                }
                other.remove(user_id);
                decisions.held.remove(user_id);
                answered.insert(user_id.clone());
                people += 1;
            }
            Ok(people)
        })
        .await?
        .ok_or(DecideHeldDeletionsError::NothingHeld)
    }

    /// Remembers whom an applied plan held, so that they wait for an answer however few are retired
    /// the next night, and forgets answers that were acted on. Nothing is written when nothing
    /// changes, or when the link has gone to another company than `tenant` meanwhile.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn record_held_deletions(
        &self,
        workspace_id: &WorkspaceId,
        tenant: &TenantId,
        plan: &Plan<'_>,
    ) -> Result<(), StoreError> {
        self.update(workspace_id, |link| {
            if link.company.tenant_id == *tenant {
                link.decisions = link.decisions.after(plan);
            }
            Ok(())
        })
        .await
        .map(|_: Option<()>| ())
    }
}
