//! 外部サービス連携 → SmartHR

pub(crate) mod connect;
pub(crate) mod disconnect;
pub(crate) mod settings;
pub(crate) mod view;

use axum::Router;
use axum::routing::{get, post, put};

use crate::app::App;

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route(
            "/api/v1/integration",
            get(view::integration).delete(disconnect::disconnect),
        )
        .route("/api/v1/integration/connect", post(connect::connect))
        .route(
            "/api/v1/integration/relink",
            post(connect::answer_other_company),
        )
        .route("/api/v1/integration/settings", put(settings::save_settings))
}
