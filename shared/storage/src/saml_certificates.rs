//! When the certificates of SAML identity providers end, in the table `workspaces`, so that a warning finds the
//! workspaces without reading all of them.
//!
//! `pk` = "saml-certificates", `sk` = workspace id, `ends_at`. A reader checks the workspace itself.

use aws_sdk_dynamodb::types::{Delete, Put, TransactWriteItem};
use domain::{SamlProvider, WorkspaceId};
use jiff::Timestamp;
use serde::Deserialize;

use crate::error::StoreError;
use crate::store::{Store, key, query_all, text};
use crate::transaction::{delete, put};

const PARTITION: &str = "saml-certificates";

/// A workspace whose SAML identity provider has certificates.
#[derive(Clone, Debug, Deserialize)]
pub struct SamlCertificates {
    /// The workspace.
    #[serde(rename = "sk")]
    pub workspace_id: WorkspaceId,
    /// When the last certificate ends.
    pub ends_at: Timestamp,
}

impl Store {
    /// Returns the write after which the workspace is found by the certificates of `provider`, or not at all.
    pub(crate) fn saml_certificates_item(
        &self,
        id: &WorkspaceId,
        provider: Option<&SamlProvider>,
    ) -> Result<TransactWriteItem, StoreError> {
        let table = &self.tables.workspaces;
        let mut item = key([("pk", PARTITION), ("sk", id.as_str())]);
        let Some(ends_at) = provider.and_then(SamlProvider::certificates_end_at) else {
            return delete(Delete::builder().table_name(table).set_key(Some(item)));
        };
        item.insert("ends_at".into(), text(ends_at.to_string()));
        put(Put::builder().table_name(table).set_item(Some(item)))
    }

    /// Returns the workspaces whose SAML identity provider has certificates.
    ///
    /// # Errors
    /// [`StoreError`] when DynamoDB does not answer.
    pub async fn saml_certificates(&self) -> Result<Vec<SamlCertificates>, StoreError> {
        let query = self
            .db
            .query()
            .table_name(&self.tables.workspaces)
            .key_condition_expression("pk = :partition")
            .expression_attribute_values(":partition", text(PARTITION));
        query_all(query, "SAML certificates").await
    }
}
