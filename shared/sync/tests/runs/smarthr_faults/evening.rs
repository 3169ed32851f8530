//! An evening before a night that may go wrong.

use std::time::Duration;

use domain::{Run, RunFailure, RunOutcome, User};
use serde_json::{Value, json};
use testkit::users::system_administrator;
use testkit::{TestEnv, advance_to_six, code_only, ended, person, retire};

/// The time that a run may take here: far longer than any of them takes, on a busy machine too.
pub(crate) const PATIENCE: Duration = Duration::from_mins(1);

/// The time that a run may take when a fault lasts.
pub(crate) const SHORT: Duration = Duration::from_secs(3);

/// The path of the crews.
pub(crate) const CREWS: &str = "/api/v1/crews";

/// The people before the first night: two pages of them, most without an address, since each
/// invitation takes time.
pub(crate) fn company() -> Vec<Value> {
    let people = (0..10).map(person);
    people.chain((10..110).map(code_only)).collect()
}

/// A company of two pages after its first night; tonight two would go, one changes and one joins. It is six in the
/// morning, so that a run that fails is not tried again.
pub(crate) async fn evening() -> (TestEnv, Vec<User>) {
    let mut people = company();
    retire(&mut people[..2]);
    people[2]["last_name"] = json!("改姓");
    people.push(person(999));
    let env = TestEnv::the_day_after(1_000, &company(), &people).await;
    env.add_user(system_administrator("usr_admin")).await;
    advance_to_six();
    let users = env.users().await;
    (env, users)
}

/// Performs tonight's run, which must end within `patience`.
pub(crate) async fn night(env: &TestEnv, patience: Duration) -> Run {
    ended(env.run_for(&env.nightly_message(), patience).await)
}

/// Checks that tonight's run fails for this reason, reports it, and changes nobody.
pub(crate) async fn fails(env: &TestEnv, before: &[User], reason: RunFailure) {
    fails_after(env, before, reason, PATIENCE).await;
}

/// As [`fails`], of a run that may take as long as `patience`.
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
    let parts = ["失敗", &reason.cause(), reason.remedy()];
    let reports = |line: &String| parts.iter().all(|part| line.contains(part));
    assert!(log.iter().any(reports), "{log:#?}");
    assert_eq!(env.users().await, before);
    let mails = env.final_state().await.mails;
    let kind = match reason {
        RunFailure::TokenRefused => "relink-needed",
        _ => "failed-run",
    };
    let asks = usize::from(matches!(reason, RunFailure::PermissionLost { .. }));
    assert_eq!(mails.len(), 1 + asks, "{mails:#?}");
    assert!(mails.keys().any(|it| it.starts_with(kind)), "{mails:#?}");
}

/// Checks that tonight's run succeeds and makes all changes.
pub(crate) async fn recovers(env: &TestEnv) {
    let run = night(env, PATIENCE).await;
    assert_eq!(run.outcome, RunOutcome::Success, "{run:?}");
    let counts = run.counts;
    let mailed = (counts.invited, counts.reinvited);
    assert_eq!((counts.deleted, mailed), (2, (1, 1)));
    assert_eq!(counts.unchanged, 107);
}
