//! SmartHRと連携を設定する

use super::walkthrough::Walkthrough;

pub(crate) async fn smarthrと連携を設定する(walkthrough: &Walkthrough) {
    let admin = &walkthrough.admin;
    admin.go("/").await;
    admin.inspect("10-トップ").await;

    // 1. [ワークスペース設定]をクリック
    admin.click("ワークスペース設定").await;
    admin.shows("外部サービス連携").await;
    admin.inspect("11-ワークスペース設定").await;

    // 2. 開いたメニューの中の[外部サービス連携]をクリックし、[SmartHR]→[連携する]をクリック
    admin.click("外部サービス連携").await;
    admin.inspect("12-外部サービス連携").await;
    admin.click("SmartHR").await;
    admin.shows("SmartHRと連携されていません").await;
    admin.inspect("13-SmartHR").await;
    admin.click("連携する").await;

    // SmartHRのログイン画面に移動。メールアドレス・パスワードを入力しログインします。
    admin.shows("SmartHRにログイン").await;
    admin.screenshot("14-SmartHRのログイン画面").await;
    admin
        .fill("メールアドレス", "group-admin@aozora-shoji.example")
        .await;
    admin.fill("パスワード", "group-admin").await;
    admin.click("ログインして許可する").await;

    // ※SmartHRでマルチログインアカウントをお持ちの場合、連携先の選択画面が表示されます。
    admin
        .shows("連携する企業アカウントを選択してください")
        .await;
    admin.screenshot("15-連携先の選択画面").await;
    admin.click("株式会社あおぞら商事").await;

    admin.shows("SmartHRとの連携が完了しました。").await;
    admin.inspect("16-連携が完了").await;

    // 3. [KiteRaに戻る]をクリック
    admin.click("KiteRaに戻る").await;
    admin
        .shows("SmartHR企業アカウント<株式会社あおぞら商事>と連携中")
        .await;
    admin.inspect("17-連携中").await;
}
