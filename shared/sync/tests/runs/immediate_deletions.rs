//! Dismissals that are reported one by one are held like many at once, and the admins are mailed once.

use connection::DecisionError;
use domain::{Decision, Run};
use jiff::SignedDuration;
use serde_json::Value;
use testkit::{TestEnv, advance, author, crew_id, person, retire};

/// Dismisses thirty linked people one by one, each with two events, and returns the entry of the day.
async fn thirty_dismissed() -> (TestEnv, Run) {
    let env = TestEnv::new(100, None).await;
    let mut company: Vec<Value> = (0..30).map(person).collect();
    env.set_crews(&company).await;
    env.nightly_run().await;
    env.mark_mails_sent().await;
    advance(SignedDuration::from_hours(7));
    let mut last = None;
    for number in 0..30 {
        retire(&mut company[number..=number]);
        env.set_crews(&company).await;
        for _ in 0..2 {
            advance(SignedDuration::from_mins(1));
            let message = env.report(&[crew_id(u32::try_from(number).unwrap())]).await;
            if let sync::InvocationOutcome::Reflected { run, .. } = env.run(&message).await.unwrap()
            {
                last = Some(run);
            }
        }
    }
    (env, last.unwrap())
}

#[tokio::test]
async fn of_thirty_who_are_dismissed_one_by_one_five_go_and_the_rest_is_held_and_mailed_once() {
    let (env, day) = thirty_dismissed().await;
    assert_eq!(env.users().await.len(), 25);
    assert_eq!((day.counts.deleted, day.counts.held), (5, 25));
    assert_eq!(day.held.len(), 25);
    assert_eq!(env.connection().await.decisions.held.len(), 25);
    assert_eq!(env.waiting_mails().await.len(), 1, "one mail");
    assert_eq!(env.mark_mails_sent().await, 1);
    advance(SignedDuration::from_hours(16));
    let night = env.nightly_run().await;
    assert_eq!((night.counts.deleted, night.counts.held), (0, 25));
}

#[tokio::test]
async fn the_entry_of_the_day_takes_an_answer_and_the_next_run_carries_it_out() {
    let (env, day) = thirty_dismissed().await;
    let id = &env.workspace.workspace_id;
    let by = author("usr_admin");
    let decide = async |decision| {
        let connections = env.runner().connections;
        let decided = connections.decide_held_deletions(id, &day.run_id, None, decision, &by);
        decided.await
    };
    assert_eq!(decide(Decision::Allow).await.unwrap(), 25);
    let (run, changed) = env.reflect(&[crew_id(29)]).await;
    assert_eq!((changed, run.counts.held), (1, 24));
    advance(SignedDuration::from_mins(1));
    assert_eq!(decide(Decision::Refuse).await.unwrap(), 24);
    advance(SignedDuration::from_hours(16));
    let night = env.nightly_run().await;
    assert_eq!((night.counts.deleted, night.counts.held), (0, 0));
    assert_eq!(env.users().await.len(), 24);
}

#[tokio::test]
async fn an_answer_comes_too_late_once_nobody_of_the_entry_is_held() {
    let (env, day) = thirty_dismissed().await;
    let company: Vec<Value> = (0..30).map(person).collect();
    env.set_crews(&company).await;
    advance(SignedDuration::from_hours(16));
    env.nightly_run().await;
    let id = &env.workspace.workspace_id;
    let by = author("usr_admin");
    let connections = env.runner().connections;
    let late = connections.decide_held_deletions(id, &day.run_id, None, Decision::Allow, &by);
    assert!(matches!(late.await, Err(DecisionError::NothingHeld)));
}
