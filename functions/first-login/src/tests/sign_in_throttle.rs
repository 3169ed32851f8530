use http_client::{Answer, StatusCode};

use super::site::{PASSWORD, Site, sign_in};

const HANAKO: &str = "hanako@example.com";

#[tokio::test]
async fn guessing_slows_down_and_then_locks_for_a_quarter_of_an_hour() {
    let site = Site::new().await;
    site.user(Some(HANAKO), None).await;
    let guess = || site.sign_in(HANAKO, "wrong");
    for _ in 0..5 {
        assert_eq!(guess().await.status, StatusCode::UNAUTHORIZED);
    }
    let slowed = guess().await;
    assert_eq!(slowed.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(slowed.headers.contains_key("retry-after"));
    for _ in 0..5 {
        site.wait_seconds(60);
        assert_eq!(guess().await.status, StatusCode::UNAUTHORIZED);
    }
    site.wait_seconds(60);
    let locked = site.sign_in(HANAKO, PASSWORD).await;
    assert_eq!(locked.status, StatusCode::TOO_MANY_REQUESTS);

    site.wait_seconds(15 * 60);
    site.signed_in(HANAKO).await;
}

#[tokio::test]
async fn an_account_that_does_not_exist_is_locked_just_the_same() {
    let site = Site::new().await;
    for _ in 0..5 {
        site.sign_in("nobody@example.com", "wrong").await;
    }
    let answer = site.sign_in("nobody@example.com", "wrong").await;
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn many_guesses_at_once_count_as_many() {
    let site = Site::new().await;
    site.user(Some(HANAKO), None).await;
    let guess = || site.sign_in(HANAKO, "wrong");
    let five = async || tokio::join!(guess(), guess(), guess(), guess(), guess()).into();
    let (some, others): ([Answer; 5], [Answer; 5]) = tokio::join!(five(), five());
    let answers = [some, others].concat();
    let compared = answers
        .iter()
        .filter(|answer| answer.status == StatusCode::UNAUTHORIZED);
    assert!(compared.count() <= 5);
    assert_eq!(guess().await.status, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn the_right_password_forgives_the_typing_errors_before_it() {
    let site = Site::new().await;
    site.user(Some(HANAKO), None).await;
    for _ in 0..3 {
        for _ in 0..4 {
            site.sign_in(HANAKO, "wrong").await;
        }
        site.signed_in(HANAKO).await;
    }
}

#[tokio::test]
async fn a_network_that_tries_many_accounts_is_locked_and_others_are_not() {
    let site = Site::new().await;
    site.user(Some(HANAKO), None).await;
    for account in 0..50 {
        let email = format!("person{account}@example.com");
        let answer = site.sign_in(&email, "wrong").await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    }
    let mut browser = site.browser();
    let locked = sign_in(&browser, HANAKO, PASSWORD).await;
    assert_eq!(locked.status, StatusCode::TOO_MANY_REQUESTS);
    browser.source = "198.51.100.9".into();
    let elsewhere = sign_in(&browser, HANAKO, PASSWORD).await;
    assert_eq!(elsewhere.status, StatusCode::OK);
}

#[tokio::test]
async fn a_company_that_signs_in_rightly_is_never_locked() {
    let site = Site::new().await;
    site.user(Some(HANAKO), None).await;
    for _ in 0..60 {
        site.signed_in(HANAKO).await;
    }
}
