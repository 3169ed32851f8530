//! The menu ワークスペース設定, and its submenu 外部サービス連携.

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use web::{Frame, html_page};

use crate::app::App;
use crate::auth::page::PageAdmin;

#[derive(Template)]
#[template(path = "settings.html")]
struct Settings {
    frame: Frame,
    company_code: String,
    login_url: String,
}

#[derive(Template)]
#[template(path = "integrations.html")]
struct Integrations {
    frame: Frame,
}

/// Returns the routes `/settings` and `/settings/integrations`.
pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/settings", get(settings))
        .route("/settings/integrations", get(integrations))
}

async fn settings(State(app): State<App>, PageAdmin(admin): PageAdmin) -> Response {
    let page = Settings {
        frame: admin.frame("/settings"),
        login_url: admin.workspace.login_url(&app.connections.public_base_url),
        company_code: admin.workspace.company_code,
    };
    html_page(StatusCode::OK, &page)
}

async fn integrations(PageAdmin(admin): PageAdmin) -> Response {
    let frame = admin.frame("/settings/integrations");
    html_page(StatusCode::OK, &Integrations { frame })
}
