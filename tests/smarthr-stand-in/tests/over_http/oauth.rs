//! Authorization, and the life of tokens.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use smarthr_stand_in::Options;

use crate::client::{ADMIN, CALLBACK, TestClient, authorization, location, parameter};

const GROUP_ADMIN: [(&str, &str); 2] = [
    ("email", "group-admin@aozora-shoji.example"),
    ("password", "group-admin"),
];

async fn assert_refused(answer: reqwest::Response, status: u16, error: &str) {
    assert_eq!(answer.status(), status);
    assert_eq!(answer.json::<Value>().await.unwrap()["error"], error);
}

#[tokio::test]
async fn an_admin_of_one_company_is_sent_back_with_code_state_and_subdomain() {
    let client = TestClient::with(Options::default()).await;
    let page = client.get_page(&authorization(&[])).await;
    let page = page.text().await.unwrap();
    assert!(page.contains("name=\"email\"") && page.contains("name=\"password\""));

    let callback = location(&client.post_form(&authorization(&[]), &ADMIN).await);
    assert!(callback.starts_with(CALLBACK));
    assert_eq!(parameter(&callback, "state").unwrap(), "the-state");
    assert_eq!(parameter(&callback, "subdomain").unwrap(), "aozora");

    let code = parameter(&callback, "code").unwrap();
    let tokens: Value = client.exchange(&code, &[]).await.json().await.unwrap();
    assert_eq!(tokens["token_type"], "Bearer");
    assert_eq!(tokens["expires_in"], 7200);
    assert_eq!(tokens["subdomain"], "aozora");
    let tenant = "11111111-1111-4111-8111-111111111111";
    assert_eq!(tokens["token_request_tenant_id"], tenant);
    assert!(tokens["refresh_token"].is_string() && tokens["created_at"].is_number());
}

#[tokio::test]
async fn an_admin_of_two_companies_chooses_one() {
    let client = TestClient::with(Options::default()).await;
    let chooser = location(&client.post_form(&authorization(&[]), &GROUP_ADMIN).await);
    let page = client.get_page(&chooser).await.text().await.unwrap();
    assert!(page.contains("株式会社あおぞら商事") && page.contains("株式会社みどり物産"));

    let callback = location(&client.post_form(&chooser, &[("company", "midori")]).await);
    assert_eq!(parameter(&callback, "subdomain").unwrap(), "midori");
    let again = client.post_form(&chooser, &[("company", "aozora")]).await;
    assert_eq!(again.status(), 410);
}

#[tokio::test]
async fn somebody_who_is_no_admin_cannot_connect() {
    let client = TestClient::with(Options::default()).await;
    let member = [
        ("email", "member@aozora-shoji.example"),
        ("password", "aozora-member"),
    ];
    let answer = client.post_form(&authorization(&[]), &member).await;
    assert_eq!(answer.status(), 403);
}

#[tokio::test]
async fn a_wrong_password_shows_the_login_page_again() {
    let client = TestClient::with(Options::default()).await;
    let form = [ADMIN[0], ("password", "x")];
    let answer = client.post_form(&authorization(&[]), &form).await;
    assert_eq!(answer.status(), 422);
    let page = answer.text().await.unwrap();
    assert!(page.contains("メールアドレスまたはパスワードが正しくありません"));
}

#[tokio::test]
async fn denying_redirects_back_with_access_denied_from_either_page() {
    let client = TestClient::with(Options::default()).await;
    let deny = [("decision", "deny")];
    let callback = location(&client.post_form(&authorization(&[]), &deny).await);
    assert_eq!(parameter(&callback, "error").unwrap(), "access_denied");
    assert_eq!(parameter(&callback, "state").unwrap(), "the-state");

    let chooser = location(&client.post_form(&authorization(&[]), &GROUP_ADMIN).await);
    let callback = location(&client.post_form(&chooser, &deny).await);
    assert_eq!(parameter(&callback, "error").unwrap(), "access_denied");
    assert_eq!(parameter(&callback, "code"), None);
}

#[tokio::test]
async fn a_redirect_to_an_unregistered_address_is_never_followed() {
    let options = Options {
        redirect_uris: vec!["https://kitera.example/smarthr/callback".to_owned()],
        ..Options::default()
    };
    let client = TestClient::with(options).await;
    let answer = client.post_form(&authorization(&[]), &ADMIN).await;
    assert_eq!(answer.status(), 400);
}

#[tokio::test]
async fn a_code_works_once_and_only_with_its_redirect_uri_and_secret() {
    let client = TestClient::with(Options::default()).await;
    let new_code = async || {
        let callback = location(&client.post_form(&authorization(&[]), &ADMIN).await);
        parameter(&callback, "code").unwrap()
    };
    let code = new_code().await;
    assert_eq!(client.exchange(&code, &[]).await.status(), 200);
    assert_refused(client.exchange(&code, &[]).await, 400, "invalid_grant").await;

    let code = new_code().await;
    let wrong_secret = [("client_secret", "wrong")];
    let answer = client.exchange(&code, &wrong_secret).await;
    assert_refused(answer, 401, "invalid_client").await;

    let elsewhere = [("redirect_uri", "http://localhost:9/")];
    let answer = client.exchange(&code, &elsewhere).await;
    assert_eq!(answer.status(), 400);
}

#[tokio::test]
async fn a_challenge_asks_for_its_verifier() {
    let client = TestClient::with(Options::default()).await;
    let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(verifier));
    let asked = authorization(&[
        ("code_challenge", &challenge),
        ("code_challenge_method", "S256"),
    ]);
    for (shown, status) in [(Some(verifier), 200), (Some("guessed"), 400), (None, 400)] {
        let callback = location(&client.post_form(&asked, &ADMIN).await);
        let code = parameter(&callback, "code").unwrap();
        let more: Vec<_> = shown.iter().map(|it| ("code_verifier", *it)).collect();
        assert_eq!(client.exchange(&code, &more).await.status(), status);
    }
}

#[tokio::test]
async fn rotation_invalidates_the_refresh_token_that_was_used() {
    let client = TestClient::with(Options::default()).await;
    let tokens = client.log_in().await;
    let fresh: Value = client.refresh(&tokens).await.json().await.unwrap();
    assert_ne!(fresh["refresh_token"], tokens["refresh_token"]);
    assert_refused(client.refresh(&tokens).await, 400, "invalid_grant").await;
    assert_eq!(client.refresh(&fresh).await.status(), 200);
}

#[tokio::test]
async fn revoked_tokens_are_refused_by_the_api_and_the_token_endpoint() {
    let client = TestClient::logged_in().await;
    let tokens = client.log_in().await;

    let access_only = json!({"company": "aozora", "access_tokens_only": true});
    client.control("POST /revoke", &access_only).await;
    let answer = client.get("/users/me").await;
    assert_eq!(answer.status(), 401);
    let body: Value = answer.json().await.unwrap();
    assert_eq!(body["code"], 2);
    assert_eq!(body["type"], "unauthorized_token");
    assert_eq!(body["message"], "無効なアクセストークンです");
    let fresh: Value = client.refresh(&tokens).await.json().await.unwrap();

    let all = json!({"company": "aozora"});
    client.control("POST /revoke", &all).await;
    assert_eq!(client.refresh(&fresh).await.status(), 400);
}
