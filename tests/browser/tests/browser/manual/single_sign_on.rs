//! [ワークスペース設定]→[セキュリティ]→[シングルサインオン(SSO)], and the way in of people whose 認証方法 is SSO.

use browser::{CLIENT_ID, CLIENT_SECRET, Chrome};
use end_to_end::ADMIN_EMAIL;

use super::walkthrough::Walkthrough;

pub(crate) async fn シングルサインオンを設定する(walkthrough: &Walkthrough) {
    let admin = &walkthrough.admin;
    admin.go("/settings").await;
    admin.click("シングルサインオン(SSO)").await;
    admin.shows("IDプロバイダーに登録する値").await;
    admin.inspect("18-シングルサインオン").await;
    let issuer = &walkthrough.provider.issuer;
    admin.fill("発行者(Issuer)", issuer).await;
    admin.fill("クライアントID", CLIENT_ID).await;
    admin.fill("クライアントシークレット", CLIENT_SECRET).await;
    admin.click("設定を保存").await;
    admin.shows("SSOの設定を保存しました。").await;
    admin.inspect("19-SSOの設定を保存しました").await;
    admin.click("接続テスト").await;
    sign_in_at_provider(admin, ADMIN_EMAIL).await;
    admin.shows("接続テストに成功しました。").await;
    admin.shows("管理 花子").await;
    admin.inspect("20-接続テスト").await;
    admin.go("/settings/smarthr").await;
}

/// Signs in on the pages of the provider.
pub(crate) async fn sign_in_at_provider(browser: &Chrome, email: &str) {
    browser.type_into("input[name=login]", email).await;
    browser.type_into("input[name=password]", "anything").await;
    browser.click("Sign-in").await;
    browser.click("Continue").await;
}
