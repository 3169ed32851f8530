//! `GET /welcome`, where people come out who have just set their password, and `GET /`, where those
//! come out who have signed in.

use askama::Template;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use web::{ProblemPage, html_page, signed_in};

use crate::app::App;

#[derive(Template)]
#[template(path = "welcome.html")]
struct Page<'a> {
    heading: &'static str,
    name: &'a str,
    workspace_name: &'a str,
    role: &'static str,
    may_manage_integration: bool,
    csrf: &'a str,
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
    let workspace = app.store.workspace(&person.workspace_id).await?;
    let page = Page {
        heading,
        name: &person.user.name,
        workspace_name: workspace.as_ref().map_or("KiteRa", |it| &it.name),
        role: person.user.role.label(),
        may_manage_integration: person.user.role.may_manage_integration(),
        csrf: &person.session.csrf,
    };
    Ok(html_page(StatusCode::OK, &page))
}
