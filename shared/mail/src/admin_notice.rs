//! The layout of the mails to システム管理者 and 管理者 about runs and the connection to SmartHR.

use askama::Template;

use crate::mail_name::MailName;
use crate::mime::{Mail, MailError};

/// The content of a mail to the admins, in the order of the mail.
pub(crate) struct AdminNotice<'a> {
    /// The name of the workspace.
    pub(crate) workspace_name: &'a MailName,
    /// The subject without `【KiteRa】` and the workspace's name.
    pub(crate) subject: &'a str,
    pub(crate) message: &'a str,
    /// The end of the message, bold in the HTML part; may be empty.
    pub(crate) emphasis: &'a str,
    /// Labels and values, one a line.
    pub(crate) facts: &'a [Fact],
    /// What the admin is asked to do at `url`.
    pub(crate) request: &'a str,
    /// Whether `url` is a paragraph of its own.
    pub(crate) url_apart: bool,
    pub(crate) url: &'a str,
    pub(crate) note: Option<&'a str>,
}

/// A labelled value, such as 原因.
pub(crate) struct Fact {
    label: &'static str,
    value: String,
}

impl Fact {
    /// Creates a fact in words of ours.
    pub(crate) fn ours(label: &'static str, value: impl Into<String>) -> Self {
        let value = value.into();
        Self { label, value }
    }

    /// Creates a fact that is a name.
    pub(crate) fn name(label: &'static str, name: &MailName) -> Self {
        Self::ours(label, name.to_string())
    }
}

#[derive(Template)]
#[template(path = "admin_notice.txt")]
struct Text<'a> {
    notice: &'a AdminNotice<'a>,
}

#[derive(Template)]
#[template(path = "admin_notice.html")]
struct Html<'a> {
    notice: &'a AdminNotice<'a>,
}

impl AdminNotice<'_> {
    /// Builds the mail to the admins.
    pub(crate) fn mail(&self, from: &str, to: &[String]) -> Result<Mail, MailError> {
        let notice = self;
        Ok(Mail {
            from: from.to_owned(),
            to: to.to_vec(),
            subject: format!("【KiteRa】{}: {}", notice.workspace_name, self.subject),
            text: Text { notice }.render()?,
            html: Html { notice }.render()?,
            attachments: Vec::new(),
        })
    }
}
