//! SSO by SAML 2.0 with SimpleSAMLphp, from the metadata to 高橋, who signs in there.

use browser::{Chrome, SamlIdentityProvider};
use end_to_end::{Person, Story};
use serde_json::json;

/// The folder of the screenshots.
const SCREENSHOTS: &str = "saml";

#[tokio::test]
async fn somebody_registered_for_sso_signs_in_at_simplesamlphp() {
    let takahashi = Person::new(3, "高橋").email("takahashi@example.jp");
    let workspace = json!({ "allowed_domains": ["example.jp"] });
    let mut story = Story::connected_with("browser-saml", workspace, &[takahashi]).await;
    let provider = SamlIdentityProvider::start(&story);

    let admin = Chrome::open_as_admin(&story, SCREENSHOTS).await;
    admin.go("/settings/single-sign-on").await;
    admin.inspect("1-SAMLの設定").await;
    let metadata = provider.metadata().await;
    admin
        .fill("IDプロバイダーのメタデータ(XML)", &metadata)
        .await;
    admin.click("SAMLの設定を保存").await;
    admin.shows("SSOの設定を保存しました。").await;
    admin.inspect("2-SAMLの設定を保存しました").await;
    admin.click("接続テスト").await;
    sign_in_at_provider(&admin, "hanako").await;
    admin.shows("接続テストに成功しました。").await;
    admin.shows("管理 花子").await;
    admin.inspect("3-SAMLの接続テスト").await;

    story.save(json!({ "login_method": "sso" })).await.ok();
    admin.go("/settings/smarthr").await;
    admin.click("今すぐ同期").await;
    admin.click("同期を開始する").await;
    admin.shows("登録 1").await;

    let takahashi = Chrome::open(&story, SCREENSHOTS).await;
    takahashi.go("/sign-in").await;
    let account = "企業コードまたはメールアドレス";
    takahashi.fill(account, "takahashi@example.jp").await;
    takahashi.click("SSOでログイン").await;
    sign_in_at_provider(&takahashi, "takahashi").await;
    takahashi.shows("企業コード:").await;
    takahashi.shows("高橋 太郎 様").await;
}

/// Signs in on the page of the provider.
async fn sign_in_at_provider(browser: &Chrome, login: &str) {
    browser.type_into("#username", login).await;
    browser.type_into("#password", "anything").await;
    browser.click_first("#submit_button").await;
}
