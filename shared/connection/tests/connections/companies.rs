//! Connecting a SmartHR company other than the connected one.

use connection::ConfirmError;
use domain::{Connection, ConnectionState, TenantId};
use testkit::Fault;

use crate::admin::{
    AOZORA, AOZORA_ADMIN, Admin, MIDORI, MIDORI_ADMIN, THIRD, company_name, connected_to_aozora,
    midori_awaits_confirmation, soon,
};

#[tokio::test]
async fn another_company_asks_first_and_the_old_one_stays_connected_until_then() {
    let admin = Admin::of_connected_workspace().await;
    let before = admin.connection().await;
    let outcome = admin.connects(MIDORI_ADMIN).await;
    assert_eq!(outcome, midori_awaits_confirmation());
    let after = admin.connection().await;
    assert_eq!(after.company, before.company);
    assert_eq!(after.settings, before.settings);
    assert_eq!(after.state, ConnectionState::Connected);
    let name = company_name(&admin.connections, &admin.id).await.unwrap();
    assert_eq!(name.as_deref(), Some("株式会社あおぞら商事"));
}

#[tokio::test]
async fn an_accepted_company_replaces_the_old_one_and_waits_to_be_enabled() {
    let admin = Admin::with_items().await;
    admin.connects(MIDORI_ADMIN).await;
    admin.confirms(true).await.unwrap();
    let connection = admin.connection().await;
    assert_eq!(connection.company.tenant_id.as_str(), MIDORI);
    assert_eq!(connection.company.name, "株式会社みどり物産");
    assert_eq!(connection.pending, None);
    assert_eq!(connection.items, None);
    assert!(!connection.settings.enabled);
    assert_eq!(connection.settings.default_group.as_str(), "editors");
    assert_eq!(admin.companies_with_tokens().await, [MIDORI]);
    assert_eq!(admin.groups_in_smarthr().await, 0, "of the company left");
    let again = admin.confirms(true).await;
    assert!(matches!(again, Err(ConfirmError::NothingPending)));
}

#[tokio::test]
async fn a_refused_company_is_forgotten_with_its_tokens() {
    let admin = Admin::of_connected_workspace().await;
    admin.connects(MIDORI_ADMIN).await;
    assert_eq!(admin.companies_with_tokens().await, [AOZORA, MIDORI]);
    admin.confirms(false).await.unwrap();
    let connection = admin.connection().await;
    assert_eq!(connection.pending, None);
    assert_eq!(connection.company.tenant_id.as_str(), AOZORA);
    assert!(connection.settings.enabled);
    assert_eq!(admin.companies_with_tokens().await, [AOZORA]);
}

#[tokio::test]
async fn connecting_the_old_company_again_takes_the_question_back() {
    let admin = Admin::of_connected_workspace().await;
    admin.connects(MIDORI_ADMIN).await;
    admin.connects(AOZORA_ADMIN).await;
    assert_eq!(admin.connection().await.pending, None);
    assert_eq!(admin.companies_with_tokens().await, [AOZORA]);
}

#[tokio::test]
async fn another_company_asks_first_after_a_disconnect_too() {
    let admin = Admin::of_connected_workspace().await;
    admin.disconnects(soon()).await;
    let outcome = admin.connects(MIDORI_ADMIN).await;
    assert_eq!(outcome, midori_awaits_confirmation());
    assert_eq!(admin.state().await, ConnectionState::Disconnected);
    admin.confirms(true).await.unwrap();
    assert_eq!(admin.state().await, ConnectionState::Connected);
    assert_eq!(admin.connection().await.company.tenant_id.as_str(), MIDORI);
}

#[tokio::test]
async fn the_tokens_of_every_company_that_was_left_go() {
    let admin = Admin::of_connected_workspace().await;
    // The third company was pending before MIDORI replaced it, and its tokens could not be deleted
    // because they were in use.
    let third = TenantId::new(THIRD);
    let (secrets, tokens) = (admin.env.secrets(), admin.env.new_tokens().await);
    let stored = secrets.put_tokens(&admin.id, &third, &tokens).await;
    stored.unwrap();
    admin.connects(MIDORI_ADMIN).await;
    let left = |connection: &mut Connection| connection.left_companies.push(third);
    admin.env.change_connection(left).await;
    admin.confirms(true).await.unwrap();
    assert_eq!(admin.companies_with_tokens().await, [MIDORI]);
    assert_eq!(admin.connection().await.left_companies, []);
}

#[tokio::test]
async fn a_connection_is_made_although_the_tokens_of_the_pending_company_cannot_be_deleted_now() {
    let admin = Admin::of_connected_workspace().await;
    admin.connects(MIDORI_ADMIN).await;
    let refused = Fault::Refused(400, "AccessDeniedException");
    admin.env.proxy.inject("DeleteSecret", 0, 1, refused);
    let outcome = admin.connects(AOZORA_ADMIN).await;
    assert_eq!(outcome, connected_to_aozora());
    assert_eq!(admin.companies_with_tokens().await, [AOZORA, MIDORI]);
    admin.env.nightly_run().await;
    assert_eq!(admin.companies_with_tokens().await, [AOZORA]);
    assert_eq!(admin.connection().await.left_companies, []);
}
