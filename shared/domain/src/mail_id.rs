//! The ids of mails within their workspace. They are made from what the mails are about, so that writing a mail twice
//! stores it once.

use jiff::Timestamp;

use crate::{MailKind, UserId, time};

/// How the id of every invitation begins.
const INVITATION: &str = "invitation#";

/// Returns the id of the mail with a user's invitation number `serial`.
pub fn invitation_mail_id(user_id: &UserId, serial: u32) -> String {
    format!("{INVITATION}{user_id}#{serial}")
}

/// Returns whether a mail is an invitation, of which there are many at once. Other mails, those to admins among them,
/// go first.
pub fn is_invitation(mail_id: &str) -> bool {
    mail_id.starts_with(INVITATION)
}

/// How the id of every mail with the initial passwords of a run begins.
const INITIAL_PASSWORDS: &str = "initial-passwords#";
/// How the id of every mail with initial passwords that an admin issued begins.
const ISSUED_PASSWORDS: &str = "issued-passwords#";

/// Returns whether a mail has initial passwords, maybe those of a whole company, which take longer to make than other
/// mails.
pub fn has_initial_passwords(mail_id: &str) -> bool {
    mail_id.starts_with(INITIAL_PASSWORDS) || mail_id.starts_with(ISSUED_PASSWORDS)
}

/// How the id of every post to a chat begins.
const CHAT_POST: &str = "chat-post#";

/// Returns whether an entry of the outbox is a post to a chat. Mails go first, since a chat may not answer.
pub fn is_chat_post(mail_id: &str) -> bool {
    mail_id.starts_with(CHAT_POST)
}

/// Returns the id of the mail with the link of a password reset.
pub fn password_reset_mail_id(user_id: &UserId, request: &str) -> String {
    format!("password-reset#{user_id}#{request}")
}

/// Returns the id of the post to a chat that goes with the mail `mail_id`.
pub(crate) fn chat_post_mail_id(mail_id: &str) -> String {
    format!("{CHAT_POST}{mail_id}")
}

/// Returns the id of the reminder that a reconnect has been needed for this many weeks since `since`.
pub(crate) fn reconnect_reminder_mail_id(since: Timestamp, weeks: i64) -> String {
    format!("relink-reminder#{}#{weeks}", since.as_second())
}

impl MailKind {
    /// Returns the id of a mail of this kind that was decided on at `now`.
    pub(crate) fn mail_id(&self, now: Timestamp) -> String {
        match self {
            Self::Invitation {
                user_id, serial, ..
            } => invitation_mail_id(user_id, *serial),
            Self::InitialPasswords { run_id } => format!("{INITIAL_PASSWORDS}{run_id}"),
            Self::IssuedPasswords { issue_id } => format!("{ISSUED_PASSWORDS}{issue_id}"),
            Self::PasswordReset {
                user_id, request, ..
            } => password_reset_mail_id(user_id, request),
            Self::PasswordChanged { user_id } => {
                format!("password-changed#{user_id}#{}", now.as_second())
            }
            Self::AddressProof {
                user_id, request, ..
            } => format!("address-proof#{user_id}#{request}"),
            Self::AddressChanged {
                user_id, version, ..
            } => format!("address-changed#{user_id}#{version}"),
            Self::LoginMethodChanged { user_id, version } => {
                format!("login-method-changed#{user_id}#{version}")
            }
            Self::SecondFactorChanged { user_id, notice } => {
                let at = now.as_millisecond();
                format!("second-factor-changed#{user_id}#{notice:?}#{at}")
            }
            Self::AccountLocked { user_id } => {
                format!("account-locked#{user_id}#{}", now.as_second())
            }
            Self::FailedRun { run_id, .. } => format!("failed-run#{run_id}"),
            Self::HeldDeletions { run_id } => format!("held-deletions#{run_id}"),
            Self::HeldAccountChanges { run_id } => format!("held-account-changes#{run_id}"),
            Self::AdministratorDeleted { user_id } => {
                format!("administrator-deleted#{user_id}#{}", now.as_second())
            }
            Self::EmergencySignIn { user_id, .. } => {
                format!("emergency-sign-in#{user_id}#{}", now.as_millisecond())
            }
            Self::SamlCertificateEnds { ends_at, days } => {
                format!("saml-certificate-ends#{}#{days}", ends_at.as_second())
            }
            Self::SeatsNearlyFull { contracted } => {
                let month = time::day(now).strftime("%Y-%m");
                format!("seats-nearly-full#{contracted}#{month}")
            }
            Self::ConnectionMayEnd { since } => format!("link-may-end#{}", since.as_second()),
            Self::WeeklySummary { until } => format!("weekly-summary#{}", until.as_second()),
            Self::ChatPost { about } => chat_post_mail_id(&about.mail_id(now)),
            Self::ChatTest => format!("{CHAT_POST}test#{}", now.as_second()),
            Self::Connected => format!("connected#{}", now.as_second()),
            Self::InvitationsPaused => format!("invitations-paused#{}", now.as_second()),
            Self::ReconnectNeeded => format!("relink-needed#{}", now.as_second()),
        }
    }
}
