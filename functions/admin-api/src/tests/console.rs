//! A browser at the console, signed in as somebody.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::request::Builder;
use axum::http::{HeaderMap, HeaderValue, Method, Request, StatusCode};
use credentials::Random;
use domain::{
    Credential, CrewId, CrewLink, EmailAddress, EmployeeCode, GroupId, Role, Status, TenantId,
    User, UserId, WorkspaceId,
};
use lambda_http::Service;
use serde_json::{Value, json};
use storage::transaction::{Commit, CredentialHashChanges, UserWrite};
use testkit::TestEnv;
use url::Url;
use url::form_urlencoded::Serializer;
use web::start_session;

use crate::app::App;
use crate::routes::router;

pub(super) const TENANT: &str = "11111111-1111-4111-8111-111111111111";

/// What came back.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: Vec<u8>,
}

impl Answer {
    pub(super) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    /// The body of a page.
    pub(super) fn html(&self) -> &str {
        let kind = &self.headers["content-type"];
        assert_eq!(kind, "text/html; charset=utf-8");
        std::str::from_utf8(&self.body).unwrap()
    }

    /// Where it leads.
    pub(super) fn location(&self) -> &str {
        assert_eq!(self.status, StatusCode::SEE_OTHER);
        self.headers["location"].to_str().unwrap()
    }

    /// The code of a problem document, which has to be one.
    pub(super) fn problem(&self) -> String {
        assert_eq!(self.headers["content-type"], "application/problem+json");
        let problem = self.json();
        assert_eq!(problem["status"], self.status.as_u16());
        let detail = problem["detail"].as_str().unwrap();
        assert!(!detail.is_ascii(), "a person in Japan reads this: {detail}");
        problem["code"].as_str().unwrap().to_owned()
    }
}

/// A workspace with its console.
pub(super) struct Console {
    pub(super) env: TestEnv,
    router: Router,
}

/// Somebody's browser.
pub(super) struct Browser<'a> {
    console: &'a Console,
    cookie: String,
    csrf: String,
}

impl Console {
    pub(super) async fn open() -> Self {
        Self::open_with_seats(20).await
    }

    pub(super) async fn open_with_seats(seats: u32) -> Self {
        let env = TestEnv::new(seats, None).await;
        let runner = env.runner();
        let app = App {
            connections: runner.connections,
            logs: runner.logs,
        };
        Self {
            router: router(app),
            env,
        }
    }

    pub(super) fn id(&self) -> &WorkspaceId {
        &self.env.workspace.workspace_id
    }

    /// Somebody new who is 有効.
    pub(super) async fn user(&self, id: &str, role: Role) -> User {
        self.create(blank(id, role)).await
    }

    pub(super) async fn create(&self, after: User) -> User {
        let commit = Commit {
            users: vec![UserWrite::Create {
                after: after.clone(),
                hashes: CredentialHashChanges::default(),
            }],
            seats: self.env.workspace.seats,
            ..Commit::default()
        };
        let store = &self.env.store;
        store
            .commit(self.id(), &commit, testkit::now())
            .await
            .unwrap();
        after
    }

    pub(super) async fn stored(&self, id: &str) -> User {
        let found = self.env.store.user(self.id(), &UserId::new(id)).await;
        found.unwrap().unwrap()
    }

    pub(super) async fn browser_of(&self, user: &User) -> Browser<'_> {
        self.signed_in(&user.user_id, false).await
    }

    pub(super) async fn signed_in(&self, user_id: &UserId, must_replace: bool) -> Browser<'_> {
        let who = (self.id(), user_id);
        let (store, now) = (&self.env.store, testkit::now());
        let session = start_session(store, who, 0, must_replace, &Random::os(), now)
            .await
            .unwrap();
        let cookie = session.set_cookie.to_str().unwrap();
        Browser {
            console: self,
            cookie: cookie.split(';').next().unwrap().to_owned(),
            csrf: session.csrf,
        }
    }

    /// Somebody new with that role, at the console.
    pub(super) async fn browser(&self, role: Role) -> Browser<'_> {
        let id = serde_json::to_value(role).unwrap();
        let user = self.user(id.as_str().unwrap(), role).await;
        self.browser_of(&user).await
    }

    /// What an answer leads to in S3, and how it is named there.
    pub(super) fn downloaded(&self, answer: &Answer) -> (String, Vec<u8>) {
        let url = Url::parse(answer.location()).unwrap();
        let object = self.env.services.object(url.path().trim_start_matches('/'));
        let disposition = url
            .query_pairs()
            .find(|(name, _)| name == "response-content-disposition");
        (
            disposition.unwrap().1.into_owned(),
            object.unwrap().to_vec(),
        )
    }

    pub(super) async fn call(&self, request: Request<Body>) -> Answer {
        let answer = self.router.clone().call(request).await.unwrap();
        let (parts, body) = answer.into_parts();
        Answer {
            status: parts.status,
            headers: parts.headers,
            body: to_bytes(body, usize::MAX).await.unwrap().to_vec(),
        }
    }
}

