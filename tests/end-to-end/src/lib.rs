//! Stories over several nights on the real parts: the deployed template, the functions' binaries, the
//! SmartHR stand-in, and mails that arrive. A test looks only at what a user can see.

#![expect(
    clippy::expect_used,
    clippy::missing_panics_doc,
    clippy::unwrap_used,
    reason = "a story that cannot go on has failed"
)]

mod alarms;
mod authenticator_app;
mod browser;
mod mails;
mod people;
mod secrets;
mod single_sign_on;
mod smarthr_outage;
mod story;
mod sync_logs;

pub use alarms::Alarm;
pub use authenticator_app::AuthenticatorApp;
pub use browser::{Browser, Product, accept, sign_in};
pub use mails::{csv_of, invitation_link};
pub use people::Person;
pub use single_sign_on::sign_in_at;
pub use story::{ADMIN_EMAIL, ADMIN_PASSWORD, MIDORI_ADMIN, PASSWORD, Story, usual_workspace};
