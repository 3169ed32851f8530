//! 操作履歴, as a システム管理者 sees it.

use domain::Role;
use jiff::SignedDuration;
use serde_json::{Value, json};
use testkit::users::member;

use super::console::{Browser, Console, system_administrator};

const API: &str = "/api/v1/audit-events";
const PAGE: &str = "/settings/audit-events";

/// Returns a console with a member whom the system administrator edited twice: first the role, then
/// the name.
async fn with_two_edits() -> (Console, Browser) {
    let (console, browser) = system_administrator().await;
    console.env.add_user(member("u")).await;
    for change in [json!({"role": "staff"}), json!({"name": "新しい 名前"})] {
        browser.patch("/api/v1/users/u", change).await.ok();
        testkit::advance(SignedDuration::from_secs(1));
    }
    (console, browser)
}

async fn events(browser: &Browser, query: &str) -> Vec<Value> {
    let page = browser.get(&format!("{API}{query}")).await.ok().json();
    page["events"].as_array().unwrap().clone()
}

#[tokio::test]
async fn a_system_administrator_sees_who_changed_what_from_where() {
    let (console, browser) = with_two_edits().await;
    let found = events(&browser, "").await;
    let [name, role] = &found[..] else {
        panic!("{found:?}")
    };
    let admin = console.env.user("system_administrator").await;
    assert_eq!(role["by_name"], json!(admin.name));
    assert_eq!(role["network"], "203.0.113.7");
    assert_eq!(role["action"], "user_edited");
    let change = json!([{"field": "役割", "old": "メンバー", "new": "担当者"}]);
    assert_eq!(role["changes"], change);
    // A name is shown as it is now, and the trail keeps neither the old nor the new one.
    assert_eq!(name["user_name"], "新しい 名前");
    assert_eq!(
        name["changes"],
        json!([{"field": "氏名", "old": "", "new": ""}])
    );

    let page = browser.get(PAGE).await;
    page.html();
    page.shows(&[
        "ユーザーを編集",
        "役割: メンバー → 担当者",
        "氏名を変更",
        "203.0.113.7",
    ]);
    let file = browser.get(&format!("{PAGE}/csv")).await.ok();
    assert_eq!(file.header("content-type"), "text/csv; charset=utf-8");
    assert_eq!(file.text.lines().count(), 4, "{}", file.text);
    assert!(file.text.contains("新しい 名前,,役割: メンバー → 担当者"));
    assert_eq!(
        events(&browser, "").await[0]["action"],
        "audit_trail_downloaded"
    );
}

#[tokio::test]
async fn the_trail_is_read_page_by_page_by_action_and_by_person() {
    let (_console, browser) = with_two_edits().await;
    let first = browser.get(&format!("{API}?limit=1")).await.ok().json();
    let next = first["next"].as_str().unwrap();
    let second = events(&browser, &format!("?before={next}")).await;
    assert_eq!(second.len(), 1);
    assert_ne!(second[0]["id"], first["events"][0]["id"]);

    browser.delete("/api/v1/users/u").await.ok();
    let deleted = events(&browser, "?action=user_deleted").await;
    assert_eq!(deleted.len(), 1);
    assert_eq!(deleted[0]["user_name"], "削除されたユーザー");
    assert_eq!(events(&browser, "?person=u").await.len(), 3);
    assert_eq!(events(&browser, "?person=nobody").await.len(), 0);
    assert_eq!(browser.get(&format!("{API}?person=a/b")).await.status, 400);
    let page = browser.get(&format!("{PAGE}?action=user_deleted")).await;
    page.shows(&["削除されたユーザー", "絞り込みを解除"]);
}

#[tokio::test]
async fn an_administrator_neither_sees_the_trail_nor_a_way_to_it() {
    let (console, browser) = system_administrator().await;
    let administrator = console.browser(Role::Administrator).await;
    for path in [API.to_owned(), PAGE.to_owned(), format!("{PAGE}/csv")] {
        assert_eq!(administrator.get(&path).await.status, 403, "{path}");
    }
    let shown = |page: String| page.contains(PAGE);
    assert!(!shown(administrator.get("/settings").await.text));
    assert!(shown(browser.get("/settings").await.text));
}

#[tokio::test]
async fn an_event_with_an_action_of_a_later_version_hides_no_other_one() {
    let (console, browser) = with_two_edits().await;
    console.env.corrupt_newest_audit_event().await;
    let found = events(&browser, "").await;
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0]["changes"][0]["field"], "役割");
    assert_eq!(
        events(&browser, "?limit=1").await,
        found,
        "a page is filled"
    );
    browser.get(PAGE).await.ok().shows(&["メンバー → 担当者"]);
    let file = browser.get(&format!("{PAGE}/csv")).await.ok();
    assert!(file.text.contains("担当者"), "{}", file.text);
}

#[tokio::test]
async fn a_run_whose_start_a_later_version_recorded_is_shown() {
    let (console, browser) = system_administrator().await;
    let asked = browser.form("/settings/smarthr/runs", &[]).await;
    console.env.corrupt_newest_audit_event().await;
    let message = console.env.queued_runs().remove(0);
    console.env.run(&message).await.unwrap();
    let run = browser.get(asked.location()).await.ok();
    let name = console.env.user("system_administrator").await.name;
    run.shows(&["今すぐ同期"]);
    run.shows_no(&[&format!("今すぐ同期({name})")]);
}
