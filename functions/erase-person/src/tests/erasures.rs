//! Erasing somebody everywhere, and again after a restore.

use domain::{AuditAction, Who};
use serde_json::{Value, json};
use storage::audit::AuditFilter;
use testkit::CrashPoint;
use testkit::users::system_administrator;

use super::story::{MARKS, Story};
use crate::error::EraseError;
use crate::event::Answer;

#[tokio::test]
async fn nothing_that_knows_an_erased_person_is_left_in_any_table_or_log() {
    let story = Story::play().await;
    let preview = story.send(story.event("preview")).await.unwrap();
    for (place, found) in [
        ("users", preview.users),
        ("rows", preview.rows),
        ("runs", preview.runs),
        ("mails", preview.mails),
        ("sessions", preview.sessions),
        ("log lines", preview.log_lines),
    ] {
        assert!(found > 0, "{place}: {preview:?}");
    }
    assert!(story.traces().await.len() > 5);

    assert_eq!(story.send(story.event("erase")).await.unwrap(), preview);
    assert_eq!(story.traces().await, [""; 0]);
    let again = story.send(story.event("erase")).await.unwrap();
    let nothing = Answer {
        user_ids: preview.user_ids,
        ..Answer::default()
    };
    assert_eq!(again, nothing);
    // The audit trail says that an operator erased somebody, and not whom.
    let (id, filter) = (&story.env.workspace.workspace_id, AuditFilter::default());
    let events = story.env.store.audit_events(id, &filter, None, 10).await;
    let mut events = events.unwrap();
    events.retain(|event| event.action == AuditAction::PersonErased);
    assert_eq!(events.len(), 1, "the clock stood still");
    assert_eq!(
        (&events[0].who, &events[0].user_id),
        (&Who::Operator, &None)
    );
    // The others are still in the history, and the next night goes on.
    assert!(!story.env.services.objects_with("p2@example.jp").is_empty());
    story.env.nightly_run().await;
    assert_eq!(story.traces().await, [""; 0]);
}

#[tokio::test]
async fn an_erasure_that_ends_at_any_call_is_finished_by_the_same_event() {
    let story = Story::play().await;
    let (deleted, logs) = (story.env.backup().await, story.env.services.objects());
    let mut call = 0;
    loop {
        story.env.restore(&deleted).await;
        story.env.services.set_objects(logs.clone());
        let erase = Box::pin(story.send(story.event("erase")));
        let done = story
            .env
            .proxy
            .crash_at(CrashPoint::After(call), erase)
            .await;
        story.send(story.event("erase")).await.unwrap();
        assert_eq!(story.traces().await, [""; 0], "call {call}");
        if done.is_some() {
            break;
        }
        call += 1;
    }
    assert!(call > 20, "{call}");
}

#[tokio::test]
async fn an_erased_person_is_gone_again_after_the_tables_were_restored() {
    let story = Story::play().await;
    story.send(story.event("erase")).await.unwrap();
    story.env.restore(&story.backup).await;
    assert!(!story.traces().await.is_empty());
    story.send(json!({"action": "repeat"})).await.unwrap();
    assert_eq!(story.traces().await, [""; 0]);
    assert!(!story.is_deleted_user().await);
    story.env.assert_consistent(&story.env.users().await).await;
}

#[tokio::test]
async fn somebody_who_is_still_a_user_is_not_erased_and_the_answer_says_what_to_do() {
    let story = Story::play().await;
    story.env.restore(&story.backup).await;
    for named in ["user_id", "emails"] {
        let mut event = story.event("erase");
        event["user_id"] = Value::Null;
        event["emails"] = json!([]);
        event[named] = match named {
            "user_id" => json!(story.user.user_id),
            _ => json!(["mark.one@example.jp"]),
        };
        let refused = story.send(event).await.unwrap_err();
        assert!(matches!(refused, EraseError::StillUser(_)), "{refused}");
        assert!(refused.to_string().contains("let an admin delete the user"));
    }
    assert!(
        story
            .env
            .user(story.user.user_id.as_str())
            .await
            .email
            .is_some()
    );
}

#[tokio::test]
async fn the_rows_of_the_person_who_has_the_code_now_stay() {
    let story = Story::play().await;
    let mut next = system_administrator("usr_next");
    next.code = domain::EmployeeCode::parse(MARKS[3]);
    story.env.add_user(next).await;
    let preview = story.send(story.event("preview")).await.unwrap();
    story.send(story.event("erase")).await.unwrap();
    assert!(preview.log_lines > 0);
    assert_eq!(
        story.env.tables_with(MARKS[3]).await,
        ["users", "identifiers"]
    );
}
