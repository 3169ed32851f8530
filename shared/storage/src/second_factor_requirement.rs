//! Whether a workspace asks its admins for a second factor: the attribute `second_factor_required_since` of its item in
//! the table `workspaces`.

use aws_sdk_dynamodb::types::Update;
use domain::{AuditEvent, WorkspaceId};
use jiff::Timestamp;

use crate::error::StoreError;
use crate::store::{Store, text};
use crate::transaction::{FirstItem, update};
use crate::workspaces::workspace_key;

impl Store {
    /// Lets a workspace ask for second factors from `since` on, or with `None` not any more, with what the
    /// audit trail says.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when it asks for them already: the days that people may wait do not begin
    /// again.
    pub async fn put_second_factor_requirement(
        &self,
        workspace_id: &WorkspaceId,
        since: Option<Timestamp>,
        event: &AuditEvent,
    ) -> Result<(), StoreError> {
        let write = Update::builder()
            .table_name(&self.tables.workspaces)
            .set_key(Some(workspace_key(workspace_id)));
        let write = match since {
            Some(since) => write
                .update_expression("SET second_factor_required_since = :since")
                .condition_expression(
                    "attribute_exists(pk) AND attribute_not_exists(second_factor_required_since)",
                )
                .expression_attribute_values(":since", text(since.to_string())),
            None => write
                .update_expression("REMOVE second_factor_required_since")
                .condition_expression("attribute_exists(pk)"),
        };
        let items = vec![update(write)?, self.audit_item(workspace_id, event)?];
        self.execute(items, FirstItem::Other).await
    }
}
