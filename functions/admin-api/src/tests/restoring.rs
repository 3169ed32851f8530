//! People who were deleted, and come back.

use axum::http::StatusCode;
use domain::{EmailAddress, Role, User};
use storage::transaction::{Commit, UserWrite};

use super::console::{Console, blank, linked, no_body};

async fn delete(console: &Console, before: User) {
    let commit = Commit {
        users: vec![UserWrite::Delete { before }],
        ..Commit::default()
    };
    let store = &console.env.store;
    store
        .commit(console.id(), &commit, testkit::now())
        .await
        .unwrap();
}

#[tokio::test]
async fn a_deleted_person_is_listed_and_comes_back_without_the_tie_that_would_delete_them_again() {
    let console = Console::open().await;
    let browser = console.browser(Role::Administrator).await;
    let user = console.create(linked("u")).await;
    delete(&console, user).await;
    let listed = browser.get("/api/v1/deleted-users").await.json();
    assert_eq!(listed["users"][0]["id"], "u");
    let seats = console
        .env
        .store
        .seats_and_lease(console.id())
        .await
        .unwrap()
        .users;

    let path = "/api/v1/deleted-users/u/restore";
    assert_eq!(browser.post(path, no_body()).await.status, StatusCode::OK);
    let restored = console.stored("u").await;
    assert_eq!(restored.crew_link, None);
    assert_eq!(restored.email, linked("u").email);
    let gate = console
        .env
        .store
        .seats_and_lease(console.id())
        .await
        .unwrap();
    assert_eq!(gate.users, seats + 1);
    let listed = browser.get("/api/v1/deleted-users").await.json();
    assert_eq!(listed["users"].as_array().unwrap().len(), 0);
    let again = browser.post(path, no_body()).await;
    assert_eq!(again.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn nobody_comes_back_whose_address_somebody_else_has_by_now() {
    let console = Console::open().await;
    let browser = console.browser(Role::Administrator).await;
    let user = console.user("u", Role::Member).await;
    delete(&console, user.clone()).await;
    let successor = User {
        email: user.email,
        ..blank("v", Role::Member)
    };
    console.create(successor).await;
    let path = "/api/v1/deleted-users/u/restore";
    let answer = browser.post(path, no_body()).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    assert_eq!(answer.problem(), "email_taken");
}

#[tokio::test]
async fn nobody_comes_back_without_a_free_seat() {
    let console = Console::open().await;
    let browser = console.browser(Role::Administrator).await;
    let user = console.user("u", Role::Member).await;
    delete(&console, user).await;
    for number in 1..console.env.workspace.seats {
        let user = User {
            email: EmailAddress::parse(&format!("n{number}@example.jp")),
            ..blank(&format!("n{number}"), Role::Member)
        };
        console.create(user).await;
    }
    let answer = browser
        .post("/api/v1/deleted-users/u/restore", no_body())
        .await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    assert_eq!(answer.problem(), "seats_exceeded");
}
