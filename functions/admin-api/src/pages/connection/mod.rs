//! The pages ワークスペース設定 → 外部サービス連携 → SmartHR.

pub(super) mod connect;
pub(super) mod disconnect;
mod from_smarthr;
pub(super) mod settings;
pub(crate) mod settings_preview;
pub(super) mod show;

use axum::Router;
use axum::routing::{get, post};

use crate::app::App;

/// The path of these pages in the navigation.
pub(super) const PATH: &str = "/settings/smarthr";

/// Returns the routes of `/settings/smarthr`, of where SmartHR Plus leads, and of the forms on it that concern the
/// connection.
pub(super) fn routes() -> Router<App> {
    Router::new()
        .route(PATH, get(show::show).post(settings::submit))
        .route("/smarthr/start", get(from_smarthr::show))
        .route("/settings/smarthr/connect", post(connect::connect))
        .route(
            "/settings/smarthr/relink",
            post(connect::answer_other_company),
        )
        .route(
            "/settings/smarthr/disconnect",
            get(disconnect::ask).post(disconnect::submit),
        )
}
