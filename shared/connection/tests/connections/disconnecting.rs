//! [解除する], also during outages and concurrent changes.

use connection::{DisconnectOutcome, SaveSettingsError};
use domain::ConnectionState;
use testkit::CrashPoint;

use crate::admin::{
    AOZORA, AOZORA_ADMIN, Admin, MIDORI, MIDORI_ADMIN, connected_to_aozora, in_a_new_process,
    in_a_second, settings_with_items, soon,
};

async fn disconnect(admin: &Admin) {
    assert_eq!(admin.disconnects(soon()).await, DisconnectOutcome::Finished);
}

/// Disconnects while SmartHR is down.
async fn disconnect_without_smarthr(admin: &Admin) {
    admin.smarthr_breaks_down().await;
    let outcome = admin.disconnects(in_a_second()).await;
    assert_eq!(outcome, DisconnectOutcome::CleanupPending);
}

async fn assert_nothing_is_left(admin: &Admin) {
    let connection = admin.connection().await;
    assert_eq!(connection.state, ConnectionState::Disconnected);
    assert_eq!(connection.items, None);
    assert_eq!(connection.pending, None);
    assert!(!connection.settings.enabled);
    assert_eq!(connection.settings.default_group.as_str(), "viewers");
    assert_eq!(admin.companies_with_tokens().await, [""; 0]);
    assert_eq!(admin.groups_in_smarthr().await, 0);
}

#[tokio::test]
async fn a_disconnect_deletes_our_items_the_tokens_and_the_settings() {
    let admin = Admin::with_items().await;
    disconnect(&admin).await;
    assert_nothing_is_left(&admin).await;
    disconnect(&admin).await;
    let saved = admin.saves(&settings_with_items()).await;
    assert!(matches!(saved, Err(SaveSettingsError::NotConnected)));
}

#[tokio::test]
async fn a_smarthr_that_is_down_does_not_stop_a_disconnect_and_is_cleaned_up_at_night() {
    let admin = Admin::with_items().await;
    disconnect_without_smarthr(&admin).await;
    let connection = admin.connection().await;
    assert_eq!(connection.state, ConnectionState::Disconnecting);
    assert!(!connection.settings.enabled);
    let tonight = admin.workspaces_for_tonight().await;
    assert_eq!(tonight, std::slice::from_ref(&admin.id));

    admin.env.clear_smarthr_faults().await;
    let (connections, id) = (&admin.connections, &admin.id);
    let finished = connections.finish_disconnect(id, &connection, soon()).await;
    assert_eq!(finished.unwrap(), DisconnectOutcome::Finished);
    assert_nothing_is_left(&admin).await;
    assert_eq!(admin.workspaces_for_tonight().await, []);
}

#[tokio::test]
async fn a_disconnect_forgets_everything_when_smarthr_refuses_us_for_good() {
    let admin = Admin::with_items().await;
    admin.env.revoke_tokens().await;
    disconnect(&admin).await;
    assert_eq!(admin.state().await, ConnectionState::Disconnected);
    assert_eq!(admin.companies_with_tokens().await, [""; 0]);
    let mails = admin.env.waiting_mails().await;
    assert!(mails.is_empty(), "nobody is asked to connect again");
}

#[tokio::test]
async fn a_company_that_waits_to_be_confirmed_is_forgotten_as_well() {
    let admin = Admin::with_items().await;
    admin.connects(MIDORI_ADMIN).await;
    disconnect(&admin).await;
    assert_nothing_is_left(&admin).await;
}

#[tokio::test]
async fn connecting_again_before_the_clean_up_does_it_and_starts_afresh() {
    let admin = Admin::with_items().await;
    disconnect_without_smarthr(&admin).await;
    admin.env.clear_smarthr_faults().await;
    let outcome = admin.connects(AOZORA_ADMIN).await;
    assert_eq!(outcome, connected_to_aozora());
    let connection = admin.connection().await;
    assert_eq!(connection.state, ConnectionState::Connected);
    assert_eq!(connection.items, None);
    assert!(!connection.settings.enabled);
    assert_eq!(admin.groups_in_smarthr().await, 0);
    assert_eq!(admin.companies_with_tokens().await, [AOZORA]);
}

#[tokio::test]
async fn disconnecting_when_only_another_company_waits_forgets_that_one() {
    let admin = Admin::with_items().await;
    disconnect(&admin).await;
    admin.connects(MIDORI_ADMIN).await;
    assert_eq!(admin.companies_with_tokens().await, [MIDORI]);
    disconnect(&admin).await;
    assert_nothing_is_left(&admin).await;
}

#[tokio::test]
async fn items_whose_making_died_before_they_were_remembered_are_found_by_a_disconnect() {
    for call in 0.. {
        let admin = Admin::of_workspace_with_a_way_in().await;
        let dying = in_a_new_process(&admin.env);
        let settings = settings_with_items();
        let by = admin.author();
        let saving = dying.save_settings(&admin.id, &settings, &by, soon());
        let crash_point = CrashPoint::After(call);
        let saved = admin.env.proxy.crash_at(crash_point, saving).await;
        disconnect(&admin).await;
        assert_nothing_is_left(&admin).await;
        if let Some(saved) = saved {
            saved.unwrap();
            assert!(call >= 8, "it makes more calls than {call}");
            break;
        }
    }
}
