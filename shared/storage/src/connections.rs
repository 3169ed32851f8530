//! A workspace's link to SmartHR: `pk` = workspace id, `sk` = "integration".

use aws_sdk_dynamodb::types::{Put, TransactWriteItem};
use domain::{Connection, WorkspaceId};

use crate::commit::{invalid_request, put_item};
use crate::error::StoreError;
use crate::outbox::outbox_item;
use crate::store::{Item, Store, number, text, to_item};
use crate::transact::Guarded;
use domain::OutboxMail;

pub(crate) fn connection_key(id: &WorkspaceId) -> Item {
    Item::from([
        ("pk".into(), text(id.as_str())),
        ("sk".into(), text("integration")),
    ])
}

impl Store {
    /// The link of a workspace, if there is one.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn connection(&self, id: &WorkspaceId) -> Result<Option<Connection>, StoreError> {
        self.item(
            &self.tables.workspaces,
            [("pk", id.as_str()), ("sk", "integration")],
            "integration",
        )
        .await
    }

    /// Writes the link as decided on its present version, and counts the version up.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when somebody else wrote it since it was read.
    pub async fn put_connection(
        &self,
        id: &WorkspaceId,
        connection: &mut Connection,
    ) -> Result<(), StoreError> {
        let put = self.next_version(id, connection)?;
        self.db
            .put_item()
            .table_name(put.table_name())
            .set_item(Some(put.item))
            .set_condition_expression(put.condition_expression)
            .set_expression_attribute_values(put.expression_attribute_values)
            .send()
            .await
            .map_err(StoreError::from_sdk("PutItem"))
            .map_err(conflict)?;
        Ok(())
    }

    /// As [`Store::put_connection`], and puts a mail that tells about it into the outbox, so that
    /// neither happens without the other.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when somebody else wrote it since it was read.
    pub async fn put_connection_and_mail(
        &self,
        id: &WorkspaceId,
        connection: &mut Connection,
        mail: &OutboxMail,
    ) -> Result<(), StoreError> {
        let link = self.next_version(id, connection)?;
        let mail = Put::builder()
            .table_name(&self.tables.outbox)
            .set_item(Some(outbox_item(id, mail)?));
        let items = vec![
            TransactWriteItem::builder().put(link).build(),
            put_item(mail)?,
        ];
        self.transact(items, Guarded::No).await
    }

    /// The write of an connection as decided on its present version, which it counts up.
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
            item.insert("enabled".into(), text("1"));
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
        put.build().map_err(invalid_request)
    }

    /// The workspaces that the 02:00 run takes up, about ten thousand a request.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn workspaces_for_tonight(&self) -> Result<Vec<WorkspaceId>, StoreError> {
        let mut pages = self
            .db
            .query()
            .table_name(&self.tables.workspaces)
            .index_name("enabled")
            .key_condition_expression("enabled = :on")
            .expression_attribute_values(":on", text("1"))
            .into_paginator()
            .send();
        let mut workspaces = Vec::new();
        while let Some(page) = pages.next().await {
            let page = page.map_err(StoreError::from_sdk("Query"))?;
            for item in page.items.unwrap_or_default() {
                if let Some(id) = item.get("pk").and_then(|pk| pk.as_s().ok()) {
                    workspaces.push(WorkspaceId::new(id));
                }
            }
        }
        Ok(workspaces)
    }
}

fn conflict(error: StoreError) -> StoreError {
    if error.is_condition() {
        StoreError::Conflict("the connection was changed in between")
    } else {
        error
    }
}
