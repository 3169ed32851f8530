//! グループ: the groups of the workspace, and how many users are in each. Who is in a group is a field of the user.

use std::sync::Arc;

use accounts::Roster;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::{get, patch};
use axum::{Json, Router};
use domain::groups::GroupError;
use domain::{
    AuditAction, AuditChange, AuditEvent, AuditField, Connection, ConnectionState, Group, GroupId,
    Workspace,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use web::{Input, Problem, SignedIn};

use crate::api::message::Message;
use crate::app::App;
use crate::auth::api::AdminUser;
use crate::input::Id;
use crate::openapi::ProblemDocument;

/// What is said when a group was deleted.
pub(crate) const DELETED: &str = "グループを削除しました。";

/// A group of the workspace.
#[derive(Serialize, ToSchema)]
#[schema(as = GroupWithMembers)]
pub(crate) struct GroupView {
    id: String,
    name: String,
    /// How many users are in it
    members: usize,
    /// Whether the sync gives it to everybody: デフォルトグループ
    is_default: bool,
}

/// The groups of the workspace.
#[derive(Serialize, ToSchema)]
pub(crate) struct Groups {
    groups: Vec<GroupView>,
}

/// The name of a group.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct GroupName {
    /// No other group has it.
    #[schema(min_length = 1, max_length = 100)]
    name: String,
}

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/api/v1/groups", get(groups).post(create_group))
        .route(
            "/api/v1/groups/{id}",
            patch(rename_group).delete(delete_group),
        )
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

fn view(group: &Group, default: Option<&GroupId>) -> GroupView {
    GroupView {
        id: group.id.to_string(),
        name: group.name.clone(),
        members: 0,
        is_default: default == Some(&group.id),
    }
}

/// Returns デフォルトグループ, which the sync gives to everybody; `None` while nothing is connected.
pub(crate) fn default_group(connection: Option<&Connection>) -> Option<&GroupId> {
    let connection = connection.filter(|it| it.state != ConnectionState::Disconnected);
    connection.map(|connection| &connection.settings.default_group)
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

fn created(workspace: &Workspace, id: &GroupId) -> Result<Group, Problem> {
    let group = workspace.group(id).cloned();
    group.ok_or_else(|| problem(&GroupError::Unknown))
}

/// Returns the event of a change of one group.
fn event(
    app: &App,
    admin: &SignedIn,
    action: AuditAction,
    before: &Workspace,
    after: &Workspace,
    id: &GroupId,
) -> AuditEvent {
    let name = |workspace: &Workspace| {
        let group = workspace.group(id);
        group.map_or_else(String::new, |group| group.name.clone())
    };
    let change = AuditChange::of(AuditField::Groups, name(before), name(after));
    AuditEvent::new(&admin.author(), action, app.now()).with_changes(change.into_iter().collect())
}

/// Returns the problem document for a refusal.
pub(crate) fn problem(error: &GroupError) -> Problem {
    let (status, code) = match error {
        GroupError::Unknown => (StatusCode::NOT_FOUND, "not_found"),
        GroupError::InvalidName => (StatusCode::BAD_REQUEST, "invalid_name"),
        GroupError::NameTaken(_) => (StatusCode::CONFLICT, "name_taken"),
        GroupError::TooMany => (StatusCode::CONFLICT, "too_many_groups"),
        GroupError::IsDefault(_) => (StatusCode::CONFLICT, "default_group"),
        GroupError::HasMembers { .. } => (StatusCode::CONFLICT, "group_has_members"),
        GroupError::IsLast => (StatusCode::CONFLICT, "last_group"),
    };
    Problem::new(status, code, error.sentence())
}
