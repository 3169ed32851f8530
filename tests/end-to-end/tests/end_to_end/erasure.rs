//! Somebody who left asks to be erased: while a question about them is open, and again after the tables were restored.

#![expect(clippy::unwrap_used, reason = "what cannot be read fails the test")]

use end_to_end::{Person, Story, invitation_link};
use serde_json::{Value, json};

/// The tables that an operator restores together.
const TABLES: [&str; 4] = [
    "UsersTable",
    "IdentifiersTable",
    "WorkspacesTable",
    "RunsTable",
];

async fn dynamodb(story: &Story, operation: &str, table: &str, mut request: Value) -> Value {
    request["TableName"] = json!(story.stack.output(table).unwrap());
    let target = format!("DynamoDB_20120810.{operation}");
    story.at_aws("dynamodb", &target, request).await
}

/// Returns the items of each table.
async fn backup(story: &Story) -> Vec<(&'static str, Vec<Value>)> {
    let mut tables = Vec::new();
    for table in TABLES {
        let found = dynamodb(story, "Scan", table, json!({})).await;
        tables.push((table, found["Items"].as_array().unwrap().clone()));
    }
    tables
}

async fn restore(story: &Story, tables: Vec<(&'static str, Vec<Value>)>) {
    for (table, items) in tables {
        for item in items {
            dynamodb(story, "PutItem", table, json!({ "Item": item })).await;
        }
    }
}

#[tokio::test]
async fn an_erased_admin_is_in_no_question_and_does_not_come_back_with_restored_tables() {
    let mut story = Story::connected("erased-again", &[Person::sato()]).await;
    story.night().await;
    let link = invitation_link(&story.new_mails().await[0]);
    story.accept(&link).await.ok();
    let administrator = json!({ "role": "administrator" });
    story.edit("佐藤", administrator).await.ok();
    let renamed = Person::sato().email("taro.sato@example.jp");
    story.put_people(&[renamed]).await;
    let run = story.next_night().await;
    let history = format!("/api/v1/runs/{}", run["run_id"].as_str().unwrap());
    let asked = async |story: &Story| {
        let run = story.admin.get(&history).await.ok().json();
        run["held_account_changes"].as_array().unwrap().len()
    };
    assert_eq!(asked(&story).await, 1, "may the address change?");

    let before = backup(&story).await;
    let id = story.user("佐藤").await["id"].as_str().unwrap().to_owned();
    let address = format!("/api/v1/users/{id}");
    story.admin.delete(&address).await.ok();
    let erase = json!({
        "action": "erase", "workspace_id": story.workspace_id, "user_id": id,
        "emails": ["taro.sato@example.jp"],
    });
    let erased = story.stack.invoke("erase-person", erase).await.unwrap();
    for place in ["users", "runs", "connections"] {
        assert_eq!(erased[place], 1, "{place} of {erased}");
    }
    assert_eq!(asked(&story).await, 0);

    restore(&story, before).await;
    assert_eq!(story.user("佐藤").await["email"], "sato@example.jp");
    let repeat = json!({ "action": "repeat" });
    let repeated = story.stack.invoke("erase-person", repeat).await.unwrap();
    assert_eq!(repeated["users"], 1, "{repeated}");
    assert_eq!(story.user("佐藤").await, Value::Null);
    assert_eq!(asked(&story).await, 0);
    let left = story.admin.get("/api/v1/deleted-users").await.ok();
    assert_eq!(left.json()["users"], json!([]));
    let successor = json!({
        "role": "member", "people": [{ "name": "後任 花子", "email": "sato@example.jp" }],
    });
    let added = story.admin.post("/api/v1/users", successor).await.ok();
    assert_eq!(added.json()["refused"], json!([]), "the address is free");
}
