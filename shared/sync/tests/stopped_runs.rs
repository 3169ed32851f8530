//! A run stops when its connection ends or changes to another company, or when the sync is
//! disabled. The history reports its changes, and everybody it registered by code gets a valid
//! initial password.

#![expect(
    clippy::unwrap_used,
    reason = "what cannot be set up or read is a failed test"
)]

use connection::SaveSettingsError;
use credentials::InitialPasswordHash;
use domain::RunOutcome;
use domain::{Company, ConnectionState};
use domain::{Role, RunFailure, TenantId, UserId};
use jiff::SignedDuration;
use storage::queues::RunMessage;
use storage::secrets::StoredTokens;
use sync::InvocationOutcome;
use testkit::{Fault, TestEnv, advance, code_only, person};
use tokio::time::{Duration, Instant};

fn soon() -> Instant {
    Instant::now() + Duration::from_secs(20)
}

/// Returns an environment with an admin who receives CSV files, and with three people in SmartHR
/// who have a code only.
async fn evening() -> TestEnv {
    let env = TestEnv::new(100, None).await;
    let (email, role) = (Some("admin@example.jp"), Role::SystemAdministrator);
    let admin = env.add_by_hand("usr_admin", email, None, role);
    admin.await.unwrap();
    let mut people: Vec<_> = (0..3).map(person).collect();
    people.extend((10..13).map(code_only));
    env.set_crews(&people).await;
    env
}

/// Performs `stop` when the nightly run has written all users and is about to store its log.
async fn stopped_by(stop: impl AsyncFnOnce(&TestEnv)) -> (TestEnv, RunMessage) {
    let env = evening().await;
    let message = env.nightly_message();
    let held = env.proxy.hold_operation("PUT /logs", 0);
    let mut run = Box::pin(env.run(&message));
    tokio::select! {
        done = &mut run => panic!("{done:?}"),
        () = env.proxy.held() => {}
    }
    stop(&env).await;
    held.release();
    let done = run.await;
    assert!(
        matches!(done, Ok(InvocationOutcome::Postponed)),
        "it may not write: {done:?}"
    );
    (env, message)
}

