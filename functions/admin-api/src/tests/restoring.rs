//! Restoring deleted users.

use domain::{Role, User};
use serde_json::Value;
use storage::transaction::UserWrite;
use testkit::http::Answer;
use testkit::users::{member, synced};

use super::console::{Console, administrator};

const RESTORE: &str = "/api/v1/deleted-users/u/restore";

async fn add_and_delete(console: &Console, user: User) {
    let before = console.env.add_user(user).await;
    let deleted = console.env.write(UserWrite::Delete { before }).await;
    deleted.unwrap();
}

#[tokio::test]
async fn a_deleted_person_is_listed_and_comes_back_without_the_crew_link() {
    let (console, browser) = administrator().await;
    add_and_delete(&console, synced("u")).await;
    let listed = browser.get("/api/v1/deleted-users").await.json();
    assert_eq!(listed["users"][0]["id"], "u");
    let users = console.user_count().await;

    browser.post(RESTORE, Value::Null).await.ok();
    let restored = console.env.user("u").await;
    assert_eq!(restored.crew_link, None, "it would delete them again");
    assert_eq!(restored.email, synced("u").email);
    assert_eq!(console.user_count().await, users + 1);
    let listed = browser.get("/api/v1/deleted-users").await.json();
    assert_eq!(listed["users"].as_array().unwrap().len(), 0);
    assert_eq!(browser.post(RESTORE, Value::Null).await.status, 404);
}

#[tokio::test]
async fn nobody_comes_back_whose_address_somebody_else_has_by_now() {
    let (console, browser) = administrator().await;
    add_and_delete(&console, member("u")).await;
    let successor = User {
        email: member("u").email,
        ..member("v")
    };
    console.env.add_user(successor).await;
    let answer = browser.post(RESTORE, Value::Null).await;
    answer.is_refused(409, "email_taken");
    let page = browser.form("/users/deleted/u/restore", &[]).await;
    assert_eq!(page.status, 409);
    page.shows(&[
        "このメールアドレスは別のユーザーが使用しています。",
        "利用者 u",
    ]);
}

#[tokio::test]
async fn nobody_comes_back_without_a_free_seat() {
    let (console, browser) = administrator().await;
    add_and_delete(&console, member("u")).await;
    for number in 1..console.env.workspace.seats {
        console.env.add_user(member(&format!("n{number}"))).await;
    }
    let answer = browser.post(RESTORE, Value::Null).await;
    answer.is_refused(409, "seats_exceeded");
}

#[tokio::test]
async fn those_who_were_deleted_come_in_pages_and_are_found_by_what_identifies_them() {
    let console = Console::open_with_seats(100).await;
    let browser = console.browser(Role::Administrator).await;
    for number in 100..152 {
        add_and_delete(&console, member(&format!("d{number}"))).await;
    }
    let rows = |page: &Answer| page.html().matches("class=\"name\"").count();
    let first = browser.get("/users/deleted").await;
    first.shows(&["52名を", "href=\"/users/deleted?q=&#38;page=2\""]);
    assert_eq!(rows(&first), 50);
    assert_eq!(rows(&browser.get("/users/deleted?page=2").await), 2);
    let found = browser.get("/users/deleted?q=%EF%BC%A411").await;
    assert_eq!(rows(&found), 10, "a full-width letter");
    let page = browser
        .get("/api/v1/deleted-users?q=d15&page=1")
        .await
        .json();
    assert_eq!(
        (page["total"].as_u64(), page["pages"].as_u64()),
        (Some(2), Some(1))
    );
}
