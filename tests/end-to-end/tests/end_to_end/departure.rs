//! Somebody leaves, and comes back: restored, or hired again.

#![expect(clippy::unwrap_used, reason = "what cannot be read fails the test")]

use end_to_end::{PASSWORD, Person, Story, invitation_link, sign_in};
use http_client::Answer;
use serde_json::{Value, json};

fn suzuki() -> Person {
    Person::new(2, "鈴木")
        .email("suzuki@example.jp")
        .code("S-2")
}

/// 佐藤 accepted the invitation, was made 担当者 with the groups of editors, and left.
async fn sato_left(name: &str) -> Story {
    let mut story = Story::connected(name, &[Person::sato(), suzuki()]).await;
    story.night().await;
    let mails = story.new_mails().await;
    let mail = mails.iter().find(|mail| mail.to == ["sato@example.jp"]);
    story.accept(&invitation_link(mail.unwrap())).await.ok();

    let editors = story.group("編集権限グループ").await;
    let viewers = story.group("閲覧権限グループ").await;
    let changes = json!({ "role": "staff", "groups": [editors, viewers] });
    story.edit("佐藤", changes).await.ok();

    story
        .put_people(&[Person::sato().retired(), suzuki()])
        .await;
    let run = story.next_night().await;
    assert_eq!(story.logged(&run, "佐藤").await[..2], ["削除", "成功"]);
    assert_eq!(signs_in(&story).await.status, 401);
    story
}

async fn signs_in(story: &Story) -> Answer {
    sign_in(&story.browser(), "sato@example.jp", PASSWORD).await
}

async fn deleted(story: &mut Story) -> Vec<Value> {
    let page = story.admin.get("/api/v1/deleted-users").await.ok().json();
    page["users"].as_array().unwrap().clone()
}

async fn restore(story: &mut Story, user: &Value) -> Answer {
    let id = user["id"].as_str().unwrap();
    let address = format!("/api/v1/deleted-users/{id}/restore");
    story.admin.post(&address, Value::Null).await
}

#[tokio::test]
async fn somebody_deleted_is_restored_within_30_days_with_role_groups_and_login() {
    let mut story = sato_left("restored").await;
    story.hours_pass(29 * 24).await;
    let deleted = deleted(&mut story).await;
    assert_eq!(deleted.len(), 1);
    restore(&mut story, &deleted[0]).await.ok();

    let user = story.user("佐藤").await;
    assert_eq!(user["role"], "staff");
    assert_eq!(user["groups"].as_array().unwrap().len(), 2);
    assert!(signs_in(&story).await.status.is_success());

    // SmartHR says that 佐藤 left, but nobody is deleted who is not linked.
    let run = story.next_night().await;
    assert_eq!(run["counts"]["deleted"], 0);
    assert!(signs_in(&story).await.status.is_success());
}

#[tokio::test]
async fn after_30_days_nobody_can_be_restored_and_a_rehire_starts_over() {
    let mut story = sato_left("gone-for-good").await;
    let restorable = deleted(&mut story).await;
    story.hours_pass(30 * 24).await;
    assert!(deleted(&mut story).await.is_empty());
    let refused = restore(&mut story, &restorable[0]).await;
    assert_eq!(refused.status, 404);

    story.new_mails().await;
    story.put_people(&[Person::sato(), suzuki()]).await;
    let run = story.next_night().await;
    assert_eq!(story.logged(&run, "佐藤").await[..2], ["招待", "成功"]);
    let user = story.user("佐藤").await;
    assert_eq!(user["role"], "member");
    assert_eq!(user["status"], "invited");
    assert_ne!(user["id"], restorable[0]["id"]);
    let refused = signs_in(&story).await.status;
    assert_eq!(refused, 401, "the old password is gone");
}

#[tokio::test]
async fn who_left_and_asks_for_it_is_erased_from_users_history_logs_and_mails() {
    let mut story = sato_left("erased").await;
    let deleted = deleted(&mut story).await;
    let request = json!({
        "action": "erase",
        "workspace_id": story.workspace_id,
        "user_id": deleted[0]["id"],
        "emails": ["sato@example.jp"],
        "names": [deleted[0]["name"]],
    });
    let erased = story.stack.invoke("erase-person", request).await.unwrap();
    for place in ["users", "rows", "log_lines"] {
        assert_ne!(erased[place], 0, "{place} of {erased}");
    }

    let runs = story.admin.get("/api/v1/runs").await.ok().json();
    for run in runs["runs"].as_array().unwrap() {
        for line in story.log(run).await {
            assert!(!line.concat().contains("佐藤"), "{line:?}");
        }
    }
    let left = story.admin.get("/api/v1/deleted-users").await.ok();
    assert_eq!(left.json()["users"], json!([]));
}
