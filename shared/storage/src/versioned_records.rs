//! Small records with an expiry that several requests may change at once, in the table `sessions`: wrong guesses at
//! passwords, what admins start, password resets. Each write names the version that it was decided on, so that
//! many at once do not count as one.
//!
//! `key` = a name of the caller's ("guesses#…", "start-requests#…"), the fields of the caller's record,
//! `version`, `ttl`.

use aws_sdk_dynamodb::types::{Put, TransactWriteItem};
use domain::{AuditEvent, OutboxMail, WorkspaceId};
use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::error::StoreError;
use crate::store::{Item, Store, expire_at, from_item, key, number, to_item};
use crate::transaction::FirstItem;

/// A record with its version, as read.
#[derive(Clone, Debug, Default)]
pub struct Versioned<T> {
    /// The caller's record.
    pub value: T,
    /// Grows with every write; 0 means that nothing is stored yet.
    pub version: u64,
}

#[derive(Deserialize)]
struct Version {
    version: u64,
}

fn record_key(name: &str) -> Item {
    key([("key", name)])
}

impl Store {
    /// Returns the record `name`; the default if there is none.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn versioned<T: DeserializeOwned + Default>(
        &self,
        name: &str,
    ) -> Result<Versioned<T>, StoreError> {
        let item = self.get(&self.tables.sessions, record_key(name)).await?;
        let Some(item) = item else {
            return Ok(Versioned::default());
        };
        let Version { version } = from_item(item.clone(), "versioned record")?;
        Ok(Versioned {
            value: from_item(item, "versioned record")?,
            version,
        })
    }

    /// Stores a record that was changed from the version that was read, and lets it expire at `until`.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when another request stored it since.
    pub async fn put_versioned<T: Serialize>(
        &self,
        name: &str,
        record: &Versioned<T>,
        until: Timestamp,
    ) -> Result<(), StoreError> {
        let put = self.versioned_put(name, record, until)?;
        if self.put_if(put).await? {
            return Ok(());
        }
        Err(StoreError::Conflict("another request changed the record"))
    }

    /// Stores a record as [`Store::put_versioned`] does, with mails of the workspace and what its audit trail
    /// says about it, or nothing.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when another request stored it since.
    pub async fn put_versioned_with<T: Serialize>(
        &self,
        name: &str,
        record: &Versioned<T>,
        until: Timestamp,
        workspace_id: &WorkspaceId,
        mails: &[OutboxMail],
        events: &[AuditEvent],
    ) -> Result<(), StoreError> {
        let put = self.versioned_put(name, record, until)?;
        let mut items = vec![TransactWriteItem::builder().put(put).build()];
        for mail in mails {
            items.push(self.outbox_item(workspace_id, mail)?);
        }
        for event in events {
            items.push(self.audit_item(workspace_id, event)?);
        }
        self.execute(items, FirstItem::Other).await
    }

    fn versioned_put<T: Serialize>(
        &self,
        name: &str,
        record: &Versioned<T>,
        until: Timestamp,
    ) -> Result<Put, StoreError> {
        let mut item = to_item(&record.value, "versioned record")?;
        item.extend(record_key(name));
        item.insert("version".into(), number(record.version + 1));
        expire_at(&mut item, until);
        let put = Put::builder()
            .table_name(&self.tables.sessions)
            .set_item(Some(item));
        let put = if record.version == 0 {
            put.condition_expression("attribute_not_exists(version)")
        } else {
            put.condition_expression("version = :seen")
                .expression_attribute_values(":seen", number(record.version))
        };
        put.build().map_err(StoreError::invalid_request)
    }

    /// Deletes the record `name`.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn delete_versioned(&self, name: &str) -> Result<(), StoreError> {
        let deleted = self.delete_short_lived(record_key(name)).await;
        deleted.map(|_| ())
    }
}
