//! [この人を今すぐ同期]: one person, without waiting for the night.

use domain::Role;
use serde_json::json;

use super::console::{administrator, crews};

const FAILURES: &str = "/settings/smarthr/failures";
/// The person whose address is malformed at first, and the page of their sync.
const SYNC: &str = "/settings/smarthr/employees/c3/sync";

#[tokio::test]
async fn who_is_corrected_in_smarthr_is_synced_at_once_and_the_progress_is_shown() {
    let (console, browser) = administrator().await;
    let mut company = crews();
    console.env.set_crews(&company).await;
    console.env.nightly_run().await;
    let page = browser.get(FAILURES).await;
    page.shows(&["nonsense", SYNC, "この人を今すぐ同期</button>"]);

    company[2]["email"] = "y3@example.jp".into();
    console.env.set_crews(&company).await;
    let asked = browser.form(SYNC, &[]).await;
    let waiting = browser.get(asked.location()).await;
    waiting.shows(&["開始を待っています", "http-equiv=\"refresh\""]);

    let message = console.env.immediate_message();
    console.env.run(&message).await.unwrap();
    let page = browser.get(asked.location()).await;
    page.shows(&[
        "読み取りました",
        "招待: 成功",
        "書き込みました",
        "送信を依頼しました",
        "に完了しました。",
    ]);
    page.shows_no(&["http-equiv"]);
    let users = browser.get("/api/v1/users?q=y3@example.jp").await.json();
    assert_eq!(users["users"][0]["status"], "invited");
    let progress = browser.get("/api/v1/employees/c3/sync").await.json();
    assert_eq!(progress["outcome"], "成功");
    assert_eq!(progress["user_id"], users["users"][0]["id"]);

    let history = browser.get("/settings/smarthr/history").await;
    history.shows(&["即時反映", "2026/11/23</a>", "招待 <b>1</b>"]);
    let day = format!("/settings/smarthr/history/{}", message.run_id);
    let day = browser.get(&day).await;
    day.shows(&["2026/11/23", "に反映</p>"]);
    let trail = console.browser(Role::SystemAdministrator).await;
    let trail = trail.get("/settings/audit-events").await;
    trail.shows(&["この人を今すぐ同期"]);
}

#[tokio::test]
async fn a_person_who_cannot_be_synced_now_says_why() {
    let (console, browser) = administrator().await;
    let mut company = crews();
    console.env.set_crews(&company).await;
    console.env.nightly_run().await;
    let asked = browser.form(SYNC, &[]).await;
    let message = console.env.immediate_message();
    console.env.run(&message).await.unwrap();
    browser.get(asked.location()).await.shows(&[
        "失敗",
        "メールアドレスの形式",
        "変更はありません",
        "/help/failure-causes",
    ]);

    company.truncate(2);
    console.env.set_crews(&company).await;
    let asked = browser.form(SYNC, &[]).await;
    console.env.run(&message).await.unwrap();
    browser
        .get(asked.location())
        .await
        .shows(&["SmartHRにこの方の情報がありません"]);
}

#[tokio::test]
async fn nobody_is_synced_alone_while_the_sync_is_switched_off_or_too_often() {
    let (console, browser) = administrator().await;
    console.env.set_crews(&crews()).await;
    let api = "/api/v1/employees/c1/sync";
    for _ in 0..100 {
        assert_eq!(browser.post(api, json!({})).await.status, 202);
    }
    assert_eq!(browser.post(api, json!({})).await.status, 429);
    console
        .env
        .change_connection(|it| it.settings.enabled = false)
        .await;
    let refused = browser.post(api, json!({})).await;
    assert_eq!(refused.status, 409);
    assert_eq!(refused.json()["code"], "sync_off");
    browser
        .get(FAILURES)
        .await
        .shows_no(&["この人を今すぐ同期"]);
}
