//! 同期ログ: S3 deletes it after 400 days, and what asks for it goes on without it.

use end_to_end::{ADMIN_EMAIL, Person, Story};
use serde_json::json;

#[tokio::test]
async fn a_run_whose_log_is_gone_is_still_shown_mailed_and_followed_by_the_next_night() {
    let mistyped = Person::new(2, "鈴木").email("not an address");
    let mut story = Story::connected("expired-log", &[Person::sato(), mistyped]).await;
    let run = story.night().await;
    let run_id = run["run_id"].as_str().unwrap().to_owned();
    story.new_mails().await;
    story.delete_logs().await;

    let people = format!("/api/v1/runs/{run_id}/people");
    let shown = story.admin.get(&people).await.ok().json();
    assert_eq!(shown["people"], json!([]));

    // The mail about those who failed was lost before.
    let created_at = story.stack.clock().now();
    let text = |value: &str| json!({ "S": value });
    let lost = json!({
        "workspace_id": text(&story.workspace_id), "waiting": text(&story.workspace_id),
        "mail_id": text("failed-run#lost"), "kind": text("failed_run"),
        "run_id": text(&run_id), "failure": { "NULL": true }, "failed": { "N": "1" },
        "created_at": text(&created_at.to_string()),
    });
    let put = json!({ "TableName": story.stack.output("OutboxTable").unwrap(), "Item": lost });
    let target = "DynamoDB_20120810.PutItem";
    story.at_aws("dynamodb", target, put).await;
    story.hours_pass(2).await;
    let round = json!({ "round": "mails" });
    story.stack.invoke("night-watch", round).await.unwrap();
    let mails = story.new_mails().await;
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0].to, [ADMIN_EMAIL]);
    assert!(!mails[0].text.contains("鈴木"), "{}", mails[0].text);

    let run = story.next_night().await;
    assert_eq!(story.logged(&run, "鈴木").await[1], "失敗");
}
