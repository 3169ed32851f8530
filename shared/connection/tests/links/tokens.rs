//! Tokens that end, are used by many at once, or are refused.

use std::time::Duration;

use connection::{Connections, TokenError};
use domain::ConnectionState;
use jiff::{SignedDuration, Timestamp};
use reqwest::Method;
use secrecy::ExposeSecret;
use serde_json::json;
use testkit::Mishap;
use tokio::time::Instant;

use crate::admin::{AOZORA_ADMIN, Admin, aozora, in_a_new_process, soon};

/// That many functions ask for access at the same moment; gives how many got it.
async fn accesses_at_once(admin: &Admin, functions: usize) -> usize {
    let asked: Vec<_> = (0..functions)
        .map(|_| {
            let (connections, id) = (in_a_new_process(&admin.env), admin.id.clone());
            tokio::spawn(async move {
                let session = connections
                    .session_for(&id, &aozora(), false, soon())
                    .await
                    .ok()?;
                session.company_name(soon()).await.ok()
            })
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
    let admin = Admin::of_linked_workspace().await;
    let before = admin.token_requests().await;
    assert_eq!(accesses_at_once(&admin, 3).await, 3);
    assert_eq!(admin.token_requests().await, before);
}

#[tokio::test]
async fn functions_that_find_a_token_ending_refresh_it_once_and_all_get_in() {
    let admin = Admin::of_linked_workspace().await;
    admin.token_is_about_to_end().await;
    let before = admin.token_requests().await;
    assert_eq!(accesses_at_once(&admin, 8).await, 8);
    assert_eq!(admin.token_requests().await, before + 1);
}

#[tokio::test]
async fn a_token_that_died_before_its_time_is_replaced_when_asked() {
    let admin = Admin::of_linked_workspace().await;
    admin
        .order(Method::POST, "/revoke", json!({"access_tokens_only": true}))
        .await;
    let dead = admin
        .connections
        .session_for(&admin.id, &aozora(), false, soon())
        .await;
    assert!(dead.unwrap().company_name(soon()).await.is_err());
    let fresh = admin
        .connections
        .session_for(&admin.id, &aozora(), true, soon())
        .await;
    assert!(fresh.unwrap().company_name(soon()).await.is_ok());
}

#[tokio::test]
async fn a_refused_refresh_asks_for_a_new_link_and_mails_the_admins_once() {
    let admin = Admin::of_linked_workspace().await;
    admin.token_is_about_to_end().await;
    admin.order(Method::POST, "/revoke", json!({})).await;
    assert_eq!(accesses_at_once(&admin, 4).await, 0);
    let again = admin
        .connections
        .session_for(&admin.id, &aozora(), false, soon())
        .await;
    assert!(matches!(again, Err(TokenError::Refused)));
    assert_eq!(admin.link().await.state, ConnectionState::ReconnectNeeded);
    let mails = admin.env.store.waiting_mails(&admin.id).await.unwrap();
    assert_eq!(mails.len(), 1);
    assert!(mails[0].starts_with("relink-needed#"));
    let (queue, message) = admin.env.services.take_message().unwrap();
    assert_eq!(queue, "mail");
    assert!(message.contains(&mails[0]));
}

/// When the lock of whoever is slow is over.
fn two_minutes_later() -> Timestamp {
    testkit::now() + SignedDuration::from_mins(2)
}

#[tokio::test]
async fn a_function_that_lost_its_lock_does_not_store_over_the_tokens_of_a_new_link() {
    let admin = Admin::of_linked_workspace().await;
    admin.token_is_about_to_end().await;
    // It has new tokens, and is about to make sure of its lock.
    let held = admin.env.tap.hold_operation("UpdateItem", 0);
    let slow = in_a_new_process(&admin.env);
    let company = aozora();
    let mut slow = Box::pin(slow.session_for(&admin.id, &company, false, soon()));
    tokio::select! {
        _ = &mut slow => panic!("it was to be held"),
        () = admin.env.tap.held() => {}
    }
    testkit::advance(SignedDuration::from_mins(2));
    admin.links(AOZORA_ADMIN).await;
    let (secrets, tenant) = (admin.env.secrets(), aozora());
    let stored = async || {
        let tokens = secrets.tokens(&admin.id, &tenant).await.unwrap().unwrap();
        tokens.refresh_token.expose_secret().to_owned()
    };
    let of_the_link = stored().await;
    held.release();
    assert!(slow.await.unwrap().company_name(soon()).await.is_ok());
    assert_eq!(stored().await, of_the_link);
}

#[tokio::test]
async fn a_function_that_is_slow_with_rotated_tokens_costs_nobody_the_link() {
    let admin = Admin::of_linked_workspace().await;
    admin.token_is_about_to_end().await;
    // SmartHR has rotated the refresh token; what it gave is about to be stored.
    let held = admin.env.tap.hold_operation("PutSecretValue", 0);
    let slow = in_a_new_process(&admin.env);
    let company = aozora();
    let mut slow = Box::pin(slow.session_for(&admin.id, &company, false, soon()));
    tokio::select! {
        _ = &mut slow => panic!("it was to be held"),
        () = admin.env.tap.held() => {}
    }
    // Its lock has run out, and to somebody else SmartHR refuses what is still stored.
    let other = Connections {
        clock: two_minutes_later,
        ..in_a_new_process(&admin.env)
    };
    let meanwhile = other.session_for(&admin.id, &aozora(), false, soon()).await;
    assert!(matches!(meanwhile, Err(TokenError::Unavailable)));
    assert_eq!(admin.link().await.state, ConnectionState::Connected);

    held.release();
    assert!(slow.await.unwrap().company_name(soon()).await.is_ok());
    assert_eq!(accesses_at_once(&admin, 2).await, 2);
}

#[tokio::test]
async fn rotated_tokens_are_stored_also_when_dynamodb_does_not_tell_whose_the_lock_is() {
    let admin = Admin::of_linked_workspace().await;
    admin.token_is_about_to_end().await;
    // The old refresh token is dead by now: without the new one the link would be lost.
    let refusal = Mishap::Refused(400, "AccessDeniedException");
    admin.env.tap.order("UpdateItem", 0, 1, refusal);
    let function = in_a_new_process(&admin.env);
    let access = function
        .session_for(&admin.id, &aozora(), false, soon())
        .await
        .unwrap();
    assert!(access.company_name(soon()).await.is_ok());

    admin.token_is_about_to_end().await;
    assert_eq!(accesses_at_once(&admin, 1).await, 1);
    assert_eq!(admin.link().await.state, ConnectionState::Connected);
}

#[tokio::test]
async fn a_function_that_is_overtaken_before_it_refreshes_uses_the_newer_tokens() {
    let admin = Admin::of_linked_workspace().await;
    admin.token_is_about_to_end().await;
    // It has not reached SmartHR yet.
    let held = admin.env.tap.hold_operation("POST /oauth/token", 0);
    let slow = in_a_new_process(&admin.env);
    let company = aozora();
    let mut slow = Box::pin(slow.session_for(&admin.id, &company, false, soon()));
    tokio::select! {
        _ = &mut slow => panic!("it was to be held"),
        () = admin.env.tap.held() => {}
    }
    let other = Connections {
        clock: two_minutes_later,
        ..in_a_new_process(&admin.env)
    };
    let faster = other
        .session_for(&admin.id, &aozora(), false, soon())
        .await
        .unwrap();
    held.release();
    // SmartHR refuses it the token that was used meanwhile, and it takes the newer ones.
    assert!(slow.await.unwrap().company_name(soon()).await.is_ok());
    assert!(faster.company_name(soon()).await.is_ok());
    assert_eq!(admin.link().await.state, ConnectionState::Connected);
    assert_eq!(accesses_at_once(&admin, 2).await, 2);
}

#[tokio::test]
async fn a_smarthr_that_is_down_costs_nobody_the_link() {
    let admin = Admin::of_linked_workspace().await;
    admin.token_is_about_to_end().await;
    admin.smarthr_breaks_down().await;
    let in_a_second = Instant::now() + Duration::from_secs(1);
    let company = aozora();
    let access = admin
        .connections
        .session_for(&admin.id, &company, false, in_a_second);
    assert!(matches!(access.await, Err(TokenError::Unavailable)));
    assert_eq!(admin.link().await.state, ConnectionState::Connected);
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
