//! SmartHRと連携を設定する

use crate::walk::Walk;

pub(crate) async fn smarthrと連携を設定する(walk: &Walk) {
    let admin = &walk.admin;
    admin.go("/").await;
    admin.look("10-トップ").await;

    // 1. [ワークスペース設定]をクリック
    admin.click("ワークスペース設定").await;
    admin.says("外部サービス連携").await;
    admin.look("11-ワークスペース設定").await;

    // 2. 開いたメニューの中の[外部サービス連携]をクリックし、[SmartHR]→[連携する]をクリック
    admin.click("外部サービス連携").await;
    admin.look("12-外部サービス連携").await;
    admin.click("SmartHR").await;
    admin.says("SmartHRと連携されていません").await;
    admin.look("13-SmartHR").await;
    admin.click("連携する").await;

    // SmartHRのログイン画面に移動。メールアドレス・パスワードを入力しログインします。
    admin.says("SmartHRにログイン").await;
    admin.picture("14-SmartHRのログイン画面").await;
    admin
        .fill("メールアドレス", "group-admin@aozora-shoji.example")
        .await;
    admin.fill("パスワード", "group-admin").await;
    admin.click("ログインして許可する").await;

    // ※SmartHRでマルチログインアカウントをお持ちの場合、連携先の選択画面が表示されます。
    admin.says("連携する企業アカウントを選択してください").await;
    admin.picture("15-連携先の選択画面").await;
    admin.click("株式会社あおぞら商事").await;

    admin.says("SmartHRとの連携が完了しました。").await;
    admin.look("16-連携が完了").await;

    // 3. [KiteRaに戻る]をクリック
    admin.click("KiteRaに戻る").await;
    admin
        .says("SmartHR企業アカウント<株式会社あおぞら商事>と連携中")
        .await;
    admin.look("17-連携中").await;
}
