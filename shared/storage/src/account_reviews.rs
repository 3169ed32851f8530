//! The last 棚卸し of a workspace, in the table `workspaces`: `pk` = workspace id, `sk` = "account-review", and the
//! fields of its [`AuditEvent`]. The audit trail has all of them, and cannot tell the last one without reading what
//! came after it.

use aws_sdk_dynamodb::types::Put;
use domain::{AuditEvent, WorkspaceId};

use crate::error::StoreError;
use crate::store::{Item, Store, key, to_item};
use crate::transaction::{FirstItem, put};

fn account_review_key(id: &WorkspaceId) -> Item {
    key([("pk", id.as_str()), ("sk", "account-review")])
}

impl Store {
    /// Returns the event of the last review; `None` if there was none.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn last_account_review(
        &self,
        id: &WorkspaceId,
    ) -> Result<Option<AuditEvent>, StoreError> {
        let key = account_review_key(id);
        self.record(&self.tables.workspaces, key, "account review")
            .await
    }

    /// Records a review, in the audit trail as well.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn put_account_review(
        &self,
        id: &WorkspaceId,
        event: &AuditEvent,
    ) -> Result<(), StoreError> {
        let mut last = to_item(event, "account review")?;
        last.extend(account_review_key(id));
        let items = vec![
            put(Put::builder()
                .table_name(&self.tables.workspaces)
                .set_item(Some(last)))?,
            self.audit_item(id, event)?,
        ];
        self.execute(items, FirstItem::Other).await
    }
}
