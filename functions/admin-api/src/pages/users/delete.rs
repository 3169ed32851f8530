//! `/users/{id}/delete`: [削除する], with a confirmation page.

use accounts::is_linked;
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use web::{Frame, Problem, ProblemPage, html_page};

use super::HERE;
use super::edit::FormFields;
use super::user::refused;
use crate::api::users::problem::problem;
use crate::app::App;
use crate::auth::page::{AdminForm, ConfirmedForm, NoFields, PageAdmin};
use crate::input::Id;

#[derive(Template)]
#[template(path = "users_delete.html")]
struct Page {
    frame: Frame,
    id: String,
    name: String,
    /// Whether the next run adds the user again if they are still employed.
    linked: bool,
}

/// Shows the confirmation page.
pub(super) async fn ask(
    State(app): State<App>,
    PageAdmin(admin): PageAdmin,
    id: Result<Id, Problem>,
) -> Result<Response, ProblemPage> {
    let Id(id) = id?;
    let user = app.accounts(&admin.signed_in).find(&id).await;
    let user = user.map_err(problem)?;
    let connection = admin.connection()?;
    let page = Page {
        frame: admin.frame(HERE),
        id,
        linked: is_linked(&user, connection),
        name: user.name,
    };
    Ok(html_page(StatusCode::OK, &page))
}

/// Deletes the user and redirects to the page where they can be restored, or shows the user with the
/// reason why they were not deleted.
pub(super) async fn submit(
    State(app): State<App>,
    id: Result<Id, Problem>,
    ConfirmedForm(AdminForm { admin, .. }): ConfirmedForm<NoFields>,
) -> Result<Response, ProblemPage> {
    let Id(id) = id?;
    let accounts = app.accounts(&admin.signed_in);
    let user = accounts.find(&id).await.map_err(problem)?;
    let Err(error) = accounts.delete(user.clone()).await else {
        return Ok(Redirect::to("/users/deleted?done=deleted").into_response());
    };
    let connection = admin.connection()?;
    let (fields, problem) = (FormFields::from(&user), problem(error));
    Ok(refused(&app, &admin, connection, &user, fields, &problem))
}
