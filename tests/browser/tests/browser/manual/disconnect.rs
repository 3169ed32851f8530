//! SmartHRと連携を解除する

use super::walkthrough::Walkthrough;

pub(crate) async fn smarthrと連携を解除する(walkthrough: &Walkthrough) {
    walkthrough.sign_in().await;
    let admin = &walkthrough.admin;

    // 1. [ワークスペース設定]から[外部サービス連携]を開き、[SmartHR]→[解除する]をクリック
    admin.click("ワークスペース設定").await;
    admin.click("外部サービス連携").await;
    admin.click("SmartHR").await;
    admin.click("解除する").await;

    // 2. 「連携を解除しますか?」と表示されるので、[解除する]をクリック
    admin.shows("連携を解除しますか?").await;
    admin
        .shows("解除すると、SmartHRの管理画面で設定した情報は全て削除されます。")
        .await;
    admin.inspect("51-連携を解除しますか").await;
    admin.click("解除する").await;
    admin.shows("連携を解除しました").await;
    assert!(admin.has_button("連携する").await);
    admin.inspect("52-解除した後").await;

    // Users stay, and become editable again.
    admin.go("/users").await;
    admin.click("佐藤 太郎").await;
    admin.does_not_show("SmartHRと連携中のため").await;
    admin.fill("氏名", "佐藤 はなこ").await;
    admin.inspect("53-解除した後のユーザー").await;
    admin.click("保存する").await;
    admin.shows("ユーザー情報を保存しました。").await;
}
