//! [CSVで招待]: people who are not in SmartHR, from a file.

use browser::Chrome;
use end_to_end::Story;

/// The folder of the screenshots.
const SCREENSHOTS: &str = "importing-people";

#[tokio::test]
async fn people_of_a_file_are_invited_after_a_preview_that_names_its_bad_line() {
    let mut story = Story::connected("browser-importing", &[]).await;
    let admin = Chrome::open_as_admin(&story, SCREENSHOTS).await;
    admin.go("/users/new").await;
    admin.click("CSVファイルでまとめて招待").await;
    admin.inspect("1-CSVで招待").await;
    let file = "\u{FEFF}メールアドレス,社員番号,氏名,役割,グループ\r\n\
        arai@audit.example,,新井 一郎,担当者,\r\n\
        nobody,,,,\r\n";
    admin
        .choose_file("CSVファイル", "people.csv", file.as_bytes())
        .await;
    admin.click("内容を確認する").await;
    admin
        .shows("1名を招待できます。まだ招待していません。")
        .await;
    admin.shows("3行目").await;
    admin
        .shows("メールアドレスの形式が正しくありません。")
        .await;
    admin.inspect("2-CSVの内容を確認").await;
    admin.click("この内容で招待する").await;
    admin.shows("1名を招待しました。").await;
    admin.inspect("3-招待した結果").await;
    let mails = story.new_mails().await;
    let invited = mails
        .iter()
        .any(|mail| mail.to.contains(&"arai@audit.example".to_owned()));
    assert!(invited, "{mails:?}");
    admin.click("ユーザー管理へ").await;
    admin.shows("新井 一郎").await;
}
