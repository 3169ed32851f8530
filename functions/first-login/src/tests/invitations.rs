use domain::{Credential, Status};
use http_client::{Answer, StatusCode};

use super::site::{PASSWORD, Site};

const FIELDS: [(&str, &str); 2] = [("password", PASSWORD), ("password_confirmation", PASSWORD)];

#[track_caller]
fn assert_unusable(answer: &Answer) {
    assert_eq!(answer.status, StatusCode::GONE);
    assert!(answer.text.contains("このリンクは使用できません"));
    assert!(!answer.text.contains("田中"));
}

#[tokio::test]
async fn the_link_opens_a_page_where_the_person_sets_a_password_and_is_in() {
    let site = Site::new().await;
    let (user, path) = site.invited("hanako@example.com").await;
    let page = site.get(&path).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text.contains("田中 花子 様"));
    assert!(page.text.contains("hanako@example.com"));

    let browser = site.browser();
    let answer = browser.form(&path, &FIELDS).await;
    assert_eq!(answer.location(), "/welcome");
    let welcome = browser.follow(&answer).await;
    assert!(welcome.text.contains("登録が完了しました"));

    let user = site.stored(&user.user_id).await;
    assert_eq!(user.status, Status::Active);
    assert_eq!(user.credential, Credential::Password);
    assert_eq!(user.invitation, None);
    site.signed_in("hanako@example.com").await;
}

#[tokio::test]
async fn looking_at_the_link_changes_nothing() {
    let site = Site::new().await;
    let (user, path) = site.invited("hanako@example.com").await;
    for _ in 0..3 {
        assert_eq!(site.get(&path).await.status, StatusCode::OK);
    }
    assert_eq!(site.stored(&user.user_id).await, user);
}

#[tokio::test]
async fn a_used_link_is_dead() {
    let site = Site::new().await;
    let (_, path) = site.invited("hanako@example.com").await;
    site.form(&path, &FIELDS).await;
    assert_unusable(&site.get(&path).await);
    let other = [
        ("password", "another-secret-77"),
        ("password_confirmation", "another-secret-77"),
    ];
    assert_unusable(&site.form(&path, &other).await);
    site.signed_in("hanako@example.com").await;
}

#[tokio::test]
async fn of_two_who_use_a_link_at_once_one_is_let_in() {
    let site = Site::new().await;
    let (_, path) = site.invited("hanako@example.com").await;
    let answers: [Answer; 3] = tokio::join!(
        site.form(&path, &FIELDS),
        site.form(&path, &FIELDS),
        site.form(&path, &FIELDS),
    )
    .into();
    let (accepted, refused): (Vec<_>, Vec<_>) = answers
        .iter()
        .partition(|answer| answer.status == StatusCode::SEE_OTHER);
    assert_eq!(accepted.len(), 1);
    for answer in refused {
        assert_unusable(answer);
    }
}

#[tokio::test]
async fn a_change_by_the_nightly_run_does_not_lose_the_password() {
    let site = Site::new().await;
    let (user, path) = site.invited("hanako@example.com").await;
    let change = site.change(&user.user_id, |user| user.name = "田中 花".into());
    let (answer, ()) = tokio::join!(site.form(&path, &FIELDS), change);
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_eq!(site.stored(&user.user_id).await.name, "田中 花");
}

#[tokio::test]
async fn after_72_hours_the_link_says_that_a_new_one_comes_at_two() {
    let site = Site::new().await;
    let (user, path) = site.invited("hanako@example.com").await;
    site.wait_seconds(72 * 3600 - 1);
    assert_eq!(site.get(&path).await.status, StatusCode::OK);
    site.wait_seconds(1);
    let when = "午前2時の同期の際に、自動で再招待メールが送信されます";
    for answer in [site.get(&path).await, site.form(&path, &FIELDS).await] {
        assert_eq!(answer.status, StatusCode::GONE);
        assert!(answer.text.contains(when));
    }
    assert_eq!(site.stored(&user.user_id).await.status, Status::Invited);
}

#[tokio::test]
async fn the_old_link_of_somebody_invited_again_is_dead_and_the_new_one_works() {
    let site = Site::new().await;
    let (user, old) = site.invited("hanako@example.com").await;
    let new = site.invite_again(&user.user_id).await;
    assert_unusable(&site.get(&old).await);
    assert_unusable(&site.form(&old, &FIELDS).await);
    assert_eq!(site.form(&new, &FIELDS).await.location(), "/welcome");
}

#[tokio::test]
async fn a_made_up_link_is_dead() {
    let site = Site::new().await;
    let (_, path) = site.invited("hanako@example.com").await;
    let other = if path.ends_with('A') { "B" } else { "A" };
    let forged = format!("{}{other}", &path[..path.len() - 1]);
    for path in [forged.as_str(), "/invitations/abc", "/invitations/a.b.c"] {
        assert_unusable(&site.get(path).await);
    }
}

#[tokio::test]
async fn a_refused_password_leaves_the_link_open() {
    let site = Site::new().await;
    let (_, path) = site.invited("hanako@example.com").await;
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
        let answer = site.form(&path, &fields).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.text.contains(reason), "{reason}: {}", answer.text);
    }
    assert_eq!(site.form(&path, &FIELDS).await.location(), "/welcome");
}
