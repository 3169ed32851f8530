//! 関連企業: who of the parent company may enter the workspace, and from the other side which workspaces somebody may
//! enter.

mod enter;
mod manage;

use axum::Router;
use axum::routing::{get, post};
use web::RELATED_COMPANIES;

use crate::app::App;

/// The path of the page that people of a parent company enter from.
const ENTER: &str = "/related-companies";

/// Returns the routes of 関連企業管理, and of 関連企業.
pub(super) fn routes() -> Router<App> {
    Router::new()
        .route(RELATED_COMPANIES, get(manage::show).post(manage::add))
        .route("/settings/related-companies/remove", post(manage::remove))
        .route(ENTER, get(enter::show))
        .route("/related-companies/{id}/enter", post(enter::enter))
}
