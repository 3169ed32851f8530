//! `/users/{id}/unlink`: [SmartHRとの紐付けを解除], with a confirmation page.

use accounts::{AccountError, is_linked};
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use web::{Frame, Problem, ProblemPage, html_page};

use super::HERE;
use super::edit::FormFields;
use super::user::{address, refused};
use crate::api::users::problem::problem;
use crate::app::App;
use crate::auth::page::{AdminForm, NoFields, PageAdmin};
use crate::input::Id;

#[derive(Template)]
#[template(path = "users_unlink.html")]
struct Page {
    frame: Frame,
    id: String,
    name: String,
}

/// Shows the confirmation page, or the user with the reason why there is nothing to remove.
pub(super) async fn ask(
    State(app): State<App>,
    PageAdmin(admin): PageAdmin,
    id: Result<Id, Problem>,
) -> Result<Response, ProblemPage> {
    let Id(id) = id?;
    let user = app.accounts(&admin.signed_in).find(&id).await;
    let user = user.map_err(problem)?;
    let connection = admin.connection()?;
    if !is_linked(&user, connection) {
        let (fields, problem) = (FormFields::from(&user), problem(AccountError::NotLinked));
        return Ok(refused(&app, &admin, connection, &user, fields, &problem));
    }
    let page = Page {
        frame: admin.frame(HERE),
        id,
        name: user.name,
    };
    Ok(html_page(StatusCode::OK, &page))
}

/// Removes the crew link and redirects to the user, or shows the user with the reason why it was not
/// removed.
pub(super) async fn submit(
    State(app): State<App>,
    id: Result<Id, Problem>,
    AdminForm { admin, .. }: AdminForm<NoFields>,
) -> Result<Response, ProblemPage> {
    let Id(id) = id?;
    let accounts = app.accounts(&admin.signed_in);
    let user = accounts.find(&id).await.map_err(problem)?;
    let connection = admin.connection()?;
    match accounts.unlink(connection, user.clone()).await {
        Ok(_) => Ok(Redirect::to(&address(&id, "unlinked")).into_response()),
        Err(error) => {
            let (fields, problem) = (FormFields::from(&user), problem(error));
            Ok(refused(&app, &admin, connection, &user, fields, &problem))
        }
    }
}
