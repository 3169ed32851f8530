//! Reports over HTTP, with the real router, and SmartHR's stand-in and a database behind it.

use axum::Router;
use axum::http::{Method, StatusCode};
use credentials::TokenHash;
use domain::{ChangedCrews, CrewId, Trigger};
use jiff::{SignedDuration, Timestamp};
use secrecy::SecretString;
use serde_json::{Value, json};
use storage::queues::RunMessage;
use storage::webhooks::WebhookRegistration;
use testkit::http::{Answer, Request, Server};
use testkit::{Fault, TestEnv, advance, now, person};

use crate::handler::{Receiver, router};

const SECRET: &str = "a-secret-of-a-test";
const PATH_ID: &str = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG";
const CREW: &str = "a0000000-0000-4000-8000-000000000007";

/// A registered webhook, and the function behind it.
struct Webhook {
    env: TestEnv,
    router: Router,
}

impl Webhook {
    async fn registered() -> Self {
        let env = TestEnv::new(100, None).await;
        let secret: SecretString = SECRET.into();
        let registration = WebhookRegistration {
            workspace_id: env.workspace.workspace_id.clone(),
            tenant_id: env.connection().await.company.tenant_id,
            secret_hash: TokenHash::of(&secret).as_str().to_owned(),
        };
        let stored = env.store.put_webhook_registration(PATH_ID, &registration);
        stored.await.unwrap();
        let runner = env.runner();
        let router = router(Receiver {
            store: runner.store,
            queues: runner.queues,
            clock: now,
        });
        env.proxy.restart(None);
        Self { env, router }
    }

    async fn post(&self, path_id: &str, secret: &str, body: &str) -> Answer {
        let path = format!("/webhooks/smarthr/{path_id}");
        let request = Request::new(Method::POST.as_str(), &path)
            .header("x-smarthr-token", secret)
            .json_text(body);
        self.router.answer(request).await
    }

    /// Posts a report with the right secret, which must be taken.
    async fn takes(&self, body: &str) {
        let answer = self.post(PATH_ID, SECRET, body).await;
        assert_eq!(answer.status, StatusCode::NO_CONTENT, "{body}");
        assert_eq!(answer.text, "");
    }

    async fn changed(&self) -> ChangedCrews {
        let id = &self.env.workspace.workspace_id;
        self.env.store.changed_crews(id).await.unwrap()
    }

    /// Takes the messages that ask for runs.
    fn messages(&self) -> Vec<RunMessage> {
        let messages = std::iter::from_fn(|| self.env.services.take_message());
        messages
            .map(|(queue, body)| {
                assert_eq!(queue, "manual-sync");
                serde_json::from_str(&body).unwrap()
            })
            .collect()
    }
}

fn updated(crew: &str) -> String {
    json!({"event": "crew_updated", "crew": {"id": crew}}).to_string()
}

#[tokio::test]
async fn a_report_is_noted_and_asks_for_a_run_in_half_a_minute() {
    let webhook = Webhook::registered().await;
    webhook.takes(&updated(CREW)).await;
    let changed = webhook.changed().await;
    assert_eq!(changed.crews, [CrewId::new(CREW)].into());
    assert!(!changed.everybody);
    let [message] = &webhook.messages()[..] else {
        panic!("one message");
    };
    assert_eq!(message.trigger, Trigger::Immediate);
    assert_eq!(message.run_id, domain::day_entry_id(now()));
    let due = now() + SignedDuration::from_secs(30);
    assert_eq!(message.not_before, Some(due));
    assert_eq!(message.workspace_id, webhook.env.workspace.workspace_id);
    assert!(message.crew_ids.is_empty());
}

#[tokio::test]
async fn a_report_costs_two_reads_and_writes_and_one_message_and_the_next_ones_no_message() {
    let webhook = Webhook::registered().await;
    webhook.takes(&updated(CREW)).await;
    let calls = webhook.env.proxy.by_operation();
    assert_eq!(webhook.env.proxy.calls(), 4, "{calls:#?}");
    for number in 0..10 {
        webhook.takes(&updated(&format!("crew-{number}"))).await;
    }
    assert_eq!(webhook.env.proxy.calls(), 4 + 10 * 2);
    assert_eq!(webhook.messages().len(), 1);
    assert_eq!(webhook.changed().await.crews.len(), 11);
}

#[tokio::test]
async fn doubled_and_reordered_reports_leave_the_same_as_each_once() {
    let webhook = Webhook::registered().await;
    for crew in ["b", "a", "a", "b", "a"] {
        webhook.takes(&updated(crew)).await;
    }
    assert_eq!(webhook.changed().await.crews.len(), 2);
    assert_eq!(webhook.messages().len(), 1);
}

