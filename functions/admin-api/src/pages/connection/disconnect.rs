//! [解除する], with a confirmation page.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use domain::{Connection, ConnectionState};
use web::{Frame, ProblemPage, html_page};

use super::PATH;
use crate::app::App;
use crate::auth::page::{ConfirmedForm, NoFields, PageAdmin};
use crate::pages::notice::Notice;

#[derive(Template)]
#[template(path = "disconnect.html")]
struct Page {
    frame: Frame,
    company_name: String,
    /// Whether our items stay in SmartHR, which lets us delete nothing until it is connected again.
    items_stay: bool,
}

/// Shows the confirmation page, unless there is nothing to disconnect.
pub(super) async fn ask(PageAdmin(admin): PageAdmin) -> Result<Response, ProblemPage> {
    let connection = admin.connection()?.cloned();
    let Some(connection) = connection.filter(Connection::is_established) else {
        return Ok(Redirect::to(PATH).into_response());
    };
    let page = Page {
        frame: admin.frame(PATH),
        items_stay: connection.state == ConnectionState::ReconnectNeeded
            && connection.items.is_some(),
        company_name: connection.company.name,
    };
    Ok(html_page(StatusCode::OK, &page))
}

/// Ends the connection and redirects to the page of the connection.
pub(super) async fn submit(
    State(app): State<App>,
    ConfirmedForm(form): ConfirmedForm<NoFields>,
) -> Result<Response, ProblemPage> {
    let (id, by) = (form.admin.workspace_id(), form.admin.signed_in.author());
    let disconnect = app.connections.disconnect(id, &by, App::deadline());
    // Boxed: the future is large.
    let disconnected = Box::pin(disconnect).await?;
    Ok(Notice::Disconnected(disconnected).at(PATH).into_response())
}
