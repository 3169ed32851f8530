//! Reservations of e-mail addresses and employee codes, in the table `identifiers`. They are written
//! with the users that hold them ([`transaction`](crate::transaction)).
//!
//! `identifier` = "email#" and the address in lower case, or "code#", the workspace's id, "#" and the
//! code; `workspace_id`; `user_id` = the holder. An address is unique within a workspace, and a person
//! may have it in several.

use domain::{EmailAddress, EmployeeCode, Identifier, UserId, WorkspaceId};
use serde::Deserialize;

use crate::error::StoreError;
use crate::store::{Item, Store, from_item, key, query_all, text};

#[derive(Deserialize)]
struct Holder {
    workspace_id: WorkspaceId,
    user_id: UserId,
}

pub(crate) fn identifier_key(workspace_id: &WorkspaceId, identifier: &Identifier<'_>) -> Item {
    let identifier = match identifier {
        Identifier::Email(email) => format!("email#{email}"),
        Identifier::Code(code) => format!("code#{workspace_id}#{code}"),
    };
    key([
        ("identifier", &identifier),
        ("workspace_id", workspace_id.as_str()),
    ])
}

impl Store {
    /// Returns the users who have an e-mail address, each with their workspace.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn holders_of_email(
        &self,
        email: &EmailAddress,
    ) -> Result<Vec<(WorkspaceId, UserId)>, StoreError> {
        let query = self
            .db
            .query()
            .table_name(&self.tables.identifiers)
            .consistent_read(true)
            .key_condition_expression("identifier = :email")
            .expression_attribute_values(":email", text(format!("email#{}", email.key())));
        let holders: Vec<Holder> = query_all(query, "identifier").await?;
        Ok(holders
            .into_iter()
            .map(|holder| (holder.workspace_id, holder.user_id))
            .collect())
    }

    /// Returns the user who has an employee code in a workspace, if any.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn holder_of_code(
        &self,
        workspace_id: &WorkspaceId,
        code: &EmployeeCode,
    ) -> Result<Option<UserId>, StoreError> {
        let identifier = Identifier::Code(code.as_str());
        let key = identifier_key(workspace_id, &identifier);
        let holder: Option<Holder> = self
            .record(&self.tables.identifiers, key, "identifier")
            .await?;
        Ok(holder.map(|holder| holder.user_id))
    }

    /// Returns the user of a workspace who has an employee code as it is written, or else the only one who
    /// has it in upper or in lower case. A code of both has to be written as it is. Reads once, whatever
    /// the code is.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn holder_of_code_in_any_case(
        &self,
        workspace_id: &WorkspaceId,
        code: &EmployeeCode,
    ) -> Result<Option<UserId>, StoreError> {
        let key_of = |code: &str| identifier_key(workspace_id, &Identifier::Code(code));
        let written = key_of(code.as_str());
        let mut keys = vec![written.clone()];
        for cased in [
            code.as_str().to_ascii_uppercase(),
            code.as_str().to_ascii_lowercase(),
        ] {
            let key = key_of(&cased);
            if !keys.contains(&key) {
                keys.push(key);
            }
        }
        let items = self
            .batch_get(&self.tables.identifiers, &keys, None)
            .await?;
        let exact = items
            .iter()
            .find(|item| item.get("identifier") == written.get("identifier"));
        let found = match (exact, &*items) {
            (Some(item), _) | (None, [item]) => item.clone(),
            (None, _) => return Ok(None),
        };
        let holder: Holder = from_item(found, "identifier")?;
        Ok(Some(holder.user_id))
    }
}
