//! Mails to be sent, as the outbox stores them.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::mail_id::{chat_post_mail_id, reconnect_reminder_mail_id};
use crate::redacted::Redacted;
use crate::run_failure::RunFailure;
use crate::second_factor::SecondFactorNotice;
use crate::{KeyId, NotificationKind, RunId, User, UserId};

/// What the secret of one mail is derived from, together with the ids that are part of it. It is only in the
/// mail's item, and is removed once the mail was sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DerivedFrom {
    /// The id of the derivation key, which is kept elsewhere.
    pub key_id: KeyId,
    /// The random seed.
    pub seed: Redacted,
}

/// The kind of a mail, with the ids that its text is made from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum MailKind {
    /// An invitation, or a link to set a password.
    Invitation {
        /// The user who is invited.
        user_id: UserId,
        /// The number of the invitation, counted per user from 1.
        serial: u32,
        /// Whether the user was sent an earlier invitation or initial password.
        again: bool,
        /// What the secret in the URL is derived from; `None` in mails from before there were seeds.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        derived_from: Option<DerivedFrom>,
    },
    /// The initial passwords of a run, to every システム管理者 with an e-mail.
    InitialPasswords {
        /// The run that issued them.
        run_id: RunId,
    },
    /// The initial passwords that an admin issued again (再発行), to every システム管理者 with an e-mail.
    IssuedPasswords {
        /// The id of the [`PasswordIssue`](crate::PasswordIssue), which keeps the seed.
        issue_id: String,
    },
    /// A link to choose a new password, which somebody asked for.
    PasswordReset {
        /// The user whose password is forgotten.
        user_id: UserId,
        /// The random id of the request.
        request: String,
        /// The seed that the link is derived from, together with the request and a key that is kept
        /// elsewhere. It is removed from the mail's item once the mail was sent.
        link_seed: Redacted,
    },
    /// A password was replaced with another one, to its user.
    PasswordChanged {
        /// The user who signs in with the password.
        user_id: UserId,
    },
    /// A link that proves an address which an admin wants for their own account, to that address.
    AddressProof {
        /// The admin.
        user_id: UserId,
        /// The random id of the request.
        request: String,
        /// The seed that the link is derived from, as that of a password reset.
        link_seed: Redacted,
    },
    /// An address was changed, to the old one and the new one.
    AddressChanged {
        /// The user whose address it is.
        user_id: UserId,
        /// The user's version with the new address.
        version: u64,
        /// The old address, which is known here only. It is removed once the mail was sent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        old_email: Option<Redacted>,
    },
    /// A login method was changed, to its user.
    LoginMethodChanged {
        /// The user who signs in by another method.
        user_id: UserId,
        /// The user's version with the new method.
        version: u64,
    },
    /// Something about a person's second factors changed, to its user.
    SecondFactorChanged {
        /// The user whose second factor it is.
        user_id: UserId,
        /// What happened.
        notice: SecondFactorNotice,
    },
    /// Strangers guessed at a password until the account was locked from everywhere, to its user.
    AccountLocked {
        /// The user of the account.
        user_id: UserId,
    },
    /// A run failed as a whole, or for some people.
    FailedRun {
        /// The run that failed.
        run_id: RunId,
        /// Why the run failed as a whole; `None` when only some people failed.
        failure: Option<RunFailure>,
        /// The number of people who failed.
        failed: u32,
    },
    /// Deletions wait for an admin.
    HeldDeletions {
        /// The run that held them.
        run_id: RunId,
    },
    /// Changes of admins' accounts wait for a システム管理者.
    HeldAccountChanges {
        /// The run that held them.
        run_id: RunId,
    },
    /// A run deleted a システム管理者 or 管理者 who retired.
    AdministratorDeleted {
        /// The deleted user.
        user_id: UserId,
    },
    /// Somebody signed in with an emergency account, to the other システム管理者.
    EmergencySignIn {
        /// The user who signed in.
        user_id: UserId,
        /// The network that they came from.
        network: String,
    },
    /// The last certificate of the SAML identity provider ends soon, to every システム管理者.
    SamlCertificateEnds {
        /// When the certificate ends.
        ends_at: Timestamp,
        /// The warning that was due, in days before the end.
        days: u8,
    },
    /// The workspace was connected to a SmartHR company for the first time, or to another one.
    Connected,
    /// At least 90 % of the seats of the plan are taken.
    SeatsNearlyFull {
        /// The number of users that the plan allows.
        contracted: u32,
    },
    /// The sync has been paused for so long that the connection may end.
    #[serde(rename = "link_may_end")]
    ConnectionMayEnd {
        /// Since when it is paused.
        since: Timestamp,
    },
    /// What the runs of a week did.
    WeeklySummary {
        /// The end of the week.
        until: Timestamp,
    },
    /// A post to the workspace's chat about what this mail is about. It waits in the outbox by itself.
    ChatPost {
        /// What the post is about.
        about: Box<MailKind>,
    },
    /// A post that an admin sends to try the chat webhook.
    ChatTest,
    /// The workspace's invitation mails were paused.
    InvitationsPaused,
    /// SmartHR refused our refresh token.
    #[serde(rename = "relink_needed")]
    ReconnectNeeded,
}

