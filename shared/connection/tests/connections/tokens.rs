//! Tokens that expire, are used concurrently, or are refused.

use std::time::Duration;

use connection::{Connections, SessionError, TokenError};
use domain::ConnectionState;
use jiff::{SignedDuration, Timestamp};
use reqwest::Method;
use secrecy::ExposeSecret;
use serde_json::json;
use testkit::Fault;
use tokio::time::Instant;

use crate::admin::{
    AOZORA_ADMIN, Admin, aozora, company_name, company_name_until, in_a_new_process,
};

/// Lets `functions` processes read from SmartHR at the same moment, and returns how many succeeded.
async fn accesses_at_once(admin: &Admin, functions: usize) -> usize {
    let asked: Vec<_> = (0..functions)
        .map(|_| {
            let (connections, id) = (in_a_new_process(&admin.env), admin.id.clone());
            tokio::spawn(async move { company_name(&connections, &id).await.ok() })
        })
        .collect();
    let mut working = 0;
    for access in asked {
        working += usize::from(access.await.unwrap().is_some());
    }
    working
}

#[tokio::test]
async fn a_living_token_is_used_without_asking_for_another() {
    let admin = Admin::of_connected_workspace().await;
    let before = admin.token_requests().await;
    assert_eq!(accesses_at_once(&admin, 3).await, 3);
    assert_eq!(admin.token_requests().await, before);
}

#[tokio::test]
async fn functions_that_find_a_token_ending_refresh_it_once_and_all_get_in() {
    let admin = Admin::of_connected_workspace().await;
    admin.token_is_about_to_end().await;
    let before = admin.token_requests().await;
    assert_eq!(accesses_at_once(&admin, 8).await, 8);
    assert_eq!(admin.token_requests().await, before + 1);
}

#[tokio::test]
async fn a_token_that_died_before_its_time_is_replaced() {
    let admin = Admin::of_connected_workspace().await;
    admin
        .order(Method::POST, "/revoke", json!({"access_tokens_only": true}))
        .await;
    let before = admin.token_requests().await;
    assert_eq!(accesses_at_once(&admin, 1).await, 1);
    assert_eq!(admin.token_requests().await, before + 1);
}

#[tokio::test]
async fn a_refused_refresh_asks_for_a_new_link_and_mails_the_admins_once() {
    let admin = Admin::of_connected_workspace().await;
    admin.token_is_about_to_end().await;
    admin.order(Method::POST, "/revoke", json!({})).await;
    assert_eq!(accesses_at_once(&admin, 4).await, 0);
    let again = company_name(&admin.connections, &admin.id).await;
    assert!(matches!(
        again,
        Err(SessionError::Token(TokenError::Refused))
    ));
    assert_eq!(
        admin.connection().await.state,
        ConnectionState::ReconnectNeeded
    );
    let mails = admin.env.store.waiting_mails(&admin.id).await.unwrap();
    assert_eq!(mails.len(), 1);
    assert!(mails[0].starts_with("relink-needed#"));
    let (queue, message) = admin.env.services.take_message().unwrap();
    assert_eq!(queue, "mail");
    assert!(message.contains(&mails[0]));
}

/// Returns a time at which the token lock of a slow function has expired.
fn two_minutes_later() -> Timestamp {
    testkit::now() + SignedDuration::from_mins(2)
}

#[tokio::test]
async fn a_function_that_lost_its_lock_does_not_store_over_the_tokens_of_a_new_link() {
    let admin = Admin::of_connected_workspace().await;
    admin.token_is_about_to_end().await;
    // The function has new tokens and is about to check that it still holds the token lock.
    let held = admin.env.proxy.hold_operation("UpdateItem", 0);
    let slow = in_a_new_process(&admin.env);
    let mut slow = Box::pin(company_name(&slow, &admin.id));
    tokio::select! {
        _ = &mut slow => panic!("it was to be held"),
        () = admin.env.proxy.held() => {}
    }
    testkit::advance(SignedDuration::from_mins(2));
    admin.connects(AOZORA_ADMIN).await;
    let (secrets, tenant) = (admin.env.secrets(), aozora());
    let stored = async || {
        let tokens = secrets.tokens(&admin.id, &tenant).await.unwrap().unwrap();
        tokens.refresh_token.expose_secret().to_owned()
    };
    let of_the_link = stored().await;
    held.release();
    assert!(slow.await.is_ok());
    assert_eq!(stored().await, of_the_link);
}

