//! [セキュリティ] → ドメイン制限, and the way there from a failure.

use browser::Chrome;
use end_to_end::{Person, Story};

/// The folder of the screenshots.
const SCREENSHOTS: &str = "allowed-domains";

#[tokio::test]
async fn a_domain_that_is_not_allowed_is_added_where_the_failure_leads() {
    let sato = Person::new(1, "佐藤").email("sato@partner.example");
    let mut story = Story::connected("browser-domains", &[sato]).await;
    let admin = Chrome::open_as_admin(&story, SCREENSHOTS).await;
    admin.go("/settings").await;
    admin
        .click_first("main a[href='/settings/allowed-domains']")
        .await;
    admin.inspect("1-ドメイン制限").await;
    admin.tick("ドメイン制限を有効にする").await;
    admin.fill("許可ドメイン", "taro@example.jp").await;
    admin.click("設定を保存").await;
    admin
        .shows("「taro@example.jp」はメールアドレスです。")
        .await;
    admin.inspect("2-ドメインではない").await;
    admin.fill("許可ドメイン", "@example.jp").await;
    admin.click("設定を保存").await;
    admin.shows("ドメイン制限を保存しました。").await;

    let run = story.night().await;
    assert_eq!(run["counts"]["failed"], 1, "{run}");
    admin.go("/settings/smarthr/failures").await;
    admin.shows("許可ドメインに追加してください").await;
    admin.inspect("3-許可されていない方").await;
    admin
        .click_first("td a[href='/settings/allowed-domains']")
        .await;
    admin
        .fill("許可ドメイン", "example.jp\npartner.example")
        .await;
    admin.click("設定を保存").await;
    admin.shows("ドメイン制限を保存しました。").await;
    admin.inspect("4-許可ドメインを追加した後").await;
    let run = story.next_night().await;
    assert_eq!(run["counts"]["invited"], 1, "{run}");
}
