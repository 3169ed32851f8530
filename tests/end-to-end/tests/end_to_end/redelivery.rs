//! A run that AWS kept from its end is delivered again half a minute later, not when its message becomes visible by
//! itself.

use std::time::{Duration, Instant};

use end_to_end::{Person, Story};
use serde_json::json;

#[tokio::test]
async fn a_run_without_the_derivation_key_goes_on_when_an_operator_restored_it() {
    let mut story = Story::connected("redelivery", &[Person::sato()]).await;
    let key = json!({ "SecretId": story.stack.output("DerivationKeySecretArn").unwrap() });
    let secrets = async |story: &Story, operation: &str| {
        let target = format!("secretsmanager.{operation}");
        story.at_aws("secretsmanager", &target, key.clone()).await;
    };
    secrets(&story, "DeleteSecret").await;
    let runs = story.begin_night(story.stack.clock().now()).await;
    let failed = |line: &String| line.contains("\"ERROR\"") && line.contains("GetSecretValue");
    let began = Instant::now();
    while !story.logged_lines().iter().any(failed) {
        assert!(
            began.elapsed() < Duration::from_mins(1),
            "the run has not failed"
        );
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    secrets(&story, "RestoreSecret").await;

    let run = story.finished(&format!("/api/v1/runs/{}", runs[0])).await;
    assert_eq!(run["outcome"], "success");
    assert_eq!(story.new_mails().await.len(), 1, "佐藤 is invited once");
}