impl Browser<'_> {
    pub(super) async fn get(&self, path: &str) -> Answer {
        self.send("GET", path, "").await
    }

    pub(super) async fn post(&self, path: &str, body: Value) -> Answer {
        self.send("POST", path, &body.to_string()).await
    }

    pub(super) async fn put(&self, path: &str, body: Value) -> Answer {
        self.send("PUT", path, &body.to_string()).await
    }

    pub(super) async fn patch(&self, path: &str, body: Value) -> Answer {
        self.send("PATCH", path, &body.to_string()).await
    }

    pub(super) async fn delete(&self, path: &str) -> Answer {
        self.send("DELETE", path, "").await
    }

    pub(super) async fn send(&self, method: &str, path: &str, body: &str) -> Answer {
        let request = self
            .request(method, path)
            .header("x-csrf-token", &self.csrf);
        let body = Body::from(body.to_owned());
        self.console.call(request.body(body).unwrap()).await
    }

    /// Sends a request of any kind as this person.
    pub(super) async fn send_request(&self, request: Builder, body: Body) -> Answer {
        let mut request = request.header("cookie", &self.cookie);
        if let Some(headers) = request.headers_mut() {
            headers.insert("x-csrf-token", self.csrf.parse().unwrap());
            let json = HeaderValue::from_static("application/json");
            headers.entry("content-type").or_insert(json);
        }
        self.console.call(request.body(body).unwrap()).await
    }

    /// Sends a form of a page, with its hidden field.
    pub(super) async fn form(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let csrf = ("csrf", self.csrf.as_str());
        self.form_without_csrf(path, &[fields, &[csrf]].concat())
            .await
    }

    pub(super) async fn form_without_csrf(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let body = Serializer::new(String::new()).extend_pairs(fields).finish();
        let request = Request::post(path)
            .header("cookie", &self.cookie)
            .header("content-type", "application/x-www-form-urlencoded");
        self.console
            .call(request.body(Body::from(body)).unwrap())
            .await
    }

    pub(super) async fn send_without_csrf(&self, method: &str, path: &str) -> Answer {
        let request = self.request(method, path);
        self.console
            .call(request.body(Body::empty()).unwrap())
            .await
    }

    fn request(&self, method: &str, path: &str) -> axum::http::request::Builder {
        Request::builder()
            .method(Method::from_bytes(method.as_bytes()).unwrap())
            .uri(path)
            .header("cookie", &self.cookie)
            .header("content-type", "application/json")
    }
}

/// 有効, by hand, with an address made of the id.
pub(super) fn blank(id: &str, role: Role) -> User {
    User {
        email: EmailAddress::parse(&format!("{id}@example.jp").replace('_', "-")),
        role,
        status: Status::Active,
        credential: Credential::Password,
        version: 1,
        ..User::new(UserId::new(id), format!("利用者 {id}"))
    }
}

/// As [`blank`], but kept in step with SmartHR.
pub(super) fn linked(id: &str) -> User {
    User {
        crew_link: Some(CrewLink {
            tenant_id: TenantId::new(TENANT),
            crew_id: CrewId::new(id),
        }),
        synced_group: Some(GroupId::new("viewers")),
        groups: std::sync::Arc::new([GroupId::new("viewers")].into()),
        ..blank(id, Role::Member)
    }
}

/// Somebody without an address, known by a code.
pub(super) fn by_code(id: &str, code: &str) -> User {
    User {
        email: None,
        code: EmployeeCode::parse(code),
        ..blank(id, Role::Member)
    }
}

pub(super) fn no_body() -> Value {
    json!(null)
}

/// Asserts that a page shows all of these.
pub(super) fn contains(html: &str, words: &[&str]) {
    for word in words {
        assert!(html.contains(word), "{word}: {html}");
    }
}
