//! Our registrations of webhooks at SmartHR, in the table `webhooks`.
//!
//! `pk` = the random id in the webhook's address, `sk` = "registration", and the fields of [`WebhookRegistration`]. The
//! secret itself is at SmartHR only.

use domain::{TenantId, WorkspaceId};
use serde::{Deserialize, Serialize};

use crate::error::StoreError;
use crate::store::{Item, Store, key, to_item};

/// Whom SmartHR's reports at one address are about, and how it proves that they are SmartHR's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WebhookRegistration {
    /// The workspace whose company SmartHR reports about.
    pub workspace_id: WorkspaceId,
    /// The company.
    pub tenant_id: TenantId,
    /// The hash of the secret that SmartHR sends, as `credentials::TokenHash` writes it.
    pub secret_hash: String,
}

fn registration_key(path_id: &str) -> Item {
    key([("pk", path_id), ("sk", "registration")])
}

impl Store {
    /// Returns the registration of an address; `None` if there is none.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn webhook_registration(
        &self,
        path_id: &str,
    ) -> Result<Option<WebhookRegistration>, StoreError> {
        let key = registration_key(path_id);
        self.record(&self.tables.webhooks, key, "webhook registration")
            .await
    }

    /// Stores the registration of an address.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn put_webhook_registration(
        &self,
        path_id: &str,
        registration: &WebhookRegistration,
    ) -> Result<(), StoreError> {
        let mut item = to_item(registration, "webhook registration")?;
        item.extend(registration_key(path_id));
        self.put(&self.tables.webhooks, item).await
    }

    /// Deletes the registration of an address, so that nothing is accepted there any more. Succeeds when there is none.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn delete_webhook_registration(&self, path_id: &str) -> Result<(), StoreError> {
        self.db
            .delete_item()
            .table_name(&self.tables.webhooks)
            .set_key(Some(registration_key(path_id)))
            .send()
            .await
            .map_err(StoreError::from_sdk("DeleteItem"))?;
        Ok(())
    }
}
