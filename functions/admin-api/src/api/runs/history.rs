//! 「ユーザー同期履歴」: the runs of the workspace, newest first.

use axum::Json;
use axum::extract::State;
use domain::RunId;
use domain::is_plain_id;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use web::Problem;

use super::held_deletions::has_unanswered;
use super::view::RunView;
use crate::app::App;
use crate::auth::api::AdminUser;
use crate::input::{Id, Params};
use crate::openapi::ProblemDocument;

/// The default number of runs on one page.
const PAGE: u32 = 20;
/// The largest number of runs on one page.
const LARGEST_PAGE: u32 = 100;

/// Which runs.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct RunsQuery {
    /// Only runs before this one: the last one of the page before.
    #[param(value_type = Option<Id>)]
    before: Option<String>,
    /// How many
    #[param(minimum = 1, maximum = 100, default = json!(20))]
    limit: Option<u32>,
}

/// A page of the history.
#[derive(Serialize, ToSchema)]
pub(crate) struct RunsPage {
    /// Newest first.
    runs: Vec<RunView>,
    /// For `before`, when there may be more.
    next: Option<String>,
}

/// Shows the history, newest first. It goes back 400 days.
#[utoipa::path(
    get, path = "/api/v1/runs", tag = "runs",
    params(RunsQuery),
    responses(
        (status = 200, body = RunsPage),
        (status = 400, body = ProblemDocument, content_type = "application/problem+json"),
        (status = 403, body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn runs(
    State(app): State<App>,
    AdminUser(admin): AdminUser,
    Params(query): Params<RunsQuery>,
) -> Result<Json<RunsPage>, Problem> {
    let limit = query.limit.unwrap_or(PAGE);
    let before = query.before;
    if !(1..=LARGEST_PAGE).contains(&limit) || before.as_deref().is_some_and(|id| !is_plain_id(id))
    {
        return Err(Problem::bad_request(
            "bad_request",
            "limitは1から100まで、beforeは同期のIDで指定してください。",
        ));
    }
    let id = &admin.workspace_id;
    let first_page = before.is_none();
    let before = before.map(RunId::new);
    let count = i32::try_from(limit).unwrap_or(i32::MAX);
    let found = app.store().runs(id, before.as_ref(), count).await?;
    let connection = app.store().connection_to_show(id).await?;
    let next = (found.len() == limit as usize)
        .then(|| found.last().map(|run| run.run_id.to_string()))
        .flatten();
    let runs = found
        .iter()
        .enumerate()
        .map(|(index, run)| {
            let connection = connection.as_ref().filter(|_| first_page && index == 0);
            RunView::of(run, connection).with_held_waiting(has_unanswered(run, connection))
        })
        .collect();
    Ok(Json(RunsPage { runs, next }))
}
