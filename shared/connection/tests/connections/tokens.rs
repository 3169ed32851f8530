//! Tokens that expire, are used concurrently, or are refused.

use std::time::Duration;

use connection::{Connections, SessionError, TokenError};
use domain::ConnectionState;
use jiff::{SignedDuration, Timestamp};
use secrecy::ExposeSecret;
use serde_json::json;
use smarthr::{Client, Endpoints, SmartHrError, Tuning};
use testkit::{Fault, HeldCall};
use tokio::time::Instant;

use crate::admin::{
    AOZORA_ADMIN, Admin, aozora, company_name, company_name_until, in_a_new_process,
    in_nine_seconds,
};

/// What a function gets that reads the company's name from SmartHR.
type Access = Result<Option<String>, SessionError<SmartHrError>>;

/// Lets `functions` processes read from SmartHR at the same moment, and returns how many succeeded.
async fn accesses_at_once(admin: &Admin, functions: usize) -> usize {
    let accesses: Vec<_> = (0..functions)
        .map(|_| {
            let (connections, id) = (in_a_new_process(&admin.env), admin.id.clone());
            tokio::spawn(async move { company_name(&connections, &id).await.ok() })
        })
        .collect();
    let mut working = 0;
    for access in accesses {
        working += usize::from(access.await.unwrap().is_some());
    }
    working
}

async fn with_token_about_to_end() -> Admin {
    let admin = Admin::of_connected_workspace().await;
    admin.token_is_about_to_end().await;
    admin
}

/// Holds the refresh of a slow function at a call. Returns the call, and the access that the
/// function gets in the end.
async fn slow_refresh<'a>(
    admin: &'a Admin,
    operation: &str,
) -> (HeldCall, impl Future<Output = Access> + use<'a>) {
    let held = admin.env.proxy.hold_operation(operation, 0);
    let slow = in_a_new_process(&admin.env);
    let mut access = Box::pin(async move { company_name(&slow, &admin.id).await });
    admin.env.proxy.until_held(&mut access).await;
    (held, access)
}

/// Reads from SmartHR in another function, for which the token lock of the slow one has expired.
async fn access_two_minutes_later(admin: &Admin) -> Access {
    fn two_minutes_later() -> Timestamp {
        testkit::now() + SignedDuration::from_mins(2)
    }
    let other = Connections {
        clock: two_minutes_later,
        ..in_a_new_process(&admin.env)
    };
    company_name(&other, &admin.id).await
}

fn is_unavailable(access: &Access) -> bool {
    matches!(access, Err(SessionError::Token(TokenError::Unavailable)))
}

#[tokio::test]
async fn a_living_token_is_used_without_asking_for_another() {
    let admin = Admin::of_connected_workspace().await;
    assert_eq!(accesses_at_once(&admin, 3).await, 3);
    assert_eq!(admin.token_requests(), 0);
}

#[tokio::test]
async fn functions_that_find_a_token_ending_refresh_it_once_and_all_get_in() {
    let admin = with_token_about_to_end().await;
    assert_eq!(accesses_at_once(&admin, 8).await, 8);
    assert_eq!(admin.token_requests(), 1);
}

#[tokio::test]
async fn a_token_that_died_before_its_time_is_replaced() {
    let admin = Admin::of_connected_workspace().await;
    admin.env.revoke_access_tokens().await;
    assert_eq!(accesses_at_once(&admin, 1).await, 1);
    assert_eq!(admin.token_requests(), 1);
}

#[tokio::test]
async fn a_refused_refresh_asks_to_connect_again_and_mails_the_admins_once() {
    let admin = with_token_about_to_end().await;
    admin.env.revoke_tokens().await;
    assert_eq!(accesses_at_once(&admin, 4).await, 0);
    let again = company_name(&admin.connections, &admin.id).await;
    let refused = matches!(again, Err(SessionError::Token(TokenError::Refused)));
    assert!(refused, "{again:?}");
    assert_eq!(admin.state().await, ConnectionState::ReconnectNeeded);
    let mails = admin.env.waiting_mails().await;
    assert_eq!(mails.len(), 1);
    assert!(mails[0].starts_with("relink-needed#"));
    let (queue, message) = admin.env.services.take_message().unwrap();
    assert_eq!(queue, "mail");
    assert!(message.contains(&mails[0]));
}

#[tokio::test]
async fn a_function_that_lost_its_lock_does_not_store_over_the_tokens_of_a_new_connection() {
    let admin = with_token_about_to_end().await;
    // The function has new tokens and is about to check that it still holds the token lock.
    let (held, access) = slow_refresh(&admin, "UpdateItem").await;
    testkit::advance(SignedDuration::from_mins(2));
    admin.connects(AOZORA_ADMIN).await;
    let (secrets, tenant) = (admin.env.secrets(), aozora());
    let stored = async || {
        let tokens = secrets.tokens(&admin.id, &tenant).await.unwrap().unwrap();
        tokens.refresh_token.expose_secret().to_owned()
    };
    let of_the_new_connection = stored().await;
    held.release();
    access.await.unwrap();
    assert_eq!(stored().await, of_the_new_connection);
}

