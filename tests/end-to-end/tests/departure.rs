//! Somebody leaves, and comes back: restored, or hired again.

#![expect(
    clippy::unwrap_used,
    reason = "what cannot be set up or read is a failed test"
)]

use end_to_end::{PASSWORD, Person, Story, invitation_link, sign_in};
use http_client::Answer;
use serde_json::{Value, json};

fn sato() -> Person {
    Person::new(1, "佐藤").email("sato@example.jp").code("S-1")
}

fn suzuki() -> Person {
    Person::new(2, "鈴木")
        .email("suzuki@example.jp")
        .code("S-2")
}

/// 佐藤 accepted the invitation, was made 担当者 with the groups of editors, and left.
async fn sato_left(name: &str) -> Story {
    let mut story = Story::connected(name, &[sato(), suzuki()]).await;
    story.night().await;
    let mails = story.new_mails().await;
    let mail = mails.iter().find(|mail| mail.to == ["sato@example.jp"]);
    story.accept(&invitation_link(mail.unwrap())).await.ok();

    let groups = [
        story.group("編集権限グループ").await,
        story.group("閲覧権限グループ").await,
    ];
    let changes = json!({ "role": "staff", "groups": groups });
    story.edit("佐藤", changes).await.ok();

    story.put_people(&[sato().retired(), suzuki()]).await;
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
    story.put_people(&[sato(), suzuki()]).await;
    let run = story.next_night().await;
    assert_eq!(story.logged(&run, "佐藤").await[..2], ["招待", "成功"]);
    let user = story.user("佐藤").await;
    assert_eq!(
        (&user["role"], &user["status"]),
        (&json!("member"), &json!("invited"))
    );
    assert_ne!(user["id"], restorable[0]["id"]);
    let refused = signs_in(&story).await;
    assert_eq!(refused.status, 401, "the old password is gone");
}

#[tokio::test]
async fn a_newcomer_with_the_address_of_somebody_who_left_gets_an_account_of_their_own() {
    let mut story = sato_left("recycled-address").await;
    let restorable = deleted(&mut story).await;
    let newcomer = Person::new(9, "田中").email("sato@example.jp").code("S-9");
    story
        .put_people(&[sato().retired(), suzuki(), newcomer])
        .await;
    story.new_mails().await;
    let run = story.next_night().await;
    assert_eq!(story.logged(&run, "田中").await[..2], ["招待", "成功"]);
    let user = story.user("田中").await;
    assert_eq!(user["role"], "member");
    assert_ne!(user["id"], restorable[0]["id"]);
    assert_eq!(signs_in(&story).await.status, 401);
    let mail = &story.new_mails().await[0];
    assert!(mail.text.contains("田中"), "{}", mail.text);

    // Now 佐藤 cannot come back beside 田中.
    let refused = restore(&mut story, &restorable[0]).await;
    assert_eq!(refused.status, 409);
}

#[tokio::test]
async fn a_record_created_again_in_smarthr_finds_its_account_once_an_admin_unlinks_it() {
    let mut story = Story::connected("created-again", &[sato(), suzuki()]).await;
    story.night().await;
    let before = story.user("佐藤").await;
    let again = Person::new(9, "佐藤").email("sato@example.jp").code("S-1");
    story.put_people(&[again, suzuki()]).await;
    let run = story.next_night().await;
    let log = story.log(&run).await;
    let failed = log.iter().find(|line| line[4] == "失敗").unwrap();
    assert!(failed[1].starts_with("佐藤"), "{failed:?}");
    assert!(
        failed[5].contains("別のユーザーが使用しています"),
        "{failed:?}"
    );
    assert!(
        failed[6].contains("[SmartHRとの紐付けを解除]"),
        "{failed:?}"
    );

    let address = format!("/api/v1/users/{}/link", before["id"].as_str().unwrap());
    let unlinked = story.admin.delete(&address).await;
    unlinked.ok();
    let run = story.next_night().await;
    assert_eq!(run["outcome"], "success");
    assert_eq!(story.user("佐藤").await["id"], before["id"]);
    let mails = story.new_mails().await;
    let to_sato = mails.iter().filter(|mail| mail.to == ["sato@example.jp"]);
    assert_eq!(to_sato.count(), 1, "the first invitation stays valid");
}
