//! Rounds in a test environment with a lost message or run.

use std::time::Duration;

use domain::{MailKind, OutboxMail, SamlCertificate, SamlProvider, UserId, WorkspaceId};
use jiff::{SignedDuration, Timestamp};
use testkit::users::system_administrator;
use testkit::{TestEnv, advance, now, person};
use tokio::time::Instant;

use crate::watch::{Round, RoundReport, Watch};

const DAY: SignedDuration = SignedDuration::from_hours(24);

fn watch(env: &TestEnv) -> Watch {
    Watch {
        store: env.store.clone(),
        queues: env.runner().queues,
        clock: now,
        time_for_mails: Duration::from_mins(1),
    }
}

/// Makes the round of 02:30 for a night that began now, and returns the number of runs not begun.
async fn not_begun(env: &TestEnv) -> u32 {
    not_begun_since(env, now()).await
}

/// Makes the round of 02:30 for a night that began at `two`, and returns the number of runs not begun.
async fn not_begun_since(env: &TestEnv, two: Timestamp) -> u32 {
    let scheduled_at = two + SignedDuration::from_mins(30);
    let round = Round::Night {
        scheduled_at,
        minutes_after_start: 30,
    };
    match watch(env).make(round).await.unwrap() {
        RoundReport::Night { not_begun, .. } => not_begun,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_run_that_has_not_begun_by_half_past_two_is_found() {
    let env = TestEnv::new(10, None).await;
    env.set_crews(&[person(1)]).await;
    assert_eq!(not_begun(&env).await, 1);
    env.nightly_run().await;
    assert_eq!(not_begun(&env).await, 0);
    advance(SignedDuration::from_hours(24));
    assert_eq!(
        not_begun(&env).await,
        1,
        "last night's run is not tonight's"
    );
}

#[tokio::test]
async fn a_run_whose_message_waits_in_the_queue_is_not_missed_and_one_whose_message_is_lost_is() {
    let env = TestEnv::new(10, None).await;
    let queues = env.runner().queues;
    queues.send_runs(&[env.nightly_message()]).await.unwrap();
    assert_eq!(not_begun(&env).await, 0);
    env.clear_queues();
    assert_eq!(not_begun(&env).await, 1);
}

#[tokio::test]
async fn the_round_an_hour_later_looks_for_the_same_runs() {
    let env = TestEnv::new(10, None).await;
    let two: Timestamp = "2026-11-29T17:00:00Z".parse().unwrap();
    for (linked_after_two, not_begun) in [(0, 1), (1, 0)] {
        let linked_at = two + SignedDuration::from_secs(linked_after_two);
        env.change_connection(|it| it.linked_at = linked_at).await;
        let round = Round::Night {
            scheduled_at: two + SignedDuration::from_mins(90),
            minutes_after_start: 90,
        };
        let found = watch(&env).make(round).await.unwrap();
        let expected = RoundReport::Night {
            not_begun,
            stopped: 0,
            paused_warned: 0,
        };
        assert_eq!(found, expected);
    }
}

#[tokio::test]
async fn who_is_switched_off_or_was_linked_later_in_the_night_is_not_missed() {
    let env = TestEnv::new(10, None).await;
    let linked_later = now() + SignedDuration::from_mins(1);
    env.change_connection(|it| it.linked_at = linked_later)
        .await;
    assert_eq!(not_begun(&env).await, 0);
    advance(SignedDuration::from_hours(24));
    assert_eq!(not_begun(&env).await, 1);
    env.change_connection(|it| it.settings.enabled = false)
        .await;
    assert_eq!(not_begun(&env).await, 0);
}

#[tokio::test]
async fn who_switches_the_sync_on_after_two_is_missed_the_night_after() {
    let env = TestEnv::new(10, None).await;
    env.change_connection(|it| it.settings.enabled = false)
        .await;
    let two = now();
    advance(SignedDuration::from_mins(5));
    let id = &env.workspace.workspace_id;
    let mut settings = env.connection().await.settings;
    settings.enabled = true;
    let soon = Instant::now() + Duration::from_secs(20);
    let connections = env.runner().connections;
    let by = testkit::author("usr_admin");
    let saved = connections.save_settings(id, &settings, &by, soon);
    saved.await.unwrap();
    assert_eq!(not_begun_since(&env, two).await, 0);
    assert_eq!(not_begun_since(&env, two + DAY).await, 1);
}

#[tokio::test]
async fn a_run_that_waits_for_one_that_an_admin_started_is_not_missed() {
    let env = TestEnv::new(10, None).await;
    let id = &env.workspace.workspace_id;
    let run_id = env.manual_message().run_id;
    let taken = env
        .store
        .acquire_lease(id, &run_id, 0, now())
        .await
        .unwrap();
    assert!(taken.is_some());
    assert_eq!(not_begun(&env).await, 0);
    advance(SignedDuration::from_mins(30));
    assert_eq!(not_begun(&env).await, 1, "it crashed");
}

/// Returns an environment where the message that asks for the delivery of an invitation was lost.
async fn with_a_lost_message() -> TestEnv {
    let env = TestEnv::new(10, None).await;
    env.set_crews(&[person(1)]).await;
    env.nightly_run().await;
    env.clear_queues();
    env
}

#[tokio::test]
async fn a_mail_whose_message_was_lost_is_asked_for_again_and_arrives() {
    let env = with_a_lost_message().await;
    advance(SignedDuration::from_mins(16));
    let found = watch(&env).make(Round::Mails {}).await.unwrap();
    assert_eq!(
        found,
        RoundReport::Mails {
            waiting: 1,
            asked_again: 1,
            oldest_seconds: 16 * 60,
        }
    );
    let message = env.next_mail().unwrap();
    env.deliver(&message).await.unwrap();
    assert_eq!(env.services.mails().len(), 1);
    let found = watch(&env).make(Round::Mails {}).await.unwrap();
    assert_eq!(
        found,
        RoundReport::Mails {
            waiting: 0,
            asked_again: 0,
            oldest_seconds: 0,
        }
    );
}

#[tokio::test]
async fn while_the_queue_holds_as_many_messages_as_mails_wait_none_is_asked_for_twice() {
    let env = TestEnv::new(10, None).await;
    env.set_crews(&[person(1), person(2)]).await;
    env.nightly_run().await;
    advance(SignedDuration::from_mins(16));
    let asked_again = async || match watch(&env).make(Round::Mails {}).await.unwrap() {
        RoundReport::Mails { asked_again, .. } => asked_again,
        other => panic!("{other:?}"),
    };
    assert_eq!(asked_again().await, 0);
    env.next_mail().unwrap();
    assert_eq!(asked_again().await, 2, "one message was lost");
}

#[tokio::test]
async fn what_a_round_has_no_time_to_ask_for_is_asked_for_by_the_next_one() {
    let env = TestEnv::new(10, None).await;
    let id = &env.workspace.workspace_id;
    for number in 0..1_002 {
        let kind = MailKind::AccountLocked {
            user_id: UserId::new(format!("usr_{number}")),
        };
        let mail = OutboxMail::new(kind, now());
        env.store.put_mail_once(id, &mail).await.unwrap();
    }
    let hurried = Watch {
        time_for_mails: Duration::ZERO,
        ..watch(&env)
    };
    advance(SignedDuration::from_mins(16));
    let asked = async || match hurried.make(Round::Mails {}).await.unwrap() {
        RoundReport::Mails { asked_again, .. } => asked_again,
        other => panic!("{other:?}"),
    };
    assert_eq!(asked().await, 1_000);
    let mut delivered = 0;
    while let Some(message) = env.next_mail() {
        env.deliver(&message).await.unwrap();
        delivered += 1;
    }
    assert_eq!(delivered, 1_000);
    advance(SignedDuration::from_mins(15));
    assert_eq!(asked().await, 2);
}

#[tokio::test]
async fn a_mail_that_was_just_written_is_left_to_its_own_message() {
    let env = with_a_lost_message().await;
    advance(SignedDuration::from_mins(14));
    let found = watch(&env).make(Round::Mails {}).await.unwrap();
    assert!(
        matches!(found, RoundReport::Mails { asked_again: 0, .. }),
        "{found:?}"
    );
    assert!(env.next_mail().is_none());
}

#[tokio::test]
async fn a_postponed_mail_waits_for_nobody_and_is_asked_for_in_the_first_round_after_its_time() {
    let env = with_a_lost_message().await;
    let mail = env.waiting_mails().await.remove(0);
    let id = &env.workspace.workspace_id;
    let until = now() + SignedDuration::from_hours(2);
    env.store.postpone_mail(id, &mail, until).await.unwrap();
    for (minutes, waiting, asked_again) in [(119, 0, 0), (2, 1, 1), (900, 1, 0)] {
        advance(SignedDuration::from_mins(minutes));
        let found = watch(&env).make(Round::Mails {}).await.unwrap();
        let RoundReport::Mails {
            waiting: waits,
            asked_again: asked,
            oldest_seconds,
        } = found
        else {
            panic!("{found:?}");
        };
        assert_eq!((waits, asked), (waiting, asked_again), "{minutes}");
        assert!(oldest_seconds <= 901 * 60, "its time does not count");
    }
}

/// Stores a SAML provider whose certificates end so many days from now.
async fn saml(env: &TestEnv, days: &[i64]) {
    let certificate = |days: &i64| SamlCertificate {
        der: format!("{days}"),
        not_after: now() + DAY * i32::try_from(*days).unwrap(),
    };
    env.configure_saml(SamlProvider {
        entity_id: "https://idp.example".into(),
        sign_in_url: "https://idp.example/sso".into(),
        certificates: days.iter().map(certificate).collect(),
    })
    .await;
}

/// Makes the round of the morning, and returns how many workspaces end soon and how many mails were written.
async fn morning(env: &TestEnv) -> (u32, u32) {
    match watch(env).make(Round::Certificates {}).await.unwrap() {
        RoundReport::Certificates { ending, mailed } => (ending, mailed),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn the_system_administrators_are_mailed_30_7_and_1_days_before_the_certificate_ends() {
    let env = TestEnv::new(10, None).await;
    env.add_user(system_administrator("usr_a")).await;
    saml(&env, &[33]).await;
    let mut mailed = Vec::new();
    for days_left in (-2..=33).rev() {
        // A morning that is repeated mails nothing again, nor is a mail lost on a day without a round.
        let rounds = if days_left % 5 == 0 { 2 } else { 1 };
        for _ in 0..rounds {
            if morning(&env).await.1 > 0 {
                mailed.push(days_left);
            }
        }
        while let Some(message) = env.next_mail() {
            env.deliver(&message).await.unwrap();
        }
        assert_eq!(morning(&env).await.0 > 0, days_left <= 7, "{days_left}");
        advance(DAY);
    }
    assert_eq!(mailed, [30, 7, 1]);
    let mails = env.services.mails();
    let warnings = mails
        .iter()
        .filter(|mail| mail.subject().contains("SSOの証明書"));
    assert_eq!(warnings.count(), 3);
}

#[tokio::test]
async fn a_certificate_with_a_successor_and_one_that_nobody_uses_warn_nobody() {
    let env = TestEnv::new(10, None).await;
    saml(&env, &[3, 300]).await;
    assert_eq!(morning(&env).await, (0, 0));
    saml(&env, &[3]).await;
    let workspace = env.stored_workspace().await;
    let removed = env.store.put_single_sign_on(&workspace, None, &[]);
    removed.await.unwrap();
    assert_eq!(morning(&env).await, (0, 0));
}

/// Makes the round of 02:30, and returns the number of stopped workspaces.
async fn stopped(env: &TestEnv) -> u32 {
    let scheduled_at = now() + SignedDuration::from_mins(30);
    let round = Round::Night {
        scheduled_at,
        minutes_after_start: 30,
    };
    match watch(env).make(round).await.unwrap() {
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

/// Makes the round of Monday twice, and returns how many summaries were asked for.
async fn monday(env: &TestEnv) -> u32 {
    let scheduled_at = now();
    let mut summaries = 0;
    for _ in 0..2 {
        let round = Round::Week { scheduled_at };
        match watch(env).make(round).await.unwrap() {
            RoundReport::Week { summaries: asked } => summaries += asked,
            other => panic!("{other:?}"),
        }
    }
    summaries
}

#[tokio::test]
async fn the_summary_of_the_week_goes_once_to_those_who_were_chosen_and_to_nobody_by_default() {
    let env = TestEnv::new(10, None).await;
    env.add_user(system_administrator("usr_a")).await;
    env.set_crews(&[person(1), person(2)]).await;
    env.nightly_run().await;
    env.clear_queues();
    advance(DAY);
    assert_eq!(monday(&env).await, 0);

    let before = env.stored_workspace().await;
    let mut after = before.clone();
    let email = domain::EmailAddress::parse("list@example.jp").unwrap();
    after.notifications.weekly_summary = domain::Recipients::Address { email };
    let action = domain::AuditAction::NotificationsSaved;
    let event = domain::AuditEvent::by_operator("request".into(), action, now());
    let saved = env.store.change_workspace(&before, &after, &event);
    saved.await.unwrap();
    assert_eq!(monday(&env).await, 1);
    while let Some(message) = env.next_mail() {
        env.deliver(&message).await.unwrap();
    }
    let mail = env.services.only_mail();
    assert_eq!(mail.to, ["list@example.jp"]);
    assert!(mail.text().contains("1回(うち失敗0回)"));
    assert!(mail.text().contains("招待: 2名"));

    // A week in which nothing ran has none.
    advance(DAY * 7);
    assert_eq!(monday(&env).await, 1);
    while let Some(message) = env.next_mail() {
        env.deliver(&message).await.unwrap();
    }
    assert_eq!(env.services.mails().len(), 1);
}

#[tokio::test]
async fn the_summaries_of_many_companies_are_asked_for_ten_a_request() {
    let env = TestEnv::new(10, None).await;
    let email = domain::EmailAddress::parse("list@example.jp").unwrap();
    for number in 0..25 {
        let mut workspace = env.workspace.clone();
        workspace.workspace_id = WorkspaceId::new(format!("ws_{number}"));
        workspace.company_code = format!("company-{number}");
        workspace.notifications.weekly_summary = domain::Recipients::Address {
            email: email.clone(),
        };
        env.store.put_workspace(&workspace, &[]).await.unwrap();
        let mut connection = env.connection().await;
        let stored = env
            .store
            .put_connection(&workspace.workspace_id, &mut connection);
        stored.await.unwrap();
    }
    env.proxy.restart(None);
    assert_eq!(monday(&env).await, 25);
    let sent = env.proxy.by_operation()["AmazonSQS.SendMessageBatch"];
    assert_eq!(sent, 3, "of the first round; the second finds none");
}
