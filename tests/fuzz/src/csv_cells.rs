//! Texts that others wrote, in CSV files.

use domain::text::one_line;
use jiff::Timestamp;
use mail::{InitialPasswordRow, InitialPasswords, MailName, SyncLogRow, sync_log_csv, unguarded};
use secrecy::ExposeSecret;

use crate::texts;

/// Writes texts into our CSV files. A reader must get them back, and none may start a formula.
pub fn csv_cells(bytes: &[u8]) {
    let [name, code, email] = texts(bytes);
    let log = sync_log_csv([SyncLogRow {
        employee_code: code.clone(),
        name: name.clone(),
        email: email.clone(),
        ..SyncLogRow::default()
    }])
    .unwrap();
    check_round_trip(&log, &[&code, &name, &email]);

    let mails = InitialPasswords {
        workspace_name: MailName::new("みどり商事"),
        company_code: "MIDORI".into(),
        issued_by: domain::IssuedBy::Run,
        issued_at: Timestamp::UNIX_EPOCH,
        valid_until: Timestamp::UNIX_EPOCH,
        cards_url: String::new(),
        kept_until: None,
        csv: domain::PasswordCsv::Attached,
    }
    .mails(
        "no-reply@kitera.example",
        &["admin@example.jp".into()],
        &[InitialPasswordRow {
            name: name.clone(),
            employee_code: code.clone(),
            password: "k7qm-2xpa".into(),
            valid_until: Timestamp::UNIX_EPOCH,
            login_url: email.clone(),
        }],
    )
    .unwrap();
    let passwords = mails[0].attachments[0].content.expose_secret();
    check_round_trip(
        passwords,
        &[
            &name,
            &code,
            "k7qm-2xpa",
            "MIDORI",
            "1970/01/01 09:00",
            &email,
        ],
    );
}

fn check_round_trip(file: &[u8], written: &[&str]) {
    for line in std::str::from_utf8(file).unwrap().split("\r\n") {
        assert!(!line.contains(['\r', '\n']), "a row in two lines");
    }
    let rows = read(file);
    assert_eq!(rows.len(), 1, "one person, one row");
    for (cell, text) in rows[0].iter().zip(written) {
        assert_eq!(*cell, one_line(text));
    }
}

/// Returns the rows of a file without its header. No cell may start a formula.
pub(crate) fn read(file: &[u8]) -> Vec<Vec<String>> {
    let cell = |cell: &str| {
        let start = cell.trim_start_matches([' ', '\u{3000}']);
        assert!(
            !start.starts_with(['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠']),
            "a formula: {cell}"
        );
        unguarded(cell).to_owned()
    };
    csv::Reader::from_reader(file)
        .records()
        .map(|row| row.unwrap().iter().map(cell).collect())
        .collect()
}
