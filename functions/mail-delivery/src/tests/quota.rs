//! SES's quota of 24 hours: what finds no room waits, and what is no invitation goes first.

use domain::{MailKind, Role, RunFailure};
use jiff::SignedDuration;
use storage::queues::MailMessage;
use testkit::users::active;
use testkit::{TestEnv, advance, now};

use super::deliveries::{deliver, environment, invited, put, run, waits};

/// Puts a mail about a failed run into the outbox and returns its message.
async fn failed_run(env: &TestEnv) -> MailMessage {
    let kind = MailKind::FailedRun {
        run_id: run(env, None, &[]).await,
        failure: Some(RunFailure::NotConnected),
        failed: 0,
    };
    put(env, kind).await
}

/// Returns for how many minutes each waiting mail is postponed.
async fn postponed(env: &TestEnv) -> Vec<i64> {
    let waiting = env.store.all_waiting_mails().await.unwrap();
    let minutes = waiting.iter().map(|mail| -mail.age(now()).as_mins());
    minutes.collect()
}

#[tokio::test]
async fn a_mail_that_finds_no_room_waits_in_the_outbox_and_its_message_is_done() {
    let env = environment().await;
    env.add_user(active("usr_a", Role::Administrator)).await;
    env.services.take_at_most(0);
    let message = failed_run(&env).await;
    deliver(&env, &message).await.unwrap();
    assert!(waits(&env, &message).await);
    assert_eq!(postponed(&env).await, [15]);

    env.services.take_at_most(1);
    advance(SignedDuration::from_mins(15));
    deliver(&env, &message).await.unwrap();
    env.services.only_mail();
}

#[tokio::test]
async fn invitations_leave_the_last_tenth_of_the_quota_to_mails_to_admins() {
    let env = environment().await;
    env.add_user(active("usr_a", Role::Administrator)).await;
    env.services.take_at_most(10);
    let mut messages = Vec::new();
    for number in 0..10 {
        messages.push(invited(&env, &format!("usr_{number}")).await.1);
    }
    for message in &messages {
        deliver(&env, message).await.unwrap();
    }
    assert_eq!(env.services.mails().len(), 9);
    assert!(waits(&env, &messages[9]).await);
    assert_eq!(postponed(&env).await, [60]);

    let to_admins = failed_run(&env).await;
    deliver(&env, &to_admins).await.unwrap();
    assert_eq!(env.services.mails().len(), 10);
    assert!(!waits(&env, &to_admins).await);
}

#[tokio::test]
async fn a_ses_that_does_not_say_its_quota_is_given_the_mails() {
    let env = environment().await;
    let (_, message) = invited(&env, "usr_1").await;
    let refused = testkit::Fault::Refused(400, "AccessDenied");
    env.proxy.inject("GetSendQuota", 0, 9, refused);
    deliver(&env, &message).await.unwrap();
    env.services.only_mail();
}
