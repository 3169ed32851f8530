//! The mail with the initial passwords of users without e-mail, to the システム管理者
//! (`MailKind::InitialPasswords` and `MailKind::IssuedPasswords`).
//!
//! Manual: 「午前2時頃にシステム管理者のメールアドレスに、該当ユーザーの初期パスワードが記載されたCSVファイルが届きます。」

use askama::Template;
use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};

use crate::csv_cell::{code_cell, text_cell};
use crate::csv_file;
use crate::mail_name::MailName;
use crate::mime::{Attachment, Mail, MailError};
use domain::{IssuedBy, PasswordCsv, time};

/// The first line of every file.
const HEADER: [&str; 6] = [
    "氏名",
    "従業員コード",
    "初期パスワード",
    "企業コード",
    "有効期限",
    "ログインURL",
];

/// Base64 turns 3 bytes into 4 and adds a line break to each line of 76, so that 6 MB become 8.3 MB.
/// The rest of SES's 10 MB is for the texts.
const MAX_FILE_BYTES: usize = 6_000_000;

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

/// The content of the mail besides the passwords.
#[derive(Clone, Debug)]
pub struct InitialPasswords {
    /// The name of the workspace.
    pub workspace_name: MailName,
    /// 企業コード: the company code, which the user signs in with as well; the ログインURL fills it in.
    pub company_code: String,
    /// What issued the passwords.
    pub issued_by: IssuedBy,
    /// The time at which the passwords were issued. The file is named after it, in Japan time.
    pub issued_at: Timestamp,
    /// The time at which the first of the passwords expires.
    pub valid_until: Timestamp,
    /// Where a システム管理者 prints the cards and downloads the CSV.
    pub cards_url: String,
    /// The time until which they can do that; `None` when it is over, or unknown.
    pub kept_until: Option<Timestamp>,
    /// Whether the mail has the CSV.
    pub csv: PasswordCsv,
}

#[derive(Template)]
#[template(path = "initial_passwords.txt")]
struct Text<'a> {
    page: &'a Page<'a>,
}

#[derive(Template)]
#[template(path = "initial_passwords.html")]
struct Html<'a> {
    page: &'a Page<'a>,
}

struct Page<'a> {
    workspace_name: &'a MailName,
    company_code: &'a str,
    reason: String,
    /// The name of the attached file; `None` when nothing is attached.
    file_name: Option<String>,
    valid_until: String,
    cards_url: &'a str,
    kept_until: Option<String>,
}

impl InitialPasswords {
    /// Builds the mails with all `passwords`: usually one, and more when they do not fit into one (about
    /// 40,000 users). `to` are the システム管理者 with an e-mail address, at most
    /// [`crate::MAX_RECIPIENTS`]. The rows are sorted by employee code. The same input makes the same mails,
    /// so that they can be built again after a crash.
    ///
    /// # Errors
    /// [`MailError::Template`] or [`MailError::Csv`] when a template or writing the CSV fails.
    pub fn mails(
        &self,
        from: &str,
        to: &[String],
        passwords: &[InitialPasswordRow],
    ) -> Result<Vec<Mail>, MailError> {
        let mut files = files(&self.company_code, passwords, MAX_FILE_BYTES)?;
        if self.csv == PasswordCsv::NotAttached {
            let people = passwords.len();
            files.truncate(1);
            let only = files.into_iter().map(|file| File { people, ..file });
            return only.map(|file| self.mail(from, to, None, file)).collect();
        }
        let count = files.len();
        files
            .into_iter()
            .enumerate()
            .map(|(index, file)| {
                let part = (count > 1).then_some((index + 1, count));
                self.mail(from, to, part, file)
            })
            .collect()
    }

    fn reason(&self, people: usize) -> String {
        let date = time::japanese_date(self.issued_at);
        match self.issued_by {
            IssuedBy::Run => format!(
                "{date}のSmartHRとの同期で、メールアドレスのない{people}名を従業員コードで登録しました。"
            ),
            IssuedBy::Admin => format!(
                "{date}に{people}名の初期パスワードを再発行しました。以前の初期パスワードは使用できません。"
            ),
        }
    }

