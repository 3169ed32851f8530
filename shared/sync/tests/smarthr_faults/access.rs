//! Invalid tokens and revoked permissions.

use domain::ConnectionState;
use domain::RunFailure;
use domain::run_failure::SmartHrField;
use jiff::SignedDuration;
use reqwest::Method;
use serde_json::{Value, json};
use testkit::advance;

use crate::evening::{SHORT, company, evening, fails, fails_after, recovers};

#[tokio::test]
async fn an_access_token_that_died_is_refreshed_and_a_refused_refresh_asks_for_a_new_link() {
    let (env, _) = evening().await;
    let access_only = json!({ "access_tokens_only": true });
    env.smarthr_control(Method::POST, "revoke", &access_only)
        .await;
    recovers(&env).await;

    let (env, users) = evening().await;
    let all = json!({});
    env.smarthr_control(Method::POST, "revoke", &all).await;
    fails(&env, &users, RunFailure::TokenRefused).await;
    let state = env.connection().await.state;
    assert_eq!(state, ConnectionState::ReconnectNeeded);
    let tonight = env.store.workspaces_for_tonight().await.unwrap();
    assert_eq!(tonight, [], "no further run until somebody links again");
}

#[tokio::test]
async fn a_refresh_that_cannot_be_done_now_leaves_the_link_as_it_is() {
    let (env, users) = evening().await;
    let access_only = json!({ "access_tokens_only": true });
    env.smarthr_control(Method::POST, "revoke", &access_only)
        .await;
    let down = json!({ "path": "/oauth/token", "status": 503 });
    env.smarthr_fault(down).await;
    fails_after(&env, &users, RunFailure::SmartHrDown, SHORT).await;
    assert_eq!(env.connection().await.state, ConnectionState::Connected);

    env.clear_smarthr_faults().await;
    advance(SignedDuration::from_hours(24));
    recovers(&env).await;
}

#[tokio::test]
async fn a_permission_that_was_taken_away_changes_nobody() {
    for (hidden, field) in [
        ("email", SmartHrField::Email),
        ("emp_code", SmartHrField::Code),
    ] {
        let (env, users) = evening().await;
        let orders = json!([hidden]);
        env.smarthr_control(Method::PUT, "hidden-attributes", &orders)
            .await;
        fails(&env, &users, RunFailure::PermissionLost { field }).await;
    }
    let (env, users) = evening().await;
    let orders = json!(["emp_status"]);
    env.smarthr_control(Method::PUT, "hidden-attributes", &orders)
        .await;
    fails(&env, &users, RunFailure::SmartHrForbidden).await;
}

#[tokio::test]
async fn a_new_token_that_is_refused_as_well_asks_for_a_new_link_and_mails_once() {
    let (env, users) = evening().await;
    env.smarthr_fault(json!({ "path": "/api/v1/crews", "status": 401 }))
        .await;
    // The only mail is the one that asks the admins to reconnect.
    fails(&env, &users, RunFailure::TokenRefused).await;
    let state = env.connection().await.state;
    assert_eq!(state, ConnectionState::ReconnectNeeded);
}

#[tokio::test]
async fn items_that_we_may_not_read_change_nobody() {
    let forbidden = json!({ "code": 3, "type": "forbidden", "message": "" });
    let no_items = json!({
        "path": "/api/v1/crew_custom_field_template", "status": 403, "body": forbidden,
    });
    let (env, users) = evening().await;
    env.choose_people_in_smarthr().await;
    env.smarthr_fault(no_items).await;
    fails(&env, &users, RunFailure::SmartHrForbidden).await;

    let (env, users) = evening().await;
    env.choose_people_in_smarthr().await;
    let hidden = json!(["custom_fields"]);
    env.smarthr_control(Method::PUT, "hidden-attributes", &hidden)
        .await;
    fails(&env, &users, RunFailure::ItemsHidden).await;
}

#[tokio::test]
async fn addresses_that_are_all_null_change_nobody_though_everybody_else_is_there() {
    let (env, users) = evening().await;
    let mut people = company();
    for person in &mut people {
        person["email"] = Value::Null;
    }
    env.set_crews(&people).await;
    let field = SmartHrField::Email;
    fails(&env, &users, RunFailure::PermissionLost { field }).await;
}
