//! [解除する], which asks first.

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use web::{Frame, ProblemPage, html_page};

use crate::app::App;
use crate::integration_view::{LinkState, state_of};
use crate::pages::gate::{ManagerForm, ManagerVisit, NoFields};
use crate::pages::notice::Done;
use crate::pages::smarthr::PATH;

#[derive(Template)]
#[template(path = "disconnect.html")]
struct Page {
    frame: Frame,
    company_name: String,
    /// SmartHR lets us delete nothing there until it is linked again.
    items_stay: bool,
}

/// `/settings/smarthr/disconnect`
pub(crate) fn routes() -> Router<App> {
    Router::new().route("/settings/smarthr/disconnect", get(ask).post(submit))
}

async fn ask(
    State(app): State<App>,
    ManagerVisit(visitor): ManagerVisit,
) -> Result<Response, ProblemPage> {
    let link = app.store().connection(visitor.workspace_id()).await?;
    let state = state_of(link.as_ref());
    let Some(link) = link.filter(|_| matches!(state, LinkState::Linked | LinkState::RelinkNeeded))
    else {
        return Ok(Redirect::to(PATH).into_response());
    };
    let page = Page {
        frame: visitor.frame(PATH),
        items_stay: state == LinkState::RelinkNeeded && link.items.is_some(),
        company_name: link.company.name,
    };
    Ok(html_page(StatusCode::OK, &page))
}

async fn submit(
    State(app): State<App>,
    form: ManagerForm<NoFields>,
) -> Result<Response, ProblemPage> {
    let id = form.visitor.workspace_id();
    let disconnected = app.connections.disconnect(id, App::deadline()).await?;
    Ok(Done::Disconnected(disconnected).at(PATH).into_response())
}
