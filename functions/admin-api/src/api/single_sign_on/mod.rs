//! セキュリティ → シングルサインオン(SSO). Only a システム管理者 sees and changes it.

pub(crate) mod remove;
pub(crate) mod save;
pub(crate) mod view;

use axum::Router;
use axum::routing::get;

use crate::app::App;

pub(super) fn routes() -> Router<App> {
    Router::new().route(
        "/api/v1/single-sign-on",
        get(view::single_sign_on)
            .put(save::save_single_sign_on)
            .delete(remove::remove_single_sign_on),
    )
}
