//! The lines of sync logs that are about one person, and nobody else's.

use domain::time::date_and_time;
use jiff::Timestamp;
use mail::{SyncLogRow, read_sync_log};
use serde::Serialize;
use storage::StoreError;

use crate::table::table;

/// One run's line about the person.
#[derive(Debug, Serialize)]
pub(crate) struct PersonLine {
    pub(crate) started_at: Timestamp,
    pub(crate) code: String,
    pub(crate) name: String,
    pub(crate) email: String,
    pub(crate) action: String,
    pub(crate) result: String,
    pub(crate) cause: String,
    pub(crate) remedy: String,
    pub(crate) changes: String,
}

/// Returns the lines of a log about the person who has this code or address there.
///
/// # Errors
/// [`StoreError::Corrupt`] when it is not a log of ours.
pub(crate) fn lines_of_log(
    log: &[u8],
    started_at: Timestamp,
    who: &str,
) -> Result<Vec<PersonLine>, StoreError> {
    let rows = read_sync_log(log).map_err(|_| StoreError::Corrupt {
        what: "sync log",
        why: "it is not a CSV file of ours".to_owned(),
    })?;
    let theirs = rows.into_iter();
    let theirs = theirs.filter(|row| is_theirs(&row.employee_code, &row.email, who));
    let line = |row: SyncLogRow| PersonLine {
        started_at,
        code: row.employee_code,
        name: row.name,
        email: row.email,
        action: row.action,
        result: row.result,
        cause: row.cause,
        remedy: row.remedy,
        changes: row.changes,
    };
    Ok(theirs.map(line).collect())
}

/// Returns whether a line with this code and address is about the person.
pub(crate) fn is_theirs(code: &str, email: &str, who: &str) -> bool {
    !who.is_empty() && (code.eq_ignore_ascii_case(who) || email.eq_ignore_ascii_case(who))
}

/// Returns lines as a table.
pub(crate) fn table_of(lines: &[PersonLine]) -> String {
    let rows = lines.iter().map(|line| {
        vec![
            date_and_time(line.started_at),
            line.action.clone(),
            line.result.clone(),
            line.changes.clone(),
            line.cause.clone(),
            line.remedy.clone(),
        ]
    });
    let rows: Vec<Vec<String>> = rows.collect();
    table(
        &["RUN (JAPAN)", "処理", "結果", "変更内容", "原因", "対処"],
        &rows,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lines_of_others_are_left_out() {
        let log = "\u{FEFF}従業員コード,氏名,メールアドレス,処理,結果,原因,対処,変更内容\r\n\
                   \u{A0}\u{2002}0012,佐藤,a@example.jp,招待,成功,,,\r\n13,鈴木,b@example.jp,更新,成功,,,氏名\r\n";
        for (who, name) in [("0012", "佐藤"), ("B@example.jp", "鈴木")] {
            let lines = lines_of_log(log.as_bytes(), Timestamp::UNIX_EPOCH, who).unwrap();
            let names: Vec<&str> = lines.iter().map(|line| line.name.as_str()).collect();
            assert_eq!(names, [name]);
        }
        let of_nobody = lines_of_log(log.as_bytes(), Timestamp::UNIX_EPOCH, "");
        assert!(of_nobody.unwrap().is_empty());
    }
}
