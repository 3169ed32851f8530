//! Initial passwords that were issued together, in the table `outbox`, whose mails are made from them.
//!
//! `workspace_id`, `mail_id` = "password-issue#" and the id, and the fields of [`PasswordIssue`]. An issue is written
//! in the transaction that issues its first passwords, or at the end of its run; later transactions of an admin's
//! request add to its `user_ids`. `ttl` ends it when its passwords can no longer be made again.

use std::collections::BTreeSet;

use aws_sdk_dynamodb::types::{Put, TransactWriteItem, Update};
use domain::{IssuedBy, PasswordIssue, RunId, User, UserId, WorkspaceId};
use jiff::Timestamp;

use crate::error::{StoreError, if_condition_held};
use crate::outbox::mail_key;
use crate::run_rows::StepRows;
use crate::store::{Item, Store, expire_at, query_all, text, to_item};
use crate::transaction::{put, update};

const PREFIX: &str = "password-issue#";

/// More people than this take fewer requests to find among everybody, 1 MB each, than by their ids, a hundred each.
const MANY: usize = 5_000;

/// What a transaction that issues initial passwords writes about their issue.
#[derive(Clone, Debug)]
pub enum IssueWrite {
    /// A new issue, with those who get the first passwords.
    New(PasswordIssue),
    /// More people of an issue that is stored.
    More {
        /// The id of the issue.
        issue_id: String,
        /// Those who get passwords in this transaction.
        user_ids: Vec<UserId>,
    },
}

impl IssueWrite {
    /// Returns what is written when these people get passwords of an admin's `issue`, which is stored or not; `None` if
    /// it is one of an earlier version, which did not say who the first of its people are.
    pub fn to(issue: &PasswordIssue, user_ids: Vec<UserId>, is_stored: bool) -> Option<Self> {
        if is_stored {
            let issue_id = issue.issue_id.clone();
            let says_who = issue.user_ids.is_some();
            return says_who.then_some(Self::More { issue_id, user_ids });
        }
        Some(Self::New(PasswordIssue {
            user_ids: Some(user_ids),
            ..issue.clone()
        }))
    }
}

fn issue_key(workspace_id: &WorkspaceId, issue_id: &str) -> Item {
    mail_key(workspace_id, &format!("{PREFIX}{issue_id}"))
}

impl Store {
    /// Returns what a transaction says about the issue of its passwords.
    pub(crate) fn issue_item(
        &self,
        workspace_id: &WorkspaceId,
        write: &IssueWrite,
    ) -> Result<TransactWriteItem, StoreError> {
        let (issue_id, user_ids) = match write {
            IssueWrite::New(issue) => return self.password_issue_item(workspace_id, issue),
            IssueWrite::More { issue_id, user_ids } => (issue_id, user_ids),
        };
        let more = serde_dynamo::to_attribute_value(user_ids);
        update(
            Update::builder()
                .table_name(&self.tables.outbox)
                .set_key(Some(issue_key(workspace_id, issue_id)))
                .update_expression("SET user_ids = list_append(user_ids, :more)")
                .condition_expression("attribute_exists(user_ids)")
                .expression_attribute_values(":more", more.map_err(StoreError::corrupt("users"))?),
        )
    }

    /// Returns a new issue as an item of a transaction.
    pub(crate) fn password_issue_item(
        &self,
        workspace_id: &WorkspaceId,
        issue: &PasswordIssue,
    ) -> Result<TransactWriteItem, StoreError> {
        let mut item = to_item(issue, "password issue")?;
        item.extend(issue_key(workspace_id, &issue.issue_id));
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
        let key = issue_key(workspace_id, issue_id);
        let issue = self
            .record(&self.tables.outbox, key, "password issue")
            .await?;
        Ok(issue.filter(|issue: &PasswordIssue| issue.is_kept_at(now)))
    }

    /// Returns those who got an initial password of `issue` and have one now, each with its hash, which may be that of
    /// a later one.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn users_of_issue(
        &self,
        workspace_id: &WorkspaceId,
        issue: &PasswordIssue,
    ) -> Result<Vec<(User, String)>, StoreError> {
        match (issue.issued_by, &issue.user_ids) {
            (IssuedBy::Run, _) => {
                let run_id = RunId::new(&issue.issue_id);
                self.users_given_passwords(workspace_id, &run_id).await
            }
            (IssuedBy::Admin, Some(user_ids)) if user_ids.len() >= issue.people => {
                let user_ids = user_ids.iter().cloned().collect();
                self.those_with_initial_password(workspace_id, &user_ids)
                    .await
            }
            // It is under way, or a function of an earlier version, which does not say who, has a part in it: everybody
            // is read.
            (IssuedBy::Admin, _) => self.users_with_initial_password(workspace_id).await,
        }
    }

    /// Returns those to whom a run gave an initial password, as its rows say, and who have one now, each with its hash.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn users_given_passwords(
        &self,
        workspace_id: &WorkspaceId,
        run_id: &RunId,
    ) -> Result<Vec<(User, String)>, StoreError> {
        let StepRows { rows, missing } = self.rows(workspace_id, run_id).await?;
        let given = rows.into_iter().filter(|row| row.initial_password);
        let user_ids: Option<BTreeSet<UserId>> = given.map(|row| row.user_id).collect();
        match user_ids.filter(|given| missing.is_none() && given.len() <= MANY) {
            Some(user_ids) => {
                self.those_with_initial_password(workspace_id, &user_ids)
                    .await
            }
            // Rows that cannot be read hide nobody: everybody is read.
            None => self.users_with_initial_password(workspace_id).await,
        }
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
            .set_key(Some(issue_key(workspace_id, issue_id)))
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
