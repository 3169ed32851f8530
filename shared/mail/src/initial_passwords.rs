//! The mail with the initial passwords of users without e-mail, to the システム管理者
//! (`MailKind::InitialPasswords` and `MailKind::IssuedPasswords`).
//!
//! Manual:
//! 「午前2時頃にシステム管理者のメールアドレスに、該当ユーザーの初期パスワードが記載されたCSVファイルが届きます。」

use askama::Template;
use jiff::Timestamp;

use crate::csv_files::{InitialPasswordRow, PasswordFile, initial_passwords_file, password_files};
use crate::mail_name::MailName;
use crate::mime::{Attachment, Mail, MailError};
use domain::{IssuedBy, PasswordCsv, time};

/// Base64 turns 3 bytes into 4 and adds a line break to each line of 76, so that 6 MB become 8.3 MB.
/// The rest of SES's 10 MB is for the texts.
const MAX_FILE_BYTES: usize = 6_000_000;

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
        let mut files = password_files(&self.company_code, passwords, MAX_FILE_BYTES)?;
        if self.csv == PasswordCsv::NotAttached {
            let people = passwords.len();
            files.truncate(1);
            let only = files
                .into_iter()
                .map(|file| PasswordFile { people, ..file });
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
        file: PasswordFile,
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

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;
    use crate::csv_files::password;

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
            valid_until: "2026-12-08T17:00:00Z".parse().unwrap(),
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
                "2026年12月9日 02:00(日本時間)",
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
}
