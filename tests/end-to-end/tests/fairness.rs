//! What the admins of one workspace start keeps those of another waiting for no more than a moment.

#![expect(clippy::unwrap_used, reason = "what cannot be read fails the test")]

use std::time::{Duration, Instant};

use end_to_end::{Browser, Person, Story, sign_in, usual_workspace};
use local::Clock;
use serde_json::json;

/// The longest that the one workspace posts; the day's budget is used up before.
const POSTING: Duration = Duration::from_mins(2);
/// The longest that a run of the other workspace may take meanwhile, from the click to its end.
const PATIENCE: Duration = Duration::from_secs(5);
/// The second admin of the story and their password.
const OTHER_ADMIN: [&str; 2] = ["admin@other.example", "tooi-yama-no-ue"];

/// Posts previews, each as soon as the one before lets it, until the day's budget is used up. Returns how
/// many were accepted.
async fn post_previews(admin: Browser, clock: Clock) -> u32 {
    let (began, mut accepted) = (Instant::now(), 0);
    while began.elapsed() < POSTING {
        let answer = admin.post("/api/v1/previews", json!({})).await;
        match answer.status.as_u16() {
            202 => {
                accepted += 1;
                // A preview posted again within the same second is the same one.
                clock.advance(Duration::from_secs(1)).unwrap();
            }
            409 => {}
            429 => break,
            other => panic!("{other}: {}", answer.text),
        }
    }
    accepted
}

/// Starts a run, and returns how long it took from the click to its end.
async fn run(story: &mut Story) -> Duration {
    let began = Instant::now();
    let started = story
        .admin
        .post("/api/v1/runs", json!({}))
        .await
        .ok()
        .json();
    let address = format!("/api/v1/runs/{}", started["run_id"].as_str().unwrap());
    assert_eq!(story.finished(&address).await["outcome"], "success");
    began.elapsed()
}

#[tokio::test]
async fn while_one_tenant_posts_previews_the_run_of_another_one_waits_less_than_five_seconds() {
    let mut story = Story::connected("fairness", &[Person::sato()]).await;
    let other = usual_workspace(&json!({
        "name": "株式会社となり",
        "company_code": "other",
        "system_administrator": {
            "name": "隣 次郎", "email": OTHER_ADMIN[0], "password": OTHER_ADMIN[1],
        },
    }));
    story.stack.invoke("provision", other).await.unwrap();
    let other_admin = story.browser();
    let loud = std::mem::replace(&mut story.admin, other_admin);
    sign_in(&story.admin, OTHER_ADMIN[0], OTHER_ADMIN[1])
        .await
        .ok();
    story.connect().await.ok();
    story.save(json!({})).await.ok();

    let posting = tokio::spawn(post_previews(loud, story.stack.clock().clone()));
    let mut waits = Vec::new();
    while !posting.is_finished() {
        waits.push(run(&mut story).await);
        // The id of a run names its second.
        story.stack.clock().advance(Duration::from_secs(1)).unwrap();
    }
    let accepted = posting.await.unwrap();
    let (runs, longest) = (waits.len(), waits.iter().max().unwrap());
    println!("fairness: previews {accepted}, runs of the other {runs}, longest {longest:?}");
    assert!(
        accepted > 10 && *longest < PATIENCE,
        "{accepted}: {waits:?}"
    );
}
