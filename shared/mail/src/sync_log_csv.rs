//! 同期ログ: the CSV file of [同期ログをダウンロード].

use crate::csv_cell::{code_cell, text_cell};
use crate::csv_file;
use crate::mime::MailError;

/// The first line of every log.
const HEADER: [&str; 8] = [
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
    use crate::csv_cell::GUARD;
    use crate::single_line::single_line;

    fn cells(file: &[u8]) -> Vec<Vec<String>> {
        let text = std::str::from_utf8(file).expect("UTF-8");
        let text = text.strip_prefix('\u{FEFF}').expect("BOM");
        csv::ReaderBuilder::new()
            .has_headers(false)
            .from_reader(text.as_bytes())
            .records()
            .map(|record| record.expect("row").iter().map(str::to_owned).collect())
            .collect()
    }

    #[test]
    fn a_log_has_its_header_and_a_row_per_person() {
        let file = sync_log_csv([SyncLogRow {
            employee_code: "0012".into(),
            name: "田中 花子".into(),
            email: "hanako@example.com".into(),
            action: "更新".into(),
            result: "成功".into(),
            changes: "氏名: 佐藤 花子 → 田中 花子".into(),
            ..SyncLogRow::default()
        }])
        .expect("a file");
        assert_eq!(
            String::from_utf8(file).expect("UTF-8"),
            "\u{FEFF}従業員コード,氏名,メールアドレス,処理,結果,原因,対処,変更内容\r\n\
             \u{A0}0012,田中 花子,hanako@example.com,更新,成功,,,氏名: 佐藤 花子 → 田中 花子\r\n"
        );
    }

    #[test]
    fn a_log_without_rows_is_the_header_alone() {
        assert_eq!(cells(&sync_log_csv([]).expect("a file")), [HEADER]);
    }

    proptest! {
        #[test]
        fn no_cell_is_a_formula_and_behind_the_guard_every_text_arrives(
            code in "[-0-9A-Za-z=]{0,12}",
            name in "[=+@\\-＝＋－＠\t\r\n \",;あa]{0,4}.{0,20}",
            email in "[=+@\\-\t]?.{0,20}",
        ) {
            let file = sync_log_csv([SyncLogRow {
                employee_code: code.clone(),
                name: name.clone(),
                email: email.clone(),
                ..SyncLogRow::default()
            }])
            .expect("a file");
            let rows = cells(&file);
            prop_assert_eq!(rows.len(), 2);
            for (cell, original) in rows[1].iter().zip([code, name, email]) {
                prop_assert!(!cell.starts_with([
                    '=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'
                ]));
                let arrived = single_line(&original);
                let guarded = format!("{GUARD}{arrived}");
                prop_assert!([arrived, guarded].contains(cell));
            }
        }
    }
}
