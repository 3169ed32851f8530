//! A list of crews that changes, or is inconsistent, while it is read.

use std::sync::Mutex;
use std::time::{Duration, Instant};

use axum::response::{IntoResponse, Response};
use serde_json::json;
use smarthr::{Gap, ReadError, SmartHrError};

use crate::fake::{Fake, Seen, crews, page, problem};
use crate::{in_time, soon};

/// Returns the requested page of a consistent list of `total` crews.
fn honest(seen: &Seen, total: usize) -> Response {
    let from = (seen.page() - 1) * 100;
    page(total, &crews(from, total.min(from + 100)))
}

/// Reads from a server that answers so; returns the error and the number of requests.
async fn failure(answer: impl Fn(&Seen) -> Response + Send + Sync + 'static) -> (ReadError, usize) {
    let fake = Fake::start(answer).await;
    let read = fake.session().read_employees(None, in_time()).await;
    (read.unwrap_err(), fake.seen().len())
}

/// Returns the error of a list that has `found` people of `expected`.
fn count(expected: usize, found: usize) -> ReadError {
    ReadError::NotWhole(Gap::Count { expected, found })
}

/// Returns how often the client began to read the list.
fn readings(fake: &Fake) -> usize {
    fake.seen().iter().filter(|seen| seen.page() == 1).count()
}

#[tokio::test]
async fn every_page_is_read_once_and_asks_only_for_what_is_needed() {
    let fake = Fake::start(|seen| honest(seen, 2350)).await;
    let read = fake.session().read_employees(None, in_time()).await;
    assert_eq!(read.unwrap().len(), 2350);
    let mut pages: Vec<_> = fake.seen().iter().map(Seen::page).collect();
    pages.sort_unstable();
    assert_eq!(pages, (1..=24).collect::<Vec<_>>());
    let query = &fake.seen()[0].query;
    assert_eq!(query["per_page"], "100");
    assert_eq!(query["sort"], "emp_code");
    assert!(query["fields"].split(',').all(|field| field != "address"));
    assert!(!query["fields"].contains("custom_fields"));
}

#[tokio::test]
async fn a_company_without_anybody_is_a_whole_read() {
    let fake = Fake::start(|_| page(0, &[])).await;
    let read = fake.session().read_employees(None, in_time()).await;
    assert_eq!(read, Ok(Vec::new()));
}

#[tokio::test]
async fn smaller_pages_than_asked_for_are_all_read() {
    let fake = Fake::start(|seen| {
        let from = (seen.page() - 1) * 50;
        page(120, &crews(from, 120.min(from + 50)))
    })
    .await;
    let read = fake.session().read_employees(None, in_time()).await;
    assert_eq!(read.unwrap().len(), 120);
}

#[tokio::test]
async fn somebody_hired_while_reading_makes_the_list_be_read_again() {
    let fake = Fake::start(|seen| honest(seen, if seen.nth == 0 { 250 } else { 251 })).await;
    let read = fake.session().read_employees(None, in_time()).await;
    assert_eq!((read.unwrap().len(), readings(&fake)), (251, 2));
}

#[tokio::test]
async fn a_list_that_shifts_by_one_is_not_taken_for_whole() {
    // The last crew of page 1 is on page 2 again, so every reading misses somebody.
    let (error, requests) = failure(|seen| match seen.page() {
        1 => page(150, &crews(0, 100)),
        _ => page(150, &crews(99, 149)),
    })
    .await;
    assert_eq!(error, count(150, 149));
    assert_eq!(requests, 6, "read three times and not again");
}

#[tokio::test]
async fn a_person_who_comes_twice_beside_everybody_else_is_taken_only_when_it_is_the_same_again() {
    let fake = Fake::start(|seen| match seen.page() {
        1 => page(150, &crews(0, 100)),
        _ => page(150, &crews(99, 150)),
    })
    .await;
    let read = fake.session().read_employees(None, in_time()).await;
    assert_eq!((read.unwrap().len(), readings(&fake)), (150, 2));
}

