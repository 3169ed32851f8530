//! The pages on which an admin grants KiteRa access: log in, choose a company, return with a code.

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::get;
use axum::{Form, Router};
use serde::Deserialize;
use url::Url;

use crate::company::Company;
use crate::oauth::{AuthorizationRequest, Ticket};
use crate::options::Options;
use crate::pages;
use crate::state::{SmartHr, SmartHrState};

pub(crate) fn router() -> Router<SmartHr> {
    Router::new()
        .route("/oauth/authorization", get(show_login).post(log_in))
        .route(
            "/oauth/companies/{ticket}",
            get(show_companies).post(choose),
        )
}

/// The forms of both pages: a login, or the subdomain of the company that was chosen. `decision=deny` is the button
/// that refuses access.
#[derive(Default, Deserialize)]
#[serde(default)]
struct PostedForm {
    email: String,
    password: String,
    company: String,
    decision: String,
}

async fn show_login(
    State(smarthr): State<SmartHr>,
    Query(request): Query<AuthorizationRequest>,
) -> Response {
    smarthr.with(|state| match rejection(&state.options, &request) {
        Some(refusal) => refusal,
        None => Html(pages::login(None)).into_response(),
    })
}

async fn log_in(
    State(smarthr): State<SmartHr>,
    Query(request): Query<AuthorizationRequest>,
    Form(form): Form<PostedForm>,
) -> Response {
    smarthr.with(|state| {
        if let Some(refusal) = rejection(&state.options, &request) {
            return refusal;
        }
        if form.decision == "deny" {
            return redirect_back(&request, &[("error", "access_denied")]);
        }
        if !is_valid_login(state, &form) {
            let page = pages::login(Some("メールアドレスまたはパスワードが正しくありません。"));
            return (StatusCode::UNPROCESSABLE_ENTITY, Html(page)).into_response();
        }
        let companies = administered_by(state, &form.email);
        let only = match companies[..] {
            [] => return only_admins(),
            [company] => Some(company.account.subdomain.clone()),
            [..] => None,
        };
        let ticket = Ticket {
            request,
            email: form.email,
        };
        if let Some(subdomain) = only {
            return grant_access(state, &ticket, &subdomain);
        }
        let id = state.add_ticket(ticket);
        Redirect::to(&format!("/oauth/companies/{id}")).into_response()
    })
}

async fn show_companies(State(smarthr): State<SmartHr>, Path(id): Path<String>) -> Response {
    smarthr.with(|state| match state.ticket(&id) {
        Some(ticket) => {
            Html(pages::companies(&administered_by(state, &ticket.email))).into_response()
        }
        None => expired_login(),
    })
}

async fn choose(
    State(smarthr): State<SmartHr>,
    Path(id): Path<String>,
    Form(form): Form<PostedForm>,
) -> Response {
    smarthr.with(|state| {
        let Some(ticket) = state.take_ticket(&id) else {
            return expired_login();
        };
        if form.decision == "deny" {
            return redirect_back(&ticket.request, &[("error", "access_denied")]);
        }
        grant_access(state, &ticket, &form.company)
    })
}

/// Redirects the browser to the client with a code for that company, if the person is an admin there.
fn grant_access(state: &mut SmartHrState, ticket: &Ticket, subdomain: &str) -> Response {
    let companies = administered_by(state, &ticket.email);
    let mut accounts = companies.iter().map(|company| &company.account);
    let Some(account) = accounts.find(|account| account.subdomain == subdomain) else {
        return only_admins();
    };
    let code = state.issue_code(ticket, account.tenant_id.clone());
    let mut answer = vec![("code", code.as_str())];
    if state.options.tell_subdomain {
        answer.push(("subdomain", subdomain));
    }
    redirect_back(&ticket.request, &answer)
}

/// Checks the request of the client. A client that is not registered, or that uses another redirect URI, gets a
/// page and no redirect (RFC 6749, 4.1.2.1); other errors are sent to the client.
fn rejection(options: &Options, request: &AuthorizationRequest) -> Option<Response> {
    let uris = &options.redirect_uris;
    let registered = uris.is_empty() || uris.contains(&request.redirect_uri);
    let addressed = Url::parse(&request.redirect_uri).is_ok();
    if request.client_id != options.client_id || !registered || !addressed {
        let page = pages::message("このアプリケーションからのリクエストは受け付けられません。");
        return Some((StatusCode::BAD_REQUEST, Html(page)).into_response());
    }
    let method = request.code_challenge_method.as_deref();
    let error = if request.response_type != "code" {
        "unsupported_response_type"
    } else if request.code_challenge.is_some() && method != Some("S256") {
        "invalid_request"
    } else {
        return None;
    };
    Some(redirect_back(request, &[("error", error)]))
}

fn redirect_back(request: &AuthorizationRequest, answer: &[(&str, &str)]) -> Response {
    let Ok(mut url) = Url::parse(&request.redirect_uri) else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    url.query_pairs_mut().extend_pairs(answer);
    if let Some(state) = &request.state {
        url.query_pairs_mut().append_pair("state", state);
    }
    Redirect::to(url.as_str()).into_response()
}

fn is_valid_login(state: &SmartHrState, form: &PostedForm) -> bool {
    let companies = state.companies.iter();
    let accounts = companies.map(|company| &company.account);
    let mut logins = accounts.flat_map(|account| account.admins.iter().chain(&account.members));
    logins.any(|login| login.email == form.email && login.password == form.password)
}

fn administered_by<'a>(state: &'a SmartHrState, email: &str) -> Vec<&'a Company> {
    let is_admin = |company: &&Company| {
        let mut admins = company.account.admins.iter();
        admins.any(|login| login.email == email)
    };
    state.companies.iter().filter(is_admin).collect()
}

fn only_admins() -> Response {
    let page = pages::message("アプリケーションを連携できるのは、SmartHRの管理者のみです。");
    (StatusCode::FORBIDDEN, Html(page)).into_response()
}

fn expired_login() -> Response {
    let page = pages::message("ログインの有効期限が切れました。もう一度お試しください。");
    (StatusCode::GONE, Html(page)).into_response()
}
