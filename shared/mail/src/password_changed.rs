//! The notice about a changed password, to its user (`MailKind::PasswordChanged`).

use domain::time;
use jiff::Timestamp;

use crate::mail_name::MailName;
use crate::mime::{Mail, MailError};
use crate::person_notice::PersonNotice;

/// A password that was replaced with another one.
#[derive(Clone, Debug)]
pub struct PasswordChanged<'a> {
    /// The name of the workspace.
    pub workspace_name: MailName,
    /// The name of the user.
    pub person_name: MailName,
    /// The time of the change.
    pub changed_at: Timestamp,
    /// The URL where the user asks for a link to choose another password.
    pub forgot_url: &'a str,
}

impl PasswordChanged<'_> {
    /// Builds the mail to the user.
    ///
    /// # Errors
    /// [`MailError::Template`] when a template fails.
    pub fn mail(&self, from: &str, to: &str) -> Result<Mail, MailError> {
        let at = time::japanese_date_and_time(self.changed_at);
        PersonNotice {
            workspace_name: &self.workspace_name,
            person_name: &self.person_name,
            subject: "パスワードが変更されました",
            message: &format!(
                "{at}に、{}のKiteRaのパスワードが変更され、ほかのブラウザーからはログアウトされました。",
                self.workspace_name
            ),
            button: "パスワードを再設定する",
            url: self.forgot_url,
            notes: &[
                "ご自身で変更された場合は、何もする必要はありません。",
                "お心当たりのない場合は、上のリンクからパスワードを再設定し、所属企業のシステム管理者にご連絡ください。",
            ],
        }
        .mail(from, to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_notice_says_when_and_what_to_do() {
        let mail = PasswordChanged {
            workspace_name: MailName::new("みどり商事"),
            person_name: MailName::new("田中 花子"),
            changed_at: "2026-11-24T17:00:00Z".parse().unwrap(),
            forgot_url: "https://kitera.example/forgot-password",
        }
        .mail("no-reply@kitera.example", "hanako@example.com");
        mail.unwrap().assert_both_parts_contain(&[
            "2026年11月25日 02:00",
            "https://kitera.example/forgot-password",
            "お心当たりのない場合は",
        ]);
    }
}
