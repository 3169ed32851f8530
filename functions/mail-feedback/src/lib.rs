//! Bounces and complaints go from SES over SNS and SQS to the user's open invitation, where admins read that the mail
//! did not arrive or was reported as spam.

mod event;
mod handler;
mod reputation;
#[cfg(test)]
mod tests;

pub use handler::handle;
