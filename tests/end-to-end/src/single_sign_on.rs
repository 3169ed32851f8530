//! Single sign-on as a システム管理者 sets it up, or written past that page.

use domain::{OidcProvider, SamlCertificate, SamlProvider, SingleSignOn, WorkspaceId};
use http_client::{Answer, Request, Server};
use identity_provider::{CLIENT_ID, CLIENT_SECRET, IdentityProvider};
use jiff::Timestamp;
use serde_json::json;
use storage::Store;
use storage::tables::Tables;
use storage::testing::sdk_config;

use crate::browser::Browser;
use crate::story::Story;

/// Signs somebody in at the provider to which a page leads, and comes back to KiteRa.
pub async fn sign_in_at(
    provider: &IdentityProvider,
    browser: &Browser,
    page: &Answer,
    email: &str,
) -> Answer {
    let address = IdentityProvider::address_on(page.html());
    let back = provider.sign_in(&address, email);
    let of_flow = page.cookie_named("__Host-sso").unwrap();
    let cookies = format!("{}; {of_flow}", browser.session().cookie);
    let callback = Request::get(back.as_str()).header("cookie", &cookies);
    browser.server.answer(callback).await
}

impl Story {
    /// Sets SSO up at a provider, which answers until it is dropped, and passes the connection test as the admin with
    /// this address.
    pub async fn set_up_sso(&self, admin_email: &str) -> IdentityProvider {
        let clock = self.stack.clock().clone();
        let provider = IdentityProvider::start(move || clock.now()).await.unwrap();
        let configuration = json!({
            "issuer": provider.issuer(), "client_id": CLIENT_ID, "client_secret": CLIENT_SECRET,
        });
        let saved = self.admin.put("/api/v1/single-sign-on", configuration);
        saved.await.ok();
        let page = self.admin.form("/settings/single-sign-on/test", &[]);
        let page = page.await.ok();
        let result = sign_in_at(&provider, &self.admin, &page, admin_email).await;
        result.shows(&["接続テストに成功しました。"]);
        provider
    }

    /// Stores a configuration that passed the connection test. Nobody answers at the provider's address: it is for what
    /// the sync does with SSO people.
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
