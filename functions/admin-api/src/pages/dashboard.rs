//! `GET /`, the first page after signing in: the dashboard for システム管理者 and 管理者, and for others where to go
//! on.

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use web::{Frame, ProblemPage, html_page};

use crate::app::App;
use crate::auth::page::PageUser;
use crate::pages::sync_status::SyncStatus;
use crate::pages::to_do::Action;

/// The path of the page in the navigation.
const PATH: &str = "/";

#[derive(Template)]
#[template(path = "dashboard.html")]
struct Dashboard {
    frame: Frame,
    status: SyncStatus,
    company_code: String,
}

/// The page of メンバー and 担当者, and of admins whose connection cannot be read.
#[derive(Template)]
#[template(path = "home.html")]
struct Home {
    frame: Frame,
    /// What somebody who has the same address in several workspaces has to know.
    company_code: String,
}

/// Returns the route `/`.
pub(super) fn routes() -> Router<App> {
    Router::new().route(PATH, get(show))
}

async fn show(State(app): State<App>, user: PageUser) -> Result<Response, ProblemPage> {
    let frame = user.frame(PATH);
    let company_code = user.workspace.company_code.clone();
    let connection = user.connection().ok();
    // Without the connection nobody knows what there is to do; the frame says why.
    let Some(connection) = connection.filter(|_| user.is_admin()) else {
        let page = Home {
            frame,
            company_code,
        };
        return Ok(html_page(StatusCode::OK, &page));
    };
    let page = Dashboard {
        status: SyncStatus::read(&app, &user, connection).await?,
        frame: frame.without_banners(),
        company_code,
    };
    Ok(html_page(StatusCode::OK, &page))
}
