//! Passkeys in Chromium, whose authenticators are virtual ones: added on /account, and used after the
//! password and for 本人確認.

use browser::Chrome;
use end_to_end::{ADMIN_EMAIL, ADMIN_PASSWORD, Story};

const STORY: &str = "passkeys";

#[tokio::test]
async fn a_passkey_is_added_where_the_user_is_verified_and_signs_in_after_the_password() {
    let mut story = Story::begin(STORY).await;
    let admin = Chrome::open_as_admin(&story, STORY).await;
    admin.go("/account").await;
    let without_verification = admin.plug_in_authenticator(false).await;
    admin.click("パスキーを追加").await;
    admin.shows("パスキーを確認できませんでした").await;
    admin.inspect("1-本人確認ができない端末").await;
    admin.unplug(without_verification).await;
    admin.plug_in_authenticator(true).await;
    admin.click("パスキーを追加").await;
    admin.shows("パスキーを追加しました。").await;
    admin.inspect("2-追加したパスキー").await;
    let mails = story.new_mails().await;
    assert!(mails.last().unwrap().text.contains("パスキー"));
    admin.click("ログアウト").await;

    admin.try_sign_in(ADMIN_EMAIL, ADMIN_PASSWORD).await;
    admin.shows("二段階認証").await;
    admin.inspect("3-パスキーで続ける").await;
    admin.go("/users").await;
    admin.does_not_show("ユーザー管理").await;
    admin.click("パスキーで続ける").await;
    admin.shows("企業コード:").await;

    let later = std::time::Duration::from_mins(30);
    story.stack.clock().advance(later).unwrap();
    admin.go("/account/confirm").await;
    admin.inspect("4-パスキーで確認する").await;
    admin.click("パスキーで確認する").await;
    admin.shows("本人確認ができました。").await;
}
