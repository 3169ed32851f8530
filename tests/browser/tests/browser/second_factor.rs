//! An authenticator app: set up, asked for, and replaced by a recovery code.

use std::time::Duration;

use browser::Chrome;
use end_to_end::{ADMIN_EMAIL, ADMIN_PASSWORD, AuthenticatorApp, Story};

const STORY: &str = "browser-second-factor";

#[tokio::test]
async fn a_second_factor_is_set_up_asked_for_and_replaced_by_a_recovery_code() {
    let story = Story::begin(STORY).await;
    let admin = Chrome::open_as_admin(&story, STORY).await;
    admin.go("/account").await;
    admin.click("認証アプリを設定する").await;
    admin.inspect("1-認証アプリの設定").await;
    let app = AuthenticatorApp::reading(&admin.text().await);
    admin
        .fill(
            "認証アプリに表示された6桁のコード",
            &app.code_at(story.stack.clock().now()),
        )
        .await;
    admin.click("設定する").await;
    admin.shows("一度しか表示されません").await;
    admin.inspect("2-リカバリーコード").await;
    let page = admin.text().await;
    let recovery = page
        .split_whitespace()
        .find(|word| word.matches('-').count() == 5);
    admin.click("アカウントに進む").await;
    admin.shows("未使用のリカバリーコードは10個です").await;
    admin.inspect("3-二段階認証").await;
    admin.click("ログアウト").await;

    admin.try_sign_in(ADMIN_EMAIL, ADMIN_PASSWORD).await;
    admin
        .shows("認証アプリのコード(6桁)、またはリカバリーコード")
        .await;
    // Its code is accepted already.
    let next_half_minute = story.stack.clock().now() + Duration::from_secs(30);
    admin.inspect("4-二段階認証のコード").await;
    admin
        .fill(
            "認証アプリのコード(6桁)、またはリカバリーコード",
            &app.code_at(next_half_minute),
        )
        .await;
    admin.click("ログイン").await;
    admin.shows("企業コード:").await;
    admin.click("ログアウト").await;

    admin.try_sign_in(ADMIN_EMAIL, ADMIN_PASSWORD).await;
    admin
        .fill(
            "認証アプリのコード(6桁)、またはリカバリーコード",
            recovery.unwrap(),
        )
        .await;
    admin.click("ログイン").await;
    admin.shows("企業コード:").await;
    admin.go("/account").await;
    admin.shows("未使用のリカバリーコードは9個です").await;
}
