//! The round of 02:30: workspaces whose token was refused.

use jiff::SignedDuration;
use testkit::users::system_administrator;
use testkit::{TestEnv, advance, now};

use super::runs_not_begun::not_begun;
use super::{DAY, watch};
use crate::watch::{Round, RoundReport};

/// Makes the round of 02:30, and returns the number of stopped workspaces.
pub(super) async fn stopped(env: &TestEnv) -> u32 {
    let scheduled_at = now() + SignedDuration::from_mins(30);
    let round = Round::Night {
        scheduled_at,
        minutes_after_start: 30,
    };
    match watch(env).handle(round).await.unwrap() {
        RoundReport::Night { stopped, .. } => stopped,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_workspace_whose_token_was_refused_is_counted_every_night_and_its_admins_are_mailed_weekly()
 {
    let env = TestEnv::new(10, None).await;
    env.add_user(system_administrator("usr_a")).await;
    assert_eq!(stopped(&env).await, 0);
    let id = &env.workspace.workspace_id;
    let tenant = env.connection().await.company.tenant_id;
    let connections = env.runner().connections;
    connections
        .mark_reconnect_needed(id, &tenant)
        .await
        .unwrap();
    let mut mailed = Vec::new();
    for day in 0..=21 {
        // A round that is repeated reminds nobody again.
        for _ in 0..2 {
            assert_eq!(stopped(&env).await, 1, "{day}");
        }
        while let Some(message) = env.next_mail() {
            env.deliver(&message).await.unwrap();
            mailed.push(day);
        }
        advance(DAY);
    }
    assert_eq!(mailed, [0, 7, 14, 21]);
    assert_eq!(env.mails_with("再連携"), 4);

    env.change_connection(|it| it.settings.enabled = false)
        .await;
    assert_eq!(stopped(&env).await, 0, "nobody expects a run");
    env.change_connection(|it| {
        it.settings.enabled = true;
        it.state = domain::ConnectionState::Connected;
    })
    .await;
    assert_eq!(stopped(&env).await, 0, "connected again");
}

#[tokio::test]
async fn a_connection_that_cannot_be_read_keeps_nobody_else_from_being_watched() {
    let env = TestEnv::new(10, None).await;
    env.corrupt_record("integration", "state").await;
    assert_eq!(not_begun(&env).await, 1);
    assert_eq!(stopped(&env).await, 1);
}
