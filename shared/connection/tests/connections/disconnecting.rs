//! [解除する], also during outages and concurrent changes.

use std::time::Duration;

use connection::{CallbackOutcome, DisconnectOutcome, SaveSettingsError};
use domain::ConnectionState;
use reqwest::Method;
use serde_json::json;
use testkit::CrashPoint;
use tokio::time::Instant;

use crate::admin::{
    AOZORA, AOZORA_ADMIN, Admin, MIDORI, MIDORI_ADMIN, in_a_new_process, settings_with_items, soon,
};

/// Returns an admin of a connected workspace that has custom items in SmartHR.
async fn admin_with_items() -> Admin {
    let admin = Admin::of_connected_workspace().await;
    admin.saves(&settings_with_items()).await.unwrap();
    assert_eq!(admin.groups_in_smarthr().await, 1);
    admin
}

async fn assert_nothing_is_left(admin: &Admin) {
    let connection = admin.connection().await;
    assert_eq!(connection.state, ConnectionState::Disconnected);
    assert_eq!(connection.items, None);
    assert!(!connection.settings.enabled);
    assert_eq!(connection.settings.default_group.as_str(), "viewers");
    assert!(!admin.has_tokens_for(AOZORA).await);
    assert_eq!(admin.groups_in_smarthr().await, 0);
}

#[tokio::test]
async fn a_disconnect_deletes_our_items_the_tokens_and_the_settings() {
    let admin = admin_with_items().await;
    assert_eq!(admin.disconnects(soon()).await, DisconnectOutcome::Finished);
    assert_nothing_is_left(&admin).await;
    assert_eq!(admin.disconnects(soon()).await, DisconnectOutcome::Finished);
    let saved = admin.saves(&settings_with_items()).await;
    assert!(matches!(saved, Err(SaveSettingsError::NotConnected)));
}

#[tokio::test]
async fn a_smarthr_that_is_down_does_not_stop_a_disconnect_and_is_cleaned_up_at_night() {
    let admin = admin_with_items().await;
    admin.smarthr_breaks_down().await;
    let in_a_second = Instant::now() + Duration::from_secs(1);
    let outcome = admin.disconnects(in_a_second).await;
    assert_eq!(outcome, DisconnectOutcome::CleanupPending);
    let connection = admin.connection().await;
    assert_eq!(connection.state, ConnectionState::Disconnecting);
    assert!(!connection.settings.enabled);
    let tonight = admin.env.store.workspaces_for_tonight().await.unwrap();
    assert_eq!(tonight.as_slice(), std::slice::from_ref(&admin.id));

    admin.smarthr_recovers().await;
    let finished = admin
        .connections
        .finish_disconnect(&admin.id, &connection, soon())
        .await;
    assert_eq!(finished.unwrap(), DisconnectOutcome::Finished);
    assert_nothing_is_left(&admin).await;
    let tonight = admin.env.store.workspaces_for_tonight().await.unwrap();
    assert!(tonight.is_empty());
}

#[tokio::test]
async fn a_disconnect_forgets_everything_when_smarthr_refuses_us_for_good() {
    let admin = admin_with_items().await;
    admin.order(Method::POST, "/revoke", json!({})).await;
    assert_eq!(admin.disconnects(soon()).await, DisconnectOutcome::Finished);
    assert_eq!(
        admin.connection().await.state,
        ConnectionState::Disconnected
    );
    assert!(!admin.has_tokens_for(AOZORA).await);
    let mails = admin.env.store.waiting_mails(&admin.id).await.unwrap();
    assert!(mails.is_empty(), "nobody is asked to connect again");
}

#[tokio::test]
async fn a_company_that_waits_to_be_confirmed_is_forgotten_as_well() {
    let admin = admin_with_items().await;
    admin.connects(MIDORI_ADMIN).await;
    admin.disconnects(soon()).await;
    assert_nothing_is_left(&admin).await;
    assert!(!admin.has_tokens_for(MIDORI).await);
    assert_eq!(admin.connection().await.pending, None);
}

#[tokio::test]
async fn linking_again_before_the_clean_up_does_it_and_starts_afresh() {
    let admin = admin_with_items().await;
    admin.smarthr_breaks_down().await;
    let in_a_second = Instant::now() + Duration::from_secs(1);
    let outcome = admin.disconnects(in_a_second).await;
    assert_eq!(outcome, DisconnectOutcome::CleanupPending);
    admin.smarthr_recovers().await;
    assert!(matches!(
        admin.connects(AOZORA_ADMIN).await,
        CallbackOutcome::Connected { .. }
    ));
    let connection = admin.connection().await;
    assert_eq!(connection.state, ConnectionState::Connected);
    assert_eq!(connection.items, None);
    assert!(!connection.settings.enabled);
    assert_eq!(admin.groups_in_smarthr().await, 0);
    assert!(admin.has_tokens_for(AOZORA).await);
}

#[tokio::test]
async fn disconnecting_when_only_another_company_waits_forgets_that_one() {
    let admin = admin_with_items().await;
    assert_eq!(admin.disconnects(soon()).await, DisconnectOutcome::Finished);
    admin.connects(MIDORI_ADMIN).await;
    assert!(admin.has_tokens_for(MIDORI).await);
    assert_eq!(admin.disconnects(soon()).await, DisconnectOutcome::Finished);
    assert!(!admin.has_tokens_for(MIDORI).await);
    assert_eq!(admin.connection().await.pending, None);
    assert_nothing_is_left(&admin).await;
}

#[tokio::test]
async fn items_whose_making_died_before_they_were_remembered_are_found_by_a_disconnect() {
    for call in 0.. {
        let admin = Admin::of_connected_workspace().await;
        admin.env.proxy.restart(Some(CrashPoint::After(call)));
        let dying = in_a_new_process(&admin.env);
        let settings = settings_with_items();
        let died = tokio::select! {
            saved = dying.save_settings(&admin.id, &settings, soon()) => {
                saved.unwrap();
                false
            }
            () = admin.env.proxy.crashed() => true,
        };
        admin.env.proxy.restart(None);
        let done = admin.connections.disconnect(&admin.id, soon()).await;
        assert_eq!(
            done.unwrap(),
            DisconnectOutcome::Finished,
            "after call {call}"
        );
        assert_nothing_is_left(&admin).await;
        if !died {
            assert!(call >= 8, "it makes more calls than {call}");
            break;
        }
    }
}
