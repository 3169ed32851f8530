//! [ワークスペース設定] → グループ.

use browser::Chrome;
use end_to_end::{Person, Story};

/// The folder of the screenshots.
const SCREENSHOTS: &str = "groups";

#[tokio::test]
async fn a_group_is_created_filled_renamed_and_deleted() {
    let sato = Person::new(1, "佐藤").email("sato@example.jp");
    let mut story = Story::connected("browser-groups", &[sato]).await;
    story.night().await;
    let admin = Chrome::open_as_admin(&story, SCREENSHOTS).await;
    admin.click("ワークスペース設定").await;
    admin.click_first("main a[href='/settings/groups']").await;
    admin.fill("グループ名", "総務部").await;
    admin.click("作成する").await;
    admin.shows("グループを作成しました。").await;
    admin.inspect("1-グループの一覧").await;
    admin.click("総務部").await;
    admin
        .fill("追加する方", "sato@example.jp\nnobody@example.jp")
        .await;
    admin.click("追加する").await;
    admin.shows("nobody@example.jp: このワークスペースに").await;
    admin.inspect("2-見つからない方").await;
    admin.shows("メンバー(1名)").await;
    admin
        .shows("メンバーがいるため(1名)、削除できません。")
        .await;
    admin.fill("グループ名", "人事総務部").await;
    admin.click("名前を変更").await;
    admin.shows("グループ名を変更しました。").await;
    admin.tick("佐藤 太郎を選択する").await;
    admin.click("選択したメンバーを外す").await;
    admin.shows("メンバーはいません。").await;
    admin.click("削除する").await;
    admin.shows("グループを削除しました。").await;
    admin.does_not_show("人事総務部").await;
    admin.click("閲覧権限グループ").await;
    admin
        .shows("デフォルトグループのため、削除できません。")
        .await;
    admin.inspect("3-デフォルトグループ").await;
}
