//! The mail that tells the admins that a run failed.

use askama::Template;
use jiff::Timestamp;

use crate::japan_time;
use crate::mime::{Mail, MailError};
use crate::single_line::single_line;

/// A failed run, in the words that the admin reads.
#[derive(Clone, Debug)]
pub struct FailedRun<'a> {
    /// The workspace's name.
    pub workspace_name: &'a str,
    /// When the run started.
    pub started_at: Timestamp,
    /// 原因
    pub reason: &'a str,
    /// 対処: what to do about it.
    pub remedy: &'a str,
    /// Where [ユーザー同期履歴] is.
    pub history_url: &'a str,
}

#[derive(Template)]
#[template(path = "failed_run.txt")]
struct Text<'a> {
    page: &'a Page<'a>,
}

#[derive(Template)]
#[template(path = "failed_run.html")]
struct Html<'a> {
    page: &'a Page<'a>,
}

struct Page<'a> {
    workspace_name: String,
    started_at: String,
    reason: String,
    remedy: String,
    history_url: &'a str,
}

impl FailedRun<'_> {
    /// The mail to the admins, at most [`crate::MAX_RECIPIENTS`] of them.
    ///
    /// # Errors
    /// When a template fails.
    pub fn mail(&self, from: &str, to: &[String]) -> Result<Mail, MailError> {
        let page = Page {
            workspace_name: single_line(self.workspace_name),
            started_at: japan_time::date_and_time(self.started_at),
            reason: single_line(self.reason),
            remedy: single_line(self.remedy),
            history_url: self.history_url,
        };
        let subject = format!(
            "【KiteRa】{}: SmartHRとの同期に失敗しました",
            page.workspace_name
        );
        let text = Text { page: &page }.render()?;
        let html = Html { page: &page }.render()?;
        Ok(Mail::of_texts(from, to, subject, text, html))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mail_says_what_failed_when_why_and_what_to_do() {
        let mail = FailedRun {
            workspace_name: "みどり商事",
            started_at: "2026-11-24T17:00:00Z".parse().expect("timestamp"),
            reason: "SmartHRが<メンテナンス>中です。",
            remedy: "次の午前2時の同期をお待ちください。",
            history_url: "https://kitera.example/smarthr/history",
        }
        .mail("no-reply@kitera.example", &["admin@example.com".into()])
        .expect("a mail");

        assert_eq!(
            mail.subject,
            "【KiteRa】みどり商事: SmartHRとの同期に失敗しました"
        );
        assert!(mail.text.contains("SmartHRが<メンテナンス>中です。"));
        assert!(
            mail.html
                .contains("SmartHRが&#60;メンテナンス&#62;中です。")
        );
        for body in [&mail.text, &mail.html] {
            assert!(body.contains("2026年11月25日 02:00(日本時間)"));
            assert!(body.contains("次の午前2時の同期をお待ちください。"));
            assert!(body.contains("https://kitera.example/smarthr/history"));
        }
    }
}
