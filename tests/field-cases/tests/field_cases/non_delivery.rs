//! Mails that do not arrive, told where somebody who can act looks.

use std::time::Duration;

use domain::Role;
use lambda::sqs_batch::SqsMessage;
use security::{Browser, Product};
use serde_json::{Value, json};
use testkit::{TestEnv, code_only, person};
use tokio::time::Instant;

use crate::case::{Case, case};

pub(crate) fn cases() -> Vec<Case> {
    vec![
        case(a_suppressed_address_is_not_told_as_somebody_who_reported_spam),
        case(a_mail_taken_out_of_the_spam_folder_is_no_complaint),
        case(a_mail_that_ses_took_and_rejected_is_told),
        case(an_address_that_no_longer_exists_is_told),
        case(initial_passwords_whose_mail_bounced_are_told_where_they_can_be_printed),
        case(an_old_mobile_address_with_odd_dots_gets_its_mail),
        case(an_address_that_ses_refuses_is_told),
    ]
}

/// Returns a product with somebody whom a run invited, and one who gets an initial password.
async fn invited() -> Product {
    let env = TestEnv::new(20, None).await;
    env.set_crews(&[person(1), code_only(2)]).await;
    env.nightly_run().await;
    Product::of(env)
}

async fn administrator(product: &Product) -> Browser<'_> {
    product
        .sign_in_new("admin", Role::SystemAdministrator)
        .await
}

/// Lets SES publish an event about a mail with these tags.
async fn publish(product: &Product, mut event: Value, mut tags: Value) {
    tags["workspace_id"] = json!([product.env.workspace.workspace_id]);
    event["mail"] = json!({ "timestamp": "2026-11-23T17:00:02.000Z", "tags": tags });
    let mut message = SqsMessage::default();
    message.message_id = Some("m".into());
    message.body = Some(event.to_string());
    let ends_at = Instant::now() + Duration::from_secs(30);
    let answer = mail_feedback::handle(&product.env.store, vec![message], ends_at).await;
    assert!(answer.batch_item_failures.is_empty());
}

/// Returns the page of the person whose invitation had this event.
async fn page_after(event: Value) -> String {
    let product = invited().await;
    let users = product.env.users().await;
    let user = users.iter().find(|user| user.invitation.is_some()).unwrap();
    let serial = user.serial.to_string();
    let tags = json!({ "user_id": [user.user_id], "serial": [serial] });
    publish(&product, event, tags).await;
    let admin = administrator(&product).await;
    admin.get(&format!("/users/{}", user.user_id)).await.text
}

async fn a_suppressed_address_is_not_told_as_somebody_who_reported_spam() {
    let kind = json!({ "complaintSubType": "OnAccountSuppressionList" });
    let page = page_after(json!({ "eventType": "Complaint", "complaint": kind })).await;
    assert!(
        page.contains("送信を停止しているメールアドレスです"),
        "{page}"
    );
    assert!(!page.contains("迷惑メール"), "{page}");
}

async fn a_mail_taken_out_of_the_spam_folder_is_no_complaint() {
    let kind = json!({ "complaintFeedbackType": "not-spam" });
    let page = page_after(json!({ "eventType": "Complaint", "complaint": kind })).await;
    assert!(!page.contains("招待メールが"), "{page}");
}

async fn a_mail_that_ses_took_and_rejected_is_told() {
    let event = json!({ "eventType": "Reject", "reject": { "reason": "Bad content" } });
    let page = page_after(event).await;
    assert!(page.contains("配信サービスに拒否されました"), "{page}");
}

async fn an_address_that_no_longer_exists_is_told() {
    let bounce = json!({ "bounceType": "Permanent", "bounceSubType": "NoEmail" });
    let page = page_after(json!({ "eventType": "Bounce", "bounce": bounce })).await;
    assert!(
        page.contains("宛先のメールアドレスが存在しません"),
        "{page}"
    );
}

async fn initial_passwords_whose_mail_bounced_are_told_where_they_can_be_printed() {
    let product = invited().await;
    let id = &product.env.workspace.workspace_id;
    let issues = product.env.store.password_issues(id, testkit::now()).await;
    let issue = issues.unwrap().remove(0).issue_id;
    let bounce = json!({ "bounceType": "Permanent", "bounceSubType": "General" });
    let event = json!({ "eventType": "Bounce", "bounce": bounce });
    publish(&product, event, json!({ "password_issue": [issue] })).await;
    let admin = administrator(&product).await;
    let page = admin.get("/users/initial-passwords").await;
    page.shows(&["初期パスワードのメールが届きませんでした"]);
}

async fn an_old_mobile_address_with_odd_dots_gets_its_mail() {
    let env = TestEnv::new(20, None).await;
    let mut crew = person(1);
    crew["email"] = json!("ta..ro.@docomo.ne.jp");
    env.set_crews(&[crew]).await;
    env.nightly_run().await;
    let product = Product::of(env);
    product.env.deliver_queued_mails().await;
    let mail = product.env.services.only_mail();
    assert_eq!(mail.to, ["\"ta..ro.\"@docomo.ne.jp"]);
    let raw = String::from_utf8_lossy(&mail.raw).into_owned();
    assert!(raw.contains("<\"ta..ro.\"@docomo.ne.jp>"), "{raw}");
}

async fn an_address_that_ses_refuses_is_told() {
    let product = invited().await;
    let admin = administrator(&product).await;
    product.env.services.reject_mails_to("p1@example.jp");
    product.env.deliver_queued_mails().await;
    let users = product.env.users().await;
    let user = users.iter().find(|user| user.invitation.is_some()).unwrap();
    let page = admin.get(&format!("/users/{}", user.user_id)).await;
    page.shows(&["宛先のメールアドレスが配信サービスに拒否されました"]);
}
