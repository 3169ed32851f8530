//! The end of a run: its log, its record, and its mails.

use std::mem::replace;

use domain::report::{Action, Row};
use domain::{
    Connection, Counts, MailKind, Mode, OutboxMail, PasswordIssue, Run, RunFailure, RunOutcome,
    Trigger, WorkspaceId,
};
use jiff::{SignedDuration, Timestamp};
use storage::Store;
use storage::StoreError;
use storage::run_end::RunEnd;
use storage::seats_and_lease::Lease;
use storage::sync_logs::SyncLogs;

use crate::day_entry::is_change;
use crate::report::Report;
use crate::run::RunError;
use crate::sync_log;

/// The time for which a mailed reason is not mailed again.
const QUIET_FOR: SignedDuration = SignedDuration::from_hours(24);

/// Writes the ends of a workspace's runs.
pub(crate) struct RunFinalizer<'a> {
    pub(crate) store: &'a Store,
    pub(crate) logs: &'a SyncLogs,
    pub(crate) workspace_id: &'a WorkspaceId,
    /// Whether this is the last delivery of the message: a run whose log S3 refuses then ends without
    /// it, and reports that.
    pub(crate) last_delivery: bool,
}

impl RunFinalizer<'_> {
    /// Writes log, record and mails. Returns the ended run and the ids of the mails to deliver. A
    /// preview has no lease and sends no mail. A run that ended without its log has no `log_key`.
    ///
    /// # Errors
    /// [`RunError`] when the end could not be written; the call may be repeated.
    pub(crate) async fn end(
        &self,
        mut run: Run,
        mut report: Report,
        connection: Option<&Connection>,
        lease: Option<&Lease>,
        now: Timestamp,
    ) -> Result<(Run, Vec<String>), RunError> {
        let key = match lease {
            Some(lease) => SyncLogs::key(self.workspace_id, &run.run_id, lease.fence),
            None => SyncLogs::preview_key(self.workspace_id, &run.run_id),
        };
        let before = self.failing_before(&run, &report).await?;
        let csv = sync_log::csv(&run, &report.rows, report.failure.as_ref(), &before)?;
        let log_key = match self.logs.put(&key, csv).await {
            Ok(()) => Some(key),
            Err(error) if self.last_delivery => {
                tracing::error!(%error, run_id = %run.run_id, "the run ends without its log");
                report.failure.get_or_insert(RunFailure::LogNotKept);
                None
            }
            Err(error) => return Err(error.into()),
        };

        let ending = match run.mode {
            Mode::Apply => ending(&run, &report, connection, now),
            Mode::Preview => RunEnd::default(),
        };
        if run.mode == Mode::Preview || !report.owes_passwords {
            run.password_seed = None;
        }
        run.counts = Counts::of(&report.rows);
        if let Some(by_day) = &mut run.by_day {
            by_day.found = found_at_night(&report.rows);
        }
        run.outcome = if report.failure.is_some() || run.counts.failed > 0 {
            RunOutcome::Failure
        } else {
            RunOutcome::Success
        };
        run.failure = report.failure;
        run.held = report.held;
        run.held_because = report.held_because;
        run.held_account_changes = report.account_questions;
        run.more_account_changes = report.more_account_questions;
        let before = replace(&mut run.log_key, log_key);
        run.finished_at = Some(now);
        match self
            .store
            .end_run(self.workspace_id, &run, lease, &ending, now)
            .await
        {
            Ok(()) => self.delete_superseded_log(&run, before).await,
            // Either the answer was lost, or another invocation ended the run: if it ended, its stored
            // state counts.
            Err(error @ StoreError::Conflict(_)) => {
                let stored = self
                    .store
                    .run(self.workspace_id, &run.run_id, run.mode)
                    .await?;
                if stored.is_none_or(|stored| stored.outcome == RunOutcome::Running) {
                    return Err(error.into());
                }
            }
            Err(error) => return Err(error.into()),
        }
        let mails = ending.mails.into_iter().map(|mail| mail.mail_id).collect();
        Ok((run, mails))
    }

    /// Deletes the log that the day's entry had before this batch: the new one says all that it said. If that fails the
    /// log stays as long as the others; nothing leads to it.
    async fn delete_superseded_log(&self, run: &Run, before: Option<String>) {
        let is_superseded = |key: &String| run.log_key.as_ref().is_some_and(|now| now != key);
        let Some(key) = before.filter(is_superseded) else {
            return;
        };
        if let Err(error) = self.logs.delete(&key).await {
            tracing::warn!(%error, run_id = %run.run_id, "a superseded log is not deleted");
        }
    }
}

