//! The sync log that an admin downloads as CSV.

use domain::RunFailure;
use domain::report::{Outcome, Row};
use mail::{MailError, SyncLogRow, sync_log_csv};

/// Returns the CSV of a run: a row per person, and one for the run itself if it failed as a whole.
///
/// # Errors
/// When a row cannot be written as CSV.
pub(crate) fn csv(rows: &[Row], failure: Option<&RunFailure>) -> Result<Vec<u8>, MailError> {
    let run = failure.map(|failure| SyncLogRow {
        action: "同期".into(),
        result: Outcome::Failure.label().into(),
        cause: failure.cause(),
        remedy: failure.remedy().into(),
        ..SyncLogRow::default()
    });
    sync_log_csv(run.into_iter().chain(rows.iter().map(line)))
}

fn line(row: &Row) -> SyncLogRow {
    let changes: Vec<String> = row
        .changes
        .iter()
        .map(|change| {
            format!(
                "{}: {} → {}",
                change.field,
                shown(&change.old),
                shown(&change.new)
            )
        })
        .collect();
    SyncLogRow {
        employee_code: row.code.clone(),
        name: row.name.clone(),
        email: row.email.clone(),
        action: row.action.label().into(),
        result: row.outcome.label().into(),
        cause: row.cause.clone(),
        remedy: row.remedy.clone(),
        changes: changes.join(" / "),
    }
}

fn shown(value: &str) -> &str {
    if value.is_empty() { "(なし)" } else { value }
}
