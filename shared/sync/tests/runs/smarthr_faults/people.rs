//! Lists that are complete, or can be read completely, but differ from the previous run.

use std::time::Duration;

use domain::RunFailure;
use jiff::SignedDuration;
use serde_json::{Value, json};
use smarthr::Session;
use testkit::{TestEnv, advance, person};
use tokio::time::Instant;

use super::evening::{CREWS, PATIENCE, company, evening, fails, night};

#[tokio::test]
async fn a_person_who_stands_on_two_pages_or_pages_that_move_are_read_again() {
    let (env, _) = evening().await;
    // A person joins while the client waits for the second page.
    env.smarthr_fault(json!({ "path": CREWS, "after": 1, "count": 1, "delay_ms": 200 }))
        .await;
    let joins = async {
        tokio::time::sleep(Duration::from_millis(100)).await;
        let mut people = company();
        let mut first = person(5_000);
        // SmartHR lists people by code: those on the first page move to the second.
        first["emp_code"] = json!("00000-1");
        people.insert(0, first);
        env.set_crews(&people).await;
    };
    let (run, ()) = tokio::join!(night(&env, PATIENCE), joins);
    assert_eq!(run.failure, None, "{run:?}");
    assert_eq!((run.counts.deleted, run.counts.invited), (0, 1));

    // The second page always contains a person of the first page.
    let (env, users) = evening().await;
    let twice: Vec<Value> = (0..11).map(person).collect();
    env.smarthr_fault(json!({
        "path": format!("{CREWS}?page=2"), "status": 200, "body": twice,
        "headers": { "x-total-count": "111" },
    }))
    .await;
    let (expected, got) = (111, 100);
    fails(&env, &users, RunFailure::ReadNotWhole { expected, got }).await;
}

#[tokio::test]
async fn an_empty_list_that_is_whole_removes_nobody() {
    let (env, users) = evening().await;
    env.set_crews(&[]).await;
    let run = night(&env, PATIENCE).await;
    assert_eq!(run.failure, None);
    assert_eq!((run.counts.deleted, run.counts.out_of_scope), (0, 110));
    assert_eq!(env.users().await, users);
}

/// Returns the id of our group of custom items.
async fn group_id(env: &TestEnv) -> String {
    let items = env.connection().await.items.unwrap();
    items.ids().unwrap().group_id.clone()
}

#[tokio::test]
async fn items_that_somebody_deleted_are_made_again_and_change_nobody_that_night() {
    let (env, users) = evening().await;
    env.choose_people_in_smarthr().await;
    let id = &env.workspace.workspace_id;
    let connections = env.runner().connections;
    let soon = Instant::now() + PATIENCE;
    let connection = env.connection().await;
    let deleted = &group_id(&env).await;
    let delete = |session: Session| async move { session.delete_group(deleted, soon).await };
    let done = connections.with_session(id, &connection, soon, delete);
    done.await.unwrap();

    fails(&env, &users, RunFailure::ItemsMadeAgain).await;
    assert_ne!(&group_id(&env).await, deleted);
    // The new items are empty, so nobody is chosen: all users are kept except the retired ones.
    advance(SignedDuration::from_hours(24));
    let run = night(&env, PATIENCE).await;
    assert_eq!((run.failure, run.counts.out_of_scope), (None, 108));
    assert_eq!(run.counts.deleted, 2);
}

#[tokio::test]
async fn another_companys_people_under_our_connection_remove_nobody() {
    let (env, users) = evening().await;
    let others: Vec<Value> = (10_000..10_300).map(person).collect();
    env.set_crews(&others).await;
    let run = night(&env, PATIENCE).await;
    assert_eq!((run.counts.deleted, run.counts.out_of_scope), (0, 110));
    let now = env.users().await;
    assert!(users.iter().all(|user| now.contains(user)));
}
