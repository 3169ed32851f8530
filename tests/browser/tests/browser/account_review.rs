//! [ワークスペース設定] → アカウントの棚卸し.

use browser::Chrome;
use end_to_end::{Person, Story};

/// The folder of the screenshots.
const SCREENSHOTS: &str = "account-review";

#[tokio::test]
async fn the_accounts_are_downloaded_reviewed_and_confirmed() {
    let sato = Person::new(1, "佐藤").email("sato@example.jp");
    let mut story = Story::connected("browser-review", &[sato]).await;
    story.night().await;
    let admin = Chrome::open_as_admin(&story, SCREENSHOTS).await;
    admin.click("ワークスペース設定").await;
    admin
        .click_first("main a[href='/settings/account-review']")
        .await;
    admin.shows("まだ確認されていません").await;
    admin.inspect("1-棚卸し").await;
    admin.click("アカウントの一覧をCSVでダウンロード").await;
    let csv = String::from_utf8(admin.downloaded().await).unwrap();
    assert!(csv.contains("佐藤 太郎") && csv.contains("在籍"), "{csv}");
    admin.click("確認済みにする").await;
    admin
        .shows("アカウントの棚卸しを確認済みにしました。")
        .await;
    admin.inspect("2-確認済み").await;
}
