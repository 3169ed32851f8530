//! Somebody whom everything knows: by a name, addresses and a code that nobody else has.

use std::collections::BTreeMap;
use std::time::Duration;

use domain::{Mode, Role, User};
use jiff::SignedDuration;
use serde_json::{Value, json};
use storage::password_resets::password_reset_name;
use storage::versioned_records::Versioned;
use testkit::users::system_administrator;
use testkit::{Backup, TestEnv, advance, now, person};
use tokio::time::Instant;

use crate::error::EraseError;
use crate::event::Answer;
use crate::handler::Eraser;

/// How long an invocation takes at most.
const INVOCATION: Duration = Duration::from_mins(15);

/// What only this person is known by.
pub(super) const MARKS: [&str; 4] = ["無二印子", "mark.one@", "mark.two@", "MARK-7"];

/// A workspace that the person passed through, from invitation to deletion.
pub(super) struct Story {
    pub(super) env: TestEnv,
    pub(super) user: User,
    /// The tables while the person was a user.
    pub(super) backup: Backup,
}

impl Story {
    /// Invites the person, lets them fail, makes them 管理者 with a change that waits for an answer,
    /// previews, and deletes them.
    pub(super) async fn play() -> Self {
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
        let stored = Versioned::<BTreeMap<String, String>>::default();
        env.store
            .put_versioned(&reset, &stored, now())
            .await
            .unwrap();

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

    pub(super) async fn send(&self, event: Value) -> Result<Answer, EraseError> {
        self.send_within(event, INVOCATION).await
    }

    /// Sends an event to a function that ends after `time`.
    pub(super) async fn send_within(
        &self,
        event: Value,
        time: Duration,
    ) -> Result<Answer, EraseError> {
        let ends_at = Instant::now() + time;
        let eraser = self.eraser();
        Box::pin(eraser.handle(event, "request", now(), ends_at)).await
    }

    /// Adds so many logs of earlier nights, each with a line about the person.
    pub(super) fn add_logs(&self, number: usize) {
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
    pub(super) fn logs_read(&self) -> usize {
        let calls = self.env.proxy.by_operation();
        let read = calls
            .iter()
            .filter(|(call, _)| call.starts_with("GET ") && call.contains(".csv"));
        read.map(|(_, times)| times).sum()
    }

    pub(super) fn event(&self, action: &str) -> Value {
        json!({
            "action": action, "workspace_id": self.env.workspace.workspace_id,
            "user_id": self.user.user_id, "emails": ["Mark.Two@example.jp"],
        })
    }

    /// Returns where the person is still known.
    pub(super) async fn traces(&self) -> Vec<String> {
        let (id, user_id) = (&self.env.workspace.workspace_id, &self.user.user_id);
        let reset = password_reset_name(id, user_id);
        let mut traces = self.env.tables_with(&reset).await;
        for mark in MARKS {
            traces.extend(self.env.tables_with(mark).await);
            traces.extend(self.env.services.objects_with(mark));
        }
        traces
    }

    pub(super) async fn is_deleted_user(&self) -> bool {
        let (id, user_id) = (&self.env.workspace.workspace_id, &self.user.user_id);
        let deleted = self.env.store.deleted_user(id, user_id).await;
        deleted.unwrap().is_some()
    }
}
