//! 即時反映: a batch of people whom SmartHR reported as changed. What changed is read in SmartHR again; a report only says whom
//! to look at, so that one which is lost, doubled, late or forged changes nothing.
//!
//! A batch may be killed at any instruction: what it took stays taken, and the next one takes it again; what it wrote is in the
//! rows of the day's entry, which that one ends; and the night looks at everybody.

use std::collections::BTreeSet;
use std::mem::take;

use domain::report::rows_of_rest;
use domain::{
    Connection, CrewId, Mode, PlanScope, Run, RunFailure, RunOutcome, Workspace, WorkspaceId, plan,
};
use jiff::{SignedDuration, Timestamp};
use smarthr::ReadCrews;
use storage::StoreError;
use storage::queues::RunMessage;
use storage::seats_and_lease::{AcquiredLease, Lease};
use storage::transaction::{Commit, Step};
use tokio::time::{Duration, Instant};

use crate::apply::AppliedSteps;
use crate::continuation::last_step;
use crate::day_entry::{is_change, rows_of_day};
use crate::lease_renewal::LeaseRenewal;
use crate::plan_and_apply::{RunWithLease, WorkOutcome};
use crate::plan_input::{ReadPeople, plan_input};
use crate::report::Report;
use crate::run::{Invocation, InvocationOutcome, RunError, Runner, is_same_connection};
use crate::steps_shown::StepsShown;
use crate::work_error::WorkError;

/// How often a batch is taken while reports come in between.
const ATTEMPTS: u32 = 5;

/// The time limit for reading a batch in SmartHR: others of the workspace wait meanwhile.
const LONGEST_READ: Duration = Duration::from_mins(1);

/// How long a batch that SmartHR does not answer waits before it is tried again.
const AGAIN_AFTER: SignedDuration = SignedDuration::from_mins(5);

/// How long a batch is tried again. The night does what is left.
const GIVEN_UP_AFTER: SignedDuration = SignedDuration::from_hours(1);

/// The batch that a message asks for.
struct Batch<'a> {
    message: &'a RunMessage,
    workspace: &'a Workspace,
    connection: &'a Connection,
    acquired: &'a AcquiredLease,
    invocation: Invocation,
    /// The day's entry as it was stored; `None` if there is none yet.
    entry: Option<Run>,
    /// The time at which the batch was taken.
    at: Timestamp,
    taken: BTreeSet<CrewId>,
    taken_at: Option<Timestamp>,
}

impl Batch<'_> {
    /// Returns whether a batch before was killed before it ended the day's entry.
    fn goes_on(&self) -> bool {
        let entry = self.entry.as_ref();
        entry.is_some_and(|run| run.outcome == RunOutcome::Running)
    }

    fn id(&self) -> &WorkspaceId {
        &self.message.workspace_id
    }

    fn lease(&self) -> &Lease {
        &self.acquired.lease
    }
}

impl Runner {
    /// Looks at the people whom SmartHR reported since the last batch.
    ///
    /// # Errors
    /// [`RunError`]; a later delivery of the message, a later batch or the night does the rest.
    pub(crate) async fn immediate(
        &self,
        message: &RunMessage,
        workspace: &Workspace,
        connection: Option<&Connection>,
        invocation: Invocation,
    ) -> Result<InvocationOutcome, RunError> {
        let (id, now) = (&message.workspace_id, (self.clock)());
        // Whom an admin or an engineer names is looked at although 即時反映 is off.
        let is_on = |connection: &&Connection| {
            let is_asked_for = !message.crew_ids.is_empty();
            connection.syncs_at_night() && (connection.settings.immediate || is_asked_for)
        };
        let Some(connection) = connection.filter(is_on) else {
            self.store.forget_changed_crews(id).await?;
            return Ok(InvocationOutcome::NothingToDo);
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
            return self.look_at_everybody(message).await;
        }
        if changed.is_nothing(now) && !self.is_unended(message).await? {
            self.send_waiting_mails(id).await?;
            return Ok(InvocationOutcome::NothingToDo);
        }
        let acquired = self
            .store
            .acquire_lease(id, &message.run_id, message.continuation, now)
            .await?;
        let Some(acquired) = acquired else {
            return self.postpone(message).await;
        };
        let batch = self.batch(message, workspace, connection, &acquired, invocation);
        match Box::pin(batch).await {
            Err(RunError::Store(StoreError::Fenced)) => {
                tracing::warn!("another invocation has the lease");
                self.postpone(message).await
            }
            Err(error) => {
                let released = self.store.release_lease(id, &acquired.lease, &[]).await;
                if let Err(error) = released {
                    tracing::warn!(%error, "the lease was not released and will expire");
                }
                Err(error)
            }
            Ok(outcome) => Ok(outcome),
        }
    }

