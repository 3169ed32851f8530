//! Restoring deleted users.

use axum::http::StatusCode;
use domain::{EmailAddress, Role, User};
use serde_json::Value;

use super::console::{administrator, blank, linked};

#[tokio::test]
async fn a_deleted_person_is_listed_and_comes_back_without_the_tie_that_would_delete_them_again() {
    let (console, browser) = administrator().await;
    let user = console.create(linked("u")).await;
    console.delete(user).await;
    let listed = browser.get("/api/v1/deleted-users").await.json();
    assert_eq!(listed["users"][0]["id"], "u");
    let users = console.user_count().await;

    let path = "/api/v1/deleted-users/u/restore";
    assert_eq!(browser.post(path, Value::Null).await.status, StatusCode::OK);
    let restored = console.stored("u").await;
    assert_eq!(restored.crew_link, None);
    assert_eq!(restored.email, linked("u").email);
    assert_eq!(console.user_count().await, users + 1);
    let listed = browser.get("/api/v1/deleted-users").await.json();
    assert_eq!(listed["users"].as_array().unwrap().len(), 0);
    let again = browser.post(path, Value::Null).await;
    assert_eq!(again.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn nobody_comes_back_whose_address_somebody_else_has_by_now() {
    let (console, browser) = administrator().await;
    let user = console.user("u", Role::Member).await;
    console.delete(user.clone()).await;
    let successor = User {
        email: user.email,
        ..blank("v", Role::Member)
    };
    console.create(successor).await;
    let path = "/api/v1/deleted-users/u/restore";
    let answer = browser.post(path, Value::Null).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    assert_eq!(answer.problem(), "email_taken");
}

#[tokio::test]
async fn nobody_comes_back_without_a_free_seat() {
    let (console, browser) = administrator().await;
    let user = console.user("u", Role::Member).await;
    console.delete(user).await;
    for number in 1..console.env.workspace.seats {
        let user = User {
            email: EmailAddress::parse(&format!("n{number}@example.jp")),
            ..blank(&format!("n{number}"), Role::Member)
        };
        console.create(user).await;
    }
    let answer = browser
        .post("/api/v1/deleted-users/u/restore", Value::Null)
        .await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    assert_eq!(answer.problem(), "seats_exceeded");
}
