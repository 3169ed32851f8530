//! An admin of the workspace with a browser, and access to the state behind the screens.

use std::time::Duration;

use connection::{
    Callback, CallbackOutcome, Caller, ConfirmError, Connections, DisconnectOutcome,
    SaveSettingsError, SessionError,
};
use domain::{
    Author, Connection, ConnectionState, GroupId, LoginMethodSetting, Role, Settings, SyncTarget,
    TenantId, User, Workspace, WorkspaceId,
};
use jiff::SignedDuration;
use secrecy::ExposeSecret;
use serde_json::{Value, json};
use smarthr::{Session, SmartHrError};
use testkit::{TestEnv, users};
use tokio::time::Instant;

pub(crate) use testkit::AOZORA_ADMIN;

pub(crate) const AOZORA: &str = "11111111-1111-4111-8111-111111111111";
pub(crate) const MIDORI: &str = "22222222-2222-4222-8222-222222222222";
pub(crate) const THIRD: &str = "33333333-3333-4333-8333-333333333333";
pub(crate) const MIDORI_ADMIN: (&str, &str) = ("admin@midori-bussan.example", "midori-admin");
pub(crate) const SESSION: &str = "the-hash-of-a-session";

/// An admin of a connected workspace. The SmartHR stand-in limits no requests.
pub(crate) struct Admin {
    pub(crate) env: TestEnv,
    pub(crate) connections: Connections,
    pub(crate) id: WorkspaceId,
    pub(crate) user: User,
}

impl Admin {
    pub(crate) async fn of_connected_workspace() -> Self {
        let env = TestEnv::new(100, None).await;
        Self {
            connections: in_a_new_process(&env),
            id: env.workspace.workspace_id.clone(),
            user: users::active("usr_admin", Role::Administrator),
            env,
        }
    }

    /// As [`Admin::of_connected_workspace`], with a システム管理者 who stays with a password.
    pub(crate) async fn of_workspace_with_a_way_in() -> Self {
        let admin = Self::of_connected_workspace().await;
        let staying = users::system_administrator("usr_staying");
        admin.env.add_user(staying).await;
        admin
    }

    /// As [`Admin::of_connected_workspace`], with custom items in SmartHR.
    pub(crate) async fn with_items() -> Self {
        let admin = Self::of_workspace_with_a_way_in().await;
        admin.saves(&settings_with_items()).await.unwrap();
        assert_eq!(admin.groups_in_smarthr().await, 1);
        admin
    }

    /// Moves the admin to another workspace of the same test environment that was never connected.
    pub(crate) async fn moves_to_new_workspace(&mut self) {
        self.id = WorkspaceId::new("ws_new");
        let workspace = Workspace {
            workspace_id: self.id.clone(),
            company_code: "new".into(),
            ..self.env.workspace.clone()
        };
        self.env.store.put_workspace(&workspace, &[]).await.unwrap();
    }

