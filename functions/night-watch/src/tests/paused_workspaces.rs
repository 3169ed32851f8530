//! Workspaces whose sync was paused for long.

use testkit::users::system_administrator;
use testkit::{TestEnv, advance, now};

use super::DAY;
use super::stopped_workspaces::stopped;

/// Saves the settings with 有効にする checked or not.
async fn switch_sync(env: &TestEnv, enabled: bool) {
    env.change_connection(|it| {
        let settings = domain::Settings {
            enabled,
            ..it.settings.clone()
        };
        let event = domain::ConnectionEvent::SettingsSaved {
            settings,
            at: now(),
        };
        *it = domain::transition(Some(it), event).unwrap().connection;
    })
    .await;
}

#[tokio::test]
async fn admins_who_paused_the_sync_for_60_days_are_warned_once_for_each_pause() {
    let env = TestEnv::new(10, None).await;
    env.add_user(system_administrator("usr_a")).await;
    advance(DAY * 100);
    let mut warned = Vec::new();
    for pause in 0..2 {
        switch_sync(&env, false).await;
        for day in 0..=130 {
            // Both rounds of a night.
            for _ in 0..2 {
                stopped(&env).await;
            }
            while let Some(message) = env.next_mail() {
                env.deliver(&message).await.unwrap();
                warned.push((pause, day));
            }
            advance(DAY);
        }
        switch_sync(&env, true).await;
    }
    assert_eq!(warned, [(0, 60), (1, 60)]);
    assert_eq!(env.mails_with("連携は、90日間使用しないと無効になり"), 2);
}

#[tokio::test]
async fn a_sync_that_is_resumed_before_60_days_or_before_the_mail_goes_out_warns_nobody() {
    let env = TestEnv::new(10, None).await;
    env.add_user(system_administrator("usr_a")).await;
    switch_sync(&env, false).await;
    advance(DAY * 59);
    stopped(&env).await;
    assert!(env.next_mail().is_none());
    advance(DAY);
    stopped(&env).await;
    let message = env.next_mail().unwrap();
    switch_sync(&env, true).await;
    env.deliver(&message).await.unwrap();
    assert_eq!(env.services.mails().len(), 0);
}
