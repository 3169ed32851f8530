//! The sync log that an admin downloads as CSV.

use domain::report::{Category, Outcome, Row};
use domain::time::date_and_time;
use domain::{Run, RunFailure};
use mail::{MailError, SyncLogRow, sync_log_csv};

use crate::failing_before::FailingBefore;

/// Returns the CSV of a run: one for the run itself if it failed as a whole, and a row per person, failures first.
///
/// # Errors
/// When a row cannot be written as CSV.
pub(crate) fn csv(
    run: &Run,
    rows: &[Row],
    failure: Option<&RunFailure>,
    before: &FailingBefore,
) -> Result<Vec<u8>, MailError> {
    let mut people: Vec<&Row> = rows.iter().collect();
    people.sort_by_key(|row| Category::order(row.action.label(), row.outcome.label()));
    let lines = people.into_iter().map(|row| SyncLogRow {
        failing_since: before.failing_since(row, run).unwrap_or_default(),
        ..line(row)
    });
    let whole_run = failure.map(|failure| SyncLogRow {
        action: "同期".into(),
        result: Outcome::Failure.label().into(),
        cause: failure.cause(),
        remedy: failure.remedy().into(),
        ..SyncLogRow::default()
    });
    sync_log_csv(whole_run.into_iter().chain(lines))
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
        failing_since: String::new(),
        crew_id: row
            .crew_id
            .as_ref()
            .map(ToString::to_string)
            .unwrap_or_default(),
        user_id: row
            .user_id
            .as_ref()
            .map(ToString::to_string)
            .unwrap_or_default(),
        reflected_at: row.at.map(date_and_time).unwrap_or_default(),
    }
}

fn shown(value: &str) -> &str {
    if value.is_empty() { "(なし)" } else { value }
}
