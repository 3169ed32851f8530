//! The mail that tells the admins that SmartHR no longer accepts the link: 再連携が必要です.

use askama::Template;

use crate::mime::{Mail, MailError};
use crate::single_line::single_line;

/// A link that SmartHR refuses.
#[derive(Clone, Debug)]
pub struct RelinkNeeded<'a> {
    /// The workspace's name.
    pub workspace_name: &'a str,
    /// Where [連携する] is.
    pub settings_url: &'a str,
}

#[derive(Template)]
#[template(path = "relink_needed.txt")]
struct Text<'a> {
    page: &'a Page<'a>,
}

#[derive(Template)]
#[template(path = "relink_needed.html")]
struct Html<'a> {
    page: &'a Page<'a>,
}

struct Page<'a> {
    workspace_name: String,
    settings_url: &'a str,
}

impl RelinkNeeded<'_> {
    /// The mail to the admins, at most [`crate::MAX_RECIPIENTS`] of them.
    ///
    /// # Errors
    /// When a template fails.
    pub fn mail(&self, from: &str, to: &[String]) -> Result<Mail, MailError> {
        let page = Page {
            workspace_name: single_line(self.workspace_name),
            settings_url: self.settings_url,
        };
        let subject = format!(
            "【KiteRa】{}: SmartHRとの再連携が必要です",
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
    fn the_mail_says_that_the_sync_has_stopped_and_where_to_link_again() {
        let mail = RelinkNeeded {
            workspace_name: "みどり商事",
            settings_url: "https://kitera.example/smarthr",
        }
        .mail("no-reply@kitera.example", &["admin@example.com".into()])
        .expect("a mail");

        assert!(mail.subject.contains("再連携が必要です"));
        for body in [&mail.text, &mail.html] {
            assert!(body.contains("みどり商事"));
            assert!(body.contains("停止しています"));
            assert!(body.contains("[連携する]"));
            assert!(body.contains("https://kitera.example/smarthr"));
        }
    }
}
