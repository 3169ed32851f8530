//! シングルサインオン(SSO), as a システム管理者 sets it up.

use domain::{AuditAction, AuditField, Role};
use serde_json::{Value, json};
use storage::audit::AuditFilter;
use storage::secrets::CustomerSecret;

use super::console::{Browser, Console, system_administrator};

const API: &str = "/api/v1/single-sign-on";
const PAGE: &str = "/settings/single-sign-on";
const ISSUER: &str = "https://idp.example.com";

fn provider(issuer: &str, secret: &str) -> Value {
    json!({ "issuer": issuer, "client_id": "kitera", "client_secret": secret })
}

/// Returns the stored client secrets, each with the name of its own.
async fn stored_secret(console: &Console) -> Option<String> {
    use secrecy::ExposeSecret;
    let workspace = console.env.stored_workspace().await;
    let secret_id = workspace.single_sign_on?.oidc()?.secret_id.clone();
    let secrets = console.env.secrets();
    let secret = secrets
        .customer_secret(console.id(), CustomerSecret::SsoClient(&secret_id))
        .await;
    secret
        .unwrap()
        .map(|secret| secret.expose_secret().to_owned())
}

async fn with_nothing_configured() -> (Console, Browser) {
    let (console, browser) = system_administrator().await;
    browser.delete(API).await.ok();
    (console, browser)
}

#[tokio::test]
async fn what_is_saved_is_shown_but_for_the_secret_and_has_to_be_tested() {
    let (console, browser) = with_nothing_configured().await;
    let page = browser.get(PAGE).await;
    page.shows(&["http://localhost/sso/callback/ws_test", "openid email"]);
    page.shows_no(&["接続テスト</button>"]);
    let fields = [
        ("issuer", ISSUER),
        ("client_id", "kitera"),
        ("client_secret", "very-secret"),
    ];
    let page = browser.submit(PAGE, &fields).await;
    page.shows(&["SSOの設定を保存しました。", ISSUER, "接続テスト</button>"]);
    page.shows(&["接続テストに成功していないため、まだSSOではログインできません"]);
    page.shows_no(&["very-secret"]);
    let sso = browser.get(API).await.json();
    assert_eq!(sso["tested"], false);
    assert_eq!(sso["sign_in_url"], "http://localhost/sso/test");
    assert_eq!(
        stored_secret(&console).await.as_deref(),
        Some("very-secret")
    );
    assert!(!console.env.stored_workspace().await.sso_configured());
}

#[tokio::test]
async fn another_issuer_never_gets_the_secret_of_the_one_before() {
    let (console, browser) = with_nothing_configured().await;
    browser.put(API, provider(ISSUER, "one")).await.ok();
    let answer = browser
        .put(API, provider("https://evil.example.com", ""))
        .await;
    answer.is_refused(422, "provider_refused");
    assert_eq!(stored_secret(&console).await.as_deref(), Some("one"));
    let before = console.env.stored_workspace().await;
    let same = json!({ "issuer": ISSUER, "client_id": "kitera" });
    browser.put(API, same).await.ok();
    assert_eq!(stored_secret(&console).await.as_deref(), Some("one"));

    browser.put(API, provider(ISSUER, "two")).await.ok();
    assert_eq!(stored_secret(&console).await.as_deref(), Some("two"));
    let old = before.single_sign_on.unwrap();
    let old = &old.oidc().unwrap().secret_id;
    let old = console
        .env
        .secrets()
        .customer_secret(console.id(), CustomerSecret::SsoClient(old))
        .await;
    assert!(old.unwrap().is_none(), "the old secret is deleted");
    browser.delete(API).await.ok();
    assert_eq!(stored_secret(&console).await, None);
    assert_eq!(browser.get(API).await.json()["issuer"], Value::Null);
}

#[tokio::test]
async fn a_change_needs_a_new_test_and_saving_the_same_again_does_not() {
    let (console, browser) = system_administrator().await;
    let env = &console.env;
    env.configure_sso(ISSUER, ("kitera", "secret"), true).await;
    let same = json!({ "issuer": ISSUER, "client_id": "kitera" });
    browser.put(API, same).await.ok();
    assert!(env.stored_workspace().await.sso_configured());
    let other = json!({ "issuer": ISSUER, "client_id": "kitera-2" });
    browser.put(API, other).await.ok();
    assert!(!env.stored_workspace().await.sso_configured());
}

#[tokio::test]
async fn what_cannot_be_a_provider_is_refused_with_the_reason_and_stays_in_the_form() {
    let (_console, browser) = with_nothing_configured().await;
    for issuer in [
        "",
        "idp.example.com",
        "http://idp.example.com",
        "https://idp.example.com?a=b",
        "https://idp.example.com#a",
        "https://user@idp.example.com",
        "javascript:alert(1)",
    ] {
        let answer = browser.put(API, provider(issuer, "secret")).await;
        answer.is_refused(422, "provider_refused");
    }
    let fields = [
        ("issuer", "http://idp.example.com"),
        ("client_id", "kitera"),
        ("client_secret", "secret"),
    ];
    let page = browser.form(PAGE, &fields).await;
    assert_eq!(page.status, 422);
    page.shows(&["https://で始まるURL", "value=\"http://idp.example.com\""]);
    for (client_id, secret) in [("", "secret"), ("日本", "secret"), ("kitera", "秘密")] {
        let body = json!({ "issuer": ISSUER, "client_id": client_id, "client_secret": secret });
        browser
            .put(API, body)
            .await
            .is_refused(422, "provider_refused");
    }
}

#[tokio::test]
async fn the_trail_says_what_was_changed_and_keeps_no_secret() {
    let (console, browser) = with_nothing_configured().await;
    browser.put(API, provider(ISSUER, "very-secret")).await.ok();
    let filter = AuditFilter::default();
    let store = &console.env.store;
    let events = store.audit_events(console.id(), &filter, None, 1);
    let event = events.await.unwrap().remove(0);
    assert_eq!(event.action, AuditAction::SsoSaved);
    let fields: Vec<_> = event.changes.iter().map(|change| change.field).collect();
    let secret = AuditField::SsoClientSecret;
    assert_eq!(
        fields,
        [AuditField::SsoIssuer, AuditField::SsoClientId, secret]
    );
    assert_eq!(
        (&event.changes[2].old, &event.changes[2].new),
        (&None, &None)
    );
}

#[tokio::test]
async fn an_administrator_sees_neither_the_page_nor_a_way_to_it() {
    let console = Console::open().await;
    let browser = console.browser(Role::Administrator).await;
    assert_eq!(browser.get(PAGE).await.status, 403);
    browser.get("/settings").await.shows_no(&[PAGE]);
}
