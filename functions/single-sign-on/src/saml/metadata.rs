//! `GET /sso/metadata/{workspace_id}`: our metadata, to be given to an identity provider. It says nothing that the
//! workspace's id does not, and is the same whether there is such a workspace or not.

use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use domain::WorkspaceId;
use web::{Problem, ProblemPage};

use super::service_provider;
use crate::app::App;

/// Returns the metadata.
pub(crate) async fn metadata(
    State(app): State<App>,
    Path(workspace_id): Path<WorkspaceId>,
) -> Result<Response, ProblemPage> {
    let metadata = service_provider(&app, &workspace_id).metadata();
    let metadata = metadata.map_err(|_| Problem::internal())?;
    let kind = [(header::CONTENT_TYPE, "application/samlmetadata+xml")];
    Ok((kind, metadata).into_response())
}
