//! A mail, and its raw bytes (RFC 5322, MIME) for SES.

use std::fmt;

use domain::text::one_line;
use jiff::Timestamp;
use mail_builder::MessageBuilder;
use mail_builder::headers::address::Address;
use mail_builder::headers::message_id::MessageId;
use secrecy::{ExposeSecret, SecretSlice};
use thiserror::Error;

use crate::recipients::{MAX_RECIPIENTS, checked_address, smtp_mailbox};

/// The largest raw mail in bytes, with encoded attachments (SES `SendRawEmail`: 10 MB by default).
pub const MAX_RAW_BYTES: usize = 10_000_000;

/// The display name in `From`.
const SENDER_NAME: &str = "KiteRa";

/// A mail. Its `Debug` output shows neither texts nor attachments, which contain invitation URLs and
/// passwords.
#[derive(Clone)]
pub struct Mail {
    /// The sender's bare address; `From` adds the name KiteRa.
    pub from: String,
    /// The recipients' bare addresses, 1 to [`MAX_RECIPIENTS`].
    pub to: Vec<String>,
    /// The subject; control characters become spaces.
    pub subject: String,
    /// The text of the plain text part.
    pub text: String,
    /// The HTML part, with the same content.
    pub html: String,
    /// The attached files, in the order of the MIME parts.
    pub attachments: Vec<Attachment>,
}

/// A file attached to a mail.
#[derive(Clone)]
pub struct Attachment {
    /// The file name that mail programs suggest.
    pub file_name: String,
    /// The media type, such as `text/csv`.
    pub content_type: &'static str,
    /// The bytes of the file.
    pub content: SecretSlice<u8>,
}

/// Why a mail could not be built. Trying again does not help. The messages contain no address and no
/// secret.
#[derive(Debug, Error)]
pub enum MailError {
    /// An address is no bare e-mail address, and might add a header.
    #[error("an address of the mail is not a bare e-mail address")]
    Address,
    /// The mail's id has other characters than letters, digits, `-`, `_`, `.` and `#`.
    #[error("the id of the mail cannot be a message id")]
    MessageId,
    /// The mail has no recipient.
    #[error("the mail has no recipient")]
    NoRecipient,
    /// The mail has more than [`MAX_RECIPIENTS`]; see [`crate::recipient_batches`].
    #[error("the mail has {0} recipients, more than SES takes")]
    TooManyRecipients(usize),
    /// The mail has more than [`MAX_RAW_BYTES`].
    #[error("the mail has {0} bytes, more than SES takes")]
    TooLarge(usize),
    /// A template could not be rendered.
    #[error("a template of the mail failed")]
    Template(#[from] askama::Error),
    /// Writing the CSV file failed.
    #[error("writing the CSV file failed")]
    Csv(#[from] csv::Error),
    /// Writing the MIME parts failed.
    #[error("writing the mail failed")]
    Write(#[from] std::io::Error),
}

impl Mail {
    /// Returns the raw bytes of the mail, with `id` as Message-ID and `date` as `Date`. SES replaces both by its
    /// own: a mail that was sent twice arrives as two.
    ///
    /// # Errors
    /// [`MailError`] when an address or the id does not fit a header, or SES would refuse the
    /// recipients or the size.
    pub fn to_mime(&self, id: &str, date: Timestamp) -> Result<SecretSlice<u8>, MailError> {
        let sender = checked_address(&self.from)?;
        let recipients = self
            .to
            .iter()
            .map(|address| checked_address(address).map(|it| smtp_mailbox(it).into_owned()))
            .collect::<Result<Vec<_>, _>>()?;
        if recipients.is_empty() {
            return Err(MailError::NoRecipient);
        }
        if recipients.len() > MAX_RECIPIENTS {
            return Err(MailError::TooManyRecipients(recipients.len()));
        }

        let mut message = MessageBuilder::new()
            .from(Address::new_address(Some(SENDER_NAME), sender))
            .to(recipients)
            .subject(one_line(&self.subject))
            .message_id(MessageId::new(message_id(id, sender)?))
            .date(date.as_second())
            // RFC 3834: suppresses out-of-office replies.
            .header(
                "Auto-Submitted",
                mail_builder::headers::raw::Raw::new("auto-generated"),
            )
            .text_body(self.text.as_str())
            .html_body(self.html.as_str());
        for attachment in &self.attachments {
            message = message.attachment(
                attachment.content_type,
                one_line(&attachment.file_name),
                attachment.content.expose_secret(),
            );
        }
        let raw = message.write_to_vec()?;
        if raw.len() > MAX_RAW_BYTES {
            return Err(MailError::TooLarge(raw.len()));
        }
        Ok(raw.into())
    }
}

/// Shows the numbers of recipients and attachments only.
impl fmt::Debug for Mail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mail")
            .field("recipients", &self.to.len())
            .field("attachments", &self.attachments.len())
            .finish_non_exhaustive()
    }
}

/// Returns the Message-ID: `id` at the sender's domain, without angle brackets.
fn message_id(id: &str, sender: &str) -> Result<String, MailError> {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_.#".contains(c);
    let (_, domain) = sender.split_once('@').ok_or(MailError::Address)?;
    if id.is_empty() || !id.chars().all(plain) {
        return Err(MailError::MessageId);
    }
    Ok(format!("{id}@{domain}"))
}

#[cfg(test)]
mod tests {
    use mail_parser::{MessageParser, MimeHeaders};
    use proptest::prelude::*;

