//! A preview: the plan of a run, reported and not applied. It takes no lease and writes nothing but
//! its own record and log.

use domain::Connection;
use domain::report::row_of_change;
use domain::{PlanInput, RunFailure, Workspace, plan};
use storage::queues::RunMessage;
use tokio::time::Instant;

use crate::begin::Beginning;
use crate::finalize::Report;
use crate::run::{Done, RunError, Runner};

impl Runner {
    /// Does the preview that `message` asks for.
    ///
    /// # Errors
    /// [`RunError`] when it could not be written.
    pub(crate) async fn preview(
        &self,
        message: &RunMessage,
        workspace: &Workspace,
        connection: Option<&Connection>,
        deadline: Instant,
    ) -> Result<Done, RunError> {
        let id = &message.workspace_id;
        let run = match self.begin(message).await? {
            Beginning::UnderWay(run, _) => run,
            Beginning::Over(run) => return Ok(Done::Before(run)),
        };
        let report = self.foresee(workspace, connection, deadline).await?;
        let (ended, _) = self
            .finalizer(id, false)
            .end(run, report, connection, None, (self.clock)())
            .await?;
        Ok(Done::Ended(ended))
    }

    async fn foresee(
        &self,
        workspace: &Workspace,
        connection: Option<&Connection>,
        deadline: Instant,
    ) -> Result<Report, RunError> {
        let Some(connection) = connection else {
            return Ok(Report::of_failure(Vec::new(), RunFailure::NotConnected));
        };
        let source = match self.read_smarthr(workspace, connection, deadline).await? {
            Ok(source) => source,
            Err(failure) => return Ok(Report::of_failure(Vec::new(), failure)),
        };
        let users = self.store.users(&workspace.workspace_id).await?;
        let planned = plan(&PlanInput {
            workspace,
            settings: &source.settings,
            tenant: &connection.company.tenant_id,
            employees: &source.employees,
            users: &users,
            decisions: &connection.decisions,
            now: (self.clock)(),
        });
        Ok(match planned {
            Ok(plan) => {
                let rows = plan
                    .changes
                    .iter()
                    .map(|change| row_of_change(change, workspace))
                    .collect();
                Report::of_plan(rows, &plan)
            }
            Err(failure) => Report::of_failure(Vec::new(), failure),
        })
    }
}