impl MailKind {
    /// Returns what kind of notification the mail is; `None` if its recipients cannot be chosen.
    pub fn notification(&self) -> Option<NotificationKind> {
        match self {
            Self::FailedRun { .. } => Some(NotificationKind::Failure),
            Self::HeldDeletions { .. } | Self::HeldAccountChanges { .. } => {
                Some(NotificationKind::Held)
            }
            Self::ReconnectNeeded | Self::ConnectionMayEnd { .. } => {
                Some(NotificationKind::Reconnect)
            }
            Self::WeeklySummary { .. } => Some(NotificationKind::WeeklySummary),
            Self::SeatsNearlyFull { .. } => Some(NotificationKind::Seats),
            Self::SamlCertificateEnds { .. } => Some(NotificationKind::Certificate),
            _ => None,
        }
    }
}

/// One mail to be sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutboxMail {
    /// The id of the mail within its workspace. It is made from what the mail is about, so that
    /// writing the mail twice stores it once.
    pub mail_id: String,
    /// What the mail is about.
    #[serde(flatten)]
    pub kind: MailKind,
    /// The time at which the mail was decided on.
    pub created_at: Timestamp,
    /// Marks of the parts that SES accepted, of a mail in several parts.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub parts_sent: BTreeSet<String>,
}

impl OutboxMail {
    /// Creates the mail with the open invitation of `user`.
    pub fn invitation(user: &User, derived_from: DerivedFrom, now: Timestamp) -> Self {
        let kind = MailKind::Invitation {
            user_id: user.user_id.clone(),
            serial: user.serial,
            again: user.serial > 1,
            derived_from: Some(derived_from),
        };
        Self::new(kind, now)
    }

    /// Creates the post to the chat that goes with a mail to the admins, once for each mail.
    pub fn chat_post(mail: &Self, now: Timestamp) -> Self {
        let about = Box::new(mail.kind.clone());
        Self {
            mail_id: chat_post_mail_id(&mail.mail_id),
            ..Self::new(MailKind::ChatPost { about }, now)
        }
    }

    /// Creates the reminder that the workspace has needed a reconnect for so many weeks since `since`.
    pub fn reconnect_reminder(since: Timestamp, weeks: i64, now: Timestamp) -> Self {
        Self {
            mail_id: reconnect_reminder_mail_id(since, weeks),
            ..Self::new(MailKind::ReconnectNeeded, now)
        }
    }

    /// Creates a mail that was decided on at `now`.
    pub fn new(kind: MailKind, now: Timestamp) -> Self {
        Self {
            mail_id: kind.mail_id(now),
            kind,
            created_at: now,
            parts_sent: BTreeSet::new(),
        }
    }
}
