//! Reservations of e-mail addresses and employee codes, in the table `identifiers`. They are written
//! with the users that hold them ([`transaction`](crate::transaction)).
//!
//! `identifier` = "email#" and the address in lower case, or "code#", the workspace's id, "#" and the
//! code; `workspace_id`; `user_id` = the holder. An address is unique within a workspace, and a person
//! may have it in several.
//!
//! A code with letters of both cases has one more item, by which it is found in any case: `identifier` =
//! "any-case#", the workspace's id, "#" and the code in lower case; `workspace_id` = the workspace's id, "#"
//! and the code as written, so that codes that differ in case only have an item each; `user_id`. It is
//! written with the code's own item, whose condition it relies on, and with each change by the sync: earlier
//! versions did not write it.

use std::collections::BTreeSet;

use domain::{EmailAddress, EmployeeCode, Identifier, UserId, WorkspaceId};
use serde::Deserialize;

use crate::error::StoreError;
use crate::store::{Item, Store, from_item, key, query_all, string, text};

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

/// Returns the key of the item by which a code with letters of both cases is found in any case.
pub(crate) fn any_case_key(
    workspace_id: &WorkspaceId,
    identifier: &Identifier<'_>,
) -> Option<Item> {
    let Identifier::Code(code) = identifier else {
        return None;
    };
    let lower_case = identifier.mixed_code_in_lower_case()?;
    Some(key([
        ("identifier", &any_case(workspace_id, &lower_case)),
        ("workspace_id", &format!("{workspace_id}#{code}")),
    ]))
}

fn any_case(workspace_id: &WorkspaceId, lower_case: &str) -> String {
    format!("any-case#{workspace_id}#{lower_case}")
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

    /// Returns the user who has an e-mail address in a workspace, if any.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn holder_of_email(
        &self,
        workspace_id: &WorkspaceId,
        email: &EmailAddress,
    ) -> Result<Option<UserId>, StoreError> {
        let mut holders = self.holders_of_email(email).await?.into_iter();
        let holder = holders.find(|(holders_workspace, _)| holders_workspace == workspace_id);
        Ok(holder.map(|(_, user_id)| user_id))
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

    /// Returns those of the identifiers that somebody in the workspace has. Reads a hundred a request.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn reserved<'a>(
        &self,
        workspace_id: &WorkspaceId,
        identifiers: &[Identifier<'a>],
    ) -> Result<BTreeSet<Identifier<'a>>, StoreError> {
        let key_of = |identifier| identifier_key(workspace_id, identifier);
        let keys: Vec<Item> = identifiers.iter().map(key_of).collect();
        let items = self
            .batch_get(&self.tables.identifiers, &keys, None)
            .await?;
        let found: BTreeSet<&str> = items
            .iter()
            .filter_map(|item| string(item, "identifier"))
            .collect();
        let is_found = |key: &Item| string(key, "identifier").is_some_and(|it| found.contains(it));
        let reserved = identifiers.iter().zip(&keys);
        Ok(reserved
            .filter(|(_, key)| is_found(key))
            .map(|(identifier, _)| identifier.clone())
            .collect())
    }

    /// Returns the user of a workspace who has an employee code as it is written, or else the only one who
    /// has it in another case. Reads as often for every code.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn holder_of_code_in_any_case(
        &self,
        workspace_id: &WorkspaceId,
        code: &EmployeeCode,
    ) -> Result<Option<UserId>, StoreError> {
        let lower_case = code.as_str().to_ascii_lowercase();
        let upper_case = code.as_str().to_ascii_uppercase();
        let key_of = |code: &str| identifier_key(workspace_id, &Identifier::Code(code));
        let written = key_of(code.as_str());
        let cases: BTreeSet<&str> = [code.as_str(), &upper_case, &lower_case].into();
        let keys: Vec<Item> = cases.into_iter().map(key_of).collect();
        let mixed = self
            .db
            .query()
            .table_name(&self.tables.identifiers)
            .consistent_read(true)
            .key_condition_expression("identifier = :code")
            .expression_attribute_values(":code", text(any_case(workspace_id, &lower_case)));
        let (items, mixed) = tokio::try_join!(
            self.batch_get(&self.tables.identifiers, &keys, None),
            query_all::<Holder>(mixed, "identifier")
        )?;
        let mut holders: BTreeSet<UserId> = mixed.into_iter().map(|it| it.user_id).collect();
        for item in items {
            let is_exact = item.get("identifier") == written.get("identifier");
            let holder: Holder = from_item(item, "identifier")?;
            if is_exact {
                return Ok(Some(holder.user_id));
            }
            holders.insert(holder.user_id);
        }
        Ok(holders.pop_first().filter(|_| holders.is_empty()))
    }
}
