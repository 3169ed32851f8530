//! Passkeys (WebAuthn Level 3) as a second factor after the password: options for the browser, and the check of
//! its answer. `webauthn_rp` reads the messages and verifies the signatures.
//!
//! Only a passkey that verified the user (a PIN, a fingerprint, a face) is accepted. No attestation is asked for:
//! any make of authenticator is welcome, and none is told apart.

mod authentication;
mod challenge;
mod encoding;
mod error;
mod registration;
mod relying_party;

pub use challenge::{CHALLENGE_LIFETIME, StartedCeremony};
pub use error::PasskeyError;
pub use registration::PasskeyOwner;
pub use relying_party::{InvalidPublicAddress, RelyingParty};
