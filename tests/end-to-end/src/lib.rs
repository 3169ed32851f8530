//! Stories over several nights, on the real parts: the deployed template, the functions' binaries,
//! SmartHR's stand-in, mails that arrive. A test asks for nothing that a user could not see.

#![expect(
    clippy::expect_used,
    clippy::missing_panics_doc,
    clippy::unwrap_used,
    reason = "a story that cannot go on has failed"
)]

mod alarms;
mod browser;
mod people;
mod smarthr;
mod story;

pub use alarms::{Alarm, Measured};
pub use browser::{Answer, Browser};
pub use people::Person;
pub use story::{ADMIN_EMAIL, ADMIN_PASSWORD, Story, csv_of, invitation_link};
