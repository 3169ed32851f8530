//! Workspaces: `pk` = workspace id, `sk` = "profile"; a company code belongs to one workspace.

use aws_sdk_dynamodb::types::{Delete, Put};
use domain::{Workspace, WorkspaceId};
use serde::Deserialize;

use crate::commit::{delete_item, put_item};
use crate::error::StoreError;
use crate::store::{Item, Store, text, to_item};
use crate::transact::Guarded;

#[derive(Deserialize)]
struct CompanyCodeOwner {
    workspace_id: WorkspaceId,
}

fn company_code_key(company_code: &str) -> String {
    format!("company-code#{}", company_code.to_ascii_lowercase())
}

impl Store {
    /// A workspace, if there is one.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn workspace(&self, id: &WorkspaceId) -> Result<Option<Workspace>, StoreError> {
        self.item(
            &self.tables.workspaces,
            [("pk", id.as_str()), ("sk", "profile")],
            "workspace",
        )
        .await
    }

    /// The workspace that uses a company code at sign-in, without regard to case.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn workspace_of_company_code(
        &self,
        company_code: &str,
    ) -> Result<Option<WorkspaceId>, StoreError> {
        let owner: Option<CompanyCodeOwner> = self
            .item(
                &self.tables.workspaces,
                [("pk", &company_code_key(company_code)), ("sk", "owner")],
                "company code",
            )
            .await?;
        Ok(owner.map(|owner| owner.workspace_id))
    }

    /// Creates or replaces a workspace and claims its company code. A company code that it had
    /// before is given up.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when the company code belongs to another workspace.
    pub async fn put_workspace(&self, workspace: &Workspace) -> Result<(), StoreError> {
        let before = self.workspace(&workspace.workspace_id).await?;
        let mut profile = to_item(workspace, "workspace")?;
        profile.insert("pk".into(), text(workspace.workspace_id.as_str()));
        profile.insert("sk".into(), text("profile"));
        let owner = Item::from([
            ("pk".into(), text(company_code_key(&workspace.company_code))),
            ("sk".into(), text("owner")),
            ("workspace_id".into(), text(workspace.workspace_id.as_str())),
        ]);
        let table = &self.tables.workspaces;
        let profile = Put::builder().table_name(table).set_item(Some(profile));
        let claim = Put::builder()
            .table_name(table)
            .set_item(Some(owner))
            .condition_expression("attribute_not_exists(pk) OR workspace_id = :own")
            .expression_attribute_values(":own", text(workspace.workspace_id.as_str()));
        let mut items = vec![put_item(profile)?, put_item(claim)?];
        if let Some(before) = before
            && company_code_key(&before.company_code) != company_code_key(&workspace.company_code)
        {
            let released = Delete::builder()
                .table_name(table)
                .key("pk", text(company_code_key(&before.company_code)))
                .key("sk", text("owner"))
                .condition_expression("attribute_not_exists(pk) OR workspace_id = :own")
                .expression_attribute_values(":own", text(workspace.workspace_id.as_str()));
            items.push(delete_item(released)?);
        }
        let written = self.transact(items, Guarded::No).await;
        written.map_err(|error| match error {
            StoreError::Conflict(_) => {
                StoreError::Conflict("the company code belongs to another workspace")
            }
            error => error,
        })
    }
}
