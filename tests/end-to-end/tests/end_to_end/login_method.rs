//! 認証方法: パスワード, SSO, 個別設定

use end_to_end::{Person, Story, invitation_link};
use serde_json::json;

async fn with_sso(name: &str, people: &[Person]) -> Story {
    let story = Story::connected(name, people).await;
    story.store_tested_sso().await;
    story
}

#[tokio::test]
async fn sso_people_are_registered_at_once_and_get_no_mail() {
    let no_address = Person::new(2, "田中").code("T-1");
    let mut story = with_sso("sso", &[Person::sato(), no_address]).await;
    let sso_for_all = json!({ "login_method": "sso", "target": "everyone_and_code_only" });
    story.save(sso_for_all).await.ok();
    let run = story.night().await;
    assert_eq!(story.logged(&run, "佐藤").await[..2], ["登録", "成功"]);
    let user = story.user("佐藤").await;
    assert_eq!(user["status"], "active");
    assert_eq!(user["login_method"], "sso");
    let cause = story.failed(&run, "田中").await;
    let words = ["SSO", "メールアドレス"];
    assert!(words.iter().all(|word| cause.contains(word)), "{cause}");
    assert_eq!(run["outcome"], "failure");
    let mails = story.new_mails().await;
    assert!(mails.iter().all(|mail| mail.to != ["sato@example.jp"]));
}

#[tokio::test]
async fn an_invited_person_who_moves_to_sso_is_registered_and_the_link_stops_working() {
    let mut story = with_sso("invited-to-sso", &[Person::sato()]).await;
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
    let mut story = with_sso("individual", &[Person::sato(), suzuki.clone()]).await;
    let individual = json!({ "login_method": "individual" });
    story.save(individual).await.ok();
    story.choose(&suzuki, "認証方法", "SSO").await;
    story.night().await;
    let (sato, suzuki) = (story.user("佐藤").await, story.user("鈴木").await);
    assert_eq!(sato["login_method"], "password", "unset means パスワード");
    assert_eq!(suzuki["login_method"], "sso");
    assert_eq!(suzuki["status"], "active");
}
