//! ご契約, and the warning that leads there.

use browser::Chrome;
use end_to_end::{Person, Story};
use serde_json::json;

/// The folder of the screenshots.
const SCREENSHOTS: &str = "contract";

#[tokio::test]
async fn the_seats_of_the_plan_are_shown_and_warned_about() {
    let mut story = Story::begin_with("browser-contract", json!({ "seats": 2 })).await;
    let sato = Person::new(1, "佐藤").email("sato@example.jp");
    story.put_people(&[sato]).await;
    story.connect().await;
    story.save(json!({})).await.ok();
    let admin = Chrome::open_as_admin(&story, SCREENSHOTS).await;
    admin.click("ワークスペース設定").await;
    admin.click_first("main a[href='/settings/contract']").await;
    admin.shows("うち招待中 0名").await;
    admin.inspect("1-ご契約").await;
    story.night().await;
    admin.go("/").await;
    admin.shows("プランのユーザー数の上限に達しています").await;
    admin
        .click_first(".to-do a[href='/settings/contract']")
        .await;
    admin.shows("うち招待中 1名").await;
    admin.inspect("2-上限").await;
}
