//! The mail about a new connection (`MailKind::Connected`): SmartHRと連携しました.

use domain::time;
use jiff::Timestamp;

use crate::admin_notice::{AdminNotice, Fact};
use crate::mail_name::MailName;
use crate::mime::{Mail, MailError};

/// A workspace that was connected to a SmartHR company.
#[derive(Clone, Debug)]
pub struct Connected<'a> {
    /// The name of the workspace.
    pub workspace_name: MailName,
    /// The name of the SmartHR company.
    pub company_name: MailName,
    /// 氏名 of the admin who connected or confirmed it; `None` if they are gone.
    pub by: Option<MailName>,
    /// The time at which it was connected or confirmed.
    pub at: Timestamp,
    /// The URL of the page with the connection.
    pub settings_url: &'a str,
}

impl Connected<'_> {
    /// Builds the mail to the システム管理者, at most [`crate::MAX_RECIPIENTS`] of them.
    ///
    /// # Errors
    /// [`MailError::Template`] when a template fails.
    pub fn mail(&self, from: &str, to: &[String]) -> Result<Mail, MailError> {
        AdminNotice {
            workspace_name: &self.workspace_name,
            subject: "SmartHRと連携しました",
            message: "ワークスペースがSmartHRの企業アカウントと連携されました。",
            emphasis: "",
            facts: &[
                Fact::name("連携先", &self.company_name),
                match &self.by {
                    Some(by) => Fact::name("操作した方", by),
                    None => Fact::ours("操作した方", "(削除されたユーザー)"),
                },
                Fact::ours("日時", time::japanese_date_and_time(self.at)),
            ],
            request: "連携先が貴社のSmartHRであることをご確認ください。お心当たりがない場合は、次のページで[解除する]をクリックしてください。",
            url_apart: true,
            url: self.settings_url,
            note: None,
        }
        .mail(from, to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mail_names_the_company_who_connected_it_and_where_to_undo_it() {
        let mail = Connected {
            workspace_name: MailName::new("みどり食品"),
            company_name: MailName::new("みどりホールディングス"),
            by: Some(MailName::new("佐藤 一郎")),
            at: "2026-11-24T01:00:00Z".parse().expect("timestamp"),
            settings_url: "https://app.kitera.example/settings/smarthr",
        }
        .mail("no-reply@kitera.example", &["admin@example.com".into()])
        .expect("a mail");
        for text in [&mail.text, &mail.html] {
            for part in [
                "みどりホールディングス",
                "佐藤 一郎",
                "2026年11月24日 10:00(日本時間)",
                "[解除する]",
                "https://app.kitera.example/settings/smarthr",
            ] {
                assert!(text.contains(part), "{part} in {text}");
            }
        }
    }
}
