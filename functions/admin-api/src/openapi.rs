//! The OpenAPI 3.1 document, made from the code: `GET /openapi.json`.

use utoipa::openapi::path::{Operation, Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::security::{ApiKey, ApiKeyValue, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{ContentBuilder, ObjectBuilder, Ref, RefOr, Required, ResponseBuilder, Type};
use utoipa::{Modify, OpenApi, ToSchema};

use crate::once::STARTS_WORK;

/// What stands above all routes.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "KiteRa × SmartHR",
        description = "The console's API. POST /api/v1/sign-in gives the session as a cookie. Every write carries the session's CSRF token, which GET /api/v1/session gives, in the header X-CSRF-Token. What starts work takes an Idempotency-Key: repeated with the same key and body within 24 hours it starts nothing anew and gets the same answer. Errors are problem documents (RFC 9457) with a Japanese `detail` for the person and a `code` for programs.",
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
            let header = ApiKey::Header(ApiKeyValue::new("X-CSRF-Token"));
            components.add_security_scheme("csrf", SecurityScheme::ApiKey(header));
        }
    }
}

/// Adds what holds for every operation, or for every one of a kind, once all of them are known.
pub(crate) fn complete(document: &mut utoipa::openapi::OpenApi) {
    for (path, item) in &mut document.paths.paths {
        if let Some(read) = &mut item.get {
            add_common_answers(read);
        }
        let writes = [
            &mut item.post,
            &mut item.put,
            &mut item.patch,
            &mut item.delete,
        ];
        for write in writes.into_iter().flatten() {
            add_common_answers(write);
            let both = SecurityRequirement::new("session", [""; 0]).add("csrf", [""; 0]);
            write.security = Some(vec![both]);
            if write.request_body.is_some() {
                add(write, 413, "The body is larger than 64 KiB");
                add(write, 415, "The body is not application/json");
            }
        }
        if let Some(post) = &mut item.post
            && STARTS_WORK.contains(&path.as_str())
        {
            add(
                post,
                400,
                "The request or its Idempotency-Key cannot be understood",
            );
            add(post, 409, "The same request is being carried out");
            add(post, 413, "The body is larger than 64 KiB");
            add(
                post,
                422,
                "The Idempotency-Key was used for another request",
            );
            post.parameters
                .get_or_insert_default()
                .push(RefOr::T(idempotency_key()));
        }
    }
}

fn add_common_answers(operation: &mut Operation) {
    if operation.parameters.is_some() || operation.request_body.is_some() {
        add(operation, 400, "The request cannot be understood");
    }
    add(operation, 401, "Nobody is signed in");
    add(
        operation,
        403,
        "Not for this role; the CSRF token is missing; or the initial password has to be replaced first",
    );
    add(operation, 500, "An error of ours");
    add(operation, 503, "Ask again after `Retry-After` seconds");
}

/// Adds an answer, unless the operation tells of it itself.
fn add(operation: &mut Operation, status: u16, description: &str) {
    let problem = ContentBuilder::new()
        .schema(Some(Ref::from_schema_name("Problem")))
        .build();
    let answer = ResponseBuilder::new()
        .description(description)
        .content("application/problem+json", problem)
        .build();
    let answers = &mut operation.responses.responses;
    answers.entry(status.to_string()).or_insert(answer.into());
}

fn idempotency_key() -> Parameter {
    ParameterBuilder::new()
        .name("Idempotency-Key")
        .parameter_in(ParameterIn::Header)
        .required(Required::False)
        .description(Some(
            "Any name that the client makes up for this request, such as a UUID",
        ))
        .schema(Some(
            ObjectBuilder::new()
                .schema_type(Type::String)
                .pattern(Some("^[!-~]{1,255}$")),
        ))
        .build()
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
