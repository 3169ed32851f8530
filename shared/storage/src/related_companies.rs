//! Which workspaces belong to a parent company, from both sides: the child names its parent, and the parent its
//! children, so that either is known from the workspace's own record.

use aws_sdk_dynamodb::types::{TransactWriteItem, Update};
use domain::audit::changes_of_workspace;
use domain::{AuditEvent, Workspace, WorkspaceId};

use crate::error::StoreError;
use crate::store::{Store, number, to_item};
use crate::transaction::update;
use crate::workspaces::{as_read, workspace_key};

impl Store {
    /// Returns the writes after which the parent of `after` names it as its child, and a former parent does not. Each
    /// parent whose children change gets `event` in its own audit trail, with what changed there.
    pub(crate) async fn child_workspace_items(
        &self,
        before: Option<&Workspace>,
        after: &Workspace,
        event: Option<&AuditEvent>,
    ) -> Result<Vec<TransactWriteItem>, StoreError> {
        let former = before.and_then(|before| before.parent_workspace_id.as_ref());
        let parent = after.parent_workspace_id.as_ref();
        let mut items = Vec::new();
        if former == parent {
            return Ok(items);
        }
        let id = &after.workspace_id;
        for (parent, is_child) in [(former, false), (parent, true)] {
            let Some(parent) = parent else { continue };
            // A parent that was erased has no children.
            let Some(parent) = self.workspace(parent).await? else {
                continue;
            };
            let after = with_child(&parent, id, is_child);
            items.push(self.children_item(&parent, &after)?);
            if let Some(event) = event {
                let changes = changes_of_workspace(Some(&parent), &after);
                let event = event.clone().with_changes(changes);
                items.push(self.audit_item(&parent.workspace_id, &event)?);
            }
        }
        Ok(items)
    }

    fn children_item(
        &self,
        before: &Workspace,
        after: &Workspace,
    ) -> Result<TransactWriteItem, StoreError> {
        let mut fields = to_item(after, "workspace")?;
        let (condition, values) = as_read(before);
        let write = Update::builder()
            .table_name(&self.tables.workspaces)
            .set_key(Some(workspace_key(&before.workspace_id)))
            .condition_expression(format!("attribute_exists(pk) AND {condition}"))
            .set_expression_attribute_values(Some(values))
            .expression_attribute_values(":next", number(before.revision + 1));
        update(match fields.remove("child_workspace_ids") {
            Some(children) => write
                .update_expression("SET child_workspace_ids = :children, revision = :next")
                .expression_attribute_values(":children", children),
            None => write.update_expression("SET revision = :next REMOVE child_workspace_ids"),
        })
    }
}

fn with_child(parent: &Workspace, id: &WorkspaceId, is_child: bool) -> Workspace {
    let mut changed = parent.clone();
    changed.child_workspace_ids.retain(|child| child != id);
    if is_child {
        changed.child_workspace_ids.push(id.clone());
    }
    changed
}
