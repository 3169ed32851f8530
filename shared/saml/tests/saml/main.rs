//! Sign-ins by SAML: what is read, what is refused, and attacks.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on is a failed test"
)]

mod attacks;
mod metadata;
mod reading;
mod real_providers;
mod refusals;
mod requests;
mod sign_in;
mod wrapping;
