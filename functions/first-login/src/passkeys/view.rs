//! The passkeys of a user, as the page of the account lists them.

use domain::Passkey;
use domain::time::date_and_time;

/// A passkey in the list.
pub(crate) struct PasskeyView {
    pub(crate) id: String,
    pub(crate) name: String,
    /// In Japan time.
    pub(crate) added: String,
    /// In Japan time.
    pub(crate) last_used: String,
}

impl From<Passkey> for PasskeyView {
    fn from(passkey: Passkey) -> Self {
        Self {
            id: passkey.id,
            name: passkey.name,
            added: date_and_time(passkey.added_at),
            last_used: date_and_time(passkey.last_used_at),
        }
    }
}
