use axum::http::StatusCode;
use domain::{Credential, Status};

use super::door::{Answer, Door, PASSWORD};

const FIELDS: [(&str, &str); 2] = [("password", PASSWORD), ("password_confirmation", PASSWORD)];

fn is_dead(answer: &Answer) {
    assert_eq!(answer.status, StatusCode::GONE);
    assert!(answer.text.contains("このリンクは使用できません"));
    assert!(!answer.text.contains("田中"));
}

#[tokio::test]
async fn the_link_opens_a_page_where_the_person_sets_a_password_and_is_in() {
    let door = Door::open().await;
    let (user, link) = door.invited("hanako@example.com").await;
    let page = door.get(&link, "").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text.contains("田中 花子 様"));
    assert!(page.text.contains("hanako@example.com"));

    let answer = door.form(&link, &FIELDS, "").await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    assert_eq!(answer.location(), "/welcome");
    let welcome = door.get("/welcome", &answer.cookie()).await;
    assert!(welcome.text.contains("登録が完了しました"));

    let user = door.user(&user.user_id).await;
    assert_eq!(user.status, Status::Active);
    assert_eq!(user.credential, Credential::Password);
    assert_eq!(user.invitation, None);
    let again = door.sign_in("hanako@example.com", PASSWORD).await;
    assert_eq!(again.status, StatusCode::OK);
}

#[tokio::test]
async fn looking_at_the_link_changes_nothing() {
    let door = Door::open().await;
    let (user, link) = door.invited("hanako@example.com").await;
    for _ in 0..3 {
        assert_eq!(door.get(&link, "").await.status, StatusCode::OK);
    }
    assert_eq!(door.user(&user.user_id).await, user);
}

#[tokio::test]
async fn a_used_link_is_dead() {
    let door = Door::open().await;
    let (_, link) = door.invited("hanako@example.com").await;
    door.form(&link, &FIELDS, "").await;
    is_dead(&door.get(&link, "").await);
    let other = [
        ("password", "another-secret-77"),
        ("password_confirmation", "another-secret-77"),
    ];
    is_dead(&door.form(&link, &other, "").await);
    let owner = door.sign_in("hanako@example.com", PASSWORD).await;
    assert_eq!(owner.status, StatusCode::OK);
}

#[tokio::test]
async fn of_two_who_use_a_link_at_once_one_is_let_in() {
    let door = Door::open().await;
    let (_, link) = door.invited("hanako@example.com").await;
    let answers: [Answer; 3] = tokio::join!(
        door.form(&link, &FIELDS, ""),
        door.form(&link, &FIELDS, ""),
        door.form(&link, &FIELDS, ""),
    )
    .into();
    let in_ = |answer: &&Answer| answer.status == StatusCode::SEE_OTHER;
    assert_eq!(answers.iter().filter(in_).count(), 1);
    for answer in answers.iter().filter(|answer| !in_(answer)) {
        is_dead(answer);
    }
}

#[tokio::test]
async fn a_change_by_the_nightly_run_does_not_lose_the_password() {
    let door = Door::open().await;
    let (user, link) = door.invited("hanako@example.com").await;
    let change = door.change(&user.user_id, |user| user.name = "田中 花".into());
    let (answer, ()) = tokio::join!(door.form(&link, &FIELDS, ""), change);
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_eq!(door.user(&user.user_id).await.name, "田中 花");
}

#[tokio::test]
async fn after_72_hours_the_link_says_that_a_new_one_comes_at_two() {
    let door = Door::open().await;
    let (user, link) = door.invited("hanako@example.com").await;
    door.wait_seconds(72 * 3600 - 1);
    assert_eq!(door.get(&link, "").await.status, StatusCode::OK);
    door.wait_seconds(1);
    for answer in [
        door.get(&link, "").await,
        door.form(&link, &FIELDS, "").await,
    ] {
        assert_eq!(answer.status, StatusCode::GONE);
        assert!(
            answer
                .text
                .contains("午前2時の同期の際に、自動で再招待メールが送信されます")
        );
    }
    assert_eq!(door.user(&user.user_id).await.status, Status::Invited);
}

#[tokio::test]
async fn the_old_link_of_somebody_invited_again_is_dead_and_the_new_one_works() {
    let door = Door::open().await;
    let (user, old) = door.invited("hanako@example.com").await;
    let new = door.invite_again(&user.user_id).await;
    is_dead(&door.get(&old, "").await);
    is_dead(&door.form(&old, &FIELDS, "").await);
    assert_eq!(door.form(&new, &FIELDS, "").await.location(), "/welcome");
}

#[tokio::test]
async fn a_made_up_link_is_dead() {
    let door = Door::open().await;
    let (_, link) = door.invited("hanako@example.com").await;
    let other = if link.ends_with('A') { "B" } else { "A" };
    let forged = format!("{}{other}", &link[..link.len() - 1]);
    for path in [forged.as_str(), "/invitations/abc", "/invitations/a.b.c"] {
        is_dead(&door.get(path, "").await);
    }
}

#[tokio::test]
async fn a_refused_password_leaves_the_link_open() {
    let door = Door::open().await;
    let (_, link) = door.invited("hanako@example.com").await;
    for (password, confirmation, reason) in [
        ("short", "short", "10文字以上"),
        ("password1234", "password1234", "よく使われる"),
        (
            "hanako-desu-1",
            "hanako-desu-1",
            "メールアドレス、従業員コード",
        ),
        (PASSWORD, "hashiru-neko-43", "一致しません"),
    ] {
        let fields = [
            ("password", password),
            ("password_confirmation", confirmation),
        ];
        let answer = door.form(&link, &fields, "").await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.text.contains(reason), "{reason}: {}", answer.text);
    }
    assert_eq!(door.form(&link, &FIELDS, "").await.location(), "/welcome");
}
