//! The items that list the admins of a workspace.

#![expect(clippy::unwrap_used, reason = "what cannot be read fails the test")]

use end_to_end::{ADMIN_EMAIL, Person, Story};
use serde_json::{Value, json};

async fn dynamodb(story: &Story, operation: &str, mut request: Value) -> Value {
    request["TableName"] = json!(story.stack.output("UsersTable").unwrap());
    let target = format!("DynamoDB_20120810.{operation}");
    story.at_aws("dynamodb", &target, request).await
}

async fn listed(story: &Story) -> Vec<Value> {
    let of_workspace = json!({
        "KeyConditionExpression": "workspace_id = :admins", "ConsistentRead": true,
        "ExpressionAttributeValues": { ":admins": { "S": format!("admins#{}", story.workspace_id) } },
    });
    let found = dynamodb(story, "Query", of_workspace).await;
    found["Items"].as_array().unwrap().clone()
}

#[tokio::test]
async fn a_night_lists_the_admins_of_a_workspace_of_an_earlier_version() {
    let suzuki = Person::new(1, "鈴木").email("not an address");
    let mut story = Story::connected("listed-admins", &[suzuki]).await;
    let by_this_version = listed(&story).await;
    assert_eq!(by_this_version.len(), 2, "{by_this_version:?}");
    for key in &by_this_version {
        dynamodb(&story, "DeleteItem", json!({ "Key": key })).await;
    }
    story.night().await;
    assert_eq!(listed(&story).await, by_this_version);
    let mails = story.new_mails().await;
    let to: Vec<_> = mails.iter().map(|mail| mail.to.clone()).collect();
    assert_eq!(to, [[ADMIN_EMAIL]]);
}
