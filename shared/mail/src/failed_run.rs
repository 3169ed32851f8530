//! The mail about a failed run (`MailKind::FailedRun`).

use jiff::Timestamp;

use crate::admin_notice::{AdminNotice, Fact};
use crate::mail_name::MailName;
use crate::mime::{Mail, MailError};
use domain::time;

/// A run that failed, as a whole or for some users.
#[derive(Clone, Debug)]
pub struct FailedRun<'a> {
    /// The name of the workspace.
    pub workspace_name: MailName,
    /// The time at which the run started.
    pub started_at: Timestamp,
    /// 原因: why the run failed, in Japanese.
    pub reason: &'a str,
    /// 対処: what the admin can do about it, in Japanese.
    pub remedy: &'a str,
    /// The URL of [ユーザー同期履歴].
    pub history_url: &'a str,
}

impl FailedRun<'_> {
    /// Builds the mail to the admins, at most [`crate::MAX_RECIPIENTS`] of them.
    ///
    /// # Errors
    /// [`MailError::Template`] when a template fails.
    pub fn mail(&self, from: &str, to: &[String]) -> Result<Mail, MailError> {
        AdminNotice {
            workspace_name: &self.workspace_name,
            subject: "SmartHRとの同期に失敗しました",
            message: "SmartHRとのユーザー同期に失敗しました。",
            emphasis: "",
            facts: &[
                Fact::ours("同期の開始", time::japanese_date_and_time(self.started_at)),
                Fact::ours("原因", self.reason),
                Fact::ours("対処", self.remedy),
            ],
            request: "詳細は、[ユーザー同期履歴]からダウンロードできる同期ログをご確認ください。",
            url_apart: false,
            url: self.history_url,
            note: Some("同じ原因が続く場合、次のお知らせは24時間後以降にお送りします。"),
        }
        .mail(from, to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mail_says_what_failed_when_why_and_what_to_do() {
        let failed = FailedRun {
            workspace_name: MailName::new("みどり商事"),
            started_at: "2026-11-24T17:00:00Z".parse().unwrap(),
            reason: "SmartHRが<メンテナンス>中です。",
            remedy: "次の午前2時の同期をお待ちください。",
            history_url: "https://kitera.example/smarthr/history",
        };
        let mail = failed.mail("no-reply@kitera.example", &[]).unwrap();
        assert_eq!(
            mail.subject,
            "【KiteRa】みどり商事: SmartHRとの同期に失敗しました"
        );
        let escaped = "SmartHRが&#60;メンテナンス&#62;中です。";
        assert!(mail.text.contains(failed.reason) && mail.html.contains(escaped));
        mail.assert_both_parts_contain(&[
            "2026年11月25日 02:00(日本時間)",
            failed.remedy,
            failed.history_url,
        ]);
    }
}
