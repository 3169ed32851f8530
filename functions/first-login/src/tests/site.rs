//! The environment of one test: the function's router, a database, and an adjustable clock.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use axum::Router;
use credentials::{DerivationKey, Random};
use domain::{Workspace, WorkspaceId};
use http_client::{Answer, Browser, StatusCode};
use jiff::Timestamp;
use serde_json::json;
use storage::Store;
use web::PublicOrigin;

use crate::app::App;
use crate::routes::router;

pub(super) const PASSWORD: &str = "hashiru-neko-42";

/// The function under test.
pub(super) struct Site {
    pub(super) store: Store,
    pub(super) workspace: Workspace,
    pub(super) key: DerivationKey,
    pub(super) random: Random,
    router: Router,
    now: Arc<AtomicI64>,
}

impl Site {
    pub(super) async fn new() -> Self {
        let (store, _sdk) = storage::testing::database().await.unwrap();
        let start: Timestamp = "2026-11-25T02:00:00+09:00".parse().unwrap();
        let now = Arc::new(AtomicI64::new(start.as_second()));
        let clock = now.clone();
        let app = App {
            store: store.clone(),
            random: Arc::new(Random::seeded(1)),
            origin: PublicOrigin::of("https://app.kitera.example").unwrap(),
            clock: Arc::new(move || Timestamp::from_second(clock.load(Ordering::Relaxed)).unwrap()),
        };
        let workspace = workspace("ws_1", "MIDORI");
        store.put_workspace(&workspace).await.unwrap();
        Self {
            store,
            workspace,
            key: DerivationKey::from_secret(&"0123456789abcdef0123456789abcdef".into()).unwrap(),
            random: Random::seeded(2),
            router: router(app),
            now,
        }
    }

    pub(super) fn now(&self) -> Timestamp {
        Timestamp::from_second(self.now.load(Ordering::Relaxed)).unwrap()
    }

    pub(super) fn wait_seconds(&self, seconds: i64) {
        self.now.fetch_add(seconds, Ordering::Relaxed);
    }

    /// Returns a browser in which nobody is signed in.
    pub(super) fn browser(&self) -> Browser<Router> {
        Browser::new(self.router.clone())
    }

    /// Returns a browser in which the user with this address and [`PASSWORD`] is signed in.
    pub(super) async fn signed_in(&self, email: &str) -> Browser<Router> {
        let browser = self.browser();
        let answer = sign_in(&browser, email, PASSWORD).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
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

    /// Returns a browser in which the user with this 従業員コード signed in with the initial password.
    pub(super) async fn signed_in_by_code(&self, code: &str, initial: &str) -> Browser<Router> {
        let browser = self.browser();
        let answer = sign_in_by_code(&browser, code, initial).await;
        assert_eq!(answer.json()["must_replace_password"], true);
        browser
    }
}

pub(super) async fn sign_in(browser: &Browser<Router>, email: &str, password: &str) -> Answer {
    let body = json!({"email": email, "password": password});
    browser.post("/api/v1/sign-in", body).await
}

pub(super) async fn sign_in_by_code(
    browser: &Browser<Router>,
    code: &str,
    password: &str,
) -> Answer {
    let body = json!({"company_code": "MIDORI", "employee_code": code, "password": password});
    browser.post("/api/v1/sign-in", body).await
}

pub(super) fn workspace(id: &str, company_code: &str) -> Workspace {
    Workspace {
        workspace_id: WorkspaceId::new(id),
        name: "みどり<商事>".into(),
        company_code: company_code.into(),
        seats: 100,
        allowed_domains: Vec::new(),
        sso_configured: false,
        groups: Vec::new(),
        related_company_users: Vec::new(),
    }
}
