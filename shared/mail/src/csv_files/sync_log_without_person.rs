//! Sync logs without an erased person.

use domain::erasure::{ERASED, ErasedPerson};

use super::cell::unguarded;
use super::file;
use super::sync_log::HEADER;
use crate::mime::MailError;

/// Returns a sync log without the person, with 「削除済み」 in place of their name and of causes that name
/// them, and how many lines said something about them.
///
/// # Errors
/// [`MailError::Csv`] when it is not a CSV file of ours.
pub fn without_person(log: &[u8], person: &ErasedPerson) -> Result<(Vec<u8>, usize), MailError> {
    let mut reader = csv::Reader::from_reader(log);
    // Logs of earlier versions lack the last columns.
    let columns = reader.headers()?.len().min(HEADER.len());
    let mut file = file::begin(&HEADER[..columns])?;
    let mut erased = 0;
    for line in reader.records() {
        let mut cells: Vec<String> = line?.iter().map(str::to_owned).collect();
        erased += usize::from(erase_from(&mut cells, person));
        file.append(&mut file::line(&cells)?);
    }
    Ok((file, erased))
}

/// Erases the person from a line. Returns whether it said anything about them.
fn erase_from(cells: &mut [String], person: &ErasedPerson) -> bool {
    let [code, name, email, _, _, cause, remedy, changes, ids @ ..] = cells else {
        return false;
    };
    if person.has(unguarded(code), unguarded(name), unguarded(email)) || person.is_named_in(changes)
    {
        ERASED.clone_into(name);
        for cell in [code, email, cause, remedy, changes].into_iter().chain(ids) {
            cell.clear();
        }
        return true;
    }
    if person.is_named_in(cause) {
        ERASED.clone_into(cause);
        return true;
    }
    false
}

#[cfg(test)]
mod tests {
    use domain::text::search_key;

    use super::*;
    use crate::csv_files::sync_log::{SyncLogRow, sync_log_csv};

    #[test]
    fn the_lines_of_an_erased_person_lose_all_but_what_was_done_and_others_stay() {
        let row = |code: &str, name: &str, email: &str| SyncLogRow {
            employee_code: code.into(),
            name: name.into(),
            email: email.into(),
            action: "招待".into(),
            result: "成功".into(),
            user_id: "usr_1".into(),
            ..SyncLogRow::default()
        };
        let married = SyncLogRow {
            changes: "メールアドレス: Hanako@example.jp → h.sato@example.jp".into(),
            ..row("", "佐藤 花子", "h.sato@example.jp")
        };
        let same_code = SyncLogRow {
            cause: "従業員コードが重複しています(7: 田中 花子)".into(),
            ..row("8", "木村 太郎", "taro@example.jp")
        };
        let log = sync_log_csv([
            row("0012", "田中 花子", "hanako@example.jp"),
            row("-12", "田中 花子", ""),
            married,
            same_code,
            row("13", "田中 花子", "another@example.jp"),
        ]);
        let person = ErasedPerson {
            names: [search_key("田中 花子")].into(),
            emails: ["hanako@example.jp".into()].into(),
            codes: ["-12".into()].into(),
            ..ErasedPerson::default()
        };
        let (log, erased) = without_person(&log.unwrap(), &person).unwrap();
        let text = String::from_utf8(log.clone()).unwrap();
        let lines: Vec<&str> = text.split("\r\n").collect();
        assert_eq!(lines[1..4], [",削除済み,,招待,成功,,,,,,,"; 3]);
        assert_eq!(
            lines[4],
            "8,木村 太郎,taro@example.jp,招待,成功,削除済み,,,,,usr_1,"
        );
        assert_eq!(
            lines[5],
            "13,田中 花子,another@example.jp,招待,成功,,,,,,usr_1,"
        );
        assert_eq!(erased, 4);
        assert_eq!(without_person(&log, &person).unwrap(), (log, 0));
    }
}
