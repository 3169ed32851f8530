//! Configurations of single sign-on.

use domain::{OidcProvider, SamlProvider, SingleSignOn, Workspace, WorkspaceId};

use crate::test_env::TestEnv;

/// Returns a configuration that passed the connection test. Nobody answers at its address.
pub fn tested() -> SingleSignOn {
    let provider = OidcProvider {
        issuer: "https://127.0.0.1:9".into(),
        client_id: "kitera".into(),
        secret_id: "1".into(),
    };
    SingleSignOn::new(provider).passed_test()
}

impl TestEnv {
    /// Returns the stored workspace.
    pub async fn stored_workspace(&self) -> Workspace {
        let id = &self.workspace.workspace_id;
        self.store.workspace(id).await.unwrap().unwrap()
    }

    /// Stores a configuration for the OpenID provider at `issuer`, with this client id and secret. It is `tested`, or
    /// has yet to pass the connection test.
    pub async fn configure_sso(&self, issuer: &str, client: (&str, &str), tested: bool) {
        let workspace = self.stored_workspace().await;
        self.store_sso(&workspace, issuer, client, tested).await;
    }

    /// Stores a configuration for a SAML provider, which passed the connection test.
    pub async fn configure_saml(&self, provider: SamlProvider) {
        let workspace = self.stored_workspace().await;
        let sso = SingleSignOn::new(provider).passed_test();
        let stored = self.store.put_single_sign_on(&workspace, Some(&sso), &[]);
        stored.await.unwrap();
    }

    /// Adds the workspace `ws_CODE`, which is like the first one, with this company code and a tested configuration.
    pub async fn add_workspace_with_sso(&self, code: &str, issuer: &str, client: (&str, &str)) {
        let workspace = Workspace {
            workspace_id: WorkspaceId::new(format!("ws_{code}")),
            company_code: code.into(),
            single_sign_on: None,
            ..self.workspace.clone()
        };
        self.store.put_workspace(&workspace, &[]).await.unwrap();
        self.store_sso(&workspace, issuer, client, true).await;
    }

    async fn store_sso(
        &self,
        workspace: &Workspace,
        issuer: &str,
        (client_id, secret): (&str, &str),
        tested: bool,
    ) {
        let provider = OidcProvider {
            issuer: issuer.into(),
            client_id: client_id.into(),
            secret_id: "1".into(),
        };
        let id = format!("sso/{}/1", workspace.workspace_id);
        self.services.set_secret(&id, secret);
        let sso = SingleSignOn::new(provider);
        let sso = if tested { sso.passed_test() } else { sso };
        let stored = self.store.put_single_sign_on(workspace, Some(&sso), &[]);
        stored.await.unwrap();
    }
}
