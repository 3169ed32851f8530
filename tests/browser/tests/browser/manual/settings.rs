//! ユーザー同期設定を行う

use super::walkthrough::Walkthrough;

pub(crate) async fn ユーザー同期設定を行う(walkthrough: &Walkthrough) {
    let admin = &walkthrough.admin;
    admin.shows("ユーザー同期設定").await;

    // 設定作業を日を跨いで行う場合は…作業完了後にチェックを入れることをおすすめします。
    assert!(!admin.is_ticked("有効にする").await);
    admin
        .shows("チェックを入れると、毎日午前2時にSmartHRと同期されます。")
        .await;

    // 詳細な設定方法については、以下のページをご確認ください。SmartHR連携「同期対象」「認証方法」について
    admin.click("「同期対象」「認証方法」について").await;
    admin
        .shows("SmartHRの項目「連携対象」が「連携する」の従業員だけを同期します。")
        .await;
    admin.shows("SmartHR側での設定作業").await;
    admin.inspect("20-同期対象と認証方法について").await;
    admin.go("/settings/smarthr").await;

    // 2. 「同期対象」を選択し、チェックを入れる  3. 「認証方法」を選択し、チェックを入れる
    admin.tick("全てのユーザー").await;
    admin.tick("従業員コードのみのユーザーも同期する").await;
    admin.tick("個別設定").await;

    // 4. 「デフォルトグループ」をプルダウンから選択する
    admin.choose("デフォルトグループ", "閲覧権限グループ").await;
    admin.inspect("21-ユーザー同期設定").await;

    // 5. [設定を保存]をクリック
    admin.click("設定を保存").await;
    admin.shows("SmartHRの設定を保存しました").await;
    admin.inspect("22-設定を保存しました").await;

    // 選択内容によっては、SmartHR側での設定作業も必要です。
    walkthrough.choose_sso_for_takahashi().await;

    // The console's own advice: look first, then switch on.
    admin.click("プレビュー").await;
    admin.shows("まだ何も変更されていません。").await;
    admin.shows("佐藤 太郎").await;
    admin.inspect("23-プレビュー").await;
    admin.go("/settings/smarthr").await;

    // 1. 「ユーザー同期設定」の[有効にする]にチェックを入れる
    admin.tick("有効にする").await;
    admin.click("設定を保存").await;
    admin.shows("SmartHRの設定を保存しました").await;
    for saved in [
        "有効にする",
        "個別設定",
        "従業員コードのみのユーザーも同期する",
    ] {
        assert!(admin.is_ticked(saved).await, "{saved}");
    }
    admin.inspect("24-有効にする").await;
}
