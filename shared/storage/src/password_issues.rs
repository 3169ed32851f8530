//! Initial passwords that were issued together, in the table `outbox`, whose mails are made from them.
//!
//! `workspace_id`, `mail_id` = "password-issue#" and the id, and the fields of [`PasswordIssue`]. An issue is written in the
//! transaction that issues its first passwords, or at the end of its run. `ttl` ends it when its passwords can no longer be
//! made again.

use aws_sdk_dynamodb::types::{Put, TransactWriteItem};
use domain::{PasswordIssue, WorkspaceId};
use jiff::Timestamp;

use crate::error::{StoreError, if_condition_held};
use crate::outbox::mail_key;
use crate::store::{Store, expire_at, query_all, text, to_item};
use crate::transaction::put;

const PREFIX: &str = "password-issue#";

impl Store {
    /// Returns a new issue as an item of a transaction.
    pub(crate) fn password_issue_item(
        &self,
        workspace_id: &WorkspaceId,
        issue: &PasswordIssue,
    ) -> Result<TransactWriteItem, StoreError> {
        let mut item = to_item(issue, "password issue")?;
        item.extend(mail_key(
            workspace_id,
            &format!("{PREFIX}{}", issue.issue_id),
        ));
        expire_at(&mut item, issue.kept_until);
        put(Put::builder()
            .table_name(&self.tables.outbox)
            .set_item(Some(item))
            // A seed is never replaced: passwords are derived from it.
            .condition_expression("attribute_not_exists(mail_id)"))
    }

    /// Returns an issue of the workspace; `None` when there is none, or its passwords can no longer be made again.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn password_issue(
        &self,
        workspace_id: &WorkspaceId,
        issue_id: &str,
        now: Timestamp,
    ) -> Result<Option<PasswordIssue>, StoreError> {
        let key = mail_key(workspace_id, &format!("{PREFIX}{issue_id}"));
        let issue = self
            .record(&self.tables.outbox, key, "password issue")
            .await?;
        Ok(issue.filter(|issue: &PasswordIssue| issue.is_kept_at(now)))
    }

    /// Notes why the mail about an issue did not arrive. Returns whether there is still such an issue.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn note_password_bounce(
        &self,
        workspace_id: &WorkspaceId,
        issue_id: &str,
        note: &str,
    ) -> Result<bool, StoreError> {
        let answer = self
            .db
            .update_item()
            .table_name(&self.tables.outbox)
            .set_key(Some(mail_key(workspace_id, &format!("{PREFIX}{issue_id}"))))
            .update_expression("SET bounced = :note")
            .condition_expression("attribute_exists(mail_id)")
            .expression_attribute_values(":note", text(note))
            .send()
            .await;
        Ok(if_condition_held("UpdateItem", answer)?.is_some())
    }

    /// Returns the issues of the workspace whose passwords can still be made again, newest first.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn password_issues(
        &self,
        workspace_id: &WorkspaceId,
        now: Timestamp,
    ) -> Result<Vec<PasswordIssue>, StoreError> {
        let query = self
            .db
            .query()
            .table_name(&self.tables.outbox)
            .consistent_read(true)
            .scan_index_forward(false)
            .key_condition_expression("workspace_id = :workspace AND begins_with(mail_id, :issues)")
            .expression_attribute_values(":workspace", text(workspace_id.as_str()))
            .expression_attribute_values(":issues", text(PREFIX));
        let mut issues: Vec<PasswordIssue> = query_all(query, "password issue").await?;
        issues.retain(|issue| issue.is_kept_at(now));
        Ok(issues)
    }
}
