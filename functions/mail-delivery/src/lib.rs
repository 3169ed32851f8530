//! Sends the mails that wait in the outbox: SQS → SES, one mail or one password list a message.

mod admins_mail;
mod batch;
mod deliver;
mod error;
mod invitation_mail;
mod made;
mod password_mail;
mod send;

#[cfg(test)]
mod tests;

pub use batch::handle;
pub use deliver::Delivery;
pub use error::DeliveryError;
