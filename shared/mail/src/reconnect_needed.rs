//! The mail about a connection that SmartHR refuses (`MailKind::ReconnectNeeded`): 再連携が必要です.

use crate::admin_notice::AdminNotice;
use crate::mail_name::MailName;
use crate::mime::{Mail, MailError};

/// A connection that SmartHR refuses.
#[derive(Clone, Debug)]
pub struct ReconnectNeeded<'a> {
    /// The name of the workspace.
    pub workspace_name: MailName,
    /// The URL of the page with the button [連携する].
    pub settings_url: &'a str,
}

impl ReconnectNeeded<'_> {
    /// Builds the mail to the admins, at most [`crate::MAX_RECIPIENTS`] of them.
    ///
    /// # Errors
    /// [`MailError::Template`] when a template fails.
    pub fn mail(&self, from: &str, to: &[String]) -> Result<Mail, MailError> {
        AdminNotice {
            workspace_name: &self.workspace_name,
            subject: "SmartHRとの再連携が必要です",
            message: "SmartHRがKiteRaからの接続を受け付けなくなったため、ユーザー同期が停止しています。",
            emphasis: "再連携が必要です。",
            facts: &[],
            request: "次のページの[連携する]から、SmartHRともう一度連携してください。登録済みのユーザーと同期の設定は、そのまま残っています。",
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
    fn the_mail_says_that_the_sync_has_stopped_and_where_to_reconnect() {
        let reconnect = ReconnectNeeded {
            workspace_name: MailName::new("みどり商事"),
            settings_url: "https://kitera.example/smarthr",
        };
        let mail = reconnect.mail("no-reply@kitera.example", &[]).unwrap();
        assert!(mail.subject.contains("再連携が必要です"));
        mail.assert_both_parts_contain(&[
            "みどり商事",
            "停止しています",
            "[連携する]",
            reconnect.settings_url,
        ]);
    }
}
