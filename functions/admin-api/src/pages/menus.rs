//! The menu ワークスペース設定, and its submenu 外部サービス連携.

use askama::Template;
use axum::Router;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use web::{Frame, html_page};

use crate::app::App;
use crate::auth::page::AdminUser;

#[derive(Template)]
#[template(path = "settings.html")]
struct Settings {
    frame: Frame,
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

async fn settings(AdminUser(admin): AdminUser) -> Response {
    let frame = admin.frame("/settings");
    html_page(StatusCode::OK, &Settings { frame })
}

async fn integrations(AdminUser(admin): AdminUser) -> Response {
    let frame = admin.frame("/settings/integrations");
    html_page(StatusCode::OK, &Integrations { frame })
}
