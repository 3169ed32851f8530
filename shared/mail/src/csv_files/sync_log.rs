//! 同期ログ: the CSV file of [同期ログをダウンロード].

use super::cell::{code_cell, text_cell, unguarded};
use super::file;
use crate::mime::MailError;

/// The first line of every log.
pub(crate) const HEADER: [&str; 12] = [
    "従業員コード",
    "氏名",
    "メールアドレス",
    "処理",
    "結果",
    "原因",
    "対処",
    "変更内容",
    "失敗の開始",
    "SmartHR従業員ID",
    "ユーザーID",
    "反映日時",
];

/// What a run did to one user, in the words of the screen. A row about the run itself leaves the user's
/// fields empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SyncLogRow {
    /// 従業員コード as in SmartHR; empty if the user has none.
    pub employee_code: String,
    /// 氏名: the user's name.
    pub name: String,
    /// メールアドレス as in SmartHR; empty if the user has none.
    pub email: String,
    /// 処理: what was to be done, such as 招待, 登録 or 更新.
    pub action: String,
    /// 結果: the outcome, such as 成功 or 失敗.
    pub result: String,
    /// 原因: why it failed; empty after a success.
    pub cause: String,
    /// 対処: what the admin can do about it; empty after a success.
    pub remedy: String,
    /// 変更内容: the changed fields, as old → new.
    pub changes: String,
    /// 失敗の開始: the start of the first run, of all up to this one, that failed for the person; empty if they did not
    /// fail.
    pub failing_since: String,
    /// The person's id in SmartHR; empty if there is none.
    pub crew_id: String,
    /// The user's id; empty if there was no user before the run.
    pub user_id: String,
    /// 反映日時: when an immediate run wrote it, in Japan time; empty in other runs, whose rows are of one time.
    pub reflected_at: String,
}

/// Writes the log: UTF-8 with BOM, CR LF, and no cell that Excel reads as a formula (see
/// [`crate::GUARD`]).
///
/// # Errors
/// [`MailError::Csv`] when writing the CSV fails.
pub fn sync_log_csv(rows: impl IntoIterator<Item = SyncLogRow>) -> Result<Vec<u8>, MailError> {
    let mut file = file::begin(&HEADER)?;
    for row in rows {
        file.append(&mut file::line(&[
            code_cell(&row.employee_code),
            text_cell(&row.name),
            text_cell(&row.email),
            text_cell(&row.action),
            text_cell(&row.result),
            text_cell(&row.cause),
            text_cell(&row.remedy),
            text_cell(&row.changes),
            text_cell(&row.failing_since),
            text_cell(&row.crew_id),
            text_cell(&row.user_id),
            text_cell(&row.reflected_at),
        ])?);
    }
    Ok(file)
}

/// Reads a log back. Logs of earlier versions lack the last columns.
///
/// # Errors
/// [`MailError::Csv`] when it is not a CSV file of ours.
pub fn read_sync_log(log: &[u8]) -> Result<Vec<SyncLogRow>, MailError> {
    let mut rows = Vec::new();
    // The reader skips the byte order mark.
    for record in csv::Reader::from_reader(log).records() {
        let record = record?;
        let mut cells = record.iter().map(|cell| unguarded(cell).to_owned());
        let mut cell = || cells.next().unwrap_or_default();
        rows.push(SyncLogRow {
            employee_code: cell(),
            name: cell(),
            email: cell(),
            action: cell(),
            result: cell(),
            cause: cell(),
            remedy: cell(),
            changes: cell(),
            failing_since: cell(),
            crew_id: cell(),
            user_id: cell(),
            reflected_at: cell(),
        });
    }
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::csv_files::cell::unguarded;
    use domain::text::one_line;

    const HEADER_LINE: &str = "\u{FEFF}従業員コード,氏名,メールアドレス,処理,結果,原因,対処,変更内容,失敗の開始,SmartHR従業員ID,ユーザーID,反映日時\r\n";

    fn log(rows: &[SyncLogRow]) -> String {
        String::from_utf8(sync_log_csv(rows.iter().cloned()).unwrap()).unwrap()
    }

    #[test]
    fn a_log_has_its_header_and_a_row_per_person() {
        let row = SyncLogRow {
            employee_code: "0012".into(),
            name: "田中 花子".into(),
            email: "hanako@example.com".into(),
            action: "更新".into(),
            result: "成功".into(),
            changes: "氏名: 佐藤 花子 → 田中 花子".into(),
            crew_id: "c1".into(),
            user_id: "usr_1".into(),
            ..SyncLogRow::default()
        };
        let line = "\u{A0}\u{2002}0012,田中 花子,hanako@example.com,更新,成功,,,氏名: 佐藤 花子 → 田中 花子,,c1,usr_1,\r\n";
        assert_eq!(log(&[row]), format!("{HEADER_LINE}{line}"));
        assert_eq!(log(&[]), HEADER_LINE);
    }

    #[test]
    fn a_log_reads_back_as_it_was_written_without_the_guards_for_excel() {
        let row = SyncLogRow {
            employee_code: "-0012".into(),
            name: "=田中 花子".into(),
            email: "hanako@example.jp".into(),
            action: "更新".into(),
            result: "失敗".into(),
            cause: "氏名が、\"変\"です".into(),
            remedy: "直す".into(),
            changes: "氏名: 佐藤 → 田中".into(),
            failing_since: "2026/11/25 02:00".into(),
            crew_id: "c1".into(),
            user_id: "usr_1".into(),
            reflected_at: "2026/11/25 14:03".into(),
        };
        let written = sync_log_csv([row.clone()]).unwrap();
        assert_eq!(read_sync_log(&written).unwrap(), [row]);
        assert_eq!(read_sync_log(&sync_log_csv([]).unwrap()).unwrap(), []);
    }

    #[test]
    fn a_log_of_an_earlier_version_is_read_without_the_ids() {
        let log = "\u{FEFF}従業員コード,氏名,メールアドレス,処理,結果,原因,対処,変更内容\r\n7,田中,,招待,失敗,原因,対処,\r\n";
        let rows = read_sync_log(log.as_bytes()).unwrap();
        assert_eq!((&*rows[0].remedy, &*rows[0].user_id), ("対処", ""));
    }

    proptest! {
        #[test]
        fn no_cell_is_a_formula_and_behind_the_guard_every_text_arrives(
            code in "[-0-9A-Za-z=]{0,12}",
            name in "[=+@\\-＝＋－＠\t\r\n \",;あa]{0,4}.{0,20}",
            email in "[=+@\\-\t]?.{0,20}",
        ) {
            let file = log(&[SyncLogRow {
                employee_code: code.clone(),
                name: name.clone(),
                email: email.clone(),
                ..SyncLogRow::default()
            }]);
            let rows: Vec<_> = csv::Reader::from_reader(file.as_bytes()).into_records().collect();
            prop_assert_eq!(rows.len(), 1);
            for (cell, original) in rows[0].as_ref().unwrap().iter().zip([code, name, email]) {
                prop_assert!(!cell.starts_with([
                    '=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'
                ]));
                prop_assert_eq!(unguarded(cell), one_line(&original));
            }
        }
    }
}
