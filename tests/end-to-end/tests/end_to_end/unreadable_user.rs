//! A version that was rolled back left a user whom this one cannot read: that person fails, and the others are synced.

use end_to_end::{Person, Story};
use serde_json::json;

#[tokio::test]
async fn somebody_whose_record_cannot_be_read_fails_alone_in_the_night() {
    let mut story = Story::connected("unreadable-user", &[Person::sato()]).await;
    story.night().await;
    let sato = story.user("佐藤").await;
    let update = json!({
        "TableName": story.stack.output("UsersTable").unwrap(),
        "Key": { "workspace_id": { "S": story.workspace_id }, "user_id": { "S": sato["id"] } },
        "UpdateExpression": "SET #role = :role",
        "ExpressionAttributeNames": { "#role": "role" },
        "ExpressionAttributeValues": { ":role": { "S": "a_role_of_the_future" } },
    });
    let target = "DynamoDB_20120810.UpdateItem";
    story.at_aws("dynamodb", target, update).await;
    let suzuki = Person::new(2, "鈴木").email("suzuki@example.jp");
    story.put_people(&[Person::sato(), suzuki]).await;

    let run = story.next_night().await;
    assert_eq!(run["outcome"], "failure");
    story.failed(&run, "佐藤").await;
    assert_eq!(story.user("鈴木").await["status"], "invited");
}
