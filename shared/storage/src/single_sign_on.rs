//! The single sign-on of workspaces, in the table `workspaces`: the attribute `single_sign_on` of a workspace's item,
//! and which workspaces' people sign in by SSO with the addresses of a domain.
//!
//! `pk` = "sso-domain#" and the domain, `sk` = workspace id. There is one for each allowed domain of a workspace whose
//! SSO passed its test, but not for those that an admin added: an admin who claimed the domain of another company would
//! otherwise lead its people to a sign-in page of their own. A reader checks the workspace itself.

use std::collections::BTreeSet;

use aws_sdk_dynamodb::types::{AttributeValue, Delete, Put, TransactWriteItem, Update};
use domain::{AuditEvent, SingleSignOn, Workspace, WorkspaceId};
use serde::Deserialize;

use crate::error::StoreError;
use crate::store::{Item, Store, key, number, query_all, text, to_item};
use crate::transaction::{FirstItem, delete, put, update};
use crate::workspaces::workspace_key;

#[derive(Deserialize)]
struct SsoDomain {
    sk: WorkspaceId,
}

fn domain_key(domain: &str, id: &WorkspaceId) -> Item {
    key([("pk", &format!("sso-domain#{domain}")), ("sk", id.as_str())])
}

/// Returns the domains by whose addresses people find the SSO of a workspace.
fn domains_of(workspace: &Workspace) -> BTreeSet<&str> {
    let is_usable = workspace.sso_configured();
    let vouched = |domain: &&String| is_usable && !workspace.domains_of_admins.contains(domain);
    let domains = workspace.allowed_domains.iter().filter(vouched);
    domains.map(String::as_str).collect()
}

impl Store {
    /// Sets, or with `None` removes, the single sign-on of a workspace as it was read, with what the audit trail says.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when somebody else changed it since.
    pub async fn put_single_sign_on(
        &self,
        workspace: &Workspace,
        after: Option<&SingleSignOn>,
        audit: &[AuditEvent],
    ) -> Result<(), StoreError> {
        let seen = workspace.single_sign_on.as_ref().map(|sso| sso.version);
        let changed = Workspace {
            single_sign_on: after.map(|after| SingleSignOn {
                version: seen.unwrap_or(0) + 1,
                ..after.clone()
            }),
            ..workspace.clone()
        };
        let write = Update::builder()
            .table_name(&self.tables.workspaces)
            .set_key(Some(workspace_key(&workspace.workspace_id)));
        let write = match &changed.single_sign_on {
            Some(after) => {
                let item = AttributeValue::M(to_item(after, "single sign-on")?);
                write
                    .update_expression("SET single_sign_on = :after")
                    .expression_attribute_values(":after", item)
            }
            None => write.update_expression("REMOVE single_sign_on"),
        };
        let write = match seen {
            Some(seen) => write
                .condition_expression("single_sign_on.version = :seen")
                .expression_attribute_values(":seen", number(seen)),
            None => write.condition_expression(
                "attribute_exists(pk) AND attribute_not_exists(single_sign_on)",
            ),
        };
        let mut items = vec![update(write)?];
        items.extend(self.sso_domain_items(Some(workspace), &changed)?);
        let was_saml = workspace
            .single_sign_on
            .as_ref()
            .and_then(SingleSignOn::saml);
        let saml = after.and_then(SingleSignOn::saml);
        if was_saml.or(saml).is_some() {
            items.push(self.saml_certificates_item(&workspace.workspace_id, saml)?);
        }
        for event in audit {
            items.push(self.audit_item(&workspace.workspace_id, event)?);
        }
        self.execute(items, FirstItem::Other).await
    }

    /// Returns the writes after which people find the workspace by exactly its domains.
    pub(crate) fn sso_domain_items(
        &self,
        before: Option<&Workspace>,
        after: &Workspace,
    ) -> Result<Vec<TransactWriteItem>, StoreError> {
        let (old, new) = (
            before.map(domains_of).unwrap_or_default(),
            domains_of(after),
        );
        let (id, table) = (&after.workspace_id, &self.tables.workspaces);
        let mut items = Vec::new();
        for domain in old.difference(&new) {
            let gone = Delete::builder().table_name(table);
            items.push(delete(gone.set_key(Some(domain_key(domain, id))))?);
        }
        for domain in &new {
            let found = Put::builder().table_name(table);
            items.push(put(found.set_item(Some(domain_key(domain, id))))?);
        }
        Ok(items)
    }

    /// Returns the workspaces whose people sign in by SSO with addresses of this domain.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn workspaces_of_sso_domain(
        &self,
        domain: &str,
    ) -> Result<Vec<Workspace>, StoreError> {
        let query = self
            .db
            .query()
            .table_name(&self.tables.workspaces)
            .consistent_read(true)
            .key_condition_expression("pk = :domain")
            .expression_attribute_values(":domain", text(format!("sso-domain#{domain}")));
        let found: Vec<SsoDomain> = query_all(query, "SSO domain").await?;
        let mut workspaces = Vec::new();
        for SsoDomain { sk: id } in found {
            workspaces.extend(self.workspace(&id).await?);
        }
        workspaces.retain(|workspace| domains_of(workspace).contains(domain));
        Ok(workspaces)
    }
}
