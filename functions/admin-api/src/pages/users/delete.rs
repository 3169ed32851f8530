//! `/users/{id}/delete`: [削除する], which asks first.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use web::{Frame, Problem, ProblemPage, html_page};

use super::HERE;
use super::edit::Typed;
use super::person::refused;
use crate::app::App;
use crate::delete_user::delete_one;
use crate::input::Id;
use crate::pages::gate::{ManagerForm, ManagerVisit, NoFields};
use crate::user_view::is_locked;
use crate::users::find;

#[derive(Template)]
#[template(path = "users_delete.html")]
struct Page {
    frame: Frame,
    id: String,
    name: String,
    /// Whether the next run adds them anew, should they still be employed.
    linked: bool,
}

pub(super) async fn ask(
    State(app): State<App>,
    ManagerVisit(visitor): ManagerVisit,
    id: Result<Id, Problem>,
) -> Result<Response, ProblemPage> {
    let Id(id) = id?;
    let user = find(&app, visitor.workspace_id(), id.clone()).await?;
    let link = app.store().connection(visitor.workspace_id()).await?;
    let page = Page {
        frame: visitor.frame(HERE),
        id,
        linked: is_locked(&user, link.as_ref()),
        name: user.name,
    };
    Ok(html_page(StatusCode::OK, &page))
}

/// Deletes the user and shows where they can be restored; or shows them with the reason why not.
pub(super) async fn submit(
    State(app): State<App>,
    id: Result<Id, Problem>,
    ManagerForm { visitor, .. }: ManagerForm<NoFields>,
) -> Result<Response, ProblemPage> {
    let Id(id) = id?;
    let user = find(&app, visitor.workspace_id(), id).await?;
    match delete_one(&app, &visitor.signed_in, user.clone()).await {
        Ok(()) => Ok(Redirect::to("/users/deleted?done=deleted").into_response()),
        Err(problem) => {
            let link = app.store().connection(visitor.workspace_id()).await?;
            let shown = (&user, Typed::from(&user));
            Ok(refused(&app, &visitor, link.as_ref(), shown, &problem))
        }
    }
}
