//! Transient failures are retried; lasting failures become the error that names the remedy.

use std::time::{Duration, Instant};

use axum::response::{IntoResponse, Response};
use serde_json::json;
use smarthr::{SmartHrError, TransportError};

use crate::fake::{Fake, Seen, page, problem, session};
use crate::{client_of, in_time, soon};

/// Returns the answer with headers that say that the limit is used up for `reset` seconds.
fn used_up(reset: &'static str, answer: Response) -> Response {
    let headers = [
        ("x-rate-limit-limit", "10"),
        ("x-rate-limit-remaining", "0"),
        ("x-rate-limit-reset", reset),
    ];
    (headers, answer).into_response()
}

fn companies() -> Response {
    page(1, &[json!({"id": "c1", "name": "株式会社あおぞら商事"})])
}

async fn ask_soon(answer: impl Fn(&Seen) -> Response + Send + Sync + 'static) -> SmartHrError {
    let fake = Fake::start(answer).await;
    fake.session().company_name(soon()).await.unwrap_err()
}

#[tokio::test]
async fn whatever_passes_by_itself_is_asked_again() {
    let fake = Fake::start(|seen| match seen.nth {
        0 => problem(503, 9),
        1 => problem(500, 5),
        2 => problem(429, 6),
        3 => "[{\"id\": \"c1\", \"na".into_response(),
        4 => used_up("0.05", problem(429, 6)),
        5 => ([("retry-after", "0")], problem(429, 6)).into_response(),
        _ => companies(),
    })
    .await;
    let name = fake.session().company_name(in_time()).await.unwrap();
    assert_eq!(name.as_deref(), Some("株式会社あおぞら商事"));
    assert_eq!(fake.seen().len(), 7);
}

#[tokio::test]
async fn an_answer_that_is_never_json_is_asked_for_four_times_and_not_until_the_deadline() {
    for body in [
        "<html>maintenance</html>",
        "",
        "[{\"id\": \"c1\", \"na",
        "\u{FEFF}",
    ] {
        let fake = Fake::start(move |_| body.into_response()).await;
        let error = fake.session().company_name(in_time()).await.unwrap_err();
        assert_eq!(error, SmartHrError::BrokenAnswer, "{body}");
        assert_eq!(fake.seen().len(), 4, "{body}");
    }
}

#[tokio::test]
async fn requests_throttles_and_repetitions_are_counted() {
    let fake = Fake::start(|seen| match seen.nth {
        0 => problem(429, 6),
        _ => companies(),
    })
    .await;
    let client = client_of(&fake.base_url);
    let name = session(&client).company_name(in_time()).await;
    name.unwrap();
    let sent = client.metrics();
    assert_eq!((sent.requests, sent.throttled, sent.retries), (2, 1, 1));
}

#[tokio::test]
async fn what_lasts_until_the_deadline_is_told_apart() {
    let maintenance = ask_soon(|_| problem(503, 9)).await;
    assert_eq!(maintenance, SmartHrError::Maintenance { retry_after: None });
    let down = ask_soon(|_| problem(503, 5)).await;
    assert_eq!(
        down,
        SmartHrError::ServerError {
            status: 503,
            retry_after: None
        }
    );
    let throttled = ask_soon(|_| problem(429, 6)).await;
    assert!(matches!(throttled, SmartHrError::RateLimited { .. }));
    for error in [maintenance, down, throttled] {
        assert!(error.is_transient(), "{error}");
    }
}

#[tokio::test]
async fn refusals_are_returned_at_once_with_smarthr_s_code() {
    let rejected = SmartHrError::Rejected {
        status: 400,
        code: Some(1),
    };
    for (answer, expected) in [
        ((401, 2), SmartHrError::Unauthorized),
        ((403, 7), SmartHrError::Forbidden { code: Some(7) }),
        ((404, 4), SmartHrError::NotFound),
        ((400, 1), rejected),
    ] {
        let fake = Fake::start(move |_| problem(answer.0, answer.1)).await;
        let error = fake.session().company_name(in_time()).await.unwrap_err();
        assert_eq!(error, expected);
        assert!(!error.is_transient());
        assert_eq!(fake.seen().len(), 1);
    }
}

#[tokio::test]
async fn an_hourly_limit_that_outlasts_the_deadline_fails_at_once_instead_of_waiting() {
    let fake = Fake::start(|_| used_up("1800", companies())).await;
    let session = fake.session();
    session.company_name(in_time()).await.unwrap();
    let error = session.company_name(in_time()).await.unwrap_err();
    assert!(matches!(
        error,
        SmartHrError::RateLimited { retry_after: Some(wait) } if wait.as_secs() >= 1799
    ));
    assert_eq!(fake.seen().len(), 1);
}

#[tokio::test]
async fn an_answer_beyond_any_sane_size_is_refused() {
    let error = ask_soon(|_| vec![b' '; 21 * 1024 * 1024].into_response()).await;
    assert_eq!(error, SmartHrError::TooLarge);
}

#[tokio::test]
async fn a_redirect_is_not_followed_with_the_token() {
    let error = ask_soon(|_| axum::response::Redirect::to("http://127.0.0.1:9/").into_response());
    assert!(matches!(
        error.await,
        SmartHrError::Rejected { status: 303, .. }
    ));
}

#[tokio::test]
async fn nobody_listening_is_no_connection_and_transient() {
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let base_url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let session = session(&client_of(&base_url));
    let error = session.company_name(soon()).await.unwrap_err();
    assert_eq!(error, SmartHrError::Transport(TransportError::NoConnection));
    assert!(error.is_transient());
    let printed = format!("{error} {error:?}");
    assert!(!printed.contains("very-secret") && !printed.contains("127.0.0.1"));
}

#[tokio::test]
async fn a_deadline_in_the_past_asks_nothing() {
    let fake = Fake::start(|_| companies()).await;
    let now = tokio::time::Instant::now();
    let name = fake.session().company_name(now).await;
    assert_eq!(name, Err(SmartHrError::OutOfTime));
    assert!(fake.seen().is_empty());
}

#[tokio::test]
async fn while_smarthr_is_down_the_next_company_is_not_kept_waiting_until_its_deadline() {
    let fake = Fake::start(|seen| match seen.query["page"].as_str() {
        "1" => problem(503, 5),
        _ => companies(),
    })
    .await;
    let client = client_of(&fake.base_url);
    session(&client).company_name(soon()).await.unwrap_err();
    let began = Instant::now();
    let error = session(&client).company_name(in_time()).await.unwrap_err();
    assert!(error.is_transient());
    assert!(began.elapsed() < Duration::from_secs(10));
}
