//! Erasing somebody whom everything knows: by a name, addresses and a code that nobody else has.

use std::collections::BTreeMap;
use std::time::Duration;

use domain::{AuditAction, Mode, Role, User, Who};
use jiff::SignedDuration;
use serde_json::{Value, json};
use storage::audit::AuditFilter;
use storage::counters::Counter;
use storage::password_resets::password_reset_name;
use testkit::users::system_administrator;
use testkit::{Backup, CrashPoint, TestEnv, advance, now, person};
use tokio::time::Instant;

use crate::error::EraseError;
use crate::event::Answer;
use crate::handler::Eraser;
use crate::logs::AT_ONCE;

/// How long an invocation takes at most.
const INVOCATION: Duration = Duration::from_mins(15);

/// The time of an invocation in which no log is read any more.
const NO_TIME: Duration = Duration::from_secs(50);

/// What only this person is known by.
const MARKS: [&str; 4] = ["無二印子", "mark.one@", "mark.two@", "MARK-7"];

/// A workspace that the person passed through, from invitation to deletion.
struct Story {
    env: TestEnv,
    user: User,
    /// The tables while the person was a user.
    backup: Backup,
}

impl Story {
    /// Invites the person, lets them fail, makes them 管理者 with a change that waits for an answer,
    /// previews, and deletes them.
    async fn play() -> Self {
        let env = TestEnv::new(100, None).await;
        env.add_user(system_administrator("usr_admin")).await;
        let mut crews: Vec<Value> = (0..3).map(person).collect();
        crews[0]["last_name"] = json!(MARKS[0]);
        crews[0]["email"] = json!("mark.one@example.jp");
        crews[0]["emp_code"] = json!(MARKS[3]);
        let night = async |crews: &[Value]| {
            env.set_crews(crews).await;
            env.nightly_run().await;
            env.mark_mails_sent().await;
            advance(SignedDuration::from_hours(24));
        };
        night(&crews).await;
        let users = env.users().await;
        let user = users.iter().find(|user| user.name == MARKS[0]).unwrap();
        let user = env.accept_invitation(user.clone()).await;
        env.session_of(&user.user_id).await;
        let reset = password_reset_name(&env.workspace.workspace_id, &user.user_id);
        let stored = Counter::<BTreeMap<String, String>>::default();
        env.store.put_counter(&reset, &stored, now()).await.unwrap();

        // A namesake's mistake: somebody else's row names the person.
        crews[1]["email"] = crews[0]["email"].clone();
        night(&crews).await;
        crews[1]["email"] = json!("p1@example.jp");
        env.change_user(user.user_id.as_str(), |user| {
            user.role = Role::Administrator;
        })
        .await;
        crews[0]["email"] = json!("mark.two@example.jp");
        night(&crews).await;
        let mut preview = env.manual_message();
        preview.mode = Mode::Preview;
        env.run(&preview).await.unwrap();

        let backup = env.backup().await;
        crews[0]["emp_status"] = json!("retired");
        night(&crews).await;
        Self { env, user, backup }
    }

    fn eraser(&self) -> Eraser {
        let runner = self.env.runner();
        Eraser {
            store: runner.store,
            logs: runner.logs,
        }
    }

    async fn send(&self, event: Value) -> Result<Answer, EraseError> {
        self.send_within(event, INVOCATION).await
    }

    /// Sends an event to a function that ends after `time`.
    async fn send_within(&self, event: Value, time: Duration) -> Result<Answer, EraseError> {
        let ends_at = Instant::now() + time;
        let eraser = self.eraser();
        Box::pin(eraser.handle(event, "request", now(), ends_at)).await
    }

    /// Adds so many logs of earlier nights, each with a line about the person.
    fn add_logs(&self, number: usize) {
        let mut objects = self.env.services.objects();
        let named = self.env.services.objects_with(MARKS[0]);
        let path = named.iter().find(|path| !path.contains("/previews/"));
        let (folder, _) = path.unwrap().rsplit_once('/').unwrap();
        let log = objects[path.unwrap()].clone();
        for night in 0..number {
            objects.insert(format!("{folder}/2025{night:04}.1.csv"), log.clone());
        }
        self.env.services.set_objects(objects);
    }

    /// Returns how many logs were read since the proxy was restarted.
    fn logs_read(&self) -> usize {
        let calls = self.env.proxy.by_operation();
        let read = calls
            .iter()
            .filter(|(call, _)| call.starts_with("GET ") && call.ends_with(".csv"));
        read.map(|(_, times)| times).sum()
    }

    fn event(&self, action: &str) -> Value {
        json!({
            "action": action, "workspace_id": self.env.workspace.workspace_id,
            "user_id": self.user.user_id, "emails": ["Mark.Two@example.jp"],
        })
    }

    /// Returns where the person is still known.
    async fn traces(&self) -> Vec<String> {
        let (id, user_id) = (&self.env.workspace.workspace_id, &self.user.user_id);
        let reset = password_reset_name(id, user_id);
        let mut traces = self.env.tables_with(&reset).await;
        for mark in MARKS {
            traces.extend(self.env.tables_with(mark).await);
            traces.extend(self.env.services.objects_with(mark));
        }
        traces
    }

    async fn is_deleted_user(&self) -> bool {
        let (id, user_id) = (&self.env.workspace.workspace_id, &self.user.user_id);
        let deleted = self.env.store.deleted_user(id, user_id).await;
        deleted.unwrap().is_some()
    }
}

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
    // The fourth time that it notes how far it is.
    let fourth = story.env.proxy.hold_operation("PUT /logs/erased/", 4);
    let erase = Box::pin(story.send(story.event("erase")));
    story.env.proxy.until_held(erase).await;
    drop(fourth);
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
