//! The reasons why a mail still waits in the outbox.

use credentials::InvalidDerivationKey;
use domain::KeyId;
use lambda::catch_panic::Panicked;
use storage::StoreError;

/// The reason why a mail was not delivered. SQS delivers its message again, up to ten times; then the
/// message becomes a dead letter, and the mail still waits.
#[derive(Debug, thiserror::Error)]
pub enum DeliveryError {
    /// The message has no readable body.
    #[error("the message is not JSON with workspace_id and mail_id")]
    Unreadable,
    /// Another delivery is sending the mail, or crashed less than a minute ago.
    #[error("another delivery is sending this mail")]
    ClaimedByAnother,
    /// Somebody changed the user at the same moment; the next delivery reads them again.
    #[error("the user changed meanwhile")]
    UserChanged,
    /// AWS did not answer; SES may have accepted the mail.
    #[error(transparent)]
    Aws(#[from] StoreError),
    /// SES accepts no more mails for now.
    #[error("SES accepts no more mails for now: {0}")]
    Throttled(String),
    /// SES accepts no more mails of the account today; the mail is postponed.
    #[error("SES accepts no more mails today: {0}")]
    QuotaUsedUp(String),
    /// The mail could not be rendered.
    #[error(transparent)]
    Unwritable(#[from] mail::MailError),
    /// The derived secret does not match the stored hash: the URL or the password would not work.
    #[error(
        "the secret derived for the mail is not the one whose hash is stored; \
         was the derivation key changed without keeping the former one?"
    )]
    NotTheStoredSecret,
    /// The secret in Secrets Manager does not hold the key that the mail needs, or is not read again
    /// for some seconds.
    #[error("the derivation key {0} is not known; were former keys removed too early?")]
    UnknownKey(KeyId),
    /// The secret in Secrets Manager cannot be used.
    #[error(transparent)]
    InvalidKey(#[from] InvalidDerivationKey),
    /// Earlier messages used up the time of the invocation, or SES throttled one of them.
    #[error("this invocation delivers no further mail")]
    NotBegun,
    /// The delivery panicked.
    #[error(transparent)]
    Panicked(#[from] Panicked),
    /// The delivery was stopped after 20 seconds, or one with initial passwords near the end of the invocation.
    #[error("the delivery took too long")]
    TookTooLong,
}
