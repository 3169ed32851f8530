//! 即時反映: a batch of people whom SmartHR reported as changed. What changed is read in SmartHR again; a report only says whom
//! to look at, so that one which is lost, doubled, late or forged changes nothing.
//!
//! A batch may be killed at any instruction: what it took stays taken, and the next one takes it again; what it wrote is in the
//! rows of the day's entry, which that one ends; and the night looks at everybody.
//!
//! A batch reads all users of the workspace, as a night does: who has an address, and how many are linked, is a question
//! about all of them. It ends no other run: a night that was interrupted goes on by itself.

use std::collections::BTreeSet;
use std::mem::take;

use domain::report::rows_of_rest;
use domain::{Connection, CrewId, Mode, PlanScope, Run, RunOutcome, Workspace, WorkspaceId, plan};
use jiff::Timestamp;
use smarthr::ReadCrews;
use storage::StoreError;
use storage::queues::RunMessage;
use storage::seats_and_lease::{AcquiredLease, Lease};
use tokio::time::{Duration, Instant};

use crate::apply::AppliedSteps;
use crate::continuation::last_step;
use crate::plan_and_apply::{RunWithLease, WorkOutcome};
use crate::plan_input::{ReadPeople, plan_input};
use crate::report::Report;
use crate::run::{Invocation, InvocationOutcome, RunError, Runner};
use crate::steps_shown::StepsShown;
use crate::work_error::WorkError;

/// How often a batch is taken while reports come in between.
const ATTEMPTS: u32 = 5;

/// The time limit for reading a batch in SmartHR: others of the workspace wait meanwhile.
const LONGEST_READ: Duration = Duration::from_mins(1);

/// The batch that a message asks for.
pub(crate) struct Batch<'a> {
    pub(crate) message: &'a RunMessage,
    pub(crate) workspace: &'a Workspace,
    pub(crate) connection: &'a Connection,
    pub(crate) acquired: &'a AcquiredLease,
    pub(crate) invocation: Invocation,
    /// The day's entry as it was stored; `None` if there is none yet.
    pub(crate) entry: Option<Run>,
    /// The time at which the batch was taken.
    pub(crate) at: Timestamp,
    pub(crate) taken: BTreeSet<CrewId>,
    pub(crate) taken_at: Option<Timestamp>,
}

impl Batch<'_> {
    /// Returns whether a batch before was killed before it ended the day's entry.
    pub(crate) fn goes_on(&self) -> bool {
        let entry = self.entry.as_ref();
        entry.is_some_and(|run| run.outcome == RunOutcome::Running)
    }

    pub(crate) fn id(&self) -> &WorkspaceId {
        &self.message.workspace_id
    }

    pub(crate) fn lease(&self) -> &Lease {
        &self.acquired.lease
    }
}

impl Runner {
    /// Returns the outcome of a message that asks for a batch where there is none to process: 即時反映 is off, nobody is
    /// reported, or so many are that a run looks at everybody. `None` if there is a batch.
    ///
    /// # Errors
    /// [`RunError`]; a later delivery of the message, a later batch or the night does the rest.
    pub(crate) async fn before_batch(
        &self,
        message: &RunMessage,
        connection: Option<&Connection>,
    ) -> Result<Option<InvocationOutcome>, RunError> {
        let (id, now) = (&message.workspace_id, (self.clock)());
        // Whom an admin or an engineer names is looked at although 即時反映 is off.
        let is_on = |connection: &&Connection| {
            let is_asked_for = !message.crew_ids.is_empty();
            connection.syncs_at_night() && (connection.settings.immediate || is_asked_for)
        };
        let Some(connection) = connection.filter(is_on) else {
            self.store.forget_changed_crews(id).await?;
            return Ok(Some(InvocationOutcome::NothingToDo));
        };
        let changed = if connection.settings.immediate {
            self.store.changed_crews(id).await?
        } else {
            // Whom SmartHR reported waits for the night, but not who is named.
            self.store.forget_changed_crews(id).await?;
            let named = &message.crew_ids;
            let reported = self.store.report_changed_crews(id, named, false, now);
            reported.await?
        };
        self.send_lost_whole_run(message, &changed, now).await?;
        if changed.needs_everybody(now) {
            return self.look_at_everybody(message).await.map(Some);
        }
        if changed.is_nothing(now) && !self.is_unended(message).await? {
            self.send_waiting_mails(id).await?;
            return Ok(Some(InvocationOutcome::NothingToDo));
        }
        Ok(None)
    }

