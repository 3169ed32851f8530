//! What operators do with a connection.

use connection::{RestoreConnectionError, TokenError};
use domain::{AuditAction, ConnectionState, Who};
use storage::audit::AuditFilter;

use crate::admin::{Admin, in_a_second, soon};

/// Returns who did this to the workspace.
async fn who_did(admin: &Admin, action: AuditAction) -> Vec<Who> {
    let filter = AuditFilter {
        action: Some(action),
        person: None,
    };
    let events = admin.env.store.audit_events(&admin.id, &filter, None, 9);
    let events = events.await.unwrap().into_iter();
    events.map(|event| event.who).collect()
}

#[tokio::test]
async fn a_connection_that_needs_reconnecting_is_restored_only_while_smarthr_takes_its_token() {
    let admin = Admin::of_connected_workspace().await;
    let restore = async || {
        let restored = admin
            .connections
            .restore_connection(&admin.id, "req", soon());
        restored.await
    };
    let tenant = admin.connection().await.company.tenant_id;
    assert!(matches!(
        restore().await,
        Err(RestoreConnectionError::NotNeeded)
    ));

    let marked = admin.connections.mark_reconnect_needed(&admin.id, &tenant);
    marked.await.unwrap();
    let before = admin.connection().await.settings;
    restore().await.unwrap();
    assert_eq!(admin.state().await, ConnectionState::Connected);
    assert_eq!(admin.connection().await.settings, before);
    let restored = AuditAction::ConnectionRestored;
    assert_eq!(who_did(&admin, restored).await, [Who::Operator]);

    admin.env.revoke_tokens().await;
    let marked = admin.connections.mark_reconnect_needed(&admin.id, &tenant);
    marked.await.unwrap();
    let refused = restore().await;
    let is_refused = matches!(
        refused,
        Err(RestoreConnectionError::Token(TokenError::Refused))
    );
    assert!(is_refused, "{refused:?}");
    assert_eq!(admin.state().await, ConnectionState::ReconnectNeeded);
}

#[tokio::test]
async fn an_operator_switches_the_sync_off_and_on_with_the_settings_that_the_admins_saved() {
    let admin = Admin::with_items().await;
    let saved = admin.connection().await.settings;
    for enabled in [false, true] {
        let request_id = format!("req{enabled}");
        let switched =
            admin
                .connections
                .switch_sync(&admin.id, enabled, &request_id, in_a_second());
        switched.await.unwrap();
        let mut expected = saved.clone();
        expected.enabled = enabled;
        assert_eq!(admin.connection().await.settings, expected);
    }
    let who = who_did(&admin, AuditAction::SettingsSaved).await;
    let by_operator = who.iter().filter(|who| **who == Who::Operator).count();
    assert_eq!(by_operator, 2, "{who:?}");
}
