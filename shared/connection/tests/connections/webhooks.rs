//! Our webhook in SmartHR: registered with the connection, looked after by the nights, and deleted with the connection.

use connection::Connections;
use credentials::TokenHash;
use domain::{Connection, Webhook, WebhookIds, WorkspaceId};
use reqwest::Method;
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};
use testkit::{Fault, TestEnv};

use crate::admin::{
    AOZORA, AOZORA_ADMIN, Admin, MIDORI_ADMIN, in_a_new_process, in_a_second, soon,
};

const WEBHOOKS: &str = "/api/v1/webhooks";

/// Returns the ids of the webhook that the connection knows.
async fn known(admin: &Admin) -> WebhookIds {
    match admin.connection().await.webhook {
        Some(Webhook::Registered(ids)) => ids,
        other => panic!("{other:?}"),
    }
}

/// Returns the ids of the company's webhooks at SmartHR.
async fn ids_in_smarthr(env: &TestEnv, subdomain: &str) -> Vec<String> {
    let webhooks = env.webhooks_in_smarthr(subdomain).await;
    let ids = webhooks.iter().map(|it| it["id"].as_str().unwrap());
    ids.map(str::to_owned).collect()
}

/// Returns how many registrations a workspace has.
pub(crate) async fn registrations(env: &TestEnv, id: &WorkspaceId) -> usize {
    let counts = env.store.count_workspace(id).await.unwrap();
    let found = counts.into_iter().find(|(table, _)| *table == "webhooks");
    found.unwrap().1
}

/// Checks that SmartHR has one webhook of the company and that its reports are accepted.
async fn assert_one_webhook(admin: &Admin, subdomain: &str) -> WebhookIds {
    let ids = known(admin).await;
    let found = ids_in_smarthr(&admin.env, subdomain).await;
    assert_eq!(found, std::slice::from_ref(&ids.webhook_id));
    assert_eq!(registrations(&admin.env, &admin.id).await, 1);
    let registration = admin.env.store.webhook_registration(&ids.path_id).await;
    assert_eq!(registration.unwrap().unwrap().workspace_id, admin.id);
    ids
}

/// Changes a webhook as somebody at SmartHR does, or SmartHR itself.
async fn at_smarthr(admin: &Admin, method: Method, id: &str, body: &Value) {
    let url = format!("{}{WEBHOOKS}/{id}", admin.env.smarthr_url());
    let token = admin.env.new_tokens().await.access_token;
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let request = http.request(method, url).json(body);
    let answer = request.bearer_auth(token.expose_secret()).send().await;
    assert!(answer.unwrap().status().is_success());
}

/// Lets SmartHR disable a webhook, as it does after the last try.
async fn disable(admin: &Admin, id: &str) {
    let webhooks = admin.env.webhooks_in_smarthr("aozora").await;
    let mut body = webhooks.into_iter().find(|it| it["id"] == id).unwrap();
    body["disabled_at"] = json!("2026-11-23T03:00:00.000Z");
    at_smarthr(admin, Method::PATCH, id, &body).await;
}

/// Does what a night does about the webhook, in a session of its own.
pub(crate) async fn night_keeps_webhook(connections: &Connections, id: &WorkspaceId) -> bool {
    let connection = connections.store.connection(id).await.unwrap().unwrap();
    keep(connections, id, &connection).await
}

async fn keep(connections: &Connections, id: &WorkspaceId, connection: &Connection) -> bool {
    let kept = connections.with_session(id, connection, soon(), |session| async move {
        let kept = connections.ensure_webhook(id, connection, &session, soon());
        Ok::<_, smarthr::SmartHrError>(kept.await)
    });
    kept.await.unwrap()
}

#[tokio::test]
async fn connecting_registers_one_webhook_for_people_with_an_address_that_names_no_workspace() {
    let mut admin = Admin::of_connected_workspace().await;
    admin.moves_to_new_workspace().await;
    admin.connects(AOZORA_ADMIN).await;
    let ids = assert_one_webhook(&admin, "aozora").await;
    assert!(ids.path_id.len() >= 43 && !ids.path_id.contains(admin.id.as_str()));
    let webhook = admin.env.webhooks_in_smarthr("aozora").await.remove(0);
    let address = format!("http://localhost/webhooks/smarthr/{}", ids.path_id);
    assert_eq!(webhook["url"], address);
    assert_eq!(webhook["expose_only_id"], true);
    for event in ["created", "updated", "deleted", "imported"] {
        assert_eq!(webhook[format!("crew_{event}")], true);
        assert_eq!(webhook[format!("dependent_{event}")], false);
    }
}

