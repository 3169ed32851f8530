//! 同期ログ: the CSV file of [同期ログをダウンロード].

use crate::csv_cell::{code_cell, text_cell};
use crate::csv_file;
use crate::mime::MailError;

/// The first line of every log.
pub(crate) const HEADER: [&str; 8] = [
    "従業員コード",
    "氏名",
    "メールアドレス",
    "処理",
    "結果",
    "原因",
    "対処",
    "変更内容",
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
}

/// Writes the log: UTF-8 with BOM, CR LF, and no cell that Excel reads as a formula (see
/// [`crate::GUARD`]).
///
/// # Errors
/// [`MailError::Csv`] when writing the CSV fails.
pub fn sync_log_csv(rows: impl IntoIterator<Item = SyncLogRow>) -> Result<Vec<u8>, MailError> {
    let mut file = csv_file::begin(&HEADER)?;
    for row in rows {
        file.append(&mut csv_file::line(&[
            code_cell(&row.employee_code),
            text_cell(&row.name),
            text_cell(&row.email),
            text_cell(&row.action),
            text_cell(&row.result),
            text_cell(&row.cause),
            text_cell(&row.remedy),
            text_cell(&row.changes),
        ])?);
    }
    Ok(file)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::csv_cell::unguarded;
    use domain::text::one_line;

    const HEADER_LINE: &str =
        "\u{FEFF}従業員コード,氏名,メールアドレス,処理,結果,原因,対処,変更内容\r\n";

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
            ..SyncLogRow::default()
        };
        let line = "\u{A0}\u{2002}0012,田中 花子,hanako@example.com,更新,成功,,,氏名: 佐藤 花子 → 田中 花子\r\n";
        assert_eq!(log(&[row]), format!("{HEADER_LINE}{line}"));
        assert_eq!(log(&[]), HEADER_LINE);
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