    /// Presses [連携する] and logs in at SmartHR. Returns the parameters of the redirect to the
    /// callback.
    pub(crate) async fn goes_to_smarthr(&self, login: (&str, &str)) -> Callback {
        let begun = self
            .connections
            .begin(&self.id, &self.author(), SESSION, None)
            .await;
        let callback = self.env.log_in_at_smarthr(&begun.unwrap(), login).await;
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
            author: self.author(),
        }
    }

    pub(crate) fn author(&self) -> Author {
        testkit::author(self.user.user_id.as_str())
    }

    pub(crate) async fn comes_back_with(&self, callback: Callback) -> CallbackOutcome {
        self.comes_back_as(Some(self.caller()), callback).await
    }

    /// Completes the callback in the browser of `caller`.
    pub(crate) async fn comes_back_as(
        &self,
        caller: Option<Caller<'_>>,
        callback: Callback,
    ) -> CallbackOutcome {
        let completed = self.connections.complete(callback, caller, soon()).await;
        completed.unwrap()
    }

    /// Connects the workspace: presses [連携する], logs in at SmartHR, and completes the callback.
    pub(crate) async fn connects(&self, login: (&str, &str)) -> CallbackOutcome {
        let callback = self.goes_to_smarthr(login).await;
        self.comes_back_with(callback).await
    }

    /// Accepts or refuses the other company that was connected.
    pub(crate) async fn confirms(&self, accept: bool) -> Result<(), ConfirmError> {
        let (connections, by) = (&self.connections, self.author());
        let confirmed = connections.confirm_company_change(&self.id, &by, accept, soon());
        confirmed.await
    }

    /// Presses [設定を保存].
    pub(crate) async fn saves(&self, settings: &Settings) -> Result<(), SaveSettingsError> {
        let by = self.author();
        let saved = self
            .connections
            .save_settings(&self.id, settings, &by, soon());
        saved.await
    }

    /// Changes something in the settings, and presses [設定を保存].
    pub(crate) async fn saves_with(
        &self,
        change: impl FnOnce(&mut Settings),
    ) -> Result<(), SaveSettingsError> {
        let mut settings = self.connection().await.settings;
        change(&mut settings);
        self.saves(&settings).await
    }

    /// Presses [解除する].
    pub(crate) async fn disconnects(&self, deadline: Instant) -> DisconnectOutcome {
        let by = self.author();
        let outcome = self.connections.disconnect(&self.id, &by, deadline).await;
        outcome.unwrap()
    }

    pub(crate) async fn connection(&self) -> Connection {
        self.env.store.connection(&self.id).await.unwrap().unwrap()
    }

    pub(crate) async fn state(&self) -> ConnectionState {
        self.connection().await.state
    }

    /// Returns the companies that tokens are stored for.
    pub(crate) async fn companies_with_tokens(&self) -> Vec<&'static str> {
        let secrets = self.env.secrets();
        let mut companies = Vec::new();
        for company in [AOZORA, MIDORI, THIRD] {
            let tokens = secrets.tokens(&self.id, &TenantId::new(company)).await;
            companies.extend(tokens.unwrap().map(|_| company));
        }
        companies
    }

    /// Makes the stored access token expire in a minute.
    pub(crate) async fn token_is_about_to_end(&self) {
        let (secrets, tenant) = (self.env.secrets(), aozora());
        let mut tokens = secrets.tokens(&self.id, &tenant).await.unwrap().unwrap();
        tokens.expires_at = testkit::now() + SignedDuration::from_mins(1);
        let stored = secrets.put_tokens(&self.id, &tenant, &tokens).await;
        stored.unwrap();
    }

    /// Makes SmartHR answer every request with 503 until its faults are cleared.
    pub(crate) async fn smarthr_breaks_down(&self) {
        for path in ["/api", "/oauth"] {
            let down = json!({ "path": path, "status": 503 });
            self.env.smarthr_fault(down).await;
        }
    }

    /// Returns the number of token requests that SmartHR received.
    pub(crate) fn token_requests(&self) -> usize {
        let calls = self.env.proxy.by_operation();
        calls.get("POST /oauth/token").copied().unwrap_or_default()
    }

    /// Returns the number of our custom item groups in the company あおぞら商事.
    pub(crate) async fn groups_in_smarthr(&self) -> usize {
        let url = format!(
            "{}/api/v1/crew_custom_field_template_groups",
            self.env.smarthr_url()
        );
        let token = self.env.new_tokens().await.access_token;
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        let answer = http.get(url).bearer_auth(token.expose_secret());
        let groups: Vec<Value> = answer.send().await.unwrap().json().await.unwrap();
        let ours = groups.iter().filter(|group| group["name"] == "KiteRa連携");
        ours.count()
    }

    /// Returns the workspaces whose runs start tonight.
    pub(crate) async fn workspaces_for_tonight(&self) -> Vec<WorkspaceId> {
        self.env.store.workspaces_for_tonight().await.unwrap()
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

/// The outcome of a callback that connected あおぞら商事.
pub(crate) fn connected_to_aozora() -> CallbackOutcome {
    CallbackOutcome::Connected {
        company_name: "株式会社あおぞら商事".into(),
    }
}

/// The outcome of a callback after which みどり物産 awaits confirmation.
pub(crate) fn midori_awaits_confirmation() -> CallbackOutcome {
    CallbackOutcome::ConfirmationNeeded {
        connected_name: "株式会社あおぞら商事".into(),
        new_name: "株式会社みどり物産".into(),
    }
}

pub(crate) fn soon() -> Instant {
    Instant::now() + Duration::from_secs(20)
}

/// The shortest time in which a token is refreshed, and a little more.
pub(crate) fn in_nine_seconds() -> Instant {
    Instant::now() + Duration::from_secs(9)
}

pub(crate) fn in_a_second() -> Instant {
    Instant::now() + Duration::from_secs(1)
}

/// Returns settings that need both custom items in SmartHR: 特定のユーザー and 個別設定.
pub(crate) fn settings_with_items() -> Settings {
    Settings {
        password_csv: domain::PasswordCsv::default(),
        invitation_texts: domain::InvitationTexts::default(),
        immediate: true,
        enabled: true,
        target: SyncTarget::Chosen,
        login_method: LoginMethodSetting::Individual,
        default_group: GroupId::new("editors"),
    }
}
