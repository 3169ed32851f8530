//! 同期ログ: the CSV file behind [同期ログをダウンロード].

use crate::cell::{code_cell, text_cell};
use crate::csv_file;
use crate::mime::MailError;

/// The first line of every log.
pub const HEADER: [&str; 8] = [
    "従業員コード",
    "氏名",
    "メールアドレス",
    "処理",
    "結果",
    "原因",
    "対処",
    "変更内容",
];

/// What a run did with one person; or, with the person's fields empty, what became of the run
/// itself. Everything is in the words that the admin reads; "" where there is nothing to say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SyncLogRow {
    /// 従業員コード, as SmartHR gave it.
    pub employee_code: String,
    /// 氏名
    pub name: String,
    /// メールアドレス, as SmartHR gave it.
    pub email: String,
    /// 処理: 招待, 登録, 更新 …
    pub action: String,
    /// 結果: 成功, 失敗 …
    pub result: String,
    /// 原因: why it failed.
    pub cause: String,
    /// 対処: what to do about it.
    pub remedy: String,
    /// 変更内容: old → new.
    pub changes: String,
}

/// The log as a file: UTF-8 with BOM, CR LF, no cell a formula (see [`crate::GUARD`]).
///
/// # Errors
/// When writing the CSV fails.
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
    use crate::cell::GUARD;
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
