//! The API of ユーザー同期履歴 and 今すぐ同期.

use axum::http::StatusCode;
use domain::{Run, RunId, RunOutcome, UserId};
use serde_json::{Value, json};

use super::console::{Console, administrator, crews, ended};

#[tokio::test]
async fn a_run_can_be_asked_for_unless_one_is_under_way() {
    let (console, browser) = administrator().await;
    let answer = browser.post("/api/v1/runs", Value::Null).await;
    assert_eq!(answer.status, StatusCode::ACCEPTED);
    let run_id = answer.json()["run_id"].as_str().unwrap().to_owned();
    assert!(run_id.ends_with("Z-manual"));
    let (queue, message) = console.env.services.take_message().unwrap();
    let message: Value = serde_json::from_str(&message).unwrap();
    assert_eq!(queue, "sync");
    assert_eq!(message["run_id"], run_id.as_str());
    assert_eq!(message["trigger"], "manual");
    assert_eq!(message["mode"], "apply");

    let store = &console.env.store;
    let other = RunId::new("20261122T170000Z-schedule");
    store
        .acquire_lease(console.id(), &other, 0, testkit::now())
        .await
        .unwrap();
    let answer = browser.post("/api/v1/runs", Value::Null).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    assert_eq!(answer.problem(), "run_under_way");
    let answer = browser.post("/api/v1/previews", Value::Null).await;
    assert_eq!(answer.status, StatusCode::ACCEPTED, "it is in nobody's way");
}

#[tokio::test]
async fn the_history_shows_a_night_with_its_people_and_its_log() {
    let (console, browser) = administrator().await;
    console.env.set_crews(&crews()).await;
    let run = console.env.nightly_run().await;

    let history = browser.get("/api/v1/runs").await.json();
    let shown = &history["runs"][0];
    assert_eq!(shown["run_id"], run.run_id.as_str());
    assert_eq!(shown["trigger_label"], "自動(午前2時)");
    assert_eq!(shown["outcome"], "failure", "one failed person is enough");
    assert_eq!(shown["counts"]["invited"], 2);
    assert_eq!(shown["counts"]["failed"], 1);
    assert!(shown.get("password_seed").is_none());
    let path = format!("/api/v1/runs/{}", run.run_id);
    assert_eq!(browser.get(&path).await.json(), *shown);

    let failed = browser.get(&format!("{path}/people?outcome=failure")).await;
    let failed = failed.json();
    assert_eq!(failed["total"], 1);
    assert_eq!(failed["people"][0]["employee_code"], "-003");
    let cause = failed["people"][0]["cause"].as_str().unwrap();
    assert!(cause.contains("従業員メールアドレスの形式が不正"));
    let found = browser.get(&format!("{path}/people?q=Y2@")).await.json();
    assert_eq!(found["people"][0]["name"], "<b>山田 2郎");

    let log = browser.get(&format!("{path}/log")).await;
    let (disposition, csv) = console.downloaded(&log);
    let name = format!("attachment; filename=\"sync-log-{}.csv\"", run.run_id);
    assert_eq!(disposition, name);
    assert!(csv.starts_with("\u{FEFF}従業員コード,".as_bytes()));
    for part in [
        "X-Amz-Expires=60",
        "x-kitera-workspace=ws_test",
        "x-kitera-user=administrator",
    ] {
        assert!(log.location().contains(part), "{part}");
    }
}

#[tokio::test]
async fn a_preview_shows_people_and_changes_nothing() {
    let (console, browser) = administrator().await;
    console.env.set_crews(&crews()).await;
    let started = browser.post("/api/v1/previews", Value::Null).await.json();
    let (_, message) = console.env.services.take_message().unwrap();
    let message = serde_json::from_str(&message).unwrap();
    console.env.run(&message).await.unwrap();

    let path = format!("/api/v1/previews/{}", started["run_id"].as_str().unwrap());
    assert_eq!(browser.get(&path).await.json()["counts"]["invited"], 2);
    let people = browser.get(&format!("{path}/people")).await.json();
    assert_eq!(people["total"], 3);
    let users = browser.get("/api/v1/users").await.json();
    assert_eq!(users["users"].as_array().unwrap().len(), 1, "the admin");
    let history = browser.get("/api/v1/runs").await.json();
    assert_eq!(history["runs"], json!([]));
}

async fn run(console: &Console, id: &str, held: &[&str]) {
    console
        .keep(&Run {
            held: held.iter().copied().map(UserId::new).collect(),
            ..ended(id, RunOutcome::Success)
        })
        .await;
}

#[tokio::test]
async fn the_history_comes_in_pages_newest_first() {
    let (console, browser) = administrator().await;
    for day in 10..15 {
        run(&console, &format!("202611{day}T170000Z-schedule"), &[]).await;
    }
    let first = browser.get("/api/v1/runs?limit=3").await.json();
    assert_eq!(first["runs"][0]["run_id"], "20261114T170000Z-schedule");
    let next = first["next"].as_str().unwrap();
    let second = browser
        .get(&format!("/api/v1/runs?limit=3&before={next}"))
        .await;
    let second = second.json();
    assert_eq!(second["runs"].as_array().unwrap().len(), 2);
    assert_eq!(second["runs"][0]["run_id"], "20261111T170000Z-schedule");
    assert_eq!(second["next"], json!(null));
}

#[tokio::test]
async fn only_the_newest_run_asks_about_what_it_held_and_an_answer_ends_the_question() {
    let (console, browser) = administrator().await;
    run(&console, "20261110T170000Z-schedule", &["a", "b"]).await;
    run(&console, "20261111T170000Z-schedule", &["a", "b"]).await;
    let history = browser.get("/api/v1/runs").await.json();
    assert_eq!(history["runs"][0]["held"], 2);
    assert_eq!(history["runs"][0]["held_waiting"], true);
    assert_eq!(history["runs"][1]["held_waiting"], false);

    let newest = "/api/v1/runs/20261111T170000Z-schedule";
    let path = format!("{newest}/held-deletions");
    let answer = browser.post(&path, json!({"decision": "allow"})).await;
    assert_eq!(answer.status, StatusCode::OK);
    let message = answer.json()["message"].as_str().unwrap().to_owned();
    assert!(message.contains("2人の削除を許可しました"));
    assert_eq!(browser.get(newest).await.json()["held_waiting"], false);
}
