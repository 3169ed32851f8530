//! An admin of the workspace with a browser, and access to the state behind the screens.

use std::time::Duration;

use connection::{
    Callback, CallbackOutcome, Caller, Connections, DisconnectOutcome, SaveSettingsError,
    SessionError,
};
use domain::Connection;
use domain::{
    Credential, EmailAddress, GroupId, LoginMethodSetting, Role, Settings, Status, SyncTarget,
    TenantId, User, UserId, Workspace, WorkspaceId,
};
use jiff::SignedDuration;
use reqwest::redirect::Policy;
use reqwest::{Client, Method, Url};
use serde_json::{Value, json};
use smarthr::{Session, SmartHrError};
use testkit::TestEnv;
use tokio::time::Instant;

pub(crate) const AOZORA: &str = "11111111-1111-4111-8111-111111111111";
pub(crate) const MIDORI: &str = "22222222-2222-4222-8222-222222222222";
pub(crate) const AOZORA_ADMIN: (&str, &str) = ("admin@aozora-shoji.example", "aozora-admin");
pub(crate) const MIDORI_ADMIN: (&str, &str) = ("admin@midori-bussan.example", "midori-admin");
pub(crate) const SESSION: &str = "the-hash-of-a-session";

/// An admin of a connected workspace. The SmartHR stand-in limits no requests.
pub(crate) struct Admin {
    pub(crate) env: TestEnv,
    pub(crate) connections: Connections,
    pub(crate) id: WorkspaceId,
    pub(crate) user: User,
    browser: Client,
}

impl Admin {
    pub(crate) async fn of_connected_workspace() -> Self {
        let env = TestEnv::new(100, None).await;
        Self {
            connections: in_a_new_process(&env),
            id: env.workspace.workspace_id.clone(),
            user: user("usr_admin", Role::Administrator),
            browser: Client::builder()
                .no_proxy()
                .redirect(Policy::none())
                .build()
                .unwrap(),
            env,
        }
    }

    /// Moves the admin to another workspace of the same test environment that was never connected.
    pub(crate) async fn moves_to_new_workspace(&mut self) {
        self.id = WorkspaceId::new("ws_new");
        let workspace = Workspace {
            workspace_id: self.id.clone(),
            company_code: "new".into(),
            ..self.env.workspace.clone()
        };
        self.env.store.put_workspace(&workspace).await.unwrap();
    }

    /// Presses [連携する] and logs in at SmartHR. Returns the parameters of the redirect to the
    /// callback.
    pub(crate) async fn goes_to_smarthr(&self, (email, password): (&str, &str)) -> Callback {
        let begun = self
            .connections
            .begin(&self.id, &self.user.user_id, SESSION, None);
        let form = [("email", email), ("password", password)];
        let answer = self.browser.post(begun.await.unwrap()).form(&form);
        let answer = answer.send().await.unwrap();
        let location = answer.headers()["location"].to_str().unwrap();
        let callback = Url::parse(location).unwrap();
        assert_eq!(callback.path(), "/smarthr/callback");
        let parameter = |name: &str| {
            let mut pairs = callback.query_pairs();
            pairs
                .find(|(key, _)| key == name)
                .map(|(_, value)| value.into_owned())
        };
        Callback {
            state: parameter("state").map(Into::into),
            code: parameter("code").map(Into::into),
            error: parameter("error"),
            subdomain: parameter("subdomain"),
        }
    }

