//! What the product sends mails about.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::redacted::Redacted;
use crate::run_failure::RunFailure;
use crate::{RunId, User, UserId};

/// What a mail is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum MailKind {
    /// An invitation, or a link to set a password.
    Invitation {
        /// To whom.
        user_id: UserId,
        /// Which of the user's invitations.
        serial: u32,
        /// Whether an earlier one went out.
        again: bool,
    },
    /// The initial passwords of a run, to every システム管理者 with an e-mail.
    InitialPasswords {
        /// Which run made them.
        run_id: RunId,
    },
    /// An initial password that an admin issued anew.
    IssuedPassword {
        /// Whose.
        user_id: UserId,
        /// Which of the user's.
        serial: u32,
        /// What it is derived from, together with a key that is kept elsewhere; the mail's item is
        /// stripped of it when it was sent.
        password_seed: Redacted,
    },
    /// A run failed as a whole, or for some people.
    FailedRun {
        /// Which.
        run_id: RunId,
        /// Why, when it failed as a whole.
        failure: Option<RunFailure>,
        /// How many people failed.
        failed: u32,
    },
    /// Deletions wait for an admin.
    HeldDeletions {
        /// Which run held them.
        run_id: RunId,
    },
    /// SmartHR refused our refresh token.
    #[serde(rename = "relink_needed")]
    ReconnectNeeded,
}

/// One mail to be sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutboxMail {
    /// Says what the mail is about, so that writing it twice is writing it once.
    pub mail_id: String,
    /// What it is about.
    #[serde(flatten)]
    pub kind: MailKind,
    /// When it was decided.
    pub created_at: Timestamp,
    /// Marks of the parts that SES took, of a mail in several parts.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub parts_sent: BTreeSet<String>,
}

impl OutboxMail {
    /// The mail with the invitation that `user` has.
    pub fn invitation(user: &User, now: Timestamp) -> Self {
        let kind = MailKind::Invitation {
            user_id: user.user_id.clone(),
            serial: user.serial,
            again: user.serial > 1,
        };
        Self::new(kind, now)
    }

    /// The mail with the initial password that `user` has, derived from `password_seed`.
    pub fn issued_password(user: &User, password_seed: Redacted, now: Timestamp) -> Self {
        let kind = MailKind::IssuedPassword {
            user_id: user.user_id.clone(),
            serial: user.serial,
            password_seed,
        };
        Self::new(kind, now)
    }

    /// A mail that was decided at `now`.
    pub fn new(kind: MailKind, now: Timestamp) -> Self {
        let mail_id = match &kind {
            MailKind::Invitation {
                user_id, serial, ..
            } => format!("invitation#{user_id}#{serial}"),
            MailKind::InitialPasswords { run_id } => format!("initial-passwords#{run_id}"),
            MailKind::IssuedPassword {
                user_id, serial, ..
            } => format!("issued-password#{user_id}#{serial}"),
            MailKind::FailedRun { run_id, .. } => format!("failed-run#{run_id}"),
            MailKind::HeldDeletions { run_id } => format!("held-deletions#{run_id}"),
            MailKind::ReconnectNeeded => format!("relink-needed#{}", now.as_second()),
        };
        Self {
            mail_id,
            kind,
            created_at: now,
            parts_sent: BTreeSet::new(),
        }
    }
}
