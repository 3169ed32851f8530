//! The notice about somebody's second factors, to them (`MailKind::SecondFactorChanged`).

use domain::{SecondFactorNotice, time};
use jiff::Timestamp;

use crate::mail_name::MailName;
use crate::mime::{Mail, MailError};
use crate::person_notice::PersonNotice;

/// A change of somebody's second factors.
#[derive(Clone, Debug)]
pub struct SecondFactorChanged<'a> {
    /// The name of the workspace.
    pub workspace_name: MailName,
    /// The name of the user.
    pub person_name: MailName,
    /// What happened.
    pub notice: SecondFactorNotice,
    /// The time at which it happened.
    pub changed_at: Timestamp,
    /// The URL of the user's account page.
    pub account_url: &'a str,
}

impl SecondFactorChanged<'_> {
    /// Builds the mail to the user.
    ///
    /// # Errors
    /// [`MailError::Template`] when a template fails.
    pub fn mail(&self, from: &str, to: &str) -> Result<Mail, MailError> {
        let at = time::japanese_date_and_time(self.changed_at);
        let (subject, happened) = words(self.notice);
        PersonNotice {
            workspace_name: &self.workspace_name,
            person_name: &self.person_name,
            subject,
            message: &format!("{at}に、{}のKiteRaで{happened}", self.workspace_name),
            button: "アカウントを開く",
            url: self.account_url,
            notes: &[
                "ご自身の操作、またはご依頼によるものであれば、何もする必要はありません。",
                "お心当たりのない場合は、パスワードを変更し、所属企業のシステム管理者にご連絡ください。",
            ],
        }
        .mail(from, to)
    }
}

fn words(notice: SecondFactorNotice) -> (&'static str, &'static str) {
    match notice {
        SecondFactorNotice::TotpAdded => (
            "二段階認証が設定されました",
            "認証アプリによる二段階認証が設定されました。次回からは、パスワードに加えて認証アプリのコードを入力してください。",
        ),
        SecondFactorNotice::TotpRemoved => (
            "認証アプリが削除されました",
            "二段階認証の認証アプリが削除されました。",
        ),
        SecondFactorNotice::PasskeyAdded => (
            "パスキーが追加されました",
            "パスキーが追加されました。次回からは、パスワードに加えてパスキーでも本人確認を行えます。",
        ),
        SecondFactorNotice::PasskeyRemoved => {
            ("パスキーが削除されました", "パスキーが削除されました。")
        }
        SecondFactorNotice::RecoveryCodesMade => (
            "リカバリーコードが再発行されました",
            "リカバリーコードが再発行されました。以前のリカバリーコードは使用できません。",
        ),
        SecondFactorNotice::RecoveryCodeUsed => (
            "リカバリーコードが使用されました",
            "リカバリーコードが使用されました。使用したコードは、もう使用できません。",
        ),
        SecondFactorNotice::RemovedByAdministrator => (
            "二段階認証が解除されました",
            "システム管理者が二段階認証を解除し、すべてのブラウザーからログアウトしました。次回はパスワードのみでログインできますので、二段階認証を設定し直してください。",
        ),
        SecondFactorNotice::RemovedByOperator => (
            "二段階認証が解除されました",
            "サポートが二段階認証を解除し、すべてのブラウザーからログアウトしました。別のメールでお送りするリンクから登録し、二段階認証を設定し直してください。",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_notice_says_when_what_happened_and_what_to_do() {
        for (notice, says) in [
            (SecondFactorNotice::TotpAdded, "設定されました"),
            (SecondFactorNotice::RecoveryCodeUsed, "使用されました"),
            (SecondFactorNotice::RemovedByAdministrator, "解除し"),
        ] {
            let mail = SecondFactorChanged {
                workspace_name: MailName::new("みどり商事"),
                person_name: MailName::new("田中 花子"),
                notice,
                changed_at: "2026-11-24T17:00:00Z".parse().unwrap(),
                account_url: "https://kitera.example/account",
            }
            .mail("no-reply@kitera.example", "hanako@example.com");
            mail.unwrap().assert_both_parts_contain(&[
                "2026年11月25日 02:00",
                says,
                "https://kitera.example/account",
                "お心当たりのない場合は",
            ]);
        }
    }
}
