//! The mail about held deletions (`MailKind::HeldDeletions`): 退職による削除を保留しました.

use domain::text::people;
use jiff::Timestamp;

use crate::admin_notice::{AdminNotice, Fact};
use crate::mail_name::MailName;
use crate::mime::{Mail, MailError};
use domain::{HeldBecause, time};

/// Deletions that a run held until an admin decides.
#[derive(Clone, Debug)]
pub struct HeldDeletions<'a> {
    /// The name of the workspace.
    pub workspace_name: MailName,
    /// The time at which the run started.
    pub started_at: Timestamp,
    /// The number of deletions that wait for a decision.
    pub people: usize,
    /// Why they wait.
    pub because: HeldBecause,
    /// The URL of [ユーザー同期履歴], where an admin decides.
    pub history_url: &'a str,
}

impl HeldDeletions<'_> {
    /// Builds the mail to the admins, at most [`crate::MAX_RECIPIENTS`] of them.
    ///
    /// # Errors
    /// [`MailError::Template`] when a template fails.
    pub fn mail(&self, from: &str, to: &[String]) -> Result<Mail, MailError> {
        AdminNotice {
            workspace_name: &self.workspace_name,
            subject: "退職による削除を保留しました",
            message: &format!("{}、", self.because.label()),
            emphasis: &format!("{}の削除を保留しました。", people(self.people)),
            facts: &[Fact::ours(
                "同期の開始",
                time::japanese_date_and_time(self.started_at),
            )],
            request: "[ユーザー同期履歴]で対象の方をご確認のうえ、削除を許可するか、許可しないかを選択してください。選択いただくまで、保留中の方は削除されません。",
            url_apart: false,
            url: self.history_url,
            note: None,
        }
        .mail(from, to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_admins_read_how_many_people_wait_and_where_to_decide() {
        let held = HeldDeletions {
            workspace_name: MailName::new("みどり<食品>"),
            started_at: "2026-11-24T17:00:00Z".parse().unwrap(),
            people: 12,
            because: HeldBecause::ManyRetire,
            history_url: "https://app.kitera.example/history",
        };
        let mail = held.mail("no-reply@kitera.example", &[]).unwrap();
        assert_eq!(
            mail.subject,
            "【KiteRa】みどり<食品>: 退職による削除を保留しました"
        );
        let when = "2026年11月25日 02:00(日本時間)";
        mail.assert_both_parts_contain(&["12名", when, held.history_url]);
        assert!(!mail.html.contains("みどり<食品>"));
    }
}
