//! The log of what signed-in people were refused: a line for each 403 and 429, with ids only.

use axum::extract::{MatchedPath, Request, State};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::Response;
use web::{ProblemCode, RequestSource, SignedIn};

use crate::app::App;

/// Logs a refusal with workspace, user, role, route, code and network. What strangers are refused is the
/// log of the sign-ins' and the access log's.
pub(crate) async fn log_refusals(State(app): State<App>, request: Request, next: Next) -> Response {
    let method = request.method().clone();
    let headers = request.headers().clone();
    let source = RequestSource::of(request.extensions());
    let route = request.extensions().get::<MatchedPath>().cloned();
    let response = next.run(request).await;
    let is_refusal = matches!(
        response.status(),
        StatusCode::FORBIDDEN | StatusCode::TOO_MANY_REQUESTS
    );
    if !is_refusal {
        return response;
    }
    match SignedIn::find(app.store(), &headers, app.now()).await {
        Ok(Some(signed_in)) => {
            let SignedIn {
                workspace_id, user, ..
            } = &signed_in;
            let code = response.extensions().get::<ProblemCode>();
            tracing::warn!(
                %workspace_id,
                user_id = %user.user_id,
                role = ?user.role,
                %method,
                route = route.as_ref().map_or("", MatchedPath::as_str),
                status = response.status().as_u16(),
                code = code.map_or("forbidden", |code| code.0),
                network = source.network,
                "an operation was refused"
            );
        }
        Ok(None) => {}
        Err(error) => tracing::error!(%error, "a refusal could not be logged"),
    }
    response
}
