//! Connecting a company and reading from it, against the stand-in.

use axum::response::IntoResponse;
use domain::EmploymentStatus;
use jiff::ToSpan;
use reqwest::Method;
use secrecy::ExposeSecret;
use serde_json::json;
use smarthr::{OAuthError, ReadError, SmartHrError};
use smarthr_stand_in::Options;

use crate::fake::{Fake, problem};
use crate::link::{Linked, VERIFIER, app, exchange, log_in, now, session};
use crate::{client_of, in_time, soon};

#[tokio::test]
async fn an_admin_who_logs_in_links_the_company() {
    let linked = Linked::start(Options::default()).await;
    let tokens = &linked.tokens;
    assert_eq!(
        tokens.tenant_id.as_str(),
        "11111111-1111-4111-8111-111111111111"
    );
    assert_eq!(tokens.subdomain.as_deref(), Some("aozora"));
    assert_eq!(tokens.expires_at, now() + 2.hours());
    let name = linked.session.company_name(in_time()).await.unwrap();
    assert_eq!(name.as_deref(), Some("株式会社あおぞら商事"));
}

#[tokio::test]
async fn a_code_works_once_and_only_with_its_verifier() {
    let linked = Linked::start(Options::default()).await;
    let code = log_in(&linked.client, "a").await;
    let stolen = exchange(&linked.client, &code, "another-verifier").await;
    assert_eq!(stolen.unwrap_err(), OAuthError::Refused);
    let code = log_in(&linked.client, "b").await;
    exchange(&linked.client, &code, VERIFIER).await.unwrap();
    let again = exchange(&linked.client, &code, VERIFIER).await;
    assert_eq!(again.unwrap_err(), OAuthError::Refused);
}

#[tokio::test]
async fn a_dead_access_token_is_told_apart_and_a_refresh_mends_it() {
    let linked = Linked::start(Options::default()).await;
    let only_access = json!({"access_tokens_only": true});
    linked.order(Method::POST, "revoke", only_access).await;
    let dead = linked.session.company_name(in_time()).await;
    assert_eq!(dead, Err(SmartHrError::Unauthorized));
    let old = &linked.tokens;
    let deadline = in_time();
    let new = linked.client.refresh(&app(), old, now(), deadline).await;
    let new = new.unwrap();
    assert_ne!(
        new.refresh_token.expose_secret(),
        old.refresh_token.expose_secret(),
        "rotated"
    );
    let mended = session(&linked.client, &new);
    assert!(mended.company_name(in_time()).await.is_ok());
    let used_up = linked.client.refresh(&app(), old, now(), deadline).await;
    assert_eq!(used_up.unwrap_err(), OAuthError::Refused);
}

#[tokio::test]
async fn a_refresh_token_that_is_not_rotated_is_kept() {
    let linked = Linked::start(Options {
        rotate_refresh_tokens: false,
        ..Options::default()
    })
    .await;
    let old = &linked.tokens;
    let new = linked.client.refresh(&app(), old, now(), in_time()).await;
    assert_eq!(
        new.unwrap().refresh_token.expose_secret(),
        old.refresh_token.expose_secret()
    );
}

#[tokio::test]
async fn what_a_token_answer_leaves_out_stays_and_gets_the_default_life() {
    let fake = Fake::start(|_| axum::Json(json!({"access_token": "new"})).into_response()).await;
    let linked = Linked::start(Options::default()).await;
    let old = &linked.tokens;
    let client = client_of(&fake.base_url);
    let new = client.refresh(&app(), old, now(), in_time()).await.unwrap();
    assert_eq!(new.access_token.expose_secret(), "new");
    assert_eq!(new.tenant_id, old.tenant_id);
    assert_eq!(new.subdomain, old.subdomain);
    assert_eq!(new.expires_at, now() + 1.hour());
    let first = exchange(&client, "code", VERIFIER).await;
    let missing = SmartHrError::UnexpectedAnswer("tokens: no refresh token");
    assert_eq!(first.unwrap_err(), missing.into());
}

