//! The CSV file with initial passwords.

use domain::time;
use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};

use super::cell::{code_cell, text_cell};
use super::file;
use crate::mime::MailError;

/// The first line of every file.
const HEADER: [&str; 6] = [
    "氏名",
    "従業員コード",
    "初期パスワード",
    "企業コード",
    "有効期限",
    "ログインURL",
];

/// A row of the CSV file. Its `Debug` output does not show the password.
#[derive(Clone, Debug)]
pub struct InitialPasswordRow {
    /// 氏名: the user's name.
    pub name: String,
    /// 従業員コード: the employee code, which the user signs in with.
    pub employee_code: String,
    /// 初期パスワード: the initial password.
    pub password: SecretString,
    /// 有効期限: the time at which the password expires.
    pub valid_until: Timestamp,
    /// ログインURL: the URL of the sign-in page, with the company code in its query.
    pub login_url: String,
}

/// Writes all passwords into one CSV file, as it is mailed.
///
/// # Errors
/// [`MailError::Csv`] when writing the CSV fails.
pub fn initial_passwords_csv(
    company_code: &str,
    passwords: &[InitialPasswordRow],
) -> Result<Vec<u8>, MailError> {
    let file = password_files(company_code, passwords, usize::MAX)?.pop();
    Ok(file.map_or_else(Vec::new, |file| file.bytes))
}

/// Returns the name of the file with passwords that were issued at `issued_at`, with a `suffix`.
pub fn initial_passwords_file(issued_at: Timestamp, suffix: &str) -> String {
    let date = time::compact_date_and_time(issued_at);
    format!("initial-passwords-{date}{suffix}.csv")
}

/// Writes all passwords into as few files of at most `max_bytes` as possible; no file without passwords.
pub(crate) fn password_files(
    company_code: &str,
    passwords: &[InitialPasswordRow],
    max_bytes: usize,
) -> Result<Vec<PasswordFile>, MailError> {
    let mut rows: Vec<&InitialPasswordRow> = passwords.iter().collect();
    rows.sort_by(|one, other| one.employee_code.cmp(&other.employee_code));
    let mut files: Vec<PasswordFile> = Vec::new();
    for row in rows {
        let mut line = file::line(&[
            text_cell(&row.name),
            code_cell(&row.employee_code),
            text_cell(row.password.expose_secret()),
            code_cell(company_code),
            time::date_and_time(row.valid_until),
            text_cell(&row.login_url),
        ])?;
        match files.last_mut() {
            Some(last) if last.bytes.len() + line.len() <= max_bytes => {
                last.bytes.append(&mut line);
                last.people += 1;
            }
            _ => {
                let mut bytes = file::begin(&HEADER)?;
                bytes.append(&mut line);
                files.push(PasswordFile { bytes, people: 1 });
            }
        }
    }
    Ok(files)
}

/// A file, and how many people it has.
pub(crate) struct PasswordFile {
    pub(crate) bytes: Vec<u8>,
    pub(crate) people: usize,
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::csv_files::GUARD;

    const LOGIN_URL: &str = "https://kitera.example/sign-in?company_code=MIDORI";

    pub(crate) fn password(name: &str, code: &str) -> InitialPasswordRow {
        InitialPasswordRow {
            name: name.into(),
            employee_code: code.into(),
            password: "k7qm-2xpa-9trc-w4hd-5nbe".into(),
            valid_until: "2026-12-08T17:00:00Z".parse().unwrap(),
            login_url: LOGIN_URL.into(),
        }
    }

    #[test]
    fn the_file_has_bom_header_and_the_codes_as_they_are_in_their_order() {
        let people = [password("田中 花子", "1024"), password("=cmd|x", "-A1")];
        let issued_at = "2026-11-24T17:00:00Z".parse().unwrap();
        assert_eq!(
            initial_passwords_file(issued_at, ""),
            "initial-passwords-20261125-0200.csv"
        );
        let file = initial_passwords_csv("MIDORI", &people).unwrap();
        assert_eq!(
            String::from_utf8(file).unwrap(),
            format!(
                "\u{FEFF}氏名,従業員コード,初期パスワード,企業コード,有効期限,ログインURL\r\n\
                 {GUARD}=cmd|x,{GUARD}-A1,k7qm-2xpa-9trc-w4hd-5nbe,MIDORI,2026/12/09 02:00,{LOGIN_URL}\r\n\
                 田中 花子,1024,k7qm-2xpa-9trc-w4hd-5nbe,MIDORI,2026/12/09 02:00,{LOGIN_URL}\r\n"
            )
        );
    }

    #[test]
    fn debug_output_shows_no_password() {
        let row = password("田中 花子", "1024");
        assert!(!format!("{row:?}").contains("k7qm"));
    }
}
