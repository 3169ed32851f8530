use domain::{Credential, Status};
use http_client::{Answer, StatusCode};
use jiff::SignedDuration;
use testkit::{advance, now};

use super::site::{HANAKO, PASSWORD, Site};

const FIELDS: [(&str, &str); 2] = [("password", PASSWORD), ("password_confirmation", PASSWORD)];

/// Returns a site where [`HANAKO`] is invited, and the path of her invitation.
async fn site_with_an_invitation() -> (Site, String) {
    let site = Site::new().await;
    let path = site.invited(HANAKO).await;
    (site, path)
}

#[track_caller]
fn assert_unusable(answer: &Answer) {
    assert_eq!(answer.status, StatusCode::GONE);
    answer.shows(&["このリンクは使用できません"]);
    answer.shows_no(&["田中"]);
}

#[tokio::test]
async fn the_link_opens_a_page_where_the_person_sets_a_password_and_is_in() {
    let (site, path) = site_with_an_invitation().await;
    let page = site.get(&path).await.ok();
    page.shows(&["田中 花子 様", HANAKO]);
    let welcome = site.browser().submit(&path, &FIELDS).await;
    welcome.shows(&["登録が完了しました"]);

    let user = site.env.user("usr_invited").await;
    assert_eq!(user.status, Status::Active);
    assert_eq!(user.credential, Credential::Password);
    assert_eq!(user.invitation, None);
    assert_eq!(site.env.last_sign_in("usr_invited").await, Some(now()));
    site.signed_in().await;
}

#[tokio::test]
async fn looking_at_the_link_changes_nothing() {
    let (site, path) = site_with_an_invitation().await;
    let before = site.env.user("usr_invited").await;
    for _ in 0..3 {
        assert_eq!(site.get(&path).await.status, StatusCode::OK);
    }
    assert_eq!(site.env.user("usr_invited").await, before);
}

#[tokio::test]
async fn a_used_link_is_dead() {
    let (site, path) = site_with_an_invitation().await;
    site.form(&path, &FIELDS).await;
    assert_unusable(&site.get(&path).await);
    let other = ["password", "password_confirmation"].map(|field| (field, "another-secret-77"));
    assert_unusable(&site.form(&path, &other).await);
    site.signed_in().await;
}

#[tokio::test]
async fn of_two_who_use_a_link_at_once_one_is_let_in() {
    let (site, path) = site_with_an_invitation().await;
    let accept = || site.form(&path, &FIELDS);
    let answers: [Answer; 3] = tokio::join!(accept(), accept(), accept()).into();
    let (accepted, refused): (Vec<_>, Vec<_>) = answers
        .iter()
        .partition(|answer| answer.status == StatusCode::SEE_OTHER);
    assert_eq!(accepted.len(), 1);
    refused.into_iter().for_each(assert_unusable);
}

#[tokio::test]
async fn a_change_by_the_nightly_run_does_not_lose_the_password() {
    let (site, path) = site_with_an_invitation().await;
    let rename = |user: &mut domain::User| user.name = "田中 花".into();
    let change = site.env.change_user("usr_invited", rename);
    let (answer, ()) = tokio::join!(site.form(&path, &FIELDS), change);
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_eq!(site.env.user("usr_invited").await.name, "田中 花");
}

#[tokio::test]
async fn after_72_hours_the_link_says_that_a_new_one_comes_at_two() {
    let (site, path) = site_with_an_invitation().await;
    advance(SignedDuration::from_secs(72 * 3600 - 1));
    assert_eq!(site.get(&path).await.status, StatusCode::OK);
    advance(SignedDuration::from_secs(1));
    for answer in [site.get(&path).await, site.form(&path, &FIELDS).await] {
        assert_eq!(answer.status, StatusCode::GONE);
        answer.shows(&["午前2時の同期の際に、自動で再招待メールが送信されます"]);
    }
    let user = site.env.user("usr_invited").await;
    assert_eq!(user.status, Status::Invited);
}

#[tokio::test]
async fn the_old_link_of_somebody_invited_again_is_dead_and_the_new_one_works() {
    let (site, old) = site_with_an_invitation().await;
    let new = site.invite_again().await;
    assert_unusable(&site.get(&old).await);
    assert_unusable(&site.form(&old, &FIELDS).await);
    assert_eq!(site.form(&new, &FIELDS).await.location(), "/welcome");
}

#[tokio::test]
async fn a_made_up_link_is_dead() {
    let (site, path) = site_with_an_invitation().await;
    let other = if path.ends_with('A') { "B" } else { "A" };
    let forged = format!("{}{other}", &path[..path.len() - 1]);
    for path in [forged.as_str(), "/invitations/abc", "/invitations/a.b.c"] {
        assert_unusable(&site.get(path).await);
    }
}

#[tokio::test]
async fn a_refused_password_leaves_the_link_open() {
    let (site, path) = site_with_an_invitation().await;
    let personal = "hanako-tanaka";
    for (password, confirmation, reason) in [
        ("short", "short", "10文字以上"),
        ("password1234", "password1234", "推測されやすい"),
        (personal, personal, "推測されやすい"),
        (PASSWORD, "hashiru-neko-43", "一致しません"),
    ] {
        let fields = [
            ("password", password),
            ("password_confirmation", confirmation),
        ];
        let answer = site.form(&path, &fields).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        answer.shows(&[reason]);
    }
    assert_eq!(site.form(&path, &FIELDS).await.location(), "/welcome");
}

#[tokio::test]
async fn a_second_click_of_the_person_who_just_accepted_leads_on() {
    let site = Site::new().await;
    let path = site.invited(HANAKO).await;
    let fields = [
        ("password", "aoi-sora-to-umi"),
        ("password_confirmation", "aoi-sora-to-umi"),
    ];
    let browser = site.browser();
    for _ in 0..2 {
        let answer = browser.form(&path, &fields).await;
        assert_eq!(answer.location(), "/welcome");
    }
    let stranger = site.form(&path, &fields).await;
    assert_eq!(stranger.status, StatusCode::GONE);
}