#[tokio::test]
async fn only_the_hash_of_the_secret_that_smarthr_sends_is_stored() {
    let admin = Admin::of_connected_workspace().await;
    admin.connects(AOZORA_ADMIN).await;
    let ids = known(&admin).await;
    let people = json!([{"emp_code": "1", "last_name": "青空", "first_name": "一"}]);
    admin.env.set_crews(people.as_array().unwrap()).await;
    let reports = admin.env.take_smarthr_reports().await;
    let secret: SecretString = reports[0]["secret"].as_str().unwrap().into();
    assert_eq!(secret.expose_secret().len(), 43, "256 bits");
    let registration = admin.env.store.webhook_registration(&ids.path_id).await;
    let registration = registration.unwrap().unwrap();
    assert_eq!(registration.secret_hash, TokenHash::of(&secret).as_str());
    assert_eq!(registration.tenant_id.as_str(), AOZORA);
}

#[tokio::test]
async fn connecting_again_keeps_the_webhook() {
    let admin = Admin::of_connected_workspace().await;
    admin.connects(AOZORA_ADMIN).await;
    let before = assert_one_webhook(&admin, "aozora").await;
    admin.connects(AOZORA_ADMIN).await;
    assert_eq!(assert_one_webhook(&admin, "aozora").await, before);
}

#[tokio::test]
async fn the_first_night_of_a_connection_that_exists_registers_one_and_later_ones_leave_it() {
    let admin = Admin::of_connected_workspace().await;
    assert_eq!(admin.connection().await.webhook, None);
    admin.env.nightly_run().await;
    let first = assert_one_webhook(&admin, "aozora").await;
    testkit::advance(jiff::SignedDuration::from_hours(24));
    let run = admin.env.nightly_run().await;
    assert!(!run.webhook_enabled_again);
    assert_eq!(assert_one_webhook(&admin, "aozora").await, first);
}

#[tokio::test]
async fn a_night_enables_a_webhook_that_smarthr_disabled_and_its_entry_says_so() {
    let admin = Admin::of_connected_workspace().await;
    admin.connects(AOZORA_ADMIN).await;
    let ids = known(&admin).await;
    disable(&admin, &ids.webhook_id).await;
    let run = admin.env.nightly_run().await;
    assert!(run.webhook_enabled_again);
    let webhooks = admin.env.webhooks_in_smarthr("aozora").await;
    assert_eq!(webhooks[0]["disabled_at"], Value::Null);
    let now = assert_one_webhook(&admin, "aozora").await;
    assert_eq!((now.path_id, now.webhook_id), (ids.path_id, ids.webhook_id));

    testkit::advance(jiff::SignedDuration::from_hours(24));
    let run = admin.env.nightly_run().await;
    assert!(!run.webhook_enabled_again);
}

#[tokio::test]
async fn a_webhook_that_somebody_deleted_or_whose_secret_we_lost_is_registered_again() {
    let admin = Admin::of_connected_workspace().await;
    admin.connects(AOZORA_ADMIN).await;
    let first = known(&admin).await;
    at_smarthr(&admin, Method::DELETE, &first.webhook_id, &Value::Null).await;
    assert!(!night_keeps_webhook(&admin.connections, &admin.id).await);
    let second = assert_one_webhook(&admin, "aozora").await;
    assert_ne!(second.path_id, first.path_id);

    let store = &admin.env.store;
    let lost = store.delete_webhook_registration(&second.path_id).await;
    lost.unwrap();
    disable(&admin, &second.webhook_id).await;
    assert!(!night_keeps_webhook(&admin.connections, &admin.id).await);
    let third = assert_one_webhook(&admin, "aozora").await;
    assert_ne!(third.path_id, second.path_id);
}

