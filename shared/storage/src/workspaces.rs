//! Workspaces, in the table `workspaces`.
//!
//! A workspace: `pk` = workspace id, `sk` = "profile", and the fields of [`Workspace`].
//! The reservation of its company code: `pk` = "company-code#" and the code in lower case,
//! `sk` = "owner", `workspace_id`.

use aws_sdk_dynamodb::types::{Delete, Put};
use domain::{AuditEvent, Workspace, WorkspaceId};
use serde::Deserialize;

use crate::error::StoreError;
use crate::store::{Item, Store, from_item, key, number, readable, string, text, to_item};
use crate::transaction::{FirstItem, delete, put};

#[derive(Deserialize)]
struct CompanyCodeOwner {
    workspace_id: WorkspaceId,
}

pub(crate) fn workspace_key(id: &WorkspaceId) -> Item {
    key([("pk", id.as_str()), ("sk", "profile")])
}

fn company_code_key(company_code: &str) -> Item {
    let pk = format!("company-code#{}", company_code.to_ascii_lowercase());
    key([("pk", &pk), ("sk", "owner")])
}

/// Returns the condition that no admin changed a workspace since it was read, and its values.
pub(crate) fn as_read(read: &Workspace) -> (String, Item) {
    let mut values = Item::new();
    let revision = match read.revision {
        // A workspace of earlier versions has none.
        0 => "attribute_not_exists(revision)",
        revision => {
            values.insert(":revision".into(), number(revision));
            "revision = :revision"
        }
    };
    let sso = match &read.single_sign_on {
        Some(sso) => {
            values.insert(":sso".into(), number(sso.version));
            "single_sign_on.version = :sso"
        }
        None => "attribute_not_exists(single_sign_on)",
    };
    (format!("({revision} AND {sso})"), values)
}

/// Returns a workspace of which nothing is known but its id.
fn nameless(id: &WorkspaceId) -> Workspace {
    Workspace::new(id.clone(), "KiteRa", "", 0)
}

impl Store {
    /// Returns a workspace, if it exists.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn workspace(&self, id: &WorkspaceId) -> Result<Option<Workspace>, StoreError> {
        self.record(&self.tables.workspaces, workspace_key(id), "workspace")
            .await
    }

    /// Returns what can be read of a workspace, for what is shown and for sign-ins: an attribute that cannot be read is
    /// as in a workspace that has none. Nothing may be written because of it.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn workspace_to_show(
        &self,
        id: &WorkspaceId,
    ) -> Result<Option<Workspace>, StoreError> {
        let key = workspace_key(id);
        let Some(item) = self.get(&self.tables.workspaces, key).await? else {
            return Ok(None);
        };
        if let Some(workspace) = readable(&item, "workspace") {
            return Ok(Some(workspace));
        }
        let mut shown = to_item(&nameless(id), "workspace")?;
        for (name, value) in item {
            let before = shown.insert(name.clone(), value);
            if from_item::<Workspace>(shown.clone(), "workspace").is_err() {
                match before {
                    Some(before) => shown.insert(name, before),
                    None => shown.remove(&name),
                };
            }
        }
        from_item(shown, "workspace").map(Some)
    }

    /// Returns the workspace whose users sign in with a company code, ignoring case.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn workspace_of_company_code(
        &self,
        company_code: &str,
    ) -> Result<Option<WorkspaceId>, StoreError> {
        let key = company_code_key(company_code);
        let owner: Option<CompanyCodeOwner> = self
            .record(&self.tables.workspaces, key, "company code")
            .await?;
        Ok(owner.map(|owner| owner.workspace_id))
    }

    /// Returns the ids of all workspaces, in no order. It scans the table: for operators only.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn workspace_ids(&self) -> Result<Vec<WorkspaceId>, StoreError> {
        let mut items = self
            .db
            .scan()
            .table_name(&self.tables.workspaces)
            .consistent_read(true)
            .filter_expression("sk = :profile")
            .projection_expression("pk")
            .expression_attribute_values(":profile", text("profile"))
            .into_paginator()
            .items()
            .send();
        let mut ids = Vec::new();
        while let Some(item) = items.next().await {
            let item = item.map_err(StoreError::from_sdk("Scan"))?;
            ids.extend(string(&item, "pk").map(WorkspaceId::new));
        }
        Ok(ids)
    }

    /// Creates or replaces a workspace, reserves its company code, and frees the one that it had before. Names it in
    /// its parent's record. A new one has no users yet. Writes what the audit trail says in the same transaction. The
    /// single sign-on, the revision and the children must be the stored ones: other methods change them.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when the company code belongs to another workspace, or an admin changed the workspace
    /// since it was read.
    pub async fn put_workspace(
        &self,
        workspace: &Workspace,
        audit: &[AuditEvent],
    ) -> Result<(), StoreError> {
        const OWN: &str = "attribute_not_exists(pk) OR workspace_id = :own";
        let before = self.workspace(&workspace.workspace_id).await?;
        let table = &self.tables.workspaces;
        let own = text(workspace.workspace_id.as_str());
        let mut profile = to_item(workspace, "workspace")?;
        profile.extend(workspace_key(&workspace.workspace_id));
        let code = company_code_key(&workspace.company_code);
        let mut reservation = code.clone();
        reservation.insert("workspace_id".into(), own.clone());
        let profile = Put::builder().table_name(table).set_item(Some(profile));
        let (condition, values) = as_read(workspace);
        let profile = profile
            .condition_expression(format!("attribute_not_exists(pk) OR {condition}"))
            .set_expression_attribute_values(Some(values).filter(|values| !values.is_empty()));
        let mut items = vec![
            put(profile)?,
            put(Put::builder()
                .table_name(table)
                .set_item(Some(reservation))
                .condition_expression(OWN)
                .expression_attribute_values(":own", own.clone()))?,
        ];
        if before.is_none() {
            items.push(self.admins_complete_item(&workspace.workspace_id)?);
        }
        items.extend(self.sso_domain_items(before.as_ref(), workspace)?);
        let related = self.child_workspace_items(before.as_ref(), workspace, audit.first());
        items.extend(related.await?);
        let former = before.map(|before| company_code_key(&before.company_code));
        if let Some(former) = former.filter(|former| *former != code) {
            items.push(delete(
                Delete::builder()
                    .table_name(table)
                    .set_key(Some(former))
                    .condition_expression(OWN)
                    .expression_attribute_values(":own", own),
            )?);
        }
        for event in audit {
            items.push(self.audit_item(&workspace.workspace_id, event)?);
        }
        let written = self.execute(items, FirstItem::Other).await;
        written.map_err(|error| match error {
            StoreError::Conflict(_) => StoreError::Conflict(
                "the company code belongs to another workspace, or an admin changed this one",
            ),
            error => error,
        })
    }
}
