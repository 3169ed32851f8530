//! Counters of wrong guesses, from which the sign-in throttle decides, in the table `sessions`.
//!
//! `key` = "guesses#" and a name of the caller's, the fields of the caller's record, `version`, `ttl`.

use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::error::{StoreError, if_condition_held};
use crate::store::{Item, Store, expire_at, from_item, key, number, to_item};

/// The guesses at one secret, as read.
#[derive(Clone, Debug, Default)]
pub struct Guesses<T> {
    /// The caller's record of the guesses.
    pub value: T,
    /// Grows with every write; 0 means that nothing is stored yet.
    pub version: u64,
}

#[derive(Deserialize)]
struct Version {
    version: u64,
}

fn guesses_key(name: &str) -> Item {
    key([("key", &format!("guesses#{name}"))])
}

impl Store {
    /// Returns the guesses counted under `name`; the default if there are none.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn guesses<T: DeserializeOwned + Default>(
        &self,
        name: &str,
    ) -> Result<Guesses<T>, StoreError> {
        let item = self.get(&self.tables.sessions, guesses_key(name)).await?;
        let Some(item) = item else {
            return Ok(Guesses::default());
        };
        let Version { version } = from_item(item.clone(), "guesses")?;
        Ok(Guesses {
            value: from_item(item, "guesses")?,
            version,
        })
    }

    /// Stores guesses that were counted on the version that was read, so that many at once do not
    /// count as one.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when another guess was stored since.
    pub async fn put_guesses<T: Serialize>(
        &self,
        name: &str,
        guesses: &Guesses<T>,
        until: Timestamp,
    ) -> Result<(), StoreError> {
        let mut item = to_item(&guesses.value, "guesses")?;
        item.extend(guesses_key(name));
        item.insert("version".into(), number(guesses.version + 1));
        expire_at(&mut item, until);
        let put = self
            .db
            .put_item()
            .table_name(&self.tables.sessions)
            .set_item(Some(item));
        let put = if guesses.version == 0 {
            put.condition_expression("attribute_not_exists(version)")
        } else {
            put.condition_expression("version = :seen")
                .expression_attribute_values(":seen", number(guesses.version))
        };
        if_condition_held("PutItem", put.send().await)?
            .map(|_| ())
            .ok_or(StoreError::Conflict("another guess was noted"))
    }

    /// Deletes the guesses counted under `name`, after a right guess.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn forget_guesses(&self, name: &str) -> Result<(), StoreError> {
        let deleted = self.delete_short_lived(guesses_key(name)).await;
        deleted.map(|_| ())
    }
}
