//! Invitations whose mails bounce.

mod pauses;

use std::time::Duration;

use domain::User;
use lambda::sqs_batch::SqsMessage;
use serde_json::{Value, json};
use testkit::{TestEnv, person};
use tokio::time::Instant;

use crate::handler::handle;

/// Returns an environment with one invited user.
async fn invited() -> (TestEnv, User) {
    let env = TestEnv::new(10, None).await;
    env.set_crews(&[person(1)]).await;
    env.nightly_run().await;
    let user = env.users().await.remove(0);
    (env, user)
}

/// Returns the event that SES publishes about the mail of the user's invitation number `serial`.
fn event(env: &TestEnv, user: &User, serial: u32, about: &Value) -> String {
    let mut event = json!({
        "mail": {
            "timestamp": "2026-11-23T17:00:02.000Z",
            "source": "no-reply@kitera.example",
            "messageId": "0100018e-5f0c2a7e",
            "destination": ["person@example.jp"],
            "tags": {
                "ses:configuration-set": ["kitera-smarthr-dev"],
                "workspace_id": [env.workspace.workspace_id],
                "user_id": [user.user_id],
                "serial": [serial.to_string()],
            },
        },
    });
    let about = about.as_object().unwrap().clone();
    event.as_object_mut().unwrap().extend(about);
    event.to_string()
}

fn bounce(kind: &str, sub_kind: &str) -> Value {
    json!({
        "eventType": "Bounce",
        "bounce": {
            "bounceType": kind,
            "bounceSubType": sub_kind,
            "bouncedRecipients": [{ "emailAddress": "person@example.jp" }],
        },
    })
}

/// Delivers messages and returns the number of messages that SQS delivers again.
async fn deliver(env: &TestEnv, bodies: &[String]) -> usize {
    deliver_within(env, bodies, Duration::from_secs(30)).await
}

/// Delivers messages to a function that ends after `time`.
async fn deliver_within(env: &TestEnv, bodies: &[String], time: Duration) -> usize {
    let messages = bodies.iter().map(|body| {
        let mut message = SqsMessage::default();
        message.message_id = Some("m".into());
        message.body = Some(body.clone());
        message
    });
    let ends_at = Instant::now() + time;
    let store = env.runner().store;
    let response = Box::pin(handle(&store, messages.collect(), ends_at)).await;
    response.batch_item_failures.len()
}

async fn is_paused(env: &TestEnv) -> bool {
    let id = &env.workspace.workspace_id;
    env.store.invitation_pause(id).await.unwrap().is_some()
}

/// Returns the text that the admin reads beside the invitation.
async fn noted(env: &TestEnv) -> Option<String> {
    let user = env.users().await.remove(0);
    user.invitation.unwrap().bounced
}

#[tokio::test]
async fn an_invitation_whose_mail_came_back_says_why_until_there_is_a_new_one() {
    let (env, user) = invited().await;
    let event = event(&env, &user, 1, &bounce("Permanent", "NoEmail"));
    assert_eq!(deliver(&env, &[event]).await, 0);
    let why = noted(&env).await;
    let note = "招待メールが届きませんでした(宛先のメールアドレスが存在しません)";
    assert_eq!(why.as_deref(), Some(note));

    testkit::advance(jiff::SignedDuration::from_hours(96));
    env.nightly_run().await;
    let again = env.users().await.remove(0);
    assert_eq!(again.invitation.as_ref().unwrap().serial, 2);
    assert_eq!(noted(&env).await, None);
}

#[tokio::test]
async fn a_complaint_is_not_told_as_a_mail_that_did_not_arrive() {
    let (env, user) = invited().await;
    deliver(&env, &[event(&env, &user, 1, &complaint(&json!({})))]).await;
    let note = "招待メールが受信者により迷惑メールとして報告されました";
    assert_eq!(noted(&env).await.as_deref(), Some(note));
}

fn complaint(about: &Value) -> Value {
    json!({ "eventType": "Complaint", "complaint": about })
}

#[tokio::test]
async fn an_address_that_complained_before_is_told_as_one_that_gets_no_mails() {
    let (env, user) = invited().await;
    let suppressed = complaint(&json!({ "complaintSubType": "OnAccountSuppressionList" }));
    let event = event(&env, &user, 1, &suppressed);
    deliver(&env, &vec![event; 10]).await;
    let note =
        "招待メールが届きませんでした(以前に届かなかったため送信を停止しているメールアドレスです)";
    assert_eq!(noted(&env).await.as_deref(), Some(note));
    assert!(!is_paused(&env).await, "SES did not even send them");
}

