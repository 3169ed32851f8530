//! [ワークスペース設定] → 通知: who gets which mail.

use browser::Chrome;
use end_to_end::{Person, Story};

/// The folder of the screenshots.
const SCREENSHOTS: &str = "notifications";

#[tokio::test]
async fn failures_are_mailed_to_the_address_that_an_admin_chose() {
    let sato = Person::new(1, "佐藤").email("not an address");
    let mut story = Story::connected("browser-notifications", &[sato]).await;
    let admin = Chrome::open_as_admin(&story, SCREENSHOTS).await;
    admin.go("/settings").await;
    admin
        .click_first("main a[href='/settings/notifications']")
        .await;
    admin.inspect("1-通知").await;
    // The first kind is 同期の失敗.
    admin.choose("送信先", "指定したメールアドレス").await;
    admin.fill("メールアドレス", "it@example.jp").await;
    admin.click("設定を保存").await;
    admin.shows("通知の送信先を保存しました。").await;
    admin.inspect("2-送信先を保存した後").await;

    let run = story.night().await;
    assert_eq!(run["counts"]["failed"], 1, "{run}");
    let mails = story.new_mails().await;
    let to: Vec<_> = mails.iter().map(|mail| mail.to.clone()).collect();
    assert_eq!(to, [["it@example.jp"]]);
}
