//! The token endpoint (RFC 6749, 4.1.3 and 6).

use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CACHE_CONTROL;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Form, Json, Router};
use serde::Deserialize;
use serde_json::json;

use crate::state::{SmartHr, SmartHrState};

pub(crate) fn router() -> Router<SmartHr> {
    Router::new().route("/oauth/token", post(token))
}

#[derive(Deserialize)]
struct TokenForm {
    #[serde(default)]
    grant_type: String,
    #[serde(default)]
    client_id: String,
    #[serde(default)]
    client_secret: String,
    #[serde(default)]
    code: String,
    #[serde(default)]
    redirect_uri: String,
    code_verifier: Option<String>,
    #[serde(default)]
    refresh_token: String,
}

async fn token(State(smarthr): State<SmartHr>, Form(form): Form<TokenForm>) -> Response {
    let options = smarthr.options();
    if form.client_id != options.client_id || form.client_secret != options.client_secret {
        return error(StatusCode::UNAUTHORIZED, "invalid_client");
    }
    smarthr.with(|state, now| {
        let SmartHrState { oauth, ids, .. } = state;
        let issued = match form.grant_type.as_str() {
            "authorization_code" => oauth.exchange(
                &form.code,
                &form.redirect_uri,
                form.code_verifier.as_deref(),
                options,
                ids,
                now,
            ),
            "refresh_token" => oauth.refresh(&form.refresh_token, options, ids, now),
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
            "expires_in": options.access_token_seconds,
            "scope": issued.grant.scope,
            "created_at": now.as_second(),
            "token_request_tenant_id": issued.grant.tenant_id,
        });
        let company = state.company(&issued.grant.tenant_id);
        if let Ok(company) = company
            && options.tell_subdomain
        {
            answer["subdomain"] = json!(company.subdomain);
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