#[tokio::test]
async fn a_mail_that_somebody_took_out_of_the_spam_folder_is_no_complaint() {
    let (env, user) = invited().await;
    let not_spam = complaint(&json!({ "complaintFeedbackType": "not-spam" }));
    let event = event(&env, &user, 1, &not_spam);
    deliver(&env, &vec![event; 10]).await;
    assert_eq!(noted(&env).await, None);
    assert!(!is_paused(&env).await);
}

#[tokio::test]
async fn a_mail_that_ses_took_and_did_not_send_is_told() {
    let (env, user) = invited().await;
    let rejected = json!({ "eventType": "Reject", "reject": { "reason": "Bad content" } });
    deliver(&env, &[event(&env, &user, 1, &rejected)]).await;
    let note = "招待メールが届きませんでした(メールの内容が配信サービスに拒否されました)";
    assert_eq!(noted(&env).await.as_deref(), Some(note));
}

#[tokio::test]
async fn an_automatic_reply_is_not_taken_for_a_mail_that_did_not_arrive() {
    let (env, user) = invited().await;
    let reply = event(&env, &user, 1, &bounce("Transient", "General"));
    assert_eq!(deliver(&env, &[reply]).await, 0);
    assert_eq!(noted(&env).await, None);
}

#[tokio::test]
async fn a_mail_that_was_given_up_is_told_also_when_ses_calls_it_transient() {
    for said in [json!({ "action": "failed" }), json!({ "status": "5.1.1" })] {
        let (env, user) = invited().await;
        let mut bounce = bounce("Transient", "General");
        bounce["bounce"]["bouncedRecipients"] = json!([said]);
        deliver(&env, &[event(&env, &user, 1, &bounce)]).await;
        let note = "招待メールが届きませんでした(宛先のメールサーバーが受け取りを拒否しました)";
        assert_eq!(noted(&env).await.as_deref(), Some(note));
    }
}

#[tokio::test]
async fn a_mail_about_initial_passwords_that_came_back_is_noted_where_their_cards_are() {
    let env = TestEnv::new(10, None).await;
    env.set_crews(&[testkit::code_only(1)]).await;
    let run_id = env.nightly_run().await.run_id;
    let user = env.users().await.remove(0);
    let event = event(&env, &user, 1, &bounce("Permanent", "NoEmail"));
    let mut event: Value = serde_json::from_str(&event).unwrap();
    event["mail"]["tags"] = json!({
        "workspace_id": [env.workspace.workspace_id], "password_issue": [run_id],
    });
    assert_eq!(deliver(&env, &[event.to_string()]).await, 0);
    let id = &env.workspace.workspace_id;
    let issues = env.store.password_issues(id, testkit::now()).await;
    let note = "初期パスワードのメールが届きませんでした(宛先のメールアドレスが存在しません)";
    assert_eq!(issues.unwrap()[0].bounced.as_deref(), Some(note));
}

#[tokio::test]
async fn an_invitation_that_was_replaced_says_nothing_about_the_new_one() {
    let (env, user) = invited().await;
    let old = event(&env, &user, 0, &bounce("Permanent", "General"));
    assert_eq!(deliver(&env, &[old]).await, 0);
    assert_eq!(noted(&env).await, None);
}

#[tokio::test]
async fn what_cannot_be_read_or_names_no_invitation_holds_up_nothing() {
    let (env, user) = invited().await;
    let untagged = json!({ "eventType": "Bounce", "mail": {}, "bounce": { "bounceType": "Permanent", "bounceSubType": "General" } });
    let other = json!({ "eventType": "Delivery", "mail": {}, "delivery": {} });
    let good = event(&env, &user, 1, &bounce("Permanent", "General"));
    let bodies = [
        "not JSON".into(),
        untagged.to_string(),
        other.to_string(),
        good,
    ];
    assert_eq!(deliver(&env, &bodies).await, 1);
    assert!(noted(&env).await.is_some());
}

#[tokio::test]
async fn the_text_by_which_ses_tries_a_topic_is_no_dead_letter() {
    let (env, user) = invited().await;
    let text = "Successfully validated SNS topic for Amazon SES event publishing.\n".to_owned();
    assert_eq!(deliver(&env, &[text]).await, 0);
    assert_eq!(env.users().await, [user]);
}
