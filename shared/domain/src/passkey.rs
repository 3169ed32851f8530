//! A passkey of a user: a WebAuthn credential that verifies the user.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// The most characters of a passkey's name.
pub const LONGEST_PASSKEY_NAME: usize = 50;

/// A passkey as it is stored. It has no secret: the private key never leaves the authenticator. What lies
/// between `id` and `transports` is written and read by `credentials` only; texts of bytes are
/// base64url without padding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Passkey {
    /// The SHA-256 of `credential_id` in hex, which is short enough for a key.
    pub id: String,
    /// The id that the authenticator gave to the credential.
    pub credential_id: String,
    /// The random id by which authenticators know the user, the same for all passkeys of a user.
    pub user_handle: String,
    /// The public key.
    pub public_key: String,
    /// What each sign-in can change: the signature counter and the backup state.
    pub authenticator_state: String,
    /// How the browser can reach the authenticator, as bits.
    pub transports: u8,
    /// What the user calls the passkey.
    pub name: String,
    /// The time at which it was added.
    pub added_at: Timestamp,
    /// The time at which it was used last, to begin with that at which it was added.
    pub last_used_at: Timestamp,
}
