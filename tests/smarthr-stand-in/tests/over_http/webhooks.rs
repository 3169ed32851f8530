//! Webhooks: registered by an app, and called when people change.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use reqwest::Method;
use serde_json::{Value, json};
use smarthr_stand_in::Options;
use tokio::net::TcpListener;

use crate::client::{TestClient, person, unhurried};

const WEBHOOKS: &str = "/webhooks";

/// What an app that listens was sent, and what it answers.
#[derive(Clone)]
struct Listener(Arc<Mutex<Heard>>);

struct Heard {
    reports: Vec<(String, Value)>,
    answer: StatusCode,
}

impl Listener {
    /// Starts an app that takes every report, and returns it with its address.
    async fn start() -> (Self, String) {
        let heard = Heard {
            reports: Vec::new(),
            answer: StatusCode::NO_CONTENT,
        };
        let listener = Self(Arc::new(Mutex::new(heard)));
        let socket = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/reports", socket.local_addr().unwrap());
        let router = Router::new().route("/reports", post(hear));
        let router = router.with_state(listener.clone());
        tokio::spawn(async move { axum::serve(socket, router).await });
        (listener, url)
    }

    fn answers(&self, status: StatusCode) {
        self.0.lock().unwrap().answer = status;
    }

    /// Takes what was heard so far: the secret and the body of each report.
    fn reports(&self) -> Vec<(String, Value)> {
        std::mem::take(&mut self.0.lock().unwrap().reports)
    }

    /// Takes the event and the person of each report that was heard so far.
    fn events(&self) -> Vec<(String, String)> {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let reports = self.reports().into_iter();
        reports
            .map(|(_, body)| (text(&body["event"]), text(&body["crew"]["id"])))
            .collect()
    }
}

async fn hear(State(listener): State<Listener>, headers: HeaderMap, body: String) -> StatusCode {
    let token = headers.get("X-SmartHR-Token");
    let token = token.map_or("", |token| token.to_str().unwrap()).to_owned();
    let mut heard = listener.0.lock().unwrap();
    let body = serde_json::from_str(&body).unwrap();
    heard.reports.push((token, body));
    heard.answer
}

fn local() -> Options {
    Options {
        private_webhooks: true,
        ..unhurried()
    }
}

/// Returns the body of a registration for all events of people.
fn registration(url: &str) -> Value {
    json!({
        "url": url,
        "description": "KiteRa",
        "crew_created": true,
        "crew_updated": true,
        "crew_deleted": true,
        "crew_imported": true,
        "dependent_created": false,
        "dependent_updated": false,
        "dependent_deleted": false,
        "dependent_imported": false,
        "expose_only_id": true,
        "access_type": "read_and_update_only_origin",
        "secret_token": "the-secret",
    })
}

async fn register(client: &TestClient, body: &Value) -> String {
    let webhook = client.write(Method::POST, WEBHOOKS, body, 201).await;
    webhook["id"].as_str().unwrap().to_owned()
}

/// A client of a stand-in with one webhook, and the app that listens there.
async fn listening(options: Options) -> (TestClient, Listener, String) {
    let (listener, url) = Listener::start().await;
    let client = TestClient::logged_in_with(options).await;
    let id = register(&client, &registration(&url)).await;
    (client, listener, id)
}

/// Sends what is due, and returns how it went.
async fn deliver(client: &TestClient) -> Value {
    client.control("POST /deliveries", &json!({})).await;
    client.inspect("/deliveries").await
}

async fn change(client: &TestClient, number: usize, changes: &Value) {
    let path = format!("PATCH /crews/{}", person(number));
    client.control(&path, changes).await;
}

