//! A forgotten password, replaced by mail, and a password that is changed.

use browser::Chrome;
use end_to_end::{ADMIN_EMAIL, ADMIN_PASSWORD, Story};

const STORY: &str = "browser-forgotten-password";
const NEW_PASSWORD: &str = "yoru-no-kujira-88";
const ANOTHER_PASSWORD: &str = "umi-no-mukou-no-asa";

#[tokio::test]
async fn a_forgotten_password_is_replaced_by_mail_and_leads_back_to_the_page_that_was_asked_for() {
    let mut story = Story::begin(STORY).await;
    let admin = Chrome::open(&story, STORY).await;
    admin.go("/users").await;
    admin.shows("表示するには、ログインしてください").await;
    admin.inspect("1-ログインが必要").await;
    admin.click("パスワードをお忘れの方").await;
    admin.fill("メールアドレス", "ａｄｍｉｎ＠example.jp").await;
    admin.click("再設定メールを送信する").await;
    admin.inspect("2-再設定メールを送信").await;
    let mails = story.new_mails().await;
    let text = &mails.last().unwrap().text;
    let link = &text[text.find("http").unwrap()..];
    admin.go(link.split_whitespace().next().unwrap()).await;
    admin.shows("パスワードの再設定").await;
    admin.tick("パスワードを表示する").await;
    admin.inspect("3-新しいパスワード").await;
    admin.choose_password(NEW_PASSWORD, "設定する").await;
    admin.shows("企業コード:").await;

    admin.click_first("a.person").await;
    admin.shows("(このブラウザー)").await;
    admin.inspect("4-アカウント").await;
    admin.fill("現在のパスワード", NEW_PASSWORD).await;
    admin.choose_password(ANOTHER_PASSWORD, "変更する").await;
    admin.shows("パスワードを変更しました。").await;
    admin.inspect("5-変更したパスワード").await;
    admin.click("ログアウト").await;

    admin.try_sign_in(ADMIN_EMAIL, ADMIN_PASSWORD).await;
    admin.shows("ログインできませんでした").await;
    admin.go("/users").await;
    admin.fill("メールアドレス", ADMIN_EMAIL).await;
    admin.fill("パスワード", ANOTHER_PASSWORD).await;
    admin.click("ログイン").await;
    admin.shows("ユーザー管理").await;
    admin.shows(ADMIN_EMAIL).await;
}
