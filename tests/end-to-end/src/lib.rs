//! Stories over several nights on the real parts: the deployed template, the functions' binaries, the
//! SmartHR stand-in, and mails that arrive. A test looks only at what a user can see.

#![expect(
    clippy::expect_used,
    clippy::missing_panics_doc,
    clippy::unwrap_used,
    reason = "a story that cannot go on has failed"
)]

mod alarms;
mod browser;
mod mails;
mod people;
mod single_sign_on;
mod story;

pub use alarms::Alarm;
pub use browser::{Browser, Product, accept, sign_in};
pub use mails::{csv_of, invitation_link};
pub use people::Person;
pub use story::{ADMIN_EMAIL, ADMIN_PASSWORD, PASSWORD, Story, usual_workspace};
