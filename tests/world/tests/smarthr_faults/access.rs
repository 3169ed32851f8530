//! Tokens that die and permissions that go.

use aws::integrations::IntegrationState;
use directory::RunFailure;
use directory::failure::SmartHrField;
use jiff::SignedDuration;
use reqwest::Method;
use serde_json::json;
use world::advance;

use crate::evening::{evening, fails, recovers};

#[tokio::test]
async fn an_access_token_that_died_is_refreshed_and_a_refused_refresh_asks_for_a_new_link() {
    let (world, _) = evening().await;
    let access_only = json!({ "access_tokens_only": true });
    world
        .smarthr_orders(Method::POST, "revoke", &access_only)
        .await;
    recovers(&world).await;

    let (world, users) = evening().await;
    let all = json!({});
    world.smarthr_orders(Method::POST, "revoke", &all).await;
    fails(&world, &users, RunFailure::TokenRefused).await;
    let state = world.integration().await.state;
    assert_eq!(state, IntegrationState::RelinkNeeded);
    let tonight = world.store.workspaces_for_tonight().await.unwrap();
    assert_eq!(tonight, [], "no further run until somebody links again");
}

#[tokio::test]
async fn a_refresh_that_cannot_be_done_now_leaves_the_link_as_it_is() {
    let (world, users) = evening().await;
    let access_only = json!({ "access_tokens_only": true });
    world
        .smarthr_orders(Method::POST, "revoke", &access_only)
        .await;
    let down = json!({ "path": "/oauth/token", "status": 503 });
    world.smarthr_fault(down).await;
    fails(&world, &users, RunFailure::SmartHrDown).await;
    assert_eq!(world.integration().await.state, IntegrationState::Linked);

    world.no_smarthr_faults().await;
    advance(SignedDuration::from_hours(24));
    recovers(&world).await;
}

#[tokio::test]
async fn a_permission_that_was_taken_away_changes_nobody() {
    for (hidden, field) in [
        ("email", SmartHrField::Email),
        ("emp_code", SmartHrField::Code),
    ] {
        let (world, users) = evening().await;
        let orders = json!([hidden]);
        world
            .smarthr_orders(Method::PUT, "hidden-attributes", &orders)
            .await;
        fails(&world, &users, RunFailure::PermissionLost { field }).await;
    }
    let (world, users) = evening().await;
    let orders = json!(["emp_status"]);
    world
        .smarthr_orders(Method::PUT, "hidden-attributes", &orders)
        .await;
    fails(&world, &users, RunFailure::SmartHrForbidden).await;
}
