//! Renames and deletes a group.

use std::sync::Arc;

use accounts::Roster;
use axum::Json;
use axum::extract::State;
use domain::{AuditAction, Group, GroupId, Workspace};
use web::{Input, Problem, SignedIn};

use super::{GroupName, GroupView, created, default_group, event, problem, view};
use crate::api::message::Message;
use crate::app::App;
use crate::auth::api::AdminUser;
use crate::input::Id;
use crate::openapi::ProblemDocument;

/// What is said when a group was deleted.
pub(crate) const DELETED: &str = "グループを削除しました。";

/// Renames a group; its members stay.
#[utoipa::path(
    patch, path = "/api/v1/groups/{id}", tag = "groups",
    params(("id" = Id, Path, description = "The group's id")),
    request_body = GroupName,
    responses(
        (status = 200, body = GroupView),
        (status = 400, body = ProblemDocument, content_type = "application/problem+json"),
        (status = 403, body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, body = ProblemDocument, content_type = "application/problem+json"),
        (status = 409, body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn rename_group(
    State(app): State<App>,
    AdminUser(admin): AdminUser,
    Id(group_id): Id,
    Input(wanted): Input<GroupName>,
) -> Result<Json<GroupView>, Problem> {
    let id = GroupId::new(group_id);
    let (of, store) = (&admin.workspace_id, app.store());
    let workspace = app.workspace(of).await?;
    let group = rename(&app, &admin, &workspace, &id, &wanted.name).await?;
    let (roster, connection) = tokio::try_join!(app.roster(of), store.connection_to_show(of))?;
    Ok(Json(GroupView {
        members: roster.members(&id).count(),
        ..view(&group, default_group(connection.as_ref()))
    }))
}

/// Deletes a group that nobody is in and that is not デフォルトグループ.
#[utoipa::path(
    delete, path = "/api/v1/groups/{id}", tag = "groups",
    params(("id" = Id, Path, description = "The group's id")),
    responses(
        (status = 200, body = Message),
        (status = 403, body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, body = ProblemDocument, content_type = "application/problem+json"),
        (status = 409, body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn delete_group(
    State(app): State<App>,
    AdminUser(admin): AdminUser,
    Id(group_id): Id,
) -> Result<Json<Message>, Problem> {
    let workspace = app.workspace(&admin.workspace_id).await?;
    delete(&app, &admin, &workspace, &GroupId::new(group_id)).await?;
    Ok(Message::new(DELETED))
}

/// Renames a group to the typed name. Writes nothing if it has this name already.
///
/// # Errors
/// The 400, 404 or 409 that says why not.
pub(crate) async fn rename(
    app: &App,
    admin: &SignedIn,
    workspace: &Workspace,
    id: &GroupId,
    name: &str,
) -> Result<Group, Problem> {
    let after = workspace.clone().with_renamed_group(id, name);
    let after = after.map_err(|error| problem(&error))?;
    if after != *workspace {
        let event = event(app, admin, AuditAction::GroupRenamed, workspace, &after, id);
        app.store()
            .change_workspace(workspace, &after, &event)
            .await?;
    }
    created(&after, id)
}

/// Deletes a group, unless somebody is in it or gets it at the same moment.
///
/// # Errors
/// The 404 or 409 that says why not.
pub(crate) async fn delete(
    app: &App,
    admin: &SignedIn,
    workspace: &Workspace,
    id: &GroupId,
) -> Result<(), Problem> {
    let (of, store) = (&workspace.workspace_id, app.store());
    let connection = store.connection(of).await?;
    // Before the users are counted: they are at least of this version.
    let version = store.users_version(of).await?;
    let roster: Arc<Roster> = app.roster(of).await?;
    let members = roster.members(id).count();
    let default = default_group(connection.as_ref());
    let after = workspace.clone().without_group(id, default, members);
    let after = after.map_err(|error| problem(&error))?;
    let event = event(app, admin, AuditAction::GroupDeleted, workspace, &after, id);
    let read = (version, connection.as_ref());
    store
        .change_workspace_of(read, workspace, &after, &event)
        .await?;
    Ok(())
}
