//! Connecting a SmartHR company other than the connected one.

use connection::{CallbackOutcome, ConfirmError};
use domain::TenantId;
use domain::{Connection, ConnectionState};
use jiff::Timestamp;
use storage::secrets::StoredTokens;
use testkit::Fault;

use crate::admin::{
    AOZORA, AOZORA_ADMIN, Admin, MIDORI, MIDORI_ADMIN, company_name, settings_with_items, soon,
};

const THIRD: &str = "33333333-3333-4333-8333-333333333333";

async fn confirm(admin: &Admin, accept: bool) -> Result<(), ConfirmError> {
    let user = &admin.user.user_id;
    admin
        .connections
        .confirm_company_change(&admin.id, user, accept, soon())
        .await
}

#[tokio::test]
async fn another_company_asks_first_and_the_old_one_stays_linked_until_then() {
    let admin = Admin::of_connected_workspace().await;
    let before = admin.connection().await;
    assert_eq!(
        admin.connects(MIDORI_ADMIN).await,
        CallbackOutcome::ConfirmationNeeded {
            connected_name: "株式会社あおぞら商事".into(),
            new_name: "株式会社みどり物産".into(),
        }
    );
    let after = admin.connection().await;
    assert_eq!(after.company, before.company);
    assert_eq!(after.settings, before.settings);
    assert_eq!(after.state, ConnectionState::Connected);
    let name = company_name(&admin.connections, &admin.id).await.unwrap();
    assert_eq!(name.as_deref(), Some("株式会社あおぞら商事"));
}

#[tokio::test]
async fn an_accepted_company_replaces_the_old_one_and_waits_to_be_enabled() {
    let admin = Admin::of_connected_workspace().await;
    admin.saves(&settings_with_items()).await.unwrap();
    admin.connects(MIDORI_ADMIN).await;
    confirm(&admin, true).await.unwrap();
    let connection = admin.connection().await;
    assert_eq!(connection.company.tenant_id.as_str(), MIDORI);
    assert_eq!(connection.company.name, "株式会社みどり物産");
    assert_eq!(connection.pending, None);
    assert_eq!(connection.items, None);
    assert!(!connection.settings.enabled);
    assert_eq!(connection.settings.default_group.as_str(), "editors");
    assert!(!admin.has_tokens_for(AOZORA).await);
    assert!(admin.has_tokens_for(MIDORI).await);
    assert_eq!(admin.groups_in_smarthr().await, 0, "of the company left");
    let again = confirm(&admin, true).await;
    assert!(matches!(again, Err(ConfirmError::NothingPending)));
}

#[tokio::test]
async fn a_refused_company_is_forgotten_with_its_tokens() {
    let admin = Admin::of_connected_workspace().await;
    admin.connects(MIDORI_ADMIN).await;
    assert!(admin.has_tokens_for(MIDORI).await);
    confirm(&admin, false).await.unwrap();
    let connection = admin.connection().await;
    assert_eq!(connection.pending, None);
    assert_eq!(connection.company.tenant_id.as_str(), AOZORA);
    assert!(connection.settings.enabled);
    assert!(!admin.has_tokens_for(MIDORI).await);
    assert!(admin.has_tokens_for(AOZORA).await);
}

#[tokio::test]
async fn linking_the_old_company_again_takes_the_question_back() {
    let admin = Admin::of_connected_workspace().await;
    admin.connects(MIDORI_ADMIN).await;
    admin.connects(AOZORA_ADMIN).await;
    assert_eq!(admin.connection().await.pending, None);
    assert!(!admin.has_tokens_for(MIDORI).await);
}

#[tokio::test]
async fn another_company_asks_first_after_a_disconnect_too() {
    let admin = Admin::of_connected_workspace().await;
    admin.disconnects(soon()).await;
    assert!(matches!(
        admin.connects(MIDORI_ADMIN).await,
        CallbackOutcome::ConfirmationNeeded { .. }
    ));
    assert_eq!(
        admin.connection().await.state,
        ConnectionState::Disconnected
    );
    confirm(&admin, true).await.unwrap();
    assert_eq!(admin.connection().await.state, ConnectionState::Connected);
    assert_eq!(admin.connection().await.company.tenant_id.as_str(), MIDORI);
}

#[tokio::test]
async fn the_tokens_of_every_company_that_was_left_go() {
    let admin = Admin::of_connected_workspace().await;
    // The third company was pending before MIDORI replaced it, and its tokens could not be deleted
    // because they were in use.
    let third = TenantId::new(THIRD);
    let tokens = StoredTokens {
        access_token: "a".into(),
        refresh_token: "r".into(),
        expires_at: Timestamp::MAX,
    };
    let secrets = admin.env.secrets();
    secrets
        .put_tokens(&admin.id, &third, &tokens)
        .await
        .unwrap();
    admin.connects(MIDORI_ADMIN).await;
    let left = |connection: &mut Connection| connection.left_companies.push(third);
    admin.env.change_connection(left).await;
    confirm(&admin, true).await.unwrap();
    assert!(!admin.has_tokens_for(THIRD).await);
    assert!(!admin.has_tokens_for(AOZORA).await);
    assert!(admin.has_tokens_for(MIDORI).await);
    assert_eq!(admin.connection().await.left_companies, []);
}

#[tokio::test]
async fn a_link_holds_although_the_tokens_of_the_company_that_waited_cannot_be_deleted_now() {
    let admin = Admin::of_connected_workspace().await;
    admin.connects(MIDORI_ADMIN).await;
    let refused = Fault::Refused(400, "AccessDeniedException");
    admin.env.proxy.inject("DeleteSecret", 0, 1, refused);
    let outcome = admin.connects(AOZORA_ADMIN).await;
    assert!(
        matches!(outcome, CallbackOutcome::Connected { .. }),
        "{outcome:?}"
    );
    assert!(admin.has_tokens_for(MIDORI).await);
    admin.env.nightly_run().await;
    assert!(!admin.has_tokens_for(MIDORI).await);
    assert_eq!(admin.connection().await.left_companies, []);
}
