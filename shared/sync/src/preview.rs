//! A preview: the plan of a run, reported and not applied. It takes no lease and writes nothing but
//! its own record and log.

use aws::integrations::Integration;
use aws::queues::RunMessage;
use directory::report::row_of_change;
use directory::{PlanInput, RunFailure, Workspace, plan};
use tokio::time::Instant;

use crate::begin::Beginning;
use crate::end::Report;
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
        integration: Option<&Integration>,
        deadline: Instant,
    ) -> Result<Done, RunError> {
        let id = &message.workspace_id;
        let run = match self.begin(message).await? {
            Beginning::UnderWay(run, _) => run,
            Beginning::Over(run) => return Ok(Done::Before(run)),
        };
        let report = self.foresee(workspace, integration, deadline).await?;
        let (ended, _) = self
            .ender(id, false)
            .end(run, report, integration, None, (self.clock)())
            .await?;
        Ok(Done::Ended(ended))
    }

    async fn foresee(
        &self,
        workspace: &Workspace,
        integration: Option<&Integration>,
        deadline: Instant,
    ) -> Result<Report, RunError> {
        let Some(integration) = integration else {
            return Ok(Report::of_failure(Vec::new(), RunFailure::NotLinked));
        };
        let source = match self.read_smarthr(workspace, integration, deadline).await? {
            Ok(source) => source,
            Err(failure) => return Ok(Report::of_failure(Vec::new(), failure)),
        };
        let users = self.store.users(&workspace.workspace_id).await?;
        let planned = plan(&PlanInput {
            workspace,
            settings: &source.settings,
            tenant: &integration.company.tenant_id,
            employees: &source.employees,
            users: &users,
            decisions: &integration.decisions,
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
