//! `/users/{id}/unlink`: [SmartHRとの紐付けを解除], which asks first.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use web::{Frame, Problem, ProblemPage, html_page};

use super::HERE;
use super::edit::Typed;
use super::person::{address, refused};
use crate::app::App;
use crate::input::Id;
use crate::pages::gate::{ManagerForm, ManagerVisit, NoFields};
use crate::unlink::unlink_one;
use crate::users::find;

#[derive(Template)]
#[template(path = "users_unlink.html")]
struct Page {
    frame: Frame,
    id: String,
    name: String,
}

pub(super) async fn ask(
    State(app): State<App>,
    ManagerVisit(visitor): ManagerVisit,
    id: Result<Id, Problem>,
) -> Result<Response, ProblemPage> {
    let Id(id) = id?;
    let user = find(&app, visitor.workspace_id(), id.clone()).await?;
    let page = Page {
        frame: visitor.frame(HERE),
        id,
        name: user.name,
    };
    Ok(html_page(StatusCode::OK, &page))
}

/// Unties the user and shows them; or shows them with the reason why not.
pub(super) async fn submit(
    State(app): State<App>,
    id: Result<Id, Problem>,
    ManagerForm { visitor, .. }: ManagerForm<NoFields>,
) -> Result<Response, ProblemPage> {
    let Id(id) = id?;
    let user = find(&app, visitor.workspace_id(), id.clone()).await?;
    let link = app.store().connection(visitor.workspace_id()).await?;
    let link = link.as_ref();
    match unlink_one(&app, &visitor.signed_in, link, user.clone()).await {
        Ok(_) => Ok(Redirect::to(&address(&id, "unlinked")).into_response()),
        Err(problem) => {
            let shown = (&user, Typed::from(&user));
            Ok(refused(&app, &visitor, link, shown, &problem))
        }
    }
}
