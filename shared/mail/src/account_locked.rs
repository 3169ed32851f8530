//! The notice about an account that guesses locked from everywhere, to its user (`MailKind::AccountLocked`).

use domain::time;
use jiff::Timestamp;

use crate::mail_name::MailName;
use crate::mime::{Mail, MailError};
use crate::person_notice::PersonNotice;

/// An account that is locked from everywhere for a quarter of an hour.
#[derive(Clone, Debug)]
pub struct AccountLocked<'a> {
    /// The name of the workspace.
    pub workspace_name: MailName,
    /// The name of the user.
    pub person_name: MailName,
    /// The time of the guess that locked it.
    pub locked_at: Timestamp,
    /// The URL where the user asks for a link to choose another password.
    pub forgot_url: &'a str,
}

impl AccountLocked<'_> {
    /// Builds the mail to the user.
    ///
    /// # Errors
    /// [`MailError::Template`] when a template fails.
    pub fn mail(&self, from: &str, to: &str) -> Result<Mail, MailError> {
        let at = time::japanese_date_and_time(self.locked_at);
        PersonNotice {
            workspace_name: &self.workspace_name,
            person_name: &self.person_name,
            subject: "ログインを一時的に制限しました",
            message: &format!(
                "{at}までに、{}のKiteRaで、あなたのアカウントへのログインの失敗が何度も続きました。第三者がパスワードを推測している可能性があるため、パスワードによるログインを15分間制限しました。",
                self.workspace_name
            ),
            button: "パスワードを再設定する",
            url: self.forgot_url,
            notes: &[
                "ログイン中のブラウザーはそのままお使いいただけます。以前ログインしたことのあるブラウザーからは、制限中でもログインできます。",
                "ほかのブラウザーからすぐにログインする場合は、上のリンクからパスワードを再設定してください。",
                "このお知らせは、制限が続いても1日に1通だけお送りします。",
            ],
        }
        .mail(from, to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_notice_says_what_happened_and_two_ways_in() {
        let mail = AccountLocked {
            workspace_name: MailName::new("みどり商事"),
            person_name: MailName::new("田中 花子"),
            locked_at: "2026-11-24T17:00:00Z".parse().unwrap(),
            forgot_url: "https://kitera.example/forgot-password",
        }
        .mail("no-reply@kitera.example", "hanako@example.com");
        mail.unwrap().assert_both_parts_contain(&[
            "2026年11月25日 02:00",
            "https://kitera.example/forgot-password",
            "以前ログインしたことのあるブラウザー",
        ]);
    }
}
