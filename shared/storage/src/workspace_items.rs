//! Everything that the tables have of one workspace, item by item: for what only operators do, off-boarding a customer
//! and bringing one back from restored tables. It scans the tables.

use aws_sdk_dynamodb::types::{DeleteRequest, PutRequest, WriteRequest};
use domain::WorkspaceId;

use crate::error::StoreError;
use crate::store::{Item, Store, UnprocessedWaits, text};
use crate::tables::Tables;

/// The most items that DynamoDB writes in one batch.
const BATCH: usize = 25;

/// A table, and how the items of a workspace are found in it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TableItems {
    /// The table's name in reports.
    pub(crate) what: &'static str,
    name: fn(&Tables) -> &String,
    key: &'static [&'static str],
    filter: &'static str,
}

/// Users, the items of admins, deleted users and second factors.
pub(crate) const USERS: TableItems = TableItems {
    what: "users",
    name: |tables| &tables.users,
    key: &["workspace_id", "user_id"],
    filter: "contains(workspace_id, :workspace)",
};

/// Reserved addresses and codes.
pub(crate) const IDENTIFIERS: TableItems = TableItems {
    what: "identifiers",
    name: |tables| &tables.identifiers,
    key: &["identifier", "workspace_id"],
    filter: "contains(workspace_id, :workspace)",
};

/// All tables. The table that says what the workspace is comes last, so that an interrupted deletion finds it again.
pub(crate) const ALL: [TableItems; 8] = [
    USERS,
    IDENTIFIERS,
    TableItems {
        what: "runs",
        name: |tables| &tables.runs,
        key: &["pk", "sk"],
        filter: "begins_with(pk, :workspace)",
    },
    TableItems {
        what: "outbox",
        name: |tables| &tables.outbox,
        key: &["workspace_id", "mail_id"],
        filter: "workspace_id = :workspace",
    },
    TableItems {
        what: "sessions",
        name: |tables| &tables.sessions,
        key: &["key"],
        filter: "workspace_id = :workspace OR contains(#key, :workspace)",
    },
    TableItems {
        what: "webhooks",
        name: |tables| &tables.webhooks,
        key: &["pk", "sk"],
        filter: "pk = :workspace OR workspace_id = :workspace",
    },
    TableItems {
        what: "audit",
        name: |tables| &tables.audit,
        key: &["pk", "sk"],
        filter: "pk = :workspace",
    },
    TableItems {
        what: "workspaces",
        name: |tables| &tables.workspaces,
        key: &["pk", "sk"],
        filter: "pk = :workspace OR sk = :workspace OR workspace_id = :workspace",
    },
];

impl TableItems {
    /// Returns the table's name in DynamoDB.
    pub(crate) fn name_in(self, tables: &Tables) -> &str {
        (self.name)(tables)
    }

    /// Returns the key of one of the items.
    pub(crate) fn key_of(self, item: &Item) -> Item {
        let names = self.key.iter();
        names
            .filter_map(|name| Some(((*name).to_owned(), item.get(*name)?.clone())))
            .collect()
    }
}

impl Store {
    /// Returns how many items each table has of a workspace.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn count_workspace(
        &self,
        id: &WorkspaceId,
    ) -> Result<Vec<(&'static str, usize)>, StoreError> {
        let mut counts = Vec::new();
        for table in ALL {
            counts.push((table.what, self.items_of(table, id).await?.len()));
        }
        Ok(counts)
    }

    /// Deletes everything that the tables have of a workspace. Repeated, it goes on where it was interrupted. Returns
    /// how many items each table had.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn delete_workspace(
        &self,
        id: &WorkspaceId,
    ) -> Result<Vec<(&'static str, usize)>, StoreError> {
        let mut counts = Vec::new();
        for table in ALL {
            let items = self.items_of(table, id).await?;
            counts.push((table.what, items.len()));
            let deleted = items.iter().map(|item| table.key_of(item));
            self.write_items(table, Vec::new(), deleted.collect())
                .await?;
        }
        Ok(counts)
    }

    /// Returns the items of a workspace in a table.
    pub(crate) async fn items_of(
        &self,
        table: TableItems,
        id: &WorkspaceId,
    ) -> Result<Vec<Item>, StoreError> {
        let scan = self
            .db
            .scan()
            .table_name(table.name_in(&self.tables))
            .consistent_read(true)
            .filter_expression(table.filter)
            .expression_attribute_values(":workspace", text(id.as_str()));
        let scan = if table.filter.contains("#key") {
            scan.expression_attribute_names("#key", "key")
        } else {
            scan
        };
        let mut scanned = scan.into_paginator().items().send();
        let mut items = Vec::new();
        while let Some(item) = scanned.next().await {
            items.push(item.map_err(StoreError::from_sdk("Scan"))?);
        }
        Ok(items)
    }

    /// Puts these items and deletes those with these keys, in no order.
    pub(crate) async fn write_items(
        &self,
        table: TableItems,
        put: Vec<Item>,
        deleted: Vec<Item>,
    ) -> Result<(), StoreError> {
        let mut requests = Vec::new();
        for item in put {
            let put = PutRequest::builder().set_item(Some(item)).build();
            let put = put.map_err(StoreError::invalid_request)?;
            requests.push(WriteRequest::builder().put_request(put).build());
        }
        for key in deleted {
            let delete = DeleteRequest::builder().set_key(Some(key)).build();
            let delete = delete.map_err(StoreError::invalid_request)?;
            requests.push(WriteRequest::builder().delete_request(delete).build());
        }
        let name = table.name_in(&self.tables);
        for batch in requests.chunks(BATCH) {
            let mut left = batch.to_vec();
            let mut waits = UnprocessedWaits::begin("BatchWriteItem");
            while !left.is_empty() {
                let answer = self
                    .db
                    .batch_write_item()
                    .request_items(name, left)
                    .send()
                    .await
                    .map_err(StoreError::from_sdk("BatchWriteItem"))?;
                let unprocessed = answer.unprocessed_items.unwrap_or_default();
                left = unprocessed.into_values().flatten().collect();
                if !left.is_empty() {
                    waits.wait().await?;
                }
            }
        }
        Ok(())
    }
}
