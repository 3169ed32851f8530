//! The lines of sync logs that are about one person, and nobody else's.

use domain::time::date_and_time;
use jiff::Timestamp;
use serde::Serialize;

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
pub(crate) fn lines_of_log(log: &[u8], started_at: Timestamp, who: &str) -> Vec<PersonLine> {
    let log = log.strip_prefix("\u{FEFF}".as_bytes()).unwrap_or(log);
    let mut lines = Vec::new();
    for row in csv::Reader::from_reader(log).records().flatten() {
        let cell = |column: usize| mail::unguarded(row.get(column).unwrap_or_default()).to_owned();
        if is_theirs(&cell(0), &cell(2), who) {
            lines.push(PersonLine {
                started_at,
                code: cell(0),
                name: cell(1),
                email: cell(2),
                action: cell(3),
                result: cell(4),
                cause: cell(5),
                remedy: cell(6),
                changes: cell(7),
            });
        }
    }
    lines
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
            let lines = lines_of_log(log.as_bytes(), Timestamp::UNIX_EPOCH, who);
            let names: Vec<&str> = lines.iter().map(|line| line.name.as_str()).collect();
            assert_eq!(names, [name]);
        }
        assert!(lines_of_log(log.as_bytes(), Timestamp::UNIX_EPOCH, "").is_empty());
    }
}
