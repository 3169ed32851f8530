//! A small OpenID provider, for the demo and for attacks: it signs anybody in who types an address, and its tokens can
//! be forged in every way. What a real provider does is tested with one (`tests/browser`).

#![expect(
    clippy::missing_panics_doc,
    clippy::unwrap_used,
    reason = "a provider that cannot be made is a failed test"
)]

mod keys;
mod server;
mod token;

pub use server::{CLIENT_ID, CLIENT_SECRET, IdentityProvider};
pub use token::{IdToken, Signature};
