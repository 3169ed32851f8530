//! The routes: `GET /smarthr/callback`, and the page that it leads to.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use connection::{Callback, CallbackOutcome, Caller, Connections};
use secrecy::SecretString;
use serde::Deserialize;
use tokio::time::Instant;
use web::{Problem, RequestSource, SignedIn, secured};

use crate::result;

/// The time limit for all requests to SmartHR; the function times out after 30 seconds.
const SMARTHR_TIMEOUT: Duration = Duration::from_secs(24);

/// The query parameters of RFC 6749, section 4.1.2, and SmartHR's `subdomain`. Others are ignored.
#[derive(Deserialize)]
struct Parameters {
    state: Option<SecretString>,
    code: Option<SecretString>,
    error: Option<String>,
    subdomain: Option<String>,
}

/// Returns the routes of this function.
pub fn router(connections: Arc<Connections>) -> Router {
    secured(
        Router::new()
            .route("/smarthr/callback", get(callback))
            .route("/smarthr/result", get(result::show))
            .with_state(connections),
    )
}

async fn callback(
    State(connections): State<Arc<Connections>>,
    headers: HeaderMap,
    source: RequestSource,
    parameters: Result<Query<Parameters>, QueryRejection>,
) -> Response {
    let Ok(Query(parameters)) = parameters else {
        return result::redirect(&CallbackOutcome::InvalidState);
    };
    match Box::pin(complete(&connections, &headers, source, parameters)).await {
        Ok(outcome) => result::redirect(&outcome),
        Err(problem) => problem.into_response(),
    }
}

async fn complete(
    connections: &Connections,
    headers: &HeaderMap,
    source: RequestSource,
    parameters: Parameters,
) -> Result<CallbackOutcome, Problem> {
    let now = (connections.clock)();
    let signed_in = SignedIn::find(&connections.store, headers, now)
        .await?
        .filter(SignedIn::has_full_access)
        .map(|signed_in| signed_in.coming_from(source));
    let caller = signed_in.as_ref().map(|signed_in| Caller {
        workspace_id: &signed_in.workspace_id,
        user: &signed_in.user,
        session_hash: &signed_in.token_hash,
        author: signed_in.author(),
    });
    let callback = Callback {
        state: parameters.state,
        code: parameters.code,
        error: parameters.error,
        subdomain: parameters.subdomain,
    };
    let deadline = Instant::now() + SMARTHR_TIMEOUT;
    Ok(connections.complete(callback, caller, deadline).await?)
}
