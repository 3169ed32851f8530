//! The mail about a connection that may end because the sync has been paused for long (`MailKind::ConnectionMayEnd`).

use domain::time;
use jiff::{SignedDuration, Timestamp};

use crate::admin_notice::{AdminNotice, Fact};
use crate::mail_name::MailName;
use crate::mime::{Mail, MailError};

/// How long SmartHR takes a refresh token that nobody uses.
const UNUSED_CONNECTION_LIVES: SignedDuration = SignedDuration::from_hours(90 * 24);

/// A connection that nothing has used since the sync was paused.
#[derive(Clone, Debug)]
pub struct ConnectionMayEnd<'a> {
    /// The name of the workspace.
    pub workspace_name: MailName,
    /// Since when the sync is paused.
    pub since: Timestamp,
    /// The URL of the page with the settings of the sync.
    pub settings_url: &'a str,
}

impl ConnectionMayEnd<'_> {
    /// Builds the mail to the admins, at most [`crate::MAX_RECIPIENTS`] of them.
    ///
    /// # Errors
    /// [`MailError::Template`] when a template fails.
    pub fn mail(&self, from: &str, to: &[String]) -> Result<Mail, MailError> {
        let ends = time::later(self.since, UNUSED_CONNECTION_LIVES);
        AdminNotice {
            workspace_name: &self.workspace_name,
            subject: "SmartHRとの連携が無効になる可能性があります",
            message: "ユーザー同期が60日以上停止しています。SmartHRとの連携は、90日間使用しないと無効になり、",
            emphasis: "再連携が必要になることがあります。",
            facts: &[
                Fact::ours("同期の停止", time::japanese_date(self.since)),
                Fact::ours("無効になる日の目安", time::japanese_date(ends)),
            ],
            request: "同期を再開する場合は、次のページで[有効にする]にチェックを入れて保存してください。停止を続ける場合も、[プレビュー]を行うと連携が使用されます。",
            url_apart: true,
            url: self.settings_url,
            note: Some("SmartHRと連携する必要がなくなった場合は、同じページの[解除する]から連携を解除してください。"),
        }
        .mail(from, to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mail_says_since_when_the_sync_is_paused_and_when_the_connection_may_end() {
        let paused = ConnectionMayEnd {
            workspace_name: MailName::new("みどり商事"),
            since: "2026-10-01T03:00:00Z".parse().unwrap(),
            settings_url: "https://app.kitera.example/settings/smarthr",
        };
        let mail = paused.mail("no-reply@kitera.example", &[]).unwrap();
        mail.assert_both_parts_contain(&[
            "60日以上停止",
            "2026年10月1日",
            "2026年12月30日",
            "[プレビュー]",
            paused.settings_url,
        ]);
    }
}
