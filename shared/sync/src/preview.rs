//! A preview: the plan of a run, reported and not applied. It takes no lease and writes only its own
//! record and log.

use domain::Connection;
use domain::report::row_of_change;
use domain::{PlanInput, RunFailure, Workspace, plan};
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
        let report = match self.plan_preview(workspace, connection, deadline).await {
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
        deadline: Instant,
    ) -> Result<Report, WorkError> {
        let connection = connection.ok_or(RunFailure::NotConnected)?;
        let id = &workspace.workspace_id;
        let (employees, _) = self.read_smarthr(id, connection, deadline).await?;
        let stored = self.store.all_users(id).await?;
        let plan = plan(&PlanInput {
            workspace,
            settings: &connection.settings,
            tenant: &connection.company.tenant_id,
            employees: &employees,
            users: &stored.users,
            unreadable_users: &stored.unreadable,
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
