//! 認証方法: パスワード, SSO, 個別設定

use end_to_end::{PASSWORD, Person, Story, invitation_link, sign_in};
use serde_json::json;

async fn with_sso(name: &str, people: &[Person]) -> Story {
    let mut story = Story::begin_with(name, json!({ "sso_configured": true })).await;
    story.put_people(people).await;
    story.connect().await;
    story
}

fn sato() -> Person {
    Person::new(1, "佐藤").email("sato@example.jp")
}

#[tokio::test]
async fn sso_people_are_registered_at_once_and_get_no_mail() {
    let no_address = Person::new(2, "田中").code("T-1");
    let mut story = with_sso("sso", &[sato(), no_address]).await;
    story
        .save(json!({ "login_method": "sso", "target": "everyone_and_code_only" }))
        .await
        .ok();
    let run = story.night().await;
    assert_eq!(story.logged(&run, "佐藤").await[..2], ["登録", "成功"]);
    let user = story.user("佐藤").await;
    assert_eq!(
        (&user["status"], &user["login_method"]),
        (&json!("active"), &json!("sso"))
    );
    let [_, result, cause] = story.logged(&run, "田中").await;
    assert_eq!(result, "失敗");
    assert!(
        cause.contains("SSO") && cause.contains("メールアドレス"),
        "{cause}"
    );
    assert_eq!(run["outcome"], "failure");
    let mails = story.new_mails().await;
    assert!(mails.iter().all(|mail| mail.to != ["sato@example.jp"]));
}

#[tokio::test]
async fn sso_cannot_be_chosen_while_the_workspace_has_none() {
    let mut story = Story::connected("sso-missing", &[sato()]).await;
    for login_method in ["sso", "individual"] {
        let refused = story.save(json!({ "login_method": login_method })).await;
        assert!(refused.status.is_client_error());
        assert!(refused.json()["detail"].as_str().unwrap().contains("SSO"));
    }
    assert_eq!(
        story.connection().await["settings"]["login_method"],
        "password"
    );
}

#[tokio::test]
async fn somebody_who_moves_to_sso_and_back_without_a_password_gets_a_link_to_set_one() {
    let mut story = with_sso("sso-and-back", &[sato()]).await;
    story.save(json!({ "login_method": "sso" })).await.ok();
    story.night().await;
    story.save(json!({ "login_method": "password" })).await.ok();
    let run = story.next_night().await;
    assert_eq!(story.logged(&run, "佐藤").await[..2], ["更新", "成功"]);
    let mails = story.new_mails().await;
    assert_eq!(mails.len(), 1);
    story.accept(&invitation_link(&mails[0])).await.ok();
    sign_in(&story.browser(), "sato@example.jp", PASSWORD)
        .await
        .ok();
}

#[tokio::test]
async fn an_invited_person_who_moves_to_sso_is_registered_and_the_link_stops_working() {
    let mut story = with_sso("invited-to-sso", &[sato()]).await;
    story.save(json!({})).await.ok();
    story.night().await;
    let link = invitation_link(&story.new_mails().await[0]);
    story.save(json!({ "login_method": "sso" })).await.ok();
    let run = story.next_night().await;
    assert_eq!(story.logged(&run, "佐藤").await[..2], ["登録", "成功"]);
    assert!(story.accept(&link).await.status.is_client_error());
}

#[tokio::test]
async fn with_individual_settings_each_person_signs_in_as_their_item_in_smarthr_says() {
    let suzuki = Person::new(2, "鈴木").email("suzuki@example.jp");
    let mut story = with_sso("individual", &[sato(), suzuki.clone()]).await;
    story
        .save(json!({ "login_method": "individual" }))
        .await
        .ok();
    story.choose(&suzuki, "認証方法", "SSO").await;
    story.night().await;
    assert_eq!(
        story.user("佐藤").await["login_method"],
        "password",
        "unset means パスワード"
    );
    assert_eq!(story.user("鈴木").await["login_method"], "sso");
    assert_eq!(story.user("鈴木").await["status"], "active");
}