#[tokio::test]
async fn a_wrong_address_and_a_wrong_secret_get_the_same_answer_and_change_nothing() {
    let webhook = Webhook::registered().await;
    let other = PATH_ID.replace('a', "b");
    let long = "x".repeat(100_000);
    let mut answers = Vec::new();
    for (path_id, secret, body) in [
        (PATH_ID, "another", updated(CREW)),
        (PATH_ID, "", updated(CREW)),
        (PATH_ID, "another", long.clone()),
        (&other, SECRET, updated(CREW)),
        (&other, SECRET, long),
        ("short", SECRET, updated(CREW)),
    ] {
        answers.push(webhook.post(path_id, secret, &body).await);
    }
    for answer in &answers {
        assert_eq!(answer.status, StatusCode::NOT_FOUND);
        assert_eq!(answer.text, answers[0].text);
        assert_eq!(answer.headers, answers[0].headers);
    }
    assert_eq!(webhook.changed().await, ChangedCrews::default());
    assert!(webhook.messages().is_empty());
}

#[tokio::test]
async fn the_hash_that_is_stored_is_no_secret() {
    let webhook = Webhook::registered().await;
    let secret: SecretString = SECRET.into();
    let hash = TokenHash::of(&secret);
    let answer = webhook.post(PATH_ID, hash.as_str(), &updated(CREW)).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn an_import_a_larger_report_and_one_that_cannot_be_read_are_about_everybody() {
    for body in [
        r#"{"event":"crew_imported"}"#.to_owned(),
        format!(
            r#"{{"event":"crew_updated","crew":{{"id":"{CREW}","note":"{}"}}}}"#,
            "x".repeat(64 * 1024)
        ),
        "not json".to_owned(),
    ] {
        let webhook = Webhook::registered().await;
        webhook.takes(&body).await;
        assert!(webhook.changed().await.everybody);
        assert_eq!(webhook.messages().len(), 1);
    }
}

#[tokio::test]
async fn an_event_about_nobody_is_taken_and_asks_for_nothing() {
    let webhook = Webhook::registered().await;
    for body in [
        r#"{"event":"workflow_approved","crew":{"id":"a"}}"#,
        r#"{"event":"dependent_updated"}"#,
        "{}",
    ] {
        webhook.takes(body).await;
    }
    assert_eq!(webhook.changed().await, ChangedCrews::default());
    assert!(webhook.messages().is_empty());
}

#[tokio::test]
async fn reports_are_taken_while_the_sync_is_off_so_that_smarthr_does_not_disable_the_webhook() {
    let webhook = Webhook::registered().await;
    let off = |it: &mut domain::Connection| it.settings.enabled = false;
    webhook.env.change_connection(off).await;
    webhook.takes(&updated(CREW)).await;
}

#[tokio::test]
async fn a_report_that_aws_did_not_note_is_refused_so_that_smarthr_repeats_it() {
    for operation in ["UpdateItem", "SendMessage"] {
        let webhook = Webhook::registered().await;
        let refused = Fault::Refused(400, "AccessDeniedException");
        webhook.env.proxy.inject(operation, 0, 1, refused);
        let answer = webhook.post(PATH_ID, SECRET, &updated(CREW)).await;
        assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
        webhook.takes(&updated(CREW)).await;
        assert_eq!(webhook.messages().len(), 1, "{operation}");
        assert_eq!(webhook.changed().await.crews.len(), 1);
    }
}

#[tokio::test]
async fn a_message_that_was_lost_is_sent_again_with_a_later_report() {
    let webhook = Webhook::registered().await;
    webhook.takes(&updated(CREW)).await;
    assert_eq!(webhook.messages().len(), 1);
    advance(SignedDuration::from_hours(1));
    webhook.takes(&updated("another")).await;
    assert_eq!(webhook.messages().len(), 1);
}

#[tokio::test]
async fn what_smarthr_reports_to_the_webhook_that_a_night_registered_is_taken() {
    let mut people: Vec<Value> = (0..3).map(person).collect();
    let env = TestEnv::new(100, None).await;
    env.set_crews(&people).await;
    env.nightly_run().await;
    people[1]["emp_status"] = json!("retired");
    env.set_crews(&people).await;
    let reports = env.take_smarthr_reports().await;
    let [report] = &reports[..] else {
        panic!("{reports:?}");
    };
    let url = report["url"].as_str().unwrap();
    let path_id = url.rsplit('/').next().unwrap().to_owned();
    let runner = env.runner();
    let router = router(Receiver {
        store: runner.store,
        queues: runner.queues,
        clock: now,
    });
    let webhook = Webhook { env, router };
    let secret = report["secret"].as_str().unwrap();
    let body = report["body"].as_str().unwrap();
    let answer = webhook.post(&path_id, secret, body).await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT);
    let retired = people[1]["id"].as_str().unwrap();
    assert_eq!(webhook.changed().await.crews, [CrewId::new(retired)].into());
}

#[test]
fn a_day_has_one_run_of_reports() {
    let morning: Timestamp = "2026-11-24T09:00:00+09:00".parse().unwrap();
    let evening: Timestamp = "2026-11-24T21:00:00+09:00".parse().unwrap();
    let (one, other) = (domain::day_entry_id(morning), domain::day_entry_id(evening));
    assert_eq!(one, other);
}