#[tokio::test]
async fn people_whose_order_changes_with_every_page_are_gathered_over_several_readings() {
    // Crews without codes have no stable order: crews at the page boundary swap places between
    // requests.
    let fake = Fake::start(|seen| match (seen.nth, seen.page()) {
        (0 | 1, 1) => page(150, &crews(0, 100)),
        (0 | 1, _) => page(150, &crews(99, 149)),
        (_, 1) => page(150, &[crews(0, 99), crews(149, 150)].concat()),
        (_, _) => page(150, &[crews(100, 149), crews(0, 1)].concat()),
    })
    .await;
    let read = fake.session().read_employees(None, in_time()).await;
    assert_eq!((read.unwrap().len(), readings(&fake)), (150, 2));
}

#[tokio::test]
async fn a_total_that_is_too_small_by_whole_pages_is_not_taken_for_whole() {
    let (error, _) = failure(|seen| {
        let link = format!("<{}?page={}>; rel=\"next\"", seen.path, seen.page() + 1);
        let from = (seen.page() - 1) * 100;
        ([("link", link)], page(200, &crews(from, from + 100))).into_response()
    })
    .await;
    assert_eq!(error, ReadError::NotWhole(Gap::More));
}

#[tokio::test]
async fn more_people_than_the_total_says_is_not_whole() {
    let (error, _) = failure(|_| page(1, &crews(0, 3))).await;
    assert_eq!(error, count(1, 3));
}

#[tokio::test]
async fn a_total_that_is_far_too_large_is_not_chased() {
    let (error, requests) = failure(|seen| match seen.page() {
        1 => page(9_000_000, &crews(0, 100)),
        _ => page(9_000_000, &[]),
    })
    .await;
    assert_eq!(error, count(9_000_000, 100));
    assert!(requests < 100, "{requests} requests");
}

#[tokio::test]
async fn without_a_total_nothing_says_what_whole_is() {
    let (error, _) = failure(|_| axum::Json(json!(crews(0, 3))).into_response()).await;
    assert_eq!(error, ReadError::NotWhole(Gap::NoTotal));
}

#[tokio::test]
async fn one_page_that_stays_broken_fails_the_whole_read() {
    let fake = Fake::start(|seen| match seen.page() {
        3 => "<html>proxy</html>".into_response(),
        _ => honest(seen, 400),
    })
    .await;
    let error = fake.session().read_employees(None, soon()).await;
    assert_eq!(error, Err(SmartHrError::BrokenAnswer.into()));
}

#[tokio::test]
async fn a_list_of_another_shape_is_reported_without_quoting_it() {
    let answer = json!({ "crews": [{ "email": "private@example.jp" }] });
    let (error, requests) = failure(move |_| answer.to_string().into_response()).await;
    assert_eq!(error, SmartHrError::UnexpectedAnswer("crews").into());
    assert_eq!(requests, 1, "asking again would not help");
}

#[tokio::test]
async fn a_long_list_is_read_at_the_limit_s_pace_without_a_storm_of_refusals() {
    let window = Mutex::new((Instant::now(), 0_u32));
    let fake = Fake::start(move |seen| {
        let mut window = window.lock().unwrap();
        if window.0.elapsed() >= Duration::from_secs(1) {
            *window = (Instant::now(), 0);
        }
        let answer = if window.1 < 10 {
            window.1 += 1;
            page(45, &crews(seen.page() - 1, seen.page()))
        } else {
            problem(429, 6)
        };
        let headers = [
            ("x-intensive-rate-limit-limit", 10),
            ("x-intensive-rate-limit-remaining", 10 - window.1),
            ("x-intensive-rate-limit-reset", 1),
        ];
        (
            headers.map(|(name, value)| (name, value.to_string())),
            answer,
        )
            .into_response()
    })
    .await;
    let began = Instant::now();
    let read = fake.session().read_employees(None, in_time()).await;
    assert_eq!(read.unwrap().len(), 45);
    // 45 requests at 10 a second take 4 s. Tests without a clock check the exact pace; here a busy
    // machine may waste a window, and one burst may come a moment too early.
    assert!(began.elapsed().as_secs() < 6, "{:?}", began.elapsed());
    let requests = fake.seen().len();
    assert!(requests <= 55, "{requests} requests");
}
