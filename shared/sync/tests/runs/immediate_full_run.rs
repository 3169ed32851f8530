//! A full run because of many reports costs little more than a night.

use domain::CrewId;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use storage::queues::RunMessage;
use testkit::{TestEnv, advance, crew_id, now, person};

const PEOPLE: u32 = 1_000;
const EVENTS: u32 = 10_000;
const SECONDS: u32 = 600;

const CREWS: &str = "GET /api/v1/crews";

fn requests(env: &TestEnv) -> usize {
    let calls = env.proxy.by_operation();
    calls.get(CREWS).copied().unwrap_or_default()
}

/// The messages that wait in the queue, each with the time at which it is delivered.
#[derive(Default)]
struct Queue(Vec<(Timestamp, RunMessage)>);

impl Queue {
    /// Notes one report, as the receiver of SmartHR's webhooks does.
    async fn receive(&mut self, env: &TestEnv, crew: u32) {
        let (id, now) = (&env.workspace.workspace_id, now());
        let crews = [CrewId::new(crew_id(crew))];
        let reported = env.store.report_changed_crews(id, &crews, false, now);
        let reported = reported.await.unwrap();
        if reported.needs_message(now) {
            let due = now + SignedDuration::from_secs(30);
            self.0.push((due, env.immediate_message()));
            let announced = env.store.note_changes_announced(id, &reported, due);
            announced.await.unwrap();
        }
    }

    /// Delivers the messages that are due.
    async fn deliver(&mut self, env: &TestEnv) {
        let (due, later): (Vec<_>, Vec<_>) = self.0.drain(..).partition(|(at, _)| *at <= now());
        self.0 = later;
        for (_, message) in due {
            env.run(&message).await.unwrap();
            for sent in env.queued_runs() {
                self.0.push((sent.not_before.unwrap_or_else(now), sent));
            }
        }
    }
}

#[tokio::test]
async fn ten_thousand_events_in_ten_minutes_cost_at_most_a_fifth_more_than_a_night() {
    let env = TestEnv::new(PEOPLE + 10, None).await;
    let mut company: Vec<Value> = (0..PEOPLE).map(person).collect();
    env.change_connection(|connection| {
        connection.settings.login_method = domain::LoginMethodSetting::Sso;
    })
    .await;
    env.set_crews(&company).await;
    env.nightly_run().await;
    advance(SignedDuration::from_hours(24));
    env.proxy.restart(None);
    env.nightly_run().await;
    let night = requests(&env);
    assert_eq!(night, 10);

    advance(SignedDuration::from_hours(12));
    for person in &mut company {
        person["last_name"] = json!("改姓");
    }
    env.set_crews(&company).await;
    env.clear_queues();
    env.proxy.restart(None);
    let mut queue = Queue::default();
    let mut sent = 0;
    for second in 1..=SECONDS {
        while sent < EVENTS * second / SECONDS {
            queue.receive(&env, sent % PEOPLE).await;
            sent += 1;
        }
        queue.deliver(&env).await;
        advance(SignedDuration::from_secs(1));
    }
    for _ in 0..20 {
        queue.deliver(&env).await;
        advance(SignedDuration::from_mins(1));
    }
    let used = requests(&env);
    println!("full run: events {sent}, requests {used}, night {night}");
    assert_eq!(sent, EVENTS);
    assert!(used * 10 <= night * 12, "{used} requests, {night} a night");
    let is_renamed = |user: &domain::User| user.name.contains("改姓");
    assert!(
        env.users().await.iter().all(is_renamed),
        "everybody is up to date"
    );
}
