//! Posts to a chat, over HTTP with a stand-in of it.

use domain::{
    AuditAction, AuditEvent, ChatProblem, ChatService, ChatWebhook, ConnectionState, MailKind,
    Role, UserId, is_chat_post,
};
use jiff::SignedDuration;
use lambda::sqs_batch::SqsMessage;
use storage::queues::MailMessage;
use storage::secrets::CustomerSecret;
use testkit::http::ChatChannel;
use testkit::users::active;
use testkit::{TestEnv, advance, now};
use tokio::net::TcpListener;

use super::deliveries::{deliver, delivery, environment, put, refuse_mails, run, waits};
use crate::batch::handle;

/// Returns an environment with one administrator and this webhook.
async fn with_chat(url: &str) -> TestEnv {
    let env = environment().await;
    env.add_user(active("usr_a", Role::Administrator)).await;
    let before = env.stored_workspace().await;
    let mut after = before.clone();
    after.notifications.chat = Some(ChatWebhook {
        service: ChatService::Slack,
        secret_id: "one".into(),
    });
    let id = &env.workspace.workspace_id;
    let secrets = env.secrets();
    secrets
        .put_customer_secret(id, CustomerSecret::ChatAddress("one"), &url.into())
        .await
        .unwrap();
    let event = AuditEvent::by_operator("request".into(), AuditAction::ChatWebhookSaved, now());
    let saved = env.store.change_workspace(&before, &after, &event);
    saved.await.unwrap();
    env
}

async fn failed_run(env: &TestEnv) -> MailMessage {
    let kind = MailKind::FailedRun {
        run_id: run(env, None, &[]).await,
        failure: None,
        failed: 3,
    };
    put(env, kind).await
}

/// Returns the message for the post that the delivery of a mail ordered.
fn next_post(env: &TestEnv) -> Option<MailMessage> {
    env.next_mail()
        .filter(|message| is_chat_post(&message.mail_id))
}

async fn problem(env: &TestEnv) -> Option<ChatProblem> {
    let result = env.store.chat_result(&env.workspace.workspace_id).await;
    result.unwrap().unwrap().problem
}

#[tokio::test]
async fn a_failed_run_is_posted_once_with_numbers_and_a_link_and_nobodys_name() {
    let chat = ChatChannel::open("200 OK").await;
    let env = with_chat(&chat.url).await;
    let message = failed_run(&env).await;
    deliver(&env, &message).await.unwrap();
    env.services.only_mail();
    let post = next_post(&env).unwrap();
    for _ in 0..2 {
        deliver(&env, &post).await.unwrap();
        deliver(&env, &message).await.unwrap();
    }
    let posts = chat.posts();
    assert_eq!(posts.len(), 1);
    let text = &posts[0];
    assert!(text.starts_with("POST /services/T0/B0/secret "), "{text}");
    for part in [
        "株式会社テスト",
        "3名のユーザーを同期できませんでした",
        "/settings/smarthr/history/",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert!(!text.contains("usr-a@example.jp"));
    assert_eq!(problem(&env).await, None);
}

#[tokio::test]
async fn a_dead_chat_holds_no_mail_back_and_its_failure_is_noted() {
    // Nobody listens there any more.
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/services/1", listener.local_addr().unwrap());
    drop(listener);
    let env = with_chat(&url).await;
    let message = failed_run(&env).await;
    deliver(&env, &message).await.unwrap();
    env.services.only_mail();
    let post = next_post(&env).unwrap();
    let mut tried = 0;
    while waits(&env, &post).await {
        deliver(&env, &post).await.unwrap();
        assert_eq!(problem(&env).await, Some(ChatProblem::NoAnswer));
        advance(SignedDuration::from_mins(15));
        tried += 1;
    }
    assert_eq!(tried, 13, "for three hours");
}

#[tokio::test]
async fn in_one_batch_mails_go_before_posts() {
    let chat = ChatChannel::open("200 OK").await;
    let env = with_chat(&chat.url).await;
    deliver(&env, &failed_run(&env).await).await.unwrap();
    let post = next_post(&env).unwrap();
    env.change_connection(|connection| connection.state = ConnectionState::ReconnectNeeded)
        .await;
    let mail = put(&env, MailKind::ReconnectNeeded).await;
    let records = [&post, &mail].map(|message| {
        let mut record = SqsMessage::default();
        record.event_source_arn = Some("arn:aws:sqs:ap-northeast-1:123456789012:mail".into());
        record.message_id = Some(message.mail_id.clone());
        record.receipt_handle = Some("handle".into());
        record.body = Some(serde_json::to_string(message).unwrap());
        record
    });
    // The first mail that SES throttles keeps the invocation from beginning what comes after it.
    refuse_mails(&env, 0, usize::MAX, "Throttling");
    let response = handle(&delivery(&env).await, records.into()).await;
    let failures = response.batch_item_failures.into_iter();
    let failed: Vec<_> = failures.map(|failure| failure.item_identifier).collect();
    assert_eq!(failed, [mail.mail_id, post.mail_id]);
    assert!(chat.posts().is_empty());
}

#[tokio::test]
async fn a_chat_that_refuses_or_redirects_is_not_asked_again_nor_followed() {
    let other = ChatChannel::open("200 OK").await;
    let elsewhere = format!("302 Found\r\nlocation: {}", other.url);
    for (answer, status) in [("404 Not Found", 404), (elsewhere.as_str(), 302)] {
        let chat = ChatChannel::open(answer).await;
        let env = with_chat(&chat.url).await;
        deliver(&env, &failed_run(&env).await).await.unwrap();
        let post = next_post(&env).unwrap();
        deliver(&env, &post).await.unwrap();
        assert!(!waits(&env, &post).await, "{answer}");
        assert_eq!(problem(&env).await, Some(ChatProblem::Refused(status)));
        assert_eq!(chat.posts().len(), 1);
    }
    assert!(other.posts().is_empty());
}

#[tokio::test]
async fn what_is_not_true_any_more_is_not_posted() {
    let chat = ChatChannel::open("200 OK").await;
    let env = with_chat(&chat.url).await;
    env.change_connection(|connection| connection.state = ConnectionState::ReconnectNeeded)
        .await;
    let message = put(&env, MailKind::ReconnectNeeded).await;
    deliver(&env, &message).await.unwrap();
    let post = next_post(&env).unwrap();
    env.change_connection(|connection| connection.state = ConnectionState::Connected)
        .await;
    deliver(&env, &post).await.unwrap();
    assert!(chat.posts().is_empty());
}

#[tokio::test]
async fn mails_to_a_person_are_not_posted() {
    let chat = ChatChannel::open("200 OK").await;
    let env = with_chat(&chat.url).await;
    let user_id = UserId::new("usr_a");
    let message = put(&env, MailKind::PasswordChanged { user_id }).await;
    deliver(&env, &message).await.unwrap();
    env.services.only_mail();
    assert!(next_post(&env).is_none());
}
