use http_client::{Answer, StatusCode};
use jiff::SignedDuration;
use testkit::advance;

use super::site::{HANAKO, PASSWORD, Site, sign_in};

#[tokio::test]
async fn guessing_slows_down_and_then_locks_for_a_quarter_of_an_hour() {
    let site = Site::with_hanako().await;
    let guess = || site.sign_in(HANAKO, "wrong");
    for _ in 0..5 {
        assert_eq!(guess().await.status, StatusCode::UNAUTHORIZED);
    }
    let slowed = guess().await;
    assert_eq!(slowed.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(slowed.headers.contains_key("retry-after"));
    for _ in 0..5 {
        advance(SignedDuration::from_mins(1));
        assert_eq!(guess().await.status, StatusCode::UNAUTHORIZED);
    }
    advance(SignedDuration::from_mins(1));
    let locked = site.sign_in(HANAKO, PASSWORD).await;
    assert_eq!(locked.status, StatusCode::TOO_MANY_REQUESTS);
    // A stranger's guesses do not keep her out elsewhere.
    let elsewhere = site.browser_at("198.51.100.9");
    sign_in(&elsewhere, HANAKO, PASSWORD).await.ok();

    advance(SignedDuration::from_mins(15));
    site.signed_in().await;
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
    let site = Site::with_hanako().await;
    let guess = || site.sign_in(HANAKO, "wrong");
    let five = async || tokio::join!(guess(), guess(), guess(), guess(), guess()).into();
    let (some, others): ([Answer; 5], [Answer; 5]) = tokio::join!(five(), five());
    let answers = some.iter().chain(&others);
    let compared = answers.filter(|answer| answer.status == StatusCode::UNAUTHORIZED);
    assert!(compared.count() <= 5);
    assert_eq!(guess().await.status, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn the_right_password_forgives_the_typing_errors_before_it() {
    let site = Site::with_hanako().await;
    for _ in 0..3 {
        for _ in 0..4 {
            site.sign_in(HANAKO, "wrong").await;
        }
        site.signed_in().await;
    }
}

#[tokio::test]
async fn a_network_that_tries_many_accounts_is_locked_and_others_are_not() {
    let site = Site::with_hanako().await;
    for account in 0..50 {
        let email = format!("person{account}@example.com");
        let answer = site.sign_in(&email, "wrong").await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    }
    let locked = site.sign_in(HANAKO, PASSWORD).await;
    assert_eq!(locked.status, StatusCode::TOO_MANY_REQUESTS);
    let elsewhere = site.browser_at("198.51.100.9");
    sign_in(&elsewhere, HANAKO, PASSWORD).await.ok();
}

#[tokio::test]
async fn a_company_that_signs_in_rightly_is_never_locked() {
    let site = Site::with_hanako().await;
    for _ in 0..60 {
        site.signed_in().await;
    }
}

#[tokio::test]
async fn a_dozen_people_who_mistype_again_and_again_do_not_lock_their_office() {
    let site = Site::with_hanako().await;
    for person in 0..12 {
        let email = format!("person{person}@example.com");
        for _ in 0..5 {
            let answer = site.sign_in(&email, "wrong").await;
            assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{email}");
        }
    }
    site.signed_in().await;
}
