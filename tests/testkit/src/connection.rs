//! The connection between the workspace and its SmartHR company.

use domain::{
    Company, Connection, ConnectionState, DeletionDecisions, GroupId, LoginMethodSetting, Settings,
    SyncTarget, TenantId, UserId,
};
use serde_json::Value;
use storage::secrets::StoredTokens;
use tokio::time::{Duration, Instant};

use crate::author::author;
use crate::clock::now;
use crate::services::DERIVATION_KEY;
use crate::test_env::TestEnv;
use crate::users::TENANT;

/// The e-mail address and the password of the admin of the connected company in SmartHR.
pub const AOZORA_ADMIN: (&str, &str) = ("admin@aozora-shoji.example", "aozora-admin");

impl TestEnv {
    /// Returns the stored connection.
    pub async fn connection(&self) -> Connection {
        let id = &self.workspace.workspace_id;
        self.store.connection(id).await.unwrap().unwrap()
    }

    /// Changes the stored connection, past all checks.
    pub async fn change_connection(&self, change: impl FnOnce(&mut Connection)) {
        let mut connection = self.connection().await;
        change(&mut connection);
        let id = &self.workspace.workspace_id;
        self.store
            .put_connection(id, &mut connection)
            .await
            .unwrap();
    }

    /// Saves 特定のユーザー and 個別設定, which need our custom items in SmartHR.
    pub async fn choose_people_in_smarthr(&self) {
        let id = &self.workspace.workspace_id;
        let mut settings = self.connection().await.settings;
        settings.target = SyncTarget::Chosen;
        settings.login_method = LoginMethodSetting::Individual;
        let connections = self.runner().connections;
        let soon = Instant::now() + Duration::from_secs(20);
        let by = author("usr_admin");
        let saved = connections.save_settings(id, &settings, &by, soon);
        saved.await.unwrap();
    }

    /// Stores the workspace, connected to its company with tokens that SmartHR issued.
    pub(crate) async fn connect(&self) {
        let id = &self.workspace.workspace_id;
        self.services.set_secret("key", DERIVATION_KEY);
        self.services.set_secret(
            "client",
            r#"{"client_id":"kitera-client","client_secret":"kitera-secret"}"#,
        );
        let tokens = self.new_tokens().await;
        self.secrets()
            .put_tokens(id, &TenantId::new(TENANT), &tokens)
            .await
            .unwrap();
        self.store
            .put_workspace(&self.workspace, &[])
            .await
            .unwrap();
        let mut connection = Connection {
            state: ConnectionState::Connected,
            company: Company {
                tenant_id: TenantId::new(TENANT),
                name: "株式会社あおぞら商事".into(),
                subdomain: Some("aozora".into()),
            },
            connected_by: UserId::new("usr_admin"),
            connected_at: now(),
            refused_at: None,
            settings: Settings {
                password_csv: domain::PasswordCsv::default(),
                invitation_texts: domain::InvitationTexts::default(),
                immediate: true,
                enabled: true,
                target: SyncTarget::EveryoneAndCodeOnly,
                login_method: LoginMethodSetting::Password,
                default_group: GroupId::new("viewers"),
            },
            switched_at: None,
            items: None,
            webhook: None,
            decisions: DeletionDecisions::default(),
            pending: None,
            account_answers: Vec::new(),
            asked_account_changes: Vec::new(),
            left_out: domain::LeftOutOfSync::default(),
            left_companies: Vec::new(),
            stopping: false,
            notified_failures: None,
            version: 0,
        };
        self.store
            .put_connection(id, &mut connection)
            .await
            .unwrap();
    }

    /// Returns tokens that SmartHR issued to an admin of the company.
    pub async fn new_tokens(&self) -> StoredTokens {
        let base = self.smarthr.base_url();
        let authorize = format!(
            "{base}/oauth/authorization?client_id=kitera-client&response_type=code\
             &redirect_uri=http://localhost/callback&state=s"
        );
        let callback = self.log_in_at_smarthr(&authorize, AOZORA_ADMIN).await;
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
            subdomain: None,
        }
    }
}
