//! The derivation key is rotated while functions are warm: they know the keys as they read them last.

use credentials::TokenHash;
use domain::{CredentialHashChanges, GroupId, MailKind};
use jiff::SignedDuration;
use serde_json::json;
use storage::transaction::UserWrite;
use testkit::users::{self, system_administrator};
use testkit::{TestEnv, now};

use super::deliveries::{
    delivery, derivation_key, environment, give_passwords, invited, put, registered, run, waits,
};
use super::invitations::assert_link_works;
use crate::error::DeliveryError;

/// Stores the secret as it is after this many rotations; before the first one it is the text of a key.
fn rotate(env: &TestEnv, times: usize) {
    let key = |number: usize| format!("{number:0>40}");
    let former: Vec<String> = (0..times).rev().map(key).collect();
    let secret = if times == 0 {
        key(0)
    } else {
        json!({ "current": key(times), "former": former }).to_string()
    };
    env.services.set_secret("key", &secret);
}

#[tokio::test]
async fn a_mail_arrives_with_a_link_that_works_in_whatever_order_keys_are_rotated_and_read() {
    let env = environment().await;
    let orders =
        (0..3).flat_map(|of_delivery| (0..3).map(move |of_writer| (of_delivery, of_writer)));
    for (number, (of_delivery, of_writer)) in orders.enumerate() {
        let warm = delivery(&env).await;
        rotate(&env, of_delivery);
        warm.keys.holding(None, now()).await.unwrap();
        rotate(&env, of_writer);
        let (_, message) = invited(&env, &format!("usr_{number}")).await;
        rotate(&env, 2);
        let later = now() + SignedDuration::from_secs(10);
        warm.deliver(&message, later).await.unwrap();
        let mails = env.services.mails();
        assert_eq!(mails.len(), number + 1);
        assert_link_works(&env, &mails[number]).await;
    }
}

#[tokio::test]
async fn an_unknown_key_is_looked_for_once_in_ten_seconds_and_its_mail_waits() {
    let env = environment().await;
    let warm = delivery(&env).await;
    warm.keys.holding(None, now()).await.unwrap();
    rotate(&env, 1);
    let (_, message) = invited(&env, "usr_a").await;
    let soon = now() + SignedDuration::from_secs(9);
    let refused = warm.deliver(&message, soon).await;
    assert!(matches!(refused, Err(DeliveryError::UnknownKey(_))));
    assert!(waits(&env, &message).await);
    let later = now() + SignedDuration::from_secs(10);
    warm.deliver(&message, later).await.unwrap();
    assert_link_works(&env, &env.services.only_mail()).await;
}

#[tokio::test]
async fn a_runs_passwords_are_never_taken_for_sent_because_their_key_is_unknown() {
    let env = environment().await;
    env.add_user(system_administrator("usr_a")).await;
    let warm = delivery(&env).await;
    warm.keys.holding(None, now()).await.unwrap();
    rotate(&env, 1);
    registered(&env, "0012", "seed").await;
    let run_id = run(&env, Some("seed"), &[]).await;
    give_passwords(&env, &run_id).await;
    let message = put(&env, MailKind::InitialPasswords { run_id }).await;
    let refused = warm.deliver(&message, now()).await;
    assert!(matches!(refused, Err(DeliveryError::UnknownKey(_))));
    let later = now() + SignedDuration::from_secs(10);
    warm.deliver(&message, later).await.unwrap();
    assert_eq!(env.services.only_mail().csv_rows().len(), 1);
}

#[tokio::test]
async fn a_mail_from_before_there_were_seeds_still_goes_out_after_a_rotation() {
    let env = environment().await;
    rotate(&env, 0);
    let key = derivation_key(&env).await;
    let user = env.add_user(users::synced("usr_a")).await;
    let mut after = user.clone();
    after.version += 1;
    after.invite(user.synced_fields(GroupId::new("viewers")), now());
    let serial = after.serial;
    let id = &env.workspace.workspace_id;
    let secret = key.invitation_token(None, id, &user.user_id, u64::from(serial));
    let hashes = CredentialHashChanges {
        invitation_hash: Some(TokenHash::of(&secret).as_str().to_owned()),
        ..CredentialHashChanges::default()
    };
    let kind = MailKind::Invitation {
        user_id: user.user_id.clone(),
        serial,
        again: false,
        derived_from: None,
    };
    let change = UserWrite::Change {
        before: user,
        after,
        hashes,
    };
    env.write(change).await.unwrap();
    let message = put(&env, kind).await;
    rotate(&env, 1);
    delivery(&env).await.deliver(&message, now()).await.unwrap();
    assert_link_works(&env, &env.services.only_mail()).await;
}
