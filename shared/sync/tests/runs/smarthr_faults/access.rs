//! Invalid tokens and revoked permissions.

use domain::run_failure::SmartHrField;
use domain::{ConnectionState, RunFailure, User};
use jiff::SignedDuration;
use serde_json::{Value, json};
use testkit::{TestEnv, advance};

use super::evening::{
    CREWS, PATIENCE, SHORT, company, evening, fails, fails_after, night, recovers,
};

#[tokio::test]
async fn an_access_token_that_died_is_refreshed_and_a_refused_refresh_asks_to_connect_again() {
    let (env, _) = evening().await;
    env.revoke_access_tokens().await;
    recovers(&env).await;

    let (env, users) = evening().await;
    env.revoke_tokens().await;
    fails(&env, &users, RunFailure::TokenRefused).await;
    let state = env.connection().await.state;
    assert_eq!(state, ConnectionState::ReconnectNeeded);
    let tonight = env.store.workspaces_for_tonight().await.unwrap();
    assert_eq!(tonight, [], "no further run until an admin connects again");
}

#[tokio::test]
async fn a_refresh_that_cannot_be_done_now_leaves_the_connection_as_it_is() {
    let (env, users) = evening().await;
    env.revoke_access_tokens().await;
    env.smarthr_fault(json!({ "path": "/oauth/token", "status": 503 }))
        .await;
    fails_after(&env, &users, RunFailure::SmartHrDown, SHORT).await;
    assert_eq!(env.connection().await.state, ConnectionState::Connected);

    env.clear_smarthr_faults().await;
    advance(SignedDuration::from_hours(24));
    recovers(&env).await;
}

#[tokio::test]
async fn a_permission_that_was_taken_away_takes_nobodys_address_or_code_and_adds_nobody() {
    for (hidden, field) in [
        ("email", SmartHrField::Email),
        ("emp_code", SmartHrField::Code),
    ] {
        let (env, before) = evening().await;
        env.hide_attribute(hidden).await;
        let run = env.nightly_run().await;
        assert_eq!(run.failure, Some(RunFailure::PermissionLost { field }));
        let after = env.users().await;
        assert_eq!(after.len() + run.counts.deleted as usize, before.len());
        for user in after {
            let same = |it: &&User| it.user_id == user.user_id;
            let before = before.iter().find(same).unwrap();
            assert_eq!((&user.email, &user.code), (&before.email, &before.code));
        }
    }
    let (env, users) = evening().await;
    env.hide_attribute("emp_status").await;
    fails(&env, &users, RunFailure::SmartHrForbidden).await;
}

#[tokio::test]
async fn a_night_that_answers_401_to_fresh_tokens_is_an_outage_and_the_next_night_works() {
    let (env, users) = evening().await;
    env.smarthr_fault(json!({ "path": CREWS, "status": 401 }))
        .await;
    fails(&env, &users, RunFailure::SmartHrDown).await;
    stays_connected_and_recovers(&env).await;
}

#[tokio::test]
async fn a_refresh_that_refuses_our_own_client_is_our_mistake_and_costs_nobody_the_connection() {
    for (status, error) in [
        (401, "invalid_client"),
        (400, "unauthorized_client"),
        (400, "invalid_request"),
    ] {
        let (env, users) = evening().await;
        env.revoke_access_tokens().await;
        let body = json!({ "error": error, "error_description": "" });
        env.smarthr_fault(json!({ "path": "/oauth/token", "status": status, "body": body }))
            .await;
        fails(&env, &users, RunFailure::ClientRefused).await;
        stays_connected_and_recovers(&env).await;
    }
}

#[tokio::test]
async fn items_that_a_list_leaves_out_for_a_night_are_not_made_again() {
    for list in [
        "crew_custom_field_template_groups?",
        "crew_custom_field_templates?",
    ] {
        let (env, users) = evening().await;
        env.choose_people_in_smarthr().await;
        let items = env.connection().await.items;
        env.smarthr_fault(json!({ "path": format!("/api/v1/{list}"), "status": 200, "body": [] }))
            .await;
        fails(&env, &users, RunFailure::AnswerUnreadable).await;
        env.clear_smarthr_faults().await;
        advance(SignedDuration::from_hours(24));
        assert_eq!(night(&env, PATIENCE).await.failure, None);
        assert_eq!(env.connection().await.items, items);
    }
}

/// What all of SmartHR answers for one night must not change a customer for good.
async fn stays_connected_and_recovers(env: &TestEnv) {
    assert_eq!(env.connection().await.state, ConnectionState::Connected);
    env.clear_smarthr_faults().await;
    advance(SignedDuration::from_hours(24));
    recovers(env).await;
}

#[tokio::test]
async fn items_that_we_may_not_read_change_nobody() {
    let (env, users) = evening().await;
    env.choose_people_in_smarthr().await;
    env.smarthr_fault(json!({
        "path": "/api/v1/crew_custom_field_template", "status": 403,
        "body": { "code": 3, "type": "forbidden", "message": "" },
    }))
    .await;
    fails(&env, &users, RunFailure::SmartHrForbidden).await;

    let (env, users) = evening().await;
    env.choose_people_in_smarthr().await;
    env.hide_attribute("custom_fields").await;
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
