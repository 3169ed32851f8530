//! `GET /`, the first page after signing in, and `GET /welcome`, the first page after setting a
//! password.

use askama::Template;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use web::{Frame, Problem, html_page, second_factor_due};

use crate::app::App;
use crate::page_user::{Instead, page_user};

#[derive(Template)]
#[template(path = "welcome.html")]
struct Page {
    frame: Frame,
    heading: &'static str,
    /// What somebody who has the same address in several workspaces has to know.
    company_code: String,
}

/// `GET /welcome`: shows the first page after setting a password.
pub(crate) async fn welcome(state: State<App>, headers: HeaderMap) -> Result<Response, Instead> {
    page(&state, &headers, "登録が完了しました").await
}

/// `GET /`: shows the first page after signing in.
pub(crate) async fn home(state: State<App>, headers: HeaderMap) -> Result<Response, Instead> {
    page(&state, &headers, "ログインしました").await
}

async fn page(app: &App, headers: &HeaderMap, heading: &'static str) -> Result<Response, Instead> {
    let signed_in = page_user(app, headers, "/sign-in", app.now()).await?;
    let Some(workspace) = app.store.workspace(&signed_in.workspace_id).await? else {
        tracing::error!(id = %signed_in.workspace_id, "the workspace of a session does not exist");
        return Err(Problem::internal().into());
    };
    let due = second_factor_due(&app.store, &signed_in, &workspace).await?;
    let page = Page {
        frame: Frame::of(&signed_in, &workspace, "/").with_second_factor_due(due),
        heading,
        company_code: workspace.company_code,
    };
    Ok(html_page(StatusCode::OK, &page))
}
