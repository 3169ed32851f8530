//! Who failed in the run before, and since when: the log of each run says since which one each person fails, so that
//! one log has to be read, however many nights it has been.
//!
//! No other record has to be kept true or erased, and a redelivery writes the same. 同期できていない方 shows the newest
//! such log, and the mail of a failed run reads its log as well, since no name stands in the outbox.

use std::collections::HashMap;

use domain::report::{Outcome, Row};
use domain::time::date_and_time;
use domain::{CrewId, Mode, Run};
use mail::read_sync_log;
use storage::StoreError;

use crate::finalize::RunFinalizer;
use crate::report::Report;

/// The number of runs among which the last one that looked at everybody is searched.
const LOOKED_THROUGH: i32 = 10;

/// The people who failed in the run before, each with the start of the first run that failed for them.
#[derive(Debug, Default)]
pub(crate) struct FailingBefore(HashMap<CrewId, String>);

impl FailingBefore {
    /// Reads a log. Nobody failed in one that cannot be read.
    fn of_log(log: &[u8]) -> Self {
        let rows = read_sync_log(log).unwrap_or_else(|error| {
            tracing::warn!(%error, "the log of the run before cannot be read");
            Vec::new()
        });
        let failed = rows.into_iter().filter(|row| {
            row.result == Outcome::Failure.label()
                && !row.crew_id.is_empty()
                && !row.failing_since.is_empty()
        });
        Self(
            failed
                .map(|row| (CrewId::new(row.crew_id), row.failing_since))
                .collect(),
        )
    }

    /// Returns since when the person of a row of `run` fails, in Japan time; `None` if they do not.
    pub(crate) fn failing_since(&self, row: &Row, run: &Run) -> Option<String> {
        if row.outcome != Outcome::Failure {
            return None;
        }
        let before = row.crew_id.as_ref().and_then(|crew| self.0.get(crew));
        let began = row.at.unwrap_or(run.started_at);
        Some(before.map_or_else(|| date_and_time(began), Clone::clone))
    }
}

impl RunFinalizer<'_> {
    /// Reads who failed in the last run before `run` that looked at everybody. Reads nothing if nobody fails now.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB or S3 does not answer, unless the run has to end now.
    pub(crate) async fn failing_before(
        &self,
        run: &Run,
        report: &Report,
    ) -> Result<FailingBefore, StoreError> {
        let fails = |row: &Row| row.outcome == Outcome::Failure;
        let is_of_some = run.mode == Mode::Preview || run.is_day_entry();
        if is_of_some || !report.rows.iter().any(fails) {
            return Ok(FailingBefore::default());
        }
        match self.log_before(run).await {
            Ok(log) => {
                Ok(log.map_or_else(FailingBefore::default, |log| FailingBefore::of_log(&log)))
            }
            Err(error) if self.last_delivery => {
                tracing::warn!(%error, "the log of the run before was not read");
                Ok(FailingBefore::default())
            }
            Err(error) => Err(error),
        }
    }

    async fn log_before(&self, run: &Run) -> Result<Option<Vec<u8>>, StoreError> {
        let before = Some(&run.run_id);
        let earlier = self.store.runs(self.workspace_id, before, LOOKED_THROUGH);
        let earlier = earlier.await?;
        let last = earlier.iter().find(|run| run.looked_at_everybody());
        match last.and_then(|run| run.log_key.as_deref()) {
            Some(key) => self.logs.get(key).await,
            None => Ok(None),
        }
    }
}
