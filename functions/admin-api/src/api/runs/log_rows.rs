//! Reads sync logs back. The CSV in S3 is the only place where the people of a run are stored.

use domain::report::cause::CauseOfRow;
use domain::report::{Action, Category, Outcome};
use mail::{MailError, SyncLogRow, read_sync_log};
use serde::Serialize;
use utoipa::openapi::{ObjectBuilder, RefOr, Schema, Type};
use utoipa::{PartialSchema, ToSchema};
use web::{RemedyPage, remedy_page};

/// What the row of a run that failed as a whole has as its 処理.
const WHOLE_RUN: &str = "同期";

/// One person's row, in the words of the log.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct LogRow {
    /// 従業員コード
    pub(crate) employee_code: String,
    /// 氏名
    pub(crate) name: String,
    /// メールアドレス
    pub(crate) email: String,
    /// 処理
    #[schema(value_type = ActionLabel)]
    pub(crate) action: String,
    /// 結果
    #[schema(value_type = OutcomeLabel)]
    pub(crate) outcome: String,
    /// 原因
    pub(crate) cause: String,
    /// 対処
    pub(crate) remedy: String,
    /// 変更内容: old → new
    pub(crate) changes: String,
    /// 失敗の開始: since which run the person fails, in Japan time, such as 2026/11/25 02:00; empty if they do not, and
    /// in a preview
    pub(crate) failing_since: String,
    /// The person's id in SmartHR; empty if there is none
    pub(crate) crew_id: String,
    /// The user's id; empty if there is none, or not yet
    pub(crate) user_id: String,
    /// 反映日時: when 即時反映 wrote it, in Japan time, such as 2026/11/25 14:03; empty in other runs
    pub(crate) reflected_at: String,
}

impl LogRow {
    /// Returns whether the row is a person's, and not that of a run that failed as a whole.
    pub(crate) fn is_person(&self) -> bool {
        self.action != WHOLE_RUN
    }

    /// Returns whether the row is of the category.
    pub(crate) fn is_of(&self, category: Category) -> bool {
        category.includes(&self.action, &self.outcome)
    }

    /// Returns whether somebody should look at the person.
    pub(crate) fn needs_attention(&self) -> bool {
        self.outcome != Outcome::Success.label()
    }

    /// Returns where an admin does what 対処 says, if that is a page of ours.
    pub(crate) fn remedy_page(&self) -> Option<RemedyPage> {
        remedy_page(&self.cause)
    }

    /// Returns the words that say why the person was not synced as planned.
    pub(crate) fn cause_of_row(&self) -> CauseOfRow<'_> {
        CauseOfRow {
            outcome: &self.outcome,
            cause: &self.cause,
            remedy: &self.remedy,
        }
    }
}

/// The schema of 処理.
struct ActionLabel;

impl PartialSchema for ActionLabel {
    fn schema() -> RefOr<Schema> {
        let labels = Action::ALL
            .map(Action::label)
            .into_iter()
            .chain([WHOLE_RUN]);
        words(
            labels,
            "処理, as the log says it; 同期 is the run itself, when it failed as a whole",
        )
    }
}

impl ToSchema for ActionLabel {}

/// The schema of 結果.
struct OutcomeLabel;

impl PartialSchema for OutcomeLabel {
    fn schema() -> RefOr<Schema> {
        words(Outcome::ALL.map(Outcome::label), "結果, as the log says it")
    }
}

impl ToSchema for OutcomeLabel {}

fn words(
    words: impl IntoIterator<Item = &'static str>,
    description: &'static str,
) -> RefOr<Schema> {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .description(Some(description))
        .enum_values(Some(words))
        .into()
}

/// Reads the rows of a log.
///
/// # Errors
/// When the log is not valid CSV, which would be a defect of ours.
pub(crate) fn parse(csv: &[u8]) -> Result<Vec<LogRow>, MailError> {
    Ok(read_sync_log(csv)?.into_iter().map(LogRow::from).collect())
}

/// Reads the rows of one user; of those that name no user, the ones with an employee code or an address of
/// `identifiers`. No row has a line break, so that other people's lines need not be parsed.
///
/// # Errors
/// As [`parse`].
pub(crate) fn parse_rows_of(
    csv: &[u8],
    user_id: &str,
    identifiers: &[&str],
) -> Result<Vec<LogRow>, MailError> {
    let is_identifier = |text: &str| identifiers.iter().any(|it| it.eq_ignore_ascii_case(text));
    let text = String::from_utf8_lossy(csv);
    let mut lines = text.lines();
    let header = lines.next();
    let is_named =
        |line: &&str| line.contains(user_id) || identifiers.iter().any(|it| line.contains(it));
    let lines: Vec<&str> = header.into_iter().chain(lines.filter(is_named)).collect();
    let mut rows = parse(lines.join("\r\n").as_bytes())?;
    rows.retain(|row| {
        row.is_person()
            && if row.user_id.is_empty() {
                is_identifier(&row.employee_code) || is_identifier(&row.email)
            } else {
                row.user_id == user_id
            }
    });
    Ok(rows)
}

impl From<SyncLogRow> for LogRow {
    fn from(row: SyncLogRow) -> Self {
        Self {
            employee_code: row.employee_code,
            name: row.name,
            email: row.email,
            action: row.action,
            outcome: row.result,
            cause: row.cause,
            remedy: row.remedy,
            changes: row.changes,
            failing_since: row.failing_since,
            crew_id: row.crew_id,
            user_id: row.user_id,
            reflected_at: row.reflected_at,
        }
    }
}

#[cfg(test)]
mod tests {
    use mail::sync_log_csv;

    use super::*;

    #[test]
    fn the_rows_of_one_user_are_theirs_and_of_those_without_a_user_the_ones_with_their_code_or_address()
     {
        let row = |code: &str, email: &str| SyncLogRow {
            employee_code: code.into(),
            name: "a,\"1\"".into(),
            email: email.into(),
            action: "更新".into(),
            result: "成功".into(),
            changes: "従業員コード: 1 → 10".into(),
            ..SyncLogRow::default()
        };
        let of_user = |user_id: &str, code: &str| SyncLogRow {
            user_id: user_id.into(),
            ..row(code, "")
        };
        let csv = sync_log_csv([
            row("0012", "a@example.jp"),
            row("10", "ba@example.jp"),
            row("1", ""),
            of_user("usr_1", "former"),
            of_user("usr_10", "1"),
        ]);
        let csv = csv.unwrap();
        let codes = |identifiers: &[&str]| -> Vec<String> {
            let rows = parse_rows_of(&csv, "usr_1", identifiers)
                .unwrap()
                .into_iter();
            rows.map(|row| row.employee_code).collect()
        };
        assert_eq!(codes(&["0012"]), ["0012", "former"]);
        assert_eq!(codes(&["1", "ba@example.jp"]), ["10", "1", "former"]);
        assert_eq!(codes(&["成功", "更新"]), ["former"]);
    }
}
