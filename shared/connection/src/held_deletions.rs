//! 「退職による削除を保留しました」: an admin allows or refuses the deletions that the guard held.

use domain::deletion_answers::MAX_LISTED;
use domain::{
    AuditAction, Author, Decision, DeletionDecisions, Mode, Plan, Run, RunId, TenantId, Transition,
    UserId, WorkspaceId,
};
use storage::StoreError;

use crate::connections::Connections;
use crate::decision_error::DecisionError;

impl Connections {
    /// Stores the decision for exactly the people whom the run held, or those of them who are in `only`, and returns
    /// their number. The next run applies it, and drops it for people who are no longer retired by then, so that it
    /// does not apply to a later departure. For the same reason only the newest run accepts a decision, and the entry
    /// of a day only about people who are still held. A later decision replaces an earlier one.
    ///
    /// # Errors
    /// [`DecisionError`] when the run is unknown or held nobody, or DynamoDB does not
    /// answer.
    pub async fn decide_held_deletions(
        &self,
        workspace_id: &WorkspaceId,
        run_id: &RunId,
        only: Option<&[UserId]>,
        decision: Decision,
        by: &Author,
    ) -> Result<usize, DecisionError> {
        let run = self.run_that_asks(workspace_id, run_id).await?;
        let is_day_entry = run.is_day_entry();
        let mut held = run.held;
        held.retain(|user_id| only.is_none_or(|only| only.contains(user_id)));
        if held.is_empty() {
            return Err(DecisionError::NothingHeld);
        }
        let connection = self.store.connection(workspace_id).await?;
        let action = match decision {
            Decision::Allow => AuditAction::HeldDeletionsAllowed,
            Decision::Refuse => AuditAction::HeldDeletionsRefused,
        };
        let answered = self.event(by, action).about_run(run_id);
        let mut people = 0;
        self.update(workspace_id, connection, |before| {
            let before = before.filter(|before| before.is_established());
            let before = before.ok_or(DecisionError::NothingHeld)?;
            let mut next = before.clone();
            let mut held = held.clone();
            held.retain(|user_id| !is_day_entry || next.decisions.is_about(user_id));
            if held.is_empty() {
                return Err(DecisionError::NothingHeld);
            }
            people = decide(&mut next.decisions, &held, decision);
            Ok::<_, DecisionError>(Transition::from(next).recorded([answered.clone()]))
        })
        .await?;
        Ok(people)
    }

    /// Returns the run if it accepts answers: it is the newest one, or the entry of a day's immediate changes.
    pub(crate) async fn run_that_asks(
        &self,
        workspace_id: &WorkspaceId,
        run_id: &RunId,
    ) -> Result<Run, DecisionError> {
        let newest = self.store.newest_run(workspace_id).await?;
        if let Some(run) = newest.filter(|run| run.run_id == *run_id) {
            return Ok(run);
        }
        let other = self.store.run(workspace_id, run_id, Mode::Apply).await?;
        if let Some(run) = other.as_ref().filter(|run| run.is_day_entry()) {
            return Ok(run.clone());
        }
        Err(other.map_or(DecisionError::UnknownRun, |_| DecisionError::NothingHeld))
    }

    /// Stores the people whom a plan held, so that they wait for a decision however few are retired the
    /// next night, and drops decisions that were applied. Writes nothing when nothing changes, or when
    /// another company than `tenant` is connected by now.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn record_held_deletions(
        &self,
        workspace_id: &WorkspaceId,
        tenant: &TenantId,
        plan: &Plan<'_>,
    ) -> Result<(), StoreError> {
        self.update_of_company(workspace_id, tenant, |connection| {
            connection.decisions = connection.decisions.after(plan);
        })
        .await
    }
}

/// Records the decision about the people whom a run held, and returns their number.
fn decide(decisions: &mut DeletionDecisions, held: &[UserId], decision: Decision) -> usize {
    let (answered, other) = match decision {
        Decision::Allow => (&mut decisions.allowed, &mut decisions.refused),
        Decision::Refuse => (&mut decisions.refused, &mut decisions.allowed),
    };
    let mut people = 0;
    for user_id in held {
        // People beyond the limit stay held, and can be decided about later.
        if answered.len() == MAX_LISTED && !answered.contains(user_id) {
            continue;
        }
        other.remove(user_id);
        decisions.held.remove(user_id);
        answered.insert(user_id.clone());
        people += 1;
    }
    people
}