    /// Processes a batch under the lease. Other runs that were interrupted go on by themselves.
    ///
    /// # Errors
    /// As [`Runner::before_batch`].
    pub(crate) async fn batch(
        &self,
        message: &RunMessage,
        workspace: &Workspace,
        connection: &Connection,
        acquired: &AcquiredLease,
        invocation: Invocation,
    ) -> Result<InvocationOutcome, RunError> {
        let (id, lease) = (&message.workspace_id, &acquired.lease);
        let at = (self.clock)();
        let Some((taken, taken_at)) = self.take_batch(id, at).await? else {
            self.store.release_lease(id, lease, &[]).await?;
            return self.look_at_everybody(message).await;
        };
        let batch = Batch {
            message,
            workspace,
            connection,
            acquired,
            invocation,
            entry: self.store.run(id, &message.run_id, Mode::Apply).await?,
            at,
            taken,
            taken_at,
        };
        if batch.goes_on() {
            self.send_waiting_mails(id).await?;
        }
        let read = if batch.taken.is_empty() {
            Ok(ReadCrews::default())
        } else {
            let until = last_step(invocation.deadline).min(Instant::now() + LONGEST_READ);
            Box::pin(self.read_reported(id, connection, &batch.taken, until)).await
        };
        match read {
            Ok(read) => self.reflect(&batch, &read).await,
            Err(WorkError::Fails(failure)) => self.leave_unread(&batch, &failure).await,
            Err(WorkError::Retry(error)) => Err(error),
        }
    }

    /// Takes what was reported, and returns it with the time since which the oldest of it is taken; `None` if everybody has to
    /// be looked at.
    async fn take_batch(
        &self,
        id: &WorkspaceId,
        now: Timestamp,
    ) -> Result<Option<(BTreeSet<CrewId>, Option<Timestamp>)>, RunError> {
        let mut attempt = 1;
        loop {
            let changed = self.store.changed_crews(id).await?;
            if changed.needs_everybody(now) {
                return Ok(None);
            }
            match self.store.take_changed_crews(id, &changed, now).await {
                Ok(taken) => return Ok(Some((taken, changed.taken_at))),
                Err(StoreError::Conflict(_)) if attempt < ATTEMPTS => attempt += 1,
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// Plans and applies what was read, and adds it to the day's entry.
    async fn reflect(
        &self,
        batch: &Batch<'_>,
        read: &ReadCrews,
    ) -> Result<InvocationOutcome, RunError> {
        let (id, lease, connection) = (batch.id(), batch.lease(), batch.connection);
        let mut shown = StepsShown::read(&self.store, id, read, (self.clock)()).await;
        let stored = self.store.all_users(id).await?;
        let scope = PlanScope::Reported {
            not_found: &read.not_found,
        };
        let people = ReadPeople {
            employees: &read.found,
            stored: &stored,
        };
        let recent = batch.acquired.deletions.recent(batch.at);
        let workspace = batch.workspace;
        let foreseen = plan(&plan_input(
            workspace, connection, scope, people, recent, batch.at,
        ));
        shown.decided(&foreseen, workspace, (self.clock)()).await;
        if foreseen.is_empty() && rows_of_rest(&foreseen).is_empty() && !batch.goes_on() {
            // Nobody of these people concerns us, and the history need not say so.
            self.store.release_taken_crews(id, &batch.taken).await?;
            let ended = std::slice::from_ref(&batch.message.run_id);
            self.store.release_lease(id, lease, ended).await?;
            shown.ended((self.clock)()).await;
            return Ok(InvocationOutcome::NothingToDo);
        }
        drop(foreseen);
        let run = self.begin_or_reopen(batch).await?;
        let work = RunWithLease {
            run: &run,
            workspace: batch.workspace,
            connection: Some(connection),
            acquired: batch.acquired,
            scope,
            at: batch.at,
            deadline: batch.invocation.deadline,
        };
        let mut applied = AppliedSteps::default();
        let done = self.apply_to(&work, connection, &read.found, stored, &mut applied);
        let report = match Box::pin(done).await {
            Ok(WorkOutcome::Finished(report)) => *report,
            Ok(WorkOutcome::OutOfTime) => {
                return self.continue_later(batch.message, lease).await;
            }
            Err(WorkError::Fails(failure)) => Report::of_failure(take(&mut applied.rows), failure),
            Err(WorkError::Retry(error)) => return Err(error),
        };
        shown.written(&report.rows);
        self.end_batch(batch, run, report, applied, shown).await
    }

    /// Stores that the day's entry is under way.
    async fn begin_or_reopen(&self, batch: &Batch<'_>) -> Result<Run, RunError> {
        let fresh = self.new_run(batch.message);
        let Some(entry) = &batch.entry else {
            let begun = self.store.begin_run(batch.id(), &fresh, batch.at).await?;
            tracing::debug!(?begun, "the day's entry begins");
            return Ok(fresh);
        };
        let run = Run {
            outcome: RunOutcome::Running,
            finished_at: None,
            password_seed: fresh.password_seed,
            ..entry.clone()
        };
        self.store
            .reopen_run(batch.id(), &run, batch.lease(), batch.at)
            .await?;
        Ok(run)
    }
}
