//! The router behind API Gateway's event format, a database, and a clock that a test sets.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use axum::Router;
use axum::http::{HeaderMap, StatusCode};
use credentials::{DerivationKey, Random};
use domain::{Workspace, WorkspaceId};
use jiff::Timestamp;
use lambda_http::Service;
use serde_json::{Value, json};
use storage::Store;
use web::PublicOrigin;

use crate::app::App;
use crate::routes::router;

pub(super) const BASE: &str = "https://app.kitera.example";
pub(super) const PASSWORD: &str = "hashiru-neko-42";

/// What came back.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) text: String,
}

impl Answer {
    pub(super) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap()
    }

    /// The session cookie as a browser sends it back.
    pub(super) fn cookie(&self) -> String {
        let cookie = self.headers["set-cookie"].to_str().unwrap();
        cookie.split(';').next().unwrap().to_owned()
    }

    /// The hidden field of the page's form.
    pub(super) fn csrf_field(&self) -> String {
        let (_, rest) = self.text.split_once(r#"name="csrf" value=""#).unwrap();
        rest.split('"').next().unwrap().to_owned()
    }

    pub(super) fn location(&self) -> &str {
        self.headers["location"].to_str().unwrap()
    }
}

/// One test's door.
pub(super) struct Door {
    pub(super) store: Store,
    pub(super) workspace: Workspace,
    router: Router,
    now: Arc<AtomicI64>,
    pub(super) key: DerivationKey,
    pub(super) random: Random,
    pub(super) source: String,
}

impl Door {
    pub(super) async fn open() -> Self {
        let (store, _sdk) = storage::testing::database().await.unwrap();
        let start: Timestamp = "2026-11-25T02:00:00+09:00".parse().unwrap();
        let now = Arc::new(AtomicI64::new(start.as_second()));
        let clock = now.clone();
        let app = App {
            store: store.clone(),
            random: Arc::new(Random::seeded(1)),
            origin: PublicOrigin::of(BASE).unwrap(),
            clock: Arc::new(move || Timestamp::from_second(clock.load(Ordering::Relaxed)).unwrap()),
        };
        let door = Self {
            workspace: workspace("ws_1", "MIDORI"),
            router: router(app),
            now,
            key: DerivationKey::from_secret(&"0123456789abcdef0123456789abcdef".into()).unwrap(),
            random: Random::seeded(2),
            source: "203.0.113.7".into(),
            store,
        };
        door.store.put_workspace(&door.workspace).await.unwrap();
        door
    }

    pub(super) fn now(&self) -> Timestamp {
        Timestamp::from_second(self.now.load(Ordering::Relaxed)).unwrap()
    }

    pub(super) fn wait_seconds(&self, seconds: i64) {
        self.now.fetch_add(seconds, Ordering::Relaxed);
    }

    pub(super) async fn get(&self, path: &str, cookie: &str) -> Answer {
        self.call("GET", path, &[("cookie", cookie)], "").await
    }

    pub(super) async fn form(&self, path: &str, fields: &[(&str, &str)], cookie: &str) -> Answer {
        let body = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields)
            .finish();
        let headers = [
            ("content-type", "application/x-www-form-urlencoded"),
            ("origin", BASE),
            ("cookie", cookie),
        ];
        self.call("POST", path, &headers, &body).await
    }

    pub(super) async fn json(&self, path: &str, body: Value, cookie: &str, csrf: &str) -> Answer {
        let headers = [
            ("content-type", "application/json"),
            ("cookie", cookie),
            ("x-csrf-token", csrf),
        ];
        self.call("POST", path, &headers, &body.to_string()).await
    }

    pub(super) async fn sign_in(&self, email: &str, password: &str) -> Answer {
        let body = json!({"email": email, "password": password});
        self.json("/api/v1/sign-in", body, "", "").await
    }

    /// A request as API Gateway's HTTP API hands it over (payload format 2.0).
    pub(super) async fn call(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Answer {
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        let of = |name: &str| {
            let given = headers
                .iter()
                .filter(|(given, value)| *given == name && !value.is_empty());
            given.map(|(_, value)| *value).collect::<Vec<_>>()
        };
        let others: serde_json::Map<String, Value> = headers
            .iter()
            .filter(|(name, value)| *name != "cookie" && !value.is_empty())
            .map(|(name, value)| ((*name).to_owned(), json!(value)))
            .collect();
        let event = json!({
            "version": "2.0", "routeKey": "$default", "rawPath": path, "rawQueryString": query,
            "cookies": of("cookie"), "headers": others, "body": body, "isBase64Encoded": false,
            "requestContext": {
                "accountId": "1", "apiId": "api", "domainName": "app.kitera.example",
                "domainPrefix": "app", "requestId": "1", "routeKey": "$default",
                "stage": "$default", "time": "", "timeEpoch": 0,
                "http": {
                    "method": method, "path": path, "protocol": "HTTP/1.1",
                    "sourceIp": self.source, "userAgent": "test"
                }
            }
        });
        let request = lambda_http::request::from_str(&event.to_string()).unwrap();
        let answer = self.router.clone().call(request).await.unwrap();
        let (parts, body) = answer.into_parts();
        let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap();
        Answer {
            status: parts.status,
            headers: parts.headers,
            text: String::from_utf8(bytes.to_vec()).unwrap(),
        }
    }
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
