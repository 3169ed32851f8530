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

    /// Returns keys among which is the one with this id. A credential that names no key (`None`) is from
    /// before keys were rotated: it may be derived from any of them.
    ///
    /// # Errors
    /// [`DeliveryError::UnknownKey`] when the secret does not hold it, or was read less than ten seconds
    /// ago and did not hold it then.
    pub(crate) async fn holding(
        &self,
        id: Option<&KeyId>,
        now: Timestamp,
    ) -> Result<Arc<DerivationKeys>, DeliveryError> {
        let missing = |keys: &DerivationKeys| id.filter(|id| keys.with_id(id).is_none());
        let last_read = self.last_read().clone();
        let keys = match last_read {
            Some((keys, read_at))
                if missing(&keys).is_none() || now.duration_since(read_at) < READ_AGAIN_AFTER =>
            {
                keys
            }
            _ => self.read(now).await?,
        };
        match missing(&keys) {
            Some(id) => Err(DeliveryError::UnknownKey(id.clone())),
            None => Ok(keys),
        }
    }

    async fn read(&self, now: Timestamp) -> Result<Arc<DerivationKeys>, DeliveryError> {
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
