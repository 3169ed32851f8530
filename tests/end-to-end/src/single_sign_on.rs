//! A configuration of single sign-on, written past the page on which a システム管理者 makes it.

use domain::{OidcProvider, SingleSignOn, WorkspaceId};
use storage::Store;
use storage::tables::Tables;
use storage::testing::sdk_config;

use crate::story::Story;

impl Story {
    /// Stores a configuration that passed the connection test. Nobody answers at the provider's address: it is for what the sync does
    /// with SSO people.
    pub async fn store_tested_sso(&self) {
        let output = |name| self.stack.output(name).unwrap().to_owned();
        let tables = Tables {
            workspaces: output("WorkspacesTable"),
            users: output("UsersTable"),
            identifiers: output("IdentifiersTable"),
            runs: output("RunsTable"),
            outbox: output("OutboxTable"),
            sessions: output("SessionsTable"),
            audit: output("AuditTable"),
        };
        let store = Store::new(&sdk_config(self.stack.aws_endpoint()).unwrap(), tables);
        let id = WorkspaceId::new(self.workspace_id.as_str());
        let workspace = store.workspace(&id).await.unwrap().unwrap();
        let provider = OidcProvider {
            issuer: "https://127.0.0.1:9".into(),
            client_id: "kitera".into(),
            secret_id: "none".into(),
        };
        let sso = SingleSignOn::new(provider).passed_test();
        let stored = store.put_single_sign_on(&workspace, Some(&sso), &[]);
        stored.await.unwrap();
    }
}
