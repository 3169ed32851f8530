//! Access to pages by role, and refused forms.

use axum::http::StatusCode;
use domain::{Role, UserId};
use testkit::http::Request;

use super::console::{Console, administrator, contains, invited};

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
            "/users",
            "/users/deleted",
            "/users/member",
        ] {
            let page = browser.get(path).await;
            assert_eq!(page.status, StatusCode::FORBIDDEN, "{path}");
            assert!(
                page.html().contains("「システム管理者」「管理者」"),
                "{path}"
            );
            assert!(!page.html().contains("@example.jp"), "{path}");
            assert_eq!(page.html().matches("<button").count(), 1, "{path}");
        }
    }
}

const FORMS: [&str; 14] = [
    PAGE,
    "/settings/smarthr/connect",
    "/settings/smarthr/relink",
    "/settings/smarthr/disconnect",
    "/settings/smarthr/runs",
    "/settings/smarthr/previews",
    "/settings/smarthr/history/some-run/held-deletions",
    "/users/u",
    "/users/u/delete",
    "/users/u/unlink",
    "/users/u/invitation",
    "/users/u/initial-password",
    "/users/invitations",
    "/users/deleted/u/restore",
];

#[tokio::test]
async fn no_form_does_anything_for_members_or_without_its_hidden_field() {
    let console = Console::open().await;
    let members = [
        console.browser(Role::Member).await,
        console.browser(Role::Staff).await,
    ];
    let admin = console.browser(Role::SystemAdministrator).await;
    console.create(invited("u")).await;
    let store = &console.env.store;
    let before = store.connection(console.id()).await.unwrap();
    let fields = [("user_ids", "u"), ("role", "staff")];
    for path in FORMS {
        for member in &members {
            let answer = member.form(path, &fields).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path}");
        }
        for csrf in [&[][..], &[("csrf", "")], &[("csrf", "wrong")]] {
            let request = Request::post(path).form(&[&fields[..], csrf].concat());
            let answer = admin.send_without_csrf(request).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path}");
            contains(answer.html(), &["画面の有効期限が切れました。"]);
        }
    }
    let after = store.connection(console.id()).await.unwrap();
    assert_eq!(after, before);
    assert_eq!(console.stored("u").await, invited("u"));
    assert!(console.env.services.take_message().is_none());
}

#[tokio::test]
async fn whoever_is_not_signed_in_is_led_to_the_sign_in_and_beginners_to_their_password() {
    let console = Console::open().await;
    for path in ["/settings", PAGE, "/settings/smarthr/history", "/users"] {
        assert_eq!(console.stranger().get(path).await.location(), "/sign-in");
    }
    console.user("new", Role::Administrator).await;
    let browser = console.signed_in(&UserId::new("new"), true).await;
    assert_eq!(browser.get(PAGE).await.location(), "/first-login");
}

#[tokio::test]
async fn an_address_that_does_not_exist_gets_a_page_for_people() {
    let (console, browser) = administrator().await;
    let page = browser.get("/settings/nothing").await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
    contains(page.html(), &["このURLは存在しません。", "href=\"/users\""]);
    let page = browser.get("/settings/smarthr/runs").await;
    assert_eq!(page.status, StatusCode::METHOD_NOT_ALLOWED);
    contains(
        page.html(),
        &["この操作はできません。", "aria-label=\"メニュー\""],
    );
    let stranger = console.stranger().get("/settings/nothing").await;
    assert_eq!(stranger.status, StatusCode::NOT_FOUND);
    assert!(!stranger.html().contains("aria-label=\"メニュー\""));
}
