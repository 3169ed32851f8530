//! Connecting a company and reading from it, against the stand-in.

use axum::response::IntoResponse;
use domain::EmploymentStatus;
use jiff::ToSpan;
use reqwest::Method;
use secrecy::ExposeSecret;
use serde_json::json;
use smarthr::{OAuthError, ReadError, SmartHrError};
use smarthr_stand_in::Options;

use crate::connected::{Connected, app, exchange, now, session};
use crate::fake::{Fake, problem};
use crate::{client_of, in_time, soon};

#[tokio::test]
async fn an_admin_who_logs_in_connects_the_company() {
    let company = Connected::start().await;
    let tokens = &company.tokens;
    let tenant = "11111111-1111-4111-8111-111111111111";
    assert_eq!(tokens.tenant_id.as_str(), tenant);
    assert_eq!(tokens.subdomain.as_deref(), Some("aozora"));
    assert_eq!(tokens.expires_at, now() + 2.hours());
    let name = company.session.company_name(in_time()).await.unwrap();
    assert_eq!(name.as_deref(), Some("株式会社あおぞら商事"));
}

#[tokio::test]
async fn a_dead_access_token_is_told_apart_and_a_refresh_mends_it() {
    let company = Connected::start().await;
    let only_access = json!({"access_tokens_only": true});
    let path = "/_stand-in/revoke";
    company.at_smarthr(Method::POST, path, &only_access).await;
    let dead = company.session.company_name(in_time()).await;
    assert_eq!(dead, Err(SmartHrError::Unauthorized));
    let old = &company.tokens;
    let refresh = async || company.client.refresh(&app(), old, now(), in_time()).await;
    let new = refresh().await.unwrap();
    let rotated = new.refresh_token.expose_secret();
    assert_ne!(rotated, old.refresh_token.expose_secret());
    let mended = session(&company.client, &new);
    assert!(mended.company_name(in_time()).await.is_ok());
    assert_eq!(refresh().await.unwrap_err(), OAuthError::Refused);
}

#[tokio::test]
async fn a_refresh_token_that_is_not_rotated_is_kept() {
    let company = Connected::start_with(Options {
        rotate_refresh_tokens: false,
        ..Options::default()
    })
    .await;
    let old = &company.tokens;
    let new = company.client.refresh(&app(), old, now(), in_time()).await;
    let kept = new.unwrap().refresh_token;
    assert_eq!(kept.expose_secret(), old.refresh_token.expose_secret());
}

#[tokio::test]
async fn what_a_token_answer_leaves_out_stays_and_gets_the_default_life() {
    let fake = Fake::start(|_| axum::Json(json!({"access_token": "new"})).into_response()).await;
    let company = Connected::start().await;
    let old = &company.tokens;
    let client = client_of(&fake.base_url);
    let new = client.refresh(&app(), old, now(), in_time()).await.unwrap();
    assert_eq!(new.access_token.expose_secret(), "new");
    assert_eq!(new.tenant_id, old.tenant_id);
    assert_eq!(new.subdomain, old.subdomain);
    assert_eq!(new.expires_at, now() + 1.hour());
    let first = exchange(&client, "code").await;
    let missing = SmartHrError::UnexpectedAnswer("tokens: no refresh token");
    assert_eq!(first.unwrap_err(), missing.into());
}

