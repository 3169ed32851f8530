//! A run under way ends when its link ends or changes hands, or when the sync is switched off. What it
//! did is told, and whoever it registered by code gets an initial password that works.

#![expect(
    clippy::unwrap_used,
    reason = "what cannot be set up or read is a failed test"
)]

use access::InitialPasswordHash;
use aws::integrations::{Company, IntegrationState};
use aws::queues::RunMessage;
use aws::runs::RunOutcome;
use aws::secrets::StoredTokens;
use directory::{Role, RunFailure, TenantId, UserId};
use integration::SaveError;
use jiff::SignedDuration;
use sync::Done;
use tokio::time::{Duration, Instant};
use world::{Mishap, World, advance, code_only, person};

fn soon() -> Instant {
    Instant::now() + Duration::from_secs(20)
}

/// A workspace with somebody to send CSV files to, and three people with a code only in SmartHR.
async fn evening() -> World {
    let world = World::new(100, None).await;
    let (email, role) = (Some("admin@example.jp"), Role::SystemAdministrator);
    let admin = world.add_by_hand("usr_admin", email, None, role);
    admin.await.unwrap();
    let mut people: Vec<_> = (0..3).map(person).collect();
    people.extend((10..13).map(code_only));
    world.people(&people).await;
    world
}

/// `stop` happens while tonight's run is about to put its log: everybody is written.
async fn stopped_by(stop: impl AsyncFnOnce(&World)) -> (World, RunMessage) {
    let world = evening().await;
    let message = world.tonight();
    let held = world.tap.hold_operation("PUT /logs", 0);
    let mut run = Box::pin(world.run(&message));
    tokio::select! {
        done = &mut run => panic!("{done:?}"),
        () = world.tap.held() => {}
    }
    stop(&world).await;
    held.release();
    let done = run.await;
    assert!(
        matches!(done, Ok(Done::Waits)),
        "it may not write: {done:?}"
    );
    (world, message)
}

/// The messages that were sent end the run; its mails arrive, and the passwords in them work.
async fn is_told_and_everybody_gets_in(world: &World, message: &RunMessage) {
    while let Some((queue, body)) = world.services.take_message() {
        if queue == "mail" {
            let mail = serde_json::from_str(&body).unwrap();
            world.deliver(&mail).await.unwrap();
        } else {
            let asked = serde_json::from_str(&body).unwrap();
            let done = world.run(&asked).await.unwrap();
            assert!(matches!(done, Done::Nothing), "{done:?}");
        }
    }
    let id = &world.workspace.workspace_id;
    let run = world.store.run(id, &message.run_id, message.mode).await;
    let run = run.unwrap().unwrap();
    assert_eq!(run.outcome, RunOutcome::Failure);
    assert_eq!(run.failure, Some(RunFailure::Stopped));
    assert_eq!((run.counts.invited, run.counts.registered), (3, 3));
    let gate = world.store.gate(id).await.unwrap();
    assert_eq!(gate.unended, []);

    let passwords = world.initial_passwords();
    assert_eq!(passwords.len(), 3, "{passwords:?}");
    for user in world.users().await {
        let stored = world.store.user_with_hashes(id, &user.user_id).await;
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
    let (world, message) = stopped_by(async |world: &World| {
        let id = &world.workspace.workspace_id;
        let integrations = world.runner().integrations;
        integrations.disconnect(id, soon()).await.unwrap();
    })
    .await;
    is_told_and_everybody_gets_in(&world, &message).await;
    let state = world.integration().await.state;
    assert_eq!(state, IntegrationState::Disconnected);
}

#[tokio::test]
async fn another_company_stops_the_run_and_its_passwords_arrive() {
    let (world, message) = stopped_by(async |world: &World| {
        let id = &world.workspace.workspace_id;
        let other = TenantId::new("22222222-2222-4222-8222-222222222222");
        let tokens = StoredTokens {
            access_token: "a".into(),
            refresh_token: "r".into(),
            expires_at: jiff::Timestamp::MAX,
        };
        let secrets = world.secrets();
        secrets.put_tokens(id, &other, &tokens).await.unwrap();
        world
            .change_integration(|link| {
                link.pending = Some(Company {
                    tenant_id: other,
                    name: "株式会社みどり物産".into(),
                    subdomain: Some("midori".into()),
                });
            })
            .await;
        let integrations = world.runner().integrations;
        let admin = UserId::new("usr_admin");
        let confirmed = integrations.confirm_relink(id, &admin, true, soon());
        confirmed.await.unwrap();
    })
    .await;
    is_told_and_everybody_gets_in(&world, &message).await;
    assert_eq!(world.integration().await.left_companies, []);
}

async fn save_switched_off(world: &World) -> Result<(), SaveError> {
    let id = &world.workspace.workspace_id;
    let mut settings = world.integration().await.settings;
    settings.enabled = false;
    let integrations = world.runner().integrations;
    integrations.save_settings(id, &settings, soon()).await
}

async fn switch_off(world: &World) {
    save_switched_off(world).await.unwrap();
}

#[tokio::test]
async fn switching_off_stops_the_run_and_its_passwords_arrive() {
    let (world, message) = stopped_by(switch_off).await;
    is_told_and_everybody_gets_in(&world, &message).await;
}

#[tokio::test]
async fn switching_off_once_more_stops_a_run_that_could_not_be_stopped_the_first_time() {
    let (world, message) = stopped_by(async |world: &World| {
        let refused = Mishap::Refused(400, "AccessDeniedException");
        world.tap.order("UpdateItem", 0, 1, refused);
        assert!(save_switched_off(world).await.is_err());
        assert!(world.integration().await.stopping);
        switch_off(world).await;
    })
    .await;
    is_told_and_everybody_gets_in(&world, &message).await;
    assert!(!world.integration().await.stopping);
}

#[tokio::test]
async fn a_run_that_died_before_the_sync_was_switched_off_is_ended_by_its_own_message() {
    let world = evening().await;
    let message = world.tonight();
    let _held = world.tap.hold_operation("PUT /logs", 0);
    tokio::select! {
        done = world.run(&message) => panic!("{done:?}"),
        () = world.tap.held() => {}
    }
    // Past every check, as if the message that stops the run had been lost.
    world
        .change_integration(|link| link.settings.enabled = false)
        .await;
    advance(SignedDuration::from_mins(16));
    let done = world.run(&message).await.unwrap();
    assert!(matches!(done, Done::Nothing), "{done:?}");
    is_told_and_everybody_gets_in(&world, &message).await;
}

#[tokio::test]
async fn a_message_whose_run_left_no_record_leaves_nothing_unended() {
    let world = evening().await;
    let id = &world.workspace.workspace_id;
    let message = world.tonight();
    // It dies when it has the lease, before it notes that it began.
    let _held = world.tap.hold_operation("PutItem", 0);
    tokio::select! {
        done = world.run(&message) => panic!("{done:?}"),
        () = world.tap.held() => {}
    }
    assert_eq!(world.store.gate(id).await.unwrap().unended.len(), 1);
    world
        .change_integration(|link| link.settings.enabled = false)
        .await;
    advance(SignedDuration::from_mins(16));
    let done = world.run(&message).await.unwrap();
    assert!(matches!(done, Done::Nothing), "{done:?}");
    assert_eq!(world.store.gate(id).await.unwrap().unended, []);
}