#[tokio::test]
async fn a_refusal_of_our_app_is_not_the_admin_s_to_mend() {
    let linked = Linked::start(Options::default()).await;
    let mut wrong = app();
    wrong.client_secret = "wrong".into();
    let tokens = &linked.tokens;
    let error = linked.client.refresh(&wrong, tokens, now(), in_time());
    let error = error.await.unwrap_err();
    assert_eq!(error, OAuthError::Misconfigured("invalid_client"));
}

#[tokio::test]
async fn smarthr_being_down_is_no_refusal_of_the_refresh_token() {
    let fake = Fake::start(|_| problem(503, 9)).await;
    let linked = Linked::start(Options::default()).await;
    let client = client_of(&fake.base_url);
    let error = client.refresh(&app(), &linked.tokens, now(), soon()).await;
    let error = error.unwrap_err();
    assert_eq!(error, SmartHrError::Maintenance.into());
}

#[tokio::test]
async fn tokens_are_never_printed() {
    let linked = Linked::start(Options::default()).await;
    let printed = format!("{:?} {:?} {:?}", linked.tokens, linked.session, app());
    for secret in [
        linked.tokens.access_token.expose_secret(),
        linked.tokens.refresh_token.expose_secret(),
        "kitera-secret",
    ] {
        assert!(!printed.contains(secret));
    }
}

#[tokio::test]
async fn everybody_is_read_in_two_requests() {
    let linked = Linked::start(Options::default()).await;
    let read = linked.session.read_employees(None, in_time()).await;
    let employees = read.unwrap();
    assert_eq!(employees.len(), 124);
    assert_eq!(linked.asked("GET /api/v1/crews").await, 2);
    let person = |number: usize| &employees[number - 1];
    assert_eq!(person(101).name.as_deref(), Some("神田 ひかり"));
    assert_eq!(person(105).email, None);
    assert_eq!(person(106).code.as_deref(), Some("0042"));
    assert_eq!(person(108).status, EmploymentStatus::Absent);
    assert_eq!(person(109).status, EmploymentStatus::Retired);
    assert_eq!(person(119).name, None);
}

#[tokio::test]
async fn cut_and_half_answers_are_read_again() {
    let linked = Linked::start(Options::default()).await;
    for fault in [
        json!({"path": "/api/v1/crews", "count": 1, "cut": true}),
        json!({"path": "/api/v1/crews", "count": 1, "broken_json": true}),
        json!({"path": "/api/v1/crews", "count": 1, "status": 500}),
        json!({"path": "/api/v1/crews", "count": 1, "delay_ms": 1_200}),
    ] {
        linked.order(Method::POST, "faults", fault).await;
    }
    let read = linked.session.read_employees(None, in_time()).await;
    assert_eq!(read.unwrap().len(), 124);
}

#[tokio::test]
async fn a_total_that_is_wrong_once_is_read_again_and_one_that_stays_wrong_is_not_whole() {
    let linked = Linked::start(Options::default()).await;
    let once = json!({"path": "/api/v1/crews", "count": 1, "wrong_total": 125});
    linked.order(Method::POST, "faults", once).await;
    let read = linked.session.read_employees(None, in_time()).await;
    assert_eq!(read.unwrap().len(), 124);
    assert_eq!(linked.asked("GET /api/v1/crews").await, 4, "read twice");
    let always = json!({"path": "/api/v1/crews", "wrong_total": 125});
    linked.order(Method::POST, "faults", always).await;
    let read = linked.session.read_employees(None, in_time()).await;
    assert!(matches!(read, Err(ReadError::NotWhole(_))));
}

#[tokio::test]
async fn a_status_that_may_not_be_read_any_more_fails_the_read() {
    let linked = Linked::start(Options::default()).await;
    let hidden = json!(["emp_status"]);
    linked.order(Method::PUT, "hidden-attributes", hidden).await;
    let read = linked.session.read_employees(None, in_time()).await;
    assert_eq!(read, Err(ReadError::AttributeHidden("emp_status")));
}
