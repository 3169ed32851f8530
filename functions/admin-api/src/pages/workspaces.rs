//! ワークスペースの切り替え, in the frame of every page: to another workspace that the person is signed in to in this
//! browser.

use axum::Router;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::post;
use domain::WorkspaceId;
use web::{Problem, ProblemPage, has_not_ended, renew_session, switched};

use crate::app::App;
use crate::auth::page::UserForm;
use crate::input::Id;

/// Returns the route `/workspaces/{id}/switch`.
pub(super) fn routes() -> Router<App> {
    Router::new().route("/workspaces/{id}/switch", post(switch))
}

/// Switches. The session gets new secrets, so that forms of the workspace that was left do nothing in the other.
async fn switch(
    State(app): State<App>,
    id: Result<Id, Problem>,
    UserForm(user): UserForm,
) -> Result<Response, ProblemPage> {
    let Id(id) = id?;
    let (signed_in, now) = (&user.signed_in, app.now());
    let id = WorkspaceId::new(id);
    let session = switched(&signed_in.session, &id, &user.workspace.name);
    // The same for a workspace that does not exist.
    let session = session.ok_or_else(|| {
        Problem::not_found("このブラウザーでログインしているワークスペースではありません。")
    })?;
    if !has_not_ended(app.store(), &session, now).await? {
        let problem = Problem::conflict(
            "sign_in_ended",
            "このワークスペースへのログインは終了しています。ログアウトしてから、もう一度ログインしてください。",
        );
        return Err(problem.into());
    }
    let (hash, random) = (&signed_in.token_hash, &app.connections.random);
    let renewed = renew_session(app.store(), hash, session, random, now);
    let cookie = [(header::SET_COOKIE, renewed.await?.set_cookie)];
    Ok((cookie, Redirect::to("/")).into_response())
}