#[tokio::test]
async fn a_function_that_is_slow_with_rotated_tokens_costs_nobody_the_link() {
    let admin = Admin::of_connected_workspace().await;
    admin.token_is_about_to_end().await;
    // SmartHR has rotated the refresh token, and the function is about to store the new tokens.
    let held = admin.env.proxy.hold_operation("PutSecretValue", 0);
    let slow = in_a_new_process(&admin.env);
    let mut slow = Box::pin(company_name(&slow, &admin.id));
    tokio::select! {
        _ = &mut slow => panic!("it was to be held"),
        () = admin.env.proxy.held() => {}
    }
    // The token lock has expired, and SmartHR refuses the stored refresh token to another function.
    let other = Connections {
        clock: two_minutes_later,
        ..in_a_new_process(&admin.env)
    };
    let meanwhile = company_name(&other, &admin.id).await;
    assert!(matches!(
        meanwhile,
        Err(SessionError::Token(TokenError::Unavailable))
    ));
    assert_eq!(admin.connection().await.state, ConnectionState::Connected);

    held.release();
    assert!(slow.await.is_ok());
    assert_eq!(accesses_at_once(&admin, 2).await, 2);
}

#[tokio::test]
async fn rotated_tokens_are_stored_also_when_dynamodb_does_not_tell_whose_the_lock_is() {
    let admin = Admin::of_connected_workspace().await;
    admin.token_is_about_to_end().await;
    // The old refresh token is already invalid: without the new one the connection would break.
    let refusal = Fault::Refused(400, "AccessDeniedException");
    admin.env.proxy.inject("UpdateItem", 0, 1, refusal);
    let function = in_a_new_process(&admin.env);
    assert!(company_name(&function, &admin.id).await.is_ok());

    admin.token_is_about_to_end().await;
    assert_eq!(accesses_at_once(&admin, 1).await, 1);
    assert_eq!(admin.connection().await.state, ConnectionState::Connected);
}

#[tokio::test]
async fn a_function_that_is_overtaken_before_it_refreshes_uses_the_newer_tokens() {
    let admin = Admin::of_connected_workspace().await;
    admin.token_is_about_to_end().await;
    // The token request has not reached SmartHR yet.
    let held = admin.env.proxy.hold_operation("POST /oauth/token", 0);
    let slow = in_a_new_process(&admin.env);
    let mut slow = Box::pin(company_name(&slow, &admin.id));
    tokio::select! {
        _ = &mut slow => panic!("it was to be held"),
        () = admin.env.proxy.held() => {}
    }
    let other = Connections {
        clock: two_minutes_later,
        ..in_a_new_process(&admin.env)
    };
    assert!(company_name(&other, &admin.id).await.is_ok());
    held.release();
    // SmartHR refuses the refresh token that the other function used, so the slow one reads the
    // newer tokens.
    assert!(slow.await.is_ok());
    assert_eq!(admin.connection().await.state, ConnectionState::Connected);
    assert_eq!(accesses_at_once(&admin, 2).await, 2);
}

#[tokio::test]
async fn a_smarthr_that_is_down_costs_nobody_the_link() {
    let admin = Admin::of_connected_workspace().await;
    admin.token_is_about_to_end().await;
    admin.smarthr_breaks_down().await;
    let in_a_second = Instant::now() + Duration::from_secs(1);
    let access = company_name_until(&admin.connections, &admin.id, in_a_second).await;
    assert!(matches!(
        access,
        Err(SessionError::Token(TokenError::Unavailable))
    ));
    assert_eq!(admin.connection().await.state, ConnectionState::Connected);
    assert!(
        admin
            .env
            .store
            .waiting_mails(&admin.id)
            .await
            .unwrap()
            .is_empty()
    );
    admin.smarthr_recovers().await;
    assert_eq!(accesses_at_once(&admin, 1).await, 1);
}
