//! 本人確認 before a sensitive action, long after signing in.

use std::time::Duration;

use browser::Chrome;
use end_to_end::{ADMIN_PASSWORD, Person, Story};

const STORY: &str = "browser-confirmation";

#[tokio::test]
async fn a_deletion_long_after_signing_in_asks_for_the_password_and_leads_back() {
    let person = Person::new(1, "田中").email("tanaka@example.jp");
    let mut story = Story::connected(STORY, &[person]).await;
    story.night().await;
    let admin = Chrome::open(&story, STORY).await;
    admin.sign_in_as_admin().await;
    story
        .stack
        .clock()
        .advance(Duration::from_mins(11))
        .unwrap();
    admin.go("/settings/smarthr").await;
    admin.shows("10分以内の本人確認が必要です").await;
    admin.inspect("1-本人確認の案内").await;
    admin.go("/users").await;
    admin.click("田中 太郎").await;
    admin.click("ユーザーを削除").await;
    admin.click("削除する").await;
    admin.shows("影響の大きい操作の前に").await;
    admin.inspect("2-本人確認").await;
    admin.fill("パスワード", "chigau-password").await;
    admin.click("確認する").await;
    admin.shows("現在のパスワードが正しくありません。").await;
    admin.fill("パスワード", ADMIN_PASSWORD).await;
    admin.click("確認する").await;
    admin
        .shows("本人確認ができました。もう一度操作してください。")
        .await;
    admin.inspect("3-本人確認ができました").await;
    admin.click("削除する").await;
    admin.shows("ユーザーを削除しました。").await;
}
