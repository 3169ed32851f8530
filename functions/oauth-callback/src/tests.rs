//! The callback in an admin's browser, with the real router and a test environment behind it.

use axum::Router;
use axum::http::{HeaderMap, StatusCode, header};
use domain::{Connection, ConnectionState, Role, User};
use testkit::http::{Answer, Browser, Session};
use testkit::{AOZORA_ADMIN, TestEnv, users};
use web::token_hash_of;

use crate::handler::router;

/// An admin with a browser.
struct Admin {
    env: TestEnv,
    user: User,
    browser: Browser<Router>,
}

impl Admin {
    async fn signed_in() -> Self {
        let env = TestEnv::new(20, None).await;
        let user = env
            .add_user(users::active("usr_admin", Role::Administrator))
            .await;
        let session = env.session_of(&user.user_id).await;
        Self {
            browser: Browser::with_session(router(env.runner().connections), session),
            user,
            env,
        }
    }

    /// Clicks [連携する] and logs in at SmartHR; returns the path that SmartHR sends the browser to.
    async fn goes_to_smarthr(&self) -> String {
        let cookie = self.browser.session().cookie.parse().unwrap();
        let headers = HeaderMap::from_iter([(header::COOKIE, cookie)]);
        let session_hash = token_hash_of(&headers).unwrap();
        let connections = self.env.runner().connections;
        let id = &self.env.workspace.workspace_id;
        let by = testkit::author(self.user.user_id.as_str());
        let begun = connections.begin(id, &by, &session_hash, None);
        let authorization = begun.await.unwrap();
        let back = self.env.log_in_at_smarthr(&authorization, AOZORA_ADMIN);
        let back = back.await;
        format!("{}?{}", back.path(), back.query().unwrap())
    }
}

/// Opens a callback, which leads to a page without its query, and checks that the answers must not be cached.
async fn open(browser: &Browser<Router>, path: &str) -> Answer {
    let callback = browser.get(path).await;
    assert_eq!(callback.status, StatusCode::SEE_OTHER);
    assert!(callback.location().starts_with("/smarthr/result?outcome="));
    assert_eq!(callback.header("cache-control"), "no-store");
    let answer = browser.follow(&callback).await;
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(answer.header("referrer-policy"), "same-origin");
    answer
}

#[tokio::test]
async fn the_way_to_smarthr_and_back_ends_on_the_page_of_the_manual_once() {
    let admin = Admin::signed_in().await;
    let path = admin.goes_to_smarthr().await;
    let page = open(&admin.browser, &path).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text.contains("SmartHRとの連携が完了しました。"));
    assert!(page.text.contains("株式会社あおぞら商事"));
    assert!(page.text.contains("KiteRaに戻る"));
    let reloaded = admin.browser.get("/smarthr/result?outcome=connected").await;
    reloaded.shows(&["SmartHRとの連携が完了しました。"]);
    let again = open(&admin.browser, &path).await;
    again.shows(&["SmartHRと連携中です"]);
    again.shows_no(&["連携できませんでした"]);
    let stranger = Browser::new(admin.browser.server.clone());
    let claimed = stranger.get("/smarthr/result?outcome=connected").await;
    assert_eq!(claimed.location(), "/settings/smarthr");
}

#[tokio::test]
async fn somebody_elses_browser_cannot_use_the_address() {
    let admin = Admin::signed_in().await;
    for cookie in ["", "__Host-session=somebody-elses"] {
        let path = admin.goes_to_smarthr().await;
        let session = Session {
            cookie: cookie.into(),
            ..Session::default()
        };
        let other = Browser::with_session(admin.browser.server.clone(), session);
        let page = open(&other, &path).await;
        assert_eq!(page.status, StatusCode::FORBIDDEN);
        assert!(page.text.contains("同じブラウザーで"));
        assert!(!page.text.contains("完了しました"));
    }
}

#[tokio::test]
async fn an_address_that_makes_no_sense_gets_a_page_and_no_error() {
    let admin = Admin::signed_in().await;
    let ended = |connection: &mut Connection| connection.state = ConnectionState::Disconnected;
    admin.env.change_connection(ended).await;
    for query in ["", "?", "?state=x&code=y", "?state=%ff", "?state=a&state=b"] {
        let path = format!("/smarthr/callback{query}");
        let page = open(&admin.browser, &path).await;
        assert_eq!(page.status, StatusCode::BAD_REQUEST, "{query}");
        assert!(page.text.contains("SmartHRと連携できませんでした"));
    }
    let denied = "/smarthr/callback?error=access_denied&state=x";
    let page = open(&admin.browser, denied).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text.contains("連携がキャンセルされました"));
}
