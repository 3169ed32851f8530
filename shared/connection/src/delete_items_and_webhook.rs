//! Deletes what is ours in a company's SmartHR: the custom items and the webhook.
//!
//! Two workspaces of one company share the custom items: [解除する] in one deletes them for both. The next night of the
//! other one makes them again and changes nobody; the night after finds nothing chosen.

use domain::Connection;
use smarthr::{Session, SmartHrError};
use tokio::time::Instant;

use crate::connections::Connections;
use crate::custom_items::delete_custom_items;

impl Connections {
    /// Deletes our custom items and our webhook from SmartHR, each whatever becomes of the other.
    ///
    /// # Errors
    /// [`SmartHrError`] when SmartHR refuses or does not answer; one that may pass, if there is one.
    pub(crate) async fn delete_items_and_webhook(
        &self,
        session: &Session,
        connection: &Connection,
        deadline: Instant,
    ) -> Result<(), SmartHrError> {
        let items = match &connection.items {
            Some(items) => delete_custom_items(session, items, deadline).await,
            None => Ok(()),
        };
        let webhook = match &connection.webhook {
            Some(webhook) => self.delete_webhook(session, webhook, deadline).await,
            None => Ok(()),
        };
        let errors = [items, webhook].into_iter().filter_map(Result::err);
        match errors.max_by_key(SmartHrError::is_transient) {
            Some(error) => Err(error),
            None => Ok(()),
        }
    }
}
