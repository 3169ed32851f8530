//! The mail that tells the admins that deletions wait for them: 退職による削除を保留しました.

use askama::Template;
use jiff::Timestamp;

use crate::japan_time;
use crate::mime::{Mail, MailError};
use crate::single_line::single_line;

/// Deletions that a run held.
#[derive(Clone, Debug)]
pub struct HeldDeletions<'a> {
    /// The workspace's name.
    pub workspace_name: &'a str,
    /// When the run started.
    pub started_at: Timestamp,
    /// How many people wait.
    pub people: usize,
    /// Where an admin allows or refuses them.
    pub history_url: &'a str,
}

#[derive(Template)]
#[template(path = "held_deletions.txt")]
struct Text<'a> {
    page: &'a Page<'a>,
}

#[derive(Template)]
#[template(path = "held_deletions.html")]
struct Html<'a> {
    page: &'a Page<'a>,
}

struct Page<'a> {
    workspace_name: String,
    started_at: String,
    people: usize,
    history_url: &'a str,
}

impl HeldDeletions<'_> {
    /// The mail to the admins, at most [`crate::MAX_RECIPIENTS`] of them.
    ///
    /// # Errors
    /// When a template fails.
    pub fn mail(&self, from: &str, to: &[String]) -> Result<Mail, MailError> {
        let page = Page {
            workspace_name: single_line(self.workspace_name),
            started_at: japan_time::date_and_time(self.started_at),
            people: self.people,
            history_url: self.history_url,
        };
        let subject = format!(
            "【KiteRa】{}: 退職による削除を保留しました",
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
    fn the_admins_read_how_many_people_wait_and_where_to_decide() {
        let held = HeldDeletions {
            workspace_name: "みどり<食品>",
            started_at: "2026-11-24T17:00:00Z".parse().expect("timestamp"),
            people: 12,
            history_url: "https://app.kitera.example/history",
        };
        let mail = held
            .mail("no-reply@kitera.example", &["admin@example.com".into()])
            .expect("a mail");
        for text in [&mail.text, &mail.html] {
            assert!(text.contains("12名"));
            assert!(text.contains("2026年11月25日 02:00(日本時間)"));
            assert!(text.contains("https://app.kitera.example/history"));
        }
        assert!(!mail.html.contains("みどり<食品>"));
        assert_eq!(
            mail.subject,
            "【KiteRa】みどり<食品>: 退職による削除を保留しました"
        );
    }
}
