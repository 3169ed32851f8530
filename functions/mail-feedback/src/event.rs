//! An event that SES publishes (Amazon SES Developer Guide, "Examples of event data that Amazon SES
//! publishes to Amazon SNS"). Addresses in it are not read: the tags that mail-delivery set identify the
//! invitation.

use domain::{UserId, WorkspaceId};
use jiff::Timestamp;
use serde::Deserialize;

/// An event of SES about a mail.
#[derive(Deserialize)]
#[serde(tag = "eventType")]
pub(crate) enum Event {
    /// The mail bounced.
    Bounce {
        /// The mail that bounced.
        mail: Mail,
        /// The reason for the bounce.
        bounce: Bounce,
    },
    /// The recipient reported the mail as spam.
    Complaint {
        /// The mail that was reported.
        mail: Mail,
    },
    /// An event that is ignored, such as a delivery.
    #[serde(other)]
    Other,
}

/// The mail that an event is about.
#[derive(Deserialize)]
pub(crate) struct Mail {
    /// The time at which SES took the mail.
    pub(crate) timestamp: Option<Timestamp>,
    #[serde(default)]
    tags: Tags,
}

/// The tags of a mail, each with a list of values.
#[derive(Default, Deserialize)]
struct Tags {
    #[serde(default)]
    workspace_id: Vec<String>,
    #[serde(default)]
    user_id: Vec<String>,
    #[serde(default)]
    serial: Vec<String>,
}

/// The reason why a mail bounced.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Bounce {
    bounce_type: String,
    bounce_sub_type: String,
}

/// The invitation that a mail carried.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Invitation {
    pub(crate) workspace_id: WorkspaceId,
    pub(crate) user_id: UserId,
    pub(crate) serial: u32,
}

impl Mail {
    /// Returns the invitation that the mail carried; `None` for mails to admins.
    pub(crate) fn invitation(&self) -> Option<Invitation> {
        let Tags {
            workspace_id,
            user_id,
            serial,
        } = &self.tags;
        Some(Invitation {
            workspace_id: WorkspaceId::new(workspace_id.first()?),
            user_id: UserId::new(user_id.first()?),
            serial: serial.first()?.parse().ok()?,
        })
    }
}

impl Bounce {
    /// Returns whether the bounce counts against the sender: the mailbox does not exist. SES does not
    /// count addresses that it did not even try because they bounced before.
    pub(crate) fn counts(&self) -> bool {
        self.bounce_type == "Permanent" && self.bounce_sub_type != "OnAccountSuppressionList"
    }

    /// Returns the reason that admins read in 「招待メールが届きませんでした(…)」. `None` means that the mail may have
    /// arrived: SES publishes automatic replies ("out of office") as general transient bounces.
    pub(crate) fn reason(&self) -> Option<&'static str> {
        let reason = match (self.bounce_type.as_str(), self.bounce_sub_type.as_str()) {
            ("Transient", "General") => return None,
            (_, "NoEmail") => "宛先のメールアドレスが存在しません",
            (_, "Suppressed" | "OnAccountSuppressionList") => {
                "以前に届かなかったため送信を停止しているメールアドレスです"
            }
            (_, "MailboxFull") => "宛先のメールボックスがいっぱいです",
            (_, "MessageTooLarge" | "ContentRejected" | "AttachmentRejected") => {
                "宛先のメールサーバーが受け取りを拒否しました"
            }
            ("Permanent", _) => "宛先のメールアドレスが存在しないか、受け取りを拒否しています",
            _ => "宛先のメールサーバーから原因不明のエラーが返されました",
        };
        Some(reason)
    }
}
