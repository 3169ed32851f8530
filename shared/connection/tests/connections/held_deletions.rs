//! Decisions of admins about deletions that the deletion guard held.

use connection::DecisionError;
use domain::{Decision, Run, RunId, UserId};
use testkit::succeeded_run;

use crate::admin::Admin;

async fn run_that_held(admin: &Admin, id: &str, people: &[&str]) -> RunId {
    let run = Run {
        held: people.iter().copied().map(UserId::new).collect(),
        ..succeeded_run(id)
    };
    let begun = admin.env.store.begin_run(&admin.id, &run, testkit::now());
    begun.await.unwrap();
    run.run_id
}

#[tokio::test]
async fn an_answer_is_for_exactly_the_people_whom_the_newest_run_held_and_the_last_one_counts() {
    let admin = Admin::of_connected_workspace().await;
    let (connections, id) = (&admin.connections, &admin.id);
    let decide = async |run, decision| {
        let by = admin.author();
        let decided = connections.decide_held_deletions(id, run, None, decision, &by);
        decided.await
    };
    let other = run_that_held(&admin, "20261122T170000Z-schedule", &["c"]).await;
    assert_eq!(decide(&other, Decision::Refuse).await.unwrap(), 1);
    let run = run_that_held(&admin, "20261123T170000Z-schedule", &["a", "b"]).await;
    let late = decide(&other, Decision::Allow).await;
    assert!(matches!(late, Err(DecisionError::NothingHeld)));
    assert_eq!(decide(&run, Decision::Refuse).await.unwrap(), 2);
    assert_eq!(decide(&run, Decision::Allow).await.unwrap(), 2);
    let decisions = admin.connection().await.decisions;
    assert_eq!(decisions.allowed, ["a", "b"].map(UserId::new).into());
    assert_eq!(decisions.refused, [UserId::new("c")].into());
    // One by one: who was not held by this run is not answered.
    let only = ["a", "c"].map(UserId::new);
    let by = admin.author();
    let one = connections.decide_held_deletions(id, &run, Some(&only), Decision::Refuse, &by);
    assert_eq!(one.await.unwrap(), 1);
    let decisions = admin.connection().await.decisions;
    assert_eq!(decisions.allowed, [UserId::new("b")].into());
    assert_eq!(decisions.refused, ["a", "c"].map(UserId::new).into());
}

#[tokio::test]
async fn there_is_nothing_to_answer_where_nothing_was_held() {
    let admin = Admin::of_connected_workspace().await;
    let (connections, id) = (&admin.connections, &admin.id);
    let run = run_that_held(&admin, "20261123T170000Z-schedule", &[]).await;
    let by = admin.author();
    let allow = |run| connections.decide_held_deletions(id, run, None, Decision::Allow, &by);
    let late = allow(&run).await;
    assert!(matches!(late, Err(DecisionError::NothingHeld)));
    let unknown = allow(&RunId::new("20261125T170000Z-schedule")).await;
    assert!(matches!(unknown, Err(DecisionError::UnknownRun)));
}
