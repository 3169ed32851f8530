//! Our webhook in SmartHR: registering, finding, enabling and deleting it.

use reqwest::Method;
use serde_json::{Value, json};
use smarthr::SmartHrError;
use smarthr_stand_in::Options;

use crate::connected::Connected;
use crate::in_time;

const ADDRESS: &str = "https://kitera.example/webhooks/smarthr/1";
const WEBHOOKS: &str = "/api/v1/webhooks";

async fn start() -> Connected {
    Connected::start_with(Options {
        rate_per_second: None,
        ..Options::default()
    })
    .await
}

async fn create(company: &Connected) -> String {
    let secret = "a-secret-of-ours".into();
    let session = &company.session;
    let created = session.create_webhook(ADDRESS, &secret, in_time()).await;
    created.unwrap().id
}

#[tokio::test]
async fn a_webhook_is_registered_for_people_by_id_only_and_only_we_may_change_it() {
    let company = start().await;
    let id = create(&company).await;
    let path = format!("{WEBHOOKS}/{id}");
    let shown = company.at_smarthr(Method::GET, &path, &Value::Null).await;
    for (attribute, value) in [
        ("url", json!(ADDRESS)),
        ("expose_only_id", json!(true)),
        ("access_type", json!("read_and_update_only_origin")),
        ("crew_created", json!(true)),
        ("crew_updated", json!(true)),
        ("crew_deleted", json!(true)),
        ("crew_imported", json!(true)),
        ("dependent_updated", json!(false)),
        ("disabled_at", Value::Null),
    ] {
        assert_eq!(shown[attribute], value, "{attribute}");
    }
    let found = company.session.webhook(&id, in_time()).await.unwrap();
    let found = found.unwrap();
    assert!(found.is_enabled());
    assert_eq!(company.session.webhooks(in_time()).await, Ok(vec![found]));
}

#[tokio::test]
async fn a_disabled_webhook_is_enabled_with_its_address_as_it_was() {
    let company = start().await;
    let id = create(&company).await;
    let path = format!("{WEBHOOKS}/{id}");
    let mut disabled = company.at_smarthr(Method::GET, &path, &Value::Null).await;
    disabled["disabled_at"] = json!("2026-11-23T03:00:00.000Z");
    company.at_smarthr(Method::PATCH, &path, &disabled).await;
    let found = company.session.webhook(&id, in_time()).await.unwrap();
    assert!(!found.unwrap().is_enabled());
    let enabled = company.session.enable_webhook(&id, in_time()).await;
    let enabled = enabled.unwrap();
    assert!(enabled.is_enabled());
    assert_eq!(enabled.url.as_deref(), Some(ADDRESS));
}

#[tokio::test]
async fn a_deleted_webhook_is_gone_and_may_be_deleted_again() {
    let company = start().await;
    let id = create(&company).await;
    for _ in 0..2 {
        let deleted = company.session.delete_webhook(&id, in_time()).await;
        assert_eq!(deleted, Ok(()));
    }
    assert_eq!(company.session.webhook(&id, in_time()).await, Ok(None));
    let enabled = company.session.enable_webhook(&id, in_time()).await;
    assert_eq!(enabled, Err(SmartHrError::NotFound));
}

#[tokio::test]
async fn without_the_right_to_webhooks_smarthr_forbids_them() {
    let company = start().await;
    company
        .fault(json!({"path": WEBHOOKS, "status": 403}))
        .await;
    let forbidden = SmartHrError::Forbidden { code: Some(3) };
    let session = &company.session;
    let listed = session.webhooks(in_time()).await;
    assert_eq!(listed, Err(forbidden.clone()));
    let secret = "a-secret-of-ours".into();
    let created = session.create_webhook(ADDRESS, &secret, in_time()).await;
    assert_eq!(created, Err(forbidden));
}
