//! The product in a real browser: Chromium opens the pages as people do, axe checks the accessibility of every
//! page, and a screenshot of it is saved in `target/screenshots`.

#![expect(
    clippy::expect_used,
    clippy::missing_panics_doc,
    clippy::unwrap_used,
    reason = "a page that cannot be used has failed"
)]

mod accessibility;
mod authenticator;
mod chrome;
mod chromedriver;
mod files;
mod identity_provider;
mod interactions;
mod saml_identity_provider;
mod screenshots;
mod spreadsheet;

pub use authenticator::VirtualAuthenticator;
pub use chrome::Chrome;
pub use identity_provider::{CLIENT_ID, CLIENT_SECRET, IdentityProvider};
pub use saml_identity_provider::SamlIdentityProvider;
pub use spreadsheet::shown_in_libreoffice;
