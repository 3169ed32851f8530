//! What is refused to somebody who is signed in stands in the frame of the console, with the way to the
//! other pages.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Request, State};
use axum::http::HeaderMap;
use axum::middleware::Next;
use axum::response::Response;
use jiff::Timestamp;
use storage::Store;
use storage::StoreError;

use crate::frame::Frame;
use crate::page::{ProblemPage, html_page};
use crate::signed_in::signed_in;

#[derive(Template)]
#[template(path = "refused.html")]
struct Page {
    frame: Frame,
}

/// Who is signed in, for [`frame_refusals`].
#[derive(Clone)]
pub struct Sessions {
    /// The database.
    pub store: Store,
    /// Read once per refusal.
    pub clock: Arc<dyn Fn() -> Timestamp + Send + Sync>,
}

/// A middleware that puts a [`ProblemPage`] into the frame. Whoever is not fully signed in gets it as
/// it is.
pub async fn frame_refusals(
    State(sessions): State<Sessions>,
    request: Request,
    next: Next,
) -> Response {
    let headers = request.headers().clone();
    let response = next.run(request).await;
    let Some(ProblemPage(problem)) = response.extensions().get().cloned() else {
        return response;
    };
    // Should the database be what was refused, the plain page is all there is.
    let Ok(Some(frame)) = frame(&sessions, &headers).await else {
        return response;
    };
    let frame = frame.with_error(problem.detail);
    let page = html_page(problem.status, &Page { frame });
    let (parts, _) = response.into_parts();
    Response::from_parts(parts, page.into_body())
}

async fn frame(sessions: &Sessions, headers: &HeaderMap) -> Result<Option<Frame>, StoreError> {
    let now = (sessions.clock)();
    let Some(person) = signed_in(&sessions.store, headers, now).await? else {
        return Ok(None);
    };
    if person.session.must_replace_password {
        return Ok(None);
    }
    let workspace = sessions.store.workspace(&person.workspace_id).await?;
    Ok(workspace.map(|workspace| Frame::of(&person, &workspace, "")))
}
