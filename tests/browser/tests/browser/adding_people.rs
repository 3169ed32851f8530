//! [ユーザーを招待]: people who are not in SmartHR.

use browser::Chrome;
use end_to_end::Story;

/// The folder of the screenshots.
const SCREENSHOTS: &str = "adding-people";

#[tokio::test]
async fn people_who_are_not_in_smarthr_are_invited_by_mail_and_registered_by_code() {
    let story = Story::connected("browser-adding", &[]).await;
    let admin = Chrome::open_as_admin(&story, SCREENSHOTS).await;
    admin.go("/users").await;
    admin.click("ユーザーを招待").await;
    admin.inspect("1-ユーザーを招待").await;
    let people = "arai@audit.example 新井 一郎\nnobody";
    admin.fill("招待する方", people).await;
    admin.click("招待する").await;
    admin
        .shows("nobody: メールアドレスの形式が正しくありません。")
        .await;
    admin.inspect("2-招待できなかった方").await;
    admin.fill("氏名", "工場 太郎").await;
    admin.fill("従業員コード", "F-001").await;
    admin.click("登録する").await;
    admin
        .shows("初期パスワードをシステム管理者にメールで送信しました。")
        .await;
    admin.shows("新井 一郎").await;
    admin.shows("工場 太郎").await;
    admin.inspect("3-招待した方").await;
}