#[tokio::test]
async fn a_webhook_under_a_former_address_of_ours_is_replaced() {
    let admin = Admin::of_connected_workspace().await;
    admin.connects(AOZORA_ADMIN).await;
    let moved = Connections {
        public_base_url: "http://kitera.localhost".into(),
        ..in_a_new_process(&admin.env)
    };
    night_keeps_webhook(&moved, &admin.id).await;
    let ids = known(&admin).await;
    assert_eq!(registrations(&admin.env, &admin.id).await, 1);
    let webhooks = admin.env.webhooks_in_smarthr("aozora").await;
    assert_eq!(webhooks.len(), 1, "{webhooks:?}");
    let address = format!("http://kitera.localhost/webhooks/smarthr/{}", ids.path_id);
    assert_eq!(webhooks[0]["url"], address);
}

#[tokio::test]
async fn without_the_right_to_webhooks_connecting_and_the_nights_work_until_it_is_given() {
    let admin = Admin::of_connected_workspace().await;
    let forbidden = json!({"path": WEBHOOKS, "status": 403});
    admin.env.smarthr_fault(forbidden).await;
    admin.connects(AOZORA_ADMIN).await;
    assert_eq!(admin.connection().await.webhook, Some(Webhook::Forbidden));
    let run = admin.env.nightly_run().await;
    assert_eq!(run.failure, None);
    assert_eq!(admin.connection().await.webhook, Some(Webhook::Forbidden));
    assert_eq!(registrations(&admin.env, &admin.id).await, 0);

    admin.env.clear_smarthr_faults().await;
    night_keeps_webhook(&admin.connections, &admin.id).await;
    let ids = assert_one_webhook(&admin, "aozora").await;

    // Taken away again: SmartHR may still report, and is refused.
    let forbidden = json!({"path": WEBHOOKS, "status": 403});
    admin.env.smarthr_fault(forbidden).await;
    night_keeps_webhook(&admin.connections, &admin.id).await;
    assert_eq!(admin.connection().await.webhook, Some(Webhook::Forbidden));
    let registration = admin.env.store.webhook_registration(&ids.path_id).await;
    assert_eq!(registration.unwrap(), None);
}

#[tokio::test]
async fn nothing_about_webhooks_fails_a_night() {
    let admin = Admin::of_connected_workspace().await;
    let people = json!([{"emp_code": "1", "last_name": "青空", "first_name": "一"}]);
    admin.env.set_crews(people.as_array().unwrap()).await;
    let refused = json!({"path": WEBHOOKS, "status": 400});
    admin.env.smarthr_fault(refused).await;
    let run = admin.env.nightly_run().await;
    assert_eq!((run.failure, run.counts.registered), (None, 1));
    admin.env.clear_smarthr_faults().await;

    // SmartHR registers it, and its answer is lost.
    let lost = json!({"path": WEBHOOKS, "method": "POST", "count": 1, "cut": true});
    admin.env.smarthr_fault(lost).await;
    testkit::advance(jiff::SignedDuration::from_hours(24));
    let run = admin.env.nightly_run().await;
    assert_eq!(run.failure, None);
    assert_eq!(ids_in_smarthr(&admin.env, "aozora").await.len(), 1);
    let webhook = admin.connection().await.webhook;
    assert!(matches!(webhook, Some(Webhook::BeingRegistered { .. })));

    testkit::advance(jiff::SignedDuration::from_hours(24));
    admin.env.nightly_run().await;
    assert_one_webhook(&admin, "aozora").await;
}

#[tokio::test]
async fn smarthr_that_is_down_holds_nobody_for_long() {
    let admin = Admin::of_connected_workspace().await;
    let down = json!({"path": WEBHOOKS, "status": 503});
    admin.env.smarthr_fault(down).await;
    let (connections, id) = (&admin.connections, &admin.id);
    let connection = &admin.connection().await;
    let kept = connections.with_session(id, connection, soon(), |session| async move {
        let kept = connections.ensure_webhook(id, connection, &session, in_a_second());
        Ok::<_, smarthr::SmartHrError>(kept.await)
    });
    assert!(!kept.await.unwrap());
    assert_eq!(admin.connection().await.webhook, None);
}

