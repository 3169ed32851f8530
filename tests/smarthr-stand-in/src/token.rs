//! The token endpoint (RFC 6749, 4.1.3 and 6).

use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CACHE_CONTROL;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Form, Json, Router};
use serde::Deserialize;
use serde_json::json;

use crate::options::Options;
use crate::state::SmartHr;

pub(crate) fn router() -> Router<SmartHr> {
    Router::new().route("/oauth/token", post(token))
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct TokenForm {
    grant_type: String,
    client_id: String,
    client_secret: String,
    code: String,
    redirect_uri: String,
    code_verifier: Option<String>,
    refresh_token: String,
}

async fn token(State(smarthr): State<SmartHr>, Form(form): Form<TokenForm>) -> Response {
    smarthr.with(|state| {
        let Options {
            client_id,
            client_secret,
            ..
        } = &state.options;
        if form.client_id != *client_id || form.client_secret != *client_secret {
            return error(StatusCode::UNAUTHORIZED, "invalid_client");
        }
        let verifier = form.code_verifier.as_deref();
        let issued = match form.grant_type.as_str() {
            "authorization_code" => state.exchange(&form.code, &form.redirect_uri, verifier),
            "refresh_token" => state.refresh(&form.refresh_token),
            "" => return error(StatusCode::BAD_REQUEST, "invalid_request"),
            _ => return error(StatusCode::BAD_REQUEST, "unsupported_grant_type"),
        };
        let Some(issued) = issued else {
            return error(StatusCode::BAD_REQUEST, "invalid_grant");
        };
        let mut answer = json!({
            "access_token": issued.access_token,
            "refresh_token": issued.refresh_token,
            "token_type": "Bearer",
            "expires_in": state.options.access_token_seconds,
            "scope": issued.grant.scope,
            "created_at": state.now.as_second(),
            "token_request_tenant_id": issued.grant.tenant_id,
        });
        if state.options.tell_subdomain
            && let Ok(company) = state.company(&issued.grant.tenant_id)
        {
            answer["subdomain"] = json!(company.account.subdomain);
        }
        ([(CACHE_CONTROL, "no-store")], Json(answer)).into_response()
    })
}

/// Returns an error of RFC 6749, 5.2.
fn error(status: StatusCode, code: &str) -> Response {
    let description = match code {
        "invalid_client" => "Client authentication failed.",
        "invalid_grant" => "The provided authorization grant is invalid, expired or revoked.",
        "invalid_request" => "The request is missing a required parameter.",
        _ => "The authorization grant type is not supported.",
    };
    let body = json!({"error": code, "error_description": description});
    (status, Json(body)).into_response()
}
