//! A run stops when its connection ends or changes to another company, or when the sync is
//! disabled. The history reports its changes, and everybody it registered by code gets a valid
//! initial password.

use connection::SaveSettingsError;
use credentials::InitialPasswordHash;
use domain::{Company, ConnectionState, RunFailure, RunOutcome, TenantId};
use jiff::SignedDuration;
use storage::queues::RunMessage;
use sync::InvocationOutcome;
use testkit::users::system_administrator;
use testkit::{Fault, TestEnv, advance, code_only, person};
use tokio::time::{Duration, Instant};

fn soon() -> Instant {
    Instant::now() + Duration::from_secs(20)
}

/// Returns an environment with an admin who receives CSV files, and with three people in SmartHR
/// who have an e-mail address and three who have a code only.
async fn evening() -> TestEnv {
    let env = TestEnv::new(100, None).await;
    env.add_user(system_administrator("usr_admin")).await;
    let people = (0..3).map(person).chain((10..13).map(code_only));
    env.set_crews(&people.collect::<Vec<_>>()).await;
    env
}

/// Performs `stop` when the nightly run has written all users and is about to store its log.
async fn stopped_by(stop: impl AsyncFnOnce(&TestEnv)) -> (TestEnv, RunMessage) {
    let env = evening().await;
    let message = env.nightly_message();
    let held = env.proxy.hold_operation("PUT /logs", 0);
    let mut run = Box::pin(env.run(&message));
    env.proxy.until_held(&mut run).await;
    Box::pin(stop(&env)).await;
    held.release();
    let done = run.await.unwrap();
    let may_not_write = matches!(done, InvocationOutcome::Postponed);
    assert!(may_not_write, "{done:?}");
    (env, message)
}

/// Checks that the queued messages end the run, that its mails arrive, and that the initial
/// passwords in them are valid.
async fn has_ended_and_everybody_gets_in(env: &TestEnv, message: &RunMessage) {
    while let Some((queue, body)) = env.services.take_message() {
        if queue == "mail" {
            let mail = serde_json::from_str(&body).unwrap();
            env.deliver(&mail).await.unwrap();
        } else {
            let next = serde_json::from_str(&body).unwrap();
            finds_nothing_to_do(env, &next).await;
        }
    }
    let run = env.stored_run(message).await;
    assert_eq!(run.outcome, RunOutcome::Failure);
    assert_eq!(run.failure, Some(RunFailure::Stopped));
    assert_eq!((run.counts.invited, run.counts.registered), (3, 3));
    assert_eq!(env.seats_and_lease().await.unended, []);

    let passwords = env.initial_passwords();
    assert_eq!(passwords.len(), 3, "{passwords:?}");
    let id = &env.workspace.workspace_id;
    for user in env.users().await {
        let stored = env.store.user_with_hashes(id, &user.user_id).await;
        let (user, hashes) = stored.unwrap().unwrap();
        if let Some(hash) = hashes.initial_password_hash.map(InitialPasswordHash::from) {
            let [password] = &passwords[&user.name][..] else {
                panic!("{passwords:?}")
            };
            assert!(hash.matches(&password.as_str().into()));
        }
    }
}

async fn finds_nothing_to_do(env: &TestEnv, message: &RunMessage) {
    let done = env.run(message).await.unwrap();
    assert!(matches!(done, InvocationOutcome::NothingToDo), "{done:?}");
}

#[tokio::test]
async fn a_disconnect_stops_the_run_and_its_passwords_arrive() {
    let (env, message) = stopped_by(async |env: &TestEnv| {
        let id = &env.workspace.workspace_id;
        let connections = env.runner().connections;
        let by = testkit::author("usr_admin");
        let disconnected = connections.disconnect(id, &by, soon());
        Box::pin(disconnected).await.unwrap();
    })
    .await;
    has_ended_and_everybody_gets_in(&env, &message).await;
    let state = env.connection().await.state;
    assert_eq!(state, ConnectionState::Disconnected);
}

#[tokio::test]
async fn another_company_stops_the_run_and_its_passwords_arrive() {
    let (env, message) = stopped_by(async |env: &TestEnv| {
        let id = &env.workspace.workspace_id;
        let other = TenantId::new("22222222-2222-4222-8222-222222222222");
        let (secrets, tokens) = (env.secrets(), env.new_tokens().await);
        secrets.put_tokens(id, &other, &tokens).await.unwrap();
        env.change_connection(|connection| {
            connection.pending = Some(Company {
                tenant_id: other,
                name: "株式会社みどり物産".into(),
                subdomain: Some("midori".into()),
            });
        })
        .await;
        let connections = env.runner().connections;
        let admin = testkit::author("usr_admin");
        let confirmed = connections.confirm_company_change(id, &admin, true, soon());
        Box::pin(confirmed).await.unwrap();
    })
    .await;
    has_ended_and_everybody_gets_in(&env, &message).await;
    assert_eq!(env.connection().await.left_companies, []);
}

async fn switch_off(env: &TestEnv) -> Result<(), SaveSettingsError> {
    let id = &env.workspace.workspace_id;
    let mut settings = env.connection().await.settings;
    settings.enabled = false;
    let connections = env.runner().connections;
    connections
        .save_settings(id, &settings, &testkit::author("usr_admin"), soon())
        .await
}

#[tokio::test]
async fn switching_off_stops_the_run_and_its_passwords_arrive() {
    let stop = async |env: &TestEnv| switch_off(env).await.unwrap();
    let (env, message) = stopped_by(stop).await;
    has_ended_and_everybody_gets_in(&env, &message).await;
}

#[tokio::test]
async fn switching_off_once_more_stops_a_run_that_could_not_be_stopped_the_first_time() {
    let (env, message) = stopped_by(async |env: &TestEnv| {
        let refused = Fault::Refused(400, "AccessDeniedException");
        env.proxy.inject("UpdateItem", 0, 1, refused);
        assert!(switch_off(env).await.is_err());
        assert!(env.connection().await.stopping);
        switch_off(env).await.unwrap();
    })
    .await;
    has_ended_and_everybody_gets_in(&env, &message).await;
    assert!(!env.connection().await.stopping);
}

/// Returns an environment whose nightly run crashed at a call and whose sync was switched off then,
/// and the message of the run, which is redelivered now.
async fn switched_off_after_crash_at(operation: &str) -> (TestEnv, RunMessage) {
    let env = evening().await;
    let message = env.nightly_message();
    let _held = env.proxy.hold_operation(operation, 0);
    env.proxy.until_held(env.run(&message)).await;
    assert_eq!(env.seats_and_lease().await.unended.len(), 1);
    // The settings are changed without sending the message that stops the run, as if it were lost.
    env.change_connection(|connection| connection.settings.enabled = false)
        .await;
    advance(SignedDuration::from_mins(16));
    (env, message)
}

#[tokio::test]
async fn a_run_that_died_before_the_sync_was_switched_off_is_ended_by_its_own_message() {
    let (env, message) = switched_off_after_crash_at("PUT /logs").await;
    finds_nothing_to_do(&env, &message).await;
    has_ended_and_everybody_gets_in(&env, &message).await;
}

#[tokio::test]
async fn a_message_whose_run_left_no_record_leaves_nothing_unended() {
    // The run crashes when it has the lease and has not stored its record.
    let (env, message) = switched_off_after_crash_at("PutItem").await;
    finds_nothing_to_do(&env, &message).await;
    assert_eq!(env.seats_and_lease().await.unended, []);
}
