//! Saving the sync settings with [設定を保存].

use connection::SaveSettingsError;
use domain::{AuditChange, AuditField, GroupId, LoginMethodSetting, Role, Settings, User};
use storage::audit::AuditFilter;
use testkit::{CrashPoint, users};

use crate::admin::{Admin, company_name, in_a_new_process, in_a_second, settings_with_items, soon};

#[tokio::test]
async fn settings_that_need_items_make_them_in_smarthr_once() {
    let admin = Admin::with_items().await;
    admin.saves(&settings_with_items()).await.unwrap();
    let connection = admin.connection().await;
    assert_eq!(connection.settings, settings_with_items());
    let items = connection.items.as_ref().unwrap().ids().unwrap();
    assert!(items.sync_target.is_some() && items.login_method.is_some());
    assert_eq!(admin.groups_in_smarthr().await, 1);
}

#[tokio::test]
async fn sso_is_refused_while_it_is_not_configured() {
    let admin = Admin::of_connected_workspace().await;
    let (store, workspace) = (&admin.env.store, &admin.env.workspace);
    store
        .put_single_sign_on(workspace, None, &[])
        .await
        .unwrap();
    let before = admin.connection().await;
    for login_method in [LoginMethodSetting::Sso, LoginMethodSetting::Individual] {
        let saved = admin.saves_with(|settings| settings.login_method = login_method);
        let refused = saved.await.unwrap_err();
        assert!(refused.reason().unwrap().contains("SSOが設定されていない"));
    }
    assert_eq!(admin.connection().await, before);
    assert_eq!(admin.groups_in_smarthr().await, 0);
}

#[tokio::test]
async fn sso_is_refused_while_no_system_administrator_stays_with_a_password() {
    let admin = Admin::of_connected_workspace().await;
    let linked = User {
        role: Role::SystemAdministrator,
        ..users::synced("linked")
    };
    admin.env.add_user(linked).await;
    let before = admin.connection().await;
    for login_method in [LoginMethodSetting::Sso, LoginMethodSetting::Individual] {
        let saved = admin.saves_with(|settings| settings.login_method = login_method);
        let refused = saved.await.unwrap_err();
        assert!(
            refused
                .reason()
                .unwrap()
                .contains("「緊急用アカウント」にしてください")
        );
    }
    assert_eq!(admin.connection().await, before);
    assert_eq!(admin.groups_in_smarthr().await, 0);

    let emergency = |user: &mut User| user.is_emergency_account = true;
    admin.env.change_user("linked", emergency).await;
    let sso = |settings: &mut Settings| settings.login_method = LoginMethodSetting::Sso;
    admin.saves_with(sso).await.unwrap();
}

#[tokio::test]
async fn a_group_that_does_not_exist_is_refused() {
    let admin = Admin::of_connected_workspace().await;
    let nowhere = GroupId::new("nowhere");
    let saved = admin.saves_with(|settings| settings.default_group = nowhere);
    assert!(matches!(saved.await, Err(SaveSettingsError::UnknownGroup)));
}

#[tokio::test]
async fn a_smarthr_that_is_down_keeps_items_from_being_made_but_not_the_sync_from_being_paused() {
    let admin = Admin::with_items().await;
    let before = admin.connection().await.settings;
    admin.smarthr_breaks_down().await;
    let changed = Settings {
        default_group: GroupId::new("viewers"),
        ..before.clone()
    };
    let connections = &admin.connections;
    let by = admin.author();
    let saved = connections.save_settings(&admin.id, &changed, &by, in_a_second());
    assert!(matches!(saved.await, Err(SaveSettingsError::Unavailable)));
    assert_eq!(admin.connection().await.settings, before);
    let paused = Settings {
        enabled: false,
        ..before
    };
    admin.saves(&paused).await.unwrap();
    assert_eq!(admin.connection().await.settings, paused);
}

#[tokio::test]
async fn until_an_admin_connects_again_the_sync_can_only_be_paused() {
    let admin = Admin::of_connected_workspace().await;
    admin.token_is_about_to_end().await;
    admin.env.revoke_tokens().await;
    let _ = company_name(&admin.connections, &admin.id).await;
    let editors = GroupId::new("editors");
    let saved = admin.saves_with(|settings| settings.default_group = editors);
    let saved = saved.await;
    assert!(matches!(saved, Err(SaveSettingsError::ReconnectNeeded)));
    let paused = admin.saves_with(|settings| settings.enabled = false);
    paused.await.unwrap();
    assert!(!admin.connection().await.settings.enabled);
}

#[tokio::test]
async fn a_save_that_dies_at_any_call_is_stored_with_its_audit_event_or_not_at_all() {
    for call in 0.. {
        let admin = Admin::of_connected_workspace().await;
        let paused = Settings {
            enabled: false,
            ..admin.connection().await.settings
        };
        let (dying, by) = (in_a_new_process(&admin.env), admin.author());
        let saving = dying.save_settings(&admin.id, &paused, &by, soon());
        let crash_point = CrashPoint::After(call);
        let saved = admin.env.proxy.crash_at(crash_point, saving).await;
        let is_stored = admin.connection().await.settings == paused;
        let filter = AuditFilter::default();
        let events = admin.env.store.audit_events(&admin.id, &filter, None, 9);
        let events = events.await.unwrap();
        assert_eq!(events.len(), usize::from(is_stored), "{call}: {events:?}");
        if let Some(saved) = saved {
            saved.unwrap();
            let change = AuditChange::of(AuditField::SyncEnabled, "有効", "無効");
            assert_eq!(events[0].changes, [change.unwrap()]);
            return;
        }
    }
}
