//! Saving the sync settings with [設定を保存].

use std::time::Duration;

use connection::SaveSettingsError;
use domain::{GroupId, LoginMethodSetting, Settings, Workspace};
use reqwest::Method;
use serde_json::json;
use tokio::time::Instant;

use crate::admin::{Admin, company_name, settings_with_items};

#[tokio::test]
async fn settings_that_need_items_make_them_in_smarthr_once() {
    let admin = Admin::of_connected_workspace().await;
    admin.saves(&settings_with_items()).await.unwrap();
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
    let workspace = Workspace {
        sso_configured: false,
        ..admin.env.workspace.clone()
    };
    admin.env.store.put_workspace(&workspace).await.unwrap();
    let before = admin.connection().await;
    for login_method in [LoginMethodSetting::Sso, LoginMethodSetting::Individual] {
        let settings = Settings {
            login_method,
            ..before.settings.clone()
        };
        let refused = admin.saves(&settings).await.unwrap_err();
        assert!(refused.reason().unwrap().contains("SSOが設定されていない"));
    }
    assert_eq!(admin.connection().await, before);
    assert_eq!(admin.groups_in_smarthr().await, 0);
}

#[tokio::test]
async fn a_group_that_does_not_exist_is_refused() {
    let admin = Admin::of_connected_workspace().await;
    let settings = Settings {
        default_group: GroupId::new("nowhere"),
        ..settings_with_items()
    };
    let refused = admin.saves(&settings).await;
    assert!(matches!(refused, Err(SaveSettingsError::UnknownGroup)));
}

#[tokio::test]
async fn a_smarthr_that_is_down_keeps_items_from_being_made_but_not_the_sync_from_being_paused() {
    let admin = Admin::of_connected_workspace().await;
    admin.saves(&settings_with_items()).await.unwrap();
    let before = admin.connection().await.settings;
    admin.smarthr_breaks_down().await;
    let moved = Settings {
        default_group: GroupId::new("viewers"),
        ..before.clone()
    };
    let in_a_second = Instant::now() + Duration::from_secs(1);
    let saved = admin
        .connections
        .save_settings(&admin.id, &moved, in_a_second)
        .await;
    assert!(matches!(saved, Err(SaveSettingsError::Unavailable)));
    assert_eq!(admin.connection().await.settings, before);
    let paused = Settings {
        enabled: false,
        ..before
    };
    admin.saves(&paused).await.unwrap();
    assert_eq!(admin.connection().await.settings, paused);
}

#[tokio::test]
async fn until_an_admin_links_again_the_sync_can_only_be_paused() {
    let admin = Admin::of_connected_workspace().await;
    admin.token_is_about_to_end().await;
    admin.order(Method::POST, "/revoke", json!({})).await;
    let _ = company_name(&admin.connections, &admin.id).await;
    let before = admin.connection().await.settings;
    let moved = Settings {
        default_group: GroupId::new("editors"),
        ..before.clone()
    };
    assert!(matches!(
        admin.saves(&moved).await,
        Err(SaveSettingsError::ReconnectNeeded)
    ));
    let paused = Settings {
        enabled: false,
        ..before
    };
    admin.saves(&paused).await.unwrap();
    assert!(!admin.connection().await.settings.enabled);
}