#[tokio::test]
async fn a_webhook_is_registered_read_changed_and_deleted_and_its_secret_is_never_shown() {
    let client = TestClient::logged_in().await;
    let body = registration("https://kitera.example/webhooks/smarthr/1");
    let created = client.write(Method::POST, WEBHOOKS, &body, 201).await;
    assert_eq!(created["secret_token"], Value::Null);
    assert_eq!(created["disabled_at"], Value::Null);
    let path = format!("{WEBHOOKS}/{}", created["id"].as_str().unwrap());
    assert_eq!(client.read(&path).await, created);
    assert_eq!(client.read(WEBHOOKS).await, json!([created]));

    let mut events = registration("");
    let events = events.as_object_mut().unwrap();
    events.retain(|name, _| name.starts_with("crew_") || name.starts_with("dependent_"));
    events["crew_updated"] = json!(false);
    let part = Value::Object(events.clone());
    let patched = client.write(Method::PATCH, &path, &part, 200).await;
    assert_eq!(patched["crew_updated"], false);
    assert_eq!(patched["url"], body["url"]);
    assert_eq!(patched["description"], "KiteRa");
    let mut whole = registration("https://kitera.example/webhooks/smarthr/2");
    whole.as_object_mut().unwrap().remove("description");
    let replaced = client.write(Method::PUT, &path, &whole, 200).await;
    assert_eq!(replaced["url"], whole["url"]);
    assert_eq!(replaced["description"], Value::Null);
    assert_eq!(replaced["created_at"], created["created_at"]);

    let deleted = client.api(Method::DELETE, &path).send().await.unwrap();
    assert_eq!(deleted.status(), 204);
    assert_eq!(client.get(&path).await.status(), 404);
    assert_eq!(client.read(WEBHOOKS).await, json!([]));
}

#[tokio::test]
async fn each_of_the_eight_kinds_of_events_is_required() {
    let client = TestClient::logged_in().await;
    let whole = registration("https://kitera.example/");
    let id = register(&client, &whole).await;
    let path = format!("{WEBHOOKS}/{id}");
    let kinds = whole.as_object().unwrap().keys();
    let kinds: Vec<_> = kinds
        .filter(|name| name.starts_with("crew_") || name.starts_with("dependent_"))
        .collect();
    assert_eq!(kinds.len(), 8);
    for kind in kinds {
        let mut body = whole.clone();
        body.as_object_mut().unwrap().remove(kind);
        client.write(Method::POST, WEBHOOKS, &body, 400).await;
        client.write(Method::PUT, &path, &body, 400).await;
        client.write(Method::PATCH, &path, &body, 400).await;
    }
}

#[tokio::test]
async fn an_address_that_is_private_or_none_is_refused() {
    let client = TestClient::logged_in().await;
    for url in [
        "",
        "kitera",
        "ftp://kitera.example/",
        "http://localhost:8080/",
        "https://127.0.0.1/",
        "https://10.1.2.3/",
        "https://192.168.0.1/",
        "https://[::1]/",
        "https://[fd00::1]/",
    ] {
        let body = registration(url);
        let answer = client.write(Method::POST, WEBHOOKS, &body, 400);
        assert_eq!(answer.await["code"], 1, "{url}");
    }
}

#[tokio::test]
async fn an_app_without_the_right_to_webhooks_gets_a_403() {
    let client = TestClient::logged_in().await;
    let fault = json!({"path": "/api/v1/webhooks", "status": 403});
    client.inject(&fault).await;
    let answer = client.get(WEBHOOKS).await;
    assert_eq!(answer.status(), 403);
    assert_eq!(answer.json::<Value>().await.unwrap()["code"], 3);
    assert_eq!(client.get("/crews").await.status(), 200);
}