    pub(crate) fn caller(&self) -> Caller<'_> {
        Caller {
            workspace_id: &self.id,
            user: &self.user,
            session_hash: SESSION,
        }
    }

    pub(crate) async fn comes_back_with(&self, callback: Callback) -> CallbackOutcome {
        self.connections
            .complete(callback, Some(self.caller()), soon())
            .await
            .unwrap()
    }

    /// Connects the workspace: presses [連携する], logs in at SmartHR, and completes the callback.
    pub(crate) async fn connects(&self, login: (&str, &str)) -> CallbackOutcome {
        let callback = self.goes_to_smarthr(login).await;
        self.comes_back_with(callback).await
    }

    /// Presses [設定を保存].
    pub(crate) async fn saves(&self, settings: &Settings) -> Result<(), SaveSettingsError> {
        self.connections
            .save_settings(&self.id, settings, soon())
            .await
    }

    /// Presses [解除する].
    pub(crate) async fn disconnects(&self, deadline: Instant) -> DisconnectOutcome {
        let outcome = self.connections.disconnect(&self.id, deadline).await;
        outcome.unwrap()
    }

    pub(crate) async fn connection(&self) -> Connection {
        self.env.store.connection(&self.id).await.unwrap().unwrap()
    }

    pub(crate) async fn has_tokens_for(&self, tenant: &str) -> bool {
        let (secrets, tenant) = (self.env.secrets(), TenantId::new(tenant));
        let tokens = secrets.tokens(&self.id, &tenant);
        tokens.await.unwrap().is_some()
    }

    /// Makes the stored access token expire in a minute.
    pub(crate) async fn token_is_about_to_end(&self) {
        let (secrets, tenant) = (self.env.secrets(), aozora());
        let mut tokens = secrets.tokens(&self.id, &tenant).await.unwrap().unwrap();
        tokens.expires_at = testkit::now() + SignedDuration::from_mins(1);
        secrets
            .put_tokens(&self.id, &tenant, &tokens)
            .await
            .unwrap();
    }

    /// Sends a command to the control interface of the SmartHR stand-in.
    pub(crate) async fn order(&self, method: Method, path: &str, body: Value) {
        let url = format!("{}/_stand-in{path}", self.env.smarthr_url());
        let answer = self.browser.request(method, url).json(&body).send().await;
        assert!(answer.unwrap().status().is_success(), "{path}");
    }

    /// Makes SmartHR answer every request with 503 until it [recovers](Self::smarthr_recovers).
    pub(crate) async fn smarthr_breaks_down(&self) {
        for path in ["/api", "/oauth"] {
            self.order(
                Method::POST,
                "/faults",
                json!({"path": path, "status": 503}),
            )
            .await;
        }
    }

    pub(crate) async fn smarthr_recovers(&self) {
        self.order(Method::DELETE, "/faults", json!(null)).await;
    }

    /// Returns the number of token requests that SmartHR received.
    pub(crate) async fn token_requests(&self) -> u64 {
        let url = format!("{}/_stand-in/requests", self.env.smarthr_url());
        let answer = self.browser.get(url).send().await.unwrap();
        let requests: Value = answer.json().await.unwrap();
        let requests = requests.as_object().unwrap();
        let to_tokens = requests.iter().filter(|(path, _)| path.contains("token"));
        to_tokens.map(|(_, count)| count.as_u64().unwrap()).sum()
    }

    /// Returns the number of our custom item groups in the company あおぞら商事.
    pub(crate) async fn groups_in_smarthr(&self) -> usize {
        let authorize = format!(
            "{}/oauth/authorization?client_id=kitera-client&response_type=code&state=s\
             &redirect_uri=http://localhost/look",
            self.env.smarthr_url()
        );
        let form = [("email", AOZORA_ADMIN.0), ("password", AOZORA_ADMIN.1)];
        let answer = self.browser.post(authorize).form(&form).send().await;
        let back = Url::parse(answer.unwrap().headers()["location"].to_str().unwrap()).unwrap();
        let code = back.query_pairs().find(|(key, _)| key == "code").unwrap();
        let exchange = [
            ("grant_type", "authorization_code"),
            ("client_id", "kitera-client"),
            ("client_secret", "kitera-secret"),
            ("redirect_uri", "http://localhost/look"),
            ("code", &code.1),
        ];
        let url = format!("{}/oauth/token", self.env.smarthr_url());
        let answer = self.browser.post(url).form(&exchange).send().await.unwrap();
        let tokens: Value = answer.json().await.unwrap();
        let url = format!(
            "{}/api/v1/crew_custom_field_template_groups",
            self.env.smarthr_url()
        );
        let token = tokens["access_token"].as_str().unwrap();
        let answer = self.browser.get(url).bearer_auth(token).send().await;
        let groups: Vec<Value> = answer.unwrap().json().await.unwrap();
        let ours = groups.iter().filter(|group| group["name"] == "KiteRa連携");
        ours.count()
    }
}

/// Returns access to the same test environment from a process without cached state.
pub(crate) fn in_a_new_process(env: &TestEnv) -> Connections {
    (*env.runner().connections).clone()
}

/// Reads the connected company's name from SmartHR within a session.
pub(crate) async fn company_name(
    connections: &Connections,
    id: &WorkspaceId,
) -> Result<Option<String>, SessionError<SmartHrError>> {
    company_name_until(connections, id, soon()).await
}

pub(crate) async fn company_name_until(
    connections: &Connections,
    id: &WorkspaceId,
    deadline: Instant,
) -> Result<Option<String>, SessionError<SmartHrError>> {
    let connection = connections.store.connection(id).await.unwrap().unwrap();
    let name = |session: Session| async move { session.company_name(deadline).await };
    connections
        .with_session(id, &connection, deadline, name)
        .await
}

pub(crate) fn aozora() -> TenantId {
    TenantId::new(AOZORA)
}

pub(crate) fn soon() -> Instant {
    Instant::now() + Duration::from_secs(20)
}

pub(crate) fn user(id: &str, role: Role) -> User {
    User {
        email: EmailAddress::parse("hanako@example.jp"),
        role,
        status: Status::Active,
        credential: Credential::Password,
        version: 1,
        ..User::new(UserId::new(id), "管理 花子")
    }
}

/// Returns settings that need both custom items in SmartHR: 特定のユーザー and 個別設定.
pub(crate) fn settings_with_items() -> Settings {
    Settings {
        enabled: true,
        target: SyncTarget::Chosen,
        login_method: LoginMethodSetting::Individual,
        default_group: GroupId::new("editors"),
    }
}
