//! A preview: the plan of a run, reported and not applied. It takes no lease and writes only its own record and log.
//! One that names people shows what an immediate run would do for them. One with proposed settings shows what saving
//! them would do.

use std::collections::BTreeSet;

use connection::known_item_ids;
use domain::report::row_of_change;
use domain::{
    Connection, CrewId, PlanInput, PlanScope, Run, RunFailure, SettingsEffect, Workspace, plan,
};
use storage::queues::RunMessage;
use tokio::time::Instant;

use crate::begin_run::BegunRun;
use crate::plan_input::{ReadPeople, plan_input};
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
        let mut run = match self.begin(message).await? {
            BegunRun::Unfinished(run, _) => run,
            BegunRun::Ended(run) => return Ok(InvocationOutcome::EndedBefore(run)),
        };
        let crews: BTreeSet<CrewId> = message.crew_ids.iter().cloned().collect();
        let report = match self
            .plan_preview(&mut run, workspace, connection, &crews, deadline)
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
        run: &mut Run,
        workspace: &Workspace,
        connection: Option<&Connection>,
        crews: &BTreeSet<CrewId>,
        deadline: Instant,
    ) -> Result<Report, WorkError> {
        let connection = connection.ok_or(RunFailure::NotConnected)?;
        if let Some(proposed) = run.proposed.as_deref_mut() {
            proposed.instead_of = Some(connection.settings.clone());
        }
        let id = &workspace.workspace_id;
        let read;
        let proposed = run.proposed.as_deref().map(|it| it.settings.clone());
        let (employees, scope) = if crews.is_empty() {
            let everybody = if proposed.is_some() {
                let items = known_item_ids(connection.items.as_ref());
                self.read_with_items(id, connection, items, deadline)
                    .await?
            } else {
                self.read_smarthr(id, connection, deadline).await?.0
            };
            (everybody, PlanScope::Everybody)
        } else {
            read = self.read_reported(id, connection, crews, deadline).await?;
            let not_found = &read.not_found;
            (read.found, PlanScope::Reported { not_found })
        };
        let deletions = self.store.seats_and_lease(id).await?.deletions;
        let stored = self.store.all_users(id).await?;
        let people = ReadPeople {
            employees: &employees,
            stored: &stored,
        };
        let now = (self.clock)();
        let recent = deletions.recent(now);
        let plan = plan(&PlanInput {
            settings: proposed.as_ref().unwrap_or(&connection.settings),
            ..plan_input(workspace, connection, scope, people, recent, now)
        });
        if let Some(proposed) = run.proposed.as_deref_mut() {
            proposed.effect = Some(SettingsEffect::of(&plan, &connection.settings));
        }
        let rows = plan
            .changes
            .iter()
            .map(|change| row_of_change(change, workspace))
            .collect();
        Ok(Report::of_plan(rows, &plan))
    }
}
