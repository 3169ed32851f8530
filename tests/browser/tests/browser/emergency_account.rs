//! 緊急用アカウント: a company that would lock itself out by SSO.

use browser::Chrome;
use end_to_end::{ADMIN_EMAIL, Person, Story};
use serde_json::json;

const STORY: &str = "browser-emergency-account";

#[tokio::test]
async fn sso_is_not_saved_before_a_system_administrator_stays_with_a_password() {
    let boss = Person::new(1, "管理").email(ADMIN_EMAIL);
    let tanaka = Person::new(2, "田中").email("tanaka@example.jp");
    let mut story = Story::connected(STORY, &[boss, tanaka]).await;
    story.store_tested_sso().await;
    let run = story.night().await;
    let run_id = run["run_id"].as_str().unwrap();
    let id = story.user("管理").await["id"].clone();
    let answer = json!({"user_ids": [id], "decision": "allow"});
    let held = format!("/api/v1/runs/{run_id}/held-account-changes");
    story.admin.post(&held, answer).await.ok();
    story.next_night().await;

    let admin = Chrome::open(&story, STORY).await;
    admin.sign_in_as_admin().await;
    admin.go("/settings/smarthr").await;
    admin.tick("SSO").await;
    admin.click("設定を保存").await;
    admin.shows("「緊急用アカウント」にしてください").await;
    admin.inspect("1-保存できない").await;
    admin.go("/users").await;
    admin.click("管理 太郎").await;
    admin.tick("緊急用アカウント").await;
    admin.click("保存する").await;
    admin.shows("ユーザー情報を保存しました。").await;
    admin.inspect("2-緊急用アカウント").await;
    admin.go("/settings/smarthr").await;
    admin.tick("SSO").await;
    admin.click("設定を保存").await;
    admin.shows("1名の認証方法がSSOに変わり").await;
    admin.inspect("3-設定を保存した場合のプレビュー").await;
    admin.click("保存する").await;
    admin.shows("SmartHRの設定を保存しました").await;
    story.next_night().await;
    admin.sign_in_as_admin().await;
}
