//! 操作履歴 as a CSV file.

use super::cell::text_cell;
use super::file;
use crate::mime::MailError;

/// The first line of every file.
const HEADER: [&str; 7] = [
    "日時(日本時間)",
    "操作した人",
    "ネットワーク",
    "操作",
    "対象のユーザー",
    "対象の同期",
    "変更内容",
];

/// Writes the audit trail, a row per event with the cells in the order of the header: UTF-8 with BOM,
/// CR LF, and no cell that Excel reads as a formula (see [`crate::GUARD`]).
///
/// # Errors
/// [`MailError::Csv`] when writing the CSV fails.
pub fn audit_trail_csv(rows: impl IntoIterator<Item = [String; 7]>) -> Result<Vec<u8>, MailError> {
    let mut file = file::begin(&HEADER)?;
    for row in rows {
        file.append(&mut file::line(&row.map(|cell| text_cell(&cell)))?);
    }
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_of_the_audit_trail_is_a_formula() {
        let row = [
            "2026/11/25 02:00",
            "=1+1",
            "203.0.113.7",
            "再招待",
            "@SUM(A1)",
            "",
            "-",
        ];
        let file = audit_trail_csv([row.map(str::to_owned)]).unwrap();
        let file = String::from_utf8(file).unwrap();
        let line = file.split("\r\n").nth(1).unwrap();
        let expected = "2026/11/25 02:00,\u{A0}\u{2002}=1+1,203.0.113.7,再招待,\u{A0}\u{2002}@SUM(A1),,\u{A0}\u{2002}-";
        assert_eq!(line, expected);
    }
}
