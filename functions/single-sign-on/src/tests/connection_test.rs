//! [接続テスト], as a システム管理者 sees it.

use domain::{AuditAction, Role};
use identity_provider::{CLIENT_ID, IdToken, Signature};
use serde_json::json;
use storage::audit::AuditFilter;
use testkit::http::Browser;
use testkit::users;

use super::{Company, TAKAHASHI};

/// A change of a token.
type Change = fn(&mut IdToken);

const TEST: &str = "/settings/single-sign-on/test";

async fn actions(company: &Company) -> Vec<AuditAction> {
    let (store, id) = (&company.env.store, &company.env.workspace.workspace_id);
    let filter = AuditFilter::default();
    let events = store.audit_events(id, &filter, None, 20).await.unwrap();
    events.iter().map(|event| event.action).collect()
}

#[tokio::test]
async fn a_test_that_passes_makes_sso_available_and_signs_nobody_in() {
    let company = Company::with_configuration(false).await;
    let admin = company.administrator().await;
    assert_eq!(company.browser().get("/sso/test").await.status, 404);
    let page = admin.form(TEST, &[]).await;
    let result = company.go_on(&admin, &page, TAKAHASHI).await;
    result.shows(&[
        "接続テストに成功しました",
        "<dd>id-of-takahashi@example.jp</dd>",
        "<dd>takahashi@example.jp</dd>",
        "はい(true)",
        "<dd>高橋 太郎</dd>",
        "<dd>なし</dd>",
    ]);
    assert_eq!(result.cookie(), "");
    assert!(company.env.stored_workspace().await.sso_configured());
    assert_eq!(actions(&company).await, [AuditAction::SsoTestPassed]);
    assert_eq!(company.sign_in(TAKAHASHI).await.location(), "/");
}

#[tokio::test]
async fn a_test_that_fails_says_what_to_do_at_the_provider_and_changes_nothing() {
    let company = Company::with_configuration(false).await;
    let admin = company.administrator().await;
    let failures: [(Change, &str); 7] = [
        (
            |token| token.claims["aud"] = json!("another"),
            "クライアントIDの値を確認してください。",
        ),
        (
            |token| token.claims["exp"] = json!(1),
            "サーバーの時計を合わせてください。",
        ),
        (
            |token| token.sign_as("HS256", Signature::MacOfClientSecret),
            "RS256、PS256またはES256",
        ),
        (
            |token| token.signature = Signature::UnknownKey,
            "公開している鍵(jwks_uri)",
        ),
        (
            |token| token.claims["nonce"] = json!("x"),
            "nonceをIDトークンに含めるか",
        ),
        (
            |token| token.claims["email_verified"] = json!(false),
            "メールアドレスを確認済みにしてください。",
        ),
        (
            |token| token.claims["email"] = json!("x@example.com"),
            "KiteRaに登録したメールアドレスと同じか",
        ),
    ];
    for (change, remedy) in failures {
        company.provider.change_tokens(change);
        let page = admin.form(TEST, &[]).await;
        let result = company.go_on(&admin, &page, TAKAHASHI).await;
        result.shows(&["接続テストに失敗しました", remedy]);
    }
    company.provider.change_tokens(|token| {
        token.claims["iat"] = json!(testkit::now().as_second() + 90);
    });
    let page = admin.form(TEST, &[]).await;
    let result = company.go_on(&admin, &page, "x@example.com").await;
    result.shows(&["IDプロバイダーの時計が90秒進んでいます"]);

    let issuer = company.provider.issuer();
    let other = (CLIENT_ID, "another-secret");
    company.env.configure_sso(issuer, other, false).await;
    let page = admin.form(TEST, &[]).await;
    let result = company.go_on(&admin, &page, TAKAHASHI).await;
    result.shows(&["クライアントIDまたはクライアントシークレットが正しくありません"]);
    company.provider.set_outage(true);
    testkit::advance(jiff::SignedDuration::from_mins(60));
    admin
        .form(TEST, &[])
        .await
        .shows(&["IDプロバイダーが応答しません"]);

    assert!(!company.env.stored_workspace().await.sso_configured());
    let told = actions(&company).await;
    assert_eq!(told, [AuditAction::SsoTestFailed; 10]);
}

#[tokio::test]
async fn only_the_system_administrator_who_began_a_test_sees_its_result() {
    let company = Company::with_configuration(false).await;
    let admin = company.administrator().await;
    let page = admin.form(TEST, &[]).await;
    let stranger = company.browser();
    let result = company.go_on(&stranger, &page, TAKAHASHI).await;
    assert_eq!(result.status, 403);
    result.shows_no(&["id-of-", "高橋"]);
    assert!(!company.env.stored_workspace().await.sso_configured());

    let user = users::active("usr_other", Role::Administrator);
    let user = company.env.add_user(user).await;
    let session = company.env.session_of(&user.user_id).await;
    let other = Browser::with_session(company.router.clone(), session);
    assert_eq!(other.form(TEST, &[]).await.status, 403);
    assert_eq!(stranger.form(TEST, &[]).await.location(), "/sign-in");
}

#[tokio::test]
async fn a_failed_test_of_a_tested_configuration_takes_nothing_away() {
    let company = Company::new().await;
    let admin = company.administrator().await;
    company.provider.set_outage(true);
    admin
        .form(TEST, &[])
        .await
        .shows(&["IDプロバイダーが応答しません"]);
    assert!(company.env.stored_workspace().await.sso_configured());
}
