//! An admin's browser comes back from SmartHR: the real router, and a test environment behind it.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use credentials::Random;
use domain::{Credential, EmailAddress, Role, Status, User, UserId};
use lambda_http::Service;
use reqwest::Url;
use reqwest::redirect::Policy;
use storage::transaction::{Commit, CredentialHashChanges, UserWrite};
use testkit::TestEnv;
use web::{start_session, token_hash_of};

use crate::handler::router;

/// An admin with a browser.
struct Admin {
    env: TestEnv,
    router: Router,
    user: User,
    cookie: String,
}

impl Admin {
    async fn signed_in() -> Self {
        let env = TestEnv::new(20, None).await;
        let user = User {
            email: EmailAddress::parse("hanako@example.jp"),
            role: Role::Administrator,
            status: Status::Active,
            credential: Credential::Password,
            version: 1,
            ..User::new(UserId::new("usr_admin"), "管理 花子")
        };
        let (id, now) = (&env.workspace.workspace_id, testkit::now());
        let commit = Commit {
            users: vec![UserWrite::Create {
                after: user.clone(),
                hashes: CredentialHashChanges::default(),
            }],
            seats: 20,
            ..Commit::default()
        };
        env.store.commit(id, &commit, now).await.unwrap();
        let who = (id, &user.user_id);
        let session = start_session(&env.store, who, 0, false, &Random::os(), now).await;
        let cookie = session.unwrap().set_cookie.to_str().unwrap().to_owned();
        Self {
            router: router(env.runner().connections),
            cookie: cookie.split(';').next().unwrap().to_owned(),
            user,
            env,
        }
    }

    /// Clicks [連携する] and logs in at SmartHR; gives the path that SmartHR sends the browser to.
    async fn goes_to_smarthr(&self) -> String {
        let request = Request::get("/").header("cookie", &self.cookie);
        let session_hash = token_hash_of(request.headers_ref().unwrap()).unwrap();
        let connections = self.env.runner().connections;
        let id = &self.env.workspace.workspace_id;
        let begun = connections
            .begin(id, &self.user.user_id, &session_hash, None)
            .await;
        let browser = reqwest::Client::builder()
            .no_proxy()
            .redirect(Policy::none())
            .build()
            .unwrap();
        let login = [
            ("email", "admin@aozora-shoji.example"),
            ("password", "aozora-admin"),
        ];
        let answer = browser.post(begun.unwrap()).form(&login).send().await;
        let answer = answer.unwrap();
        let back = Url::parse(answer.headers()["location"].to_str().unwrap()).unwrap();
        format!("{}?{}", back.path(), back.query().unwrap())
    }

    async fn opens(&self, path: &str, cookie: &str) -> (StatusCode, String) {
        let request = Request::get(path).header("cookie", cookie);
        let request = request.body(Body::empty()).unwrap();
        let answer = self.router.clone().call(request).await.unwrap();
        let (parts, body) = answer.into_parts();
        assert_eq!(parts.headers["cache-control"], "no-store");
        assert_eq!(parts.headers["referrer-policy"], "no-referrer");
        let body = to_bytes(body, usize::MAX).await.unwrap().to_vec();
        (parts.status, String::from_utf8(body).unwrap())
    }
}

#[tokio::test]
async fn the_way_to_smarthr_and_back_ends_on_the_page_of_the_manual_once() {
    let admin = Admin::signed_in().await;
    let path = admin.goes_to_smarthr().await;
    let (status, page) = admin.opens(&path, &admin.cookie).await;
    assert_eq!(status, StatusCode::OK);
    assert!(page.contains("SmartHRとの連携が完了しました。"));
    assert!(page.contains("株式会社あおぞら商事"));
    assert!(page.contains("KiteRaに戻る"));
    let (status, page) = admin.opens(&path, &admin.cookie).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert!(page.contains("すでに使用されています"));
}

#[tokio::test]
async fn somebody_elses_browser_cannot_use_the_address() {
    let admin = Admin::signed_in().await;
    for cookie in ["", "__Host-session=somebody-elses"] {
        let path = admin.goes_to_smarthr().await;
        let (status, page) = admin.opens(&path, cookie).await;
        assert_eq!(status, StatusCode::FORBIDDEN);
        assert!(page.contains("同じブラウザで"));
        assert!(!page.contains("完了しました"));
    }
}

#[tokio::test]
async fn an_address_that_makes_no_sense_gets_a_page_and_no_error() {
    let admin = Admin::signed_in().await;
    for query in ["", "?", "?state=x&code=y", "?state=%ff", "?state=a&state=b"] {
        let path = format!("/smarthr/callback{query}");
        let (status, page) = admin.opens(&path, &admin.cookie).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{query}");
        assert!(page.contains("SmartHRと連携できませんでした"));
    }
    let denied = "/smarthr/callback?error=access_denied&state=x";
    let (status, page) = admin.opens(denied, &admin.cookie).await;
    assert_eq!(status, StatusCode::OK);
    assert!(page.contains("連携がキャンセルされました"));
}
