//! ワークスペース設定, and in it 外部サービス連携: two menus.

use askama::Template;
use axum::Router;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use web::{Frame, html_page};

use crate::app::App;
use crate::pages::gate::ManagerVisit;

#[derive(Template)]
#[template(path = "settings.html")]
struct Settings {
    frame: Frame,
}

#[derive(Template)]
#[template(path = "integrations.html")]
struct Connections {
    frame: Frame,
}

/// `/settings`, `/settings/integrations`
pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/settings", get(settings))
        .route("/settings/integrations", get(connections))
}

async fn settings(ManagerVisit(visitor): ManagerVisit) -> Response {
    let frame = visitor.frame("/settings");
    html_page(StatusCode::OK, &Settings { frame })
}

async fn connections(ManagerVisit(visitor): ManagerVisit) -> Response {
    let frame = visitor.frame("/settings/integrations");
    html_page(StatusCode::OK, &Connections { frame })
}
