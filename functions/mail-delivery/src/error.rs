//! Why a mail still waits.

use lambda::catch_panic::Panicked;
use storage::StoreError;

/// Why a mail could not be delivered now. The queue brings it again, ten times; after that it is a
/// dead letter, and still waits in the outbox.
#[derive(Debug, thiserror::Error)]
pub enum DeliveryError {
    /// The message is not one of ours.
    #[error("the message is not JSON with workspace_id and mail_id")]
    Unreadable,
    /// Another delivery of the same message is at it, or was cut off less than a minute ago.
    #[error("another delivery is sending this mail")]
    InOtherHands,
    /// A table did not answer, or SES left open whether it took the mail.
    #[error(transparent)]
    Aws(#[from] StoreError),
    /// SES takes no more mails for now.
    #[error("SES takes no more mails for now: {0}")]
    Throttled(String),
    /// The mail could not be written.
    #[error(transparent)]
    Unwritable(#[from] mail::MailError),
    /// Sending a link or a password that does not work helps nobody.
    #[error(
        "the secret derived for the mail is not the one whose hash is stored; \
         was the derivation key changed?"
    )]
    NotTheStoredSecret,
    /// Initial passwords must reach somebody before what they come from is forgotten.
    #[error(
        "no active system administrator of the workspace has an e-mail address; \
         the initial passwords wait until one has"
    )]
    NoSystemAdministrator,
    /// Likewise when SES refuses every recipient.
    #[error("SES rejects the mail with the initial passwords: {0}; they are kept")]
    PasswordsRejected(String),
    /// Those before it used up the invocation, or what SES takes for now.
    #[error("this invocation delivers no further mail")]
    NotBegun,
    /// A bug.
    #[error(transparent)]
    Panicked(#[from] Panicked),
    /// Something did not answer for 20 seconds.
    #[error("the delivery took too long")]
    TookTooLong,
}
