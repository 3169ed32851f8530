//! 【メールアドレス情報がある+パスワードログインのユーザーの場合】

use end_to_end::{PASSWORD, Person, Story, accept, invitation_link, sign_in};
use serde_json::json;

#[tokio::test]
async fn a_new_employee_is_invited_by_mail_sets_a_password_and_is_in() {
    let mut story = Story::connected("invitation-accepted", &[Person::sato()]).await;
    let run = story.night().await;
    assert_eq!(run["outcome"], "success");
    assert_eq!(story.logged(&run, "佐藤").await[..2], ["招待", "成功"]);
    let user = story.user("佐藤").await;
    assert_eq!(user["status"], "invited");
    assert_eq!(user["role"], "member");

    let mails = story.new_mails().await;
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0].to, ["sato@example.jp"]);
    let text = &mails[0].text;
    assert!(text.contains("株式会社テスト"), "{text}");
    assert!(!mails[0].html.is_empty());
    let link = invitation_link(&mails[0]);

    let sato = story.browser();
    assert!(sato.get(&link).await.ok().text.contains("password"));
    let status = &story.user("佐藤").await["status"];
    assert_eq!(status, "invited", "opening the link changes nothing");
    accept(&sato, &link, PASSWORD).await.ok();
    assert_eq!(story.user("佐藤").await["status"], "active");

    let elsewhere = story.browser();
    sign_in(&elsewhere, "SATO@example.jp", PASSWORD).await.ok();
    let again = story.accept(&link).await.status;
    assert!(again.is_client_error(), "the link works once");
}

#[tokio::test]
async fn an_invitation_that_nobody_accepts_within_72_hours_is_sent_again_at_02_00() {
    let mut story = Story::connected("invitation-expires", &[Person::sato()]).await;
    story.night().await;
    let first = invitation_link(&story.new_mails().await[0]);
    story.next_night().await;
    story.next_night().await;
    assert!(story.new_mails().await.is_empty(), "72 hours are not over");

    let run = story.next_night().await;
    assert_eq!(story.logged(&run, "佐藤").await[..2], ["再招待", "成功"]);
    let mails = story.new_mails().await;
    assert_eq!(mails.len(), 1);
    let second = invitation_link(&mails[0]);
    assert_ne!(first, second);
    assert!(story.accept(&first).await.status.is_client_error());
    assert!(story.accept(&second).await.status.is_redirection());
}

#[tokio::test]
async fn a_changed_name_is_in_a_new_invitation_and_the_old_link_stops_working() {
    let mut story = Story::connected("invitation-renamed", &[Person::sato()]).await;
    story.night().await;
    let first = invitation_link(&story.new_mails().await[0]);
    story
        .put_people(&[Person::sato().with("last_name", "鈴木")])
        .await;
    let run = story.next_night().await;
    assert_eq!(story.logged(&run, "鈴木").await[..2], ["再招待", "成功"]);
    let mails = story.new_mails().await;
    assert!(mails[0].text.contains("鈴木 太郎"), "{}", mails[0].text);
    assert!(story.accept(&first).await.status.is_client_error());
    let second = invitation_link(&mails[0]);
    assert!(story.accept(&second).await.status.is_redirection());
    assert_eq!(story.user("鈴木").await["name"], "鈴木 太郎");
}

#[tokio::test]
async fn another_default_group_in_kitera_is_in_a_new_invitation() {
    let mut story = Story::connected("invitation-group", &[Person::sato()]).await;
    story.night().await;
    story.new_mails().await;
    let group = story.group("編集権限グループ").await;
    story.save(json!({ "default_group": group })).await.ok();
    let run = story.next_night().await;
    assert_eq!(story.logged(&run, "佐藤").await[..2], ["再招待", "成功"]);
    assert_eq!(story.new_mails().await.len(), 1);
    assert_eq!(story.user("佐藤").await["groups"], json!([group]));
}

#[tokio::test]
async fn somebody_who_accepted_is_renamed_and_goes_when_they_retire() {
    let mut story = Story::connected("accepted-renamed-retired", &[Person::sato()]).await;
    story.night().await;
    let link = invitation_link(&story.new_mails().await[0]);
    assert!(story.accept(&link).await.status.is_redirection());

    let renamed = Person::sato().with("last_name", "鈴木");
    story.put_people(std::slice::from_ref(&renamed)).await;
    let run = story.next_night().await;
    assert_eq!(story.logged(&run, "鈴木").await[..2], ["更新", "成功"]);
    assert!(story.new_mails().await.is_empty());
    assert_eq!(story.user("鈴木").await["status"], "active");

    story.put_people(&[renamed.retired()]).await;
    let run = story.next_night().await;
    assert_eq!(story.logged(&run, "鈴木").await[..2], ["削除", "成功"]);
    assert!(story.user("鈴木").await.is_null());
    let browser = story.browser();
    let refused = sign_in(&browser, "sato@example.jp", PASSWORD).await;
    assert_eq!(refused.status, 401);
}
