//! `GET /welcome`, the first page after setting a password. `GET /`, the first page after signing in, is admin-api's.

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
    /// What somebody who has the same address in several workspaces has to know.
    company_code: String,
}

/// Shows the page.
pub(crate) async fn show(State(app): State<App>, headers: HeaderMap) -> Result<Response, Instead> {
    let signed_in = page_user(&app, &headers, "/sign-in", app.now()).await?;
    let Some(workspace) = app.store.workspace_to_show(&signed_in.workspace_id).await? else {
        tracing::error!(id = %signed_in.workspace_id, "the workspace of a session does not exist");
        return Err(Problem::internal().into());
    };
    let due = second_factor_due(&app.store, &signed_in, &workspace).await?;
    let frame = Frame::of(&signed_in, &workspace, "").with_second_factor_due(due);
    let page = Page {
        frame: frame.with_banners_of(&app.store, &workspace).await?,
        company_code: workspace.company_code,
    };
    Ok(html_page(StatusCode::OK, &page))
}
