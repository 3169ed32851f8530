//! Idempotent requests. A request that starts work carries an `Idempotency-Key`. A repetition with the
//! same key, as after a lost answer, starts nothing new and gets the same answer
//! (draft-ietf-httpapi-idempotency-key-header).

use std::convert::Infallible;

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{FromRequestParts, MatchedPath, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use credentials::TokenHash;
use jiff::Timestamp;
use storage::idempotency::{IdempotencyKey, IdempotentRequest, RecordedResponse, RequestStart};
use web::{LARGEST_BODY, Problem, too_large};

use crate::app::App;
use crate::auth::api::AdminUser;

/// The name of the header, in lower case.
const HEADER: &str = "idempotency-key";

/// The routes that start work; all of them use POST.
pub(crate) const STARTS_WORK: [&str; 9] = [
    "/api/v1/runs",
    "/api/v1/previews",
    "/api/v1/users",
    "/api/v1/employees/{id}/sync",
    "/api/v1/users/invitations",
    "/api/v1/users/password-resets",
    "/api/v1/users/initial-passwords",
    "/api/v1/users/{id}/invitation",
    "/api/v1/users/{id}/initial-password",
];

/// An attempt at a request that starts work.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Attempt {
    /// The time of the first attempt: now, unless this is a repetition under the same key.
    pub(crate) first_at: Timestamp,
    /// Whether this is a repetition. The first attempt may have ended at any point, so the work checks
    /// what was already done.
    pub(crate) is_repetition: bool,
}

impl Attempt {
    /// Returns a first attempt, made now.
    pub(crate) fn first(app: &App) -> Self {
        Self {
            first_at: app.now(),
            is_repetition: false,
        }
    }
}

impl FromRequestParts<App> for Attempt {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Infallible> {
        let under_a_key = parts.extensions.get().copied();
        Ok(under_a_key.unwrap_or_else(|| Self::first(app)))
    }
}

/// Carries out a request at most once per key.
pub(crate) async fn answer_once(State(app): State<App>, request: Request, next: Next) -> Response {
    let path = request.extensions().get::<MatchedPath>();
    let starts_work = path.is_some_and(|path| STARTS_WORK.contains(&path.as_str()));
    if request.method() != "POST" || !starts_work || !request.headers().contains_key(HEADER) {
        return next.run(request).await;
    }
    let response = answer_under_key(&app, request, next).await;
    response.unwrap_or_else(IntoResponse::into_response)
}

async fn answer_under_key(app: &App, request: Request, next: Next) -> Result<Response, Problem> {
    let (mut parts, body) = request.into_parts();
    // Checked here as well, because a recorded answer does not reach the handler.
    let AdminUser(admin) = AdminUser::from_request_parts(&mut parts, app).await?;
    let client_key = client_key(&parts.headers)?;
    let body = to_bytes(body, LARGEST_BODY)
        .await
        .map_err(|_| too_large())?;
    let key = IdempotencyKey::new(
        &admin.workspace_id,
        &admin.user.user_id,
        &hash(client_key.as_bytes()),
    );
    let request = [parts.uri.path().as_bytes(), b"\n", &body].concat();
    let start = app
        .store()
        .begin_request(&key, hash(&request), app.now())
        .await?;
    let (ours, is_repetition) = match start {
        RequestStart::First(ours) => (ours, false),
        RequestStart::Again(ours) => (ours, true),
        RequestStart::Answered(answer) => return Ok(recorded(answer)),
        RequestStart::InProgress => return Err(under_way()),
        RequestStart::KeyReused => return Err(used_for_another()),
    };
    parts.extensions.insert(Attempt {
        first_at: ours.at,
        is_repetition,
    });
    let response = next.run(Request::from_parts(parts, Body::from(body))).await;
    record(app, &key, ours, response).await
}

/// Returns the key that the client chose: visible ASCII, quoted or not, and not only quotes, as the
/// OpenAPI document says.
fn client_key(headers: &HeaderMap) -> Result<String, Problem> {
    let mut values = headers.get_all(HEADER).iter();
    let key = match (values.next().map(|value| value.to_str()), values.next()) {
        (Some(Ok(key)), None) if key.len() <= 255 => key.trim_matches('"'),
        _ => "",
    };
    if !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Ok(key.to_owned());
    }
    Err(Problem::bad_request(
        "bad_idempotency_key",
        "Idempotency-Keyは半角英数字・記号255文字以内で1つだけ指定してください。",
    ))
}

/// Records the answer. A refusal started nothing, so the next attempt counts as a first one. After an
/// error of ours the work may be partly done, and the next attempt continues it.
async fn record(
    app: &App,
    key: &IdempotencyKey,
    ours: IdempotentRequest,
    response: Response,
) -> Result<Response, Problem> {
    let store = app.store();
    if response.status().is_client_error() {
        store.forget_request(key).await?;
        return Ok(response);
    }
    if !response.status().is_success() {
        store.end_request(key, ours, None).await?;
        return Ok(response);
    }
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap_or_default();
    let to_record = RecordedResponse {
        status: parts.status.as_u16(),
        body: String::from_utf8_lossy(&body).into_owned(),
    };
    store.end_request(key, ours, Some(to_record)).await?;
    Ok(Response::from_parts(parts, Body::from(body)))
}

fn recorded(answer: RecordedResponse) -> Response {
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::OK);
    let json = [(header::CONTENT_TYPE, "application/json")];
    (status, json, Bytes::from(answer.body)).into_response()
}

fn hash(of: &[u8]) -> String {
    let text = String::from_utf8_lossy(of).into_owned();
    TokenHash::of(&text.into()).as_str().to_owned()
}

fn under_way() -> Problem {
    Problem {
        retry_after: Some(5),
        ..Problem::conflict(
            "request_under_way",
            "同じリクエストを処理中です。しばらくしてからもう一度お試しください。",
        )
    }
}

fn used_for_another() -> Problem {
    Problem::new(
        StatusCode::UNPROCESSABLE_ENTITY,
        "idempotency_key_reused",
        "このIdempotency-Keyは別のリクエストで使用されています。新しいキーを指定してください。",
    )
}
