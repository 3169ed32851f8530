//! ご契約: the seats of the plan, and how many are taken. Their number is the operator's.

use axum::extract::State;
use axum::routing::get;
use axum::{Json, Router};
use domain::{SeatsInUse, UserState, Workspace};
use serde::Serialize;
use storage::StoreError;
use utoipa::ToSchema;
use web::Problem;

use crate::app::App;
use crate::auth::api::AdminUser;
use crate::openapi::ProblemDocument;

/// The seats of the plan.
#[derive(Serialize, ToSchema)]
pub(crate) struct Contract {
    /// プランのユーザー数: how many users the plan allows
    seats_contracted: u32,
    /// How many users the workspace has, invited ones included
    seats_used: u32,
    /// How many of these are invited and have not come in yet
    invited: u32,
    /// Whether at least 90 % of the seats are taken
    is_nearly_full: bool,
}

pub(super) fn routes() -> Router<App> {
    Router::new().route("/api/v1/contract", get(contract))
}

/// Tells how many seats the plan allows and how many are taken.
#[utoipa::path(
    get, path = "/api/v1/contract", tag = "workspace",
    responses(
        (status = 200, body = Contract),
        (status = 403, body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn contract(
    State(app): State<App>,
    AdminUser(admin): AdminUser,
) -> Result<Json<Contract>, Problem> {
    let workspace = app.workspace(&admin.workspace_id).await?;
    let (seats, invited) = seats(&app, &workspace).await?;
    Ok(Json(Contract {
        seats_contracted: seats.contracted,
        seats_used: seats.used,
        invited: u32::try_from(invited).unwrap_or(u32::MAX),
        is_nearly_full: seats.is_nearly_full(),
    }))
}

/// Returns the seats of a workspace, and how many people are invited.
///
/// # Errors
/// [`StoreError`] when DynamoDB does not answer.
pub(crate) async fn seats(
    app: &App,
    workspace: &Workspace,
) -> Result<(SeatsInUse, usize), StoreError> {
    let id = &workspace.workspace_id;
    let (counted, roster) = tokio::try_join!(app.store().seats_and_lease(id), app.roster(id))?;
    let seats = SeatsInUse::of(workspace, counted.users);
    Ok((seats, roster.people_in(UserState::Invited, app.now())))
}
