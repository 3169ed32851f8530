//! Passkeys: items `passkey#<credential id>` of [`second_factors`](crate::second_factors).

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What the sort keys of passkeys begin with.
pub(crate) const PREFIX: &str = "passkey#";

/// A passkey of a user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Passkey {
    /// The id of the credential, in base64url.
    pub credential_id: String,
    /// The time at which it was added.
    pub added_at: Timestamp,
}
