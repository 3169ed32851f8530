//! チャット通知: what admins are mailed is posted to the company's chat too.

use end_to_end::{Person, Story};
use http_client::ChatChannel;
use serde_json::json;

const WEBHOOK: &str = "/api/v1/notifications/chat-webhook";

#[tokio::test]
async fn a_failed_night_is_posted_to_the_registered_chat_until_the_webhook_is_removed() {
    let suzuki = Person::new(1, "鈴木").email("not an address");
    let mut story = Story::connected("chat", &[suzuki]).await;
    let channel = ChatChannel::open("200 OK").await;
    let webhook = json!({ "url": channel.url });
    story.admin.put(WEBHOOK, webhook).await.ok();
    let test = format!("{WEBHOOK}/test");
    story.admin.post(&test, json!({})).await.ok();
    assert!(channel.post(1).await.contains("テスト"));

    let run = story.night().await;
    assert_eq!(run["counts"]["failed"], 1, "{run}");
    let post = channel.post(2).await;
    assert!(
        post.contains("1名のユーザーを同期できませんでした"),
        "{post}"
    );
    assert!(!post.contains("鈴木"), "a channel has many readers: {post}");

    story.admin.delete(WEBHOOK).await.ok();
    story
        .admin
        .post(&test, json!({}))
        .await
        .is_refused(409, "no_chat_webhook");
}
