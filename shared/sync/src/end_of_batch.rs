//! The end of a batch of 即時反映: the day's entry gets its rows, those who wait are looked at again, and what SmartHR
//! did not answer is tried again.

use std::mem::take;

use domain::{CrewId, Run, RunFailure};
use jiff::{SignedDuration, Timestamp};
use storage::queues::RunMessage;
use storage::transaction::{Commit, Step};

use crate::apply::AppliedSteps;
use crate::day_entry::{is_change, rows_of_day};
use crate::immediate::Batch;
use crate::progress_shown::BatchProgress;
use crate::report::Report;
use crate::run::{InvocationOutcome, RunError, Runner};

/// How long a batch that SmartHR does not answer waits before it is tried again.
const AGAIN_AFTER: SignedDuration = SignedDuration::from_mins(5);

/// How long a batch is tried again. The night does what is left.
const GIVEN_UP_AFTER: SignedDuration = SignedDuration::from_hours(1);

impl Runner {
    /// Ends a batch whose changes are written: stores the rest of its rows, and adds all of them to the day's entry.
    pub(crate) async fn end_batch(
        &self,
        batch: &Batch<'_>,
        mut run: Run,
        mut report: Report,
        mut applied: AppliedSteps,
        mut shown: BatchProgress<'_>,
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
            // The log so far says what the next one cannot, so it is not superseded.
            run.log_key = None;
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
                run_id: domain::day_entry_id(until),
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
    pub(crate) async fn leave_unread(
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