#[tokio::test]
async fn hiring_changing_and_deleting_people_is_reported_by_id_with_the_secret() {
    let (client, listener, _) = listening(local()).await;
    change(&client, 7, &json!({"email": "moved@aozora-shoji.example"})).await;
    deliver(&client).await;
    let reports = listener.reports();
    assert_eq!(reports.len(), 1, "{reports:?}");
    let (secret, body) = &reports[0];
    assert_eq!(secret, "the-secret");
    assert_eq!(body["event"], "crew_updated");
    assert_eq!(body["crew"], json!({"id": person(7)}));
    assert!(body["triggered_at"].is_string() && body["sender"].is_object());

    let mut crews = client.inspect("/crews").await;
    let all = crews.as_array_mut().unwrap();
    all.truncate(2);
    all[1]["first_name"] = json!("改");
    all.push(json!({"id": "new", "last_name": "新井", "first_name": "望"}));
    client.control("PUT /crews?company=aozora", &crews).await;
    deliver(&client).await;
    let events = listener.events();
    assert_eq!(events.len(), 1 + 1 + 122);
    assert!(events.contains(&("crew_created".into(), "new".into())));
    assert!(events.contains(&("crew_updated".into(), person(2))));
    assert!(events.contains(&("crew_deleted".into(), person(3))));

    // What changes nothing is not reported, and neither is another company.
    client.control("PUT /crews?company=aozora", &crews).await;
    let people = json!([{"emp_code": "1", "last_name": "緑", "first_name": "一"}]);
    client.control("PUT /crews?company=midori", &people).await;
    deliver(&client).await;
    assert_eq!(listener.events(), []);
}

#[tokio::test]
async fn the_api_the_choice_of_an_item_and_the_button_on_the_page_report_too() {
    let (client, listener, _) = listening(local()).await;
    client.make_item().await;
    client.choose(Some("連携する")).await;
    client.choose(Some("連携する")).await;
    let path = format!("/crews/{}", person(2));
    let body = json!({"emp_code": "A9002"});
    client.write(Method::PATCH, &path, &body, 200).await;
    client.write(Method::PATCH, &path, &body, 200).await;
    let retirement = format!("/crews/{}/retirement", person(3));
    assert_eq!(client.post_form(&retirement, &[]).await.status(), 303);
    deliver(&client).await;
    let updated = |number| ("crew_updated".to_owned(), person(number));
    assert_eq!(listener.events(), [updated(1), updated(2), updated(3)]);
    let crew = client.read(&format!("/crews/{}", person(3))).await;
    assert_eq!(crew["emp_status"], "retired");
}

#[tokio::test]
async fn a_webhook_for_whole_people_shows_them() {
    let (listener, url) = Listener::start().await;
    let client = TestClient::logged_in_with(local()).await;
    let mut body = registration(&url);
    body["expose_only_id"] = json!(false);
    register(&client, &body).await;
    change(&client, 7, &json!({"emp_status": "retired"})).await;
    deliver(&client).await;
    let (_, report) = listener.reports().remove(0);
    assert_eq!(report["crew"]["emp_code"], "A0007");
    assert_eq!(report["crew"]["emp_status"], "retired");
}

#[tokio::test]
async fn reports_can_be_taken_by_a_test_that_delivers_them_itself() {
    let options = Options {
        deliver_by_itself: false,
        ..local()
    };
    let (client, listener, _) = listening(options).await;
    change(&client, 7, &json!({"emp_code": "1"})).await;
    let taken = client.control_answer("DELETE /deliveries").await;
    assert_eq!(taken[0]["secret"], "the-secret");
    assert!(taken[0]["url"].is_string());
    let body: Value = serde_json::from_str(taken[0]["body"].as_str().unwrap()).unwrap();
    assert_eq!(body["crew"]["id"], person(7));
    assert_eq!(deliver(&client).await["waiting"], 0);
    assert_eq!(listener.events(), []);
}

#[tokio::test]
async fn an_import_is_reported_once_and_about_nobody() {
    let (client, listener, _) = listening(local()).await;
    let mut crews = client.inspect("/crews").await;
    for crew in crews.as_array_mut().unwrap() {
        crew["first_name"] = json!("改");
    }
    let import = "PUT /crews?company=aozora&import=true";
    client.control(import, &crews).await;
    deliver(&client).await;
    assert_eq!(listener.events(), [("crew_imported".into(), String::new())]);
}

#[tokio::test]
async fn only_the_events_that_were_asked_for_are_reported() {
    let (listener, url) = Listener::start().await;
    let client = TestClient::logged_in_with(local()).await;
    let mut body = registration(&url);
    body["crew_updated"] = json!(false);
    register(&client, &body).await;
    change(&client, 7, &json!({"emp_code": "1"})).await;
    client.control("PUT /crews", &json!([])).await;
    deliver(&client).await;
    let events = listener.events();
    assert_eq!(events.len(), 124);
    assert!(events.iter().all(|(event, _)| event == "crew_deleted"));
}

