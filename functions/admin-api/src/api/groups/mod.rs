//! グループ: the groups of the workspace. Who is in a group is a field of the user.

pub(crate) mod group;
pub(crate) mod list;

use axum::Router;
use axum::http::StatusCode;
use axum::routing::{get, patch};
use domain::groups::GroupError;
use domain::{
    AuditAction, AuditChange, AuditEvent, AuditField, Connection, ConnectionState, Group, GroupId,
    Workspace,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use web::{Problem, SignedIn};

use crate::app::App;

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
        .route("/api/v1/groups", get(list::groups).post(list::create_group))
        .route(
            "/api/v1/groups/{id}",
            patch(group::rename_group).delete(group::delete_group),
        )
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
