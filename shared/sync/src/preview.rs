//! A preview: the plan of a run, reported and not applied. It takes no lease and writes only its own
//! record and log. One that names people shows what an immediate run would do for them.

use std::collections::BTreeSet;

use domain::report::row_of_change;
use domain::{Connection, CrewId, PlanInput, PlanScope, RunFailure, Workspace, plan};
use storage::queues::RunMessage;
use tokio::time::Instant;

use crate::begin_run::BegunRun;
use crate::report::Report;
use crate::run::{InvocationOutcome, RunError, Runner};
use crate::work_error::WorkError;

impl Runner {
    /// Processes the preview that `message` asks for.
    ///
    /// # Errors
    /// [`RunError`] when the preview could not be written.
    pub(crate) async fn preview(
        &self,
        message: &RunMessage,
        workspace: &Workspace,
        connection: Option<&Connection>,
        deadline: Instant,
    ) -> Result<InvocationOutcome, RunError> {
        let id = &message.workspace_id;
        let run = match self.begin(message).await? {
            BegunRun::Unfinished(run, _) => run,
            BegunRun::Ended(run) => return Ok(InvocationOutcome::EndedBefore(run)),
        };
        let crews: BTreeSet<CrewId> = message.crew_ids.iter().cloned().collect();
        let report = match self
            .plan_preview(workspace, connection, &crews, deadline)
            .await
        {
            Ok(report) => report,
            Err(WorkError::Fails(failure)) => Report::of_failure(Vec::new(), failure),
            Err(WorkError::Retry(error)) => return Err(error),
        };
        let (ended, _) = self
            .finalizer(id, false)
            .end(run, report, connection, None, (self.clock)())
            .await?;
        Ok(InvocationOutcome::Ended(ended))
    }

    async fn plan_preview(
        &self,
        workspace: &Workspace,
        connection: Option<&Connection>,
        crews: &BTreeSet<CrewId>,
        deadline: Instant,
    ) -> Result<Report, WorkError> {
        let connection = connection.ok_or(RunFailure::NotConnected)?;
        let id = &workspace.workspace_id;
        let read;
        let (employees, scope) = if crews.is_empty() {
            let (everybody, _) = self.read_smarthr(id, connection, deadline).await?;
            (everybody, PlanScope::Everybody)
        } else {
            read = self.read_reported(id, connection, crews, deadline).await?;
            let not_found = &read.not_found;
            (read.found, PlanScope::Reported { not_found })
        };
        let deletions = self.store.seats_and_lease(id).await?.deletions;
        let stored = self.store.all_users(id).await?;
        let plan = plan(&PlanInput {
            workspace,
            settings: &connection.settings,
            tenant: &connection.company.tenant_id,
            scope,
            employees: &employees,
            users: &stored.users,
            unreadable_users: &stored.unreadable,
            recent_deletions: deletions.recent((self.clock)()),
            decisions: &connection.decisions,
            account_answers: &connection.account_answers,
            asked: &connection.asked_account_changes,
            now: (self.clock)(),
        });
        let rows = plan
            .changes
            .iter()
            .map(|change| row_of_change(change, workspace))
            .collect();
        Ok(Report::of_plan(rows, &plan))
    }
}