/// Mails the システム管理者 when a change of an admin's account waits that they were not asked about
/// recently.
fn ask_about_accounts(
    ending: &mut RunEnd,
    run: &Run,
    report: &Report,
    connection: &Connection,
    now: Timestamp,
) {
    let is_day_entry = run.is_day_entry();
    let at = if is_day_entry { now } else { run.started_at };
    let mut asked = connection.asked_by(&report.account_questions, at);
    if let Some(looked_at) = &report.looked_at {
        // A question about somebody whom the batch did not look at stays open.
        let others = connection.asked_account_changes.iter().filter(|before| {
            !looked_at.contains(&before.change.user_id)
                && asked.iter().all(|one| one.change != before.change)
        });
        let others: Vec<_> = others.cloned().collect();
        asked.extend(others);
    }
    if asked == connection.asked_account_changes {
        return;
    }
    if asked.iter().any(|asked| asked.at == at) {
        let run_id = run.run_id.clone();
        let kind = MailKind::HeldAccountChanges { run_id };
        ending.mails.push(OutboxMail::new(kind, now));
    }
    ending.asked_account_changes = Some(asked);
}

/// Returns how many changes of a night a report by SmartHR could have made by day.
fn found_at_night(rows: &[Row]) -> u32 {
    let is_found =
        |row: &&Row| is_change(row) && row.action != Action::Reinvite && !row.initial_password;
    u32::try_from(rows.iter().filter(is_found).count()).unwrap_or(u32::MAX)
}

/// Returns the mail to the admins about a run that failed.
fn failed_run(run: &Run, report: &Report, now: Timestamp) -> OutboxMail {
    let kind = MailKind::FailedRun {
        run_id: run.run_id.clone(),
        failure: report.failure.clone(),
        failed: Counts::of(&report.rows).failed,
    };
    OutboxMail::new(kind, now)
}

fn ending(run: &Run, report: &Report, connection: Option<&Connection>, now: Timestamp) -> RunEnd {
    let mut ending = RunEnd::default();
    if report.owes_passwords {
        ending.mails.push(OutboxMail::new(
            MailKind::InitialPasswords {
                run_id: run.run_id.clone(),
            },
            now,
        ));
        let issued = report.rows.iter().filter(|row| row.initial_password);
        ending.password_issue = PasswordIssue::of_run(run, issued.count(), now);
    }
    if !report.held.is_empty() && !report.is_asked_before {
        ending.mails.push(OutboxMail::new(
            MailKind::HeldDeletions {
                run_id: run.run_id.clone(),
            },
            now,
        ));
    }
    let Some(connection) = connection else {
        // A connection that cannot be read cannot note what was mailed either: a mail a night.
        if run.trigger == Trigger::Schedule && report.failure == Some(RunFailure::Internal) {
            ending.mails.push(failed_run(run, report, now));
        }
        return ending;
    };
    let failure = report.failure.as_ref();
    if failure.is_none_or(|failure| failure.lost_field().is_some()) {
        ask_about_accounts(&mut ending, run, report, connection, now);
    }
    let reasons = report.reasons();
    // What fails by day is mailed by the night, if it still does.
    if reasons.is_empty() || run.trigger == Trigger::Immediate {
        return ending;
    }
    // The period counts from the start of the run, which is exactly 02:00 every night.
    let is_recent = |at: &Timestamp| run.started_at.duration_since(*at) < QUIET_FOR;
    let mut notified = connection.notified_failures.clone().unwrap_or_default();
    notified.reasons.retain(|_, at| is_recent(at));
    // The admins were mailed when the token was refused.
    let is_known = report.failure == Some(RunFailure::TokenRefused)
        || reasons
            .iter()
            .all(|reason| notified.reasons.contains_key(reason));
    if !is_known {
        ending.mails.push(failed_run(run, report, now));
        let mailed = reasons.into_iter().map(|reason| (reason, run.started_at));
        notified.reasons.extend(mailed);
        ending.notified_failures = Some(notified);
    }
    ending
}
