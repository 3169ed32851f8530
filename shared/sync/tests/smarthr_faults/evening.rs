//! An evening before a night that may go wrong.

use std::time::Duration;

use domain::{Run, RunOutcome};
use domain::{RunFailure, User};
use jiff::SignedDuration;
use serde_json::{Value, json};
use sync::InvocationOutcome;
use testkit::{TestEnv, advance, code_only, person};

/// So long a run may read here: far longer than any of them takes, on a busy machine too.
pub(crate) const PATIENCE: Duration = Duration::from_mins(1);

/// Where trouble lasts, it need not last long.
pub(crate) const SHORT: Duration = Duration::from_secs(3);

/// Where the people are.
pub(crate) const CREWS: &str = "/api/v1/crews";

/// Who is there first.
pub(crate) fn company() -> Vec<Value> {
    let mut people: Vec<Value> = (0..105).map(person).collect();
    people.extend((300..305).map(code_only));
    people
}

/// A company of two pages after its first night; tonight two would go, one changes and one joins.
pub(crate) async fn evening() -> (TestEnv, Vec<User>) {
    let env = TestEnv::new(1_000, None).await;
    let mut people = company();
    env.set_crews(&people).await;
    env.nightly_run().await;
    env.deliver_mails().await;
    env.clear_queues();
    for leaver in &mut people[..2] {
        leaver["emp_status"] = json!("retired");
    }
    people[2]["last_name"] = json!("改姓");
    people.push(person(999));
    env.set_crews(&people).await;
    advance(SignedDuration::from_hours(24));
    let users = env.users().await;
    (env, users)
}

/// Tonight's run, which ends.
pub(crate) async fn night(env: &TestEnv, patience: Duration) -> Run {
    let done = env.run_for(&env.nightly_message(), patience).await.unwrap();
    let InvocationOutcome::Ended(run) = done else {
        panic!("{done:?}")
    };
    run
}

/// The night fails as a whole for this reason, tells it, and changes nobody.
pub(crate) async fn fails(env: &TestEnv, before: &[User], reason: RunFailure) {
    fails_after(env, before, reason, PATIENCE).await;
}

/// As [`fails`], when a run may read for so long.
pub(crate) async fn fails_after(
    env: &TestEnv,
    before: &[User],
    reason: RunFailure,
    patience: Duration,
) {
    let run = night(env, patience).await;
    assert_eq!(run.outcome, RunOutcome::Failure);
    assert_eq!(run.failure, Some(reason.clone()));
    let log = env.log(run.log_key.as_ref().unwrap());
    assert!(
        log.iter().any(|line| line.contains(&reason.cause())
            && line.contains(reason.remedy())
            && line.contains("失敗")),
        "{log:#?}"
    );
    assert_eq!(env.users().await, before);
    let mails = env.final_state().await.mails;
    let refused = reason == RunFailure::TokenRefused;
    let mail = if refused {
        "relink-needed"
    } else {
        "failed-run"
    };
    assert_eq!(mails.len(), 1, "{mails:#?}");
    assert!(mails.keys().all(|it| it.starts_with(mail)), "{mails:#?}");
}

/// The night gets over it and does all there is to do.
pub(crate) async fn recovers(env: &TestEnv) {
    let run = night(env, PATIENCE).await;
    assert_eq!(run.outcome, RunOutcome::Success, "{run:?}");
    let counts = run.counts;
    assert_eq!((counts.deleted, counts.invited), (2, 2));
    assert_eq!(counts.unchanged, 107);
}
