//! Pseudonyms of accounts in the log, so that refusals can be counted per account without naming anybody.

use hmac::Mac;
use secrecy::{ExposeSecret, SecretString};

use crate::derivation_key::keyed;
use crate::hex::hex;
use crate::random::Random;

/// The length of a hash in bytes: enough to tell accounts apart.
const LENGTH: usize = 8;

/// The key of the accounts' hashes in the log. Somebody who has the log and not the key cannot find an account by
/// hashing addresses. Its `Debug` output does not show it.
#[derive(Clone, Debug)]
pub struct AccountHashKey(SecretString);

impl AccountHashKey {
    /// Generates a key of 256 bits.
    pub fn generate(random: &Random) -> Self {
        Self(random.token())
    }

    /// Wraps a key that was read from storage.
    pub fn from_stored(text: SecretString) -> Self {
        Self(text)
    }

    /// Returns the key as text, to be stored.
    pub fn expose_to_store(&self) -> &str {
        self.0.expose_secret()
    }

    /// Returns the hash of an account: 16 hex digits, always the same for the same account and key.
    pub fn hash(&self, account: &str) -> String {
        let mut hmac = keyed(self.0.expose_secret().as_bytes());
        hmac.update(account.as_bytes());
        hex(&hmac.finalize().into_bytes()[..LENGTH])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_depends_on_the_account_and_the_key() {
        let random = Random::seeded(1);
        let (key, other) = (
            AccountHashKey::generate(&random),
            AccountHashKey::generate(&random),
        );
        let stored = AccountHashKey::from_stored(key.expose_to_store().into());
        assert_eq!(key.hash("a"), stored.hash("a"));
        assert_ne!(key.hash("a"), key.hash("b"));
        assert_ne!(key.hash("a"), other.hash("a"));
        assert!(!format!("{key:?}").contains(key.expose_to_store()));
    }
}
