//! What one night answers to everybody, or one record of one person, changes nobody for good.

use domain::{ConnectionState, Role, RunFailure, RunOutcome};
use jiff::SignedDuration;
use secrecy::ExposeSecret;
use security::{PASSWORD_FIELDS, Product};
use serde_json::{Value, json};
use testkit::{TestEnv, advance, person};

use crate::case::{Case, case};

pub(crate) fn cases() -> Vec<Case> {
    vec![
        case(a_night_of_401_to_every_request_keeps_everybody_connected_and_the_next_one_works),
        case(a_refused_client_is_told_as_our_mistake_and_keeps_everybody_connected),
        case(a_user_of_a_status_that_this_version_does_not_know_fails_alone),
    ]
}

/// Lets a night pass in which SmartHR answers so, and one after it. Returns why the first one failed.
async fn night_of(path: &str, status: u16, body: Value) -> Option<RunFailure> {
    let env = TestEnv::new(20, None).await;
    env.set_crews(&[person(1)]).await;
    env.revoke_access_tokens().await;
    env.smarthr_fault(json!({ "path": path, "status": status, "body": body }))
        .await;
    // The night's retries end at six.
    testkit::advance_to_six();
    let failed = env.run_to_end(&env.manual_message()).await;
    assert_eq!(env.connection().await.state, ConnectionState::Connected);
    env.clear_smarthr_faults().await;
    advance(SignedDuration::from_hours(24));
    let run = env.nightly_run().await;
    assert_eq!((run.outcome, run.counts.invited), (RunOutcome::Success, 1));
    failed.failure
}

async fn a_night_of_401_to_every_request_keeps_everybody_connected_and_the_next_one_works() {
    let failure = night_of("/api/v1/crews", 401, Value::Null).await;
    assert_eq!(failure, Some(RunFailure::SmartHrDown));
}

async fn a_refused_client_is_told_as_our_mistake_and_keeps_everybody_connected() {
    let refused = json!({ "error": "invalid_client" });
    let failure = night_of("/oauth/token", 401, refused).await.unwrap();
    assert_eq!(failure, RunFailure::ClientRefused);
    assert!(failure.cause().contains("当社側の問題"));
}

async fn a_user_of_a_status_that_this_version_does_not_know_fails_alone() {
    let env = TestEnv::new(20, None).await;
    env.set_crews(&[person(1), person(2)]).await;
    env.nightly_run().await;
    let unreadable = env.users().await.remove(0);
    env.corrupt_user(unreadable.user_id.as_str(), "status")
        .await;
    env.set_crews(&[person(1), person(2), person(3)]).await;
    advance(SignedDuration::from_hours(24));
    let product = Product::of(env);
    let admin = product.sign_in_new("admin", Role::Administrator).await;
    let run = product.env.nightly_run().await;
    assert_eq!((run.counts.failed, run.counts.invited), (1, 1));
    let other = product.env.users().await;
    let other = other.iter().find(|user| user.name == "社員3").unwrap();
    let link = product.env.open_invitation(other).await;
    while let Some(message) = product.env.next_mail() {
        // The invitation of the unreadable person waits.
        let _waits = product.env.deliver(&message).await;
    }
    assert_eq!(
        product
            .env
            .mails_with("1名のユーザーを同期できませんでした"),
        1
    );
    let page = admin
        .get(&format!("/settings/smarthr/history/{}", run.run_id))
        .await;
    page.shows(&[&unreadable.name, "当社側の内部エラー"]);
    // The person's own way in waits with them, and nobody else's does.
    admin.get("/users").await.ok().shows(&["社員3"]);
    let path = format!("/invitations/{}", link.token().expose_secret());
    let registered = product.browser().form(&path, &PASSWORD_FIELDS).await;
    assert_eq!(registered.location(), "/welcome");
}