#[tokio::test]
async fn nothing_beside_a_rotated_token_costs_it() {
    let company = Connected::start().await;
    let old = &company.tokens;
    let (hour, two) = (now() + 1.hour(), now() + 2.hours());
    for (field, value, expires_at) in [
        ("expires_in", json!("7200"), two),
        ("expires_in", json!(7200), two),
        ("expires_in", json!(-1), hour),
        ("expires_in", json!(1e300), hour),
        ("expires_in", json!(9_007_199_254_740_991_u64), hour),
        ("expires_in", json!(null), hour),
        ("expires_in", json!(["7200"]), hour),
        ("subdomain", json!(""), hour),
        ("subdomain", json!("aozora shoji"), hour),
        ("subdomain", json!("aozora.smarthr.jp"), hour),
        ("subdomain", json!({}), hour),
        ("token_request_tenant_id", json!(""), hour),
        ("token_request_tenant_id", json!(false), hour),
        ("scope", json!([1]), hour),
    ] {
        let mut answer = json!({"access_token": "new", "refresh_token": "rotated"});
        answer[field] = value;
        println!("{answer}");
        let fake = Fake::start(move |_| axum::Json(answer.clone()).into_response()).await;
        let client = client_of(&fake.base_url);
        let new = client.refresh(&app(), old, now(), in_time()).await.unwrap();
        assert_eq!(new.refresh_token.expose_secret(), "rotated");
        assert_eq!(new.expires_at, expires_at);
        assert_eq!(new.tenant_id, old.tenant_id);
        assert_eq!(new.subdomain, old.subdomain);
    }
}

#[tokio::test]
async fn an_empty_refresh_token_is_none() {
    let company = Connected::start().await;
    let answer = json!({"access_token": "new", "refresh_token": " "});
    let fake = Fake::start(move |_| axum::Json(answer.clone()).into_response()).await;
    let client = client_of(&fake.base_url);
    let tokens = &company.tokens;
    let new = client.refresh(&app(), tokens, now(), in_time()).await;
    let kept = new.unwrap().refresh_token;
    let old = &company.tokens.refresh_token;
    assert_eq!(kept.expose_secret(), old.expose_secret());
}

#[tokio::test]
async fn a_refusal_of_our_app_is_not_the_admin_s_to_mend() {
    let company = Connected::start().await;
    let mut wrong = app();
    wrong.client_secret = "wrong".into();
    let tokens = &company.tokens;
    let error = company.client.refresh(&wrong, tokens, now(), in_time());
    let error = error.await.unwrap_err();
    assert_eq!(error, OAuthError::Misconfigured("invalid_client"));
}

#[tokio::test]
async fn smarthr_being_down_is_no_refusal_of_the_refresh_token() {
    let fake = Fake::start(|_| problem(503, 9)).await;
    let company = Connected::start().await;
    let client = client_of(&fake.base_url);
    let error = client.refresh(&app(), &company.tokens, now(), soon()).await;
    assert_eq!(
        error.unwrap_err(),
        SmartHrError::Maintenance { retry_after: None }.into()
    );
}

#[tokio::test]
async fn tokens_are_never_printed() {
    let company = Connected::start().await;
    let printed = format!("{:?} {:?} {:?}", company.tokens, company.session, app());
    for secret in [
        company.tokens.access_token.expose_secret(),
        company.tokens.refresh_token.expose_secret(),
        "kitera-secret",
    ] {
        assert!(!printed.contains(secret));
    }
}

#[tokio::test]
async fn everybody_is_read_in_two_requests() {
    let company = Connected::start().await;
    let read = company.session.read_employees(None, in_time()).await;
    let employees = read.unwrap();
    assert_eq!(employees.len(), 124);
    assert_eq!(company.pages_read().await, 2);
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
    let company = Connected::start().await;
    let path = "/api/v1/crews";
    for fault in [
        json!({"path": path, "count": 1, "cut": true}),
        json!({"path": path, "count": 1, "broken_json": true}),
        json!({"path": path, "count": 1, "status": 500}),
        json!({"path": path, "count": 1, "delay_ms": 1_200}),
    ] {
        company.fault(fault).await;
    }
    let read = company.session.read_employees(None, in_time()).await;
    assert_eq!(read.unwrap().len(), 124);
}

#[tokio::test]
async fn a_status_that_may_not_be_read_any_more_fails_the_read() {
    let company = Connected::start().await;
    company.hide(json!(["emp_status"])).await;
    let read = company.session.read_employees(None, in_time()).await;
    assert_eq!(read, Err(ReadError::AttributeHidden("emp_status")));
}
