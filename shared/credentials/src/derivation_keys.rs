//! The secret with the derivation keys: the current one, and former ones for mails that still wait.

use domain::{Credential, KeyId, User, WorkspaceId};
use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

use crate::credential_seed::CredentialSeed;
use crate::derivation_key::{DerivationKey, InvalidDerivationKey};
use crate::initial_password::InitialPasswordHash;

/// The current key, which everything new is derived from, and former keys. Its `Debug` output shows
/// ids only.
#[derive(Clone, Debug)]
pub struct DerivationKeys {
    current: DerivationKey,
    former: Vec<DerivationKey>,
}

#[derive(Deserialize)]
struct StoredKeys {
    current: SecretString,
    former: Vec<SecretString>,
}

impl DerivationKeys {
    /// Reads the secret in Secrets Manager: `{"current": "…", "former": ["…"]}`, or the text of a key
    /// that was never rotated.
    ///
    /// # Errors
    /// [`InvalidDerivationKey`] when a key is too short, or the JSON is not the expected one.
    pub fn from_secret(text: &SecretString) -> Result<Self, InvalidDerivationKey> {
        if !text.expose_secret().trim_start().starts_with('{') {
            return Ok(Self {
                current: DerivationKey::from_secret(text)?,
                former: Vec::new(),
            });
        }
        let stored: StoredKeys = serde_json::from_str(text.expose_secret())
            .map_err(|_| InvalidDerivationKey::Unreadable)?;
        let former = stored.former.iter().map(DerivationKey::from_secret);
        Ok(Self {
            current: DerivationKey::from_secret(&stored.current)?,
            former: former.collect::<Result<_, _>>()?,
        })
    }

    /// Returns the key that new credentials are derived from.
    pub fn current(&self) -> &DerivationKey {
        &self.current
    }

    /// Returns the key that new credentials are derived from, without the former ones.
    pub fn into_current(self) -> DerivationKey {
        self.current
    }

    /// Returns the key with this id; `None` if this secret does not hold it.
    pub fn with_id(&self, id: &KeyId) -> Option<&DerivationKey> {
        self.all().find(|key| key.id() == id)
    }

    /// Returns every key, the current one first.
    pub fn all(&self) -> impl Iterator<Item = &DerivationKey> {
        std::iter::once(&self.current).chain(&self.former)
    }

    /// Returns the initial password of `user` and the end of its validity, if it was derived from `seed`, is the stored
    /// one, so that nothing newer took its place, and is valid at `now`.
    pub fn open_initial_password(
        &self,
        seed: &CredentialSeed,
        workspace_id: &WorkspaceId,
        user: &User,
        hash: &InitialPasswordHash,
        now: Timestamp,
    ) -> Option<(SecretString, Timestamp)> {
        let Credential::Initial { expires_at } = user.credential else {
            return None;
        };
        let serial = u64::from(user.serial);
        let mut derived = self
            .all()
            .map(|key| key.initial_password(seed, workspace_id, &user.user_id, serial));
        let password = derived.find(|password| hash.matches(password))?;
        (now < expires_at).then_some((password, expires_at))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OLD: &str = "0123456789abcdef0123456789abcdef";
    const NEW: &str = "X123456789abcdef0123456789abcdef";

    fn keys(secret: &str) -> Result<DerivationKeys, InvalidDerivationKey> {
        DerivationKeys::from_secret(&secret.into())
    }

    #[test]
    fn a_key_that_was_never_rotated_has_the_same_id_once_it_is_a_former_one() {
        let id = keys(OLD).unwrap().into_current().id().clone();
        let rotated = format!(r#"{{"current": "{NEW}", "former": ["{OLD}"]}}"#);
        let rotated = keys(&rotated).unwrap();
        assert!(rotated.with_id(&id).is_some());
        assert_ne!(rotated.clone().into_current().id(), &id);
        let printed = format!("{rotated:?}");
        assert!(!printed.contains("0123"), "{printed}");
    }

    #[test]
    fn json_that_is_not_the_secrets_is_no_key() {
        let misspelt = format!(r#"{{"curent": "{NEW}", "former": []}}"#);
        let short = format!(r#"{{"current": "{NEW}", "former": ["short"]}}"#);
        assert_eq!(
            keys(&misspelt).err(),
            Some(InvalidDerivationKey::Unreadable)
        );
        assert_eq!(keys(&short).err(), Some(InvalidDerivationKey::TooShort));
    }
}
