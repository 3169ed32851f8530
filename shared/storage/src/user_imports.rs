//! Imports of people from a file, in the table `sessions`, until they can no longer be carried out.
//!
//! | `key` | attributes |
//! |---|---|
//! | "user-import#", the workspace's id, "#", the import's id | `content` as the caller wrote it, `ttl` |
//! | the same, and "#progress" | `handled`, the number of people who were handled; `progress` as the caller wrote it; `ttl` |

use aws_sdk_dynamodb::types::{Put, TransactWriteItem};
use domain::WorkspaceId;
use jiff::Timestamp;

use crate::error::StoreError;
use crate::store::{Item, Store, expire_at, key, number, string, text};
use crate::transaction::put;

/// What a transaction says about the import that it carries on.
#[derive(Clone, Debug)]
pub struct ImportStep {
    /// The id of the import.
    pub import_id: String,
    /// How many people were handled before.
    pub handled_before: usize,
    /// How many people are handled now.
    pub handled: usize,
    /// The progress, as the caller reads it again.
    pub progress: String,
    /// The time until which the import is kept.
    pub kept_until: Timestamp,
}

/// A stored import.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredImport {
    /// The import as the caller wrote it.
    pub content: String,
    /// How far it has come, as the caller wrote it; `None` before the first step.
    pub progress: Option<String>,
}

/// Returns how the keys of a workspace's imports begin.
pub(crate) fn import_prefix(workspace_id: &WorkspaceId) -> String {
    format!("user-import#{workspace_id}#")
}

fn import_key(workspace_id: &WorkspaceId, import_id: &str) -> Item {
    let prefix = import_prefix(workspace_id);
    key([("key", &format!("{prefix}{import_id}"))])
}

fn progress_key(workspace_id: &WorkspaceId, import_id: &str) -> Item {
    let prefix = import_prefix(workspace_id);
    key([("key", &format!("{prefix}{import_id}#progress"))])
}

impl Store {
    /// Stores a new import until `kept_until`.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn put_user_import(
        &self,
        workspace_id: &WorkspaceId,
        import_id: &str,
        content: String,
        kept_until: Timestamp,
    ) -> Result<(), StoreError> {
        let mut item = import_key(workspace_id, import_id);
        item.insert("content".into(), text(content));
        self.put_short_lived(item, kept_until).await
    }

    /// Returns an import of the workspace; `None` when there is none, or it is no longer kept at `now`.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn user_import(
        &self,
        workspace_id: &WorkspaceId,
        import_id: &str,
        now: Timestamp,
    ) -> Result<Option<StoredImport>, StoreError> {
        let table = &self.tables.sessions;
        let (import, progress) = tokio::try_join!(
            self.get(table, import_key(workspace_id, import_id)),
            self.get(table, progress_key(workspace_id, import_id)),
        )?;
        let is_kept = |item: &Item| {
            let ends_at = item.get("ttl").and_then(|ttl| ttl.as_n().ok());
            ends_at.is_some_and(|ttl| ttl.parse().is_ok_and(|ttl: i64| now.as_second() < ttl))
        };
        let import = import.filter(is_kept);
        Ok(import.and_then(|item| {
            Some(StoredImport {
                content: string(&item, "content")?.to_owned(),
                progress: progress.and_then(|it| Some(string(&it, "progress")?.to_owned())),
            })
        }))
    }

    /// Returns the progress of an import as an item of a transaction, which holds only if nobody else carried the
    /// import on.
    pub(crate) fn import_step_item(
        &self,
        workspace_id: &WorkspaceId,
        step: &ImportStep,
    ) -> Result<TransactWriteItem, StoreError> {
        let mut item = progress_key(workspace_id, &step.import_id);
        item.insert("handled".into(), number(step.handled));
        item.insert("progress".into(), text(&step.progress));
        expire_at(&mut item, step.kept_until);
        let item = Put::builder()
            .table_name(&self.tables.sessions)
            .set_item(Some(item));
        put(if step.handled_before == 0 {
            item.condition_expression("attribute_not_exists(handled)")
        } else {
            item.condition_expression("handled = :before")
                .expression_attribute_values(":before", number(step.handled_before))
        })
    }
}
