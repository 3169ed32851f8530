//! Mails that SES accepted.

use mail_parser::{Message, MessageParser, MimeHeaders};

/// A mail that SES accepted.
#[derive(Clone, Debug, Default)]
pub struct SentMail {
    /// The recipients whom the request names.
    pub to: Vec<String>,
    /// The tags that SES repeats with a bounce: alternating names and values.
    pub tags: Vec<String>,
    /// The mail with its headers.
    pub raw: Vec<u8>,
}

impl SentMail {
    fn parse(&self) -> Message<'_> {
        MessageParser::default().parse(&self.raw).unwrap()
    }

    /// Returns the decoded subject.
    pub fn subject(&self) -> String {
        self.parse().subject().unwrap().to_owned()
    }

    /// Returns the Message-ID.
    pub fn message_id(&self) -> String {
        self.parse().message_id().unwrap().to_owned()
    }

    /// Returns the text without the attachments.
    pub fn text(&self) -> String {
        self.parse().body_text(0).unwrap().into_owned()
    }

    /// Returns the lines of the attached CSV below its header, or none if no CSV is attached.
    pub fn csv_rows(&self) -> Vec<String> {
        let mail = self.parse();
        let mut files = mail.attachments();
        let csv = files.find(|file| file.content_type().is_some_and(|it| it.ctype() == "text"));
        let text = csv.map_or("", |csv| std::str::from_utf8(csv.contents()).unwrap());
        text.lines().skip(1).map(ToOwned::to_owned).collect()
    }
}