#[tokio::test]
async fn reports_come_doubled_reordered_lost_and_about_somebody_unchanged_on_request() {
    let (client, listener, _) = listening(local()).await;
    let ways = json!({"copies": 2, "reversed": true, "lost": 1, "paused": true});
    client.control("PUT /delivery-faults", &ways).await;
    for number in 1..=3 {
        change(&client, number, &json!({"first_name": "改"})).await;
    }
    assert_eq!(deliver(&client).await["waiting"], 4);
    let ways = json!({"copies": 2, "reversed": true});
    client.control("PUT /delivery-faults", &ways).await;
    deliver(&client).await;
    let numbers = [3, 3, 2, 2].map(person);
    let people: Vec<_> = listener.events().into_iter().map(|(_, id)| id).collect();
    assert_eq!(people, numbers);

    client.control("PUT /delivery-faults", &json!({})).await;
    let forged = json!({"event": "crew_deleted", "crew_ids": [person(5)]});
    client.control("POST /reports", &forged).await;
    deliver(&client).await;
    assert_eq!(listener.events(), [("crew_deleted".into(), person(5))]);
    let path = format!("/crews/{}", person(5));
    assert_eq!(client.get(&path).await.status(), 200);
}

/// A file with the offset of a stand-in's clock.
fn clock(name: &str) -> (PathBuf, Options) {
    let file = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&file, "0").unwrap();
    let options = Options {
        clock_offset_file: Some(file.clone()),
        // The token lives as long as the tries.
        access_token_seconds: u32::MAX,
        webhook_tries: 3,
        ..local()
    };
    (file, options)
}

#[tokio::test]
async fn a_report_that_is_refused_comes_again_later_until_the_webhook_is_disabled() {
    let (file, options) = clock("webhook-tries");
    let (client, listener, id) = listening(options).await;
    let path = format!("{WEBHOOKS}/{id}");
    listener.answers(StatusCode::INTERNAL_SERVER_ERROR);
    change(&client, 7, &json!({"emp_code": "1"})).await;
    deliver(&client).await;
    assert_eq!(deliver(&client).await["waiting"], 1, "not yet again");
    for (seconds, is_last) in [("33", false), ("98", true)] {
        std::fs::write(&file, seconds).unwrap();
        deliver(&client).await;
        let webhook = client.read(&path).await;
        assert_eq!(webhook["disabled_at"].is_string(), is_last);
    }
    assert_eq!(listener.events().len(), 3);

    // Nothing is reported while it is disabled, and everything after it was enabled.
    listener.answers(StatusCode::OK);
    change(&client, 8, &json!({"emp_code": "2"})).await;
    deliver(&client).await;
    assert_eq!(listener.events(), []);
    let mut body = registration("");
    body.as_object_mut().unwrap().remove("url");
    body["disabled_at"] = Value::Null;
    let enabled = client.write(Method::PATCH, &path, &body, 200).await;
    assert_eq!(enabled["disabled_at"], Value::Null);
    change(&client, 9, &json!({"emp_code": "3"})).await;
    deliver(&client).await;
    assert_eq!(listener.events(), [("crew_updated".into(), person(9))]);
}

#[tokio::test]
async fn who_retires_at_one_in_the_morning_is_reported_if_smarthr_is_said_to_do_that() {
    for reported in [false, true] {
        let (file, options) = clock(&format!("webhook-retirements-{reported}"));
        let options = Options {
            report_retirements: reported,
            ..options
        };
        let (client, listener, _) = listening(options).await;
        let three_days = 3 * 24 * 60 * 60;
        std::fs::write(&file, three_days.to_string()).unwrap();
        deliver(&client).await;
        deliver(&client).await;
        let retired = listener
            .events()
            .contains(&("crew_updated".into(), person(110)));
        assert_eq!(retired, reported);
    }
}
