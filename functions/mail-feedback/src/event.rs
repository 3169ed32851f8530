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
        /// What the complaint is about.
        #[serde(default)]
        complaint: Complaint,
    },
    /// SES took the mail and did not send it, because it found a virus in it.
    Reject {
        /// The mail that was not sent.
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
    #[serde(default)]
    password_issue: Vec<String>,
}

/// The reason why a mail bounced.
#[derive(Deserialize)]
pub(crate) struct Bounce {
    #[serde(rename = "bounceType")]
    kind: String,
    #[serde(rename = "bounceSubType")]
    sub_kind: String,
    #[serde(default, rename = "bouncedRecipients")]
    recipients: Vec<BouncedRecipient>,
}

/// What the recipient's mail server said, without the address.
#[derive(Default, Deserialize)]
#[serde(default)]
struct BouncedRecipient {
    action: Option<String>,
    status: Option<String>,
}

impl BouncedRecipient {
    /// Returns whether the mail was given up (RFC 3464, "failed"; RFC 3463, class 5). Automatic replies say neither.
    fn is_given_up(&self) -> bool {
        let status = self.status.as_deref().unwrap_or_default();
        self.action.as_deref() == Some("failed") || status.starts_with("5.")
    }
}

/// What a complaint is about.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Complaint {
    complaint_sub_type: Option<String>,
    complaint_feedback_type: Option<String>,
}

/// Who complained, as far as it concerns the sender.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ComplaintKind {
    /// The recipient reported this mail as spam.
    Spam,
    /// SES did not send the mail, because the address complained before.
    Suppressed,
    /// The recipient took a mail out of the spam folder.
    NotSpam,
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
            ..
        } = &self.tags;
        Some(Invitation {
            workspace_id: WorkspaceId::new(workspace_id.first()?),
            user_id: UserId::new(user_id.first()?),
            serial: serial.first()?.parse().ok()?,
        })
    }

    /// Returns what admins call the mail.
    pub(crate) fn name(&self) -> &'static str {
        match self.password_issue() {
            Some(_) => "初期パスワードのメール",
            None => "招待メール",
        }
    }

    /// Returns the workspace and the id of the initial passwords that the mail was about.
    pub(crate) fn password_issue(&self) -> Option<(WorkspaceId, &str)> {
        let workspace_id = WorkspaceId::new(self.tags.workspace_id.first()?);
        Some((workspace_id, self.tags.password_issue.first()?))
    }
}

impl Complaint {
    /// Returns the kind of the complaint (Amazon SES API, "Complaint object").
    pub(crate) fn kind(&self) -> ComplaintKind {
        if self.complaint_sub_type.as_deref() == Some("OnAccountSuppressionList") {
            return ComplaintKind::Suppressed;
        }
        match self.complaint_feedback_type.as_deref() {
            Some("not-spam") => ComplaintKind::NotSpam,
            _ => ComplaintKind::Spam,
        }
    }
}

/// The reason why SES sends nothing to an address any more.
pub(crate) const SUPPRESSED: &str = "以前に届かなかったため送信を停止しているメールアドレスです";

impl Bounce {
    /// Returns whether the bounce counts against the sender: the mailbox does not exist. SES does not
    /// count addresses that it did not even try because they bounced before.
    pub(crate) fn counts(&self) -> bool {
        self.kind == "Permanent" && self.sub_kind != "OnAccountSuppressionList"
    }

    /// Returns the reason that admins read in 「招待メールが届きませんでした(…)」. `None` means that the mail may have
    /// arrived: SES publishes automatic replies ("out of office") as general transient bounces, beside real ones.
    pub(crate) fn reason(&self) -> Option<&'static str> {
        let is_given_up = self.recipients.iter().any(BouncedRecipient::is_given_up);
        let reason = match (self.kind.as_str(), self.sub_kind.as_str()) {
            ("Transient", "General") if !is_given_up => return None,
            (_, "NoEmail") => "宛先のメールアドレスが存在しません",
            (_, "Suppressed" | "OnAccountSuppressionList") => SUPPRESSED,
            (_, "MailboxFull") => "宛先のメールボックスがいっぱいです",
            ("Transient", "General")
            | (_, "MessageTooLarge" | "ContentRejected" | "AttachmentRejected") => {
                "宛先のメールサーバーが受け取りを拒否しました"
            }
            ("Permanent", _) => "宛先のメールアドレスが存在しないか、受け取りを拒否しています",
            _ => "宛先のメールサーバーから原因不明のエラーが返されました",
        };
        Some(reason)
    }
}
