//! What counts against the sender of invitations, and pauses them.

use std::ops::Range;
use std::time::Duration;

use domain::User;
use serde_json::{Value, json};
use testkit::{CrashPoint, TestEnv};

use super::{bounce, complaint, deliver, deliver_within, event, invited, is_paused, noted};

/// Counts this many invitation mails as sent at the time of the events.
async fn sent(env: &TestEnv, mails: u32) {
    let at = "2026-11-23T17:00:02Z".parse().unwrap();
    let id = &env.workspace.workspace_id;
    for _ in 0..mails {
        let counted = env.store.count_sent_invitation(id, at);
        counted.await.unwrap();
    }
}

/// Returns the event about each of these invitations of the user.
fn events(env: &TestEnv, user: &User, serials: Range<u32>, about: &Value) -> Vec<String> {
    let event = |serial| event(env, user, serial, about);
    serials.map(event).collect()
}

#[tokio::test]
async fn five_bounces_of_a_hundred_invitations_pause_the_rest_and_the_admins_are_mailed_once() {
    let (env, user) = invited().await;
    env.mark_mails_sent().await;
    sent(&env, 100).await;
    let bounces = events(&env, &user, 1..7, &bounce("Permanent", "NoEmail"));
    deliver(&env, &bounces[..4]).await;
    assert!(!is_paused(&env).await);
    deliver(&env, &bounces[4..]).await;
    assert!(is_paused(&env).await);
    let waiting = env.waiting_mails().await;
    let [mail] = waiting.as_slice() else {
        panic!("{waiting:?}");
    };
    assert!(mail.starts_with("invitations-paused#"), "{mail}");
}

#[tokio::test]
async fn three_invitations_that_are_reported_as_spam_pause_the_rest() {
    let (env, user) = invited().await;
    let complaints = events(&env, &user, 1..4, &complaint(&json!({})));
    deliver(&env, &complaints[..2]).await;
    assert!(!is_paused(&env).await);
    deliver(&env, &complaints[2..]).await;
    assert!(is_paused(&env).await);
}

#[tokio::test]
async fn one_event_that_is_delivered_three_times_counts_once() {
    let (env, user) = invited().await;
    sent(&env, 100).await;
    let complaint = event(&env, &user, 1, &complaint(&json!({})));
    let bounce = event(&env, &user, 2, &bounce("Permanent", "NoEmail"));
    for _ in 0..3 {
        let both = [complaint.clone(), bounce.clone(), bounce.clone()];
        assert_eq!(deliver(&env, &both).await, 0, "it is no failure");
    }
    let at = "2026-11-23T17:00:02Z".parse().unwrap();
    let id = &env.workspace.workspace_id;
    let counted = env.store.invitation_mails(id, at).await.unwrap();
    assert_eq!((counted.bounced, counted.complained), (1, 1));
    assert!(!is_paused(&env).await);
}

#[tokio::test]
async fn a_delivery_that_dies_at_any_call_counts_once_and_pauses_when_it_comes_again() {
    for call in 0.. {
        let (env, user) = invited().await;
        let complaints = events(&env, &user, 1..4, &complaint(&json!({})));
        deliver(&env, &complaints[..2]).await;
        let last = Box::pin(deliver(&env, &complaints[2..]));
        let done = env.proxy.crash_at(CrashPoint::After(call), last).await;
        deliver(&env, &complaints).await;
        let id = &env.workspace.workspace_id;
        let pause = env.store.invitation_pause(id).await.unwrap().unwrap();
        assert_eq!(pause.mails.complained, 3, "call {call}");
        if done.is_some() {
            assert!(call >= 3, "{call}");
            break;
        }
    }
}

#[tokio::test]
async fn what_there_is_no_time_for_comes_again_and_is_counted_then() {
    let (env, user) = invited().await;
    let complaints = events(&env, &user, 1..4, &complaint(&json!({})));
    let (too_little, enough) = (Duration::from_secs(7), Duration::from_secs(30));
    assert_eq!(deliver_within(&env, &complaints, too_little).await, 3);
    assert_eq!(noted(&env).await, None);
    assert_eq!(deliver_within(&env, &complaints, enough).await, 0);
    assert!(is_paused(&env).await);
}

#[tokio::test]
async fn full_mailboxes_and_addresses_that_ses_did_not_try_pause_nothing() {
    let (env, user) = invited().await;
    sent(&env, 100).await;
    for about in [
        bounce("Transient", "MailboxFull"),
        bounce("Permanent", "OnAccountSuppressionList"),
    ] {
        let event = event(&env, &user, 1, &about);
        deliver(&env, &vec![event; 10]).await;
    }
    assert!(!is_paused(&env).await);
}
