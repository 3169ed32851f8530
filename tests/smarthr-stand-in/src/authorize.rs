//! The pages on which an admin lets KiteRa in: log in, choose a company, go back with a code.

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::get;
use axum::{Form, Router};
use serde::Deserialize;
use url::Url;

use crate::company::Company;
use crate::oauth::{AuthorizationRequest, Ticket};
use crate::pages;
use crate::world::{State as WorldState, World};

pub(crate) fn router() -> Router<World> {
    Router::new()
        .route("/oauth/authorization", get(show_login).post(log_in))
        .route(
            "/oauth/companies/{ticket}",
            get(show_companies).post(choose),
        )
}

/// The login form. `decision=deny` is the button that lets nobody in.
#[derive(Deserialize)]
struct LoginForm {
    #[serde(default)]
    email: String,
    #[serde(default)]
    password: String,
    decision: Option<String>,
}

/// The company chooser's form: `company` is a subdomain.
#[derive(Deserialize)]
struct CompanyForm {
    company: Option<String>,
    decision: Option<String>,
}

async fn show_login(
    State(world): State<World>,
    Query(request): Query<AuthorizationRequest>,
) -> Response {
    match refused(&world, &request) {
        Some(refusal) => refusal,
        None => Html(pages::login(None)).into_response(),
    }
}

async fn log_in(
    State(world): State<World>,
    Query(request): Query<AuthorizationRequest>,
    Form(form): Form<LoginForm>,
) -> Response {
    if let Some(refusal) = refused(&world, &request) {
        return refusal;
    }
    if form.decision.as_deref() == Some("deny") {
        return back_with(&request, &[("error", "access_denied")]);
    }
    world.visit(|state, now| {
        if !knows(state, &form) {
            let page = pages::login(Some("メールアドレスまたはパスワードが正しくありません。"));
            return (StatusCode::UNPROCESSABLE_ENTITY, Html(page)).into_response();
        }
        let companies = administered(state, &form.email);
        let first = companies.first().map(|company| company.subdomain.clone());
        let several = companies.len() > 1;
        let ticket = Ticket {
            request,
            email: form.email,
        };
        match first {
            None => (StatusCode::FORBIDDEN, Html(pages::only_admins())).into_response(),
            Some(_) if several => {
                let id = state.oauth.keep_ticket(ticket, &mut state.names);
                Redirect::to(&format!("/oauth/companies/{id}")).into_response()
            }
            Some(subdomain) => let_in(&world, state, &ticket, &subdomain, now),
        }
    })
}

async fn show_companies(State(world): State<World>, Path(id): Path<String>) -> Response {
    world.visit(|state, _| match state.oauth.ticket(&id) {
        Some(ticket) => Html(pages::companies(&administered(state, &ticket.email))).into_response(),
        None => stale(),
    })
}

async fn choose(
    State(world): State<World>,
    Path(id): Path<String>,
    Form(form): Form<CompanyForm>,
) -> Response {
    world.visit(|state, now| {
        let Some(ticket) = state.oauth.take_ticket(&id) else {
            return stale();
        };
        if form.decision.as_deref() == Some("deny") {
            return back_with(&ticket.request, &[("error", "access_denied")]);
        }
        let subdomain = form.company.unwrap_or_default();
        let_in(&world, state, &ticket, &subdomain, now)
    })
}

/// Sends the browser back to the client with a code for that company, if the person is an admin
/// there.
fn let_in(
    world: &World,
    state: &mut WorldState,
    ticket: &Ticket,
    subdomain: &str,
    now: jiff::Timestamp,
) -> Response {
    let companies = administered(state, &ticket.email);
    let Some(company) = companies.iter().find(|one| one.subdomain == subdomain) else {
        return (StatusCode::FORBIDDEN, Html(pages::only_admins())).into_response();
    };
    let tenant_id = company.tenant_id.clone();
    let code = state
        .oauth
        .give_code(ticket, &tenant_id, &mut state.names, now);
    let mut answer = vec![("code", code.as_str())];
    if world.options().tell_subdomain {
        answer.push(("subdomain", subdomain));
    }
    back_with(&ticket.request, &answer)
}

/// Checks who asks. A client that is not registered, or that asks for a redirect to elsewhere,
/// gets a page and no redirect (RFC 6749, 4.1.2.1); other mistakes go back to the client.
fn refused(world: &World, request: &AuthorizationRequest) -> Option<Response> {
    let options = world.options();
    let uris = &options.redirect_uris;
    let registered = uris.is_empty() || uris.contains(&request.redirect_uri);
    let addressed = Url::parse(&request.redirect_uri).is_ok();
    if request.client_id != options.client_id || !registered || !addressed {
        let page = pages::message("このアプリケーションからのリクエストは受け付けられません。");
        return Some((StatusCode::BAD_REQUEST, Html(page)).into_response());
    }
    if request.response_type != "code" {
        return Some(back_with(
            request,
            &[("error", "unsupported_response_type")],
        ));
    }
    let method = request.code_challenge_method.as_deref();
    if request.code_challenge.is_some() && method != Some("S256") {
        return Some(back_with(request, &[("error", "invalid_request")]));
    }
    None
}

fn back_with(request: &AuthorizationRequest, answer: &[(&str, &str)]) -> Response {
    let Ok(mut url) = Url::parse(&request.redirect_uri) else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    url.query_pairs_mut().extend_pairs(answer);
    if let Some(state) = &request.state {
        url.query_pairs_mut().append_pair("state", state);
    }
    Redirect::to(url.as_str()).into_response()
}

fn knows(state: &WorldState, form: &LoginForm) -> bool {
    state
        .companies
        .iter()
        .flat_map(|company| company.admins.iter().chain(&company.members))
        .any(|login| login.email == form.email && login.password == form.password)
}

fn administered<'a>(state: &'a WorldState, email: &str) -> Vec<&'a Company> {
    state
        .companies
        .iter()
        .filter(|company| company.admins.iter().any(|login| login.email == email))
        .collect()
}

fn stale() -> Response {
    let page = pages::message("ログインの有効期限が切れました。もう一度お試しください。");
    (StatusCode::GONE, Html(page)).into_response()
}
