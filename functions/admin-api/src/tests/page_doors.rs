//! Who gets into which page, and what no form does.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use domain::{Role, UserId};

use super::console::{Console, contains};

const PAGE: &str = "/settings/smarthr";

#[tokio::test]
async fn staff_and_members_get_403_and_read_the_page_without_buttons() {
    let console = Console::open().await;
    for role in [Role::Staff, Role::Member] {
        let browser = console.browser(role).await;
        let page = browser.get(PAGE).await;
        assert_eq!(page.status, StatusCode::FORBIDDEN);
        contains(
            page.html(),
            &[
                "役割が「システム管理者」「管理者」のユーザーのみ操作可能です",
                "SmartHR企業アカウント&#60;株式会社あおぞら商事&#62;と連携中",
                "閲覧権限グループ",
            ],
        );
        let buttons = page.html().matches("<button").count();
        assert_eq!(buttons, 1, "ログアウト and nothing else");
        for path in [
            "/settings",
            "/settings/integrations",
            "/settings/smarthr/disconnect",
            "/settings/smarthr/history",
            "/settings/smarthr/history/some-run",
            "/settings/smarthr/history/some-run/log",
            "/settings/smarthr/previews/some-preview",
        ] {
            let page = browser.get(path).await;
            assert_eq!(page.status, StatusCode::FORBIDDEN, "{path}");
            assert_eq!(page.html().matches("<button").count(), 1, "{path}");
        }
    }
}

const FORMS: [&str; 7] = [
    PAGE,
    "/settings/smarthr/connect",
    "/settings/smarthr/relink",
    "/settings/smarthr/disconnect",
    "/settings/smarthr/runs",
    "/settings/smarthr/previews",
    "/settings/smarthr/history/some-run/held-deletions",
];

#[tokio::test]
async fn no_form_does_anything_for_members_or_without_its_hidden_field() {
    let console = Console::open().await;
    let member = console.browser(Role::Member).await;
    let admin = console.browser(Role::SystemAdministrator).await;
    let store = &console.env.store;
    let before = store.connection(console.id()).await.unwrap();
    for path in FORMS {
        let answer = member.form(path, &[]).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path}");
        for fields in [&[][..], &[("csrf", "wrong")]] {
            let answer = admin.form_without_csrf(path, fields).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path}");
            contains(answer.html(), &["画面の有効期限が切れました"]);
        }
    }
    let after = store.connection(console.id()).await.unwrap();
    assert_eq!(after, before);
    assert!(console.env.services.take_message().is_none());
}

#[tokio::test]
async fn whoever_is_not_signed_in_is_led_to_the_sign_in_and_beginners_to_their_password() {
    let console = Console::open().await;
    for path in ["/settings", PAGE, "/settings/smarthr/history"] {
        let request = Request::get(path).body(Body::empty()).unwrap();
        assert_eq!(console.call(request).await.location(), "/sign-in");
    }
    console.user("new", Role::Administrator).await;
    let browser = console.signed_in(&UserId::new("new"), true).await;
    assert_eq!(browser.get(PAGE).await.location(), "/first-login");
}

#[tokio::test]
async fn an_address_that_does_not_exist_gets_a_page_for_people() {
    let console = Console::open().await;
    let browser = console.browser(Role::Administrator).await;
    let page = browser.get("/settings/nothing").await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
    contains(page.html(), &["このURLは存在しません。", "href=\"/users\""]);
    let page = browser.get("/settings/smarthr/runs").await;
    assert_eq!(page.status, StatusCode::METHOD_NOT_ALLOWED);
    contains(
        page.html(),
        &["この操作はできません。", "aria-label=\"メニュー\""],
    );
    let request = Request::get("/settings/nothing").body(Body::empty());
    let stranger = console.call(request.unwrap()).await;
    assert_eq!(stranger.status, StatusCode::NOT_FOUND);
    assert!(!stranger.html().contains("aria-label=\"メニュー\""));
}
