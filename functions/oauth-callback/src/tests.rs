//! The route, called by the browser of an admin whom SmartHR redirects, with a test environment behind it.

use axum::Router;
use axum::http::{HeaderMap, HeaderValue, header};
use credentials::Random;
use domain::{Credential, EmailAddress, Role, Status, User, UserId};
use reqwest::Url;
use reqwest::redirect::Policy;
use storage::transaction::{Commit, CredentialHashChanges, UserWrite};
use testkit::TestEnv;
use testkit::http::{Answer, Browser, Session, StatusCode};
use web::{SessionStart, start_session, token_hash_of};

use crate::handler::router;

/// An admin who is signed in.
struct Admin {
    env: TestEnv,
    browser: Browser<Router>,
    user: User,
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
        let start = SessionStart {
            workspace_id: id.clone(),
            user_id: user.user_id.clone(),
            epoch: 0,
            must_replace_password: false,
        };
        let session = start_session(&env.store, start, &Random::os(), now).await;
        let headers = HeaderMap::from_iter([(header::SET_COOKIE, session.unwrap().set_cookie)]);
        let session = Session {
            cookie: Answer::new(StatusCode::OK, headers, "").cookie().to_owned(),
            ..Session::default()
        };
        Self {
            browser: Browser::with_session(router(env.runner().connections), session),
            user,
            env,
        }
    }

    /// Clicks [連携する] and logs in at SmartHR; returns the path that SmartHR redirects to.
    async fn goes_to_smarthr(&self) -> String {
        let cookie = HeaderValue::try_from(self.browser.session().cookie).unwrap();
        let headers = HeaderMap::from_iter([(header::COOKIE, cookie)]);
        let session_hash = token_hash_of(&headers).unwrap();
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
}

/// Opens a path, and returns the status and the page.
async fn open(browser: &Browser<Router>, path: &str) -> (StatusCode, String) {
    let answer = browser.get(path).await;
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(answer.header("referrer-policy"), "no-referrer");
    (answer.status, answer.text)
}

#[tokio::test]
async fn the_way_to_smarthr_and_back_ends_on_the_page_of_the_manual_once() {
    let admin = Admin::signed_in().await;
    let path = admin.goes_to_smarthr().await;
    let (status, page) = open(&admin.browser, &path).await;
    assert_eq!(status, StatusCode::OK);
    assert!(page.contains("SmartHRとの連携が完了しました。"));
    assert!(page.contains("株式会社あおぞら商事"));
    assert!(page.contains("KiteRaに戻る"));
    let (status, page) = open(&admin.browser, &path).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert!(page.contains("すでに使用されています"));
}

#[tokio::test]
async fn somebody_elses_browser_cannot_use_the_address() {
    let admin = Admin::signed_in().await;
    for cookie in ["", "__Host-session=somebody-elses"] {
        let session = Session {
            cookie: cookie.into(),
            ..Session::default()
        };
        let browser = Browser::with_session(admin.browser.server.clone(), session);
        let path = admin.goes_to_smarthr().await;
        let (status, page) = open(&browser, &path).await;
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
        let (status, page) = open(&admin.browser, &path).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{query}");
        assert!(page.contains("SmartHRと連携できませんでした"));
    }
    let denied = "/smarthr/callback?error=access_denied&state=x";
    let (status, page) = open(&admin.browser, denied).await;
    assert_eq!(status, StatusCode::OK);
    assert!(page.contains("連携がキャンセルされました"));
}