#[tokio::test]
async fn a_switched_off_immediate_sync_asks_smarthr_for_nothing() {
    let admin = Admin::of_connected_workspace().await;
    let off = admin.saves_with(|settings| settings.immediate = false);
    off.await.unwrap();
    admin.env.nightly_run().await;
    assert_eq!(admin.connection().await.webhook, None);
    assert_eq!(ids_in_smarthr(&admin.env, "aozora").await, [""; 0]);
}

#[tokio::test]
async fn a_disconnect_deletes_the_webhook_and_refuses_what_it_still_reports() {
    let admin = Admin::of_connected_workspace().await;
    admin.connects(AOZORA_ADMIN).await;
    admin.disconnects(soon()).await;
    assert_eq!(admin.connection().await.webhook, None);
    assert_eq!(ids_in_smarthr(&admin.env, "aozora").await, [""; 0]);
    assert_eq!(registrations(&admin.env, &admin.id).await, 0);
}

#[tokio::test]
async fn a_disconnect_finds_a_webhook_whose_registration_was_not_answered() {
    let admin = Admin::of_connected_workspace().await;
    let lost = Fault::AnswerLost;
    admin.env.proxy.inject("POST /api/v1/webhooks", 0, 1, lost);
    admin.connects(AOZORA_ADMIN).await;
    assert_eq!(ids_in_smarthr(&admin.env, "aozora").await.len(), 1);
    admin.disconnects(soon()).await;
    assert_eq!(ids_in_smarthr(&admin.env, "aozora").await, [""; 0]);
    assert_eq!(registrations(&admin.env, &admin.id).await, 0);
}

#[tokio::test]
async fn a_disconnect_of_a_company_that_refuses_us_refuses_its_reports_too() {
    let admin = Admin::of_connected_workspace().await;
    admin.connects(AOZORA_ADMIN).await;
    admin.env.revoke_tokens().await;
    admin.disconnects(soon()).await;
    assert_eq!(admin.connection().await.webhook, None);
    assert_eq!(registrations(&admin.env, &admin.id).await, 0);
}

#[tokio::test]
async fn two_workspaces_of_one_company_have_a_webhook_each() {
    let mut admin = Admin::of_connected_workspace().await;
    let first = admin.id.clone();
    admin.connects(AOZORA_ADMIN).await;
    admin.moves_to_new_workspace().await;
    admin.connects(AOZORA_ADMIN).await;
    assert_eq!(ids_in_smarthr(&admin.env, "aozora").await.len(), 2);
    for id in [&first, &admin.id] {
        assert_eq!(registrations(&admin.env, id).await, 1);
        night_keeps_webhook(&admin.connections, id).await;
    }
    assert_eq!(ids_in_smarthr(&admin.env, "aozora").await.len(), 2);

    admin.disconnects(soon()).await;
    assert_eq!(ids_in_smarthr(&admin.env, "aozora").await.len(), 1);
    assert_eq!(registrations(&admin.env, &first).await, 1);
}

#[tokio::test]
async fn another_company_gets_a_webhook_and_the_one_that_is_left_loses_its_own() {
    let admin = Admin::of_connected_workspace().await;
    admin.connects(AOZORA_ADMIN).await;
    admin.connects(MIDORI_ADMIN).await;
    assert_one_webhook(&admin, "aozora").await;
    admin.confirms(true).await.unwrap();
    assert_one_webhook(&admin, "midori").await;
    assert_eq!(ids_in_smarthr(&admin.env, "aozora").await, [""; 0]);
}

#[tokio::test]
async fn a_function_that_another_one_overtook_takes_its_webhook_back() {
    let admin = Admin::of_connected_workspace().await;
    let stale = admin.connection().await;
    let slow = in_a_new_process(&admin.env);
    let held = admin.env.proxy.hold_operation("POST /api/v1/webhooks", 0);
    let registers = keep(&slow, &admin.id, &stale);
    let by = admin.author();
    let disconnects = async {
        admin.env.proxy.held().await;
        let done = admin.connections.disconnect(&admin.id, &by, soon()).await;
        done.unwrap();
        held.release();
    };
    tokio::join!(registers, disconnects);
    assert_eq!(admin.connection().await.webhook, None);
    assert_eq!(ids_in_smarthr(&admin.env, "aozora").await, [""; 0]);
    assert_eq!(registrations(&admin.env, &admin.id).await, 0);
}
