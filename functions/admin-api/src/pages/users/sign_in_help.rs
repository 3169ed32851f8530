//! `POST /users/{id}/invitation` and `POST /users/{id}/initial-password`: a way in, given anew.

use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use domain::User;
use web::{Problem, ProblemPage};

use super::edit::Typed;
use super::person::{address, refused};
use crate::app::App;
use crate::idempotency::Asked;
use crate::initial_password::issue_to;
use crate::input::Id;
use crate::invitations::invite_one;
use crate::pages::gate::{ManagerForm, NoFields, Visitor};
use crate::users::find;

/// [再招待する]
pub(super) async fn invite(
    State(app): State<App>,
    id: Result<Id, Problem>,
    ManagerForm { visitor, .. }: ManagerForm<NoFields>,
) -> Result<Response, ProblemPage> {
    let Id(id) = id?;
    let user = find(&app, visitor.workspace_id(), id).await?;
    let key = app.derivation_key().await?;
    let (signed_in, workspace) = (&visitor.signed_in, &visitor.workspace);
    let asked = Asked::now(&app);
    let invited = invite_one(&app, signed_in, workspace, &key, user.clone(), asked).await;
    answer(&app, &visitor, &user, invited, "invited").await
}

/// [初期パスワードを再発行]
pub(super) async fn issue(
    State(app): State<App>,
    id: Result<Id, Problem>,
    ManagerForm { visitor, .. }: ManagerForm<NoFields>,
) -> Result<Response, ProblemPage> {
    let Id(id) = id?;
    let user = find(&app, visitor.workspace_id(), id).await?;
    let issued = issue_to(&app, &visitor.signed_in, user.clone(), Asked::now(&app)).await;
    answer(&app, &visitor, &user, issued, "issued").await
}

async fn answer(
    app: &App,
    visitor: &Visitor,
    user: &User,
    given: Result<(), Problem>,
    done: &str,
) -> Result<Response, ProblemPage> {
    let Err(problem) = given else {
        let address = address(user.user_id.as_str(), done);
        return Ok(Redirect::to(&address).into_response());
    };
    let link = app.store().connection(visitor.workspace_id()).await?;
    let shown = (user, Typed::from(user));
    Ok(refused(app, visitor, link.as_ref(), shown, &problem))
}