/// Checks that the queued messages end the run, that its mails arrive, and that the initial
/// passwords in them are valid.
async fn is_told_and_everybody_gets_in(env: &TestEnv, message: &RunMessage) {
    while let Some((queue, body)) = env.services.take_message() {
        if queue == "mail" {
            let mail = serde_json::from_str(&body).unwrap();
            env.deliver(&mail).await.unwrap();
        } else {
            let asked = serde_json::from_str(&body).unwrap();
            let done = env.run(&asked).await.unwrap();
            assert!(matches!(done, InvocationOutcome::NothingToDo), "{done:?}");
        }
    }
    let id = &env.workspace.workspace_id;
    let run = env.store.run(id, &message.run_id, message.mode).await;
    let run = run.unwrap().unwrap();
    assert_eq!(run.outcome, RunOutcome::Failure);
    assert_eq!(run.failure, Some(RunFailure::Stopped));
    assert_eq!((run.counts.invited, run.counts.registered), (3, 3));
    let gate = env.store.seats_and_lease(id).await.unwrap();
    assert_eq!(gate.unended, []);

    let passwords = env.initial_passwords();
    assert_eq!(passwords.len(), 3, "{passwords:?}");
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

#[tokio::test]
async fn a_disconnect_stops_the_run_and_its_passwords_arrive() {
    let (env, message) = stopped_by(async |env: &TestEnv| {
        let id = &env.workspace.workspace_id;
        let connections = env.runner().connections;
        connections.disconnect(id, soon()).await.unwrap();
    })
    .await;
    is_told_and_everybody_gets_in(&env, &message).await;
    let state = env.connection().await.state;
    assert_eq!(state, ConnectionState::Disconnected);
}

#[tokio::test]
async fn another_company_stops_the_run_and_its_passwords_arrive() {
    let (env, message) = stopped_by(async |env: &TestEnv| {
        let id = &env.workspace.workspace_id;
        let other = TenantId::new("22222222-2222-4222-8222-222222222222");
        let tokens = StoredTokens {
            access_token: "a".into(),
            refresh_token: "r".into(),
            expires_at: jiff::Timestamp::MAX,
        };
        let secrets = env.secrets();
        secrets.put_tokens(id, &other, &tokens).await.unwrap();
        env.change_connection(|link| {
            link.pending = Some(Company {
                tenant_id: other,
                name: "株式会社みどり物産".into(),
                subdomain: Some("midori".into()),
            });
        })
        .await;
        let connections = env.runner().connections;
        let admin = UserId::new("usr_admin");
        let confirmed = connections.confirm_company_change(id, &admin, true, soon());
        confirmed.await.unwrap();
    })
    .await;
    is_told_and_everybody_gets_in(&env, &message).await;
    assert_eq!(env.connection().await.left_companies, []);
}

async fn save_switched_off(env: &TestEnv) -> Result<(), SaveSettingsError> {
    let id = &env.workspace.workspace_id;
    let mut settings = env.connection().await.settings;
    settings.enabled = false;
    let connections = env.runner().connections;
    connections.save_settings(id, &settings, soon()).await
}

async fn switch_off(env: &TestEnv) {
    save_switched_off(env).await.unwrap();
}

#[tokio::test]
async fn switching_off_stops_the_run_and_its_passwords_arrive() {
    let (env, message) = stopped_by(switch_off).await;
    is_told_and_everybody_gets_in(&env, &message).await;
}

#[tokio::test]
async fn switching_off_once_more_stops_a_run_that_could_not_be_stopped_the_first_time() {
    let (env, message) = stopped_by(async |env: &TestEnv| {
        let refused = Fault::Refused(400, "AccessDeniedException");
        env.proxy.inject("UpdateItem", 0, 1, refused);
        assert!(save_switched_off(env).await.is_err());
        assert!(env.connection().await.stopping);
        switch_off(env).await;
    })
    .await;
    is_told_and_everybody_gets_in(&env, &message).await;
    assert!(!env.connection().await.stopping);
}

#[tokio::test]
async fn a_run_that_died_before_the_sync_was_switched_off_is_ended_by_its_own_message() {
    let env = evening().await;
    let message = env.nightly_message();
    let _held = env.proxy.hold_operation("PUT /logs", 0);
    tokio::select! {
        done = env.run(&message) => panic!("{done:?}"),
        () = env.proxy.held() => {}
    }
    // The settings are changed without sending the message that stops the run, as if it were lost.
    env.change_connection(|link| link.settings.enabled = false)
        .await;
    advance(SignedDuration::from_mins(16));
    let done = env.run(&message).await.unwrap();
    assert!(matches!(done, InvocationOutcome::NothingToDo), "{done:?}");
    is_told_and_everybody_gets_in(&env, &message).await;
}

#[tokio::test]
async fn a_message_whose_run_left_no_record_leaves_nothing_unended() {
    let env = evening().await;
    let id = &env.workspace.workspace_id;
    let message = env.nightly_message();
    // The run crashes when it has the lease and has not stored its record.
    let _held = env.proxy.hold_operation("PutItem", 0);
    tokio::select! {
        done = env.run(&message) => panic!("{done:?}"),
        () = env.proxy.held() => {}
    }
    assert_eq!(
        env.store.seats_and_lease(id).await.unwrap().unended.len(),
        1
    );
    env.change_connection(|link| link.settings.enabled = false)
        .await;
    advance(SignedDuration::from_mins(16));
    let done = env.run(&message).await.unwrap();
    assert!(matches!(done, InvocationOutcome::NothingToDo), "{done:?}");
    assert_eq!(env.store.seats_and_lease(id).await.unwrap().unended, []);
}
