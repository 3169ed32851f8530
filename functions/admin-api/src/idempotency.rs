//! Requests that start work carry an `Idempotency-Key` if the client wishes: repeated with the same key, as after an
//! answer that was lost, they start nothing anew and get the same answer
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
use crate::gate::Manager;

/// The header, in lower case.
pub(crate) const HEADER: &str = "idempotency-key";

/// What starts work, all of it with POST.
pub(crate) const STARTS_WORK: [&str; 5] = [
    "/api/v1/runs",
    "/api/v1/previews",
    "/api/v1/users/invitations",
    "/api/v1/users/{id}/invitation",
    "/api/v1/users/{id}/initial-password",
];

/// When work was asked for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Asked {
    /// The first time, should it be asked for again under the same key.
    pub(crate) at: Timestamp,
    /// Whether it is asked for again: whoever did it the first time may have died in the middle, so the work has
    /// to look what is done already.
    pub(crate) again: bool,
}

impl Asked {
    /// For the first time, now.
    pub(crate) fn now(app: &App) -> Self {
        Self {
            at: app.now(),
            again: false,
        }
    }
}

impl FromRequestParts<App> for Asked {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Infallible> {
        let under_a_key = parts.extensions.get().copied();
        Ok(under_a_key.unwrap_or_else(|| Self::now(app)))
    }
}

/// Lets a request through at most once under its key.
pub(crate) async fn once(State(app): State<App>, request: Request, next: Next) -> Response {
    let path = request.extensions().get::<MatchedPath>();
    let starts_work = path.is_some_and(|path| STARTS_WORK.contains(&path.as_str()));
    if request.method() != "POST" || !starts_work || !request.headers().contains_key(HEADER) {
        return next.run(request).await;
    }
    let outcome = with_key(&app, request, next).await;
    outcome.unwrap_or_else(IntoResponse::into_response)
}

async fn with_key(app: &App, request: Request, next: Next) -> Result<Response, Problem> {
    let (mut parts, body) = request.into_parts();
    // Here as well: a kept answer never gets as far as the handler.
    let Manager(who) = Manager::from_request_parts(&mut parts, app).await?;
    let given = key(&parts.headers)?;
    let body = to_bytes(body, LARGEST_BODY)
        .await
        .map_err(|_| too_large())?;
    let key = IdempotencyKey::new(
        &who.workspace_id,
        &who.user.user_id,
        &hash(given.as_bytes()),
    );
    let asked = [parts.uri.path().as_bytes(), b"\n", &body].concat();
    let begun = app
        .store()
        .begin_request(&key, hash(&asked), app.now())
        .await?;
    let (ours, again) = match begun {
        RequestStart::First(ours) => (ours, false),
        RequestStart::Again(ours) => (ours, true),
        RequestStart::Answered(answer) => return Ok(same(answer)),
        RequestStart::InProgress => return Err(under_way()),
        RequestStart::KeyReused => return Err(used_for_another()),
    };
    parts.extensions.insert(Asked { at: ours.at, again });
    let answer = next.run(Request::from_parts(parts, Body::from(body))).await;
    settled(app, &key, ours, answer).await
}

/// The client's key: visible ASCII, quoted or not, and not only quotes. The OpenAPI document says the same.
fn key(headers: &HeaderMap) -> Result<String, Problem> {
    let mut given = headers.get_all(HEADER).iter();
    let key = match (given.next().map(|value| value.to_str()), given.next()) {
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

/// A refusal started nothing, so the next try is a new one. After an error of ours something may have been done:
/// the next try goes on with it.
async fn settled(
    app: &App,
    key: &IdempotencyKey,
    ours: IdempotentRequest,
    answer: Response,
) -> Result<Response, Problem> {
    let store = app.store();
    if answer.status().is_client_error() {
        store.forget_request(key).await?;
        return Ok(answer);
    }
    if !answer.status().is_success() {
        store.end_request(key, ours, None).await?;
        return Ok(answer);
    }
    let (parts, body) = answer.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap_or_default();
    let kept = RecordedResponse {
        status: parts.status.as_u16(),
        body: String::from_utf8_lossy(&body).into_owned(),
    };
    store.end_request(key, ours, Some(kept)).await?;
    Ok(Response::from_parts(parts, Body::from(body)))
}

fn same(answer: RecordedResponse) -> Response {
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
