//! Where password resets are stored: in versioned records of the table `sessions`, one for each user.

use aws_sdk_dynamodb::types::AttributeValue;
use domain::{UserId, WorkspaceId};

use crate::error::StoreError;
use crate::store::{Store, string};

/// What the names of the records begin with.
const PREFIX: &str = "password-reset#";

/// Returns the name of the record that holds a user's password reset.
pub fn password_reset_name(workspace_id: &WorkspaceId, user_id: &UserId) -> String {
    format!("{PREFIX}{workspace_id}#{user_id}")
}

impl Store {
    /// Returns the users of all workspaces for whom a password reset is stored, open or not. Reads the
    /// whole table, which holds hours of work, and the known browsers of half a year.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn password_resets(&self) -> Result<Vec<(WorkspaceId, UserId)>, StoreError> {
        let mut items = self
            .db
            .scan()
            .table_name(&self.tables.sessions)
            .consistent_read(true)
            .filter_expression("begins_with(#key, :prefix)")
            .projection_expression("#key")
            .expression_attribute_names("#key", "key")
            .expression_attribute_values(":prefix", AttributeValue::S(PREFIX.into()))
            .into_paginator()
            .items()
            .send();
        let mut users = Vec::new();
        while let Some(item) = items.next().await {
            let item = item.map_err(StoreError::from_sdk("Scan"))?;
            let ids = string(&item, "key").and_then(|name| name.strip_prefix(PREFIX));
            if let Some((workspace_id, user_id)) = ids.and_then(|ids| ids.split_once('#')) {
                users.push((WorkspaceId::new(workspace_id), UserId::new(user_id)));
            }
        }
        Ok(users)
    }
}
