//! Connections of workspaces to SmartHR, in the table `workspaces`.
//!
//! `pk` = workspace id, `sk` = "integration", and the fields of [`Connection`]. `version` grows with
//! every write, and a write names the version that it was decided on. `enabled` puts the item into the
//! index `enabled`: "1" lists the workspaces for the 02:00 runs, "stopped" those that no run syncs although
//! their settings are switched on, "paused" those whose admins switched it off.

use aws_sdk_dynamodb::types::{Put, TransactWriteItem, Update};
use domain::{AuditEvent, Connection, OutboxMail, WorkspaceId};
use serde::Deserialize;

use crate::error::StoreError;
use crate::store::{Item, Store, key, number, query_all, text, to_item};
use crate::transaction::{FirstItem, update};

#[derive(Deserialize)]
struct EnabledWorkspace {
    pk: WorkspaceId,
}

/// The values of `enabled`.
const TONIGHT: &str = "1";
const STOPPED: &str = "stopped";
const PAUSED: &str = "paused";

pub(crate) fn connection_key(id: &WorkspaceId) -> Item {
    key([("pk", id.as_str()), ("sk", "integration")])
}

impl Store {
    /// Returns the connection of a workspace; `None` if it was never connected.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn connection(&self, id: &WorkspaceId) -> Result<Option<Connection>, StoreError> {
        self.record(&self.tables.workspaces, connection_key(id), "integration")
            .await
    }

    /// Returns the connection as [`Store::connection`] does, for what only shows something about other records; `None`
    /// also if it cannot be read, which was logged.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn connection_to_show(
        &self,
        id: &WorkspaceId,
    ) -> Result<Option<Connection>, StoreError> {
        match self.connection(id).await {
            Err(error) if error.is_unreadable() => Ok(None),
            connection => connection,
        }
    }

    /// Writes a connection that was decided on the stored version, and increments the version.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when somebody else wrote it since it was read.
    pub async fn put_connection(
        &self,
        id: &WorkspaceId,
        connection: &mut Connection,
    ) -> Result<(), StoreError> {
        let put = self.next_version(id, connection)?;
        if self.put_if(put).await? {
            return Ok(());
        }
        Err(StoreError::Conflict(
            "the connection was changed in between",
        ))
    }

    /// Writes a connection as [`Store::put_connection`] does, with a mail about it and what the audit
    /// trail says, or nothing.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when somebody else wrote it since it was read.
    pub async fn put_recorded_connection(
        &self,
        id: &WorkspaceId,
        connection: &mut Connection,
        mail: Option<&OutboxMail>,
        audit: &[AuditEvent],
    ) -> Result<(), StoreError> {
        let connection = self.next_version(id, connection)?;
        let mut items = vec![TransactWriteItem::builder().put(connection).build()];
        if let Some(mail) = mail {
            items.push(self.outbox_item(id, mail)?);
        }
        for event in audit {
            items.push(self.audit_item(id, event)?);
        }
        self.execute(items, FirstItem::Other).await
    }

    fn next_version(
        &self,
        id: &WorkspaceId,
        connection: &mut Connection,
    ) -> Result<Put, StoreError> {
        let seen = connection.version;
        connection.version += 1;
        let mut item = to_item(connection, "integration")?;
        item.extend(connection_key(id));
        if connection.runs_at_night() {
            item.insert("enabled".into(), text(TONIGHT));
        } else if connection.stopped_since().is_some() {
            item.insert("enabled".into(), text(STOPPED));
        } else if connection.paused_since().is_some() {
            item.insert("enabled".into(), text(PAUSED));
        }
        let put = Put::builder()
            .table_name(&self.tables.workspaces)
            .set_item(Some(item));
        let put = if seen == 0 {
            put.condition_expression("attribute_not_exists(pk)")
        } else {
            put.condition_expression("version = :seen")
                .expression_attribute_values(":seen", number(seen))
        };
        put.build().map_err(StoreError::invalid_request)
    }

    /// Returns an item that changes nothing, and whose transaction is refused if somebody wrote the connection since it
    /// was read.
    pub(crate) fn connection_as_read_item(
        &self,
        id: &WorkspaceId,
        read: &Connection,
    ) -> Result<TransactWriteItem, StoreError> {
        update(
            Update::builder()
                .table_name(&self.tables.workspaces)
                .set_key(Some(connection_key(id)))
                .update_expression("SET version = :read")
                .condition_expression("version = :read")
                .expression_attribute_values(":read", number(read.version)),
        )
    }

    /// Returns the workspaces that get a run at 02:00, about ten thousand a request.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn workspaces_for_tonight(&self) -> Result<Vec<WorkspaceId>, StoreError> {
        self.indexed_workspaces(TONIGHT).await
    }

    /// Returns the workspaces that no run syncs although their settings are switched on, in one request.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn stopped_workspaces(&self) -> Result<Vec<WorkspaceId>, StoreError> {
        self.indexed_workspaces(STOPPED).await
    }

    /// Returns the connected workspaces whose admins paused the sync. A connection that was last written before there
    /// was this index is not among them.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn paused_workspaces(&self) -> Result<Vec<WorkspaceId>, StoreError> {
        self.indexed_workspaces(PAUSED).await
    }

    async fn indexed_workspaces(&self, enabled: &str) -> Result<Vec<WorkspaceId>, StoreError> {
        let query = self
            .db
            .query()
            .table_name(&self.tables.workspaces)
            .index_name("enabled")
            .key_condition_expression("enabled = :on")
            .expression_attribute_values(":on", text(enabled));
        let enabled: Vec<EnabledWorkspace> = query_all(query, "integration").await?;
        Ok(enabled.into_iter().map(|workspace| workspace.pk).collect())
    }
}
