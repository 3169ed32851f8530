//! Connecting a workspace: the redirect to SmartHR and the callback.

use connection::{Callback, CallbackOutcome, Caller, Connections};
use domain::ConnectionState;
use domain::{LoginMethodSetting, Role, SyncTarget};
use jiff::{SignedDuration, Timestamp};

use crate::admin::{AOZORA, AOZORA_ADMIN, Admin, SESSION, settings_with_items, soon, user};

#[tokio::test]
async fn a_first_link_syncs_nobody_until_an_admin_says_so() {
    let mut admin = Admin::of_connected_workspace().await;
    admin.moves_to_new_workspace().await;
    let outcome = admin.connects(AOZORA_ADMIN).await;
    assert_eq!(
        outcome,
        CallbackOutcome::Connected {
            company_name: "株式会社あおぞら商事".into()
        }
    );
    let connection = admin.connection().await;
    assert_eq!(connection.state, ConnectionState::Connected);
    assert_eq!(connection.company.tenant_id.as_str(), AOZORA);
    assert_eq!(connection.company.subdomain.as_deref(), Some("aozora"));
    assert!(!connection.settings.enabled);
    assert_eq!(connection.settings.target, SyncTarget::Everyone);
    assert_eq!(
        connection.settings.login_method,
        LoginMethodSetting::Password
    );
    assert_eq!(
        connection.settings.default_group.as_str(),
        "viewers",
        "閲覧権限グループ"
    );
    assert!(admin.has_tokens_for(AOZORA).await);
}

#[tokio::test]
async fn linking_the_same_company_again_keeps_settings_and_items() {
    let admin = Admin::of_connected_workspace().await;
    let settings = settings_with_items();
    admin.saves(&settings).await.unwrap();
    let before = admin.connection().await;
    assert!(matches!(
        admin.connects(AOZORA_ADMIN).await,
        CallbackOutcome::Connected { .. }
    ));
    let after = admin.connection().await;
    assert_eq!(after.settings, settings);
    assert_eq!(after.items, before.items);
}

#[tokio::test]
async fn a_replayed_callback_changes_nothing() {
    let admin = Admin::of_connected_workspace().await;
    let callback = admin.goes_to_smarthr(AOZORA_ADMIN).await;
    assert!(matches!(
        admin.comes_back_with(callback.clone()).await,
        CallbackOutcome::Connected { .. }
    ));
    let before = admin.connection().await;
    assert_eq!(
        admin.comes_back_with(callback).await,
        CallbackOutcome::InvalidState
    );
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
        assert_eq!(
            admin.comes_back_with(forged).await,
            CallbackOutcome::InvalidState
        );
    }
    assert_eq!(admin.connection().await, before);
}

#[tokio::test]
async fn a_callback_in_another_session_workspace_or_persons_hands_changes_nothing() {
    let admin = Admin::of_connected_workspace().await;
    let before = admin.connection().await;
    let (elsewhere, somebody) = (
        domain::WorkspaceId::new("ws_other"),
        user("usr_other", Role::SystemAdministrator),
    );
    let caller = admin.caller();
    let others = [
        None,
        Some(Caller {
            session_hash: "another",
            ..caller
        }),
        Some(Caller {
            workspace_id: &elsewhere,
            ..caller
        }),
        Some(Caller {
            user: &somebody,
            ..caller
        }),
    ];
    for other in others {
        let callback = admin.goes_to_smarthr(AOZORA_ADMIN).await;
        let outcome = admin.connections.complete(callback, other, soon()).await;
        assert_eq!(outcome.unwrap(), CallbackOutcome::OtherSession);
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
async fn somebody_whose_role_was_taken_away_meanwhile_does_not_link() {
    let admin = Admin::of_connected_workspace().await;
    let before = admin.connection().await;
    let callback = admin.goes_to_smarthr(AOZORA_ADMIN).await;
    let demoted = user("usr_admin", Role::Staff);
    let caller = Caller {
        workspace_id: &admin.id,
        user: &demoted,
        session_hash: SESSION,
    };
    let outcome = admin
        .connections
        .complete(callback, Some(caller), soon())
        .await;
    assert_eq!(outcome.unwrap(), CallbackOutcome::NotAllowed);
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
    assert_eq!(
        admin.comes_back_with(real).await,
        CallbackOutcome::InvalidState
    );
    assert_eq!(admin.connection().await, before);
}

#[tokio::test]
async fn a_code_that_smarthr_refuses_changes_nothing() {
    let admin = Admin::of_connected_workspace().await;
    let before = admin.connection().await;
    let real = admin.goes_to_smarthr(AOZORA_ADMIN).await;
    let wrong = Callback {
        code: Some("another".into()),
        ..real
    };
    assert_eq!(admin.comes_back_with(wrong).await, CallbackOutcome::Refused);
    assert_eq!(admin.connection().await, before);
}
