//! `GET /welcome`, where people come out who have just set their password, and `GET /`, where those
//! come out who have signed in.

use askama::Template;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use web::{Frame, Problem, ProblemPage, html_page, signed_in};

use crate::app::App;

#[derive(Template)]
#[template(path = "welcome.html")]
struct Page {
    frame: Frame,
    heading: &'static str,
}

/// 「登録が完了しました」
pub(crate) async fn welcome(
    state: State<App>,
    headers: HeaderMap,
) -> Result<Response, ProblemPage> {
    page(&state, &headers, "登録が完了しました").await
}

/// 「ログインしました」
pub(crate) async fn home(state: State<App>, headers: HeaderMap) -> Result<Response, ProblemPage> {
    page(&state, &headers, "ログインしました").await
}

async fn page(
    app: &App,
    headers: &HeaderMap,
    heading: &'static str,
) -> Result<Response, ProblemPage> {
    let Some(person) = signed_in(&app.store, headers, app.now()).await? else {
        return Ok(Redirect::to("/sign-in").into_response());
    };
    if person.session.must_replace_password {
        return Ok(Redirect::to("/first-login").into_response());
    }
    let Some(workspace) = app.store.workspace(&person.workspace_id).await? else {
        tracing::error!(id = %person.workspace_id, "a session of a workspace that is not there");
        return Err(ProblemPage(Problem::internal()));
    };
    let frame = Frame::of(&person, &workspace, "/");
    Ok(html_page(StatusCode::OK, &Page { frame, heading }))
}
