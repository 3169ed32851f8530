//! Records whose shape this version does not know, as after a roll-back: what can be shown is shown, and the rest says
//! that it is our mistake.

use domain::Role;
use testkit::users::{member, synced};

use super::console::{Console, system_administrator};

const OURS: &str = "当社側の内部エラーにより、登録されている情報の一部を読み取れません。";
const WHAT_TO_DO: &str = "お急ぎの場合はサポートにお問い合わせください。";

/// Adds two users, one of whom SmartHR determines.
async fn add_users(console: &Console) {
    console.env.add_user(synced("usr_linked")).await;
    console.env.add_user(member("usr_by_hand")).await;
}

#[tokio::test]
async fn an_unreadable_connection_leaves_the_users_and_the_history_and_the_rest_says_whose_mistake_it_is()
 {
    let (console, browser) = system_administrator().await;
    add_users(&console).await;
    console.env.corrupt_record("integration", "state").await;
    for page in [
        "/",
        "/users/usr_linked",
        "/users/deleted",
        "/settings/smarthr/history",
        "/settings/audit-events",
    ] {
        let page = browser.get(page).await;
        assert!(
            page.status == 200 || page.status == 404,
            "{} {}",
            page.status,
            page.text
        );
    }
    let users = browser.get("/users").await.ok();
    users.shows(&["/users/usr_linked", "/users/usr_by_hand"]);
    browser.get("/api/v1/users").await.ok();
    browser.get("/api/v1/users/usr_linked").await.ok();
    browser.get("/api/v1/runs").await.ok();

    let settings = browser.get("/settings/smarthr").await;
    assert_eq!(settings.status, 500);
    settings.shows(&[OURS, WHAT_TO_DO, "href=\"/users\""]);
    let integration = browser.get("/api/v1/integration").await;
    integration.is_refused(500, "internal");
    let fields = [("version", "1"), ("name", "別の 名前")];
    let refused = browser.form("/users/usr_by_hand", &fields).await;
    assert_eq!(refused.status, 500);
    refused.shows(&[OURS]);
}

#[tokio::test]
async fn of_an_unreadable_workspace_every_page_is_shown_and_no_form_changes_anything() {
    let (console, browser) = system_administrator().await;
    add_users(&console).await;
    console.env.corrupt_record("profile", "seats").await;
    for path in ["/users", "/users/usr_by_hand", "/settings/smarthr"] {
        let page = browser.get(path).await.ok();
        page.shows(&["株式会社テスト", OURS, WHAT_TO_DO]);
    }
    browser.get("/api/v1/session").await.ok();
    browser.get("/api/v1/users").await.ok();
    let before = console.env.user("usr_by_hand").await;
    let fields = [("version", "1"), ("role", "staff")];
    let refused = browser.form("/users/usr_by_hand", &fields).await;
    assert_eq!(refused.status, 500);
    refused.shows(&[OURS]);
    assert_eq!(console.env.user("usr_by_hand").await, before);
}

#[tokio::test]
async fn one_unreadable_user_is_the_only_one_whom_the_pages_do_not_show() {
    let (console, browser) = system_administrator().await;
    add_users(&console).await;
    console.env.corrupt_user("usr_by_hand", "status").await;
    let users = browser.get("/users").await.ok();
    users.shows(&["/users/usr_linked"]);
    users.shows_no(&["/users/usr_by_hand"]);
    browser.get("/users/usr_linked").await.ok();
    let fields = [("version", "1"), ("role", "staff"), ("groups", "editors")];
    let edited = browser.submit("/users/usr_linked", &fields).await;
    edited.shows(&["ユーザー情報を保存しました。"]);
    assert_eq!(console.env.user("usr_linked").await.role, Role::Staff);

    let person = browser.get("/users/usr_by_hand").await;
    let edit = browser.form("/users/usr_by_hand", &fields).await;
    for answer in [person, edit] {
        assert_eq!(answer.status, 500);
        answer.shows(&[OURS, WHAT_TO_DO]);
    }
    let person = browser.get("/api/v1/users/usr_by_hand").await;
    person.is_refused(500, "internal");
}
