//! The API of ユーザー同期履歴 and 今すぐ同期.

use domain::{Mode, Role, RunId, UserId};
use jiff::SignedDuration;
use serde_json::{Value, json};
use testkit::succeeded_run;

use super::console::{Console, administrator, crews};

/// Stores a run that held the deletion of these users.
async fn keep(console: &Console, id: &str, held: &[&str]) {
    let mut run = succeeded_run(id);
    run.held = held.iter().copied().map(UserId::new).collect();
    console.keep(&run).await;
}

#[tokio::test]
async fn a_run_can_be_asked_for_unless_one_is_under_way() {
    let (console, browser) = administrator().await;
    let answer = browser.post("/api/v1/runs", Value::Null).await;
    assert_eq!(answer.status, 202);
    let [message] = &console.env.queued_runs()[..] else {
        panic!("one message");
    };
    assert_eq!(*message, console.env.manual_message());
    assert_eq!(answer.json()["run_id"], message.run_id.as_str());

    let (store, now) = (&console.env.store, testkit::now());
    let other = RunId::new("20261122T170000Z-schedule");
    let taken = store.acquire_lease(console.id(), &other, 0, now).await;
    taken.unwrap();
    let answer = browser.post("/api/v1/runs", Value::Null).await;
    answer.is_refused(409, "run_under_way");
    let answer = browser.post("/api/v1/previews", Value::Null).await;
    assert_eq!(answer.status, 202, "it is in nobody's way");
}

#[tokio::test]
async fn one_preview_and_one_run_of_a_workspace_wait_at_a_time() {
    let (console, browser) = administrator().await;
    for (path, code) in [
        ("/api/v1/previews", "preview_under_way"),
        ("/api/v1/runs", "run_under_way"),
    ] {
        let first = browser.post(path, Value::Null).await;
        assert_eq!(first.status, 202, "{path}");
        testkit::advance(SignedDuration::from_secs(2));
        let second = browser.post(path, Value::Null).await;
        assert_eq!(second.header("retry-after"), "10");
        second.is_refused(409, code);
    }
    let queued = console.env.queued_runs();
    assert_eq!(queued.len(), 2, "nothing else is queued");

    for message in queued {
        console.env.run(&message).await.unwrap();
    }
    for path in ["/api/v1/previews", "/api/v1/runs"] {
        let next = browser.post(path, Value::Null).await;
        assert_eq!(next.status, 202, "{path}: the one before has ended");
    }
}

#[tokio::test]
async fn what_could_not_be_queued_is_in_nobody_s_way() {
    let (console, browser) = administrator().await;
    let down = testkit::Fault::Refused(400, "AccessDenied");
    console.env.proxy.inject("SendMessage", 0, 1, down);
    let refused = browser.post("/api/v1/previews", Value::Null).await;
    assert!(refused.status.is_server_error(), "{}", refused.text);
    testkit::advance(SignedDuration::from_secs(2));
    let next = browser.post("/api/v1/previews", Value::Null).await;
    assert_eq!(next.status, 202);
}

#[tokio::test]
async fn a_hundred_runs_and_previews_a_day_are_started_by_hand() {
    let (console, browser) = administrator().await;
    for number in 0..100 {
        let path = ["/api/v1/previews", "/api/v1/runs"][number % 2];
        let started = browser.post(path, Value::Null).await;
        assert_eq!(started.status, 202, "{number}");
        let id = started.json()["run_id"].as_str().unwrap().to_owned();
        let mut run = succeeded_run(&id);
        if path.ends_with("previews") {
            run.mode = Mode::Preview;
        }
        console.keep(&run).await;
        testkit::advance(SignedDuration::from_secs(2));
    }
    let more = browser.post("/api/v1/previews", Value::Null).await;
    assert_eq!(more.status, 429, "{}", more.text);
    testkit::advance(SignedDuration::from_hours(24));
    let browser = console.browser(Role::SystemAdministrator).await;
    let tomorrow = browser.post("/api/v1/previews", Value::Null).await;
    assert_eq!(tomorrow.status, 202);
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
    let counts = &shown["counts"];
    assert_eq!([&counts["invited"], &counts["failed"]], [2, 1]);
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
    assert_eq!(
        disposition,
        "attachment; filename=\"smarthr-sync-log_20261123-0200.csv\"; \
         filename*=UTF-8''SmartHR%E5%90%8C%E6%9C%9F%E3%83%AD%E3%82%B0_20261123-0200.csv"
    );
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
    let preview = console.env.queued_runs().remove(0);
    console.env.run(&preview).await.unwrap();

    let path = format!("/api/v1/previews/{}", started["run_id"].as_str().unwrap());
    assert_eq!(browser.get(&path).await.json()["counts"]["invited"], 2);
    let people = browser.get(&format!("{path}/people")).await.json();
    assert_eq!(people["total"], 3);
    let users = browser.get("/api/v1/users").await.json();
    assert_eq!(users["users"].as_array().unwrap().len(), 1, "the admin");
    let history = browser.get("/api/v1/runs").await.json();
    assert_eq!(history["runs"], json!([]));
}

#[tokio::test]
async fn the_history_comes_in_pages_newest_first() {
    let (console, browser) = administrator().await;
    for day in 10..15 {
        keep(&console, &format!("202611{day}T170000Z-schedule"), &[]).await;
    }
    let first = browser.get("/api/v1/runs?limit=3").await.json();
    assert_eq!(first["runs"][0]["run_id"], "20261114T170000Z-schedule");
    let next = first["next"].as_str().unwrap();
    let second = format!("/api/v1/runs?limit=3&before={next}");
    let second = browser.get(&second).await.json();
    assert_eq!(second["runs"].as_array().unwrap().len(), 2);
    assert_eq!(second["runs"][0]["run_id"], "20261111T170000Z-schedule");
    assert_eq!(second["next"], json!(null));
}

#[tokio::test]
async fn only_the_newest_run_asks_about_what_it_held_and_an_answer_ends_the_question() {
    let (console, browser) = administrator().await;
    for id in ["20261110T170000Z-schedule", "20261111T170000Z-schedule"] {
        keep(&console, id, &["a", "b"]).await;
    }
    let runs = browser.get("/api/v1/runs").await.json()["runs"].clone();
    assert_eq!(runs[0]["held"], 2);
    let waiting = [&runs[0]["held_waiting"], &runs[1]["held_waiting"]];
    assert_eq!(waiting, [true, false]);

    let newest = "/api/v1/runs/20261111T170000Z-schedule";
    let path = format!("{newest}/held-deletions");
    let answer = browser.post(&path, json!({"decision": "allow"})).await;
    let message = answer.ok().json()["message"].to_string();
    assert!(message.contains("2名の削除を許可しました"), "{message}");
    assert_eq!(browser.get(newest).await.json()["held_waiting"], false);
}