    use super::*;

    impl Mail {
        /// Asserts that the text and the HTML contain all of these.
        #[track_caller]
        pub(crate) fn assert_both_parts_contain(&self, expected: &[&str]) {
            for part in [&self.text, &self.html] {
                for text in expected {
                    assert!(part.contains(text), "{text} is missing in {part}");
                }
            }
        }

        fn refusal(&self) -> MailError {
            self.to_mime("id", Timestamp::UNIX_EPOCH).unwrap_err()
        }
    }

    fn mail() -> Mail {
        Mail {
            from: "no-reply@kitera.example".into(),
            to: vec!["hanako@example.com".into()],
            subject: "【KiteRa】ご招待".into(),
            text: "こんにちは".into(),
            html: "<p>こんにちは</p>".into(),
            attachments: vec![Attachment {
                file_name: "a.csv".into(),
                content_type: "text/csv; charset=utf-8",
                content: b"\xEF\xBB\xBF\xE6\xB0\x8F\r\n-1\r\n".to_vec().into(),
            }],
        }
    }

    fn to(recipients: Vec<String>) -> Mail {
        Mail {
            to: recipients,
            ..mail()
        }
    }

    fn raw(mail: &Mail) -> Vec<u8> {
        let date = "2026-11-24T17:00:00Z".parse().unwrap();
        let raw = mail.to_mime("run_1-mail.2", date).unwrap();
        raw.expose_secret().to_vec()
    }

    #[test]
    fn a_mail_arrives_with_everything_it_says() {
        let raw = raw(&mail());
        let read = MessageParser::default().parse(&raw).unwrap();
        let from = read.from().unwrap().first().unwrap();
        assert_eq!(from.name(), Some("KiteRa"));
        assert_eq!(from.address(), Some("no-reply@kitera.example"));
        assert_eq!(read.subject(), Some("【KiteRa】ご招待"));
        assert_eq!(read.message_id(), Some("run_1-mail.2@kitera.example"));
        assert_eq!(read.date().unwrap().to_rfc3339(), "2026-11-24T17:00:00Z");
        assert_eq!(read.body_text(0).unwrap().trim(), "こんにちは");
        assert_eq!(read.body_html(0).unwrap().trim(), "<p>こんにちは</p>");
        let attached = read.attachment(0).unwrap();
        assert_eq!(attached.attachment_name(), Some("a.csv"));
        let file = mail().attachments.remove(0).content;
        assert_eq!(attached.contents(), file.expose_secret());
    }

    #[test]
    fn an_address_that_carries_more_than_an_address_is_refused() {
        for address in [
            "",
            "hanako",
            "@example.com",
            "hanako@",
            "a@b@c",
            "a@example.com, b@example.com",
            "a@example.com\r\nBcc: b@example.com",
            "Hanako <a@example.com>",
            "花子@example.com",
        ] {
            let from = Mail {
                from: address.into(),
                ..mail()
            };
            for refused in [to(vec![address.into()]), from] {
                assert!(matches!(refused.refusal(), MailError::Address), "{address}");
            }
        }
    }

    #[test]
    fn an_id_cannot_smuggle_in_a_header() {
        let refused = mail().to_mime("id>\r\nBcc: x", Timestamp::UNIX_EPOCH);
        assert!(matches!(refused, Err(MailError::MessageId)));
    }

    proptest! {
        #[test]
        fn a_subject_cannot_smuggle_in_a_header(before in ".{0,80}", after in ".{0,80}") {
            let smuggling = Mail {
                subject: format!("{before}\r\nBcc: evil@example.com\r\n\r\n{after}"),
                ..mail()
            };
            let raw = raw(&smuggling);
            let read = MessageParser::default().parse(&raw).unwrap();
            prop_assert!(read.bcc().is_none());
            let text = read.body_text(0).unwrap();
            prop_assert_eq!(text.trim(), "こんにちは");
        }
    }

    #[test]
    fn nobody_and_more_than_fifty_recipients_are_refused() {
        assert!(matches!(to(vec![]).refusal(), MailError::NoRecipient));
        let crowd = to(vec!["a@example.com".into(); 51]).refusal();
        assert!(matches!(crowd, MailError::TooManyRecipients(51)));
    }

    #[test]
    fn a_mail_that_ses_would_refuse_for_its_size_is_refused_here() {
        let mut large = mail();
        large.attachments[0].content = vec![0xFF; 8_000_000].into();
        assert!(matches!(large.refusal(), MailError::TooLarge(_)));
    }

    #[test]
    fn debug_output_shows_neither_address_nor_text() {
        let printed = format!("{:?}", mail());
        assert!(!printed.contains("hanako") && !printed.contains("こんにちは"));
    }
}
