//! A configuration of single sign-on, written past the page on which a システム管理者 makes it.

use domain::{OidcProvider, SamlCertificate, SamlProvider, SingleSignOn, WorkspaceId};
use jiff::Timestamp;
use storage::Store;
use storage::tables::Tables;
use storage::testing::sdk_config;

use crate::story::Story;

impl Story {
    /// Stores a configuration that passed the connection test. Nobody answers at the provider's address: it is for what the sync does
    /// with SSO people.
    pub async fn store_tested_sso(&self) {
        let provider = OidcProvider {
            issuer: "https://127.0.0.1:9".into(),
            client_id: "kitera".into(),
            secret_id: "none".into(),
        };
        self.store_sso(SingleSignOn::new(provider)).await;
    }

    /// Stores a SAML provider whose certificate ends at `ends_at`, and which passed the connection test.
    pub async fn store_saml(&self, ends_at: Timestamp) {
        let certificate = SamlCertificate {
            der: "none".into(),
            not_after: ends_at,
        };
        let provider = SamlProvider {
            entity_id: "https://127.0.0.1:9".into(),
            sign_in_url: "https://127.0.0.1:9/sso".into(),
            certificates: vec![certificate],
        };
        self.store_sso(SingleSignOn::new(provider)).await;
    }

    async fn store_sso(&self, sso: SingleSignOn) {
        let output = |name| self.stack.output(name).unwrap().to_owned();
        let tables = Tables {
            workspaces: output("WorkspacesTable"),
            users: output("UsersTable"),
            identifiers: output("IdentifiersTable"),
            runs: output("RunsTable"),
            outbox: output("OutboxTable"),
            sessions: output("SessionsTable"),
            webhooks: output("WebhooksTable"),
            audit: output("AuditTable"),
        };
        let store = Store::new(&sdk_config(self.stack.aws_endpoint()).unwrap(), tables);
        let id = WorkspaceId::new(self.workspace_id.as_str());
        let workspace = store.workspace(&id).await.unwrap().unwrap();
        let sso = sso.passed_test();
        let stored = store.put_single_sign_on(&workspace, Some(&sso), &[]);
        stored.await.unwrap();
    }
}
