//! An admin stops the sync while a run is under way.

#![expect(clippy::unwrap_used, reason = "what cannot be read fails the test")]

use end_to_end::{ADMIN_EMAIL, Person, Story};
use serde_json::{Value, json};

/// Starts a run by hand which waits for SmartHR, and returns its address.
async fn run_under_way(story: &Story) -> String {
    let slow = json!({ "path": "/api/v1/crews", "count": 1, "delay_ms": 5_000 });
    story.at_smarthr("POST", "faults", slow).await;
    let begun = story.admin.post("/api/v1/runs", Value::Null).await.ok();
    let run_id = begun.json()["run_id"].as_str().unwrap().to_owned();
    let address = format!("/api/v1/runs/{run_id}");
    story.run_when(&address, |_| true).await;
    address
}

/// Asserts that the run was stopped, and that nobody was invited.
async fn assert_stopped(story: &mut Story, address: &str) {
    let run = story.finished(address).await;
    assert_eq!(run["outcome"], "failure");
    let log = story.log(&run).await;
    assert!(log[0][5].contains("途中で終了しました"), "{log:?}");
    assert!(story.user("佐藤").await.is_null());
    for mail in story.new_mails().await {
        assert_eq!(mail.to, [ADMIN_EMAIL], "{}", mail.subject);
    }
}

#[tokio::test]
async fn a_run_under_way_ends_when_an_admin_switches_the_sync_off_or_disconnects() {
    let mut story = Story::connected("stopped-runs", &[Person::sato()]).await;
    let address = run_under_way(&story).await;
    story.save(json!({ "enabled": false })).await.ok();
    assert_stopped(&mut story, &address).await;

    story.save(json!({})).await.ok();
    let address = run_under_way(&story).await;
    story.admin.delete("/api/v1/integration").await.ok();
    assert_stopped(&mut story, &address).await;
    assert_eq!(story.connection().await["state"], "not_linked");
    assert!(story.secrets("smarthr-tokens").await.is_empty());
}
