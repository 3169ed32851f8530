//! The groups of the workspace, and how many users are in each. Creates a group.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use domain::{AuditAction, Group, Workspace};
use serde::Serialize;
use utoipa::ToSchema;
use web::{Input, Problem, SignedIn};

use super::{GroupName, GroupView, created, default_group, event, problem, view};
use crate::app::App;
use crate::auth::api::AdminUser;
use crate::openapi::ProblemDocument;

/// The groups of the workspace.
#[derive(Serialize, ToSchema)]
pub(crate) struct Groups {
    groups: Vec<GroupView>,
}

/// Lists the groups. Their members are `GET /api/v1/users?group=`.
#[utoipa::path(
    get, path = "/api/v1/groups", tag = "groups",
    responses(
        (status = 200, body = Groups),
        (status = 403, body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn groups(
    State(app): State<App>,
    AdminUser(admin): AdminUser,
) -> Result<Json<Groups>, Problem> {
    let (id, store) = (&admin.workspace_id, app.store());
    let workspace = app.workspace(id).await?;
    let (roster, connection) = tokio::try_join!(app.roster(id), store.connection_to_show(id))?;
    let default = default_group(connection.as_ref());
    let view = |group: &Group| GroupView {
        members: roster.members(&group.id).count(),
        ..view(group, default)
    };
    let groups = workspace.groups.iter().map(view).collect();
    Ok(Json(Groups { groups }))
}

/// Creates a group, which nobody is in yet.
#[utoipa::path(
    post, path = "/api/v1/groups", tag = "groups",
    request_body = GroupName,
    responses(
        (status = 201, body = GroupView),
        (status = 400, body = ProblemDocument, content_type = "application/problem+json"),
        (status = 403, body = ProblemDocument, content_type = "application/problem+json"),
        (status = 409, body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn create_group(
    State(app): State<App>,
    AdminUser(admin): AdminUser,
    Input(wanted): Input<GroupName>,
) -> Result<(StatusCode, Json<GroupView>), Problem> {
    let workspace = app.workspace(&admin.workspace_id).await?;
    let group = create(&app, &admin, &workspace, &wanted.name).await?;
    Ok((StatusCode::CREATED, Json(view(&group, None))))
}

/// Creates a group with this name, as typed.
///
/// # Errors
/// The 400 or 409 that says why not.
pub(crate) async fn create(
    app: &App,
    admin: &SignedIn,
    workspace: &Workspace,
    name: &str,
) -> Result<Group, Problem> {
    let id = app.connections.random.group_id();
    let after = workspace.clone().with_group(id.clone(), name);
    let after = after.map_err(|error| problem(&error))?;
    let event = event(
        app,
        admin,
        AuditAction::GroupCreated,
        workspace,
        &after,
        &id,
    );
    app.store()
        .change_workspace(workspace, &after, &event)
        .await?;
    created(&after, &id)
}
