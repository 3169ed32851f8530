use axum::http::StatusCode;

use super::door::{Door, PASSWORD};

#[tokio::test]
async fn guessing_slows_down_and_then_locks_for_a_quarter_of_an_hour() {
    let door = Door::open().await;
    door.person(Some("hanako@example.com"), None).await;
    let guess = || door.sign_in("hanako@example.com", "wrong");
    for _ in 0..5 {
        assert_eq!(guess().await.status, StatusCode::UNAUTHORIZED);
    }
    let slowed = guess().await;
    assert_eq!(slowed.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(slowed.headers.contains_key("retry-after"));
    for _ in 0..5 {
        door.wait_seconds(60);
        assert_eq!(guess().await.status, StatusCode::UNAUTHORIZED);
    }
    door.wait_seconds(60);
    let locked = door.sign_in("hanako@example.com", PASSWORD).await;
    assert_eq!(locked.status, StatusCode::TOO_MANY_REQUESTS);

    door.wait_seconds(15 * 60);
    let free = door.sign_in("hanako@example.com", PASSWORD).await;
    assert_eq!(free.status, StatusCode::OK);
}

#[tokio::test]
async fn an_account_that_does_not_exist_is_locked_just_the_same() {
    let door = Door::open().await;
    for _ in 0..5 {
        door.sign_in("nobody@example.com", "wrong").await;
    }
    let answer = door.sign_in("nobody@example.com", "wrong").await;
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn many_guesses_at_once_count_as_many() {
    let door = Door::open().await;
    door.person(Some("hanako@example.com"), None).await;
    let guess = || door.sign_in("hanako@example.com", "wrong");
    let answers = tokio::join!(
        guess(),
        guess(),
        guess(),
        guess(),
        guess(),
        guess(),
        guess(),
        guess(),
        guess(),
        guess(),
    );
    let answers: [_; 10] = answers.into();
    let compared = answers
        .iter()
        .filter(|answer| answer.status == StatusCode::UNAUTHORIZED);
    assert!(compared.count() <= 5);
    assert_eq!(guess().await.status, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn the_right_password_forgives_the_typing_errors_before_it() {
    let door = Door::open().await;
    door.person(Some("hanako@example.com"), None).await;
    for _ in 0..3 {
        for _ in 0..4 {
            door.sign_in("hanako@example.com", "wrong").await;
        }
        let right = door.sign_in("hanako@example.com", PASSWORD).await;
        assert_eq!(right.status, StatusCode::OK);
    }
}

#[tokio::test]
async fn a_source_that_tries_many_accounts_is_locked_and_others_are_not() {
    let mut door = Door::open().await;
    door.person(Some("hanako@example.com"), None).await;
    for account in 0..50 {
        let email = format!("person{account}@example.com");
        assert_eq!(
            door.sign_in(&email, "wrong").await.status,
            StatusCode::UNAUTHORIZED
        );
    }
    let locked = door.sign_in("hanako@example.com", PASSWORD).await;
    assert_eq!(locked.status, StatusCode::TOO_MANY_REQUESTS);
    door.source = "198.51.100.9".into();
    let elsewhere = door.sign_in("hanako@example.com", PASSWORD).await;
    assert_eq!(elsewhere.status, StatusCode::OK);
}

#[tokio::test]
async fn an_office_that_signs_in_rightly_is_never_locked() {
    let door = Door::open().await;
    door.person(Some("hanako@example.com"), None).await;
    for _ in 0..60 {
        let answer = door.sign_in("hanako@example.com", PASSWORD).await;
        assert_eq!(answer.status, StatusCode::OK);
    }
}