    fn mail(
        &self,
        from: &str,
        to: &[String],
        part: Option<(usize, usize)>,
        file: File,
    ) -> Result<Mail, MailError> {
        let (of_many, suffix) = match part {
            Some((number, count)) => (format!("({number}/{count})"), format!("-{number}")),
            None => (String::new(), String::new()),
        };
        let page = Page {
            workspace_name: &self.workspace_name,
            company_code: &self.company_code,
            reason: self.reason(file.people),
            file_name: (self.csv == PasswordCsv::Attached)
                .then(|| initial_passwords_file(self.issued_at, &suffix)),
            valid_until: time::japanese_date_and_time(self.valid_until),
            cards_url: &self.cards_url,
            kept_until: self.kept_until.map(time::japanese_date_and_time),
        };
        let attachment = page.file_name.clone().map(|file_name| Attachment {
            file_name,
            content_type: "text/csv; charset=utf-8",
            content: file.bytes.into(),
        });
        Ok(Mail {
            from: from.to_owned(),
            to: to.to_vec(),
            subject: format!(
                "【KiteRa】{}: 初期パスワードのお知らせ{of_many}",
                page.workspace_name
            ),
            text: Text { page: &page }.render()?,
            html: Html { page: &page }.render()?,
            attachments: attachment.into_iter().collect(),
        })
    }
}

/// Writes all passwords into one CSV file, as it is mailed.
///
/// # Errors
/// [`MailError::Csv`] when writing the CSV fails.
pub fn initial_passwords_csv(
    company_code: &str,
    passwords: &[InitialPasswordRow],
) -> Result<Vec<u8>, MailError> {
    let file = files(company_code, passwords, usize::MAX)?.pop();
    Ok(file.map_or_else(Vec::new, |file| file.bytes))
}

/// Returns the name of the file with passwords that were issued at `issued_at`, with a `suffix`.
pub fn initial_passwords_file(issued_at: Timestamp, suffix: &str) -> String {
    let date = time::compact_date_and_time(issued_at);
    format!("initial-passwords-{date}{suffix}.csv")
}

/// Writes all passwords into as few files of at most `max_bytes` as possible; no file without passwords.
fn files(
    company_code: &str,
    passwords: &[InitialPasswordRow],
    max_bytes: usize,
) -> Result<Vec<File>, MailError> {
    let mut rows: Vec<&InitialPasswordRow> = passwords.iter().collect();
    rows.sort_by(|one, other| one.employee_code.cmp(&other.employee_code));
    let mut files: Vec<File> = Vec::new();
    for row in rows {
        let mut line = csv_file::line(&[
            text_cell(&row.name),
            code_cell(&row.employee_code),
            text_cell(row.password.expose_secret()),
            code_cell(company_code),
            time::date_and_time(row.valid_until),
            text_cell(&row.login_url),
        ])?;
        match files.last_mut() {
            Some(file) if file.bytes.len() + line.len() <= max_bytes => {
                file.bytes.append(&mut line);
                file.people += 1;
            }
            _ => {
                let mut bytes = csv_file::begin(&HEADER)?;
                bytes.append(&mut line);
                files.push(File { bytes, people: 1 });
            }
        }
    }
    Ok(files)
}

struct File {
    bytes: Vec<u8>,
    people: usize,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::csv_cell::GUARD;

    const LOGIN_URL: &str = "https://kitera.example/sign-in?company=MIDORI";

    fn password(name: &str, code: &str) -> InitialPasswordRow {
        InitialPasswordRow {
            name: name.into(),
            employee_code: code.into(),
            password: "k7qm-2xpa-9trc-w4hd-5nbe".into(),
            valid_until: "2026-12-24T17:00:00Z".parse().unwrap(),
            login_url: LOGIN_URL.into(),
        }
    }

    fn mails(issued_by: IssuedBy, passwords: &[InitialPasswordRow]) -> Vec<Mail> {
        mails_with(PasswordCsv::Attached, issued_by, passwords)
    }

    fn mails_with(
        csv: PasswordCsv,
        issued_by: IssuedBy,
        passwords: &[InitialPasswordRow],
    ) -> Vec<Mail> {
        let initial_passwords = InitialPasswords {
            workspace_name: MailName::new("みどり商事"),
            company_code: "MIDORI".into(),
            issued_by,
            issued_at: "2026-11-24T17:00:00Z".parse().unwrap(),
            valid_until: "2026-12-24T17:00:00Z".parse().unwrap(),
            cards_url: "https://kitera.example/users/initial-passwords".into(),
            kept_until: Some("2026-12-01T17:00:00Z".parse().unwrap()),
            csv,
        };
        let to = ["admin@example.com".into()];
        initial_passwords
            .mails("no-reply@kitera.example", &to, passwords)
            .unwrap()
    }

