//! The pages ワークスペース設定 → グループ.

mod group;
mod list;
mod members;

use axum::Router;
use axum::routing::{get, post};

use crate::app::App;

/// The path of these pages in the navigation.
const PATH: &str = "/settings/groups";

/// Returns the routes of the list of groups, and of each group.
pub(super) fn routes() -> Router<App> {
    Router::new()
        .route(PATH, get(list::show).post(list::create))
        .route(
            "/settings/groups/{id}",
            get(group::show).post(group::rename),
        )
        .route("/settings/groups/{id}/delete", post(group::delete))
        .route("/settings/groups/{id}/members/add", post(members::add))
        .route(
            "/settings/groups/{id}/members/remove",
            post(members::remove),
        )
}

/// Returns the path of the page of a group.
fn path_of(id: &str) -> String {
    format!("{PATH}/{id}")
}
