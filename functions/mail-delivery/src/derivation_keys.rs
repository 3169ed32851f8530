//! The derivation keys, read again when a mail needs one that this function does not know yet: the keys
//! may be rotated while functions are warm.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use credentials::DerivationKeys;
use domain::KeyId;
use jiff::{SignedDuration, Timestamp};
use storage::secrets::Secrets;

use crate::error::DeliveryError;

/// How long a secret that was read is not read again, so that mails whose key is gone for good do not
/// ask Secrets Manager once each.
const READ_AGAIN_AFTER: SignedDuration = SignedDuration::from_secs(10);

/// The derivation keys as this function last read them.
#[derive(Debug)]
pub struct KnownKeys {
    secrets: Secrets,
    last_read: Mutex<Option<(Arc<DerivationKeys>, Timestamp)>>,
}

impl KnownKeys {
    /// Reads the keys from `secrets` when the first mail needs one.
    pub fn new(secrets: Secrets) -> Self {
        Self {
            secrets,
            last_read: Mutex::new(None),
        }
    }

    /// Returns keys among which is the one with this id.
    ///
    /// # Errors
    /// [`DeliveryError::UnknownKey`] when the secret does not hold it, or was read less than ten seconds
    /// ago and did not hold it then.
    pub(crate) async fn holding(
        &self,
        id: &KeyId,
        now: Timestamp,
    ) -> Result<Arc<DerivationKeys>, DeliveryError> {
        let keys = self
            .read_unless(|keys| keys.with_id(id).is_some(), now)
            .await?;
        if keys.with_id(id).is_none() {
            return Err(DeliveryError::UnknownKey(id.clone()));
        }
        Ok(keys)
    }

    /// Returns all keys that were read last.
    pub(crate) async fn all(&self, now: Timestamp) -> Result<Arc<DerivationKeys>, DeliveryError> {
        self.read_unless(|_| true, now).await
    }

    async fn read_unless(
        &self,
        suffice: impl Fn(&DerivationKeys) -> bool,
        now: Timestamp,
    ) -> Result<Arc<DerivationKeys>, DeliveryError> {
        let last_read = self.last_read().clone();
        if let Some((keys, read_at)) = last_read
            && (suffice(&keys) || now.duration_since(read_at) < READ_AGAIN_AFTER)
        {
            return Ok(keys);
        }
        let secret = self.secrets.derivation_key().await?;
        let keys = Arc::new(DerivationKeys::from_secret(&secret)?);
        *self.last_read() = Some((keys.clone(), now));
        Ok(keys)
    }

    fn last_read(&self) -> MutexGuard<'_, Option<(Arc<DerivationKeys>, Timestamp)>> {
        self.last_read
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}