    #[test]
    fn the_file_has_bom_header_and_the_codes_as_they_are_in_their_order() {
        let people = [password("田中 花子", "1024"), password("=cmd|x", "-A1")];
        let attachment = &mails(IssuedBy::Run, &people)[0].attachments[0];
        assert_eq!(attachment.file_name, "initial-passwords-20261125-0200.csv");
        assert_eq!(
            std::str::from_utf8(attachment.content.expose_secret()).unwrap(),
            format!(
                "\u{FEFF}氏名,従業員コード,初期パスワード,企業コード,有効期限,ログインURL\r\n\
                 {GUARD}=cmd|x,{GUARD}-A1,k7qm-2xpa-9trc-w4hd-5nbe,MIDORI,2026/12/25 02:00,{LOGIN_URL}\r\n\
                 田中 花子,1024,k7qm-2xpa-9trc-w4hd-5nbe,MIDORI,2026/12/25 02:00,{LOGIN_URL}\r\n"
            )
        );
    }

    #[test]
    fn the_mail_says_what_the_file_is_and_shows_no_password_itself() {
        for (issued_by, done, otherwise) in [
            (IssuedBy::Run, "登録しました", "再発行しました"),
            (IssuedBy::Admin, "再発行しました", "登録しました"),
        ] {
            let mail = &mails(issued_by, &[password("田中 花子", "1024")])[0];
            assert_eq!(
                mail.subject,
                "【KiteRa】みどり商事: 初期パスワードのお知らせ"
            );
            mail.assert_both_parts_contain(&[
                done,
                "initial-passwords-20261125-0200.csv",
                "2026年12月25日 02:00(日本時間)",
                "1名",
            ]);
            for part in [&mail.text, &mail.html] {
                assert!(!part.contains(otherwise) && !part.contains("k7qm"));
            }
        }
    }

    #[test]
    fn a_mail_without_the_file_says_how_many_and_where_they_are_until_when() {
        let people = [password("田中 花子", "1024"), password("山田 太郎", "1025")];
        let mails = mails_with(PasswordCsv::NotAttached, IssuedBy::Run, &people);
        assert_eq!((mails.len(), mails[0].attachments.len()), (1, 0));
        mails[0].assert_both_parts_contain(&[
            "2名",
            "https://kitera.example/users/initial-passwords",
            "2026年12月2日 02:00(日本時間)",
        ]);
        for part in [&mails[0].text, &mails[0].html] {
            assert!(!part.contains("添付") && !part.contains("k7qm") && !part.contains("花子"));
        }
    }

    #[test]
    fn nobody_registered_means_no_mail() {
        assert!(mails(IssuedBy::Run, &[]).is_empty());
    }

    #[test]
    fn many_people_go_into_several_mails_that_ses_takes_and_nobody_is_lost() {
        let codes: Vec<String> = (1..=60_000).map(|n| n.to_string()).collect();
        let people = codes.iter();
        let people = people.map(|code| password("長い名前の人 とても長い名前の人", code));
        let mails = mails(IssuedBy::Run, &people.collect::<Vec<_>>());
        assert_eq!(mails.len(), 2);
        assert!(mails[0].subject.ends_with("(1/2)"));
        assert_eq!(
            mails[1].attachments[0].file_name,
            "initial-passwords-20261125-0200-2.csv"
        );
        let mut arrived = Vec::new();
        for mail in &mails {
            assert!(mail.to_mime("id", Timestamp::UNIX_EPOCH).is_ok());
            let file = mail.attachments[0].content.expose_secret();
            let rows = csv::Reader::from_reader(file).into_records();
            arrived.extend(rows.map(|row| row.unwrap()[1].to_owned()));
        }
        let mut expected = codes.clone();
        expected.sort();
        assert_eq!(arrived, expected);
    }

    #[test]
    fn debug_output_shows_no_password() {
        let row = password("田中 花子", "1024");
        assert!(!format!("{row:?}").contains("k7qm"));
    }
}
