//! What admins change of their workspace's item in the table `workspaces`: its allowed domains, its groups, the people
//! of its parent company who may enter, and who gets its mails.
//!
//! The record's revision lets one of two admins through who change it at once. A group is deleted only when nobody is
//! in it; while a run writes users, the admin may have to click again.

use aws_sdk_dynamodb::types::{AttributeValue, TransactWriteItem, Update};
use domain::{AuditEvent, Connection, Workspace};

use crate::error::StoreError;
use crate::store::{Store, number, to_item};
use crate::transaction::{FirstItem, update};
use crate::users_version::UsersVersion;
use crate::workspaces::{as_read, workspace_key};

impl Store {
    /// Writes what admins change of `after` to the workspace, which is `before` as it was read, with what the
    /// audit trail says.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when somebody else changed it since.
    pub async fn change_workspace(
        &self,
        before: &Workspace,
        after: &Workspace,
        event: &AuditEvent,
    ) -> Result<(), StoreError> {
        let items = self.workspace_change_items(before, after, event)?;
        self.execute(items, FirstItem::Other).await
    }

    /// Writes a change as [`Store::change_workspace`] does, if neither a user nor the connection was changed since they
    /// were read: a group is not deleted at the moment when somebody gets it.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when somebody else changed one of them since.
    pub async fn change_workspace_of(
        &self,
        (users, connection): (UsersVersion, Option<&Connection>),
        before: &Workspace,
        after: &Workspace,
        event: &AuditEvent,
    ) -> Result<(), StoreError> {
        let id = &before.workspace_id;
        let mut items = self.workspace_change_items(before, after, event)?;
        items.extend(self.users_as_read_items(id, users)?);
        if let Some(connection) = connection {
            items.push(self.connection_as_read_item(id, connection)?);
        }
        self.execute(items, FirstItem::Other).await
    }

    fn workspace_change_items(
        &self,
        before: &Workspace,
        after: &Workspace,
        event: &AuditEvent,
    ) -> Result<Vec<TransactWriteItem>, StoreError> {
        let mut fields = to_item(after, "workspace")?;
        let (condition, values) = as_read(before);
        let mut write = Update::builder()
            .table_name(&self.tables.workspaces)
            .set_key(Some(workspace_key(&before.workspace_id)))
            .update_expression(
                "SET allowed_domains = :domains, #groups = :groups, \
                 domains_of_admins = :of_admins, related_company_users = :related, \
                 notifications = :notifications, revision = :next",
            )
            .condition_expression(format!("attribute_exists(pk) AND {condition}"))
            .expression_attribute_names("#groups", "groups")
            .set_expression_attribute_values(Some(values))
            .expression_attribute_values(":next", number(before.revision + 1));
        for (name, value) in [
            ("allowed_domains", ":domains"),
            ("groups", ":groups"),
            ("domains_of_admins", ":of_admins"),
            ("notifications", ":notifications"),
            ("related_company_users", ":related"),
        ] {
            // An empty list may be left out.
            let field = fields.remove(name);
            let field = field.unwrap_or_else(|| AttributeValue::L(Vec::new()));
            write = write.expression_attribute_values(value, field);
        }
        let mut items = vec![update(write)?];
        items.extend(self.sso_domain_items(Some(before), after)?);
        items.push(self.audit_item(&before.workspace_id, event)?);
        Ok(items)
    }
}
