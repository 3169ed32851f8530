//! The notice about a changed login method, to its user (`MailKind::LoginMethodChanged`).

use domain::{LoginMethod, time};
use jiff::Timestamp;

use crate::mail_name::MailName;
use crate::mime::{Mail, MailError};
use crate::person_notice::PersonNotice;

/// A login method that was changed.
#[derive(Clone, Debug)]
pub struct LoginMethodChanged<'a> {
    /// The name of the workspace.
    pub workspace_name: MailName,
    /// The name of the user.
    pub person_name: MailName,
    /// The time of the change.
    pub changed_at: Timestamp,
    /// The method from now on.
    pub login_method: LoginMethod,
    /// The URL of the sign-in page.
    pub sign_in_url: &'a str,
}

impl LoginMethodChanged<'_> {
    /// Builds the mail to the user.
    ///
    /// # Errors
    /// [`MailError::Template`] when a template fails.
    pub fn mail(&self, from: &str, to: &str) -> Result<Mail, MailError> {
        let at = time::japanese_date_and_time(self.changed_at);
        let next = match self.login_method {
            LoginMethod::Sso => {
                "次回からは、所属企業のSSOでログインしてください。これまでのKiteRaのパスワードは使用できません。"
            }
            LoginMethod::Password => {
                "次回からは、KiteRaのパスワードでログインしてください。パスワードがわからない場合は、ログイン画面の「パスワードをお忘れの方」から再設定できます。"
            }
        };
        PersonNotice {
            workspace_name: &self.workspace_name,
            person_name: &self.person_name,
            subject: "認証方法が変更されました",
            message: &format!(
                "{at}に、{}のKiteRaの認証方法が「{}」に変更されました。",
                self.workspace_name,
                self.login_method.label()
            ),
            button: "ログイン画面を開く",
            url: self.sign_in_url,
            notes: &[
                next,
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
    fn the_notice_says_how_to_sign_in_from_now_on() {
        for (login_method, says) in [
            (LoginMethod::Sso, "所属企業のSSOでログインしてください"),
            (
                LoginMethod::Password,
                "KiteRaのパスワードでログインしてください",
            ),
        ] {
            let mail = LoginMethodChanged {
                workspace_name: MailName::new("みどり商事"),
                person_name: MailName::new("田中 花子"),
                changed_at: "2026-11-24T17:00:00Z".parse().unwrap(),
                login_method,
                sign_in_url: "https://kitera.example/sign-in",
            }
            .mail("no-reply@kitera.example", "hanako@example.com");
            mail.unwrap()
                .assert_both_parts_contain(&[login_method.label(), says]);
        }
    }
}
