//! The mail about a failed run (`MailKind::FailedRun`).

use domain::SeatsInUse;
use domain::report::cause::Cause;
use domain::text::people;
use jiff::Timestamp;

use crate::admin_notice::{AdminNotice, Fact};
use crate::mail_name::MailName;
use crate::mime::{Mail, MailError};
use domain::time;

/// The most causes that are listed.
const MOST_CAUSES: usize = 10;

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
    /// Why people failed, the most frequent cause first; empty if the run failed as a whole, or its log is gone.
    pub causes: &'a [Cause],
    /// The first people who failed, and how many more there are.
    pub first_people: &'a [MailName],
    /// The number of people who failed besides.
    pub others: usize,
    /// The seats of the plan, if they are nearly all taken.
    pub nearly_full: Option<SeatsInUse>,
    /// The URL of the page with exactly those who failed.
    pub result_url: &'a str,
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
            facts: &self.facts(),
            request: "一人ひとりの原因と対処は、次の画面でご確認ください。",
            url_apart: false,
            url: self.result_url,
            note: Some("同じ原因が続く場合、次のお知らせは24時間後以降にお送りします。"),
        }
        .mail(from, to)
    }

    fn facts(&self) -> Vec<Fact> {
        let start = time::japanese_date_and_time(self.started_at);
        let mut facts = vec![
            Fact::ours("同期の開始", start),
            Fact::ours("原因", self.reason),
        ];
        if self.causes.is_empty() {
            facts.push(Fact::ours("対処", self.remedy));
        }
        for cause in self.causes.iter().take(MOST_CAUSES) {
            let line = format!(
                "{}: {}。{}。",
                people(cause.people),
                cause.text,
                cause.remedy
            );
            facts.push(Fact::ours("内訳", line));
        }
        if !self.first_people.is_empty() {
            let names: Vec<String> = self
                .first_people
                .iter()
                .map(|it| format!("{it} 様"))
                .collect();
            let others = match self.others {
                0 => String::new(),
                others => format!("、ほか{}", people(others)),
            };
            facts.push(Fact::ours(
                "同期できなかった方",
                format!("{}{others}", names.join("、")),
            ));
        }
        if let Some(seats) = self.nearly_full {
            let free = people(seats.free() as usize);
            facts.push(Fact::ours(
                "プランのユーザー数",
                format!("{seats}(残りが少なくなっています: {free})"),
            ));
        }
        facts
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
            causes: &[],
            first_people: &[],
            others: 0,
            nearly_full: None,
            result_url: "https://kitera.example/smarthr/history",
        };
        let mail = failed.mail("no-reply@kitera.example", &[]).unwrap();
        assert_eq!(
            mail.subject,
            "【KiteRa】みどり商事: SmartHRとの同期に失敗しました"
        );
        let escaped = "SmartHRが&#60;メンテナンス&#62;中です。";
        assert!(!mail.text.contains("プランのユーザー数"));
        assert!(mail.text.contains(failed.reason) && mail.html.contains(escaped));
        mail.assert_both_parts_contain(&[
            "2026年11月25日 02:00(日本時間)",
            failed.remedy,
            failed.result_url,
        ]);
    }

    #[test]
    fn the_mail_counts_the_causes_and_names_the_first_people() {
        let causes = [Cause {
            text: "従業員メールアドレスの形式が不正です".into(),
            remedy: "SmartHRで修正してください".into(),
            outcome: "失敗".into(),
            people: 2_795,
        }];
        let failed = FailedRun {
            workspace_name: MailName::new("みどり商事"),
            started_at: "2026-11-24T17:00:00Z".parse().unwrap(),
            reason: "2,795名のユーザーを同期できませんでした",
            remedy: "",
            causes: &causes,
            first_people: &[MailName::new("田中 花子"), MailName::new("evil.example")],
            others: 2_793,
            nearly_full: Some(SeatsInUse {
                used: 4_600,
                contracted: 5_000,
            }),
            result_url: "https://kitera.example/run?category=failed",
        };
        let mail = failed.mail("no-reply@kitera.example", &[]).unwrap();
        mail.assert_both_parts_contain(&[
            "2,795名: 従業員メールアドレスの形式が不正です。SmartHRで修正してください。",
            "田中 花子 様、evil．example 様、ほか2,793名",
            "4,600名 / 5,000名(残りが少なくなっています: 400名)",
            failed.result_url,
        ]);
        assert!(!mail.text.contains("対処: "));
    }
}
