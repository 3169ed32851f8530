//! SmartHRと連携を設定する, 別の企業: another company of SmartHR takes the place of the connected one.

#![expect(clippy::unwrap_used, reason = "what cannot be read fails the test")]

use std::time::Duration;

use end_to_end::{MIDORI_ADMIN, Person, Story};
use serde_json::{Value, json};

/// Returns the webhooks that KiteRa has at a company.
async fn webhooks(story: &Story, company: &str) -> usize {
    let address = format!("webhooks?company={company}");
    let webhooks = story.at_smarthr("GET", &address, Value::Null).await.json();
    webhooks.as_array().unwrap().len()
}

/// Confirms that the pending company takes the place of the other one.
async fn accept(story: &Story) {
    let address = "/api/v1/integration/relink";
    let accepted = json!({ "accept": true });
    story.admin.post(address, accepted).await.ok();
}

#[tokio::test]
async fn another_company_is_connected_when_a_system_administrator_confirms_it() {
    let mut story = Story::connected("another-company", &[Person::sato()]).await;
    // The access token ends meanwhile: saving the settings gets a new one.
    story.hours_pass(3).await;
    story.save(json!({ "target": "chosen" })).await.ok();
    story.choose(&Person::sato(), "連携対象", "連携する").await;

    let authorize = story.authorize_url().await;
    let at_the_login_page = Duration::from_mins(2);
    story.stack.clock().advance(at_the_login_page).unwrap();
    let page = story
        .come_back_from_smarthr(&authorize, &MIDORI_ADMIN)
        .await;
    page.shows(&["株式会社みどり物産", "KiteRaに戻って確認する"]);
    let connection = story.connection().await;
    assert_eq!(connection["company_name"], "株式会社あおぞら商事");
    assert_eq!(connection["pending_company_name"], "株式会社みどり物産");
    assert_eq!(story.secrets("smarthr-tokens").await.len(), 2);

    accept(&story).await;
    let connection = story.connection().await;
    assert_eq!(connection["company_name"], "株式会社みどり物産");
    assert_eq!(connection["settings"]["enabled"], false);
    let crews = story.at_smarthr("GET", "crews", Value::Null).await;
    assert!(!crews.text.contains("連携対象"), "our items are gone");
    assert_eq!(webhooks(&story, "aozora").await, 0);
    assert_eq!(webhooks(&story, "midori").await, 1);
    let tokens = story.secrets("smarthr-tokens").await;
    assert_eq!(
        tokens.len(),
        1,
        "those of the company that was left are gone"
    );
}

/// An admin disconnected the workspace while SmartHR was down.
async fn disconnected_meanwhile(name: &str) -> Story {
    let story = Story::connected(name, &[Person::sato()]).await;
    story.smarthr_is_down().await;
    let answer = story.admin.delete("/api/v1/integration").await.ok();
    assert!(answer.text.contains("後ほど自動的に削除されます"));
    story.smarthr_is_back().await;
    assert_eq!(webhooks(&story, "aozora").await, 1);
    assert_eq!(story.secrets("smarthr-tokens").await.len(), 1);
    story
}

#[tokio::test]
async fn a_disconnect_during_an_outage_is_finished_when_another_company_is_connected() {
    let mut story = disconnected_meanwhile("outage-then-another").await;
    let page = story.connect_as(&MIDORI_ADMIN).await;
    assert_eq!(
        page.location(),
        "/settings/smarthr",
        "where it is confirmed"
    );
    assert_eq!(webhooks(&story, "aozora").await, 0);
    let tokens = story.secrets("smarthr-tokens").await;
    assert_eq!(tokens.len(), 1, "those of the company before are gone");
    accept(&story).await;
    let connection = story.connection().await;
    assert_eq!(connection["company_name"], "株式会社みどり物産");
    assert_eq!(webhooks(&story, "midori").await, 1);
}

#[tokio::test]
async fn a_disconnect_during_an_outage_is_finished_by_the_night() {
    let mut story = disconnected_meanwhile("outage-then-night").await;
    story.hours_pass(24).await;
    story.begin_night(story.stack.clock().now()).await;
    for _ in 0..600 {
        if story.connection().await["state"] == "not_linked" {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert_eq!(story.connection().await["state"], "not_linked");
    assert_eq!(webhooks(&story, "aozora").await, 0);
    assert_eq!(story.secrets("smarthr-tokens").await, [""; 0]);
    let runs = story.admin.get("/api/v1/runs").await.ok().json();
    assert_eq!(runs["runs"], json!([]), "nobody was synced");
}
