//! The mail with what the runs of a week did (`MailKind::WeeklySummary`): 週次サマリー.

use domain::text::people;
use domain::{WEEK, WeekCounts, time};
use jiff::Timestamp;

use crate::admin_notice::{AdminNotice, Fact};
use crate::mail_name::MailName;
use crate::mime::{Mail, MailError};

/// What the runs of a week did.
#[derive(Clone, Debug)]
pub struct WeeklySummary<'a> {
    /// The name of the workspace.
    pub workspace_name: MailName,
    /// The end of the week.
    pub until: Timestamp,
    /// The numbers.
    pub counts: WeekCounts,
    /// The URL of [ユーザー同期履歴].
    pub history_url: &'a str,
}

impl WeeklySummary<'_> {
    /// Builds the mail to those who were chosen, at most [`crate::MAX_RECIPIENTS`] of them.
    ///
    /// # Errors
    /// [`MailError::Template`] when a template fails.
    pub fn mail(&self, from: &str, to: &[String]) -> Result<Mail, MailError> {
        let counts = &self.counts;
        let since = self.until.checked_sub(WEEK).unwrap_or(self.until);
        let days = [since, self.until].map(time::japanese_date);
        let count = |number: u32| people(number as usize);
        AdminNotice {
            workspace_name: &self.workspace_name,
            subject: "1週間の同期の結果",
            message: &format!("{}から{}までの、ユーザー同期の結果です。", days[0], days[1]),
            emphasis: "",
            facts: &[
                Fact::ours(
                    "同期の回数",
                    format!("{}回(うち失敗{}回)", counts.runs, counts.failed_runs),
                ),
                Fact::ours("招待", count(counts.invited)),
                Fact::ours("再招待", count(counts.reinvited)),
                Fact::ours("登録", count(counts.registered)),
                Fact::ours("更新", count(counts.updated)),
                Fact::ours("削除", count(counts.deleted)),
                Fact::ours("直近の同期で同期できなかった方", count(counts.still_failed)),
                Fact::ours("直近の同期で保留された方", count(counts.still_held)),
            ],
            request: "詳しくは、次の[ユーザー同期履歴]をご確認ください。",
            url_apart: true,
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
    fn the_mail_says_which_week_it_is_about_and_what_is_still_open() {
        let summary = WeeklySummary {
            workspace_name: MailName::new("みどり商事"),
            until: "2026-11-29T23:00:00Z".parse().unwrap(),
            counts: WeekCounts {
                runs: 7,
                failed_runs: 1,
                invited: 1234,
                still_failed: 3,
                ..WeekCounts::default()
            },
            history_url: "https://app.kitera.example/history",
        };
        let mail = summary.mail("no-reply@kitera.example", &[]).unwrap();
        mail.assert_both_parts_contain(&[
            "2026年11月23日から2026年11月30日まで",
            "7回(うち失敗1回)",
            "1,234名",
            "直近の同期で同期できなかった方",
            "3名",
            summary.history_url,
        ]);
    }
}
