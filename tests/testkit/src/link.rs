//! The workspace is linked to its company at SmartHR.

use domain::{Company, Connection, ConnectionState};
use domain::{
    DeletionDecisions, GroupId, LoginMethodSetting, Settings, SyncTarget, TenantId, UserId,
};
use serde_json::Value;
use storage::secrets::StoredTokens;
use tokio::time::{Duration, Instant};

use crate::clock::now;
use crate::services::DERIVATION_KEY;
use crate::test_env::TestEnv;

const SMARTHR_LOGIN: [(&str, &str); 2] = [
    ("email", "admin@aozora-shoji.example"),
    ("password", "aozora-admin"),
];
const TENANT: &str = "11111111-1111-4111-8111-111111111111";

impl TestEnv {
    /// The link as it is stored.
    pub async fn connection(&self) -> Connection {
        let id = &self.workspace.workspace_id;
        self.store.connection(id).await.unwrap().unwrap()
    }

    /// Changes the link as it is stored, past all checks.
    pub async fn change_integration(&self, change: impl FnOnce(&mut Connection)) {
        let mut link = self.connection().await;
        change(&mut link);
        let id = &self.workspace.workspace_id;
        self.store.put_connection(id, &mut link).await.unwrap();
    }

    /// An admin chooses 特定のユーザー and 個別設定, which need our items in SmartHR.
    pub async fn chooses_people_in_smarthr(&self) {
        let id = &self.workspace.workspace_id;
        let mut settings = self.connection().await.settings;
        settings.target = SyncTarget::Chosen;
        settings.login_method = LoginMethodSetting::Individual;
        let connections = self.runner().connections;
        let soon = Instant::now() + Duration::from_secs(20);
        let saved = connections.save_settings(id, &settings, soon);
        saved.await.unwrap();
    }

    pub(crate) async fn link(&self) {
        let id = &self.workspace.workspace_id;
        self.services.set_secret("key", DERIVATION_KEY);
        self.services.set_secret(
            "client",
            r#"{"client_id":"kitera-client","client_secret":"kitera-secret"}"#,
        );
        let tokens = self.tokens().await;
        self.secrets()
            .put_tokens(id, &TenantId::new(TENANT), &tokens)
            .await
            .unwrap();
        self.store.put_workspace(&self.workspace).await.unwrap();
        let mut link = Connection {
            state: ConnectionState::Connected,
            company: Company {
                tenant_id: TenantId::new(TENANT),
                name: "株式会社あおぞら商事".into(),
                subdomain: Some("aozora".into()),
            },
            linked_by: UserId::new("usr_admin"),
            linked_at: now(),
            settings: Settings {
                enabled: true,
                target: SyncTarget::EveryoneAndCodeOnly,
                login_method: LoginMethodSetting::Password,
                default_group: GroupId::new("viewers"),
            },
            enabled_at: None,
            items: None,
            decisions: DeletionDecisions::default(),
            pending: None,
            left_companies: Vec::new(),
            stopping: false,
            notified_failures: None,
            version: 0,
        };
        self.store.put_connection(id, &mut link).await.unwrap();
    }

    /// Tokens as SmartHR gives them to an admin who links.
    async fn tokens(&self) -> StoredTokens {
        let base = self.smarthr.base_url();
        let authorize = format!(
            "{base}/oauth/authorization?client_id=kitera-client&response_type=code\
             &redirect_uri=http://localhost/callback&state=s"
        );
        let back = self.http.post(authorize).form(&SMARTHR_LOGIN);
        let back = back.send().await.unwrap();
        let location = back.headers()["location"].to_str().unwrap();
        let callback = reqwest::Url::parse(location).unwrap();
        let code = callback.query_pairs().find(|(name, _)| name == "code");
        let code = code.unwrap().1.into_owned();
        let exchange = [
            ("grant_type", "authorization_code"),
            ("client_id", "kitera-client"),
            ("client_secret", "kitera-secret"),
            ("redirect_uri", "http://localhost/callback"),
            ("code", &code),
        ];
        let answer = self
            .http
            .post(format!("{base}/oauth/token"))
            .form(&exchange);
        let tokens: Value = answer.send().await.unwrap().json().await.unwrap();
        StoredTokens {
            access_token: tokens["access_token"].as_str().unwrap().into(),
            refresh_token: tokens["refresh_token"].as_str().unwrap().into(),
            expires_at: jiff::Timestamp::MAX,
        }
    }
}
