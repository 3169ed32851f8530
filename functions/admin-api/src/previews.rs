//! A preview, once it is there.

use axum::Json;
use axum::extract::State;
use domain::Mode;
use web::Problem;

use crate::app::App;
use crate::gate::Manager;
use crate::input::Id;
use crate::openapi::ProblemDocument;
use crate::run_view::RunView;
use crate::runs::find;

/// Shows a preview; its people are under `/api/v1/previews/{id}/people`.
#[utoipa::path(
    get, path = "/api/v1/previews/{id}", tag = "previews",
    params(("id" = Id, Path, description = "The preview's id")),
    responses(
        (status = 200, body = RunView),
        (status = 403, body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, body = ProblemDocument, content_type = "application/problem+json"),
    )
)]
pub(crate) async fn preview(
    State(app): State<App>,
    Manager(signed_in): Manager,
    Id(run_id): Id,
) -> Result<Json<RunView>, Problem> {
    let run = find(&app, &signed_in.workspace_id, run_id, Mode::Preview).await?;
    Ok(Json(RunView::of(&run)))
}