    /// Processes a batch under the lease. Other runs that were interrupted go on by themselves.
    async fn batch(
        &self,
        message: &RunMessage,
        workspace: &Workspace,
        connection: &Connection,
        acquired: &AcquiredLease,
        invocation: Invocation,
    ) -> Result<InvocationOutcome, RunError> {
        let (id, lease) = (&message.workspace_id, &acquired.lease);
        let present = self.store.connection(id).await?;
        let Some(connection) = present
            .as_ref()
            .filter(|present| is_same_connection(Some(connection), Some(present)))
        else {
            tracing::info!("the connection or its settings changed while the lease was acquired");
            self.store.release_lease(id, lease, &[]).await?;
            return self.postpone(message).await;
        };
        let _renewal =
            LeaseRenewal::start(self.store.clone(), id.clone(), lease.clone(), self.clock);
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

    /// Ends a batch whose changes are written: stores the rest of its rows, and adds all of them to the day's entry.
    async fn end_batch(
        &self,
        batch: &Batch<'_>,
        run: Run,
        mut report: Report,
        mut applied: AppliedSteps,
        mut shown: StepsShown<'_>,
    ) -> Result<InvocationOutcome, RunError> {
        let (id, lease, now) = (batch.id(), batch.lease(), (self.clock)());
        let mut rest = report.rows.clone();
        rest.retain(|row| row.at.is_none());
        let changed = report.rows.iter().filter(|row| is_change(row)).count();
        if !rest.is_empty() {
            let count = |people: usize| u32::try_from(people).unwrap_or(u32::MAX);
            for row in &mut rest {
                row.at = Some(now);
            }
            let commit = Commit {
                step: Some(Step {
                    lease,
                    people_before: count(report.rows.len() - rest.len()),
                    total: count(report.rows.len()),
                    rows: rest,
                    deletions: None,
                    changed_by_day: 0,
                }),
                ..Commit::default()
            };
            self.store.commit(id, &commit, now).await?;
        }
        self.put_off(batch.message, &take(&mut report.put_off), now)
            .await?;
        self.store.release_taken_crews(id, &batch.taken).await?;
        let rows = self.store.rows(id, &run.run_id).await?;
        if let Some(error) = rows.missing {
            tracing::error!(%error, "the day's entry goes on without its unreadable rows");
        }
        let holds_more = !report.held.is_empty();
        let mut day = Report::of_day(&run, rows_of_day(rows.rows), report);
        let mut held_before = batch.connection.decisions.held.iter();
        day.is_asked_before = !run.held.is_empty()
            || if batch.goes_on() {
                // A batch before may have been killed after it held them, and before it asked.
                !held_before.all(|user_id| day.held.contains(user_id))
            } else {
                !holds_more || held_before.next().is_some()
            };
        let finalizer = self.finalizer(id, batch.invocation.last_delivery);
        let (run, mut mail_ids) = finalizer
            .end(run, day, Some(batch.connection), Some(lease), now)
            .await?;
        mail_ids.append(&mut applied.unsent_mail_ids);
        self.queues.send_mails(id, &mail_ids).await?;
        shown.mailed((self.clock)());
        shown.ended((self.clock)()).await;
        if run.log_key.is_none() {
            return Err(RunError::LogNotKept);
        }
        Ok(InvocationOutcome::Reflected { run, changed })
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

    /// Looks again at the people who wait for a time, at the earliest of these times.
    async fn put_off(
        &self,
        message: &RunMessage,
        waiting: &[(CrewId, Timestamp)],
        now: Timestamp,
    ) -> Result<(), RunError> {
        let Some(until) = waiting.iter().map(|(_, until)| *until).min() else {
            return Ok(());
        };
        let id = &message.workspace_id;
        let crews: Vec<CrewId> = waiting.iter().map(|(crew, _)| crew.clone()).collect();
        let is_to_send = self.store.put_off_changed_crews(id, &crews, until, now);
        if is_to_send.await? {
            let again = RunMessage {
                run_id: domain::immediate_run_id(until),
                continuation: 0,
                not_before: Some(until),
                crew_ids: Vec::new(),
                ..message.clone()
            };
            self.send_not_before(&again).await?;
        }
        Ok(())
    }

    /// Ends a batch that SmartHR did not answer. It is tried again for an hour, and the night does what is left.
    async fn leave_unread(
        &self,
        batch: &Batch<'_>,
        failure: &RunFailure,
    ) -> Result<InvocationOutcome, RunError> {
        let (id, lease) = (batch.id(), batch.lease());
        let reason = failure.code();
        let is_old = batch
            .taken_at
            .is_some_and(|taken_at| batch.at.duration_since(taken_at) >= GIVEN_UP_AFTER);
        let is_tried_again = failure.is_outage() && !is_old;
        tracing::warn!(reason, is_tried_again, "the reported people were not read");
        if is_tried_again {
            let again = RunMessage {
                not_before: Some(domain::time::later(batch.at, AGAIN_AFTER)),
                ..batch.message.clone()
            };
            self.send_not_before(&again).await?;
        } else {
            self.store.release_taken_crews(id, &batch.taken).await?;
        }
        let ended = std::slice::from_ref(&batch.message.run_id);
        let ended = if batch.goes_on() { &[] } else { ended };
        self.store.release_lease(id, lease, ended).await?;
        Ok(if is_tried_again {
            InvocationOutcome::AwaitsRetry
        } else {
            InvocationOutcome::NothingToDo
        })
    }
}
