//! The end of a run: its log, its record, and the mails that tell about it.

use std::collections::{BTreeSet, HashSet};

use domain::Connection;
use domain::guard::MAX_LISTED;
use domain::report::{Row, rows_of_rest};
use domain::{MailKind, OutboxMail};
use domain::{Mode, Run, RunOutcome};
use domain::{Plan, RunFailure, UserId, WorkspaceId};
use jiff::{SignedDuration, Timestamp};
use storage::Store;
use storage::StoreError;
use storage::runs::RunEnd;
use storage::seats_and_lease::Lease;
use storage::sync_logs::SyncLogs;

use crate::log;
use crate::run::RunError;

/// The admins are told of the same reason again after this long.
const TOLD_FOR: SignedDuration = SignedDuration::from_hours(24);

/// What a run has to report.
#[derive(Debug, Default)]
pub(crate) struct Report {
    rows: Vec<Row>,
    failure: Option<RunFailure>,
    /// Whom an answer of an admin is about.
    held: Vec<UserId>,
    /// The kinds of failures of single people.
    kinds: BTreeSet<&'static str>,
    /// Whether the mail with initial passwords goes out.
    owes_passwords: bool,
}

impl Report {
    /// A run that did all it could: `done` says what its steps did, `plan` what is left to say.
    pub(crate) fn of_plan(done: Vec<Row>, plan: &Plan<'_>) -> Self {
        let told: HashSet<_> = done.iter().filter_map(|row| row.crew_id.clone()).collect();
        let mut rows = done;
        rows.extend(
            rows_of_rest(plan)
                .into_iter()
                .filter(|row| row.crew_id.as_ref().is_none_or(|crew| !told.contains(crew))),
        );
        Self {
            owes_passwords: made_passwords(&rows),
            rows,
            failure: None,
            held: plan
                .held
                .iter()
                .take(MAX_LISTED)
                .map(|person| person.user.user_id.clone())
                .collect(),
            kinds: plan
                .failures
                .iter()
                .map(|failed| failed.failure.code())
                .collect(),
        }
    }

    /// A run that failed as a whole, after its steps did what `done` says.
    pub(crate) fn of_failure(done: Vec<Row>, failure: RunFailure) -> Self {
        Self {
            owes_passwords: made_passwords(&done),
            rows: done,
            failure: Some(failure),
            ..Self::default()
        }
    }

    /// A run that ends here, and of which only `done` can be read. Who delivers its initial passwords
    /// finds out whether it made any.
    pub(crate) fn of_unreadable(done: Vec<Row>) -> Self {
        Self {
            owes_passwords: true,
            ..Self::of_failure(done, RunFailure::RowsUnreadable)
        }
    }

    /// What the admins are told about, if anything: a code for each reason.
    fn reasons(&self) -> BTreeSet<String> {
        match &self.failure {
            Some(failure) => BTreeSet::from([failure.code().to_owned()]),
            None => self
                .kinds
                .iter()
                .map(|kind| format!("person: {kind}"))
                .collect(),
        }
    }
}

fn made_passwords(rows: &[Row]) -> bool {
    rows.iter().any(|row| row.initial_password)
}

/// Where the end of a run is written.
pub(crate) struct RunFinalizer<'a> {
    pub(crate) store: &'a Store,
    pub(crate) logs: &'a SyncLogs,
    pub(crate) workspace_id: &'a WorkspaceId,
    /// Nobody tries again: a run whose log cannot be kept ends without one, and says so.
    pub(crate) last_delivery: bool,
}

impl RunFinalizer<'_> {
    /// Writes log, record and mails; gives the run as it ended and the mails to ask for. A preview
    /// has no lease and mails nobody. A run that ended without its log has no `log_key`.
    ///
    /// # Errors
    /// [`RunError`] when it could not be written; ending it again does no harm.
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
        let csv = log::csv(&report.rows, report.failure.as_ref())?;
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
        run.counts = log::counts(&report.rows);
        run.outcome = if report.failure.is_some() || run.counts.failed > 0 {
            RunOutcome::Failure
        } else {
            RunOutcome::Success
        };
        run.failure = report.failure;
        run.held = report.held;
        run.log_key = log_key;
        run.finished_at = Some(now);
        match self
            .store
            .end_run(self.workspace_id, &run, lease, &ending, now)
            .await
        {
            Ok(()) => {}
            // A lost answer, or another invocation: if it did end, what counts is written.
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
    }
    if !report.held.is_empty() {
        ending.mails.push(OutboxMail::new(
            MailKind::HeldDeletions {
                run_id: run.run_id.clone(),
            },
            now,
        ));
    }
    let reasons = report.reasons();
    let Some(connection) = connection.filter(|_| !reasons.is_empty()) else {
        return ending;
    };
    // Counted from the start of the run, which is 02:00 sharp every night.
    let lately = |at: &Timestamp| run.started_at.duration_since(*at) < TOLD_FOR;
    let mut told = connection.notified_failures.clone().unwrap_or_default();
    told.reasons.retain(|_, at| lately(at));
    // Whoever has to link again got a mail that says so when the token was refused.
    let known = report.failure == Some(RunFailure::TokenRefused)
        || reasons
            .iter()
            .all(|reason| told.reasons.contains_key(reason));
    if !known {
        ending.mails.push(OutboxMail::new(
            MailKind::FailedRun {
                run_id: run.run_id.clone(),
                failure: report.failure.clone(),
                failed: log::counts(&report.rows).failed,
            },
            now,
        ));
        let since = reasons.into_iter().map(|reason| (reason, run.started_at));
        told.reasons.extend(since);
        ending.notified_failures = Some(told);
    }
    ending
}
