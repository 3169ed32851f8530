//! Nobody in where they don't belong: what somebody outside can try, at the product as it is put together.

#![expect(clippy::unwrap_used, reason = "what cannot be had fails the test")]

mod account_recovery;
mod addresses;
mod audit;
mod banners;
mod csrf;
mod documents;
mod guessing;
mod initial_passwords;
mod invitations;
mod logs;
mod matrix;
mod oauth;
mod other_workspace;
mod related_companies;
mod scanners;
mod sessions;
mod sso;
mod sso_saml;
mod switching;
mod takeover;
mod twice;
mod words;
