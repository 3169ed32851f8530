//! 関連企業管理: the manual's last sentence, from entering to deletion.

use browser::Chrome;
use end_to_end::{ADMIN_PASSWORD, Person, Story};
use serde_json::json;

/// The folder of the screenshots.
const SCREENSHOTS: &str = "related-companies";

#[tokio::test]
async fn a_leaver_enters_through_the_parent_company_until_the_admin_deletes_the_user() {
    let sato = Person::new(1, "佐藤").email("sato@example.jp");
    let mut story = Story::connected("browser-related", std::slice::from_ref(&sato)).await;
    story.night().await;
    let parent = json!({
        "name": "みどりホールディングス", "company_code": "MIDORI-HD", "seats": 10,
        "system_administrator": {
            "name": "佐藤 太郎", "email": "sato@example.jp", "password": ADMIN_PASSWORD,
        },
    });
    story.stack.invoke("provision", parent).await.unwrap();
    let contract = json!({
        "workspace_id": story.workspace_id, "parent_company_code": "MIDORI-HD",
    });
    story.stack.invoke("provision", contract).await.unwrap();

    let admin = Chrome::open_as_admin(&story, SCREENSHOTS).await;
    admin.click("ワークスペース設定").await;
    admin
        .click_first("main a[href='/settings/related-companies']")
        .await;
    admin
        .shows("みどりホールディングス(企業コード: MIDORI-HD)")
        .await;
    admin.fill("メールアドレス", "sato@example.jp").await;
    admin.click("ユーザーを追加").await;
    admin.shows("ユーザーを追加しました。").await;
    admin.inspect("1-関連企業管理").await;

    story.put_people(&[sato.retired()]).await;
    let run = story.next_night().await;
    assert_eq!(run["counts"]["deleted"], 1, "{run}");

    let person = Chrome::open(&story, "related-companies-person").await;
    person.try_sign_in("sato@example.jp", ADMIN_PASSWORD).await;
    person.click_first("details.workspaces summary").await;
    person
        .click_first("details.workspaces a[href='/related-companies']")
        .await;
    person.inspect("1-関連企業").await;
    person.click_first("main form button").await;
    person.shows("みどりホールディングスからアクセス中").await;
    person.inspect("2-関連企業のワークスペース").await;

    admin.sign_in_as_admin().await;
    let history = run["run_id"].as_str().unwrap();
    admin
        .go(&format!("/settings/smarthr/history/{history}"))
        .await;
    admin.shows("親会社経由でアクセスできます").await;
    admin
        .click_first("td a[href='/settings/related-companies']")
        .await;
    admin.click_first("td form button").await;
    admin.shows("ユーザーを削除しました。").await;
    person.go("/").await;
    person.shows("ログイン").await;
    person.does_not_show("からアクセス中").await;

    admin.go("/settings/audit-events").await;
    admin.shows("佐藤 太郎(親会社)").await;
    admin.shows("親会社からアクセス").await;
    admin.inspect("2-操作履歴").await;
}
