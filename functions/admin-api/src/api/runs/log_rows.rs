//! Reads sync logs back. The CSV in S3 is the only place where the people of a run are stored.

use domain::causes::general_cause;
use domain::report::{Action, Outcome};
use mail::unguarded;
use serde::Serialize;
use utoipa::openapi::{ObjectBuilder, RefOr, Schema, Type};
use utoipa::{PartialSchema, ToSchema};

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
}

impl LogRow {
    /// Returns whether the row is a person's, and not that of a run that failed as a whole.
    pub(crate) fn is_person(&self) -> bool {
        self.action != WHOLE_RUN
    }

    /// Returns whether that was done which the row says, if with a warning.
    pub(crate) fn is_done(&self) -> bool {
        self.outcome == Outcome::Success.label() || self.outcome == Outcome::Warning.label()
    }

    /// Returns whether somebody should look at the person.
    pub(crate) fn needs_attention(&self) -> bool {
        self.outcome != Outcome::Success.label()
    }

    /// Returns the cause without what is this person's own, which the log has in brackets at its end.
    pub(crate) fn general_cause(&self) -> &str {
        general_cause(&self.cause)
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
pub(crate) fn parse(csv: &[u8]) -> Result<Vec<LogRow>, csv::Error> {
    // The reader skips the byte order mark.
    let records = csv::Reader::from_reader(csv).into_records();
    records.map(|record| Ok(row(&record?))).collect()
}

/// Reads the rows of one person: those with one of `identifiers`, an employee code and an address, in the place of it.
/// No row has a line break, so that other people's lines need not be parsed.
///
/// # Errors
/// As [`parse`].
pub(crate) fn parse_rows_of(csv: &[u8], identifiers: &[&str]) -> Result<Vec<LogRow>, csv::Error> {
    let is_theirs = |text: &str| identifiers.iter().any(|it| it.eq_ignore_ascii_case(text));
    let text = String::from_utf8_lossy(csv);
    let mut rows = Vec::new();
    for line in text.lines().skip(1) {
        if !identifiers.iter().any(|it| line.contains(it)) {
            continue;
        }
        let mut reader = csv::ReaderBuilder::new();
        let reader = reader.has_headers(false).from_reader(line.as_bytes());
        for record in reader.into_records() {
            let row = row(&record?);
            if row.is_person() && (is_theirs(&row.employee_code) || is_theirs(&row.email)) {
                rows.push(row);
            }
        }
    }
    Ok(rows)
}

fn row(record: &csv::StringRecord) -> LogRow {
    let cell = |index: usize| unguarded(record.get(index).unwrap_or_default()).to_owned();
    LogRow {
        employee_code: cell(0),
        name: cell(1),
        email: cell(2),
        action: cell(3),
        outcome: cell(4),
        cause: cell(5),
        remedy: cell(6),
        changes: cell(7),
    }
}

#[cfg(test)]
mod tests {
    use mail::{SyncLogRow, sync_log_csv};

    use super::*;

    #[test]
    fn a_log_reads_back_as_it_was_written_without_the_guards_for_excel() {
        let csv = sync_log_csv([SyncLogRow {
            employee_code: "-0012".into(),
            name: "=田中 花子".into(),
            email: "hanako@example.jp".into(),
            action: "更新".into(),
            result: "失敗".into(),
            cause: "氏名が、\"変\"です".into(),
            remedy: "直す".into(),
            changes: "氏名: 佐藤 → 田中".into(),
        }])
        .unwrap();
        assert_eq!(
            parse(&csv).unwrap(),
            [LogRow {
                employee_code: "-0012".into(),
                name: "=田中 花子".into(),
                email: "hanako@example.jp".into(),
                action: "更新".into(),
                outcome: "失敗".into(),
                cause: "氏名が、\"変\"です".into(),
                remedy: "直す".into(),
                changes: "氏名: 佐藤 → 田中".into(),
            }]
        );
    }

    #[test]
    fn the_rows_of_one_person_are_those_with_their_code_or_address() {
        let row = |code: &str, email: &str| SyncLogRow {
            employee_code: code.into(),
            name: "a,\"1\"".into(),
            email: email.into(),
            action: "更新".into(),
            result: "成功".into(),
            cause: String::new(),
            remedy: String::new(),
            changes: "従業員コード: 1 → 10".into(),
        };
        let csv = sync_log_csv([
            row("0012", "a@example.jp"),
            row("10", "ba@example.jp"),
            row("1", ""),
        ]);
        let csv = csv.unwrap();
        let codes = |identifiers: &[&str]| -> Vec<String> {
            let rows = parse_rows_of(&csv, identifiers).unwrap().into_iter();
            rows.map(|row| row.employee_code).collect()
        };
        assert_eq!(codes(&["0012"]), ["0012"]);
        assert_eq!(codes(&["1", "ba@example.jp"]), ["10", "1"]);
        assert!(codes(&["成功", "更新"]).is_empty());
        assert!(codes(&[]).is_empty());
    }

    #[test]
    fn a_log_of_nobody_has_no_rows() {
        assert_eq!(parse(&sync_log_csv([]).unwrap()).unwrap(), []);
    }
}
