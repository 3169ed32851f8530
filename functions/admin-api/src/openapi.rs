//! The OpenAPI 3.1 document, made from the code: `GET /openapi.json`.

use utoipa::openapi::security::{ApiKey, ApiKeyValue, SecurityScheme};
use utoipa::{Modify, OpenApi, ToSchema};

/// What stands above all routes.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "KiteRa × SmartHR",
        description = "The console's API. Every write carries the session's CSRF token, which GET /api/v1/session gives, in the header X-CSRF-Token. Errors are problem documents (RFC 9457) with a Japanese `detail` for the person and a `code` for programs.",
        version = "1"
    ),
    components(schemas(ProblemDocument)),
    security(("session" = [])),
    modifiers(&SessionCookie)
)]
pub(crate) struct Document;

struct SessionCookie;

impl Modify for SessionCookie {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        let cookie = ApiKey::Cookie(ApiKeyValue::new("__Host-session"));
        if let Some(components) = &mut openapi.components {
            components.add_security_scheme("session", SecurityScheme::ApiKey(cookie));
        }
    }
}

/// An error (RFC 9457), as `application/problem+json`.
#[derive(ToSchema)]
#[schema(as = Problem)]
#[expect(dead_code, reason = "describes web::Problem in the OpenAPI document")]
pub(crate) struct ProblemDocument {
    /// `about:blank`: the status says it all.
    r#type: String,
    /// The status in words.
    title: String,
    /// The HTTP status.
    status: u16,
    /// What happened and what to do, in Japanese.
    detail: String,
    /// One word for programs.
    code: String,
}
