//! The OpenAPI document of this function's API routes.

use utoipa::OpenApi;

/// Describes the API routes of this function. admin-api serves one document for all functions; a test
/// compares it with this one, and nothing else builds this one.
#[derive(OpenApi)]
#[openapi(paths(
    crate::sign_in::api::sign_in,
    crate::second_factor::api::second_factor,
    crate::sign_out::sign_out,
    crate::password::api::change_password,
    crate::my_account::confirm::confirm_by_api
))]
pub struct ApiDocument;
