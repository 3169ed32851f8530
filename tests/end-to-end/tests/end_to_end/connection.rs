//! SmartHRと連携を設定する, SmartHRと連携を解除する

use end_to_end::{Person, Story};
use serde_json::{Value, json};

#[tokio::test]
async fn an_admin_connects_the_workspace_and_sees_the_companys_name() {
    let mut story = Story::begin("connection").await;
    let page = story.connect().await.ok();
    for shown in ["SmartHRとの連携が完了しました。", "KiteRaに戻る"] {
        assert!(page.text.contains(shown), "{}", page.text);
    }
    let connection = story.connection().await;
    assert_eq!(connection["company_name"], "株式会社あおぞら商事");
    let saved = story.save(json!({})).await.ok().json();
    assert_eq!(saved["message"], "SmartHRの設定を保存しました");
}

#[tokio::test]
async fn smarthrs_tokens_are_encrypted_with_the_key_that_the_template_makes() {
    let mut story = Story::begin("key").await;
    story.connect().await.ok();
    let ask = async |operation: &str, body: Value| {
        let target = format!("secretsmanager.{operation}");
        story.at_aws("secretsmanager", &target, body).await
    };
    let tokens = story.secrets("smarthr-tokens").await;
    assert_eq!(tokens.len(), 1, "{tokens:?}");
    let made_by_us = ask("DescribeSecret", json!({ "SecretId": tokens[0] })).await;
    let client = story.stack.output("SmartHrClientSecretArn").unwrap();
    let made_by_the_template = ask("DescribeSecret", json!({ "SecretId": client })).await;
    let key = made_by_us["KmsKeyId"].as_str().unwrap();
    assert!(key.starts_with("arn:aws:kms:"), "{key}");
    assert_eq!(made_by_the_template["KmsKeyId"], key);
}

#[tokio::test]
async fn while_connected_synced_fields_cannot_be_edited_but_role_and_groups_can() {
    let mut story = Story::connected("locked", &[Person::sato()]).await;
    story.night().await;
    let refused = story.edit("佐藤", json!({ "name": "別名" })).await;
    assert_eq!(refused.status, 409, "{}", refused.text);
    story.edit("佐藤", json!({ "role": "staff" })).await.ok();
    story.next_night().await;
    let user = story.user("佐藤").await;
    assert_eq!(user["role"], "staff");
    assert_eq!(user["name"], "佐藤 太郎");
}

#[tokio::test]
async fn disconnecting_deletes_our_items_in_smarthr_keeps_the_users_and_unlocks_them() {
    let mut story = Story::connected("disconnect", &[Person::sato()]).await;
    story.save(json!({ "target": "chosen" })).await.ok();
    story.choose(&Person::sato(), "連携対象", "連携する").await;
    story.night().await;
    story.new_mails().await;
    story.admin.delete("/api/v1/integration").await.ok();
    assert_ne!(story.connection().await["state"], "linked");
    let crews = story.at_smarthr("GET", "crews", Value::Null).await;
    let has_items = crews.text.contains("連携対象");
    assert!(!has_items, "our items are gone from SmartHR");

    assert!(story.next_night().await.is_null(), "there is no run");
    assert_eq!(story.user("佐藤").await["status"], "invited");
    let name = json!({ "name": "手で直した名前" });
    story.edit("佐藤", name).await.ok();
}

#[tokio::test]
async fn switching_off_pauses_and_forgets_nothing() {
    let mut story = Story::connected("paused", &[]).await;
    let off = json!({ "enabled": false, "target": "everyone_and_code_only" });
    story.save(off).await.ok();
    story.put_people(&[Person::sato()]).await;
    assert!(story.next_night().await.is_null());
    assert!(story.user("佐藤").await.is_null());
    let settings = story.connection().await["settings"].clone();
    assert_eq!(settings["target"], "everyone_and_code_only");
}
