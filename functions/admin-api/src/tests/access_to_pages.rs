//! Access to pages by role.

use domain::Role;

use super::console::{Console, administrator};

const PAGE: &str = "/settings/smarthr";

#[tokio::test]
async fn staff_and_members_get_403_and_read_the_page_without_buttons() {
    let console = Console::open().await;
    for role in [Role::Staff, Role::Member] {
        let browser = console.browser(role).await;
        browser.get(PAGE).await.shows(&[
            "役割が「システム管理者」「管理者」のユーザーのみ操作可能です",
            "SmartHR企業アカウント&#60;株式会社あおぞら商事&#62;と連携中",
            "閲覧権限グループ",
        ]);
        for path in [
            PAGE,
            "/settings",
            "/settings/integrations",
            "/settings/smarthr/disconnect",
            "/settings/smarthr/failures",
            "/settings/smarthr/history",
            "/settings/smarthr/history/some-run",
            "/settings/smarthr/history/some-run/log",
            "/settings/smarthr/previews/some-preview",
            "/users",
            "/users/deleted",
            "/users/member",
        ] {
            let page = browser.get(path).await;
            assert_eq!(page.status, 403, "{path}");
            page.shows(&["「システム管理者」「管理者」"]);
            page.shows_no(&["@example.jp"]);
            let buttons = page.html().matches("<button").count();
            assert_eq!(buttons, 1, "{path}: ログアウト and nothing else");
        }
    }
}

#[tokio::test]
async fn who_has_to_replace_an_initial_password_is_led_there() {
    let console = Console::open().await;
    let browser = console.browser_of_beginner().await;
    assert_eq!(browser.get(PAGE).await.location(), "/first-login");
}

/// That something of another workspace is not found either is a test of the security crate.
#[tokio::test]
async fn what_does_not_exist_is_a_page_that_says_so() {
    let (_console, browser) = administrator().await;
    for path in [
        "/users/unknown",
        "/users/%20",
        "/users/deleted%23ws_test",
        "/settings/smarthr/history/unknown?asked=1",
        "/settings/smarthr/history/%ff",
    ] {
        let page = browser.get(path).await;
        assert_eq!(page.status, 404, "{path}");
        page.shows(&["存在しません。"]);
    }
}

#[tokio::test]
async fn an_address_that_does_not_exist_gets_a_page_for_people() {
    let (console, browser) = administrator().await;
    let page = browser.get("/settings/nothing").await;
    assert_eq!(page.status, 404);
    page.shows(&["このURLは存在しません。", "href=\"/users\""]);
    let page = browser.get("/settings/smarthr/previews").await;
    assert_eq!(page.status, 405);
    page.shows(&["この操作はできません。", "aria-label=\"メニュー\""]);
    let page = console.stranger().get("/settings/nothing").await;
    assert_eq!(page.status, 404);
    page.shows_no(&["aria-label=\"メニュー\""]);
}
