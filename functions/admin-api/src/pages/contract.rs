//! The page ワークスペース設定 → ご契約.

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use domain::SeatsInUse;
use domain::text::people;
use web::{CONTRACT, Frame, ProblemPage, html_page};

use crate::api::contract::seats;
use crate::app::App;
use crate::auth::page::PageAdmin;

pub(super) fn routes() -> Router<App> {
    Router::new().route(CONTRACT, get(show))
}

#[derive(Template)]
#[template(path = "contract.html")]
struct Page {
    frame: Frame,
    seats: SeatsInUse,
    contracted: String,
    used: String,
    invited: String,
    free: String,
}

async fn show(
    State(app): State<App>,
    PageAdmin(admin): PageAdmin,
) -> Result<Response, ProblemPage> {
    let (seats, invited) = seats(&app, &admin.workspace).await?;
    let page = Page {
        frame: admin.frame(CONTRACT),
        contracted: people(seats.contracted as usize),
        used: people(seats.used as usize),
        invited: people(invited),
        free: people(seats.free() as usize),
        seats,
    };
    Ok(html_page(StatusCode::OK, &page))
}
