//! Providers that do not answer, or not as they should, and what is remembered of them.

use jiff::SignedDuration;
use serde_json::json;

use super::{Company, TAKAHASHI};

#[tokio::test]
async fn a_provider_that_does_not_answer_is_named_and_passwords_still_work() {
    let company = Company::new().await;
    company.provider.set_outage(true);
    let page = company.browser().get("/sso/test").await;
    assert_eq!(page.status, 503);
    page.shows(&[
        "所属企業のログイン画面(IDプロバイダー)に接続できません",
        "認証方法がパスワードの方は、この間もパスワードでログインできます",
        "緊急用のアカウント",
    ]);
    company.provider.set_outage(false);
    assert_eq!(company.sign_in(TAKAHASHI).await.location(), "/");
    // It may stop answering after the person signed in there as well.
    let browser = company.browser();
    let page = browser.get("/sso/test").await;
    company.provider.set_outage(true);
    let answer = company.go_on(&browser, &page, TAKAHASHI).await;
    assert_eq!(answer.status, 503);
}

#[tokio::test]
async fn metadata_and_keys_are_read_once_an_hour() {
    let company = Company::new().await;
    for _ in 0..3 {
        assert_eq!(company.sign_in(TAKAHASHI).await.location(), "/");
    }
    assert_eq!(company.provider.reads(), 2, "the metadata and the keys");
    testkit::advance(SignedDuration::from_mins(60));
    assert_eq!(company.sign_in(TAKAHASHI).await.location(), "/");
    assert_eq!(company.provider.reads(), 4);
}

#[tokio::test]
async fn a_provider_cannot_send_the_client_secret_or_a_browser_to_another_kind_of_address() {
    for (endpoint, address) in [
        ("token_endpoint", "ftp://internal.example/token"),
        ("authorization_endpoint", "javascript:alert(1)"),
        ("userinfo_endpoint", "file:///etc/passwd"),
    ] {
        let company = Company::new().await;
        company
            .provider
            .change_metadata(json!({ endpoint: address }));
        let page = company.browser().get("/sso/test").await;
        assert_eq!(page.status, 502, "{endpoint}");
        page.shows_no(&[address]);
    }
}

#[tokio::test]
async fn an_answer_that_is_too_large_is_not_read() {
    let company = Company::new().await;
    let large = "x".repeat(300 * 1024);
    company
        .provider
        .change_metadata(json!({ "service_documentation": large }));
    assert_eq!(company.browser().get("/sso/test").await.status, 502);
}
