//! Connecting a workspace: the redirect to SmartHR and the callback.

use connection::{Callback, CallbackOutcome, Caller, Connections};
use domain::{Connection, ConnectionState, LoginMethodSetting, Role, SyncTarget, WorkspaceId};
use jiff::{SignedDuration, Timestamp};
use testkit::users;

use crate::admin::{AOZORA, AOZORA_ADMIN, Admin, connected_to_aozora, settings_with_items, soon};

#[tokio::test]
async fn a_first_connection_syncs_nobody_until_an_admin_enables_it() {
    let mut admin = Admin::of_connected_workspace().await;
    admin.moves_to_new_workspace().await;
    let outcome = admin.connects(AOZORA_ADMIN).await;
    assert_eq!(outcome, connected_to_aozora());
    let Connection {
        state,
        company,
        settings,
        ..
    } = admin.connection().await;
    assert_eq!(state, ConnectionState::Connected);
    assert_eq!(company.tenant_id.as_str(), AOZORA);
    assert_eq!(company.subdomain.as_deref(), Some("aozora"));
    assert!(!settings.enabled);
    assert_eq!(settings.target, SyncTarget::Everyone);
    assert_eq!(settings.login_method, LoginMethodSetting::Password);
    let group = settings.default_group;
    assert_eq!(group.as_str(), "viewers", "閲覧権限グループ");
    assert_eq!(admin.companies_with_tokens().await, [AOZORA]);
}

#[tokio::test]
async fn connecting_the_same_company_again_keeps_settings_and_items() {
    let admin = Admin::with_items().await;
    let before = admin.connection().await;
    let outcome = admin.connects(AOZORA_ADMIN).await;
    assert_eq!(outcome, connected_to_aozora());
    let after = admin.connection().await;
    assert_eq!(after.settings, settings_with_items());
    assert_eq!(after.items, before.items);
}

#[tokio::test]
async fn a_replayed_callback_changes_nothing() {
    let admin = Admin::of_connected_workspace().await;
    let callback = admin.goes_to_smarthr(AOZORA_ADMIN).await;
    let outcome = admin.comes_back_with(callback.clone()).await;
    assert_eq!(outcome, connected_to_aozora());
    let before = admin.connection().await;
    let outcome = admin.comes_back_with(callback).await;
    assert_eq!(outcome, CallbackOutcome::InvalidState);
    assert_eq!(admin.connection().await, before);
}

#[tokio::test]
async fn a_forged_callback_changes_nothing() {
    let admin = Admin::of_connected_workspace().await;
    let before = admin.connection().await;
    let real = admin.goes_to_smarthr(AOZORA_ADMIN).await;
    for state in [None, Some("guessed".into())] {
        let forged = Callback {
            state,
            ..real.clone()
        };
        let outcome = admin.comes_back_with(forged).await;
        assert_eq!(outcome, CallbackOutcome::InvalidState);
    }
    assert_eq!(admin.connection().await, before);
}

#[tokio::test]
async fn a_callback_in_another_session_workspace_or_persons_hands_changes_nothing() {
    let admin = Admin::of_connected_workspace().await;
    let before = admin.connection().await;
    let elsewhere = WorkspaceId::new("ws_other");
    let somebody = users::system_administrator("usr_other");
    let caller = admin.caller();
    let others = [
        None,
        Some(Caller {
            session_hash: "another",
            ..caller.clone()
        }),
        Some(Caller {
            workspace_id: &elsewhere,
            ..caller.clone()
        }),
        Some(Caller {
            user: &somebody,
            ..caller
        }),
    ];
    for other in others {
        let callback = admin.goes_to_smarthr(AOZORA_ADMIN).await;
        let outcome = admin.comes_back_as(other, callback).await;
        assert_eq!(outcome, CallbackOutcome::OtherSession);
    }
    assert_eq!(admin.connection().await, before);
}

#[tokio::test]
async fn a_callback_after_ten_minutes_changes_nothing() {
    fn ten_minutes_later() -> Timestamp {
        testkit::now() + SignedDuration::from_mins(10)
    }
    let admin = Admin::of_connected_workspace().await;
    let before = admin.connection().await;
    let callback = admin.goes_to_smarthr(AOZORA_ADMIN).await;
    let late = Connections {
        clock: ten_minutes_later,
        ..admin.connections.clone()
    };
    let outcome = late.complete(callback, Some(admin.caller()), soon()).await;
    assert_eq!(outcome.unwrap(), CallbackOutcome::Expired);
    assert_eq!(admin.connection().await, before);
}

#[tokio::test]
async fn somebody_whose_role_was_taken_away_meanwhile_does_not_connect() {
    let admin = Admin::of_connected_workspace().await;
    let before = admin.connection().await;
    let callback = admin.goes_to_smarthr(AOZORA_ADMIN).await;
    let demoted = Caller {
        user: &users::active("usr_admin", Role::Staff),
        ..admin.caller()
    };
    let outcome = admin.comes_back_as(Some(demoted), callback).await;
    assert_eq!(outcome, CallbackOutcome::NotAllowed);
    assert_eq!(admin.connection().await, before);
}

#[tokio::test]
async fn saying_no_at_smarthr_uses_the_state_up_and_changes_nothing() {
    let admin = Admin::of_connected_workspace().await;
    let before = admin.connection().await;
    let real = admin.goes_to_smarthr(AOZORA_ADMIN).await;
    let denied = Callback {
        error: Some("access_denied".into()),
        code: None,
        ..real.clone()
    };
    assert_eq!(admin.comes_back_with(denied).await, CallbackOutcome::Denied);
    let outcome = admin.comes_back_with(real).await;
    assert_eq!(outcome, CallbackOutcome::InvalidState);
    assert_eq!(admin.connection().await, before);
}

#[tokio::test]
async fn a_code_that_smarthr_refuses_changes_nothing() {
    let admin = Admin::of_connected_workspace().await;
    let before = admin.connection().await;
    let mut wrong = admin.goes_to_smarthr(AOZORA_ADMIN).await;
    wrong.code = Some("another".into());
    assert_eq!(admin.comes_back_with(wrong).await, CallbackOutcome::Refused);
    assert_eq!(admin.connection().await, before);
}
