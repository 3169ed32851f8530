//! Mails that arrived, decoded.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use mail_parser::{MessageParser, MimeHeaders, PartType};
use serde::{Deserialize, Serialize};

/// A mail that arrived in the mailbox.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mail {
    /// The recipients in the envelope, which the header need not name.
    pub to: Vec<String>,
    /// The decoded subject; empty if there is none.
    pub subject: String,
    /// The decoded text; empty if there is none.
    pub text: String,
    /// The decoded HTML; empty if there is none.
    pub html: String,
    /// The attached files, in the order of the message.
    pub attachments: Vec<Attachment>,
}

/// A file attached to a mail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    /// The decoded file name.
    pub name: String,
    /// The media type without parameters, such as `text/csv`.
    pub content_type: String,
    /// The file's content in base64, because JSON has no bytes; see [`Attachment::bytes`].
    pub content: String,
}

impl Mail {
    /// Parses a message as received over SMTP. Parts that cannot be parsed stay empty, so that the
    /// mailbox shows malformed mails, too.
    pub(crate) fn parse(to: Vec<String>, message: &[u8]) -> Self {
        let mut mail = Self {
            to,
            subject: String::new(),
            text: String::new(),
            html: String::new(),
            attachments: Vec::new(),
        };
        let Some(message) = MessageParser::default().parse(message) else {
            return mail;
        };
        message
            .subject()
            .unwrap_or_default()
            .clone_into(&mut mail.subject);
        // Not `body_text`, which converts the HTML when there is no text.
        for part in message.text_bodies() {
            if let PartType::Text(text) = &part.body {
                mail.text.push_str(text);
            }
        }
        for part in message.html_bodies() {
            if let PartType::Html(html) = &part.body {
                mail.html.push_str(html);
            }
        }
        mail.attachments = message
            .attachments()
            .map(|part| Attachment {
                name: part.attachment_name().unwrap_or_default().to_owned(),
                content_type: part.content_type().map_or_else(String::new, |media| {
                    match media.subtype() {
                        Some(subtype) => format!("{}/{subtype}", media.ctype()),
                        None => media.ctype().to_owned(),
                    }
                }),
                content: STANDARD.encode(part.contents()),
            })
            .collect();
        mail
    }
}

impl Attachment {
    /// Returns the decoded content of the file.
    pub fn bytes(&self) -> Vec<u8> {
        STANDARD.decode(&self.content).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_html_and_attachment_are_decoded() {
        let message = concat!(
            "From: a@example.com\r\nTo: hidden@example.com\r\n",
            "Subject: =?utf-8?B?5oub5b6F?=\r\nMIME-Version: 1.0\r\n",
            "Content-Type: multipart/mixed; boundary=m\r\n\r\n",
            "--m\r\nContent-Type: multipart/alternative; boundary=a\r\n\r\n",
            "--a\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n",
            "44GT44KT44Gr44Gh44Gv\r\n",
            "--a\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>x</p>\r\n--a--\r\n",
            "--m\r\nContent-Type: text/csv; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n",
            "Content-Disposition: attachment; filename*=utf-8''%E5%88%9D%E6%9C%9F.csv\r\n\r\n",
            "77u/YSxiDQo=\r\n--m--\r\n",
        );

        let mail = Mail::parse(vec!["admin@example.com".into()], message.as_bytes());

        assert_eq!(mail.to, ["admin@example.com"]);
        assert_eq!(mail.subject, "招待");
        assert_eq!(mail.text, "こんにちは");
        assert_eq!(mail.html.trim(), "<p>x</p>");
        assert_eq!(mail.attachments.len(), 1);
        assert_eq!(mail.attachments[0].name, "初期.csv");
        assert_eq!(mail.attachments[0].content_type, "text/csv");
        assert_eq!(mail.attachments[0].bytes(), b"\xef\xbb\xbfa,b\r\n");
    }
}
