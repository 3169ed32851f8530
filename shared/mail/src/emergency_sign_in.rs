//! The mail about a sign-in with an emergency account (`MailKind::EmergencySignIn`).

use domain::time;
use jiff::Timestamp;

use crate::admin_notice::{AdminNotice, Fact};
use crate::mail_name::MailName;
use crate::mime::{Mail, MailError};

/// Somebody who signed in with 緊急用アカウント.
#[derive(Clone, Debug)]
pub struct EmergencySignIn<'a> {
    /// The name of the workspace.
    pub workspace_name: MailName,
    /// 氏名 of the user.
    pub name: MailName,
    /// The time of the sign-in.
    pub at: Timestamp,
    /// The network that they came from.
    pub network: &'a str,
    /// The URL of 操作履歴.
    pub audit_url: &'a str,
}

impl EmergencySignIn<'_> {
    /// Builds the mail to the other システム管理者, at most [`crate::MAX_RECIPIENTS`] of them.
    ///
    /// # Errors
    /// [`MailError::Template`] when a template fails.
    pub fn mail(&self, from: &str, to: &[String]) -> Result<Mail, MailError> {
        AdminNotice {
            workspace_name: &self.workspace_name,
            subject: "緊急用アカウントでログインがありました",
            message: "緊急用アカウントに設定されているシステム管理者が、",
            emphasis: "パスワードでログインしました。",
            facts: &[
                Fact::name("氏名", &self.name),
                Fact::ours("ログイン日時", time::japanese_date_and_time(self.at)),
                Fact::ours("接続元", self.network),
            ],
            request: "ご本人にログインの理由をご確認ください。お心当たりがない場合は、すぐに緊急用アカウントのパスワードを変更し、操作履歴をご確認ください。",
            url_apart: true,
            url: self.audit_url,
            note: None,
        }
        .mail(from, to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mail_says_who_signed_in_when_and_from_where() {
        let mail = EmergencySignIn {
            workspace_name: MailName::new("みどり食品"),
            name: MailName::new("佐藤 一郎"),
            at: "2026-11-24T17:00:00Z".parse().unwrap(),
            network: "203.0.113.7",
            audit_url: "https://app.kitera.example/settings/audit-events",
        }
        .mail("no-reply@kitera.example", &["admin@example.com".into()]);
        mail.unwrap().assert_both_parts_contain(&[
            "佐藤 一郎",
            "2026年11月25日 02:00",
            "203.0.113.7",
            "https://app.kitera.example/settings/audit-events",
        ]);
    }
}
