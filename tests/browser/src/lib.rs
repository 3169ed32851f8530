//! The product in a real browser: Chromium opens the pages as people do, every page is looked at with
//! axe (accessibility), and a picture of it is left in `target/screenshots`.

#![expect(
    clippy::expect_used,
    clippy::missing_panics_doc,
    clippy::unwrap_used,
    reason = "a page that cannot be used has failed"
)]

mod axe;
mod chrome;
mod driver;
mod files;
mod hands;
mod mail_view;
mod pictures;

pub use chrome::Chrome;
