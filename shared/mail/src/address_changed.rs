//! The notices about a changed address, to the old one and the new one (`MailKind::AddressChanged`).

use domain::time;
use jiff::Timestamp;

use crate::mail_name::MailName;
use crate::mime::{Mail, MailError};
use crate::person_notice::PersonNotice;

/// Which address a notice goes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoticeTo {
    /// The address that was replaced or taken away.
    OldAddress,
    /// The address from now on.
    NewAddress,
}

/// An address that was changed.
#[derive(Clone, Debug)]
pub struct AddressChanged<'a> {
    /// The name of the workspace.
    pub workspace_name: MailName,
    /// The name of the user.
    pub person_name: MailName,
    /// The time of the change.
    pub changed_at: Timestamp,
    /// The URL of the sign-in page.
    pub sign_in_url: &'a str,
}

impl AddressChanged<'_> {
    /// Builds the mail to one of the two addresses. It names neither.
    ///
    /// # Errors
    /// [`MailError::Template`] when a template fails.
    pub fn mail(&self, from: &str, to: &str, which: NoticeTo) -> Result<Mail, MailError> {
        let at = time::japanese_date_and_time(self.changed_at);
        let note = match which {
            NoticeTo::OldAddress => {
                "変更前のメールアドレスにお送りしています。今後、このメールアドレスではログインできません。"
            }
            NoticeTo::NewAddress => {
                "変更後のメールアドレスにお送りしています。今後は、このメールアドレスでログインしてください。"
            }
        };
        PersonNotice {
            workspace_name: &self.workspace_name,
            person_name: &self.person_name,
            subject: "メールアドレスが変更されました",
            message: &format!(
                "{at}に、{}のKiteRaに登録されているあなたのメールアドレスが変更されました。",
                self.workspace_name
            ),
            button: "ログイン画面を開く",
            url: self.sign_in_url,
            notes: &[
                note,
                "お心当たりのない場合は、所属企業のシステム管理者にご連絡ください。",
            ],
        }
        .mail(from, to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_address_is_told_whether_it_signs_in() {
        let changed = AddressChanged {
            workspace_name: MailName::new("みどり商事"),
            person_name: MailName::new("田中 花子"),
            changed_at: "2026-11-24T17:00:00Z".parse().unwrap(),
            sign_in_url: "https://kitera.example/sign-in",
        };
        for (which, says) in [
            (
                NoticeTo::OldAddress,
                "このメールアドレスではログインできません",
            ),
            (
                NoticeTo::NewAddress,
                "このメールアドレスでログインしてください",
            ),
        ] {
            let mail = changed.mail("no-reply@kitera.example", "hanako@example.com", which);
            mail.unwrap().assert_both_parts_contain(&[
                "2026年11月25日 02:00",
                says,
                "システム管理者",
            ]);
        }
    }
}
