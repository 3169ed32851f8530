//! The API of 外部サービス連携 → SmartHR.

use axum::http::StatusCode;
use serde_json::json;

use super::console::{administrator, system_administrator};

const SETTINGS: &str = "/api/v1/integration/settings";

#[tokio::test]
async fn the_page_shows_the_company_in_the_words_of_the_manual() {
    let (_console, browser) = administrator().await;
    let shown = browser.get("/api/v1/integration").await.json();
    assert_eq!(shown["state"], "linked");
    assert_eq!(
        shown["message"],
        "SmartHR企業アカウント<株式会社あおぞら商事>と連携中"
    );
    assert_eq!(shown["can_manage"], true);
    assert_eq!(shown["settings"]["target"], "everyone_and_code_only");
    assert_eq!(shown["groups"][1]["name"], "閲覧権限グループ");
}

#[tokio::test]
async fn saving_answers_in_the_words_of_the_manual_and_is_shown_afterwards() {
    let (_console, browser) = system_administrator().await;
    let settings = json!({
        "enabled": false, "target": "chosen", "login_method": "individual",
        "default_group": "editors",
    });
    let answer = browser.put(SETTINGS, settings.clone()).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.json()["message"], "SmartHRの設定を保存しました");
    let shown = browser.get("/api/v1/integration").await.json();
    assert_eq!(shown["settings"], settings);
}

#[tokio::test]
async fn a_group_that_does_not_exist_is_not_saved() {
    let (_console, browser) = system_administrator().await;
    let settings = json!({
        "enabled": true, "target": "everyone", "login_method": "password",
        "default_group": "nowhere",
    });
    let answer = browser.put(SETTINGS, settings).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    assert_eq!(answer.problem(), "unknown_group");
}

#[tokio::test]
async fn connecting_sends_the_browser_to_smarthr_with_pkce() {
    let (_console, browser) = administrator().await;
    let path = "/api/v1/integration/connect";
    let answer = browser.post(path, json!({})).await;
    let url = answer.json()["authorize_url"].as_str().unwrap().to_owned();
    for part in [
        "/oauth/authorization?",
        "code_challenge_method=S256",
        "state=",
        "redirect_uri=http%3A%2F%2Flocalhost%2Fsmarthr%2Fcallback",
    ] {
        assert!(url.contains(part), "{url}");
    }
    assert!(!url.contains("kitera-secret"));
    let answer = browser
        .post(path, json!({"subdomain": "evil.example/"}))
        .await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    assert_eq!(answer.problem(), "bad_subdomain");
}

#[tokio::test]
async fn after_a_disconnect_nothing_is_linked_and_nothing_can_be_run() {
    let (_console, browser) = administrator().await;
    let answer = browser.delete("/api/v1/integration").await;
    assert_eq!(answer.status, StatusCode::OK);
    let shown = browser.get("/api/v1/integration").await.json();
    assert_eq!(shown["state"], "not_linked");
    assert_eq!(shown["company_name"], json!(null));
    assert_eq!(shown["settings"], json!(null));
    for path in ["/api/v1/runs", "/api/v1/previews"] {
        let answer = browser.post(path, json!(null)).await;
        assert_eq!(answer.status, StatusCode::CONFLICT);
        assert_eq!(answer.problem(), "not_linked");
    }
}

#[tokio::test]
async fn there_is_nothing_to_confirm_unless_another_company_waits() {
    let (_console, browser) = administrator().await;
    let path = "/api/v1/integration/relink";
    let answer = browser.post(path, json!({"accept": true})).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    assert_eq!(answer.problem(), "nothing_pending");
}
