//! The API of 外部サービス連携 → SmartHR.

use domain::{Webhook, WebhookIds};
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
        "default_group": "editors", "password_csv": "attached",
        "invitation_contact": "", "invitation_message": "", "immediate": false,
    });
    let answer = browser.put(SETTINGS, settings.clone()).await.ok();
    assert_eq!(answer.json()["message"], "SmartHRの設定を保存しました");
    let shown = browser.get("/api/v1/integration").await.json();
    assert_eq!(shown["settings"], settings);
    assert_eq!(shown["immediate_sync"], "off");
}

#[tokio::test]
async fn immediate_sync_is_on_unless_it_is_switched_off_and_the_state_says_whether_smarthr_reports()
{
    let (console, browser) = administrator().await;
    let registered = Webhook::Registered(WebhookIds {
        path_id: "p".into(),
        webhook_id: "w".into(),
        enabled_again_at: None,
    });
    let being_registered = Webhook::BeingRegistered {
        path_id: "p".into(),
    };
    for (webhook, state) in [
        (None, "preparing"),
        (Some(being_registered), "preparing"),
        (Some(registered), "active"),
        (Some(Webhook::Forbidden), "unavailable"),
    ] {
        console
            .env
            .change_connection(|it| it.webhook = webhook)
            .await;
        let shown = browser.get("/api/v1/integration").await.json();
        assert_eq!(shown["settings"]["immediate"], true);
        assert_eq!(shown["immediate_sync"], state);
    }
}

#[tokio::test]
async fn a_group_that_does_not_exist_is_not_saved() {
    let (_console, browser) = system_administrator().await;
    let settings = json!({
        "enabled": true, "target": "everyone", "login_method": "password",
        "default_group": "nowhere",
    });
    let answer = browser.put(SETTINGS, settings).await;
    answer.is_refused(409, "unknown_group");
}

#[tokio::test]
async fn after_a_disconnect_nothing_is_connected_and_nothing_can_be_run() {
    let (_console, browser) = administrator().await;
    browser.delete("/api/v1/integration").await.ok();
    let shown = browser.get("/api/v1/integration").await.json();
    assert_eq!(shown["state"], "not_linked");
    assert_eq!(shown["company_name"], json!(null));
    assert_eq!(shown["settings"], json!(null));
    for path in ["/api/v1/runs", "/api/v1/previews"] {
        let answer = browser.post(path, json!(null)).await;
        answer.is_refused(409, "not_linked");
    }
}

#[tokio::test]
async fn there_is_nothing_to_confirm_unless_another_company_waits() {
    let (_console, browser) = administrator().await;
    let path = "/api/v1/integration/relink";
    let answer = browser.post(path, json!({"accept": false})).await;
    answer.is_refused(409, "nothing_pending");
}
