//! What becomes of a waiting mail, decided on what is true now.

use mail::Mail;

/// The mails to send for one entry of the outbox, or why none is sent.
pub(crate) enum Made {
    /// To be sent; more than one when there are many recipients or passwords.
    Mails(Vec<Mail>),
    /// It says what is no longer true.
    Dropped(&'static str),
}
