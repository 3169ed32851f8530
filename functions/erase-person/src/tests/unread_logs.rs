//! Logs for which an invocation has no time.

use std::time::Duration;

use serde_json::json;

use super::story::Story;
use crate::event::Answer;
use crate::logs::AT_ONCE;

/// The time of an invocation in which no log is read any more.
const NO_TIME: Duration = Duration::from_secs(50);

#[tokio::test]
async fn an_erasure_that_dies_between_two_logs_goes_on_after_the_last_one() {
    let story = Story::play().await;
    story.add_logs(4 * AT_ONCE);
    let (deleted, logs) = (story.env.backup().await, story.env.services.objects());
    story.env.proxy.restart(None);
    story.send(story.event("erase")).await.unwrap();
    let all = story.logs_read();
    assert!(all > 4 * AT_ONCE, "{all}");

    story.env.restore(&deleted).await;
    story.env.services.set_objects(logs);
    // The fourth time that it notes how far it is; the note never arrives.
    let _fourth = story.env.proxy.hold_operation("PUT /logs/erased/", 4);
    let erase = Box::pin(story.send(story.event("erase")));
    story.env.proxy.until_held(erase).await;
    assert!(story.is_deleted_user().await, "else nobody would know whom");

    story.env.proxy.restart(None);
    let rest = story.send(story.event("erase")).await.unwrap();
    assert_eq!(story.logs_read(), all - 3 * AT_ONCE, "the rest only");
    assert_eq!((rest.unread_logs, rest.users), (0, 1));
    assert_eq!(story.traces().await, [""; 0]);
}

#[tokio::test]
async fn an_erasure_without_time_for_the_logs_says_so_and_the_next_one_reads_them() {
    let story = Story::play().await;
    let erase = story.event("erase");
    let first = story.send_within(erase.clone(), NO_TIME).await.unwrap();
    assert!(first.unread_logs > 0 && first.rows > 0, "{first:?}");
    assert_eq!((first.log_lines, first.users), (0, 0));
    let next = story.send(erase).await.unwrap();
    assert!(next.log_lines > 0);
    assert_eq!((next.unread_logs, next.rows, next.users), (0, 0, 1));
    assert_eq!(story.traces().await, [""; 0]);
}

#[tokio::test]
async fn a_preview_that_has_no_time_says_how_many_logs_it_did_not_count() {
    let story = Story::play().await;
    let preview = story.event("preview");
    let whole = story.send(preview.clone()).await.unwrap();
    assert_eq!(whole.unread_logs, 0);
    let part = story.send_within(preview, NO_TIME).await.unwrap();
    assert!(part.unread_logs > 0);
    let (log_lines, unread_logs) = (0, part.unread_logs);
    let but_logs = Answer {
        log_lines,
        unread_logs,
        ..whole
    };
    assert_eq!(part, but_logs);
}

#[tokio::test]
async fn logs_are_read_again_for_an_address_that_the_erasure_before_did_not_name() {
    let story = Story::play().await;
    let erase = story.event("erase");
    let mut unnamed = erase.clone();
    unnamed["emails"] = json!([]);
    unnamed["names"] = json!(["別人"]);
    story.send(unnamed).await.unwrap();
    story.env.proxy.restart(None);
    story.send(erase).await.unwrap();
    assert!(story.logs_read() > 0);
    assert_eq!(story.traces().await, [""; 0]);
}

#[tokio::test]
async fn a_repetition_of_the_list_goes_on_where_the_time_ended_and_reads_no_log_that_is_done() {
    let story = Story::play().await;
    story.send(story.event("erase")).await.unwrap();
    story.env.restore(&story.backup).await;
    story.env.proxy.restart(None);
    let repeat = json!({"action": "repeat"});
    let first = story.send_within(repeat, NO_TIME).await.unwrap();
    assert_eq!(
        (first.users, first.continue_after.as_deref()),
        (0, Some(""))
    );
    let rest = json!({"action": "repeat", "after": first.continue_after});
    let rest = story.send(rest).await.unwrap();
    assert_eq!((rest.users, rest.continue_after), (1, None));
    assert_eq!(story.logs_read(), 0);
    assert_eq!(story.traces().await, [""; 0]);
}
