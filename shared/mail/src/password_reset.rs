//! The mail with the URL where somebody who forgot their password chooses a new one
//! (`MailKind::PasswordReset`).

use domain::time;
use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};

use crate::mail_name::MailName;
use crate::mime::{Mail, MailError};
use crate::person_notice::PersonNotice;

/// The password reset of one user. Its `Debug` output does not show the URL.
#[derive(Clone, Debug)]
pub struct PasswordReset<'a> {
    /// The name of the workspace.
    pub workspace_name: MailName,
    /// The name of the user.
    pub person_name: MailName,
    /// The URL where the user chooses a new password; it contains the secret.
    pub url: &'a SecretString,
    /// The time at which the URL expires.
    pub valid_until: Timestamp,
}

impl PasswordReset<'_> {
    /// Builds the mail to the user.
    ///
    /// # Errors
    /// [`MailError::Template`] when a template fails.
    pub fn mail(&self, from: &str, to: &str) -> Result<Mail, MailError> {
        let until = time::japanese_date_and_time(self.valid_until);
        PersonNotice {
            workspace_name: &self.workspace_name,
            person_name: &self.person_name,
            subject: "パスワードの再設定",
            message: &format!("{}のKiteRaのパスワードを再設定するためのリンクをお送りします。", self.workspace_name),
            button: "パスワードを再設定する",
            url: self.url.expose_secret(),
            notes: &[
                &format!("有効期限: {until}"),
                "リンクを使えるのは一度だけです。ほかの方に渡さないでください。新しい再設定メールが届いた場合や、ログインした場合は、このリンクは無効になります。",
                "お心当たりのない場合は、このメールを削除してください。現在のパスワードは変わりません。",
            ],
        }
        .mail(from, to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mail_names_url_and_validity_and_hides_the_url_from_logs() {
        let url = "https://kitera.example/password-resets/abc.def-_".into();
        let reset = PasswordReset {
            workspace_name: MailName::new("みどり商事"),
            person_name: MailName::new("田中 花子"),
            url: &url,
            valid_until: "2026-11-24T17:00:00Z".parse().unwrap(),
        };
        let mail = reset.mail("no-reply@kitera.example", "hanako@example.com");
        let mail = mail.unwrap();
        assert_eq!(mail.subject, "【KiteRa】みどり商事: パスワードの再設定");
        mail.assert_both_parts_contain(&[
            "田中 花子 様",
            "https://kitera.example/password-resets/abc.def-_",
            "有効期限: 2026年11月25日 02:00(日本時間)",
        ]);
        assert!(!format!("{reset:?}").contains("abc"));
    }
}