#[tokio::test]
async fn a_function_that_is_slow_with_rotated_tokens_costs_nobody_the_connection() {
    let admin = with_token_about_to_end().await;
    // SmartHR has rotated the refresh token, and the function is about to store the new tokens.
    let (held, access) = slow_refresh(&admin, "PutSecretValue").await;
    // SmartHR refuses the stored refresh token to another function.
    let other = access_two_minutes_later(&admin).await;
    assert!(is_unavailable(&other), "{other:?}");
    assert_eq!(admin.state().await, ConnectionState::Connected);

    held.release();
    access.await.unwrap();
    assert_eq!(accesses_at_once(&admin, 2).await, 2);
}

#[tokio::test]
async fn rotated_tokens_are_stored_also_when_dynamodb_does_not_say_whose_the_lock_is() {
    let admin = with_token_about_to_end().await;
    // The old refresh token is already invalid: without the new one the connection would break.
    let refusal = Fault::Refused(400, "AccessDeniedException");
    admin.env.proxy.inject("UpdateItem", 0, 1, refusal);
    assert_eq!(accesses_at_once(&admin, 1).await, 1);

    admin.token_is_about_to_end().await;
    assert_eq!(accesses_at_once(&admin, 1).await, 1);
    assert_eq!(admin.state().await, ConnectionState::Connected);
}

#[tokio::test]
async fn a_function_that_is_overtaken_before_it_refreshes_uses_the_newer_tokens() {
    let admin = with_token_about_to_end().await;
    // The token request has not reached SmartHR yet.
    let (held, access) = slow_refresh(&admin, "POST /oauth/token").await;
    access_two_minutes_later(&admin).await.unwrap();
    held.release();
    // SmartHR refuses the refresh token that the other function used, so the slow one reads the
    // newer tokens.
    access.await.unwrap();
    assert_eq!(admin.state().await, ConnectionState::Connected);
    assert_eq!(accesses_at_once(&admin, 2).await, 2);
}

#[tokio::test]
async fn a_token_is_not_refreshed_when_the_function_might_end_before_it_is_stored() {
    let admin = with_token_about_to_end().await;
    let soon_over = Instant::now() + Duration::from_secs(7);
    let access = company_name_until(&admin.connections, &admin.id, soon_over).await;
    assert!(is_unavailable(&access), "{access:?}");
    assert_eq!(admin.token_requests(), 0);
    assert_eq!(admin.state().await, ConnectionState::Connected);
    assert_eq!(accesses_at_once(&admin, 1).await, 1, "the next request");
    assert_eq!(admin.token_requests(), 1);
}

#[tokio::test]
async fn a_smarthr_that_is_down_costs_nobody_the_connection() {
    let admin = with_token_about_to_end().await;
    admin.smarthr_breaks_down().await;
    let access = company_name_until(&admin.connections, &admin.id, in_nine_seconds()).await;
    assert!(is_unavailable(&access), "{access:?}");
    assert_eq!(admin.state().await, ConnectionState::Connected);
    assert_eq!(admin.env.waiting_mails().await, [""; 0]);
    admin.env.clear_smarthr_faults().await;
    assert_eq!(accesses_at_once(&admin, 1).await, 1);
}

#[tokio::test]
async fn a_company_that_renamed_its_subdomain_is_asked_at_the_new_address_only() {
    let admin = with_token_about_to_end().await;
    let proxy = admin.env.smarthr_proxy_url();
    let endpoints = Endpoints {
        api_base: format!("{proxy}/{{subdomain}}"),
        oauth_base: format!("{proxy}/oauth"),
    };
    let connections = Connections {
        smarthr: Client::new(endpoints, Tuning::default(), || 0.0).unwrap(),
        ..in_a_new_process(&admin.env)
    };
    let renamed = json!({ "access_token": "a", "refresh_token": "b", "subdomain": "aozora-new" });
    let companies = json!([{ "id": "1", "name": "あおぞら商事" }]);
    for (path, body) in [("/oauth/token", renamed), ("/aozora-new/", companies)] {
        let answer = json!({ "path": path, "status": 200, "body": body });
        admin.env.smarthr_fault(answer).await;
    }
    // The second time the stored token still lives.
    for _ in 0..2 {
        let name = company_name(&connections, &admin.id).await.unwrap();
        assert_eq!(name.as_deref(), Some("あおぞら商事"));
    }
    assert_eq!(admin.token_requests(), 1);
}
