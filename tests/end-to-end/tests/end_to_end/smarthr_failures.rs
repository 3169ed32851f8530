//! SmartHR answers incompletely, without a permission, or not at all: nobody is removed, and the
//! history says why.

use std::time::Duration;

use domain::time::{later, next_scheduled_run};
use end_to_end::{ADMIN_EMAIL, Person, Story};
use jiff::SignedDuration;
use serde_json::{Value, json};

fn people() -> Vec<Person> {
    let person = |id| Person::new(id, &format!("社員{id}")).email(&format!("p{id}@example.jp"));
    (1..=4).map(person).collect()
}

async fn after_a_good_night(name: &str) -> Story {
    let mut story = Story::connected(name, &people()).await;
    story.night().await;
    story.new_mails().await;
    story
}

async fn assert_failed_with(story: &mut Story, run: &Value, cause: &str) {
    assert_eq!(run["outcome"], "failure");
    let log = story.log(run).await;
    assert!(log[0][5].contains(cause), "{log:?}");
    assert!(!log[0][6].is_empty(), "says what to do");
    assert_eq!(story.users().await.len(), 5, "nobody was removed");
    let mails = story.new_mails().await;
    assert_eq!(mails.len(), 1, "one mail to the admins");
    assert_eq!(mails[0].to, [ADMIN_EMAIL]);
}

#[tokio::test]
async fn an_incomplete_list_of_people_changes_nothing() {
    let mut story = after_a_good_night("not-whole").await;
    let fault = json!({ "path": "/api/v1/crews", "count": null, "wrong_total": 9 });
    story.at_smarthr("POST", "faults", fault).await;
    let run = story.next_night().await;
    assert_failed_with(&mut story, &run, "すべて取得できませんでした").await;
}

#[tokio::test]
async fn after_a_refused_token_the_admins_connect_again_and_the_sync_goes_on() {
    let mut story = after_a_good_night("refused").await;
    let revoked = json!({ "company": "aozora" });
    story.at_smarthr("POST", "revoke", revoked).await;
    let run = story.next_night().await;
    assert_failed_with(&mut story, &run, "再連携が必要です").await;
    assert_eq!(story.connection().await["state"], "relink_needed");
    let run = story.next_night().await;
    assert!(run.is_null(), "no runs until it is connected again");
    assert!(story.new_mails().await.is_empty());
    story.connect().await.ok();
    let run = story.next_night().await;
    assert_eq!(run["outcome"], "success");
}

#[tokio::test]
async fn a_night_waits_for_smarthr_and_goes_on_once_it_is_back() {
    let mut story = Story::connected("outage", &people()).await;
    let now = story.stack.clock().now();
    let two = next_scheduled_run(now);
    let until_two = two.duration_since(now) + SignedDuration::from_secs(1);
    story.time_passes(until_two.unsigned_abs()).await;
    story.smarthr_is_down().await;
    let runs = story.begin_night(two).await;
    let address = format!("/api/v1/runs/{}", runs[0]);
    let half_past_two = later(two, SignedDuration::from_mins(30));
    let waits_or_ended = |run: &Value| !run["retry_at"].is_null() || run["outcome"] != "running";
    let waits = story.run_when(&address, waits_or_ended).await;
    assert_eq!(waits["outcome"], "running", "{waits}");
    assert_eq!(waits["retry_at"], half_past_two.to_string());
    let page = format!("/settings/smarthr/history/{}", runs[0]);
    let page = story.admin.get(&page).await.ok();
    assert!(page.text.contains("2時30分に再実行します"));

    story.smarthr_is_back().await;
    story.time_passes(Duration::from_mins(31)).await;
    // SQS keeps the run's own message for a quarter of an hour of real time. AWS may deliver an event twice.
    assert_eq!(story.begin_night(two).await, runs);
    let run = story.finished(&address).await;
    assert_eq!(run["outcome"], "success");
    assert_eq!(
        story.new_mails().await.len(),
        4,
        "everybody is invited once"
    );
}

#[tokio::test]
async fn an_admin_starts_a_run_by_hand() {
    let mut story = Story::connected("by-hand", &people()).await;
    let begun = story.admin.post("/api/v1/runs", Value::Null).await;
    let begun = begun.ok().json();
    let address = format!("/api/v1/runs/{}", begun["run_id"].as_str().unwrap());
    let run = story.finished(&address).await;
    assert_eq!(run["outcome"], "success");
    assert_eq!(run["trigger"], "manual");
    assert_eq!(story.new_mails().await.len(), 4);
}
