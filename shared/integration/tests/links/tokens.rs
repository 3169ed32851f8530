//! Tokens that end, are used by many at once, or are refused.

use std::time::Duration;

use aws::integrations::IntegrationState;
use integration::AccessError;
use reqwest::Method;
use serde_json::json;
use tokio::time::Instant;

use crate::admin::{Admin, in_a_new_process, soon};

/// That many functions ask for access at the same moment; gives how many got it.
async fn accesses_at_once(admin: &Admin, functions: usize) -> usize {
    let asked: Vec<_> = (0..functions)
        .map(|_| {
            let (integrations, id) = (in_a_new_process(&admin.world), admin.id.clone());
            tokio::spawn(async move {
                let session = integrations.access(&id, false, soon()).await.ok()?;
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
    let dead = admin.integrations.access(&admin.id, false, soon()).await;
    assert!(dead.unwrap().company_name(soon()).await.is_err());
    let fresh = admin.integrations.access(&admin.id, true, soon()).await;
    assert!(fresh.unwrap().company_name(soon()).await.is_ok());
}

#[tokio::test]
async fn a_refused_refresh_asks_for_a_new_link_and_mails_the_admins_once() {
    let admin = Admin::of_linked_workspace().await;
    admin.token_is_about_to_end().await;
    admin.order(Method::POST, "/revoke", json!({})).await;
    assert_eq!(accesses_at_once(&admin, 4).await, 0);
    let again = admin.integrations.access(&admin.id, false, soon()).await;
    assert!(matches!(again, Err(AccessError::Refused)));
    assert_eq!(admin.link().await.state, IntegrationState::RelinkNeeded);
    let mails = admin.world.store.waiting_mails(&admin.id).await.unwrap();
    assert_eq!(mails.len(), 1);
    assert!(mails[0].starts_with("relink-needed#"));
    let (queue, message) = admin.world.services.take_message().unwrap();
    assert_eq!(queue, "mail");
    assert!(message.contains(&mails[0]));
}

#[tokio::test]
async fn a_smarthr_that_is_down_costs_nobody_the_link() {
    let admin = Admin::of_linked_workspace().await;
    admin.token_is_about_to_end().await;
    admin.smarthr_breaks_down().await;
    let in_a_second = Instant::now() + Duration::from_secs(1);
    let access = admin.integrations.access(&admin.id, false, in_a_second);
    assert!(matches!(access.await, Err(AccessError::Unavailable)));
    assert_eq!(admin.link().await.state, IntegrationState::Linked);
    assert!(
        admin
            .world
            .store
            .waiting_mails(&admin.id)
            .await
            .unwrap()
            .is_empty()
    );
    admin.smarthr_recovers().await;
    assert_eq!(accesses_at_once(&admin, 1).await, 1);
}
