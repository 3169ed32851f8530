//! The layout of mails to one person about how they sign in.

use askama::Template;

use crate::mail_name::MailName;
use crate::mime::{Mail, MailError};

/// The content of a mail to one person, in the order of the mail.
pub(crate) struct PersonNotice<'a> {
    /// The name of the workspace, for the subject.
    pub(crate) workspace_name: &'a MailName,
    pub(crate) person_name: &'a MailName,
    /// The subject without `【KiteRa】` and the workspace's name.
    pub(crate) subject: &'a str,
    pub(crate) message: &'a str,
    /// The words on the button that leads to `url`.
    pub(crate) button: &'a str,
    pub(crate) url: &'a str,
    /// What the person should know besides, a sentence or two a line.
    pub(crate) notes: &'a [&'a str],
}

#[derive(Template)]
#[template(path = "person_notice.txt")]
struct Text<'a> {
    notice: &'a PersonNotice<'a>,
}

#[derive(Template)]
#[template(path = "person_notice.html")]
struct Html<'a> {
    notice: &'a PersonNotice<'a>,
}

impl PersonNotice<'_> {
    /// Builds the mail to the person.
    pub(crate) fn mail(&self, from: &str, to: &str) -> Result<Mail, MailError> {
        let notice = self;
        Ok(Mail {
            from: from.to_owned(),
            to: vec![to.to_owned()],
            subject: format!("【KiteRa】{}: {}", self.workspace_name, self.subject),
            text: Text { notice }.render()?,
            html: Html { notice }.render()?,
            attachments: Vec::new(),
        })
    }
}
