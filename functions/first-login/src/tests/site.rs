//! The function under test, in front of a test environment.

use std::sync::Arc;

use axum::Router;
use credentials::passkey::RelyingParty;
use credentials::{DerivationKey, Random};
use domain::AuditAction;
use http_client::{Answer, Browser};
use serde_json::json;
use storage::audit::AuditFilter;
use testkit::TestEnv;
use web::PublicOrigin;

use crate::app::App;
use crate::routes::router;

pub(super) const ORIGIN: &str = "https://app.kitera.example";
pub(super) const HANAKO: &str = "hanako@example.com";
pub(super) const PASSWORD: &str = "hashiru-neko-42";

/// The function under test.
pub(super) struct Site {
    pub(super) env: TestEnv,
    pub(super) key: DerivationKey,
    pub(super) random: Random,
    router: Router,
}

impl Site {
    /// Sets up the function for the workspace MIDORI, which has no users yet.
    pub(super) async fn new() -> Self {
        let mut env = TestEnv::new(100, None).await;
        env.workspace.name = "みどり<商事>".into();
        env.workspace.company_code = "MIDORI".into();
        env.store.put_workspace(&env.workspace, &[]).await.unwrap();
        let app = App {
            store: env.store.clone(),
            queues: env.runner().connections.queues.clone(),
            secrets: env.runner().connections.secrets.clone(),
            random: Arc::new(Random::seeded(1)),
            origin: PublicOrigin::of(ORIGIN).unwrap(),
            relying_party: RelyingParty::of(ORIGIN).unwrap(),
            clock: Arc::new(testkit::now),
        };
        Self {
            env,
            key: DerivationKey::from_secret(&"0123456789abcdef0123456789abcdef".into()).unwrap(),
            random: Random::seeded(2),
            router: router(app),
        }
    }

    /// As [`Site::new`], with the user [`HANAKO`], whose password is [`PASSWORD`].
    pub(super) async fn with_hanako() -> Self {
        let site = Self::new().await;
        site.user("usr_hanako", Some(HANAKO), None).await;
        site
    }

    /// Returns whether the audit trail knows this action, once.
    pub(super) async fn has_recorded(&self, action: AuditAction) -> bool {
        let filter = AuditFilter {
            action: Some(action),
            person: None,
        };
        let id = &self.env.workspace.workspace_id;
        let events = self.env.store.audit_events(id, &filter, None, 9).await;
        events.unwrap().len() == 1
    }

    /// As [`Site::with_hanako`]. Returns a browser in which she is signed in as well.
    pub(super) async fn with_hanako_signed_in() -> (Self, Browser<Router>) {
        let site = Self::with_hanako().await;
        let browser = site.signed_in().await;
        (site, browser)
    }

    /// Returns a browser in which nobody is signed in.
    pub(super) fn browser(&self) -> Browser<Router> {
        Browser::new(self.router.clone())
    }

    /// As [`Site::browser`], in another client network.
    pub(super) fn browser_at(&self, source: &str) -> Browser<Router> {
        let mut browser = self.browser();
        browser.source = source.into();
        browser
    }

    /// Returns a browser in which [`HANAKO`] is signed in with [`PASSWORD`].
    pub(super) async fn signed_in(&self) -> Browser<Router> {
        let browser = self.browser();
        sign_in(&browser, HANAKO, PASSWORD).await.ok();
        browser
    }

    /// Opens a page in a new browser.
    pub(super) async fn get(&self, path: &str) -> Answer {
        self.browser().get(path).await
    }

    /// Submits a form from a new browser.
    pub(super) async fn form(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.browser().form(path, fields).await
    }

    /// Signs in from a new browser.
    pub(super) async fn sign_in(&self, email: &str, password: &str) -> Answer {
        sign_in(&self.browser(), email, password).await
    }

    /// Returns a browser in which the user with 従業員コード 0012 signed in with the initial password.
    pub(super) async fn signed_in_by_code(&self, initial: &str) -> Browser<Router> {
        let browser = self.browser();
        let answer = sign_in_by_code(&browser, initial).await;
        assert_eq!(answer.json()["must_replace_password"], true);
        browser
    }
}

pub(super) async fn sign_in(browser: &Browser<Router>, email: &str, password: &str) -> Answer {
    let body = json!({"email": email, "password": password});
    browser.post("/api/v1/sign-in", body).await
}

/// Signs in with 従業員コード 0012.
pub(super) async fn sign_in_by_code(browser: &Browser<Router>, password: &str) -> Answer {
    let body = json!({"company_code": "MIDORI", "employee_code": "0012", "password": password});
    browser.post("/api/v1/sign-in", body).await
}
